"""How the banks between two layers are arranged: how large their pigs are, in how many columns, where pills stand."""

from __future__ import annotations

from dataclasses import dataclass

from piggybank.stage.measure import TWO_DECIMALS, advance, text_width
from piggybank.stage.palette import SEMIBOLD, SMALL
from piggybank.stage.scene import Box

PILL_HIGH, PILL = 32.0, 106.0
"""Of the number at a pig, where there is room."""
FLIGHT, LEAST_FLIGHT = 0.42, 34.0
"""Room for a coin to fly in from, as a part of the pig's side; a bias needs as much for the 1 that it comes from."""
PILL_OVERLAP = 12.0
"""Below a pig, the pill hides the ends of its legs; those of a small one less."""
BARELY, WHOLLY = 40.0, 90.0
"""A pig's side up to which the pill hides nothing, and from which it hides as much as it may."""
PIG_ASPECT = 0.80
"""The drawn part of the pig's square: this much of its side in height."""
TALLEST_CELL = 430.0

REACH, LEAST_REACH, MOST_REACH = 0.14, 34.0, 44.0
"""Room on either side of the banks of a gap, for connections to fan out: a part of the gap, the least and the most."""

BESIDE, BELOW, BARE = "beside", "below", "bare"
"""The pill with the number stands beside the pig, below it, or is left out."""


@dataclass(frozen=True)
class Writing:
    """How large the numbers at pigs are written, the width and height of a pill, and the least and most room that is
    left beside the banks of a gap."""

    text: float = SMALL
    wide: float = PILL
    high: float = PILL_HIGH
    least_reach: float = LEAST_REACH
    most_reach: float = MOST_REACH


PAD, LEAST_PAD, LEAST_FAN = 5.0, 4.0, 15.0
"""Beside the number of a blame, of a bank, and as little room as lets connections fan out."""


def closely(text: float, node: float) -> Writing:
    """With nothing to spare: two decimals fit the pill, and the blame above a neuron as wide as `node`."""
    number = text_width(TWO_DECIMALS, text, SEMIBOLD)
    reach = max(LEAST_FAN, (number + 2 * PAD - node) / 2)
    return Writing(text, advance(TWO_DECIMALS, text, SEMIBOLD) + 2 * LEAST_PAD, text * 1.28, reach, reach)


@dataclass(frozen=True)
class Fit:
    """How the banks of one gap are arranged: columns that take turns, like bricks."""

    size: float
    columns: int
    pill: str
    writing: Writing = Writing()

    @property
    def flight(self) -> float:
        return max(self.size * FLIGHT, LEAST_FLIGHT)

    @property
    def below(self) -> float:
        """By how much a pill stands out below its pig."""
        return self.writing.high - min(PILL_OVERLAP, max(0.0, self.size - BARELY) * PILL_OVERLAP / (WHOLLY - BARELY))

    @property
    def high(self) -> float:
        """The least height of a cell."""
        return self.size * PIG_ASPECT + {BESIDE: 8.0, BELOW: self.below + 8, BARE: 4.0}[self.pill]

    @property
    def wide(self) -> float:
        """The least width of a cell."""
        pig = self.flight + self.size
        return {BESIDE: pig + self.writing.wide + 8, BELOW: max(pig, self.writing.wide + 2), BARE: pig}[self.pill]

    @property
    def gap(self) -> float:
        """The least width of the gap, with room on either side for connections to fan out."""
        wide = self.wide * self.columns
        least, most = self.writing.least_reach, self.writing.most_reach
        return wide + 2 * max(least, min(most, wide * REACH / (1 - 2 * REACH)))


def reach(width: float, fit: Fit) -> float:
    """Room on either side of the banks of a gap: what they can spare, up to the most that is of use."""
    return min(MOST_REACH, (width - fit.wide * fit.columns) / 2)


def cell_height(count: int, columns: int, height: float) -> float:
    """Of each of `count` cells in columns that start one after the other, a part of a cell lower each."""
    return height * columns / (count + columns - 1)


def cell_of(fit: Fit, count: int, gap: Box) -> tuple[float, float]:
    """Height and width of each cell of a gap."""
    high = min(cell_height(count, fit.columns, gap.h), TALLEST_CELL)
    return high, (gap.w - 2 * reach(gap.w, fit)) / fit.columns
