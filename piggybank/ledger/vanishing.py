"""Trouble of another kind: numbers without effect, too small to change what they are added to or for a float at all."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from piggybank.ledger import bank
from piggybank.ledger.commit_receipts import commit_values
from piggybank.ledger.lines import Ref
from piggybank.ledger.records import Weight
from piggybank.ledger.trouble import Trouble, states
from piggybank.ordered import Array

if TYPE_CHECKING:
    from piggybank.ledger.ledger import Ledger


def too_light(ledger: Ledger, weight: Weight, batch: int) -> Trouble | None:
    """The adjustment of a weight that is not 0 and yet does not move it, or coins that are lost on the way to it."""
    values = commit_values(ledger, weight, batch)
    total, adjustment = values["total"], values["adjustment"]
    if adjustment != 0 and values["after"] == values["before"] and math.isfinite(values["after"]):
        ref = Ref("commit", weight.name, batch, part="adjustment")
        gap = float(np.spacing(abs(values["before"])))
        why = f"too light to move {weight.name}: the next number is {gap:.1e} away"
        advice = "this is as near as it gets; more digits would be needed"
        return Trouble(batch, 0, ref, f"The adjustment of {weight.name}", adjustment, why, advice)
    if adjustment == 0 and total != 0 and math.isfinite(total) and abs(total) < 1e-290:
        ref = Ref("bank", weight.name, batch, ledger.header.count(batch))
        why = "so small that what it is multiplied by makes it 0"
        return Trouble(batch, 0, ref, f"The bank of {weight.name}", total, why, "look for what makes its coins vanish")
    return None


def first_vanished(ledger: Ledger, first: int, last: int) -> Trouble | None:
    """The first of the batches that moved no weight because a coin became 0, and that coin: such a run learns nothing
    more. Looks only where every batch's weights are kept."""
    size = len(ledger.header.weights)
    if ledger.kept_every > 1 or first > last:
        return None
    before, batch = ledger.storage.state(first - 1)[np.newaxis, :size], first
    for block in states(ledger, first, last):
        weights = block[:, :size]
        still = (weights == np.concatenate([before, weights[:-1]])).all(axis=1)
        for place in np.flatnonzero(still).tolist():
            trouble = vanished(ledger, batch + place)
            if trouble is not None:
                return trouble
        before, batch = weights[-1:], batch + len(block)
    return None


def vanished(ledger: Ledger, batch: int) -> Trouble | None:
    """The first coin of a batch that is 0 because a product of two numbers that are not became too small."""
    record, layers = ledger.batch(batch), range(len(ledger.header.layers))
    if not any(_vanish(bank.layer_inputs(ledger.header, record, layer), record.blame[layer]) for layer in layers):
        return None
    places = ((sample, weight) for sample in range(1, record.count + 1) for weight in ledger.header.weights)
    found = (vanished_coin(ledger, weight, batch, sample) for sample, weight in places)
    return next((trouble for trouble in found if trouble is not None), None)


def _vanish(given: Array, blame: Array) -> bool:
    """Whether a product of two numbers that are not 0 is."""
    given, blame = given[:, :, np.newaxis], blame[:, np.newaxis, :]
    return bool(((given * blame == 0) & (given != 0) & (blame != 0)).any())


def vanished_coin(ledger: Ledger, weight: Weight, batch: int, sample: int) -> Trouble | None:
    """A coin that is 0 because a product of two numbers that are not became too small; None for any other."""
    record = ledger.batch(batch)
    blame = float(record.blame[weight.layer][sample - 1, weight.column])
    given = float(bank.layer_inputs(ledger.header, record, weight.layer)[sample - 1, weight.row])
    if not (blame != 0 and given != 0 and given * blame == 0):
        return None
    ref = Ref("slice", weight.name, batch, sample)
    why = f"{given:.1e} × {blame:.1e} is smaller than the smallest number above 0, about 4.9e-324"
    return Trouble(batch, sample, ref, f"The coin for {weight.name}", 0.0, why, "scale the inputs up")
