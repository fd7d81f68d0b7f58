"""A piggy bank: its drawing, the glass in its belly and the coins behind it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache

from piggybank.ledger import bank as banks
from piggybank.ledger.kept import old_coins, unemptied
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.records import Weight
from piggybank.stage.known import Known
from piggybank.stage.places import Bank
from piggybank.stage.scene import NOBODY, Box, Coin, Hit, Item, Picture

WINDOW_HALF = 0.47, 0.33
"""Half the width and height of the glass that coins may fill, as parts of its width."""
NUMBERED = 15.5
"""From this radius on a coin has room for its number."""
MOST_COINS = 18
"""A belly shows at most so many coins; more samples than that fill it in proportion."""
OLD_ALPHA = 0.6
"""How clearly a coin of an earlier batch is drawn that nobody took out."""


def halo(place: Bank) -> Box:
    """Behind the pig of the selected weight."""
    side = place.pig.w
    return Box(place.pig.x - 2, place.pig.y + side * 0.11, side + 4, side * 0.84)


def pig(place: Bank, stretch: float = 0.0, name: str = "piggy", alpha: float = 1.0) -> list[Item]:
    """The shadow and the pig."""
    box = place.pig
    items: list[Item] = [Picture("floor", box.cx, box.cy, box.w, alpha)] if alpha == 1.0 else []
    return [*items, Picture(name, box.cx, box.cy, box.w, alpha, stretch=stretch)]


def glass(place: Bank, stretch: float = 0.0, name: str = "piggy_glass", alpha: float = 1.0) -> Item:
    """The window's rim, over the coins."""
    return Picture(name, place.pig.cx, place.pig.cy, place.pig.w, alpha, stretch=stretch)


def coins_in(ledger: Ledger, weight: Weight, place: Bank, known: Known, lit: int = 0) -> list[Item]:
    """The coins behind the glass: one per banked sample, and grey ones that nobody took out. lit: the sample whose
    coin stands out, 0 for none."""
    keeps = bool(unemptied(ledger.header))
    if not keeps and (known.committed or known.banked == 0):
        return []
    record = ledger.batch(known.batch)
    slices = banks.slices(ledger.header, record, weight)
    most = _most_new(keeps, known)
    old = old_coins(ledger, weight, known.batch, MOST_COINS - min(known.count, most)) if keeps else ()
    spots = list(_spots(place, len(old) + min(known.count, most)))
    if known.count <= most:
        samples = list(range(1, known.banked + 1))
    else:
        shown = -(-known.banked * most // known.count)
        samples = [1 + place_ * known.banked // shown for place_ in range(shown)]
    largest = max((abs(v) for v in (*old, *map(float, slices[: known.banked])) if math.isfinite(v)), default=0.0)
    items: list[Item] = []
    for (x, y, whole), value in zip(spots, old, strict=False):
        radius = whole * size_factor(value, largest)
        items.append(Coin(x, y, radius, NOBODY, sign(value), numbered=False, alpha=0.3 if lit else OLD_ALPHA))
    for (x, y, whole), sample in zip(spots[len(old) :], samples, strict=False):
        value = float(slices[sample - 1])
        radius = whole * size_factor(value, largest)
        size, alpha = (whole * 1.3, 1.0) if sample == lit else (radius, 0.3 if lit else 1.0)
        shape = sign(value)
        items.append(Coin(x, y, size, known.number(sample), shape, numbered=radius >= NUMBERED, alpha=alpha))
    return items


def coin_places(ledger: Ledger, weight: Weight, place: Bank, known: Known) -> list[Hit]:
    """Where the single coins lie behind the glass, while each sample has one there."""
    if known.count > _most_new(bool(unemptied(ledger.header)), known):
        return []
    coins = [item for item in coins_in(ledger, weight, place, known) if isinstance(item, Coin) and item.sample]
    return [
        Hit(Box(c.x - c.radius, c.y - c.radius, 2 * c.radius, 2 * c.radius), "inspect", weight.name, coin=sample)
        for sample, c in enumerate(coins, 1)
    ]


def _most_new(keeps: bool, known: Known) -> int:
    """How many of a batch's own coins a belly shows: where old ones are kept, two spots are theirs at least."""
    return MOST_COINS - 2 if keeps and known.batch > 1 else MOST_COINS


def size_factor(value: float, largest: float) -> float:
    """How large a coin is drawn beside the largest one: its area goes with the number, but no coin gets lost."""
    if not math.isfinite(value) or largest == 0:
        return 1.0
    return 0.62 + 0.38 * math.sqrt(min(1.0, abs(value) / largest))


def sign(value: float) -> int | None:
    """+1, -1, 0 for an empty coin, None for a coin that is not a number."""
    return None if value != value else (value > 0) - (value < 0)


def _spots(place: Bank, count: int) -> Iterator[tuple[float, float, float]]:
    """Resting places behind the glass, bottom row first."""
    window = place.window
    per_row, radius = _packing(count)
    rows, radius = -(-count // per_row), radius * window.w
    for index in range(count):
        row, column = divmod(index, per_row)
        in_row = min(per_row, count - row * per_row)
        x = window.cx + (column - (in_row - 1) / 2) * radius * 2.05
        y = window.cy + ((rows - 1) / 2 - row) * radius * 2.05
        yield x, y, radius


@lru_cache(maxsize=64)
def _packing(count: int) -> tuple[int, float]:
    """Coins in a row, and their radius as a part of the window's width, so that they are largest in its ellipse."""
    best = (1, 0.0)
    for per_row in range(1, count + 1):
        rows = -(-count // per_row)
        low, high = 0.0, WINDOW_HALF[1]
        for _ in range(20):
            radius = (low + high) / 2
            low, high = (radius, high) if _fits(per_row, rows, radius) else (low, radius)
        if low > best[1]:
            best = per_row, low
    return best


def _fits(per_row: int, rows: int, radius: float) -> bool:
    """Whether the coin in the corner of the heap is inside the window's ellipse."""
    wide, high = WINDOW_HALF[0] - radius, WINDOW_HALF[1] - radius
    x, y = (per_row - 1) * radius * 1.03, (rows - 1) * radius * 1.03
    return wide > 0 and high > 0 and (x / wide) ** 2 + (y / high) ** 2 <= 1
