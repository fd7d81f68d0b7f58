"""A player's state as one scene: the stage with what is open over it. Pure, so film and tests see what people see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from piggybank.app.arriving import has_come
from piggybank.app.beside import sides_of
from piggybank.app.focus import focus_ring
from piggybank.app.hints import hint_of
from piggybank.app.lessons import Lesson
from piggybank.app.overlays.epoch_sidebar import epoch_sidebar
from piggybank.app.overlays.goto import goto_dialog
from piggybank.app.overlays.help import help_overlay
from piggybank.app.overlays.inspector import inspector, panel_box
from piggybank.app.overlays.question import question_card, score_card
from piggybank.app.overlays.receipt_view import receipt_view
from piggybank.app.overlays.tooltip import tooltip
from piggybank.app.overlays.trouble import trouble_card
from piggybank.app.overlays.weight_history import weight_history
from piggybank.app.overlays.what_if import what_if_dialog
from piggybank.app.player import PlayerState
from piggybank.app.what_if import hints
from piggybank.app.widgets import dark, notice
from piggybank.stage import palette as p
from piggybank.stage.compose import compose
from piggybank.stage.known import Known, known_at
from piggybank.stage.measure import text_width
from piggybank.stage.scene import Box, Hit, Item, Label, Panel, Scene
from piggybank.stage.timeline import COMMIT
from piggybank.stage.trace_table import free_area
from piggybank.stage.view import View

Layer: TypeAlias = "tuple[list[Item], list[Hit]]"


def screen(lesson: Lesson, state: PlayerState, size: tuple[int, int]) -> Scene:
    """Everything on screen. The lesson's ledger must hold the cursor's batch."""
    ledger = lesson.run.ledger
    known = known_at(lesson.timeline, state.cursor)
    view = view_of(lesson, state, size, known)
    scene = compose(ledger, state.cursor, view)
    lit = _sample_under(scene, state, known)
    if lit:
        scene = compose(ledger, state.cursor, replace(view, lit=lit))
    over: list[Item] = []
    hits: list[Hit] = [*scene.hits, *number_hits(scene.step), *number_hits(scene.moving)]
    for items, places in _overlays(lesson, state, view, known):
        over += items
        hits += [*places, *number_hits(items)]
    under = hit_under(hits, state.pointer)
    if under is not None and state.pointer is not None:
        over += tooltip(ledger, known, state.selected, under, state.pointer, _everywhere(view))
    over += focus_ring(hits, state.focus)
    if state.notice or lesson.problem:
        over += notice(view.regions, state.notice or lesson.problem)
    if state.blank:
        over, hits = dark(view.regions)
    return replace(scene, over=tuple(over), hits=tuple(hits))


def view_of(lesson: Lesson, state: PlayerState, size: tuple[int, int], known: Known) -> View:
    """How a player looks at the run at this moment."""
    revealed = known.committed if known.moment.phase == COMMIT else known.revealed
    ends = known.committed and known.batch in (lesson.batches, state.sealed)
    return View(
        size=size,
        title=lesson.heading,
        subtitle=lesson.subtitle,
        caption=lesson.words(state.cursor.beat, state.selected, revealed),
        selected=state.selected,
        playing=state.playing,
        speed=state.speed,
        planned=lesson.batches,
        hindsight=state.hindsight and state.gate is None,
        look=state.look,
        neuron=state.neuron,
        page=state.page,
        hint=hint_of(state),
        trouble=lesson.trouble.batch if lesson.trouble and has_come(state.cursor, lesson.trouble_beat) else 0,
        seal=lesson.run.ledger.seal_at(known.batch) if ends else "",
        menu=state.menu or lesson.number is not None,
        asked=state.gate is not None,
        compares=len(lesson.family) > 1,
        sides=sides_of(lesson, state.selected) if state.beside and len(lesson.family) > 1 else (),
    )


def _everywhere(view: View) -> Box:
    return Box(0, 0, view.regions.width, view.regions.height)


def _sample_under(scene: Scene, state: PlayerState, known: Known) -> int:
    """The sample of this batch that the pointer is over, 0 for none."""
    if state.trail or state.inspecting or state.help or state.dialog:
        return 0
    under = hit_under(scene.hits, state.pointer)
    if under is None or under.command != "sample":
        return 0
    batch, sample = under.argument.split(".")
    return int(sample) if int(batch) == known.batch else 0


def _overlays(lesson: Lesson, state: PlayerState, view: View, known: Known) -> Iterator[Layer]:
    """What is open, from the bottom up."""
    if state.history:
        yield weight_history(lesson.run.ledger, known, view)
    if state.summary:
        yield epoch_sidebar(
            lesson.run.ledger,
            known,
            state.selected,
            view.regions,
            everything=state.summary_all,
            whole=state.summary_run,
            moved=state.summary_moved,
        )
    if state.trail or state.inspecting:
        yield _receipts(lesson, state, view)
    if state.warning and lesson.trouble is not None:
        yield trouble_card(lesson, lesson.trouble, view.regions)
    if state.help:
        yield help_overlay(view.regions)
    asked = lesson.asked(state.gate.beat) if state.gate is not None else None
    if asked is not None:
        yield question_card(asked, state, view.regions, free_area(lesson.run.ledger, view))
    if state.score:
        yield score_card(state, lesson.asking, view.regions)
    if state.dialog == "goto":
        yield goto_dialog(state.typed, lesson.timeline.address(state.cursor.beat), view.regions)
    if state.what_if is not None:
        yield what_if_dialog(state.what_if, hints(lesson, state.what_if), view.regions)


def _receipts(lesson: Lesson, state: PlayerState, view: View) -> tuple[list[Item], list[Hit]]:
    """The receipt on top of the trail, or the inspector, over a veil."""
    ledger = lesson.run.ledger
    veil = Box(0, 0, view.regions.width, view.regions.strip.y - 8)
    box = panel_box(view.regions)
    if state.trail:
        items, hits = receipt_view(ledger, state.trail, state.inspecting, state.exact, box, state.first_line)
    else:
        items, hits = inspector(ledger, known_at(lesson.timeline, state.cursor), state, box)
    return [Panel(veil, p.SHADE), *items], [Hit(veil, "close"), Hit(box, "", ""), *hits]


def hit_under(hits: Sequence[Hit], pointer: tuple[float, float] | None) -> Hit | None:
    """The topmost place that reacts at the pointer."""
    if pointer is None:
        return None
    return next((hit for hit in reversed(hits) if hit.box.contains(*pointer)), None)


def number_hits(items: Iterable[Item]) -> list[Hit]:
    """A place to click for every number: it opens its receipt."""
    found = []
    for item in items:
        if isinstance(item, Label) and item.ref is not None:
            width = text_width(item.text, item.size, item.font)
            left = item.x - {"left": 0.0, "centre": width / 2, "right": width}[item.anchor]
            box, code = Box(left - 4, item.y - 16, width + 8, 32), item.ref.code
            if item.side:
                found.append(Hit(box, "open_beside", f"{item.side} {code}", "how this number comes about, in that run"))
            else:
                found.append(Hit(box, "open", code, "how this number comes about"))
    return found
