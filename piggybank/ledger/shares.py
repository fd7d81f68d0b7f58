"""Who put in how much over an epoch: the coins of each data row for one weight."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from piggybank.ledger import bank
from piggybank.ledger.records import Header, Weight

if TYPE_CHECKING:
    from piggybank.ledger.ledger import Ledger


@dataclass(frozen=True)
class Share:
    """One data row's coin for one weight in one batch; sample is its place in the batch."""

    batch: int
    sample: int
    row: int
    value: float


def shares_of(ledger: Ledger, weight: Weight, batches: Iterable[int]) -> list[Share]:
    """Every coin that those batches put into a weight's bank, in order."""
    found = []
    for batch in batches:
        record = ledger.batch(batch)
        values = bank.slices(ledger.header, record, weight).tolist()
        for sample, (row, value) in enumerate(zip(record.rows, values, strict=True), 1):
            found.append(Share(batch, sample, row, value))
    return found


def row_totals(shares: Iterable[Share]) -> dict[int, float]:
    """What each row put in, added in order from +0.0; largest first."""
    totals: dict[int, float] = {}
    for share in shares:
        totals[share.row] = totals.get(share.row, 0.0) + share.value
    return dict(sorted(totals.items(), key=lambda pair: (-abs(pair[1]), pair[0])))


def epoch_batches(header: Header, epoch: int, last: int) -> range:
    """The numbers of an epoch's batches up to and including batch `last`."""
    first = (epoch - 1) * header.batches_per_epoch + 1
    return range(first, min(first + header.batches_per_epoch, last + 1))
