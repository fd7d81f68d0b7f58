"""How a measured number became an input without losing a bit: counted in a decimal unit, moved, divided by 2^k.

39.1 mm is no float64, but 391 tenths are: (39.1 * 10 - 440) / 64 = -49 / 64 is exact. The text of a scaling is
recorded with the data, so that a receipt can show what was measured. Ground: the engine writes it, the ledger reads it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

_TEXT = re.compile(r"\(.+?(?: \* (?P<unit>\d{1,16}))? (?P<sign>[+-]) (?P<centre>\d{1,16})\) / (?P<power>\d{1,16})")
LARGEST = 2**52
"""Counts up to this size are exact, and so are their differences."""


@dataclass(frozen=True)
class Scaling:
    """input = (measured * unit - centre) / power, with unit a power of ten, centre whole, and power a power of two."""

    unit: int
    centre: int
    power: int

    def text(self, name: str) -> str:
        """As it is recorded and read: "(bill_mm * 10 - 440) / 64"."""
        times = f" * {self.unit}" if self.unit > 1 else ""
        return f"({name}{times} {'+' if self.centre < 0 else '-'} {abs(self.centre)}) / {self.power}"

    @staticmethod
    def of(text: str, name: str = "") -> Scaling | None:
        """The inverse of `text`; None for a text that states no scaling.

        name: the input's, which the text begins with unless it calls the input by another: a column that is itself
        called "size * 10" is not counted in tenths.
        """
        if text.startswith(f"({name} "):
            text = f"(x{text[len(name) + 1 :]}"
        found = _TEXT.fullmatch(text)
        if found is None or (found["unit"] or "1").rstrip("0") != "1" or int(found["power"]).bit_count() != 1:
            return None
        centre = int(found["centre"]) * (-1 if found["sign"] == "+" else 1)
        return Scaling(int(found["unit"] or 1), centre, int(found["power"]))

    def count(self, value: float) -> float:
        """How many units were measured for an input."""
        return value * self.power + self.centre

    def measured(self, value: float) -> str:
        """What was measured, as decimal digits."""
        return str(Decimal(int(self.count(value))) / self.unit)

    def scaled(self, counts: Sequence[int]) -> list[float]:
        return [(count - self.centre) / self.power for count in counts]


def as_counts(texts: Sequence[str]) -> tuple[list[int], int]:
    """Decimals as whole numbers of their smallest unit, and how many of those make 1; OverflowError if too long."""
    numbers = [Decimal(text) for text in texts]
    places = max(0, *(-int(number.normalize().as_tuple().exponent) for number in numbers))
    if places > 15:
        raise OverflowError
    counts = [int(number.scaleb(places)) for number in numbers]
    if max(map(abs, counts)) > LARGEST:
        raise OverflowError
    return counts, 10**places


def fitting(counts: Sequence[int], unit: int) -> Scaling:
    """The scaling that moves counts by their mean, and divides by the power of two nearest to how far they spread."""
    centre = round(Fraction(sum(counts), len(counts)))
    variance = Fraction(sum((count - centre) ** 2 for count in counts), len(counts))
    power = 1
    while variance >= 2 * power * power:  # the standard deviation is beyond power * sqrt(2)
        power *= 2
    return Scaling(unit, centre, power)
