"""Trouble: numbers that are no longer numbers, traced to where it began.

A number beyond about 1.8e308 becomes infinite; inf - inf, 0 × inf and 0 ÷ 0 are not a number. Both spread to all that
is computed from them, so what matters is the first.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from piggybank.ledger import bank
from piggybank.ledger.lines import Ref
from piggybank.ledger.loss_receipts import sample_loss
from piggybank.ledger.recipe_words import word
from piggybank.ledger.records import BatchRecord, Header, Weight, split
from piggybank.ledger.sources import weighted_sum
from piggybank.ledger.storage import InMemory
from piggybank.ledger.weights import weight_in
from piggybank.ordered import Array
from piggybank.recipe import Reduction

if TYPE_CHECKING:
    from piggybank.ledger.ledger import Ledger

CALM = 1e100
"""Outputs and targets up to this size make no loss that overflows."""
RAW = 16
"""Inputs beyond this size that were not scaled are likely why numbers grow."""
TOO_LARGE = "too large for a number of 64 bits, which end at about 1.8e308"
NO_NUMBER = "inf − inf, 0 × inf or 0 ÷ 0, which no number can stand for"
SMALLER = "go back and take a smaller learning rate, or clip the coins"
SCALED = f"{SMALLER}, or bring the inputs nearer to 0 with load(…, scale=True)"
EPSILON = "go back and give the rule a larger epsilon"
OTHER_DIVISOR = "go back and let the rule divide by something that is never 0"


@dataclass(frozen=True)
class Trouble:
    """batch: where it happened; sample: which (0: in the commit); ref: the number's receipt; what: the number in words;
    why and advice: the cause, and what to try."""

    batch: int
    sample: int
    ref: Ref
    what: str
    value: float
    why: str
    advice: str

    @property
    def where(self) -> str:
        if self.ref.kind == "loss" and not self.sample:
            return f"batch {self.batch}"
        return f"batch {self.batch}, sample {self.sample}" if self.sample else f"the commit of batch {self.batch}"

    def __str__(self) -> str:
        return f"{self.what} in {self.where} is {self.value}: {self.why}; {self.advice}"


# Is there any? --------------------------------------------------------------------------------------------------------


def calm_limit(header: Header) -> float:
    """Weights up to this size cannot make a number of their batch overflow."""
    largest = max(1.0, float(np.abs(header.inputs).max(initial=0.0)))
    if float(np.abs(header.targets).max(initial=0.0)) > CALM:
        return 0.0
    limit: float = 10.0 ** (120 / (len(header.layers) + 1)) / largest
    return limit


def first_trouble(ledger: Ledger, first: int, last: int, limit: float) -> Trouble | None:
    """The first number of the batches that is infinite or not a number; None for none. limit: see `calm_limit`."""
    batch = first_troubled(ledger, first, last, limit)
    if ledger.kept_every > 1 and batch > 1 and is_troubled(ledger, batch - 1):
        batch -= 1  # its weights were not looked at, which would take as long as training
    return first_culprit(ledger, batch) if batch else None


def first_troubled(ledger: Ledger, first: int, last: int, limit: float) -> int:
    """The first of the batches in which a number is infinite or not a number; 0 for none. limit: see `calm_limit`."""
    if ledger.kept_every > 1:
        return next((batch for batch in range(first, last + 1) if _passes_on(ledger, batch)), 0)
    for block in states(ledger, first, last):
        batches = range(first, first + len(block))
        if not bool(np.abs(block).max() < limit):  # nan is not below it
            found = next((batch for batch in batches if is_troubled(ledger, batch)), 0)
            if found:
                return found
        first += len(block)
    return 0


def states(ledger: Ledger, first: int, last: int) -> Iterator[Array]:
    """The states after the batches from the first to the last, in blocks of a row each."""
    storage = ledger.storage
    if isinstance(storage, InMemory):
        yield from storage.states_between(first, last)
    else:
        yield from (storage.state(batch)[np.newaxis] for batch in range(first, last + 1))


def _passes_on(ledger: Ledger, batch: int) -> bool:
    """Whether an output, a blame or the loss of a batch is infinite or not a number: a large network keeps nothing else
    of every batch."""
    sizes = np.abs(ledger.storage.samples(batch))
    return not bool(sizes.max(initial=0.0) < CALM) and is_troubled(ledger, batch)


def is_troubled(ledger: Ledger, batch: int) -> bool:
    """Whether a number of the batch is infinite or not a number."""
    record = ledger.batch(batch)
    arrays = (*record.outputs, *record.blame, *record.weights_after)
    if not all(bool(np.isfinite(array).all()) for array in arrays):
        return True
    kept = [array for parts in ledger.memory_at(batch).values() for array in parts]
    return not (all(bool(np.isfinite(array).all()) for array in kept) and math.isfinite(ledger.batch_loss(batch)))


# Where did it begin? --------------------------------------------------------------------------------------------------


def first_culprit(ledger: Ledger, batch: int) -> Trouble | None:
    """The first number of a batch, in the order of calculation, that is infinite or not a number."""
    for sample, ref, what, value in _numbers(ledger, ledger.batch(batch)):
        if not math.isfinite(value):
            if _divides_by_zero(ledger, ref):
                why = f"{'0' if math.isnan(value) else 'a number'} ÷ 0, which no number can stand for"
                advice = EPSILON if "epsilon" in ledger.header.constants else OTHER_DIVISOR
                return Trouble(batch, sample, ref, what, value, why, advice)
            why = NO_NUMBER if math.isnan(value) else TOO_LARGE
            is_raw = not any(ledger.header.scaling) and bool(np.abs(ledger.header.inputs).max() > RAW)
            return Trouble(batch, sample, ref, what, value, why, SCALED if is_raw else SMALLER)
    return None


def _divides_by_zero(ledger: Ledger, ref: Ref) -> bool:
    """Whether a commit's number comes about by a division by 0."""
    return ref.kind == "commit" and any(line.operator == "/" and line.value == 0 for line in ledger.open(ref).lines)


