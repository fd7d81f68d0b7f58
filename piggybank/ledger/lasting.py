"""What coins do for more than a moment: under rules with memory an adjustment is made of today's coins and of old ones.

A rule keeps one number per weight, m = keep × m + take × coin, and adjusts by give × m + now × coin, where coin is the
average coin as it is after clipping and with weight decay. SGD only has now = -rate; momentum keeps its friction, takes
1 and gives -rate; Adam gives -rate ÷ fill ÷ (root + epsilon): the numerator is split, under today's denominator.
So a coin of batch t has the part give(T) × keep(T) × … × keep(t + 1) × take(t) of itself in the adjustment of T.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from piggybank.arithmetic import divide
from piggybank.ledger import bank
from piggybank.ledger.commit_receipts import commit_values, memory_value
from piggybank.ledger.records import Header, LedgerError, Weight

if TYPE_CHECKING:
    from piggybank.ledger.ledger import Ledger

Values = dict[str, float]
ROUNDED = "Rounded away"


@dataclass(frozen=True)
class Way:
    """How a rule passes coins on. memory: the kept number's name, "" for none; coin: the name of the line that enters;
    the others give the numbers of a commit from its values."""

    memory: str
    coin: str
    keep: Callable[[Values], float]
    take: Callable[[Values], float]
    give: Callable[[Values], float]
    now: Callable[[Values], float]


@dataclass(frozen=True)
class LastingShare:
    """What one coin, or what is no sample's, has in an adjustment. batch, sample, row: of the coin; sample 0 for the
    house coin of a batch, batch 0 for what was there before the run; row -1 where there is none."""

    batch: int
    sample: int
    row: int
    what: str
    value: float


def _none(values: Values) -> float:
    return 0.0


def _one(values: Values) -> float:
    return 1.0


def _rate(values: Values) -> float:
    return -values["learning_rate"]


def way_of(header: Header) -> Way:
    """How the run's rule passes coins on; LedgerError for a recipe that does it in no way known here."""
    lines = {name: line.text for name, line in header.recipe.lines}
    first = next(iter(lines), "")
    plain = "average" if first == "average" and lines["average"] == "total / count" else "total"
    coin = next((name for name in ("pull", "clipped") if name in lines), plain)
    adjustment = lines["move"] if lines["adjustment"] == "house + move" else lines["adjustment"]
    root = f"-learning_rate * {coin} / (sqrt(square_jar) + epsilon)"
    saved = lines.get("savings") == f"old_savings + {coin}"
    if header.fault:
        adjustment = ""
    if adjustment == f"-learning_rate * {coin}":
        return Way("", coin, _none, _none, _none, _rate)
    if adjustment == "-learning_rate * savings" and saved:
        return Way("savings", coin, lambda v: v["friction"], _one, _rate, _none)
    if adjustment == "-learning_rate * look_ahead" and saved:
        return Way("savings", coin, lambda v: v["friction"], _one, lambda v: -v["learning_rate"] * v["friction"], _rate)
    if adjustment == root:
        return Way("", coin, _none, _none, _none, lambda v: divide(_rate(v), _root(v, "square_jar")))
    if adjustment == "-learning_rate * mean / (sqrt(square) + epsilon)":
        return Way(
            "mean_jar",
            coin,
            lambda v: v["keep_mean"],
            lambda v: 1.0 - v["keep_mean"],
            lambda v: divide(divide(_rate(v), v["mean_fill"]), _root(v, "square")),
            _none,
        )
    raise LedgerError(f"how {header.rule_name} passes coins on is not known; it is of SGD, Momentum, Adam and such")


def _root(values: Values, name: str) -> float:
    return float(np.sqrt(values[name])) + values["epsilon"]


@lru_cache(maxsize=4096)
def values_of(ledger: Ledger, weight: Weight, batch: int) -> Values:
    """As `commit_values`, kept for a while."""
    return commit_values(ledger, weight, batch)


def part_now(ledger: Ledger, weight: Weight, today: int, batch: int) -> float:
    """What part of a coin of `batch` is in the adjustment of `today`."""
    way = way_of(ledger.header)
    if not way.memory:
        return way.now(values_of(ledger, weight, today)) if batch == today else 0.0
    part = kept_part(ledger, weight, today, batch) * way.take(values_of(ledger, weight, batch))
    return part + way.now(values_of(ledger, weight, today)) if batch == today else part


def kept_part(ledger: Ledger, weight: Weight, today: int, batch: int) -> float:
    """give(today) × keep(today) × … × keep(batch + 1), in that order."""
    way = way_of(ledger.header)
    part = way.give(values_of(ledger, weight, today))
    for later in range(today, batch, -1):
        part = part * way.keep(values_of(ledger, weight, later))
    return part


