"""A neuron's weights as the vault pages through them: the largest amount first, each on exactly one page."""

from __future__ import annotations

import numpy as np

from piggybank.ledger.at_hand import at_hand
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.records import BIAS, Weight
from piggybank.stage.amounts import neuron_amounts
from piggybank.stage.known import Known
from piggybank.stage.pager import Pages

EACH = 12


@at_hand(64)
def order_of(ledger: Ledger, known: Known, neuron: str) -> tuple[int, ...]:
    """Rows of a neuron's weights by the size of what their banks hold, the largest first; where that is equal, and
    while it is not known, by their number."""
    values = neuron_amounts(ledger, known, neuron)
    if values is None:
        return tuple(range(ledger.header.layers[ledger.header.neurons[neuron][0]].shape[0]))
    sizes = np.abs(values)
    return tuple(np.argsort(-np.where(np.isnan(sizes), np.inf, sizes), kind="stable").tolist())


def pages_of(ledger: Ledger, neuron: str, page: int) -> Pages:
    """Which of a neuron's weights are shown."""
    return Pages(page, ledger.header.layers[ledger.header.neurons[neuron][0]].shape[0], EACH)


def shown(ledger: Ledger, known: Known, neuron: str, page: int) -> list[Weight]:
    """The weights of a page, in order."""
    pages = pages_of(ledger, neuron, page)
    return [weight_of(ledger, neuron, row) for row in order_of(ledger, known, neuron)[pages.first : pages.last]]


def names_of(ledger: Ledger, known: Known, neuron: str) -> list[str]:
    """A neuron's weights in the order of its pages."""
    return [weight_of(ledger, neuron, row).name for row in order_of(ledger, known, neuron)]


def weight_of(ledger: Ledger, neuron: str, row: int) -> Weight:
    """The weight in a row of a neuron's column."""
    layer, place = ledger.header.neurons[neuron]
    sources = ledger.header.layers[layer].sources
    return Weight(layer, row, place, sources[row] if row < len(sources) else BIAS, neuron)


def page_with(ledger: Ledger, known: Known, weight: Weight) -> int:
    """The page (0-based) that a weight stands on."""
    return order_of(ledger, known, weight.target).index(weight.row) // EACH
