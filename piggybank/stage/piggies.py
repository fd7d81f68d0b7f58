"""A piggy bank: its drawing, the glass in its belly and the coins behind it."""

from __future__ import annotations

from collections.abc import Iterator

from piggybank.ledger import bank as banks
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.records import Weight
from piggybank.stage.known import Known
from piggybank.stage.layout import Bank
from piggybank.stage.scene import Box, Coin, Item, Picture

MOST_COINS = 18
"""A belly shows at most so many coins; more samples than that fill it in proportion."""


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
    """The coins behind the glass: one per banked sample. lit: the sample whose coin stands out, 0 for none."""
    if known.committed or known.banked == 0:
        return []
    record = ledger.batch(known.batch)
    slices = banks.slices(ledger.header, record, weight)
    spots = list(_spots(place, min(known.count, MOST_COINS)))
    if known.count <= MOST_COINS:
        samples = list(range(1, known.banked + 1))
    else:
        shown = -(-known.banked * MOST_COINS // known.count)
        samples = [1 + place_ * known.banked // shown for place_ in range(shown)]
    items: list[Item] = []
    for (x, y, radius), sample in zip(spots, samples, strict=False):
        size, alpha = (radius * 1.3, 1.0) if sample == lit else (radius, 0.3 if lit else 1.0)
        shape = sign(float(slices[sample - 1]))
        items.append(Coin(x, y, size, sample, shape, numbered=radius >= 17, alpha=alpha))
    return items


def sign(value: float) -> int | None:
    """+1, -1, 0 for an empty coin, None for a coin that is not a number."""
    return None if value != value else (value > 0) - (value < 0)


def _spots(place: Bank, count: int) -> Iterator[tuple[float, float, float]]:
    """Resting places behind the glass, bottom row first."""
    window = place.window
    per_row = 4 if count <= 8 else 6
    radius = window.w * (0.105 if count <= 8 else 0.075)
    for index in range(count):
        row, column = divmod(index, per_row)
        in_row = min(per_row, count - row * per_row) if count > per_row else count
        x = window.cx + (column - (in_row - 1) / 2) * radius * 2.05
        y = window.y + window.h * (0.68 if count > per_row else 0.6) - row * radius * 2.0
        yield x, y, radius
