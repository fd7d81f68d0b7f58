"""Where the parts of runs side by side stand: a column each, its bank, its curve and its rows of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from piggybank.stage import palette as p
from piggybank.stage.fits import FLIGHT, PIG_ASPECT, PILL, PILL_HIGH, PILL_OVERLAP
from piggybank.stage.measure import text_width, wrap
from piggybank.stage.places import Bank
from piggybank.stage.scene import Box

GAP, PAD, CHIP = 14.0, 14.0, 30.0
"""Between columns, beside what stands in them, and of the key that brings a run to the front."""
HEAD, LINE, SETTING = 46.0, 31.0, 27.0
MOST_LINES, LOW, LOW_LINES = 3, 480.0, 1
"""How many lines a run's settings have at most, and in columns lower than that."""
LARGEST, LEAST_PIG = 200.0, 84.0
LEAST_PLOT = 50.0
"""A curve lower than this says nothing, and is left out."""
BETWEEN = " · "
"""What stands between two settings, in a run's name too."""


def shorter(setting: str) -> str:
    """A setting in fewer words, its number whole."""
    return setting.removeprefix("learning ") if setting.startswith("learning rate ") else setting


@dataclass(frozen=True)
class Head:
    """What a column says of its run: its name, its settings in parts, and the weight whose bank it shows."""

    name: str
    settings: tuple[str, ...]
    weight: str


@dataclass(frozen=True)
class Column:
    """box: the whole; names: the name in its lines; aside: room for the settings behind the name, 0 where they stand
    below it, then in the lines `settings`, the first of which begins at `below`; state, weight: middles of the rows
    under the bank; rows: of those below the curve; plot: room for that, None where there is too little."""

    box: Box
    names: tuple[str, ...]
    aside: float
    settings: tuple[str, ...]
    below: float
    bank: Bank
    state: float
    weight: float
    rows: tuple[float, ...]
    plot: Box | None

    @property
    def inner(self) -> Box:
        return self.box.inset(PAD, 0)

    def name(self, place: int) -> float:
        """The middle of a line of the name."""
        return self.box.y + 30 + place * SETTING

    def setting(self, place: int) -> float:
        """The middle of a line of the settings."""
        return self.below + (place + 0.5) * SETTING


@lru_cache(maxsize=32)
def columns(area: Box, heads: tuple[Head, ...], rows: int) -> tuple[Column, ...]:
    """A column for each run; rows: how many rows of numbers stand below the curve."""
    wide = (area.w - GAP * (len(heads) - 1)) / len(heads)
    lines = MOST_LINES if area.h >= LOW else LOW_LINES
    words = [_lines(head.settings, wide - 2 * PAD, lines) for head in heads]
    aside = max(text_width(BETWEEN.join(head.settings), p.SMALL) + 8 for head in heads)
    widest = max(text_width(head.name, p.TEXT, p.BOLD) for head in heads)
    is_beside = CHIP + 10 + widest + aside <= wide - 2 * PAD
    names = _names([head.name for head in heads], wide - 2 * PAD - CHIP - 8)
    most = 0 if is_beside else max(map(len, words))
    under = HEAD + (max(map(len, names)) - 1) * SETTING
    return tuple(
        _column(
            Box(area.x + place * (wide + GAP), area.y, wide, area.h),
            name,
            aside if is_beside else 0.0,
            () if is_beside else settings,
            head.weight,
            (under, most),
            rows,
        )
        for place, (name, settings, head) in enumerate(zip(names, words, heads, strict=True))
    )


def _names(names: Sequence[str], room: float) -> list[tuple[str, ...]]:
    """Names in one line each where all of them fit, perhaps in fewer words; otherwise in two lines: two settings, or as
    the words fall."""
    fewer = [shorter(name) for name in names]
    for said in (names, fewer):
        if all(text_width(name, p.TEXT, p.BOLD) <= room for name in said):
            return [(name,) for name in said]
    found = [_in_lines(name, room) for name in names]
    if max(map(len, found)) > 2:
        parts = [name.rpartition(" ")[::2] for name in fewer]
        alike = len({first for first, _ in parts}) == 1  # one setting, whose number then stands below in all columns
        found = [[*both] if alike else _in_lines(name, room) for both, name in zip(parts, fewer, strict=True)]
    return [(first, " ".join(rest)) if rest else (first,) for first, *rest in found]


def _in_lines(name: str, room: float) -> list[str]:
    return name.split(BETWEEN) if BETWEEN in name else wrap(name, room, p.TEXT, p.BOLD)


def _lines(parts: tuple[str, ...], room: float, most: int) -> tuple[str, ...]:
    """The settings in lines, each part whole on its line; what is too much for the last one is left out."""
    lines: list[tuple[str, ...]] = []
    if any(text_width(part, p.SMALL) > room for part in parts):
        parts = tuple(map(shorter, parts))
    for part in parts:
        if lines and text_width(BETWEEN.join((*lines[-1], part)), p.SMALL) <= room:
            lines[-1] = (*lines[-1], part)
        elif len(lines) == most:
            return (*map(BETWEEN.join, lines[:-1]), f"{BETWEEN.join(lines[-1])} …")
        else:
            lines.append((part,))
    return tuple(BETWEEN.join(line) for line in lines)


def _column(
    box: Box,
    names: tuple[str, ...],
    aside: float,
    lines: tuple[str, ...],
    weight: str,
    head: tuple[float, int],
    rows: int,
) -> Column:
    """head: how far down the settings begin in all columns, and their lines."""
    below, most = box.y + head[0], head[1]
    top, table = below + most * SETTING + 4, box.bottom - 10 - rows * LINE
    spare = table - top - 2 * LINE
    high = min(_high(min(LARGEST, (box.w - 8) / (1 + FLIGHT))), max(_high(LEAST_PIG), spare * 0.55))
    if spare - high < LEAST_PLOT + 20:
        high = min(_high(LARGEST), spare)
    under = top + high
    plot = Box(box.x + PAD, under + 2 * LINE + 10, box.w - 2 * PAD, table - under - 2 * LINE - 20)
    middles = tuple(table + (place + 0.5) * LINE for place in range(rows))
    bank = _bank(weight, Box(box.x + 4, top, box.w - 8, high))
    room = plot if plot.h >= LEAST_PLOT else None
    return Column(box, names, aside, lines, below, bank, under + LINE / 2, under + 1.5 * LINE, middles, room)


def _high(size: float) -> float:
    """The height that a pig of a size needs, with its number below."""
    return size * PIG_ASPECT + PILL_HIGH - PILL_OVERLAP + 12


def _bank(name: str, cell: Box) -> Bank:
    """A pig in the middle of its cell, its number below."""
    size = min(LARGEST, (cell.h - _high(0.0)) / PIG_ASPECT, cell.w / (1 + FLIGHT))
    top = cell.y + (cell.h - _high(size)) / 2
    box = Box(cell.cx - size / 2 + size * 0.02, top - size * 0.13, size, size)
    wide = min(PILL + 14, cell.w - 4)
    pill = Box(cell.cx - wide / 2, top + size * PIG_ASPECT - PILL_OVERLAP, wide, PILL_HIGH)
    return Bank(name, cell, box, pill, None, (cell.x, box.cy), (box.right - 1, box.cy))
