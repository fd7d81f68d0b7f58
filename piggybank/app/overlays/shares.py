"""Who put in how much: a bar for each sample's coin, how far they cancelled, and the total growing coin by coin."""

from __future__ import annotations

import math
from itertools import pairwise

from piggybank.ledger import bank
from piggybank.ledger.commit_receipts import commit_values
from piggybank.ledger.kept import kept_before
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import CANCELLED, IN, OUT, Ref
from piggybank.ledger.records import Weight
from piggybank.stage import digits
from piggybank.stage import palette as p
from piggybank.stage.banked import keeps
from piggybank.stage.known import Known
from piggybank.stage.measure import advance
from piggybank.stage.piggies import sign
from piggybank.stage.scene import NOBODY, Box, Coin, Disc, Hit, Item, Label, Line, Panel
from piggybank.stage.view import column, number

ROWS = 8
HEAD, FOOT, MARK, HOUSE = 46.0, 34.0, 26.0, 34.0
"""Heights of the title, of the sentence about cancelling, of the mark that samples are hidden, and of a house coin."""
USUAL, LEAST = 56.0, 29.0
"""Heights of a bar's row."""
ROOM_FOR_WORDS = 360.0
"""A picture of the growing total narrower than this has only its title above it."""


def page_of(sample: int, count: int, size: int) -> range:
    """The samples, or lines of a receipt, that are shown with that one: pages of that size, the last one full too."""
    first = max(1, min((sample - 1) // size * size + 1, count - size + 1))
    return range(first, min(first + size, count + 1))


def spoken(first: int, last: int) -> str:
    """A range of samples in few letters."""
    return f"{first}–{last}" if last > first else str(first)


def shares_height(count: int, house: int, most: float) -> float:
    """What the bars of a batch of that size and so many house coins need, up to `most`."""
    marks = 2 * MARK if count > ROWS else 0.0
    return min(most, HEAD + FOOT + marks + USUAL * min(count, ROWS) + HOUSE * house)


def shares(
    ledger: Ledger, known: Known, weight: Weight, sample: int, box: Box, brief: bool = False
) -> tuple[list[Item], list[Hit]]:
    """Bars left and right of zero, numbers in a column of their own, and what cancelled; a page of them when there are
    many samples. brief: the bars alone."""
    slices = [float(value) for value in bank.slices(ledger.header, ledger.batch(known.batch), weight)]
    house, foot, marks = (0.0, 0.0, MARK) if brief else (HOUSE * len(ledger.header.house), FOOT, 2 * MARK)
    whole, box = box, Box(box.x, box.y, box.w, box.h - house)
    rows = max(1, min(ROWS, int((box.h - HEAD - foot) // LEAST)))
    if known.count > rows:
        rows = max(1, min(rows, int((box.h - HEAD - foot - marks) // LEAST)))
    shown = page_of(sample, known.count, rows)
    items: list[Item] = [Label(box.x, box.y + 20, "Who put in how much", p.TEXT, p.INK, p.SEMIBOLD, room=box.w)]
    area = Box(box.x, box.y + HEAD, box.w, box.h - HEAD - foot)
    hits: list[Hit] = []
    if len(shown) < known.count:
        words = "" if brief else f"samples {spoken(shown[0], shown[-1])} of {known.count}"
        items.append(Label(box.right, box.y + 21, words, p.SMALL, p.MUTED, anchor="right", room=box.w - 260))
        found, hits = _hidden(area, shown, known.count, brief)
        items += found
        area = Box(area.x, area.y + marks - MARK, area.w, area.h - marks)
    items += _bars(known, weight, slices, shown, area)
    if brief:
        return items, hits
    here = Ref("bank", weight.name, known.batch, known.banked, known.seen)
    items += cancelling(ledger, here, box.x, box.bottom - FOOT / 2)
    return items + _house_coins(
        ledger, known, weight, Box(whole.x, box.bottom, whole.w, whole.bottom - box.bottom)
    ), hits


def _house_coins(ledger: Ledger, known: Known, weight: Weight, box: Box) -> list[Item]:
    """What today's samples did not put in, each under its own name, once the commit has put it in."""
    values = commit_values(ledger, weight, known.batch) if known.committed else {}
    items: list[Item] = []
    for place, (name, words) in enumerate(ledger.header.house.items()):
        y = box.y + (place + 0.5) * HOUSE
        items.append(Coin(box.x + 20, y, 15, NOBODY, sign(values[name]) if values else None, False))
        items.append(Label(box.x + 46, y, words, p.SMALL, p.INK, room=box.w - 170))
        if not values:
            items.append(Label(box.right, y, "waiting", p.SMALL, p.MUTED, anchor="right", room=112))
            continue
        ref = Ref("commit", weight.name, known.batch, part=name)
        items.append(number(box.right, y, values[name], ref, p.INK, 106, signed=True))
    return items


def _hidden(area: Box, shown: range, count: int, brief: bool) -> tuple[list[Item], list[Hit]]:
    """Above and below the bars which samples are hidden there; brief: both below."""
    items: list[Item] = []
    hits: list[Hit] = []
    above = Box(area.x, area.bottom - MARK if brief else area.y, 150, MARK)
    below = Box(above.right if brief else area.x, area.bottom - MARK, area.w - 150 if brief else 150, MARK)
    for place, arrow, first, last, next_ in (
        (above, "↑", 1, shown[0] - 1, shown[0] - 1),
        (below, "↓", shown[-1] + 1, count, shown[-1] + 1),
    ):
        if first <= last:
            items.append(Label(place.x, place.cy, f"{arrow} {spoken(first, last)}", p.SMALL, p.MUTED, room=place.w))
            hits.append(Hit(place, "tab", str(next_), f"show sample {next_}"))
    return items, hits


def _bars(known: Known, weight: Weight, slices: list[float], shown: range, area: Box) -> list[Item]:
    seen = [abs(value) for value in slices[: known.banked] if math.isfinite(value)]
    largest = max(seen, default=0.0) or 1.0
    spacing = min(USUAL, area.h / len(shown))
    half = (area.w - 52 - 112) / 2
    zero = area.x + 46 + half
    texts = column(slices[: known.banked], True, 106)
    items: list[Item] = [Line(((zero, area.y), (zero, area.y + spacing * len(shown))), p.INK, 2)]
    for place, who in enumerate(shown):
        y = area.y + (place + 0.5) * spacing
        banked, whose, value = who <= known.banked, known.number(who), slices[who - 1]
        shape = sign(value) if banked else None
        items.append(
            Coin(area.x + 20, y, min(18.0, spacing * 0.48), whose, shape, alpha=1.0 if banked else p.WAITING_ALPHA)
        )
        if not banked:
            items.append(Label(area.right, y, "waiting", p.SMALL, p.MUTED, anchor="right", room=112))
            continue
        length = half * min(1.0, abs(value) / largest) if math.isfinite(value) else half
        if value and value == value:  # what is not a number has no length
            left = zero if value > 0 else zero - length
            items.append(Panel(Box(left, y - spacing * 0.27, max(2.0, length), spacing * 0.54), p.hue(whose), "", 4))
        ref = Ref("slice", weight.name, known.batch, who, known.seen)
        items.append(Label(area.right, y, texts[who - 1], p.SMALL, p.INK, anchor="right", room=106, ref=ref))
    return items


def cancelling(ledger: Ledger, here: Ref, x: float, y: float) -> list[Item]:
    """How much went in and out and how far that cancelled, when there are coins of both signs; here: a bank, or a share
    of a whole epoch."""
    values = {part: ledger.open(here.of_part(part)).value for part in (IN, OUT)}
    if not all(value and math.isfinite(value) for value in values.values()):
        return []
    put_in, taken = column(list(values.values()), True, 108)
    (less, fewer), (more, larger) = sorted(((put_in, IN), (taken, OUT)), key=lambda side: abs(values[side[1]] or 0.0))
    share = digits.column((ledger.open(here.of_part(CANCELLED)).value,), False, 1, 1)[0]
    items: list[Item] = []
    for text, part in ((less, fewer), ("takes", ""), (share, CANCELLED), ("% off", ""), (more, larger)):
        ref, ink = (here.of_part(part), p.INK) if part else (None, p.MUTED)
        items.append(Label(x, y, text, p.SMALL, ink, ref=ref))
        x += advance(text, p.SMALL) + 8
    return items


def growing_total(ledger: Ledger, known: Known, weight: Weight, box: Box) -> list[Item]:
    """A step for each coin banked so far; the level is the bank's total. What goes back towards zero is marked."""
    items: list[Item] = [Label(box.x, box.y + 20, "Growing total", p.TEXT, p.INK, p.SEMIBOLD, room=box.w)]
    record = ledger.batch(known.batch)
    kept = kept_before(ledger, weight, known.batch)[0] if keeps(ledger, known) else 0.0
    running = bank.running_totals(ledger.header, record, weight)[: known.banked + 1]
    totals = [kept + float(value) for value in running]
    finite = [value for value in totals if math.isfinite(value)]
    high, low = max([*finite, 0.0]), min([*finite, 0.0])
    area = Box(box.x + 4, box.y + 62, box.w - 24, box.h - 84)
    step = area.w / known.count

    def level(value: float) -> float:
        bounded = value if math.isfinite(value) else high
        return area.y + area.h * (high - bounded) / ((high - low) or 1.0)

    items.append(Line(((area.x, level(0.0)), (area.right, level(0.0))), p.RULE, 2))
    backs = []
    for place, (before, now) in enumerate(pairwise(totals)):
        x, start = area.x + (place + 0.5) * step, area.x + max(0.0, place - 0.5) * step
        items.append(Line(((start, level(before)), (x, level(before))), p.YELLOW_EDGE, 4))
        turn = until(before, now)
        items.append(Line(((x, level(turn)), (x, level(now))), p.YELLOW_EDGE, 4))
        if turn != before:
            backs += _step_back(x, level(before), level(turn))
    if backs and box.w >= ROOM_FOR_WORDS:
        items.append(Label(box.right, box.y + 21, "steps back cancel", p.SMALL, p.BLAME_INK, anchor="right"))
    items += backs
    if known.count <= 16:
        coins = bank.slices(ledger.header, record, weight).tolist()
        radius = min(18.0, step * 0.45)
        for place, coin in enumerate(coins[: known.banked], 1):
            x, whose = area.x + (place - 0.5) * step, known.number(place)
            if not coin:  # a hollow coin's number stands before no line
                items.append(Disc(x, level(totals[place]), radius - 1, p.PANEL))
            items.append(Coin(x, level(totals[place]), radius, whose, sign(coin), numbered=radius >= 16))
    return items


def until(before: float, now: float) -> float:
    """How far a step goes back towards zero: the level where it stops cancelling; `before` when it never does."""
    if not (math.isfinite(before) and math.isfinite(now)):
        return before
    if before > 0:
        return min(before, max(now, 0.0))
    return max(before, min(now, 0.0))


def _step_back(x: float, start: float, end: float) -> list[Item]:
    """An upright line with an arrow in its middle, where it is long enough for one."""
    items: list[Item] = [Line(((x, start), (x, end)), p.BLAME_INK, 4)]
    if abs(end - start) >= 24:
        way = 1 if end > start else -1
        tip = (start + end) / 2 + 7 * way
        items += [Line(((x + side, tip - 11 * way), (x, tip)), p.BLAME_INK, 4) for side in (-9, 9)]
    return items
