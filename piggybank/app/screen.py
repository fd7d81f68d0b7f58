"""A player's state as one scene: the stage with what is open over it. Pure, so film and tests see what people see."""

from __future__ import annotations

from dataclasses import replace

from piggybank.app.lessons import Lesson
from piggybank.app.overlays.help import help_overlay
from piggybank.app.overlays.inspector import inspector
from piggybank.app.player import PlayerState
from piggybank.stage import palette as p
from piggybank.stage.compose import compose, timeline_of
from piggybank.stage.known import known_at
from piggybank.stage.measure import text_width
from piggybank.stage.scene import Box, Hit, Item, Label, Panel, Scene
from piggybank.stage.view import View


def screen(lesson: Lesson, state: PlayerState, size: tuple[int, int]) -> Scene:
    """Everything on screen. The lesson's ledger must hold the cursor's batch."""
    ledger = lesson.run.ledger
    view = View(
        size=size,
        title=lesson.heading,
        subtitle=lesson.subtitle,
        caption=lesson.caption(state.cursor.beat, state.selected),
        selected=state.selected,
        playing=state.playing,
        speed=state.speed,
        planned=lesson.batches,
    )
    scene = compose(ledger, state.cursor, view)
    over: list[Item] = []
    hits: tuple[Hit, ...] = scene.hits
    if state.inspecting:
        known = known_at(timeline_of(ledger), state.cursor)
        items, places = inspector(ledger, known, state, view.regions)
        over, hits = items, hits + tuple(places)
    if state.help:
        items, places = help_overlay(view.regions)
        over, hits = over + items, hits + tuple(places)
    if state.notice:
        over += _notice(view, state.notice)
    if state.blank:
        everything = Box(0, 0, view.regions.width, view.regions.height)
        over, hits = [Panel(everything, p.INK, radius=0)], (Hit(everything, "blank"),)
    return replace(scene, over=tuple(over), hits=hits)


def _notice(view: View, text: str) -> list[Item]:
    regions = view.regions
    width = min(regions.width - 80, text_width(text, p.TEXT) + 60)
    box = Box((regions.width - width) / 2, regions.strip.y - 76, width, 56)
    return [Panel(box, p.INK, "", 28), Label(box.cx, box.cy, text, p.TEXT, p.WHITE, anchor="centre", room=width - 40)]
