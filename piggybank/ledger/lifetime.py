"""The account of the whole run: how far each data row moved a weight, in its own commits and all later ones."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from piggybank.ledger import bank
from piggybank.ledger.at_hand import at_hand
from piggybank.ledger.lasting import history, prepared
from piggybank.ledger.records import Weight
from piggybank.ledger.tables import batches_in_words, lifetime_text
from piggybank.ledger.ways import way_of
from piggybank.ordered import Array
from piggybank.progress import progress
from piggybank.wording import counted

if TYPE_CHECKING:
    from piggybank.ledger.ledger import Ledger


@dataclass(frozen=True)
class LifetimeShare:
    """How far a data row moved a weight, or all weights together as sizes, over the whole run."""

    row: int
    name: str
    value: float


class Lifetime(list[LifetimeShare]):
    """The rows of the data, the one that moved most first; `str()` of them is a table that adds up.

    weight: what they moved, "" for all weights. last: the last batch that counts.
    """

    def __init__(self, weight: str, last: int, shares: Iterable[LifetimeShare]) -> None:
        super().__init__(shares)
        self.weight, self.last = weight, last

    def __repr__(self) -> str:
        what = self.weight or "all weights"
        return f"<{counted(len(self), 'row')} by what they moved {what}, {self.when}; print() shows them>"

    def __str__(self) -> str:
        return lifetime_text(self)

    @property
    def when(self) -> str:
        """Which batches count."""
        return batches_in_words(1, self.last) if self.last else "no batch yet"


def lifetime(ledger: Ledger, name: str = "", last: int | None = None) -> Lifetime:
    """The rows of the data by what their coins moved over the whole run, or up to batch `last`: the largest first.

    name: of a weight, whose movements are signed; left out, the sizes of the row's movements of all weights, coin by
    coin. A coin counts with all that it does in its own commit and, where the rule remembers, in those that follow.
    """
    header, last = ledger.header, len(ledger) if last is None else last
    moved = moved_by(ledger, ledger.weight(name), last) if name else sizes(ledger, last)
    totals = dict.fromkeys(range(header.rows), 0.0)
    for batch in range(1, last + 1):
        for row, value in zip(ledger.rows_of(batch), moved[batch], strict=True):
            totals[row] = totals[row] + value
    ranked = sorted(totals.items(), key=lambda pair: (-abs(pair[1]) if pair[1] == pair[1] else -math.inf, pair[0]))
    return Lifetime(name, last, (LifetimeShare(row, header.row_names[row], value) for row, value in ranked))


def moved_by(ledger: Ledger, weight: Weight, last: int) -> list[list[float]]:
    """For each batch, at its number, how far each of its coins moved a weight."""
    parts, coins = whole_parts(ledger, weight, last), history(ledger, weight, last).coins
    return [[coin * part for coin in batch] for batch, part in zip(coins, parts, strict=False)]


def whole_parts(ledger: Ledger, weight: Weight, last: int) -> list[float]:
    """For each batch, at its number, what part of its coins moved the weight, in that commit and all later ones up to
    `last` together."""
    found, later = history(ledger, weight, last), later_parts(ledger, weight, last)
    return [part * take + now for part, take, now in zip(later, found.take, found.now, strict=False)]


def later_parts(ledger: Ledger, weight: Weight, last: int) -> list[float]:
    """For each batch, at its number, what part of what it saved moved the weight, then and up to `last`:
    give(batch) + keep(batch + 1) × (that part for batch + 1)."""
    found = history(ledger, weight, last)
    parts, later, keep = [0.0] * (last + 1), 0.0, 0.0
    for batch in range(last, 0, -1):
        parts[batch] = later = found.give[batch] + keep * later
        keep = found.keep[batch]
    return parts


def movements(ledger: Ledger, last: int, first: int = 1) -> Iterator[tuple[int, Array]]:
    """Batch by batch, from the last back to the first, how far each coin moved each weight in the commits up to `last`:
    (samples, weights), these as in the vector of all weights. Nothing of that size is kept."""
    header, way = ledger.header, way_of(ledger.header)
    later: Any = 0.0
    keep: Any = 0.0
    for batch in progress(range(last, first - 1, -1), "batch"):
        values, record = ledger.commit_at(batch), ledger.batch(batch)
        with np.errstate(all="ignore"):
            kept, take, give, now = (formula.on_arrays(values) for formula in way.numbers)
            later, keep = give + keep * later, kept
            coins = prepared(way, values["count"], way.left.on_arrays(values), bank.every_slice(header, record))
            moved = coins * (later * take + now)
        yield batch, moved


@at_hand(32)
def sizes(ledger: Ledger, last: int) -> list[list[float]]:
    """For each batch, at its number, how far its samples' coins moved all weights together, as sizes."""
    found = [[0.0]] * (last + 1)
    for batch, moved in movements(ledger, last):
        found[batch] = np.add.accumulate(np.abs(moved), axis=1)[:, -1].tolist()
    return found
