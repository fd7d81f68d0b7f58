"""Where neurons and their banks stand: a function of the network's shape and the room, and of nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from piggybank.stage.scene import Box


@dataclass(frozen=True)
class Node:
    """A neuron's place. Round ones carry value over name (small ones the name
    alone, the value above), with room for the blame above; others are one or two rows."""

    name: str
    box: Box
    round: bool
    reach: float = 0.0
    small: bool = False

    @property
    def left(self) -> tuple[float, float]:
        return self.box.x, self.box.cy

    @property
    def right(self) -> tuple[float, float]:
        return self.box.right, self.box.cy

    @property
    def blame(self) -> Box:
        """Above the node, as wide as the room to the nearest banks allows."""
        width = min(176.0, self.box.w + 2 * self.reach)
        lift = 66 if self.small else 40
        return Box(self.box.cx - width / 2, self.box.y - lift, width, 32)


@dataclass(frozen=True)
class Bank:
    """A weight's place on its connection: coins fly through `cell` from its left edge into the slot of the pig."""

    weight: str
    cell: Box
    pig: Box
    pill: Box | None
    dial: Box | None
    start: tuple[float, float]
    end: tuple[float, float]

    @property
    def slot(self) -> tuple[float, float]:
        """Where coins go in."""
        return self.pig.x + self.pig.w * 116 / 256, self.pig.y + self.pig.h * 66 / 256

    @property
    def window(self) -> Box:
        """The glass in the belly."""
        unit = self.pig.w / 256
        return Box(self.pig.x + 60 * unit, self.pig.y + 108 * unit, 104 * unit, 76 * unit)


@dataclass(frozen=True)
class NetworkPlan:
    """Places of all neurons and banks; `banks` is empty when the network is shown as a bank wall."""

    nodes: dict[str, Node]
    banks: dict[str, Bank]


PILL = 106.0, 32.0
FLIGHT = 0.42
"""Room for a coin to fly in from, as a part of the pig's side."""
PILL_OVERLAP = 12.0
"""Below a pig, the pill hides the ends of its legs."""
PIG_ASPECT = 0.80
"""The drawn part of the pig's square: this much of its side in height."""
MOST_BANKS = 24
LEAST_PIG, SMALL_NODE = 34.0, 60.0


BESIDE, BELOW, BARE = "beside", "below", "bare"


@dataclass(frozen=True)
class _Fit:
    """How the banks of one gap are arranged: the pill with the number beside the pig, below it, or left out."""

    size: float
    columns: int
    rows: int
    pill: str


def plan_network(neuron_layers: tuple[tuple[str, ...], ...], weights: tuple[str, ...], area: Box) -> NetworkPlan | None:
    """Neurons in columns and a bank on every connection; None when there are too many to stand apart.

    neuron_layers: names by layer, inputs first. weights: names "source->target", grouped by target, the bias last.
    """
    return _plan(neuron_layers, weights, area) if len(weights) <= MOST_BANKS else None


@lru_cache(maxsize=32)
def _plan(neuron_layers: tuple[tuple[str, ...], ...], weights: tuple[str, ...], area: Box) -> NetworkPlan | None:
    """With neurons of the usual size, or small ones where many layers stand side by side."""
    return _plan_with(neuron_layers, weights, area, False) or _plan_with(neuron_layers, weights, area, True)


def _plan_with(
    neuron_layers: tuple[tuple[str, ...], ...], weights: tuple[str, ...], area: Box, small: bool
) -> NetworkPlan | None:
    shapes = [_node_shape(len(names), area.h, place > 0, small) for place, names in enumerate(neuron_layers)]
    if any(shape is None for shape in shapes):
        return None
    widths = [shape[0] for shape in shapes if shape]
    heights = [shape[1] for shape in shapes if shape]
    gap = (area.w - sum(widths)) / max(1, len(widths) - 1)
    nodes: dict[str, Node] = {}
    x = area.x
    for names, w, h in zip(neuron_layers, widths, heights, strict=True):
        for place, name in enumerate(names):
            y = area.y + (place + 0.5) * area.h / len(names) + (36 if small else 18 if w == h else 0)
            nodes[name] = Node(name, Box(x, y - h / 2, w, h), w == h, _reach(gap), small)
        x += w + gap
    banks: dict[str, Bank] = {}
    x = area.x
    for place, w in enumerate(widths[:-1]):
        mine = [name for name in weights if name.split("->")[1] in neuron_layers[place + 1]]
        placed = _place_banks(mine, nodes, Box(x + w, area.y, gap, area.h))
        if placed is None:
            return None
        banks.update(placed)
        x += w + gap
    return NetworkPlan(nodes, banks)


