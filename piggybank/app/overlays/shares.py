"""Who put in how much: a bar for each sample's coin, and the bank's total growing coin by coin."""

from __future__ import annotations

import math

from piggybank.ledger import bank
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Ref
from piggybank.ledger.records import Weight
from piggybank.stage import palette as p
from piggybank.stage.known import Known
from piggybank.stage.piggies import sign
from piggybank.stage.scene import Box, Coin, Item, Label, Line, Panel
from piggybank.stage.view import column

ROWS = 8


def shares(ledger: Ledger, known: Known, weight: Weight, sample: int, box: Box) -> list[Item]:
    """Bars left and right of zero, numbers in a column of their own."""
    slices = [float(value) for value in bank.slices(ledger.header, ledger.batch(known.batch), weight)]
    items: list[Item] = [Label(box.x, box.y + 20, "Who put in how much", p.TEXT, p.INK, p.SEMIBOLD, room=box.w)]
    first = max(1, min(sample - ROWS // 2, known.count - ROWS + 1))
    shown = range(first, min(first + ROWS, known.count + 1))
    seen = [abs(value) for value in slices[: known.banked] if math.isfinite(value)]
    largest = max(seen, default=0.0) or 1.0
    spacing = min(56.0, (box.h - 56) / len(shown))
    half = (box.w - 52 - 112) / 2
    zero = box.x + 46 + half
    texts = column(slices[: known.banked], True, 106)
    items.append(Line(((zero, box.y + 46), (zero, box.y + 54 + spacing * len(shown))), p.INK, 2))
    for place, who in enumerate(shown):
        y = box.y + 50 + (place + 0.5) * spacing
        banked = who <= known.banked
        value = slices[who - 1]
        shape = sign(value) if banked else None
        items.append(Coin(box.x + 20, y, min(18.0, spacing * 0.48), who, shape, alpha=1.0 if banked else 0.55))
        if not banked:
            items.append(Label(box.right, y, "waiting", p.SMALL, p.MUTED, anchor="right", room=112))
            continue
        length = half * min(1.0, abs(value) / largest) if math.isfinite(value) else half
        if value and value == value:  # what is not a number has no length
            left = zero if value > 0 else zero - length
            items.append(Panel(Box(left, y - spacing * 0.27, max(2.0, length), spacing * 0.54), p.hue(who), "", 4))
        ref = Ref("slice", weight.name, known.batch, who, known.seen)
        items.append(Label(box.right, y, texts[who - 1], p.SMALL, p.INK, anchor="right", room=106, ref=ref))
    return items


def growing_total(ledger: Ledger, known: Known, weight: Weight, box: Box) -> list[Item]:
    """A step for each coin banked so far; the level is the bank's total."""
    items: list[Item] = [Label(box.x, box.y + 20, "Growing total", p.TEXT, p.INK, p.SEMIBOLD, room=box.w)]
    totals = [float(value) for value in bank.running_totals(ledger.header, ledger.batch(known.batch), weight)]
    totals = totals[: known.banked + 1]
    finite = [value for value in totals if math.isfinite(value)]
    high, low = max([*finite, 0.0]), min([*finite, 0.0])
    span = (high - low) or 1.0
    area = Box(box.x + 4, box.y + 62, box.w - 24, box.h - 84)
    step = area.w / known.count

    def level(value: float) -> float:
        bounded = value if math.isfinite(value) else high
        return area.y + area.h * (high - bounded) / span

    items.append(Line(((area.x, level(0.0)), (area.right, level(0.0))), p.RULE, 2))
    signs = bank.slices(ledger.header, ledger.batch(known.batch), weight)
    for place in range(1, len(totals)):
        x, before, now = area.x + (place - 0.5) * step, level(totals[place - 1]), level(totals[place])
        items.append(Line(((x - step * (0.5 if place == 1 else 1.0), before), (x, before)), p.YELLOW_EDGE, 4))
        items.append(Line(((x, before), (x, now)), p.YELLOW_EDGE, 4))
    for place in range(1, len(totals)) if known.count <= 16 else ():
        value = float(signs[place - 1])
        x = area.x + (place - 0.5) * step
        radius = min(18.0, step * 0.45)
        items.append(Coin(x, level(totals[place]), radius, place, sign(value), numbered=radius >= 16))
    return items
