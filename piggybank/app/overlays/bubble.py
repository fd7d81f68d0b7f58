"""A hint as a bubble that points at what it is about. It stands where no number ever does, and takes no clicks."""

from __future__ import annotations

from piggybank.app.hints import KEYS, OPEN, PLAY, SCRUB
from piggybank.stage import palette as p
from piggybank.stage.measure import text_width
from piggybank.stage.scene import Box, Item, Label, Line, Panel
from piggybank.stage.strip import loss_box, track_box, transport_boxes
from piggybank.stage.view import View

HIGH, SIDE, TAIL = 32.0, 20.0, 9.0
"""Height of a bubble, room beside its words, and half the width of its pointer."""


def bubble(name: str, words: str, view: View) -> list[Item]:
    """The hint of that name."""
    width = text_width(words, p.SMALL, p.SEMIBOLD) + 2 * SIDE
    box, tip = _PLACES[name](view, width)
    root = box.bottom - HIGH / 4 if tip[1] > box.cy else box.y + HIGH / 4
    sides = [Line(((tip[0] + side * TAIL, root), tip), p.INK, TAIL) for side in (-1, 1)]
    return [*sides, Panel(box, p.INK, "", HIGH / 2), _words(box, words)]


def _words(box: Box, words: str) -> Label:
    return Label(box.cx, box.cy, words, p.SMALL, p.ON_INK, p.SEMIBOLD, "centre", box.w - SIDE)


Place = tuple[Box, tuple[float, float]]
"""Where a bubble stands and what its pointer touches."""


def _above_transport(view: View, width: float) -> Place:
    """In the gap over the strip, pointing down at the button that plays."""
    play = transport_boxes(view.regions.strip)[1]
    return Box(play.x - 40, view.regions.strip.y - 30, width, HIGH), (play.cx, play.y - 5)


def _above_track(view: View, width: float) -> Place:
    """In the same gap, pointing down at the first of the batches."""
    track = track_box(view)
    return Box(track.x - 10, view.regions.strip.y - 30, width, HIGH), (track.x + 34, track.y + 1)


def _above_table(view: View, width: float) -> Place:
    """Between the counters and the table, pointing down between its title and its note."""
    table = view.regions.trace
    return Box(table.right - width, table.y - 24, width, HIGH), (table.x + 0.47 * table.w, table.y + 40)


def _below_help(view: View, width: float) -> Place:
    """At the window's lower edge, pointing up at the words about help."""
    strip = view.regions.strip
    return Box(strip.right - width, strip.bottom - 14, width, HIGH), (loss_box(view).right - 30, strip.bottom - 19)


_PLACES = {PLAY: _above_transport, OPEN: _above_table, SCRUB: _above_track, KEYS: _below_help}
