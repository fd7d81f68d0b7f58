"""How much of a network is shown: a pig on each connection, a wall of banks, or a vault with a neuron's at a time.

It depends on the network and the room alone, so what is selected stays selected when a window is made larger.
"""

from __future__ import annotations

from dataclasses import replace

from piggybank.ledger.at_hand import at_hand
from piggybank.ledger.class_names import has_columns
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.storage import weight_count
from piggybank.stage.layout import MOST_BANKS, plan_network
from piggybank.stage.places import NetworkPlan
from piggybank.stage.scene import Box
from piggybank.stage.view import View
from piggybank.stage.wall_plan import Layer, WallPlan, plan_wall

MOST_ON_WALL = 250
"""Networks of more weights are shown as a vault."""


def detail_of(ledger: Ledger, view: View) -> NetworkPlan | WallPlan | None:
    """Places of pigs, or of the wall's tables; None for a vault."""
    return _detail(ledger, view.regions.network, view.regions.least_text)


@at_hand(16)
def _detail(ledger: Ledger, area: Box, least_text: float) -> NetworkPlan | WallPlan | None:
    header, count = ledger.header, weight_count(ledger.header)
    if count <= MOST_BANKS:
        names = tuple(weight.name for weight in header.weights)
        plan = plan_network(header.neuron_layers, names, area, least_text)
        if plan is not None:
            return plan
    if count > MOST_ON_WALL:
        return None
    layers = [Layer(layer.sources, layer.neurons, layer.has_bias) for layer in header.layers]
    if has_columns(header):
        layers[-1] = replace(layers[-1], classes=header.classes)
    return plan_wall(tuple(layers), area)


def opened(ledger: Ledger, view: View) -> str:
    """The neuron whose own banks a vault shows, "" for none."""
    return view.neuron if view.neuron in ledger.header.neurons and detail_of(ledger, view) is None else ""
