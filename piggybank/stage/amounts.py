"""What the banks of a whole layer, or of one neuron, hold at a moment: found at once, however many there are.

It is the number that a pig's pill shows: the pending total, in a commit the average, and then the final adjustment.
"""

from __future__ import annotations

import math

import numpy as np

from piggybank.ledger.at_hand import at_hand
from piggybank.ledger.bank import layer_inputs
from piggybank.ledger.kept import unemptied
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Ref
from piggybank.ledger.records import read_only, split
from piggybank.ordered import Array, bank_totals
from piggybank.stage.banked import bank_ref, keeps
from piggybank.stage.known import Known

TOTAL, AVERAGE, ADJUSTMENT = "", "average", "adjustment"
"""What the amounts are: names of the rule's recipe but for the first."""


def part_shown(ledger: Ledger, known: Known) -> str | None:
    """Which of them is known; None while the banks are empty."""
    if known.committed:
        return ADJUSTMENT
    if known.stage == "average" and AVERAGE in dict(ledger.header.recipe.lines):
        return AVERAGE
    return TOTAL if known.banked or keeps(ledger, known) else None


def amount_ref(ledger: Ledger, known: Known, part: str, weight: str) -> Ref:
    """The receipt behind one of them."""
    return Ref("commit", weight, known.batch, part=part) if part else bank_ref(ledger, known, weight)


@at_hand(16)
def layer_amounts(ledger: Ledger, known: Known, layer: int) -> Array | None:
    """Of all weights of a layer, like its weights; None while the banks are empty."""
    return _amounts(ledger, known, layer, slice(None))


@at_hand(64)
def neuron_amounts(ledger: Ledger, known: Known, neuron: str) -> Array | None:
    """Of the weights into one neuron, (inputs [+ 1],), the bias last; None while the banks are empty."""
    layer, column = ledger.header.neurons[neuron]
    found = _amounts(ledger, known, layer, slice(column, column + 1))
    return None if found is None else found[:, 0]


@np.errstate(all="ignore")  # banks of a run that overflowed hold inf and nan, and are shown as that
def _amounts(ledger: Ledger, known: Known, layer: int, columns: slice) -> Array | None:
    part, record, header = part_shown(ledger, known), ledger.batch(known.batch), ledger.header
    if part is None:
        return None
    if part:
        shapes = [found.shape for found in header.layers]
        flat = np.broadcast_to(ledger.commit_at(known.batch)[part], sum(map(math.prod, shapes)))
        return split(flat, shapes)[layer][:, columns]
    kept = keeps(ledger, known)
    before = ledger.memory_at(known.batch - 1)[unemptied(header)][layer][:, columns] if kept else None
    if known.banked == 0:
        return before
    inputs = layer_inputs(header, record, layer)[: known.banked]
    totals = bank_totals(inputs, record.blame[layer][: known.banked, columns])
    return read_only(totals if before is None else before + totals)


@np.errstate(all="ignore")
def strengths(values: Array) -> Array:
    """How large each is beside the largest finite one, 0 to 1; what is infinite is 1, what is not a number stays so."""
    sizes = np.abs(values)
    finite = sizes[np.isfinite(sizes)]
    largest = float(finite.max()) if finite.size else 0.0
    result: Array = np.minimum(sizes / largest if largest else np.where(np.isinf(sizes), 1.0, sizes), 1.0)
    return result
