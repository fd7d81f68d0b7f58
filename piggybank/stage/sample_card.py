"""The card of the current sample: its numbers as they become known, as many as there is room for."""

from __future__ import annotations

from piggybank.ledger.at_hand import at_hand
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Ref
from piggybank.ledger.loss_receipts import sample_loss
from piggybank.stage import palette as p
from piggybank.stage.classes import class_of, has_columns, output_word
from piggybank.stage.digits import MINUS, subscript
from piggybank.stage.known import Known
from piggybank.stage.measure import TWO_DECIMALS, advance, text_width
from piggybank.stage.scene import Box, Coin, Hit, Item, Label, Line
from piggybank.stage.view import View, number

THIS_SAMPLE = "this sample"
"""What is opened, in place of a neuron, for all numbers of a sample."""
OF_ONE = 3
"""Target, prediction and blame of one output."""
Row = tuple[str, "float | None", "Ref | None", str]
"""A word, a value where it is known, its reference, its colour."""


def sample_card(ledger: Ledger, known: Known, view: View) -> tuple[list[Item], list[Hit]]:
    """The current sample: inputs, targets, and as they become known predictions, blame and loss."""
    box = view.regions.sample
    hits: list[Hit] = []
    items: list[Item] = [Coin(box.right - 38, box.y + 32, 18, known.number(known.sample), None)]
    rows = sample_rows(ledger, known)
    capacity = int((box.h - 58) // 30)
    if len(rows) > capacity:
        rows = _shorten(rows, ledger, capacity)
    spacing = min(52.0, (box.h - 66) / max(1, len(rows)))
    for place, (word, value, ref, ink) in enumerate(rows):
        middle = box.y + 58 + (place + 0.5) * spacing
        y = middle - 1.5  # subscripts and descenders keep off the rule below
        room, size = (98.0, p.SMALL) if view.narrow else (130.0, p.TEXT)
        taken = 0.0
        if value is not None and ref is not None:
            signed = ref.kind == "blame"
            if ref.kind in ("predict", "blame"):  # fewer decimals rather than a smaller word
                least = TWO_DECIMALS if signed or value < 0 else TWO_DECIMALS.replace(MINUS, "")
                beside = box.w - 46 - text_width(word, p.SMALL)
                room = min(room, max(beside, text_width(least, size)))
            label = number(box.right - 18, y, value, ref, ink, room, size=size, signed=signed)
            items.append(label)
            taken = advance(label.text, size)
        if ref is None:
            slot = Box(box.x + 10, middle - spacing / 2, box.w - 20, spacing)
            hits.append(Hit(slot, "neuron", THIS_SAMPLE, "all numbers of this sample"))
            items.append(Label(box.right - 18, y, "›", p.SMALL, p.INK, p.SEMIBOLD, "right"))
        items.append(Label(box.x + 22, y, word, p.SMALL, p.MUTED, room=box.w - 46 - taken))
        if place + 1 < len(rows):
            line = middle + spacing / 2
            items.append(Line(((box.x + 22, line), (box.right - 18, line)), p.RULE, 1.5))
    return items, hits


def sample_rows(ledger: Ledger, known: Known, every: bool = False) -> list[Row]:
    """Its numbers in order: a word, a value where it is known, its reference, its colour. every: also the zeros of
    targets that are classes."""
    header, batch, sample = ledger.header, known.batch, known.sample
    record = ledger.batch(batch)
    row, last = record.rows[sample - 1], len(header.layers) - 1
    rows = list(_input_rows(ledger, row))
    outputs = header.layers[-1].neurons
    for column, name in enumerate(outputs):
        target = float(header.targets[row, column])
        if every or target or not has_columns(header):
            of = class_of(header, name) or ("" if len(outputs) == 1 else subscript(name))
            rows.append((f"target {of}".rstrip(), target, Ref("target", name, 0, row + 1), p.INK))
    for column, name in enumerate(outputs):
        output = float(record.outputs[-1][sample - 1, column]) if known.output(last) else None
        word = output_word(header, name) if has_columns(header) else f"prediction {subscript(name)}"
        word = "prediction" if len(outputs) == 1 else word
        rows.append((word, output, Ref("predict", name, batch, sample), p.INK))
    for column, name in enumerate(outputs):
        blame = float(record.blame[-1][sample - 1, column]) if known.blame(last) else None
        rows.append((f"blame of {subscript(name)}", blame, Ref("blame", name, batch, sample), p.BLAME_INK))
    loss = sample_loss(ledger, batch, sample) if known.loss else None
    rows.append(("loss", loss, Ref("loss", "", batch, sample), p.INK))
    return rows


@at_hand(8)
def _input_rows(ledger: Ledger, row: int) -> tuple[Row, ...]:
    """Of a data row (0-based), which may have hundreds."""
    header, found = ledger.header, list[Row]()
    names = zip(header.layers[0].sources, header.input_names, header.inputs[row].tolist(), strict=True)
    for source, name, value in names:
        word = subscript(source) + ("" if name == source else f" {name}")
        found.append((word, value, Ref("data", source, 0, row + 1), p.INK))
    return tuple(found)


def _shorten(rows: list[Row], ledger: Ledger, capacity: int) -> list[Row]:
    """Some of the inputs, what comes of them output by output as far as it fits, and the loss; how many are left out
    is said where they would stand."""
    inputs, outputs = len(ledger.header.layers[0].sources), ledger.header.layers[-1].neurons
    rest = rows[inputs:-1]
    if not has_columns(ledger.header):
        rest.sort(key=lambda row: outputs.index(row[2].name) if row[2] else 0)
    room = capacity - 1 - min(len(rest), OF_ONE) - (len(rest) > OF_ONE)
    most = min(room, inputs if inputs <= capacity // 2 else 3)
    head, hidden = rows[: max(1, most)], 0
    if inputs > most >= 2:
        head = [*rows[: most - 1], _left_out(inputs - most + 1)]
    elif inputs > most:
        hidden = inputs - 1
    fit = capacity - len(head) - 1
    if len(rest) > fit or hidden:
        rest = [*rest[: fit - 1], _left_out(len(rest) - fit + 1 + hidden)]
    return [*head, *rest, rows[-1]]


def _left_out(many: int) -> Row:
    return f"… {many} more", None, None, p.MUTED
