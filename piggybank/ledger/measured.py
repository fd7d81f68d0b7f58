"""All rows of the data looked at with the weights of one moment: how good the network was then, with nothing learned.

Such a look is recorded nowhere, it is derived from the recorded weights in the same order of operations. Its
references are those of a batch with a minus: batch -3 means all rows, with the weights that batch 3 met; the sample
is the row.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from piggybank.ledger.lines import Ref
from piggybank.ledger.losses import mean, sample_losses
from piggybank.ledger.records import BatchRecord, LedgerError, read_only
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


@lru_cache(maxsize=16)
@np.errstate(all="ignore")
def _look(ledger: Ledger, batch: int) -> tuple[BatchRecord, float]:
    """The look, and its mean loss: everything left to right from +0.0, as receipts add it."""
    header = ledger.header
    if batch == 0:
        raise LedgerError("batches are counted from 1, got batch 0")
    weights = ledger.weights_at(-batch - 1)
    outputs: list[Array] = []
    values = sums = header.inputs
    for layer, matrix in zip(header.layers, weights, strict=True):
        sums = weighted_sums(with_one(values) if layer.has_bias else values, matrix)
        known = layer.shared.on_arrays({"z": sums}, axis=1)
        values = np.broadcast_to(np.asarray(layer.value.on_arrays(known), dtype=np.float64), sums.shape).copy()
        outputs.append(read_only(values))
    losses = sample_losses(header, values, header.targets, sums)
    everyone = tuple(range(header.rows))
    record = BatchRecord(batch, header.epoch(-batch), everyone, tuple(outputs), (), tuple(weights), ())
    return record, mean(losses)
