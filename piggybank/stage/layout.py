"""Where neurons and their banks stand: a function of the network's shape and the room, and of nothing else.

All pigs are as large as the fullest gap between two layers lets them be, so the gaps share the width as they need it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from piggybank.stage.digits import subscript
from piggybank.stage.fits import (
    BARE,
    BELOW,
    BESIDE,
    PIG_ASPECT,
    PILL,
    PILL_OVERLAP,
    Fit,
    Writing,
    cell_height,
    cell_of,
    closely,
    reach,
)
from piggybank.stage.measure import text_width
from piggybank.stage.palette import SMALL
from piggybank.stage.places import Bank, NetworkPlan, Node
from piggybank.stage.scene import Box

MOST_BANKS = 24
LEAST_PIG, MOST_PIG, UNEVEN = 34.0, 330.0, 1.3
"""A pig's side; the largest may be so many times the smallest."""
SMALLER, ENOUGH = 1.25, 90.0
"""Neurons are drawn smaller where pigs become so many times as large by it, and are not large enough already."""
DIAL, MOST_DIAL, DIAL_HIGH, LEAST_PART = 176.0, 230.0, 52.0, 0.7
"""Least and most width of the words with a weight's number, the height that they need of a cell, and how small a part
of its size a pig may become for them."""
COLUMNS = 4
TIGHT = 29.0
WRITINGS = (
    (Writing(), 1.0),
    (Writing(wide=96), 0.9),
    (Writing(wide=84, least_reach=TIGHT, most_reach=TIGHT), 0.85),
)
"""How numbers are written, and what a pig's side is worth there."""
CLOSE, UNSAID = 0.65, 0.001
"""What it is worth where nothing is to spare, and where numbers have no room at all."""
LEAST_TEXT, RIGHT = 20.0, 36.0
"""Close by, numbers are no smaller than this. Right of the area as much is free for what stands above an output."""
ROUND, SMALL_NODE, LEAST_FLAT = 104.0, 56.0, 26.0


def plan_network(
    neuron_layers: tuple[tuple[str, ...], ...], weights: tuple[str, ...], area: Box, least_text: float = SMALL
) -> NetworkPlan | None:
    """Neurons in columns and a bank on every connection; None when there are too many to stand apart.

    neuron_layers: names by layer, inputs first. weights: names "source->target", grouped by target, the bias last.
    least_text: the smallest size of text in this window, in units.
    """
    return _plan(neuron_layers, weights, area, least_text) if len(weights) <= MOST_BANKS else None


@lru_cache(maxsize=32)
def _plan(
    neuron_layers: tuple[tuple[str, ...], ...], weights: tuple[str, ...], area: Box, least_text: float
) -> NetworkPlan | None:
    """With neurons of the usual size, or small ones where those leave larger pigs."""
    layer_of = {name: place for place, names in enumerate(neuron_layers) for name in names}
    gaps = [[w for w in weights if layer_of[w.split("->")[1]] == place] for place in range(1, len(neuron_layers))]
    counts = [len(names) for names in gaps]
    best: tuple[float, bool, list[float], list[Fit]] | None = None
    for small in (False, True):
        shapes = [_node_shape(names, area.h, place > 0, small) for place, names in enumerate(neuron_layers)]
        if any(shape is None for shape in shapes):
            continue
        widths = [shape[0] for shape in shapes if shape]
        found = _shared(counts, area.w - sum(widths), area.h, min(widths[1:]), max(LEAST_TEXT, least_text))
        if found and (best is None or (found[0] > SMALLER * best[0] and best[0] < ENOUGH)):
            best = found[0], small, widths, found[1]
    return _placed(neuron_layers, gaps, area, *best[1:]) if best else None


def _node_shape(names: Sequence[str], height: float, has_blame: bool, small: bool) -> tuple[float, float] | None:
    """Width and height of a column's nodes, equal for round ones; None when they do not fit."""
    spacing = height / len(names)
    if small:
        return (SMALL_NODE, SMALL_NODE) if spacing >= SMALL_NODE + (72 if has_blame else 40) else None
    if spacing >= ROUND + (48 if has_blame else 8):
        return ROUND, ROUND
    wide = max(text_width(subscript(name), SMALL) for name in names)
    return (min(156.0, wide + 122), min(62, spacing - 8)) if spacing >= LEAST_FLAT + 8 else None


