"""The selected weight over the commits so far, where the table leaves room; each point opens its commit."""

from __future__ import annotations

import math
from itertools import pairwise

from piggybank.ledger.ledger import Ledger
from piggybank.ledger.sources import weight_ref
from piggybank.stage import palette as p
from piggybank.stage.connections import weight_at
from piggybank.stage.digits import weight_title
from piggybank.stage.known import Known
from piggybank.stage.measure import WORD_GAP, advance
from piggybank.stage.scene import Box, Disc, Hit, Item, Label, Line
from piggybank.stage.view import View, number

LEAST_ROOM = 250.0
POINTS = 60


def weight_plot(ledger: Ledger, known: Known, view: View, area: Box) -> tuple[list[Item], list[Hit]]:
    """The plot in `area`; nothing when that is too low."""
    weight = ledger.header.weights_by_name.get(view.selected)
    if weight is None or area.h < LEAST_ROOM:
        return [], []
    last = known.batch if known.committed else known.batch - 1
    batches = _chosen(last, ledger.kept_every)
    values = [weight_at(ledger, weight, batch) for batch in batches]
    title = f"{weight_title(weight.source, weight.target)} over the commits"
    items: list[Item] = [
        Line(((area.x + 20, area.y), (area.right - 20, area.y)), p.RULE, 2),
        Label(area.x + 20, area.y + 32, title, p.SMALL, p.INK, p.SEMIBOLD, room=area.w - 40),
    ]
    plot = Box(area.x + 34, area.y + 84, area.w - 160, area.h - 130)
    span = max(last, view.planned, 1)
    points = _points(plot, values, span, batches)
    items += _axis(plot, span)
    first = weight_ref(weight.name, 0)
    left = plot.x + advance("start", p.SMALL) + WORD_GAP
    items.append(number(left, plot.bottom + 34, values[0], first, p.INK, plot.w / 2 - 70, anchor="left"))
    steps = [corner for a, b in pairwise(points) for corner in (a, (b[0], a[1]))]
    if len(points) > 1:
        items += [Line((a, b), p.GREEN_EDGE, 3) for a, b in zip(steps, [*steps[1:], points[-1]], strict=True)]
    hits = []
    for (x, y), batch in zip(points, batches, strict=True):
        items.append(Disc(x, y, 6.0, p.GREEN_EDGE))
        code = weight_ref(weight.name, batch).code
        hits.append(Hit(Box(x - 12, y - 12, 24, 24), "open", code, f"after batch {batch}"))
    x, y = plot.right + 16, min(max(points[-1][1], plot.y), plot.bottom)
    if x - points[-1][0] > 40:  # as far as the number, which has its place
        items.append(Line(((points[-1][0] + 12, y), (x - 8, y)), p.RULE, 2))
    ref = weight_ref(weight.name, last)
    items.append(number(x, y, values[-1], ref, p.GREEN_INK, area.right - x - 8, font=p.SEMIBOLD, anchor="left"))
    return items, hits


def _axis(plot: Box, span: int) -> list[Item]:
    """From the start to the last commit that is planned."""
    y = plot.bottom + 16
    return [
        Line(((plot.x, y), (plot.right, y)), p.RULE, 2),
        Line(((plot.x, plot.y - 10), (plot.x, y)), p.RULE, 2),
        Label(plot.x, y + 18, "start", p.SMALL, p.MUTED),
        Label(plot.right, y + 18, f"commit {span}", p.SMALL, p.MUTED, anchor="right"),
    ]


def _chosen(last: int, every: int) -> list[int]:
    """Batches up to `last` that have a point; of a long run only such as are kept whole, and the last."""
    step = every if last >= every else 1
    whole = last // step
    spread = {i * whole // max(1, min(whole, POINTS)) * step for i in range(min(whole, POINTS) + 1)}
    return sorted(spread | {last})


def _points(plot: Box, values: list[float], span: int, batches: list[int]) -> list[tuple[float, float]]:
    """Where the values stand; what is not finite stands at the top."""
    finite = [value for value in values if math.isfinite(value)]
    high, low = max(finite, default=1.0), min(finite, default=0.0)
    size = high - low

    def height(value: float) -> float:
        if not math.isfinite(value) or not math.isfinite(size):
            return plot.y
        return plot.y + plot.h * ((high - value) / size if size else 0.5)

    return [(plot.x + plot.w * batch / span, height(v)) for batch, v in zip(batches, values, strict=True)]