def _node_shape(count: int, height: float, has_blame: bool, small: bool) -> tuple[float, float] | None:
    """Width and height of a column's nodes, equal for round ones; None when they do not fit."""
    spacing = height / count
    if small:
        return (SMALL_NODE, SMALL_NODE) if spacing >= SMALL_NODE + (72 if has_blame else 40) else None
    if spacing >= (144 if has_blame else 104):
        return 96, 96
    return (156, min(62, spacing - 8)) if spacing >= 36 else None


def _place_banks(weights: list[str], nodes: dict[str, Node], gap: Box) -> dict[str, Bank] | None:
    fit = _fit(len(weights), gap)
    if fit is None:
        return None
    row = min(gap.h / fit.rows, 330.0)
    top = gap.cy - row * fit.rows / 2
    column_width = (gap.w - 2 * _reach(gap.w)) / fit.columns
    banks = {}
    for place, name in enumerate(weights):
        down, across = divmod(place, fit.columns)
        cell = Box(gap.x + _reach(gap.w) + across * column_width, top + down * row, column_width, row)
        source, target = name.split("->")
        start = nodes[source].right if source in nodes else None
        banks[name] = _bank(name, cell, fit, start, nodes[target].left)
    return banks


def _reach(width: float) -> float:
    """Room on either side of the banks for connections to fan out."""
    return max(14.0, min(42.0, width * 0.14))


def _fit(count: int, gap: Box) -> _Fit | None:
    """The arrangement with the largest pigs."""
    best: _Fit | None = None
    for pill in (BESIDE, BELOW, BARE):
        for columns in (1, 2, 3):
            rows = -(-count // columns)
            size = min(_size(pill, gap.h / rows, (gap.w - 2 * _reach(gap.w)) / columns), 250.0)
            if size >= LEAST_PIG and (best is None or (size > best.size * 1.08 and pill != BARE)):
                best = _Fit(size, columns, rows, pill)
    return best


def _size(pill: str, row: float, width: float) -> float:
    """The largest pig for a cell of that height and width."""
    if pill == BESIDE:
        return min((row - 8) / PIG_ASPECT, (width - PILL[0] - 8) / (1 + FLIGHT))
    if pill == BELOW:
        return min((row - PILL[1] + PILL_OVERLAP - 8) / PIG_ASPECT, width / (1 + FLIGHT)) if width >= PILL[0] else 0.0
    return min((row - 4) / PIG_ASPECT, width / (1 + FLIGHT))


def _bank(name: str, cell: Box, fit: _Fit, start: tuple[float, float] | None, end: tuple[float, float]) -> Bank:
    """start: where its connection begins, None for a bias, whose input of 1 stands just before the pig."""
    size, beside = fit.size, fit.pill == BESIDE
    body, flight = size * PIG_ASPECT, size * FLIGHT
    used = body + (PILL[1] - PILL_OVERLAP if fit.pill == BELOW else 0)
    dial_room = cell.h - used >= 52 and cell.w >= 176
    wide = flight + size + (PILL[0] + 6 if beside else 0)
    left = cell.x + max(0.0, (cell.w - wide) / 2)
    top = cell.cy - used / 2 - (16 if dial_room else 0)
    pig = Box(left + flight, top - size * 0.13, size, size)
    pill: Box | None = None
    if beside:
        pill = Box(pig.right + 6, top + body / 2 - PILL[1] / 2, *PILL)
    elif fit.pill == BELOW:
        x = min(max(pig.cx - PILL[0] / 2, cell.x), cell.right - PILL[0])
        pill = Box(x, top + body - PILL_OVERLAP, *PILL)
    dial_x = min(max(pig.cx - 88, cell.x), cell.right - 176)
    dial = Box(dial_x, top + used + 10, 176, 30) if dial_room else None
    start = start or (pig.x - 18, pig.cy)
    return Bank(name, cell, pig, pill, dial, start, end)