def parts_of_batch(ledger: Ledger, weight: Weight, today: int, batch: int) -> list[LastingShare]:
    """What each coin of a batch, and its house coin where it has one, has in the adjustment of today: in order."""
    header, record, way = ledger.header, ledger.batch(batch), way_of(ledger.header)
    values, factor = values_of(ledger, weight, batch), part_now(ledger, weight, today, batch)
    found = []
    for sample, coin in enumerate(bank.slices(header, record, weight).tolist(), 1):
        row = record.rows[sample - 1]
        value = coin_in_average(header, values, coin) * factor
        found.append(LastingShare(batch, sample, row, header.row_names[row], value))
    if way.coin == "pull":
        found.append(LastingShare(batch, 0, -1, "House coin", values["house"] * factor))
    return found


def coin_in_average(header: Header, values: Values, coin: float) -> float:
    """What a coin is of its batch's average after clipping."""
    part = coin / values["count"] if "average" in values else coin
    if "shrink" in values:
        return part * values["shrink"]
    if "clipped" in values:
        whole = values["average"] if "average" in values else values["total"]
        return part * divide(values["clipped"], whole) if whole else part
    return part


def lasting_shares(ledger: Ledger, name: str, today: int) -> list[LastingShare]:
    """Today's adjustment of a weight as a sum: what was kept before the run, every coin so far in order, the decay
    beside the rule's memory, and last what was rounded away. Added left to right from +0.0 they give the
    adjustment exactly. Raises LedgerError for a rule that is not known to pass coins on."""
    weight, way = ledger.weight(name), way_of(ledger.header)
    values = values_of(ledger, weight, today)
    found = []
    if way.memory and way.memory in ledger.header.initial_memory:
        kept = memory_value(ledger, way.memory, weight, 0) * kept_part(ledger, weight, today, 0)
        found.append(LastingShare(0, 0, -1, "Kept before the run", kept))
    for batch in range(1 if way.memory else today, today + 1):
        found += parts_of_batch(ledger, weight, today, batch)
    if "move" in values:
        found.append(LastingShare(today, 0, -1, "Weight decay, the house coin", values["house"]))
    total = 0.0
    for share in found:
        total = total + share.value
    rests = roundings(total, values["adjustment"])
    return [*found, *(LastingShare(today, 0, -1, ROUNDED, rest) for rest in rests)]


def roundings(total: float, wanted: float) -> list[float]:
    """Numbers that added to `total` one after the other give exactly `wanted`: one, or two where the coins cancel so
    far that the difference itself has to be rounded."""
    rest = wanted - total
    again = wanted - (total + rest)
    return [rest, again] if again and math.isfinite(again) else [rest]


# The whole run --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LifetimeShare:
    """How far a data row moved a weight, or all weights together as sizes, over the whole run."""

    row: int
    name: str
    value: float


def lifetime(ledger: Ledger, name: str = "") -> list[LifetimeShare]:
    """The rows of the data by what their coins moved over the whole run, the largest first.

    name: of a weight, whose movements are signed; left out, the sizes of the row's movements of all weights, coin by
    coin. A coin counts with all that it does in its own commit and, where the rule remembers, in those that follow.
    """
    header = ledger.header
    weights = [ledger.weight(name)] if name else list(header.weights)
    totals = dict.fromkeys(range(header.rows), 0.0)
    for weight in weights:
        parts = whole_parts(ledger, weight)
        for batch in range(1, len(ledger) + 1):
            record, values = ledger.batch(batch), values_of(ledger, weight, batch)
            for row, coin in zip(record.rows, bank.slices(header, record, weight).tolist(), strict=True):
                moved = coin_in_average(header, values, coin) * parts[batch]
                totals[row] = totals[row] + (moved if name else abs(moved))
    ranked = sorted(totals.items(), key=lambda pair: (-abs(pair[1]), pair[0]))
    return [LifetimeShare(row, header.row_names[row], value) for row, value in ranked]


def whole_parts(ledger: Ledger, weight: Weight) -> dict[int, float]:
    """For each batch, what part of its coins moved the weight, in that commit and all later ones together."""
    way = way_of(ledger.header)
    parts, later, keep = dict[int, float](), 0.0, 0.0
    for batch in range(len(ledger), 0, -1):
        values = values_of(ledger, weight, batch)
        later = way.give(values) + keep * later
        keep = way.keep(values)
        parts[batch] = later * way.take(values) + way.now(values)
    return parts
