"""Accuracy of a batch or of all rows, and its receipts: every sample's class, said and meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from piggybank.arithmetic import literal
from piggybank.ledger.at_hand import at_hand
from piggybank.ledger.counting import Accuracy, count_right, targets_are_classes
from piggybank.ledger.lines import Receipt, Ref
from piggybank.ledger.measured import count_at, met, record_at, whereabouts
from piggybank.ledger.records import Header, LedgerError
from piggybank.ledger.strip import Strip
from piggybank.ledger.sums import chain

if TYPE_CHECKING:
    from piggybank.ledger.ledger import Ledger


@at_hand(1)
def has_classes(header: Header) -> bool:
    """Whether a run's targets are classes, so that there is an accuracy."""
    return targets_are_classes(header, header.targets)


def class_name(header: Header, place: int) -> str:
    """What a class is called; with one output, the class of 0 or of 1."""
    if place < len(header.classes):
        return header.classes[place]
    return header.target_names[place] if header.targets.shape[1] > 1 else str(place)


def said(ledger: Ledger, batch: int, sample: int) -> int:
    """The class that the network said of a sample. batch, sample: as in a reference to a prediction."""
    outputs = record_at(ledger, batch).outputs[-1][sample - 1]
    return int(np.argmax(outputs)) if len(outputs) > 1 else int(outputs[0] >= 0.5)


def meant(ledger: Ledger, batch: int, sample: int) -> int:
    """The class that its target says."""
    targets = ledger.header.targets[record_at(ledger, batch).rows[sample - 1]]
    return int(np.argmax(targets)) if len(targets) > 1 else int(targets[0])


def accuracy(ledger: Ledger, batch: int) -> Accuracy:
    """Of a batch's samples, each with the weights that the batch met; of all rows when `batch` has a minus.

    LedgerError when the targets are no classes.
    """
    _check(ledger)
    record = record_at(ledger, batch)
    return count_right(record.outputs[-1], ledger.header.targets[list(record.rows)])


def _check(ledger: Ledger) -> None:
    if not has_classes(ledger.header):
        raise LedgerError(
            "this run has no accuracy, because its targets are numbers and not classes; look at its loss instead"
        )


def accuracy_receipt(ledger: Ledger, ref: Ref) -> Receipt:
    """How many were right, or of one sample 1 for right and 0 for wrong."""
    _check(ledger)
    if ref.sample:
        return _one(ledger, ref)
    count = count_at(ledger, ref.batch)
    terms = []
    for sample in range(1, count + 1):
        one = ledger.open(Ref("accuracy", "", ref.batch, sample))
        terms.append((one.lines[-1].label, one.value, Ref("accuracy", "", ref.batch, sample)))
    strip = Strip("Right ones", ref)
    total, _ = strip.add_all(terms)
    strip.result(f"Right, of {count}", total, "((0 + r1) + r2) + …", True)
    strip.name_last(ref)
    whole = f"batch {ref.batch}" if ref.batch > 0 else f"all rows, {met(ref.batch)}"
    spelled = chain([literal(value) for _, value, _ in terms])
    return Receipt(f"Accuracy of {whole}", "accuracy", "final", tuple(strip.lines), total, lambda: spelled)


def _one(ledger: Ledger, ref: Ref) -> Receipt:
    header, record = ledger.header, record_at(ledger, ref.batch)
    row, names = record.rows[ref.sample - 1], header.layers[-1].neurons
    here, there = said(ledger, ref.batch, ref.sample), meant(ledger, ref.batch, ref.sample)
    place = here if len(names) > 1 else 0
    target = float(header.targets[row, place])
    strip = Strip("The class", ref)
    for column, name in enumerate(names):
        output = float(record.outputs[-1][ref.sample - 1, column])
        label = f"Prediction {name}" if len(names) == 1 else f"Prediction for {class_name(header, column)}"
        strip.put(label, "max" if column else "", output, Ref("predict", name, ref.batch, ref.sample))
    largest = float(record.outputs[-1][ref.sample - 1, place])
    strip.result(f"Says {class_name(header, here)}", largest, "1 from 0.5 on" if len(names) == 1 else "largest", True)
    is_no = len(names) == 1 and not here
    origin = Ref("target", names[place], 0, row + 1)
    if is_no:
        strip.put("Nothing but 1", "", 1.0, Ref("setting", "right"))
    strip.put(f"Target: it is {class_name(header, there)}", "-" if is_no else "", target, origin)
    value = 1.0 - target if is_no else target
    verdict = "right" if here == there else "wrong"
    strip.result(f"Says {class_name(header, here)}, is {class_name(header, there)}: {verdict}", value, "", True)
    strip.name_last(ref)
    text = f"1.0 - {literal(target)}" if is_no else literal(target)
    title = f"Accuracy, {whereabouts(ref)}"
    return Receipt(title, "accuracy", "final", tuple(strip.lines), value, lambda: text)
