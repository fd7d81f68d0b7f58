"""What moves within a beat, as a function of its progress alone: so it pauses, scrubs and runs backwards."""

from __future__ import annotations

import math
from dataclasses import replace

from piggybank.ledger import bank as banks
from piggybank.ledger.kept import kept_before
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.records import Weight
from piggybank.stage import network_view as rest
from piggybank.stage import palette as p
from piggybank.stage.banked import keeps
from piggybank.stage.breaking import one_break
from piggybank.stage.coin_tags import behind_coins, coin_tags
from piggybank.stage.connections import curve
from piggybank.stage.easing import mix, part, smooth, squash
from piggybank.stage.flight import SLOT, coin_radius, flight
from piggybank.stage.known import LANDED, MOVED, REVEAL, Known
from piggybank.stage.piggies import coins_in, glass, pig, sign
from piggybank.stage.places import Bank, NetworkPlan
from piggybank.stage.scene import Box, Coin, Disc, Item
from piggybank.stage.timeline import BANK, BLAME, COMMIT, PREDICT, Cursor
from piggybank.stage.view import View


def banks_move(known: Known, progress: float) -> bool:
    """Whether the pigs themselves are drawn as moving now."""
    return known.moment.phase == COMMIT and 0 < progress < 1


def moving(ledger: Ledger, plan: NetworkPlan, known: Known, cursor: Cursor, view: View) -> list[Item]:
    """The moving part of a beat; nothing when it is settled."""
    progress = cursor.progress
    if not 0 < progress < 1:
        return []
    if known.moment.phase == PREDICT:
        return _signals(ledger, plan, known.moment.layer, part(progress, 0, REVEAL), p.BLUE)
    if known.moment.phase == BLAME:
        return _blame_back(ledger, plan, known.moment.layer, 1 - part(progress, 0, REVEAL))
    if known.moment.phase == BANK:
        return _coins_fly(ledger, plan, known, progress, view)
    if known.moment.phase == COMMIT:
        return _break_open(ledger, plan, known, progress, view)
    return []


def _weights(ledger: Ledger, plan: NetworkPlan) -> list[Weight]:
    """The weights that have a pig."""
    return [ledger.header.weights_by_name[name] for name in plan.banks]


def _along(bank: Bank, t: float) -> tuple[float, float]:
    """A point of a connection, t from 0 (source) to 1 (neuron)."""
    first, second = curve(bank)
    points = first + second
    place = t * (len(points) - 1)
    index = min(int(place), len(points) - 2)
    (x0, y0), (x1, y1) = points[index], points[index + 1]
    return mix(x0, x1, place - index), mix(y0, y1, place - index)


def _dot(plan: NetworkPlan, place: Bank, t: float, radius: float, colour: str) -> list[Item]:
    """A dot on a connection; none where it would cover a pig or a number, whosever they are."""
    x, y = _along(place, t)
    hidden = any(bank.pig.contains(x, y) or _near(bank.pill, x, y, radius) for bank in plan.banks.values())
    hidden = hidden or any(_near(node.blame, x, y, radius) for node in plan.nodes.values())
    return [] if hidden else [Disc(x, y, radius, colour)]


def _near(box: Box | None, x: float, y: float, away: float) -> bool:
    return box is not None and abs(x - box.cx) <= box.w / 2 + away and abs(y - box.cy) <= box.h / 2 + away


def _signals(ledger: Ledger, plan: NetworkPlan, layer: int, t: float, colour: str) -> list[Item]:
    """Values running along the connections into a layer."""
    if not 0 < t < 1:
        return []
    found: list[Item] = []
    for weight in _weights(ledger, plan):
        if weight.layer == layer:
            for lag, radius in ((0.0, 8.0), (0.05, 6.0), (0.1, 4.0)):
                found += _dot(plan, plan.banks[weight.name], max(0.0, smooth(t) - lag), radius, colour)
    return found


def _blame_back(ledger: Ledger, plan: NetworkPlan, layer: int, t: float) -> list[Item]:
    """Blame running back along the connections out of a layer; at the outputs it gathers from outside."""
    if layer + 1 < len(ledger.header.layers):
        hidden = [w for w in ledger.header.weights if w.layer == layer + 1 and not w.is_bias]
        found: list[Item] = []
        for weight in hidden if 0 < t < 1 else []:
            for lag, radius in ((0.0, 8.0), (0.05, 6.0), (0.1, 4.0)):
                found += _dot(plan, plan.banks[weight.name], min(1.0, smooth(t) + lag), radius, p.BLAME_INK)
        return found
    rings: list[Item] = []
    for name in ledger.header.layers[layer].neurons if 0 < t < 1 else ():
        box = plan.nodes[name].box
        rings.append(Disc(box.cx, box.cy, max(box.w, box.h) / 2 + 4 + 26 * t, "", p.BLAME_INK, 3))
    return rings


