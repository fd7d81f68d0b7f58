"""What a coin is worth, beside it while it flies: where there is room, so that it covers no number, coin or pig."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice

from piggybank.ledger import bank as banks
from piggybank.ledger.at_hand import at_hand
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Ref
from piggybank.stage import palette as p
from piggybank.stage.flight import SLOT, coin_radius, flight
from piggybank.stage.known import Known
from piggybank.stage.measure import text_width
from piggybank.stage.places import Bank, NetworkPlan, overlaps, taken_by_bank, taken_by_node
from piggybank.stage.scene import Box, Item, Label, Panel
from piggybank.stage.view import View, number

ROOM, HIGH, PAD, AWAY = 128.0, 28.0, 5.0, 4.0
"""The most width of the number, the height of its ground, the room beside it, and from the coin."""
UNDER_TAIL, LEG = 0.69, 0.11
STEPS = 12
"""A flight is looked at in so many steps."""
LARGE = 120.0
"""The side of a pig."""
WORTH_READING = 0.5
"""A number that could not stay for so much of the flight is left out."""


@dataclass(frozen=True)
class Tag:
    """The number of a coin, the width of its ground, and the part of the flight in which nothing is in its way.
    stays: where it stands by the beginning of the flight; None where it goes along with the coin, above it or, as the
    coin's trail would be, behind it."""

    place: Bank
    radius: float
    bias: bool
    label: Label
    wide: float
    stays: Box | None = None
    behind: bool = False
    since: float = 0.0
    until: float = 0.0

    @property
    def lasts(self) -> float:
        return self.until - self.since

    def box(self, t: float) -> Box:
        """Its ground; above the slot it waits until the coin has gone in."""
        if self.stays is not None:
            return self.stays
        x, y, _ = flight(self.place, min(t, SLOT - 1e-9), self.radius, self.bias)
        if self.behind:
            return Box(x - self.radius - AWAY - self.wide, y - self.radius, self.wide, HIGH)
        return Box(x - self.wide / 2, y - self.radius - AWAY - HIGH, self.wide, HIGH)

    @property
    def corners(self) -> Iterator[Box]:
        """Below the beginning of the flight, as near to it as the pig lets it be, and further away."""
        pig, (x, y, _) = self.place.pig, flight(self.place, 0.0, self.radius, self.bias)
        for below in (y + self.radius + AWAY, pig.y + UNDER_TAIL * pig.h):
            for right in (pig.x + LEG * pig.w, pig.x, pig.x - 0.2 * pig.w):
                yield Box(min(x - self.wide / 2, right - self.wide), below, self.wide, HIGH)

    def coin(self, t: float) -> Box:
        """The coin that it belongs to."""
        x, y, shrink = flight(self.place, t, self.radius, self.bias)
        half = self.radius * shrink
        return Box(x - half, y - half, 2 * half, 2 * half)


def coin_tags(ledger: Ledger, plan: NetworkPlan, known: Known, t: float, view: View) -> list[Item]:
    """The numbers of the coins of a sample's flight at a moment of it, t from 0 to 1. A page of a vault has no room."""
    items: list[Item] = []
    for tag in _tags(ledger, plan, known, view.selected, view.regions.network) if plan.nodes else ():
        if tag.since <= t < tag.until:
            box = tag.box(t)
            items += [Panel(box, p.PANEL, "", 8), replace(tag.label, x=box.cx, y=box.cy)]
    return items


def behind_coins(ledger: Ledger, plan: NetworkPlan, known: Known, view: View) -> frozenset[str]:
    """The weights whose coin has its number where its trail would be."""
    found = _tags(ledger, plan, known, view.selected, view.regions.network) if plan.nodes else ()
    return frozenset(tag.place.weight for tag in found if tag.behind)


@at_hand(4)
def _tags(ledger: Ledger, plan: NetworkPlan, known: Known, selected: str, area: Box) -> tuple[Tag, ...]:
    """Those that have room, the selected weight's first; between small pigs nobody could tell whose the others are."""
    flying = _flying(ledger, plan, known)
    chosen = [tag for tag in flying if tag.place.weight == selected]
    are_large = all(tag.place.pig.w >= LARGE for tag in flying)
    named = [*chosen, *(tag for tag in flying if are_large and tag not in chosen)]
    standing = [*_in_the_way(plan, flying)]
    coins = [[(other.place, other.coin(step / STEPS)) for other in flying] for step in range(STEPS + 1)]
    found: list[Tag] = []
    for tag in named:
        others = [[box for place, box in now if place is not tag.place] for now in coins]
        along = [_placed(replace(tag, behind=way), area, standing, others, found) for way in (False, True)]
        stay = (_placed(replace(tag, stays=box), area, standing, others, found) for box in tag.corners)
        ways = chain([max(along, key=lambda way: way.lasts)], stay)
        found += [*islice((way for way in ways if way.lasts >= WORTH_READING), 1)]
    return tuple(found)


def _flying(ledger: Ledger, plan: NetworkPlan, known: Known) -> list[Tag]:
    """Every coin with its number, not placed yet."""
    record, sample = ledger.batch(known.batch), known.sample
    weights = [ledger.header.weights_by_name[name] for name in plan.banks]
    coins = [float(banks.slices(ledger.header, record, weight)[sample - 1]) for weight in weights]
    largest = max((abs(value) for value in coins if math.isfinite(value)), default=0.0)
    found = []
    for weight, value in zip(weights, coins, strict=True):
        ref, place = Ref("slice", weight.name, known.batch, sample, sample), plan.banks[weight.name]
        label = number(0, 0, value, ref, p.YELLOW_INK, ROOM, signed=True, font=p.SEMIBOLD, anchor="centre")
        wide = text_width(label.text, p.SMALL, p.SEMIBOLD) + 2 * PAD
        found.append(Tag(place, coin_radius(place, value, largest), weight.is_bias, label, wide))
    return found


def _placed(tag: Tag, area: Box, standing: list[Box], others: list[list[Box]], earlier: list[Tag]) -> Tag:
    """In the longest part of the flight in which it covers nothing and stays in the area. others: at each step the
    other coins."""
    way = [tag.box(step / STEPS) for step in range(STEPS + 1)]
    left, top = min(box.x for box in way), min(box.y for box in way)
    whole = Box(left, top, max(box.right for box in way) - left, max(box.bottom for box in way) - top)
    near = [box for box in standing if overlaps(whole, box)]
    best, since = tag, 0
    for step, box in enumerate(way):
        outside = box.x < area.x or box.right > area.right or box.y < area.y or box.bottom > area.bottom
        met = [*near, *others[step], *(other.box(step / STEPS) for other in earlier)]
        if outside or any(overlaps(box, other) for other in met):
            since = step + 1
        elif step - since > best.lasts * STEPS:
            best = replace(tag, since=since / STEPS, until=step / STEPS)
    return best


def _in_the_way(plan: NetworkPlan, flying: list[Tag]) -> Iterator[Box]:
    """Where numbers and pigs stand, whether all of them are drawn now or not."""
    for bank in plan.banks.values():
        yield from taken_by_bank(bank)
    for tag in flying:
        if tag.bias:  # the 1 that it comes from
            x, y = tag.place.start
            yield Box(x - 14, y - 14, 28, 28)
    for node in plan.nodes.values():
        yield from taken_by_node(node)
