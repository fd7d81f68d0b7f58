"""What coins do for more than a moment: under rules with memory an adjustment is made of today's coins and of old ones.

A coin of batch t has the part give(T) × keep(T) × … × keep(t + 1) × take(t) of itself in the adjustment of T; what
these numbers are stands in `ways`. All shares together differ from the adjustment by what was rounded away, never by
more: whatever is larger would be a falsehood, and is refused.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from piggybank.ledger import bank
from piggybank.ledger.at_hand import at_hand
from piggybank.ledger.commit_receipts import memory_value
from piggybank.ledger.records import LedgerError, Weight
from piggybank.ledger.tables import lasting_text
from piggybank.ledger.ways import Way, way_of
from piggybank.ledger.weights import place_of
from piggybank.ordered import Array
from piggybank.progress import progress
from piggybank.wording import counted

if TYPE_CHECKING:
    from piggybank.ledger.ledger import Ledger

Values = dict[str, float]
ROUNDED = "Rounded away"
DECAY = "Weight decay, the house coin"
ULP, LEAST = 2.0**-52, 2.0**-1074
"""Of 1.0, and the smallest number above 0."""


@dataclass(frozen=True)
class LastingShare:
    """What one coin, or what is no sample's, has in an adjustment. batch, sample, row: of the coin; sample 0 for the
    house coin of a batch, batch 0 for what was there before the run; row -1 where there is none."""

    batch: int
    sample: int
    row: int
    what: str
    value: float

    @property
    def label(self) -> str:
        """Where it is from, in words."""
        if self.sample:
            return f"Batch {self.batch}, sample {self.sample} ({self.what})"
        return f"{self.what} of batch {self.batch}" if self.batch and self.what != ROUNDED else self.what


@at_hand(4096)
def values_of(ledger: Ledger, weight: Weight, batch: int) -> Values:
    """As `commit_values`, which is the same carried out for one weight."""
    place = place_of(ledger.header.layers, weight)
    found = ledger.commit_at(batch)
    return {name: float(value[place] if np.ndim(value) else value) for name, value in found.items()}


class Lasting(list[LastingShare]):
    """The shares in a batch's adjustment of a weight, in order; `str()` of them is a table that adds up to it."""

    def __init__(self, weight: str, batch: int, shares: Iterable[LastingShare]) -> None:
        super().__init__(shares)
        self.weight, self.batch = weight, batch

    def __repr__(self) -> str:
        coins = counted(sum(share.sample > 0 for share in self), "coin")
        return f"<{coins} in the adjustment of {self.weight}, batch {self.batch}; print() shows them>"

    def __str__(self) -> str:
        return lasting_text(self)


class History:
    """One weight's commits as a rule's way sees them, each looked at once; it goes on when the run does.

    keep, take, give, now: the numbers of each batch, at its number; coins: what its samples brought, as they are in
    the average after clipping.
    """

    def __init__(self, ledger: Ledger, weight: Weight) -> None:
        self._ledger, self._weight, self._way = ledger, weight, way_of(ledger.header)
        self.keep, self.take, self.give, self.now = ([0.0] for _ in range(4))
        self.coins: list[list[float]] = [[]]

    @np.errstate(all="ignore")
    def until(self, last: int) -> History:
        """This history, continued at least as far as batch `last`."""
        header, way = self._ledger.header, self._way
        for batch in progress(range(len(self.coins), last + 1), "batch"):
            values = values_of(self._ledger, self._weight, batch)
            numbers = [float(formula.on_arrays(values)) for formula in way.numbers]
            slices = bank.slices(header, self._ledger.batch(batch), self._weight)
            coins = prepared(way, values["count"], float(way.left.on_arrays(values)), slices).tolist()
            for kept, number in zip((self.keep, self.take, self.give, self.now), numbers, strict=True):
                kept[batch:] = [number]  # in place of what an interruption left here
            self.coins.append(coins)  # only now is the batch taken in
        return self


@at_hand(32)
def _history(ledger: Ledger, weight: Weight) -> History:
    return History(ledger, weight)


def history(ledger: Ledger, weight: Weight, last: int) -> History:
    """What became of a weight's coins up to a batch; LedgerError for a rule that is not known to pass coins on."""
    return _history(ledger, weight).until(last)


def prepared(way: Way, count: float, left: Any, slices: Array) -> Array:
    """What coins are of their batch's average after clipping."""
    result = slices / count if way.averaged else slices
    return result * left if way.clip else result


# An adjustment --------------------------------------------------------------------------------------------------------


def part_now(ledger: Ledger, weight: Weight, today: int, batch: int) -> float:
    """What part of a coin of `batch` is in the adjustment of `today`."""
    found = history(ledger, weight, today)
    if not way_of(ledger.header).memory:
        return found.now[today] if batch == today else 0.0
    part = kept_part(ledger, weight, today, batch) * found.take[batch]
    return part + found.now[today] if batch == today else part


