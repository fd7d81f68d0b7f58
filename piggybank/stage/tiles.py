"""Where a vault's tiles stand: one for the inputs and one a layer, each a grid with a cell for every neuron."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from piggybank.stage.scene import Box

TITLE, GAP, LEGEND = 32.0, 26.0, 34.0
LARGEST, ROW, ROWS_WIDE = 68.0, 54.0, 156.0
"""The largest cell of a grid; the least height of a row in a list, and the least width of one."""
MOST_ROWS = 16
"""A layer of up to so many neurons is a list, one below the other, where there is room."""
NARROWEST = 96.0
MOST_WORDS = 120.0
"""So much of the other layers' room may go to the words of a list."""


@dataclass(frozen=True)
class Tile:
    """box: with the title above; grid: of the cells; columns: of the grid; cell: width and height of one."""

    box: Box
    grid: Box
    columns: int
    cell: tuple[float, float]
    is_list: bool

    def place(self, index: int) -> Box:
        """The cell of a neuron (0-based), with its share of the gaps."""
        row, column = divmod(index, self.columns)
        wide, high = self.cell
        return Box(self.grid.x + column * wide, self.grid.y + row * high, wide, high)


@dataclass(frozen=True)
class Tiles:
    """One for the inputs, then one a layer; and the room for the key below them."""

    tiles: tuple[Tile, ...]
    legend: Box


@lru_cache(maxsize=64)
def tiles_of(counts: tuple[int, ...], area: Box, words: float = 0.0) -> Tiles:
    """counts: of the inputs, then of each layer's neurons. Many layers stand in bands below one another. words: how
    much wider a row of the last layer would like to be, for its class."""
    high = 2 * LEGEND if area.w < 760 else LEGEND
    legend = Box(area.x, area.bottom - high, area.w, high)
    room = Box(area.x, area.y, area.w, area.h - high - 8)
    most = max(2, int(room.w // 200))
    bands = -(-len(counts) // most)
    each = -(-len(counts) // bands)
    height = (room.h - GAP * (bands - 1) / 2) / bands
    found: list[Tile] = []
    for band in range(bands):
        mine = counts[band * each : (band + 1) * each]
        shares = [count**0.4 * (0.7 if band == place == 0 else 1.0) for place, count in enumerate(mine)]
        least = [_least(count, height, band == place == 0) for place, count in enumerate(mine)]
        least[-1] += min(words, MOST_WORDS) if band == bands - 1 and _is_list(mine[-1], height) else 0.0
        free = room.w - GAP * (len(mine) - 1) - sum(least)
        x, y = room.x, room.y + band * (height + GAP / 2)
        for place, count in enumerate(mine):
            width = least[place] + free * shares[place] / sum(shares)
            wider = words if len(found) == len(counts) - 1 else 0.0
            found.append(_tile(count, Box(x, y, width, height), band == place == 0, wider))
            x += width + GAP
    return Tiles(tuple(found), legend)


def _is_list(count: int, height: float) -> bool:
    return count <= MOST_ROWS and (height - TITLE) / count >= ROW


def _least(count: int, height: float, is_input: bool) -> float:
    return ROWS_WIDE if not is_input and _is_list(count, height) else NARROWEST


def _tile(count: int, box: Box, is_input: bool, wider: float) -> Tile:
    """A list where the layer is small, an image where the inputs make a square, otherwise the largest cells. wider: by
    so much a row of a list may be."""
    inner = Box(box.x, box.y + TITLE, box.w, box.h - TITLE)
    if not is_input and _is_list(count, box.h) and inner.w >= ROWS_WIDE:
        wide, high = min(inner.w, 230.0 + wider), min(inner.h / count, 76.0)
        return Tile(box, Box(inner.x, inner.y, wide, high * count), 1, (wide, high), True)
    columns, side = _best(count, inner)
    root = math.isqrt(count)
    if is_input and root * root == count:
        columns, side = root, min(LARGEST, inner.w / root, inner.h / root)
    rows = -(-count // columns)
    return Tile(box, Box(inner.x, inner.y, columns * side, rows * side), columns, (side, side), False)


def _best(count: int, box: Box) -> tuple[int, float]:
    """Columns, and the side of the largest square cells."""
    found = [(min(LARGEST, box.w / columns, box.h / -(-count // columns)), -columns) for columns in range(1, count + 1)]
    side, columns = max(found)
    return -columns, side