def _numbers(ledger: Ledger, record: BatchRecord) -> Iterator[tuple[int, Ref, str, float]]:
    """Sample, reference, words and value of a batch's numbers, as they come to be; of those that belong to a weight, of
    which there are many, only the ones that are infinite or not a number."""
    header, batch = ledger.header, record.batch
    last = len(header.layers) - 1
    for sample in range(1, record.count + 1):
        for layer, info in enumerate(header.layers):
            for column, name in enumerate(info.neurons):
                whole = Ref("predict", name, batch, sample)
                z = weighted_sum(ledger, name, batch, sample)
                yield sample, whole.of_part("sum"), f"The weighted sum of {name}", z
                yield sample, whole, f"The output of {name}", float(record.outputs[layer][sample - 1, column])
        yield sample, Ref("loss", "", batch, sample), "The loss", sample_loss(ledger, batch, sample)
        for layer in range(last, -1, -1):
            for column, name in enumerate(header.layers[layer].neurons):
                blame = float(record.blame[layer][sample - 1, column])
                yield sample, Ref("blame", name, batch, sample), f"The blame of {name}", blame
        coins = [bank.all_slices(header, record, layer, sample) for layer in range(last + 1)]
        for weight, coin in _not_finite(header, coins):
            yield sample, Ref("slice", weight.name, batch, sample), f"The coin for {weight.name}", coin
    yield from _commit_numbers(ledger, record)
    yield 0, Ref("loss", "", batch, 0), "The mean loss", ledger.batch_loss(batch)


def _commit_numbers(ledger: Ledger, record: BatchRecord) -> Iterator[tuple[int, Ref, str, float]]:
    header, batch = ledger.header, record.batch
    totals = [bank.totals(header, record, layer) for layer in range(len(header.layers))]
    for weight, total in _not_finite(header, totals):
        yield 0, Ref("bank", weight.name, batch, record.count), f"The bank of {weight.name}", total
    values, shapes = ledger.commit_at(batch), [layer.shape for layer in header.layers]
    for name, line in header.recipe.lines:
        if isinstance(line, Reduction):
            yield 0, Ref("whole", name, batch), f"“{word(header, name)}”", float(values[name])
            continue
        part = "" if name == "after" else name
        for weight, value in _not_finite(header, split(np.broadcast_to(values[name], len(header.weights)), shapes)):
            words = f"The weight {weight.name}" if name == "after" else f"“{word(header, name)}” of {weight.name}"
            yield 0, Ref("commit", weight.name, batch, part=part), words, value


def _not_finite(header: Header, numbers: Sequence[Array]) -> Iterator[tuple[Weight, float]]:
    """The weights whose number is infinite or not a number, in their order. numbers: per layer, like its weights."""
    for layer, matrix in enumerate(numbers):
        for column, row in np.argwhere(~np.isfinite(matrix.T)).tolist():
            yield weight_in(header.layers, layer, row, column), float(matrix[row, column])
