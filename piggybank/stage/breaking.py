"""How one bank breaks: the hammer, cracks, its coins out and together, and the bank again, all of it a function of the
commit's progress."""

from __future__ import annotations

import math
from dataclasses import replace

from piggybank.ledger.commit_receipts import commit_values
from piggybank.ledger.kept import unemptied
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.records import Weight
from piggybank.stage.easing import fall, mix, out, part, smooth
from piggybank.stage.known import AVERAGE, BROKEN, MOVED, STRUCK, Known
from piggybank.stage.piggies import coins_in, glass, pig, sign
from piggybank.stage.places import Bank, NetworkPlan
from piggybank.stage.scene import NOBODY, Coin, Item, Picture


def one_break(ledger: Ledger, plan: NetworkPlan, known: Known, progress: float, name: str) -> list[Item]:
    """A bank at a moment of its commit."""
    weight = ledger.header.weights_by_name[name]
    place = plan.banks[name]
    if progress < STRUCK:
        whole = [*pig(place), *coins_in(ledger, weight, place, known), glass(place)]
        return [*whole, _hammer(place, part(progress, 0, STRUCK))]
    if progress < STRUCK + 0.07:
        jolt = 0.05 * math.sin(part(progress, STRUCK, STRUCK + 0.07) * math.pi)
        cracked = [*pig(place, jolt, "piggy_cracked"), *coins_in(ledger, weight, place, known)]
        return [*cracked, glass(place, jolt, "piggy_glass_cracked"), _hammer(place, 1.0)]
    if progress < BROKEN:
        t = part(progress, STRUCK + 0.07, BROKEN)
        return [*pig(place, 0.0, "shards", 1.0), *_coins_merge(ledger, place, known, name, t)]
    t = part(progress, BROKEN, MOVED)
    house = _house_coins(ledger, place, known, weight, part(progress, AVERAGE, MOVED - 0.04))
    if t < 0.25:
        return [*pig(place, 0.0, "shards", 1 - 4 * t), *house]
    mended = min(1.0, 4 * t - 1)
    return [
        *pig(place, 0.0, "piggy", mended),
        *_put_back(ledger, place, known, weight, mended),
        glass(place, alpha=mended),
        *house,
    ]


def _put_back(ledger: Ledger, place: Bank, known: Known, weight: Weight, mended: float) -> list[Item]:
    """The coins in the mended bank, where nobody empties it."""
    if not unemptied(ledger.header):
        return []
    coins = coins_in(ledger, weight, place, known)
    return [replace(coin, alpha=coin.alpha * mended) for coin in coins if isinstance(coin, Coin)]


def _house_coins(ledger: Ledger, place: Bank, known: Known, weight: Weight, t: float) -> list[Item]:
    """What no sample of today put in comes from above, in no sample's colour, to where the adjustment will stand."""
    names = list(ledger.header.house)
    if not names or not 0 < t < 1:
        return []
    values = commit_values(ledger, weight, known.batch)
    target = place.pill or place.pig
    items: list[Item] = []
    for number, name in enumerate(names):
        x = target.cx + (number - (len(names) - 1) / 2) * 34
        top = place.cell.y + 14
        items.append(Coin(x, mix(top, target.y - 8, fall(t)), 13, NOBODY, sign(values[name]), False, 1 - fall(t) * 0.4))
    return items


def _hammer(place: Bank, t: float) -> Item:
    """Drawn back, then down on the pig from its left, where no number stands."""
    side = place.pig.w * 0.8
    swing = -30 + 20 * out(min(1.0, t / 0.5)) if t < 0.5 else -10 - 45 * fall((t - 0.5) / 0.5)
    lift = side * 0.16 * (1 - fall(max(0.0, (t - 0.5) * 2)))
    return Picture(
        "hammer", place.pig.x + place.pig.w * 0.04, place.pig.y + side * 0.36 - lift, side, 1.0, swing, flip=True
    )


def _coins_merge(ledger: Ledger, place: Bank, known: Known, name: str, t: float) -> list[Item]:
    """The batch's coins come out and run together where the total will stand."""
    weight = ledger.header.weights_by_name[name]
    target = (place.pill.cx, place.pill.cy) if place.pill else (place.pig.cx, place.pig.cy)
    items: list[Item] = []
    for coin in coins_in(ledger, weight, place, known):
        if isinstance(coin, Coin):
            s = smooth(t)
            x, y = mix(coin.x, target[0], s), mix(coin.y, target[1], s)
            y -= math.sin(s * math.pi) * place.pig.h * 0.25
            items.append(Coin(x, y, coin.radius * mix(1.6, 0.8, s), coin.sample, coin.sign, False, 1 - fall(s) * 0.8))
    return items