def kept_part(ledger: Ledger, weight: Weight, today: int, batch: int) -> float:
    """give(today) × keep(today) × … × keep(batch + 1), in that order."""
    return _kept_parts(ledger, weight, today)[today - batch]


@at_hand(64)
def _kept_parts(ledger: Ledger, weight: Weight, today: int) -> list[float]:
    """`kept_part` of today and every batch before it, back to what was kept before the run."""
    found = history(ledger, weight, today)
    parts = [found.give[today]]
    for later in range(today, 0, -1):
        parts.append(parts[-1] * found.keep[later])
    return parts


def parts_of_batch(ledger: Ledger, weight: Weight, today: int, batch: int) -> list[LastingShare]:
    """What each coin of a batch, and its house coin where it has one, has in the adjustment of today: in order."""
    header, way, found = ledger.header, way_of(ledger.header), history(ledger, weight, today)
    factor, rows = part_now(ledger, weight, today, batch), ledger.batch(batch).rows
    shares = [
        LastingShare(batch, sample, row, header.row_names[row], coin * factor)
        for sample, (row, coin) in enumerate(zip(rows, found.coins[batch], strict=True), 1)
    ]
    if way.pulled:
        house = values_of(ledger, weight, batch)["house"]
        shares.append(LastingShare(batch, 0, -1, "House coin", house * factor))
    return shares


def lasting_shares(ledger: Ledger, name: str, today: int) -> list[LastingShare]:
    """Today's adjustment of a weight as a sum: what was kept before the run, every coin so far in order, the decay
    beside the rule's memory, and last what was rounded away. Added left to right from +0.0 they give the
    adjustment exactly. Raises LedgerError for a rule that is not known to pass coins on, and where numbers that are
    none, or no rounding, stand between the coins and the adjustment."""
    return list(_shares(ledger, ledger.weight(name), today))


@at_hand(16)
def _shares(ledger: Ledger, weight: Weight, today: int) -> tuple[LastingShare, ...]:
    way, values = way_of(ledger.header), values_of(ledger, weight, today)
    found = []
    if way.memory and way.memory in ledger.header.initial_memory:
        kept = memory_value(ledger, way.memory, weight, 0) * kept_part(ledger, weight, today, 0)
        found.append(LastingShare(0, 0, -1, "Kept before the run", kept))
    for batch in range(1 if way.memory else today, today + 1):
        found += parts_of_batch(ledger, weight, today, batch)
    if way.beside:
        found.append(LastingShare(today, 0, -1, DECAY, values["house"]))
    total = 0.0
    for share in found:
        total = total + share.value
    wanted = values["adjustment"]
    rests = roundings(total, wanted)
    problem = ""
    if not (math.isfinite(total) and math.isfinite(wanted)):
        problem = "coins can be followed only as far as all numbers are finite"
    elif abs(rests[0]) > most_rounded(ledger, weight, today, found):
        problem = "the coins so far do not account for this adjustment"
    if problem:
        raise LedgerError(
            f"{problem}: in batch {today} they add up to {total} and the adjustment of {weight.name} is {wanted}; "
            f"look at the commit by itself, ledger.receipt({weight.name!r}, batch={today})"
        )
    return (*found, *(LastingShare(today, 0, -1, ROUNDED, rest) for rest in rests))


def most_rounded(ledger: Ledger, weight: Weight, today: int, shares: list[LastingShare]) -> float:
    """How far rounding alone can take the sum of the shares from the adjustment.

    Into a share go 2 roundings for each commit on its way, and the rule makes as many in its memory; some two dozen go
    into its other lines and factors; and each share is added twice, into its bank and here. Every one takes at most
    half an ulp of something that is, as it reaches the adjustment, no larger than the sizes of all shares together.
    What is rounded among the smallest numbers above 0 is off by one of those, times what it is multiplied by.
    """
    way, found = way_of(ledger.header), history(ledger, weight, today)
    steps = 2 * len(shares) + 4 * today + 48
    sizes = [abs(share.value) for share in shares]
    parts = [abs(found.now[today])]
    if way.memory:  # what is passed on and what acts at once may have opposite signs
        sizes += [2 * abs(coin * found.now[today]) for coin in found.coins[today]]
        parts += map(abs, _kept_parts(ledger, weight, today))
    coins = [abs(coin) for batch in found.coins for coin in batch]
    return steps * (ULP / 2 * sum(sizes) + LEAST * max(1.0, *parts, *coins))


def roundings(total: float, wanted: float) -> list[float]:
    """Numbers that added to `total` one after the other give exactly `wanted`: one, or two where the coins cancel so
    far that the difference itself has to be rounded."""
    rest = wanted - total
    again = wanted - (total + rest)
    return [rest, again] if again and math.isfinite(again) else [rest]
