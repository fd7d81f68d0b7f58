"""The bank wall, for networks with too many weights for a pig each: a table a layer, rows inputs, columns neurons.

A row's head is what its weights are multiplied by, a column's head the neuron's blame: a coin is their product. The
foot is what the neuron puts out.
"""

from __future__ import annotations

import numpy as np

from piggybank.ledger import bank as banks
from piggybank.ledger.ledger import Ledger
from piggybank.ordered import Array
from piggybank.stage import palette as p
from piggybank.stage.amounts import ADJUSTMENT, AVERAGE, amount_ref, layer_amounts, part_shown, strengths
from piggybank.stage.classes import output_word
from piggybank.stage.easing import fall, part
from piggybank.stage.key import Entry, key
from piggybank.stage.known import LANDED, Known
from piggybank.stage.piggies import sign
from piggybank.stage.scene import Box, Coin, Hit, Item
from piggybank.stage.timeline import BANK, Cursor
from piggybank.stage.view import View
from piggybank.stage.wall_cells import cell_number, crack, empty_cell, filled_cell, mark, ring
from piggybank.stage.wall_heads import column_heads, row_heads, texts_of
from piggybank.stage.wall_plan import Table, WallPlan


def wall(ledger: Ledger, plan: WallPlan, known: Known, view: View) -> tuple[list[Item], list[Hit]]:
    """All tables and the key below them."""
    items: list[Item] = []
    hits: list[Hit] = []
    for index, table in enumerate(plan.tables):
        items += row_heads(ledger, table, index, known)
        items += column_heads(ledger, table, index, known)
        found, places = _banks(ledger, table, index, known, view)
        items += found
        hits += places
        for place, name in enumerate(table.layer.neurons):
            tip = f"inspect neuron {output_word(ledger.header, name)}"
            hits += [Hit(box, "inspect", name, tip) for box in (table.head(place), table.foot(place))]
    return items + key(entries(ledger, known), plan.legend), hits


def state_entry(ledger: Ledger, known: Known) -> tuple[str, str, str]:
    """What the amounts are, in words, with the colours of its edge and its ink."""
    shown = part_shown(ledger, known)
    if shown == ADJUSTMENT:
        return "final: adjustment", p.GREEN_EDGE, p.GREEN_INK
    words = "coin of this sample" if known.single else "pending: total"
    return ("pending: average" if shown == AVERAGE else words), p.YELLOW_EDGE, p.YELLOW_INK


def entries(ledger: Ledger, known: Known) -> list[Entry]:
    """What the wall's colours and heights mean."""
    words, edge, ink = state_entry(ledger, known)
    return [
        Entry(words, lambda box: filled_cell(box, 0.0, 0.0, edge), ink=ink),
        Entry("plus", lambda box: filled_cell(box, 1.0, 0.55, edge)),
        Entry("minus", lambda box: filled_cell(box, -1.0, 0.55, edge)),
        Entry("blame above", width=0.0, ink=p.BLAME_INK, needed=False),
        Entry("output below", width=0.0, needed=False),
        Entry("full: the largest", width=0.0, needed=False),
    ]


def _banks(ledger: Ledger, table: Table, index: int, known: Known, view: View) -> tuple[list[Item], list[Hit]]:
    values, layer = layer_amounts(ledger, known, index), table.layer
    sources = (*layer.sources, *(["bias"] if layer.has_bias else []))
    places = [
        (inner_box(table, row, place), f"{source}->{target}")
        for row, source in enumerate(sources)
        for place, target in enumerate(layer.neurons)
    ]
    items: list[Item] = []
    if values is None:
        for box, _ in places:
            items += empty_cell(box)
    else:
        items += _filled(ledger, table, values, known, places)
    items += [ring(box) for box, name in places if name == view.selected]
    spare = (table.cell_w - places[0][0].w) / 2
    return items, [Hit(box.inset(-spare, -spare), "inspect", name, f"inspect {name}") for box, name in places]


def _filled(ledger: Ledger, table: Table, values: Array, known: Known, places: list[tuple[Box, str]]) -> list[Item]:
    _, edge, _ = state_entry(ledger, known)
    numbers, sizes = values.ravel(), strengths(values).ravel()
    room = table.cell_w - 12
    texts = texts_of(numbers, room, True) if table.has_numbers else [""] * len(places)
    hit = known.cracked
    shown = part_shown(ledger, known) or ""
    items: list[Item] = []
    for (box, name), value, size, text in zip(places, numbers.tolist(), sizes.tolist(), texts, strict=True):
        written = cell_number(box, text, amount_ref(ledger, known, shown, name)) if text else mark(box, value)
        if hit:
            items += [*filled_cell(box, value, size, edge), *crack(box), *([written] if written and text else [])]
        else:
            items += filled_cell(box, value, size, edge, written)
    return items


def inner_box(table: Table, row: int, place: int) -> Box:
    """A bank without the gap to its neighbours."""
    gap = min(3.0, table.cell_w / 10, table.cell_h / 10)
    return table.cell(row, place).inset(gap, gap)


def falling(ledger: Ledger, plan: WallPlan, known: Known, cursor: Cursor) -> list[Item]:
    """While banking, a coin of the sample's own colour for every bank, from its upper edge down into it."""
    t = part(cursor.progress, 0.05, LANDED)
    if known.moment.phase != BANK or not 0 < t < 1:
        return []
    record, items = ledger.batch(known.batch), list[Item]()
    for index, table in enumerate(plan.tables):
        most = min(13.0, table.cell_w * 0.3, table.cell_h * 0.3)
        slices = banks.all_slices(ledger.header, record, index, known.sample)
        factors = 0.62 + 0.38 * np.sqrt(np.nan_to_num(strengths(slices), nan=1.0))
        for (row, place), value in np.ndenumerate(slices):
            box, radius = inner_box(table, row, place), most * float(factors[row, place])
            y = box.y + radius + (box.h - 2 * radius) * fall(t)
            x = box.right - most - 2 if table.has_numbers else box.cx
            items.append(Coin(x, y, radius, known.number(known.sample), sign(float(value)), False))
    return items
