"""The key below a wall or a vault: small samples of what is drawn, each with its words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from piggybank.stage import palette as p
from piggybank.stage.measure import text_width
from piggybank.stage.scene import Box, Item, Label

LINE, SAMPLE, GAP = 34.0, 26.0, 22.0
BEYOND = 16.0
"""So far the last words may reach beyond the box, where small letters come out wider than they are measured."""


@dataclass(frozen=True)
class Entry:
    """draw: the sample in a box; width: how many samples wide it is; needed: whether it stays where room is short."""

    words: str
    draw: Callable[[Box], list[Item]] = lambda box: []
    width: float = 1.0
    ink: str = p.MUTED
    needed: bool = True

    @property
    def room(self) -> float:
        return self.width * SAMPLE + (8 if self.width else 0) + text_width(self.words, p.SMALL)


def key(entries: Sequence[Entry], box: Box) -> list[Item]:
    """The entries from left to right in as many lines as the box has; what is not needed gives way."""
    lines = max(1, int(box.h // LINE))
    spare = [entry for entry in entries if not entry.needed]
    while spare and len(_lines(entries, box.w)) > lines:
        last = spare.pop()
        entries = [entry for entry in entries if entry is not last]
    items: list[Item] = []
    for place, line in enumerate(_lines(entries, box.w)[:lines]):
        x, y = box.x, box.y + (place + 0.5) * LINE
        for entry in line:
            wide = entry.width * SAMPLE
            items += entry.draw(Box(x, y - SAMPLE / 2, wide, SAMPLE)) if wide else []
            left = x + wide + (8 if wide else 0)
            items.append(Label(left, y, entry.words, p.SMALL, entry.ink, room=box.right + BEYOND - left))
            x += entry.room + GAP
    return items


def _lines(entries: Sequence[Entry], width: float) -> list[list[Entry]]:
    lines: list[list[Entry]] = [[]]
    used = 0.0
    for entry in entries:
        if lines[-1] and used + entry.room > width:
            lines.append([])
            used = 0.0
        lines[-1].append(entry)
        used += entry.room + GAP
    return lines
