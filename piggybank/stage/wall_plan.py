"""Where the bank wall's tables stand: a function of the network's shape and the room, and of nothing else.

A table has a head of inputs at the left of its rows, and a head and a foot for the neurons of its columns. Of the
arrangements that fit, the one is taken whose cells are large and whose heads have room for numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from piggybank.stage.digits import subscript
from piggybank.stage.measure import shortened_alike, text_width
from piggybank.stage.palette import SEMIBOLD, SMALL
from piggybank.stage.scene import Box

LINE = 28.0
"""Height of a line of text in heads and feet."""
CHIP = 24.0
"""Height of a coloured chip in heads and feet, and room for one at a row."""
NUMBER = 96.0
"""Least width of a column whose numbers stand side by side; in two lines, of two columns."""
VALUE = 96.0
"""Room for a number at a row."""
LEAST, MOST_WIDE, MOST_HIGH = 14.0, 132.0, 84.0
"""Cells are no smaller, and no larger."""
CELL_NUMBER = 100.0, 32.0
"""A cell from this width and height on carries its number."""
BIAS_GAP, BAND_GAP, LEGEND = 10.0, 14.0, 34.0


@dataclass(frozen=True)
class Layer:
    """What a table shows: names of its rows (the bias last, when there is one) and of its columns; classes: the
    classes that its columns stand for, if they do."""

    sources: tuple[str, ...]
    neurons: tuple[str, ...]
    has_bias: bool
    classes: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        return len(self.sources) + self.has_bias


@dataclass(frozen=True)
class Table:
    """One layer's place. cells: of the rows without the bias row, which stands a little apart below them.

    lines: of numbers over and under the columns, 0 for chips of colour, 2 where neighbours take turns.
    row_numbers: numbers beside the names of the rows, not chips.
    """

    layer: Layer
    cells: Box
    cell_w: float
    cell_h: float
    lines: int
    row_numbers: bool
    name_room: float

    def cell(self, row: int, column: int) -> Box:
        """A bank's place, with its share of the gaps."""
        apart = BIAS_GAP if self.layer.has_bias and row == len(self.layer.sources) else 0.0
        y = self.cells.y + row * self.cell_h + apart
        return Box(self.cells.x + column * self.cell_w, y, self.cell_w, self.cell_h)

    def row_head(self, row: int) -> Box:
        """Name and value of what the row's weights are multiplied by."""
        width = self.name_room + (VALUE if self.row_numbers else CHIP + 8)
        cell = self.cell(row, 0)
        return Box(cell.x - width, cell.y, width, cell.h)

    @property
    def titles(self) -> tuple[int, tuple[str, ...]]:
        """Over the columns: lines of their names, and the names."""
        return titles_of(self.layer, self.cell_w)

    def head(self, column: int) -> Box:
        """Above the cells: the neuron's blame over its name."""
        cell, height = self.cell(0, column), head_height(self.lines) + LINE * self.titles[0]
        return Box(cell.x, cell.y - height, cell.w, height)

    def foot(self, column: int) -> Box:
        """Below the cells: what the neuron puts out."""
        cell = self.cell(self.layer.rows - 1, column)
        return Box(cell.x, cell.bottom + 4, cell.w, head_height(self.lines))

    @property
    def has_numbers(self) -> bool:
        """Whether cells carry their numbers."""
        return self.cell_w >= CELL_NUMBER[0] and self.cell_h >= CELL_NUMBER[1]


@dataclass(frozen=True)
class WallPlan:
    """The tables in order, and the room for the key below them."""

    tables: tuple[Table, ...]
    legend: Box


@dataclass(frozen=True)
class _Choice:
    """Layers in bands below one another, and whether rows and columns have numbers at their heads."""

    bands: tuple[tuple[Layer, ...], ...]
    row_numbers: bool
    column_numbers: bool

    @property
    def gap(self) -> float:
        """Between tables side by side; a number over the last column reaches into it."""
        return 44.0 if self.column_numbers else 30.0


@dataclass(frozen=True)
class _Sizes:
    """What a choice leaves: width of a cell and lines of numbers by band, and the height of all cells."""

    widths: tuple[float, ...]
    lines: tuple[int, ...]
    height: float


def head_height(lines: int) -> float:
    """Of so many lines of numbers, or of the chips in their place."""
    return LINE * lines if lines else CHIP


@lru_cache(maxsize=256)
def titles_of(layer: Layer, width: float) -> tuple[int, tuple[str, ...]]:
    """Names over columns of that width, and in how many lines they stand: the classes side by side; over columns too
    narrow for that, as numbers do, in turns in two lines; shortened alike where they have to be, and where they would
    say nothing any more the neurons' names."""
    wide = [text_width(name, SMALL, SEMIBOLD) for name in layer.classes]
    if all(each <= width - 6 for each in wide) and layer.classes:
        return 1, layer.classes
    lines, room = (1, width - 6) if width >= NUMBER else (2, 2 * width - 10)
    alone = 3 * width - 10 if len(wide) == 3 else room  # a line of its own for the one in the middle
    if lines == 2 and all(each <= (alone if place % 2 else room) for place, each in enumerate(wide)) and wide:
        return 2, layer.classes
    texts = shortened_alike(layer.classes, room, SMALL, SEMIBOLD) if wide else []
    if texts and all(texts):
        return lines, tuple(texts)
    return 1, tuple(subscript(name) for name in layer.neurons)


