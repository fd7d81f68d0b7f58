"""Where the regions of the screen stand: a function of the window's size alone, so they never move while a run plays.

Layout units: 1080 of them are the height of the window.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from piggybank.stage.scene import Box

UNITS_HIGH = 1080.0
NARROWEST = 1400.0
"""A window narrower than this many units gets smaller units instead, and so more of them in height."""
WIDE = 1700.0
"""From this many units on, the side regions take their full width."""
GAP, MARGIN = 20.0, 30.0
CARDS = 246.0
"""Height of the cards below the stage."""
LOW = 600.0
"""A stage lower than this keeps its words shorter, for the sake of the network."""
TALL = 0.9
"""From this height on, as a part of its width, the stage with its cards has the cards below."""


@dataclass(frozen=True)
class Regions:
    """The regions of the screen and `scale`, pixels a unit."""

    scale: float
    width: float
    height: float
    header: Box
    sample: Box
    batch: Box
    stage: Box
    trace: Box
    strip: Box

    @property
    def caption(self) -> Box:
        """The words above the network."""
        return Box(self.stage.x + 26, self.stage.y + 14, self.stage.w - 52, 116 if self.stage.h < LOW else 128)

    @property
    def network(self) -> Box:
        """What is left of the stage for the network."""
        top = self.caption.bottom + 6
        return Box(self.stage.x + 26, top, self.stage.w - 74, self.stage.bottom - 14 - top)


@lru_cache(maxsize=32)
def regions(size: tuple[int, int], text: float = 1.0) -> Regions:
    """The regions of a window of that size in pixels; text: how much larger than usual to write, where it has room."""
    scale = min(size[1] / UNITS_HIGH * text, size[0] / NARROWEST)
    width, height = size[0] / scale, size[1] / scale
    high = 104 if width < WIDE else 120
    strip = Box(MARGIN, height - 22 - high, width - 2 * MARGIN, high)
    top, bottom = 112.0, strip.y - GAP
    table = 540 if width < WIDE else 576
    trace = Box(width - MARGIN - table, top, table, bottom - top)
    left = Box(MARGIN, top, trace.x - GAP - MARGIN, bottom - top)
    sample, batch, stage = _cards_below(left) if left.h > TALL * left.w else _cards_beside(left, width)
    header = Box(MARGIN, 20, width - 2 * MARGIN, 76)
    return Regions(scale, width, height, header, sample, batch, stage, trace, strip)


def _cards_beside(area: Box, width: float) -> tuple[Box, Box, Box]:
    """Sample, batch and stage: the two cards under one another at the left of the stage."""
    sample = Box(area.x, area.y, 250 if width < WIDE else 316, (area.h - GAP) * 0.5)
    batch = Box(area.x, sample.bottom + GAP, sample.w, area.bottom - sample.bottom - GAP)
    return sample, batch, Box(sample.right + GAP, area.y, area.right - sample.right - GAP, area.h)


def _cards_below(area: Box) -> tuple[Box, Box, Box]:
    """The same with the cards side by side under the stage, which a narrow window leaves more room so."""
    stage = Box(area.x, area.y, area.w, area.h - GAP - CARDS)
    half = (area.w - GAP) / 2
    sample = Box(area.x, stage.bottom + GAP, half, CARDS)
    return sample, Box(sample.right + GAP, sample.y, half, CARDS), stage
