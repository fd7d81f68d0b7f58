"""The bank wall, for networks with too many weights for a pig each: a table a layer, rows inputs, columns outputs."""

from __future__ import annotations

import math

import numpy as np

from piggybank.ledger import bank as banks
from piggybank.ledger.ledger import Ledger
from piggybank.stage import palette as p
from piggybank.stage.digits import subscript
from piggybank.stage.known import Known
from piggybank.stage.scene import Box, Hit, Item, Label, Panel
from piggybank.stage.view import View

MOST = 40
"""A table shows at most so many rows and columns; the rest is reached through the trace."""


def wall(ledger: Ledger, known: Known, view: View) -> tuple[list[Item], list[Hit]]:
    """A table of banks per layer, each cell's depth of colour its pending total (final adjustment once committed)."""
    area, layers = view.regions.network, ledger.header.layers
    record = ledger.batch(known.batch)
    items: list[Item] = []
    hits: list[Hit] = []
    gap = 26.0
    shares = [math.sqrt(min(MOST, len(layer.neurons))) for layer in layers]
    x = area.x
    for index, layer in enumerate(layers):
        width = (area.w - gap * (len(layers) - 1)) * shares[index] / sum(shares)
        if known.committed:
            values = record.weights_after[index] - record.weights_before[index]
        else:
            values = banks.totals(ledger.header, record, index, known.banked)
        sources = [*layer.sources, *(["bias"] if layer.has_bias else [])]
        box = Box(x, area.y, width, area.h)
        found, places = _table(box, sources, list(layer.neurons), values, known, view)
        items += found
        hits += places
        x += width + gap
    return items, hits


def _table(
    box: Box, sources: list[str], targets: list[str], values: np.ndarray, known: Known, view: View
) -> tuple[list[Item], list[Hit]]:
    rows, across = min(MOST, len(sources)), min(MOST, len(targets))
    head = 66.0
    cell_w, cell_h = (box.w - head) / across, (box.h - 40) / rows
    largest = float(np.nanmax(np.abs(values))) if values.size and np.isfinite(values).any() else 0.0
    items: list[Item] = []
    hits: list[Hit] = []
    for column in range(0, across, max(1, math.ceil(52 / cell_w))):
        x = box.x + head + (column + 0.5) * cell_w
        items.append(Label(x, box.y + 16, subscript(targets[column]), p.SMALL, p.MUTED, anchor="centre"))
    for row in range(rows):
        if row % max(1, math.ceil(28 / cell_h)) == 0:
            y = box.y + 36 + (row + 0.5) * cell_h
            name = subscript(sources[row])
            items.append(Label(box.x + head - 8, y, name, p.SMALL, p.MUTED, anchor="right", room=head))
        for column in range(across):
            cell = Box(box.x + head + column * cell_w, box.y + 36 + row * cell_h, cell_w, cell_h)
            name = f"{sources[row]}->{targets[column]}"
            fill = _shade(float(values[row, column]), largest, known)
            edge = p.YELLOW_EDGE if name == view.selected else ""
            inner = cell.inset(min(2, cell_w / 8), min(2, cell_h / 8))
            items.append(Panel(inner, fill, edge, min(6, cell_w / 4, cell_h / 4)))
            hits.append(Hit(cell, "inspect", name, f"inspect {name}"))
    return items, hits


def _shade(value: float, largest: float, known: Known) -> str:
    """Blue for positive, orange for negative, deeper for larger."""
    if known.banked == 0 or largest == 0 or value == 0:
        return p.CHIP
    return p.depth(value > 0, abs(value) / largest if math.isfinite(value) else 1.0)