@lru_cache(maxsize=64)
def plan_wall(layers: tuple[Layer, ...], area: Box) -> WallPlan | None:
    """The tables of these layers in `area`; None when cells would be too small to tell apart."""
    legend = Box(area.x, area.bottom - _legend_height(area.w), area.w, _legend_height(area.w))
    room = Box(area.x, area.y, area.w, area.h - legend.h)
    names = max(text_width(subscript(name), SMALL) for layer in layers for name in (*layer.sources, "bias")) + 10
    best: tuple[float, _Choice, _Sizes] | None = None
    for choice in _choices(layers):
        sizes = _sizes(choice, room, names)
        worth = _worth(sizes, choice)
        if worth and (best is None or worth > best[0]):
            best = worth, choice, sizes
    return WallPlan(_place(best[1], best[2], room, names), legend) if best else None


def _legend_height(width: float) -> float:
    return LEGEND if width >= 720 else 2 * LEGEND


def _choices(layers: tuple[Layer, ...]) -> list[_Choice]:
    most = len(layers)
    lengths = sorted({-(-most // bands) for bands in range(1, most + 1)}, reverse=True)
    splits = [tuple(layers[start : start + length] for start in range(0, most, length)) for length in lengths]
    return [_Choice(bands, rows, columns) for bands in splits for rows in (True, False) for columns in (True, False)]


def _left(choice: _Choice, names: float) -> float:
    return names + (VALUE if choice.row_numbers else CHIP + 8)


def _sizes(choice: _Choice, room: Box, names: float) -> _Sizes:
    widths, lines = [], []
    for band in choice.bands:
        columns = sum(len(layer.neurons) for layer in band)
        free = room.w - (len(band) - 1) * choice.gap - len(band) * _left(choice, names)
        width = min(MOST_WIDE, free / columns)
        widths.append(width)
        lines.append(_lines(width, band) if choice.column_numbers else 0)
    heads = sum(_heads(band, width, number) for band, width, number in zip(choice.bands, widths, lines, strict=True))
    rows = sum(max(layer.rows for layer in band) for band in choice.bands)
    height = (room.h - heads - (len(choice.bands) - 1) * BAND_GAP) / rows
    return _Sizes(tuple(widths), tuple(lines), min(MOST_HIGH, height))


def _heads(band: tuple[Layer, ...], width: float, lines: int) -> float:
    """What a band's heads and feet need, and the gap above the bias."""
    return 2 * head_height(lines) + LINE * max(titles_of(layer, width)[0] for layer in band) + BIAS_GAP + 4


def _lines(width: float, band: tuple[Layer, ...]) -> int:
    """Lines of numbers for columns of that width."""
    if width >= NUMBER or max(len(layer.neurons) for layer in band) == 1:
        return 1
    return 2 if 2 * width >= NUMBER else 0


def _worth(sizes: _Sizes, choice: _Choice) -> float:
    """How good an arrangement is; 0 when it does not do."""
    width = min(sizes.widths)
    if width < LEAST or sizes.height < (LINE - 2 if choice.row_numbers else LEAST):
        return 0.0
    worth = min(1.0, width / 70) * min(1.0, sizes.height / 50) ** 1.5
    worth *= 1.5 if choice.row_numbers else 1.0
    worth *= 1.5 if min(sizes.lines) else 1.0
    worth *= 1.3 if width >= CELL_NUMBER[0] and sizes.height >= CELL_NUMBER[1] else 1.0
    return float(worth * 0.95 ** len(choice.bands))


def _place(choice: _Choice, sizes: _Sizes, room: Box, names: float) -> tuple[Table, ...]:
    """The tables of each band side by side in its middle, the bands below one another."""
    left, tables = _left(choice, names), list[Table]()
    heights = [
        _heads(band, width, lines) + sizes.height * max(layer.rows for layer in band)
        for band, width, lines in zip(choice.bands, sizes.widths, sizes.lines, strict=True)
    ]
    y = room.y + (room.h - sum(heights) - BAND_GAP * (len(heights) - 1)) / 2
    for band, width, lines, height in zip(choice.bands, sizes.widths, sizes.lines, heights, strict=True):
        used = sum(left + width * len(layer.neurons) for layer in band) + choice.gap * (len(band) - 1)
        x = room.x + (room.w - used) / 2
        for layer in band:
            free = height - _heads((layer,), width, lines) - sizes.height * layer.rows
            top = y + head_height(lines) + LINE * titles_of(layer, width)[0] + free / 2
            cells = Box(x + left, top, width * len(layer.neurons), sizes.height * len(layer.sources))
            tables.append(Table(layer, cells, width, sizes.height, lines, choice.row_numbers, names))
            x += left + width * len(layer.neurons) + choice.gap
        y += height + BAND_GAP
    return tuple(tables)
