"""Whether a run has the number that a reference names: asked before its receipt is opened, refused in a sentence."""

from __future__ import annotations

from numbers import Integral
from typing import TYPE_CHECKING, Any

from piggybank.ledger.commit_receipts import PAGE
from piggybank.ledger.counting import is_count
from piggybank.ledger.leaf_receipts import COUNTED
from piggybank.ledger.lifetime_receipts import LATER, LEFT
from piggybank.ledger.lines import CANCELLED, IN, OUT, Ref
from piggybank.ledger.measured import count_at
from piggybank.ledger.records import LedgerError
from piggybank.ledger.way_receipts import PART
from piggybank.wording import quote, suggestion

if TYPE_CHECKING:
    from piggybank.ledger.ledger import Ledger

OF_WEIGHT = ("slice", "bank", "kept", "commit", "micro", "lasting", "initial")
"""Kinds of numbers that belong to a weight."""
OF_WEIGHT_OR_ALL = ("share", "lifetime")
OF_NEURON = ("predict", "blame")
OF_BATCH = ("blame", "slice", "bank", "kept", "commit", "schedule", "whole", "micro", "lasting")
"""Kinds that are of one committed batch."""
MEASURED = ("predict", "shared", "loss", "accuracy")
"""Kinds that are of a batch, or with a minus of all rows with the weights which it met."""
PARTS = {
    "predict": ("", "sum"),
    "bank": ("", IN, OUT, CANCELLED),
    "share": ("", IN, OUT, CANCELLED),
    "lifetime": ("", PART, LATER, LEFT),
    "data": ("", "measured", "centre", "power"),
    **dict.fromkeys(("shared", "loss", "accuracy", "blame", "slice", "kept", "schedule", "whole"), ("",)),
    **dict.fromkeys(("micro", "target"), ("",)),
}
"""The parts that numbers of a kind have; of the kinds left out, their receipts know."""
WHOLE = "batches and samples are counted by whole numbers"


def check_batch(ledger: Ledger, batch: object, first: int) -> None:
    """LedgerError for a batch that the ledger does not hold. first: the lowest that is meant, 0 or 1."""
    if type(batch) is int and first <= batch <= len(ledger.storage):
        return
    if not (is_count(batch) and first <= int(batch) <= len(ledger)):
        held = f"batches {first} to {len(ledger)}" if len(ledger) else "no batch yet"
        advice = "train further or ask for an earlier one"
        if len(ledger) and not (is_count(batch) and int(batch) > first):
            advice = f"try batch {first if is_count(batch) else 1}"
        raise LedgerError(f"the ledger holds {held}, got batch {quote(batch)}; {advice}")


def check(ledger: Ledger, ref: Ref) -> None:
    """LedgerError when there is no such name, batch, sample or part. Lines of a rule are checked by their receipts."""
    for number in (ref.batch, ref.sample, 0 if ref.banked is None else ref.banked):
        if not isinstance(number, Integral):
            raise LedgerError(f"{WHOLE}, got {quote(number)}; try 1")
    _check_name(ledger, ref)
    _check_batch_of(ledger, ref)
    _check_sample(ledger, ref)
    _check_banked(ledger, ref)
    parts = PARTS.get(ref.kind, (ref.part,))
    if ref.part not in parts:
        raise LedgerError(
            f"a number of the kind {quote(ref.kind)} has no part {quote(ref.part)}; try {quote(parts[-1])}"
        )
    if ref.kind == "share" and bool(ref.part) != (ref.sample == 0):
        raise LedgerError(
            f"what a row put in is all of its coins, and a part is of all rows; try sample=0, part={IN!r}"
        )


def check_kinds(ref: Any) -> None:
    """LedgerError for what is no reference, and for one whose parts are of other kinds than a reference's."""
    if not isinstance(ref, Ref):
        raise LedgerError(f"a number is opened by its reference, such as a line's origin, got {quote(ref)}")
    for what, text in (("kind", ref.kind), ("name", ref.name), ("part", ref.part)):
        if not isinstance(text, str):
            raise LedgerError(f"the {what} of a reference is a text, got {quote(text)}")
    for number in (ref.batch, ref.sample, 0 if ref.banked is None else ref.banked, ref.line_number):
        if not isinstance(number, Integral):
            raise LedgerError(f"{WHOLE}, got {quote(number)}; try 1")


