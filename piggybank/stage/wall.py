"""The bank wall, for networks with too many weights for a pig each: a table a layer, rows inputs, columns neurons.

A row's head is what its weights are multiplied by, a column's head the neuron's blame: a coin is their product. The
foot is what the neuron puts out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from piggybank.ledger import bank as banks
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Ref
from piggybank.ordered import Array
from piggybank.stage import palette as p
from piggybank.stage.amounts import ADJUSTMENT, AVERAGE, amount_ref, layer_amounts, part_shown, strengths
from piggybank.stage.classes import class_of
from piggybank.stage.digits import subscript
from piggybank.stage.easing import fall, part
from piggybank.stage.key import Entry, key
from piggybank.stage.known import LANDED, Known
from piggybank.stage.measure import text_width
from piggybank.stage.piggies import sign
from piggybank.stage.scene import Box, Coin, Hit, Item, Label, Line, Panel
from piggybank.stage.timeline import BANK, Cursor
from piggybank.stage.view import View, column
from piggybank.stage.wall_cells import cell_number, crack, empty_cell, filled_cell, mark, ring
from piggybank.stage.wall_plan import LINE, Layer, Table, WallPlan, head_height, plan_wall

Names = tuple[str, ...]


def wall_of(ledger: Ledger, view: View) -> WallPlan | None:
    """Where the tables stand; None when their cells would be too small."""
    layers = tuple(Layer(layer.sources, layer.neurons, layer.has_bias) for layer in ledger.header.layers)
    return plan_wall(layers, view.regions.network)


def wall(ledger: Ledger, plan: WallPlan, known: Known, view: View) -> tuple[list[Item], list[Hit]]:
    """All tables and the key below them."""
    items: list[Item] = []
    hits: list[Hit] = []
    for index, table in enumerate(plan.tables):
        items += _row_heads(ledger, table, index, known)
        items += _columns(ledger, table, index, known)
        found, places = _banks(ledger, table, index, known, view)
        items += found
        hits += places
        for place, name in enumerate(table.layer.neurons):
            tip = f"inspect neuron {name}"
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


# Heads ----------------------------------------------------------------------------------------------------------------


def _row_heads(ledger: Ledger, table: Table, index: int, known: Known) -> list[Item]:
    """Names of what comes in, and its values as they become known."""
    record, layer = ledger.batch(known.batch), table.layer
    row, every = record.rows[known.sample - 1], _every(table.cell_h, LINE - 2)
    if index == 0:
        values: Array | None = ledger.header.inputs[row]
        refs = [Ref("data", name, 0, row + 1) for name in layer.sources]
    else:
        values = record.outputs[index - 1][known.sample - 1] if known.output(index - 1) else None
        refs = [Ref("predict", name, known.batch, known.sample) for name in layer.sources]
    items: list[Item] = []
    boxes = [table.row_head(place) for place in range(layer.rows)]
    for place, name in enumerate(layer.sources):
        if place % every == 0:
            box = boxes[place]
            items.append(Label(box.x, box.cy, subscript(name), p.SMALL, p.MUTED, room=table.name_room))
    if layer.has_bias:
        bias = boxes[-1]
        items.append(Label(bias.x, bias.cy, "bias", p.SMALL, p.MUTED, room=table.name_room))
        if table.row_numbers:
            one = Ref("setting", "one")
            items.append(Label(bias.right - 12, bias.cy, "1", p.SMALL, p.MUTED, anchor="right", ref=one))
    if values is None:
        return items
    chips = [Box(box.right - 12 - 22, box.cy - min(22.0, box.h - 2) / 2, 22, min(22.0, box.h - 2)) for box in boxes]
    if table.row_numbers:
        room = table.row_head(0).w - table.name_room - 8
        for box, chip, value, text, ref in zip(boxes, chips, values, _texts(values, room, False), refs, strict=False):
            where = (box.right - 12, box.cy, "right", room)
            items.append(_head_number(where, text, ref, p.INK) if text else _chip(chip, float(value), values))
        return items
    return items + [_chip(chip, float(value), values) for chip, value in zip(chips, values, strict=False)]


def _columns(ledger: Ledger, table: Table, index: int, known: Known) -> list[Item]:
    """Over the columns blame and names, under them outputs, as they become known."""
    record, names, sample = ledger.batch(known.batch), table.layer.neurons, known.sample
    last = index == len(ledger.header.layers) - 1
    heads, feet = [table.head(place) for place in range(len(names))], [table.foot(place) for place in range(len(names))]
    titles = [class_of(ledger.header, name) if last else "" for name in names]
    if not all(titles) or max(text_width(title, p.SMALL, p.SEMIBOLD) for title in titles) > table.cell_w - 6:
        titles = [subscript(name) for name in names]
    wide = max(text_width(title, p.SMALL) for title in titles) + 10
    every = _every(table.cell_w, wide)
    items: list[Item] = []
    for place in range(0, len(names), every):
        name_box = Box(heads[place].x, heads[place].bottom - LINE, heads[place].w, LINE)
        ink, font = (p.GREEN_INK, p.SEMIBOLD) if last else (p.MUTED, p.REGULAR)
        items.append(Label(name_box.cx, name_box.cy - 2, titles[place], p.SMALL, ink, font, "centre"))
    if known.blame(index):
        refs = [Ref("blame", name, known.batch, sample) for name in names]
        boxes = [Box(box.x, box.y, box.w, head_height(table.lines)) for box in heads]
        items += _line_of_values(table, boxes, record.blame[index][sample - 1], refs, True)
    if known.output(index):
        refs = [Ref("predict", name, known.batch, sample) for name in names]
        items += _line_of_values(table, feet, record.outputs[index][sample - 1], refs, False)
    return items


def _line_of_values(table: Table, boxes: list[Box], values: Array, refs: list[Ref], blame: bool) -> list[Item]:
    """A number for each column, where neighbours take turns in two lines; a chip where it has no room."""
    room = table.lines * table.cell_w - 8
    if len(boxes) == 1:
        room = max(room, 96.0)
    texts = _texts(values, room, blame) if table.lines else [""] * len(boxes)
    items: list[Item] = []
    for place, (box, value, text, ref) in enumerate(zip(boxes, values, texts, refs, strict=True)):
        if not text:
            size = min(22.0, box.w - 2)
            items.append(_chip(Box(box.cx - size / 2, box.cy - 10, size, 20), float(value), values, blame))
            continue
        far = table.lines == 2 and place % 2 == 1  # far from the cells: above the head's other line, below the foot's
        y = (box.y if far == blame else box.bottom - LINE) + LINE / 2 if table.lines == 2 else box.cy
        if far:
            start, end = (y + 11, box.bottom - 2) if blame else (box.y + 2, y - 11)
            items.append(Line(((box.cx, start), (box.cx, end)), p.RULE, 1.5))
        items.append(_head_number((box.cx, y, "centre", room), text, ref, p.BLAME_INK if blame else p.INK))
    return items


def _every(step: float, wanted: float) -> int:
    """Which of the heads have room for their names: every first, second, …"""
    return max(1, int(np.ceil(wanted / step)))


def _texts(values: Sequence[float] | Array, room: float, signed: bool) -> list[str]:
    """Numbers that stand together, with equal decimals; "" for one that has no room."""
    texts = column([float(value) for value in values], signed, room)
    return [text if text_width(text, p.SMALL) <= room else "" for text in texts]


def _head_number(where: tuple[float, float, str, float], text: str, ref: Ref, ink: str) -> Label:
    x, y, anchor, room = where
    return Label(x, y, text, p.SMALL, ink, p.REGULAR, anchor, room, ref)


def _chip(box: Box, value: float, values: Array, blame: bool = False) -> Item:
    """A value as a colour, beside the largest of its row or column."""
    if value != value:
        return Panel(box, p.BLAME, p.BLAME_INK, 5)
    strength = float(strengths(np.append(values, value))[-1])
    return Panel(box, p.depth(value > 0, strength) if value else p.CHIP, p.BLAME_INK if blame else "", 5, 2)


# Banks ----------------------------------------------------------------------------------------------------------------


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
    texts = _texts(numbers, room, True) if table.has_numbers else [""] * len(places)
    hit = known.cracked
    shown = part_shown(ledger, known) or ""
    items: list[Item] = []
    for (box, name), value, size, text in zip(places, numbers.tolist(), sizes.tolist(), texts, strict=True):
        written = cell_number(box, text, amount_ref(known, shown, name)) if text else mark(box, value)
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