def _shared(
    counts: list[int], width: float, height: float, node: float, least_text: float
) -> tuple[float, list[Fit]] | None:
    """How good the best arrangement is, and its fits: the least pig as large as the width allows, then the others a
    little larger where that costs nothing. node: the width of the narrowest neuron that has blame above it."""
    best: tuple[float, list[Fit]] | None = None
    close = [closely(text, node) for text in (SMALL, *([least_text] if least_text < SMALL else []))]
    for pills, writing, factor in (
        *(((BESIDE, BELOW), *each) for each in WRITINGS),
        *(((BESIDE, BELOW), each, CLOSE) for each in close),
        ((BARE,), Writing(), UNSAID),
    ):
        if best and factor <= CLOSE and (pills == (BARE,) or best[0] >= CLOSE * ENOUGH):
            break  # large enough with room to spare, or with numbers at all
        fits = _largest(counts, width + _more(writing), height, pills, writing)
        if fits:
            worth = min(fit.size for fit in fits) * factor
            best = (worth, fits) if best is None or worth > best[0] else best
    return best


def _more(writing: Writing) -> float:
    """How much further to the right than usual the network may reach, where nothing is to spare."""
    return max(0.0, RIGHT - writing.least_reach) if writing.least_reach < TIGHT else 0.0


def _largest(counts: list[int], width: float, height: float, pills: Sequence[str], writing: Writing) -> list[Fit]:
    """Fits with the largest pigs that all gaps can have; none when they would be too small."""

    def fits_of(size: float) -> list[Fit]:
        found = [_narrowest(count, size, height, pills, writing) for count in counts]
        fits = [fit for fit in found if fit]
        return fits if len(fits) == len(counts) and sum(fit.gap for fit in fits) <= width else []

    low, high = LEAST_PIG, MOST_PIG
    if not fits_of(low):
        return []
    while high - low > 0.5:
        middle = (low + high) / 2
        low, high = (middle, high) if fits_of(middle) else (low, middle)
    return _grown(fits_of(low), counts, width, height, pills)


def _narrowest(count: int, size: float, height: float, pills: Sequence[str], writing: Writing) -> Fit | None:
    """The arrangement of pigs of that size that takes the least width."""
    found = [
        fit
        for pill in pills
        for columns in range(1, min(COLUMNS, count) + 1)
        if (fit := Fit(size, columns, pill, writing)).high <= cell_height(count, columns, height)
    ]
    return min(found, key=lambda fit: fit.gap) if found else None


def _grown(fits: list[Fit], counts: list[int], width: float, height: float, pills: Sequence[str]) -> list[Fit]:
    """With larger pigs where a gap has room for them without taking more than its even share of what is left."""
    least = min(fit.size for fit in fits)
    spare = (width - sum(fit.gap for fit in fits)) / len(fits)
    grown = []
    for fit, count in zip(fits, counts, strict=True):
        best = fit
        for step in range(1, 16):
            size = least * (1 + (UNEVEN - 1) * step / 15)
            larger = _narrowest(count, min(size, MOST_PIG), height, pills, fit.writing)
            if larger and larger.gap <= fit.gap + spare:
                best = larger
        grown.append(best)
    return grown


