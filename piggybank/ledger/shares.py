"""Who put in how much: the coins of each data row over an epoch, for one weight or all, and how far they cancelled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from piggybank.ledger import bank
from piggybank.ledger.at_hand import at_hand
from piggybank.ledger.lines import IN, OUT
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
    end = epoch * header.batches_per_epoch - header.skip
    return range(max(1, end - header.batches_per_epoch + 1), min(end, last) + 1)


def epochs_until(header: Header, last: int) -> range:
    """The epochs that batches 1 to `last` belong to."""
    return range(header.epoch(1), header.epoch(last) + 1) if last else range(0)


@at_hand(4096)
def epoch_totals(ledger: Ledger, name: str, batches: range) -> dict[int, float]:
    """What each row put into a weight in those batches of an epoch; without a name the sizes of all its coins."""
    return row_totals(shares_of(ledger, ledger.weight(name), batches)) if name else row_sizes(ledger, batches)


@at_hand(64)
def run_totals(ledger: Ledger, name: str, last: int) -> dict[int, float]:
    """What each row put into a weight (without a name: the sizes of all its coins) over batches 1 to `last`, added
    epoch by epoch from +0.0; the largest first."""
    totals: dict[int, float] = {}
    for epoch in epochs_until(ledger.header, last):
        for row, value in epoch_totals(ledger, name, epoch_batches(ledger.header, epoch, last)).items():
            totals[row] = totals.get(row, 0.0) + value
    return dict(sorted(totals.items(), key=lambda pair: (-abs(pair[1]), pair[0])))


# Cancelling -----------------------------------------------------------------------------------------------------------


def of_sign(coin: float, part: str) -> bool:
    """Whether a coin counts for the part `IN` (above zero) or `OUT` (below); all count for ""."""
    return {IN: coin > 0, OUT: coin < 0}.get(part, True)


def side(ledger: Ledger, weight: Weight, batch: int, part: str, banked: int | None = None) -> float:
    """The coins of one sign in a weight's bank (the first `banked`, all when None), added in order from +0.0."""
    total = 0.0
    for coin in bank.slices(ledger.header, ledger.batch(batch), weight)[:banked].tolist():
        total += coin if of_sign(coin, part) else 0.0
    return total


# All weights ----------------------------------------------------------------------------------------------------------


def row_coins(ledger: Ledger, row: int, batches: Iterable[int]) -> Iterator[tuple[str, Share]]:
    """Every coin that a row put into any bank in those batches, with its weight's name: batch by batch, layer by
    layer, source by source."""
    header = ledger.header
    weights = sorted(header.weights, key=lambda weight: (weight.layer, weight.row, weight.column))
    for batch in batches:
        record = ledger.batch(batch)
        for sample in (place for place, found in enumerate(record.rows, 1) if found == row):
            layers = [bank.all_slices(header, record, layer, sample) for layer in range(len(header.layers))]
            for weight in weights:
                value = float(layers[weight.layer][weight.row, weight.column])
                yield weight.name, Share(batch, sample, row, value)


@np.errstate(all="ignore")
def row_sizes(ledger: Ledger, batches: Iterable[int]) -> dict[int, float]:
    """For each row of those batches the sizes of all its coins, added from +0.0 in the order of `row_coins`."""
    header = ledger.header
    totals: dict[int, float] = {}
    for batch in batches:
        record = ledger.batch(batch)
        for sample, row in enumerate(record.rows, 1):
            coins = [bank.all_slices(header, record, layer, sample).ravel() for layer in range(len(header.layers))]
            sizes = np.abs(np.concatenate([[totals.get(row, 0.0)], *coins]))
            totals[row] = float(np.add.accumulate(sizes)[-1])
    return totals
