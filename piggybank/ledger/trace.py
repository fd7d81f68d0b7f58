"""One weight's whole history (Adjustment Trace) and what one epoch did (Epoch Summary)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from piggybank.ledger import bank
from piggybank.ledger.accuracy import accuracy, has_classes
from piggybank.ledger.counting import Accuracy, is_count
from piggybank.ledger.losses import mean, sample_losses, uses_sums
from piggybank.ledger.records import BatchRecord, LedgerError, Weight
from piggybank.ledger.shares import epoch_batches, row_sizes
from piggybank.ledger.tables import batches_in_words, epoch_text, trace_text
from piggybank.ordered import Array, weighted_sums
from piggybank.wording import counted, quote

if TYPE_CHECKING:
    from piggybank.ledger.ledger import Ledger


@dataclass(frozen=True, eq=False)
class AdjustmentTrace:
    """The whole history of one weight; `str()` of it is a table.

    weight: its name. values: (batches + 1,), the weight before the first batch and after each. totals: (batches,), what
    was in its bank at each commit: the batch's coins added up, not their average.
    `adjustments`: (batches,), after - before, rounded by that subtraction; the recipe's own adjustment is on the
    receipt.
    """

    weight: str
    values: Array
    totals: Array

    @property
    def adjustments(self) -> Array:
        result: Array = self.values[1:] - self.values[:-1]
        return result

    def __repr__(self) -> str:
        first, last = float(self.values[0]), float(self.values[-1])
        count = counted(len(self.totals), "commit")
        return f"<AdjustmentTrace of {self.weight}: from {first!r} to {last!r} in {count}; print() shows them>"

    def __str__(self) -> str:
        return trace_text(self)


@dataclass(frozen=True, eq=False)
class EpochSummary:
    """What one epoch did; `str()` of it is a table.

    epoch: its number. batches: the numbers of those of its batches that are committed. losses: the mean loss of each of
    them, measured with the weights before it.
    contributions: (rows,), in the order of the data: the sizes of a row's coins, |slice|, added up over the epoch's
    commits and all weights; 0 for a row whose turn is still to come.
    accuracy: of all their samples, with the weights before each batch; None when the targets are not classes.
    row_names: of the data, in its order."""

    epoch: int
    batches: tuple[int, ...]
    losses: tuple[float, ...]
    contributions: Array
    accuracy: Accuracy | None = None
    row_names: tuple[str, ...] = ()

    def __repr__(self) -> str:
        when = batches_in_words(self.batches[0], self.batches[-1])
        losses = " to ".join(f"{loss:.6g}" for loss in dict.fromkeys((self.losses[0], self.losses[-1])))
        return f"<EpochSummary of epoch {self.epoch}: {when}, loss {losses}; print() shows who put in how much>"

    def __str__(self) -> str:
        return epoch_text(self)


def adjustment_trace(ledger: Ledger, weight: Weight) -> AdjustmentTrace:
    """The history of one weight over all committed batches."""
    place = weight.layer, (weight.row, weight.column)
    values = np.array([ledger.weights_at(batch)[place[0]][place[1]] for batch in range(len(ledger) + 1)])
    totals = np.array([bank.running_totals(ledger.header, record, weight)[-1] for record in ledger])
    return AdjustmentTrace(weight.name, values, totals)


def epoch_summary(ledger: Ledger, epoch: int) -> EpochSummary:
    """What the committed batches of an epoch did; LedgerError when it has none."""
    header, last = ledger.header, len(ledger)
    if not (is_count(epoch) and epoch >= 1 and epoch_batches(header, int(epoch), last)):
        held = f"epochs 1 to {header.epoch(last)}" if last else "no batch yet"
        too_high = not last or (is_count(epoch) and epoch > 1)
        advice = "train further or ask for an earlier one" if too_high else "try epoch 1"
        raise LedgerError(f"the ledger holds {held}, got epoch {quote(epoch)}; {advice}")
    batches = tuple(epoch_batches(header, epoch, last))
    contributions = np.zeros(header.rows)
    for row, total in row_sizes(ledger, batches).items():
        contributions[row] = total
    losses = tuple(batch_loss(ledger, batch) for batch in batches)
    counted = [accuracy(ledger, batch) for batch in batches] if has_classes(header) else []
    right = Accuracy(sum(one.right for one in counted), sum(one.count for one in counted)) if counted else None
    return EpochSummary(epoch, batches, losses, contributions, right, header.row_names)


@np.errstate(all="ignore")
def batch_loss(ledger: Ledger, batch: int) -> float:
    """The mean loss of a batch's samples, added in order; each sample's is the sum over its outputs, in order."""
    header, sums = ledger.header, None
    weights = tuple(ledger.weights_at(batch - 1)) if uses_sums(header) else ()
    record = BatchRecord(batch, header.epoch(batch), *ledger.samples_of(batch), weights, ())
    if weights:
        sums = weighted_sums(bank.layer_inputs(header, record, len(header.layers) - 1), weights[-1])
    return mean(sample_losses(header, record.outputs[-1], header.targets[list(record.rows)], sums))
