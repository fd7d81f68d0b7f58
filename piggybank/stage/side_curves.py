"""The ways of runs side by side: a weight, or the loss, after each commit so far, over the samples seen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from piggybank.ledger.at_hand import at_hand
from piggybank.ledger.ledger import Ledger
from piggybank.stage import palette as p
from piggybank.stage.connections import weight_at
from piggybank.stage.scene import Box, Disc, Item, Line
from piggybank.stage.sides import Side, Standing, timeline_of

POINTS = 32
"""A way has at most about so many; of a longer run every so manieth commit has one, and the last."""
Way = tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Scale:
    """What all curves are drawn by: `seen` samples wide, from `low` to `high`."""

    seen: int
    low: float
    high: float

    def place(self, plot: Box, seen: int, value: float) -> tuple[float, float]:
        """Where a value stands; one that is not finite at the top."""
        size = self.high - self.low
        share = (self.high - value) / size if size > 0 else 0.5
        share = min(1.0, max(0.0, share)) if math.isfinite(share) else 0.0
        return plot.x + plot.w * min(1.0, seen / max(1, self.seen)), plot.y + plot.h * share


def ways(sides: Sequence[Side], standings: Sequence[Standing], losses: bool) -> tuple[Way, ...]:
    """Of each run how it went so far: samples seen and the value that was reached, the last one held until now."""
    found = []
    for side, at in zip(sides, standings, strict=True):
        last = at.known.batch if at.known.committed else at.known.batch - 1
        way = _way(side.ledger, "" if losses else side.selected, last)
        found.append((*way, (at.banked, way[-1][1])) if way and way[-1][0] < at.banked else way)
    return tuple(found)


@at_hand(64)
def _way(ledger: Ledger, weight: str, last: int) -> Way:
    """weight: "" for the loss, which is known from the first commit on; last: the last batch that is committed."""
    timeline, first = timeline_of(ledger), 0 if weight else 1
    step = max(1, -(-(last - first) // POINTS))
    step = -(-step // ledger.kept_every) * ledger.kept_every if ledger.kept_every > 1 else step
    batches = sorted({*range(first, last + 1, step), last} - {0} | ({0} if weight else set()))
    place = ledger.weight(weight) if weight else None
    return tuple(
        (timeline.seen_before(b + 1), weight_at(ledger, place, b) if place else ledger.batch_loss(b))
        for b in batches
        if b >= first
    )


def scale_of(found: Sequence[Way], seen: int, losses: bool) -> Scale:
    """One scale for all; a loss counts from 0. seen: samples that are planned."""
    values = [value for way in found for _, value in way if math.isfinite(value)]
    last = max((way[-1][0] for way in found if way), default=0)
    return Scale(max(seen, last), 0.0 if losses else min(values, default=0.0), max(values, default=1.0))


def curves(plot: Box, found: Sequence[Way], own: int, scale: Scale, colour: str) -> list[Item]:
    """All ways, those of the others faint behind its own, which ends in a dot: where it stands now."""
    items: list[Item] = [Line(((plot.x, plot.bottom + 5), (plot.right, plot.bottom + 5)), p.RULE, 2)]
    for number, way in enumerate(found):
        items += _steps(plot, way, scale, p.DOT, 3) if number != own else []
    items += _steps(plot, found[own], scale, colour, 3)
    if found[own]:
        items.append(Disc(*scale.place(plot, *found[own][-1]), 7, colour))
    return items


def _steps(plot: Box, way: Way, scale: Scale, colour: str, width: float) -> list[Item]:
    """Level until the next commit, then at once to the new value."""
    points = [scale.place(plot, *point) for point in way]
    items: list[Item] = []
    for (x0, y0), (x1, y1) in pairwise(points):
        items += [Line(((x0, y0), (x1, y0)), colour, width)] if x1 != x0 else []
        items += [Line(((x1, y0), (x1, y1)), colour, width)] if y1 != y0 else []
    return items