def _placed(
    neuron_layers: tuple[tuple[str, ...], ...],
    gaps: list[list[str]],
    area: Box,
    small: bool,
    widths: list[float],
    fits: list[Fit],
) -> NetworkPlan:
    """Everything at its place; what width is left goes evenly to the gaps."""
    writing = fits[0].writing
    spare = (area.w + _more(writing) - sum(widths) - sum(fit.gap for fit in fits)) / max(1, len(fits))
    across = [fit.gap + spare for fit in fits]
    nodes: dict[str, Node] = {}
    x = area.x
    for place, names in enumerate(neuron_layers):
        shape = _node_shape(names, area.h, place > 0, small)
        assert shape is not None
        beside = [reach(across[gap], fits[gap]) for gap in (place - 1, place) if 0 <= gap < len(fits)]
        for row, name in enumerate(names):
            low = min(36 if small else 18 if shape[0] == shape[1] else 0, (area.h / len(names) - shape[1]) / 2)
            y = area.y + (row + 0.5) * area.h / len(names) + low
            box = Box(x, y - shape[1] / 2, *shape)
            nodes[name] = Node(name, box, shape[0] == shape[1], min(beside), small, writing.text)
        x += shape[0] + (across[place] if place < len(across) else 0)
    banks: dict[str, Bank] = {}
    x = area.x
    for place, names_of_gap in enumerate(gaps):
        x += widths[place]
        gap = Box(x, area.y, across[place], area.h)
        banks.update(_banks(names_of_gap, nodes, gap, _with_dial(fits[place], len(names_of_gap), gap)))
        x += across[place]
    return NetworkPlan(nodes, banks)


def _with_dial(fit: Fit, count: int, gap: Box) -> Fit:
    """With pigs so much smaller that each leaves room for its weight's number, where that costs them little."""
    high, wide = cell_of(fit, count, gap)
    size = (high - DIAL_HIGH - (fit.writing.high - PILL_OVERLAP if fit.pill == BELOW else 0)) / PIG_ASPECT
    smaller = wide >= DIAL and size >= max(ENOUGH, fit.size * LEAST_PART)
    return replace(fit, size=size) if smaller and size < fit.size else fit


def _banks(weights: list[str], nodes: dict[str, Node], gap: Box, fit: Fit) -> Iterator[tuple[str, Bank]]:
    """The banks of a gap in order from above, their columns taking turns."""
    (high, wide), aside = cell_of(fit, len(weights), gap), reach(gap.w, fit)
    step = high / fit.columns
    top = gap.cy - (step * (len(weights) - 1) + high) / 2
    for place, name in enumerate(weights):
        x = gap.x + aside + place % fit.columns * wide
        source, target = name.split("->")
        start = nodes[source].right if source in nodes else None
        yield name, _bank(name, Box(x, top + place * step, wide, high), fit, start, nodes[target].left)


def _bank(name: str, cell: Box, fit: Fit, start: tuple[float, float] | None, end: tuple[float, float]) -> Bank:
    """start: where its connection begins, None for a bias, whose input of 1 stands just before the pig."""
    size, beside = fit.size, fit.pill == BESIDE
    body, flight = size * PIG_ASPECT, fit.flight
    used = body + (fit.below if fit.pill == BELOW else 0)
    dial_room = cell.h - used >= DIAL_HIGH - 0.01 and cell.w >= DIAL
    pill_wide, pill_high = fit.writing.wide, fit.writing.high
    wide = flight + size + (pill_wide + 6 if beside else 0)
    left = cell.x + max(0.0, (cell.w - wide) / 2)
    top = cell.cy - used / 2 - (16 if dial_room else 0)
    pig = Box(left + flight, top - size * 0.13, size, size)
    pill: Box | None = None
    if beside:
        pill = Box(pig.right + 6, top + body / 2 - pill_high / 2, pill_wide, pill_high)
    elif fit.pill == BELOW:
        if fit.writing.least_reach < TIGHT:
            pill_wide = max(pill_wide, min(PILL, cell.w - 8))
        x = min(max(pig.cx - pill_wide / 2, cell.x), cell.right - pill_wide)
        pill = Box(x, top + body + fit.below - pill_high, pill_wide, pill_high)
    dial_wide = min(MOST_DIAL, max(DIAL, cell.w))
    dial_x = min(max(pig.cx - dial_wide / 2, cell.x), cell.right - dial_wide)
    dial = Box(dial_x, top + used + 10, dial_wide, 30) if dial_room else None
    start = start or (pig.x - 18, pig.cy)
    return Bank(name, cell, pig, pill, dial, start, end, fit.writing.text)