def _coins_fly(ledger: Ledger, plan: NetworkPlan, known: Known, progress: float, view: View) -> list[Item]:
    """One coin for every weight, from the connection over an arc into the slot."""
    record, sample = ledger.batch(known.batch), known.sample
    weights = _weights(ledger, plan)
    coins = {weight: float(banks.slices(ledger.header, record, weight)[sample - 1]) for weight in weights}
    largest = max((abs(value) for value in coins.values() if math.isfinite(value)), default=0.0)
    items: list[Item] = []
    t = part(progress, 0.02, LANDED)
    plain = behind_coins(ledger, plan, known, view) if 0 < t < 1 else frozenset()
    bump = squash(part(progress, LANDED - 0.06, 1.0)) * 0.07
    for weight, value in coins.items():
        place = plan.banks[weight.name]
        if abs(bump) > 0.001:
            before = float(banks.running_totals(ledger.header, record, weight)[sample - 1])
            before += kept_before(ledger, weight, known.batch)[0] if keeps(ledger, known) else 0.0
            shaken = _shaken(place, part(progress, LANDED, 1.0)) if before * value < 0 else place
            items += pig(shaken, bump)
            items += coins_in(ledger, weight, shaken, known)
            items.append(glass(shaken, bump))
            items += rest.pill(ledger, weight, place, known)
        if 0 < t < 1:
            radius = coin_radius(place, value, largest)
            flying = _flying(place, known.number(sample), sign(value), radius, t, weight.is_bias)
            items += flying[-1:] if weight.name in plain else flying
    return items + (coin_tags(ledger, plan, known, t, view) if 0 < t < 1 else [])


SHAKES, SWING = 3, 0.035
"""How often, and how far as a part of its width, a pig shakes when a coin cancels what is in it."""


def _shaken(place: Bank, t: float) -> Bank:
    """The pig a little to one side, back and forth, coming to rest."""
    away = math.sin(t * math.pi * 2 * SHAKES) * (1 - t) * SWING * place.pig.w
    return replace(place, pig=replace(place.pig, x=place.pig.x + away))


def _flying(place: Bank, sample: int, shape: int | None, radius: float, t: float, bias: bool) -> list[Item]:
    """A coin and its soft trail, unless it is hollow, so that the trail would be seen through it."""
    items: list[Item] = []
    for lag in (0.10, 0.05, 0.0):
        x, y, shrink = flight(place, max(0.0, t - lag), radius, bias)
        if lag and t < SLOT and shape != 0:
            items.append(Coin(x, y, radius * (1 - 2 * lag), sample, shape, False, 0.5 - 3.5 * lag))
        if not lag:
            items.append(Coin(x, y, radius * shrink, sample, shape, numbered=shrink > 0.9))
    return items


def _break_open(ledger: Ledger, plan: NetworkPlan, known: Known, progress: float, view: View) -> list[Item]:
    """Hammer, cracks, coins out and merged, and the empty bank again; then the connection takes its new width."""
    items: list[Item] = []
    for weight in _weights(ledger, plan):
        place = plan.banks[weight.name]
        if weight.name == view.selected:
            items.append(rest.focus(place, known))
        items += one_break(ledger, plan, known, progress, weight.name)
    for weight in _weights(ledger, plan):  # numbers over hammers
        items += rest.dial(ledger, weight, plan.banks[weight.name], known)
        items += rest.pill(ledger, weight, plan.banks[weight.name], known)
    return items + _weights_move(ledger, plan, part(progress, MOVED, 0.98))


def _weights_move(ledger: Ledger, plan: NetworkPlan, t: float) -> list[Item]:
    """A green pulse from each pig to its neuron as the weight takes its new value."""
    if not 0 < t < 1:
        return []
    found: list[Item] = []
    for weight in _weights(ledger, plan):
        found += _dot(plan, plan.banks[weight.name], 0.5 + 0.5 * smooth(t), 8.0, p.GREEN_EDGE)
    return found
