"""A player's state as one scene: the stage with what is open over it. Pure, so film and tests see what people see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from piggybank.app.lessons import Lesson
from piggybank.app.overlays.epoch_sidebar import epoch_sidebar
from piggybank.app.overlays.help import help_overlay
from piggybank.app.overlays.inspector import inspector, panel_box
from piggybank.app.overlays.receipt_view import receipt_view
from piggybank.app.overlays.tooltip import tooltip
from piggybank.app.player import PlayerState
from piggybank.stage import palette as p
from piggybank.stage.compose import compose
from piggybank.stage.known import known_at
from piggybank.stage.measure import text_width
from piggybank.stage.scene import Box, Hit, Item, Label, Panel, Scene
from piggybank.stage.timeline import COMMIT
from piggybank.stage.view import View


def screen(lesson: Lesson, state: PlayerState, size: tuple[int, int]) -> Scene:
    """Everything on screen. The lesson's ledger must hold the cursor's batch."""
    ledger = lesson.run.ledger
    known = known_at(lesson.timeline, state.cursor)
    revealed = known.committed if known.moment.phase == COMMIT else known.revealed
    view = View(
        size=size,
        title=lesson.heading,
        subtitle=lesson.subtitle,
        caption=lesson.caption(state.cursor.beat, state.selected, revealed),
        selected=state.selected,
        playing=state.playing,
        speed=state.speed,
        planned=lesson.batches,
        hindsight=state.hindsight,
    )
    scene = compose(ledger, state.cursor, view)
    under = hit_under(scene.hits, state.pointer)
    if under is not None and under.command == "sample" and not (state.trail or state.inspecting or state.help):
        batch, sample = under.argument.split(".")
        if int(batch) == known.batch:
            scene = compose(ledger, state.cursor, replace(view, lit=int(sample)))
    over: list[Item] = []
    hits: list[Hit] = [*scene.hits, *number_hits(scene.step), *number_hits(scene.moving)]
    if state.summary:
        over, places = epoch_sidebar(ledger, known, state.selected, view.regions)
        hits += [*places, *number_hits(over)]
    if state.trail or state.inspecting:
        over, places = _receipts(lesson, state, view)
        hits += [*places, *number_hits(over)]
    under = hit_under(hits, state.pointer)
    if under is not None and state.pointer is not None and not state.help:
        everywhere = Box(0, 0, view.regions.width, view.regions.height)
        over = over + tooltip(ledger, known, state.selected, under, state.pointer, everywhere)
    if state.help:
        items, places = help_overlay(view.regions)
        over, hits = over + items, hits + places
    if state.notice:
        over += _notice(view, state.notice)
    if state.blank:
        everything = Box(0, 0, view.regions.width, view.regions.height)
        over, hits = [Panel(everything, p.INK, radius=0)], [Hit(everything, "blank")]
    return replace(scene, over=tuple(over), hits=tuple(hits))


def _receipts(lesson: Lesson, state: PlayerState, view: View) -> tuple[list[Item], list[Hit]]:
    """The receipt on top of the trail, or the inspector, over a veil."""
    ledger = lesson.run.ledger
    veil = Box(0, 0, view.regions.width, view.regions.strip.y - 8)
    box = panel_box(view.regions)
    if state.trail:
        items, hits = receipt_view(ledger, state.trail, state.inspecting, state.exact, box)
    else:
        items, hits = inspector(ledger, known_at(lesson.timeline, state.cursor), state, box)
    return [Panel(veil, "shade"), *items], [Hit(veil, "close"), Hit(box, "", ""), *hits]


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
            found.append(
                Hit(Box(left - 4, item.y - 16, width + 8, 32), "open", item.ref.code, "how this number comes about")
            )
    return found


def _notice(view: View, text: str) -> list[Item]:
    regions = view.regions
    width = min(regions.width - 80, text_width(text, p.TEXT) + 60)
    box = Box((regions.width - width) / 2, regions.strip.y - 76, width, 56)
    return [Panel(box, p.INK, "", 28), Label(box.cx, box.cy, text, p.TEXT, p.WHITE, anchor="centre", room=width - 40)]
