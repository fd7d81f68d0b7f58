"""The way of a coin: from the connection over an arc to its pig's slot, and down into it."""

from __future__ import annotations

import math

from piggybank.stage.easing import fall, mix, smooth
from piggybank.stage.piggies import size_factor
from piggybank.stage.places import Bank

SLOT = 0.72
"""The part of its flight after which a coin is at the slot."""
LEAST_COIN, MOST_COIN = 17.0, 30.0
"""The radius that a coin's number needs, and that of the largest coin."""


def coin_radius(place: Bank, value: float, largest: float) -> float:
    """How large a coin of that value flies, beside the largest of those that fly with it."""
    return max(LEAST_COIN, min(MOST_COIN, place.pig.w * 0.19) * size_factor(value, largest))


def flight(place: Bank, t: float, radius: float, bias: bool) -> tuple[float, float, float]:
    """Position and size of a coin: up an arc to above the slot, then down into it, always inside its own cell."""
    slot_x, slot_y = place.slot
    start_x = max(place.cell.x + radius, place.pig.x - place.pig.w * 0.5 + radius * 0.3)
    start_y = place.pig.cy
    if bias:  # it comes from the 1 before the pig, and leaves that readable
        start_x = place.start[0] + 14 + radius
    top = place.cell.y + radius + 1
    above = max(slot_y - radius * 0.9, top)
    if t < SLOT:
        s = smooth(t / SLOT)
        lift = math.sin(s * math.pi) * place.pig.h * 0.12
        return mix(start_x, slot_x, s), max(mix(start_y, above, s) - lift, top), 1.0
    s = fall((t - SLOT) / (1 - SLOT))
    return slot_x, mix(above, slot_y + radius * 0.5, s), 1 - 0.75 * s
