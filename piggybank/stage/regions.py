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
GAP, MARGIN, NARROW_GAP, NARROW_MARGIN = 20.0, 30.0, 14.0, 20.0
"""Between regions and beside them; in a window that is not wide the network needs the room more."""
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
    def least_text(self) -> float:
        """The smallest size of text: a fiftieth of the window."""
        return self.height / 50

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
    narrow = width < WIDE
    high, gap, margin = (104, NARROW_GAP, NARROW_MARGIN) if narrow else (120, GAP, MARGIN)
    strip = Box(margin, height - 22 - high, width - 2 * margin, high)
    top, bottom = 112.0, strip.y - gap
    table = 540 if narrow else 576
    trace = Box(width - margin - table, top, table, bottom - top)
    left = Box(margin, top, trace.x - gap - margin, bottom - top)
    sample, batch, stage = _cards_below(left, gap) if left.h > TALL * left.w else _cards_beside(left, gap, narrow)
    header = Box(margin, 20, width - 2 * margin, 76)
    return Regions(scale, width, height, header, sample, batch, stage, trace, strip)


def _cards_beside(area: Box, gap: float, narrow: bool) -> tuple[Box, Box, Box]:
    """Sample, batch and stage: the two cards under one another at the left of the stage."""
    sample = Box(area.x, area.y, 250 if narrow else 316, (area.h - gap) * 0.5)
    batch = Box(area.x, sample.bottom + gap, sample.w, area.bottom - sample.bottom - gap)
    return sample, batch, Box(sample.right + gap, area.y, area.right - sample.right - gap, area.h)


def _cards_below(area: Box, gap: float) -> tuple[Box, Box, Box]:
    """The same with the cards side by side under the stage, which a narrow window leaves more room so."""
    stage = Box(area.x, area.y, area.w, area.h - gap - CARDS)
    half = (area.w - gap) / 2
    sample = Box(area.x, stage.bottom + gap, half, CARDS)
    return sample, Box(sample.right + gap, sample.y, half, CARDS), stage
