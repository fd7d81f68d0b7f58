"""All rows of the data looked at with the weights of one moment: how good the network was then, with nothing learned.

Such a look is recorded nowhere, it is derived from the recorded weights in the same order of operations. Its
references are those of a batch with a minus: batch -3 means all rows, with the weights that batch 3 met; the sample
is the row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from piggybank.ledger.at_hand import at_hand
from piggybank.ledger.counting import Accuracy, count_right, targets_are_classes
from piggybank.ledger.lines import Ref
from piggybank.ledger.losses import mean, sample_losses
from piggybank.ledger.records import BatchRecord, Header, LedgerError, read_only
from piggybank.ordered import Array, weighted_sums, with_one

if TYPE_CHECKING:
    from piggybank.ledger.ledger import Ledger


def record_at(ledger: Ledger, batch: int) -> BatchRecord:
    """The record of a batch, or for a batch with a minus the look at all rows before it (its blame is empty)."""
    return ledger.batch(batch) if batch > 0 else _look(ledger, batch)[0]


def count_at(ledger: Ledger, batch: int) -> int:
    """How many samples `record_at` holds."""
    return ledger.header.count(batch) if batch > 0 else ledger.header.rows


def met(batch: int) -> str:
    """Which weights such a look takes, in words."""
    return f"weights before batch {-batch}"


def whereabouts(ref: Ref) -> str:
    """Where a number was measured, in words."""
    return f"batch {ref.batch}, sample {ref.sample}" if ref.batch > 0 else f"row {ref.sample}, {met(ref.batch)}"


def data_loss(ledger: Ledger, batch: int) -> float:
    """The mean loss of all rows with the weights that batch `batch` met; the receipt is that of the loss of -batch."""
    return _look(ledger, -batch)[1]


@dataclass(frozen=True)
class Measure:
    """How good a network was on some rows: their mean loss, and how many it put into their class (None: no classes)."""

    loss: float
    accuracy: Accuracy | None


def measure(ledger: Ledger, batch: int, inputs: Array, targets: Array) -> Measure:
    """Rows that need not be the run's own, such as those held back, with the weights after batch `batch` (0: initial).

    inputs: (rows, inputs), targets: (rows, outputs). Everything is added left to right from +0.0.
    """
    weights = ledger.weights_at(batch)
    with np.errstate(all="ignore"):
        outputs, sums = forward(ledger.header, weights, inputs)
        losses = sample_losses(ledger.header, outputs[-1], targets, sums)
    classes = targets_are_classes(ledger.header, targets)
    return Measure(mean(losses), count_right(outputs[-1], targets) if classes else None)


def forward(header: Header, weights: Sequence[Array], inputs: Array) -> tuple[list[Array], Array]:
    """Every layer's outputs for some rows, and the weighted sums of the last. numpy warns of numbers that overflow."""
    outputs: list[Array] = []
    values = sums = inputs
    for layer, matrix in zip(header.layers, weights, strict=True):
        sums = weighted_sums(with_one(values) if layer.has_bias else values, matrix)
        known = layer.shared.on_arrays({"z": sums}, axis=1)
        values = np.broadcast_to(np.asarray(layer.value.on_arrays(known), dtype=np.float64), sums.shape).copy()
        outputs.append(read_only(values))
    return outputs, sums


@at_hand(16)
@np.errstate(all="ignore")
def _look(ledger: Ledger, batch: int) -> tuple[BatchRecord, float]:
    """The look, and its mean loss, as receipts add it."""
    header = ledger.header
    if batch == 0:
        raise LedgerError("batches are counted from 1, got batch 0")
    weights = ledger.weights_at(-batch - 1)
    outputs, sums = forward(header, weights, header.inputs)
    losses = sample_losses(header, outputs[-1], header.targets, sums)
    everyone = tuple(range(header.rows))
    return BatchRecord(batch, header.epoch(-batch), everyone, tuple(outputs), (), tuple(weights), ()), mean(losses)
