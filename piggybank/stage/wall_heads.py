"""What stands round a table of the bank wall: at its rows what comes in, over its columns blame and names, under them
outputs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Ref
from piggybank.ordered import Array
from piggybank.stage import palette as p
from piggybank.stage.amounts import strengths
from piggybank.stage.digits import subscript
from piggybank.stage.known import Known
from piggybank.stage.measure import text_width
from piggybank.stage.scene import Box, Item, Label, Line, Panel
from piggybank.stage.view import column
from piggybank.stage.wall_plan import LINE, Table, head_height


def row_heads(ledger: Ledger, table: Table, index: int, known: Known) -> list[Item]:
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
        for box, chip, value, text, ref in zip(boxes, chips, values, texts_of(values, room, False), refs, strict=False):
            where = (box.right - 12, box.cy, "right", room)
            items.append(_head_number(where, text, ref, p.INK) if text else _chip(chip, float(value), values))
        return items
    return items + [_chip(chip, float(value), values) for chip, value in zip(chips, values, strict=False)]


def column_heads(ledger: Ledger, table: Table, index: int, known: Known) -> list[Item]:
    """Over the columns blame and names, under them outputs, as they become known."""
    record, names, sample = ledger.batch(known.batch), table.layer.neurons, known.sample
    last = index == len(ledger.header.layers) - 1
    heads, feet = [table.head(place) for place in range(len(names))], [table.foot(place) for place in range(len(names))]
    items = _titles(table, heads, last)
    if known.blame(index):
        refs = [Ref("blame", name, known.batch, sample) for name in names]
        boxes = [Box(box.x, box.y, box.w, head_height(table.lines)) for box in heads]
        items += _line_of_values(table, boxes, record.blame[index][sample - 1], refs, True)
    if known.output(index):
        refs = [Ref("predict", name, known.batch, sample) for name in names]
        items += _line_of_values(table, feet, record.outputs[index][sample - 1], refs, False)
    return items


def _titles(table: Table, heads: list[Box], last: bool) -> list[Item]:
    """The columns' names; where they stand in two lines, neighbours take turns."""
    lines, titles = table.titles
    wide = max(text_width(title, p.SMALL) for title in titles) + 10
    every = 1 if lines == 2 else _every(table.cell_w, wide)
    ink, font = (p.GREEN_INK, p.SEMIBOLD) if last else (p.MUTED, p.REGULAR)
    items: list[Item] = []
    for place in range(0, len(titles), every):
        box, far = heads[place], lines == 2 and place % 2 == 1
        y = box.bottom - LINE * (1.5 if far else 0.5) - 2
        if far:
            items.append(Line(((box.cx, y + 13), (box.cx, box.bottom - 2)), p.RULE, 1.5))
        items.append(Label(box.cx, y, titles[place], p.SMALL, ink, font, "centre"))
    return items


def _line_of_values(table: Table, boxes: list[Box], values: Array, refs: list[Ref], blame: bool) -> list[Item]:
    """A number for each column, where neighbours take turns in two lines; a chip where it has no room."""
    room = table.lines * table.cell_w - 8
    if len(boxes) == 1:
        room = max(room, 96.0)
    texts = texts_of(values, room, blame) if table.lines else [""] * len(boxes)
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


def texts_of(values: Sequence[float] | Array, room: float, signed: bool) -> list[str]:
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