def _check_name(ledger: Ledger, ref: Ref) -> None:
    header = ledger.header
    if ref.kind in OF_WEIGHT or (ref.kind in OF_WEIGHT_OR_ALL and ref.name):
        ledger.weight(ref.name)
    elif ref.kind in OF_NEURON and ref.name not in header.neurons:
        raise _unknown("neuron", ref, list(header.neurons))
    elif ref.kind == "data" and ref.name not in header.layers[0].sources:
        raise _unknown("input", ref, list(header.layers[0].sources))
    elif ref.kind == "target" and ref.name not in header.layers[-1].neurons:
        raise _unknown("output", ref, list(header.layers[-1].neurons))


def _unknown(what: str, ref: Ref, known: list[str]) -> LedgerError:
    return LedgerError(f"there is no {what} called {quote(ref.name)}; {suggestion(ref.name, known)}")


def _check_batch_of(ledger: Ledger, ref: Ref) -> None:
    held = len(ledger)
    is_set = ref.kind == "setting" and ref.name in COUNTED and ref.name != "repeats"
    if ref.kind in OF_BATCH or is_set or (ref.kind in MEASURED and ref.batch >= 0):
        _check_span("the ledger holds", "batch", 1, held, ref.batch)
    elif ref.kind in MEASURED:
        _check_span("all rows can be measured with the weights before", "batch", 1, held + 1, -ref.batch)
    elif ref.kind == "setting" and ref.name == "count":
        _check_span("samples are counted in", "batch", -held - 1, held, ref.batch)
    elif ref.kind == "share":
        _check_span("coins are added up over", "epoch", 0, ledger.header.epoch(held) if held else 0, ref.batch)


def _check_sample(ledger: Ledger, ref: Ref) -> None:
    header, place = ledger.header, f"batch {ref.batch} has"
    if ref.kind in (*MEASURED, "blame", "slice", "bank", "kept"):
        first = 0 if ref.kind in ("loss", "accuracy", "bank", "kept") else 1
        what, place = ("sample", place) if ref.batch > 0 else ("row", "the data has")
        _check_span(place, what, first, count_at(ledger, ref.batch), ref.sample)
    elif ref.kind == "micro" or (ref.kind == "setting" and ref.name == "micro_count"):
        most = -(-header.count(ref.batch) // header.micro_size)
        _check_span(place, "micro-batch", int(ref.kind == "setting"), most, ref.sample)
    elif ref.kind == "whole":
        _check_span("all weights stand on", "page", 0, -(-len(header.weights) // PAGE), ref.sample)
    elif ref.kind == "lasting":
        _check_span(f"batch {ref.batch} follows", "batch", 0, ref.batch, ref.sample)
    elif ref.kind in ("data", "target", "share"):
        first = 0 if ref.kind == "share" and ref.name and ref.batch else 1
        _check_span("the data has", "row", first, header.rows, ref.sample)


def _check_banked(ledger: Ledger, ref: Ref) -> None:
    if ref.banked is None:
        return
    if ref.kind in ("slice", "bank", "kept", "commit"):
        _check_span("the bank holds", "sample", 0, ledger.header.count(ref.batch), ref.banked)
    elif ref.kind in ("share", "lasting"):
        _check_span("the ledger holds", "batch", int(ref.kind == "lasting"), len(ledger), ref.banked)


def _check_span(place: str, what: str, first: int, last: int, got: int) -> None:
    if not first <= got <= last:
        many = f"{what}es" if what.endswith("batch") else f"{what}s"
        span = f"{many} {first} to {last}" if first <= last else f"no {what} yet"
        raise LedgerError(f"{place} {span}, got {what} {quote(got)}")
