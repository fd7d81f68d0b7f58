"""The connections of the network, drawn in two runs with a piggy bank between them."""

from __future__ import annotations

from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Ref
from piggybank.ledger.records import Weight
from piggybank.stage import palette as p
from piggybank.stage.places import Bank, NetworkPlan
from piggybank.stage.scene import Disc, Item, Label, Line


def weight_at(ledger: Ledger, weight: Weight, batch: int) -> float:
    """A weight's value after a batch (0: initial)."""
    return float(ledger.weights_at(batch)[weight.layer][weight.row, weight.column])


def curve(bank: Bank) -> tuple[tuple[tuple[float, float], ...], tuple[tuple[float, float], ...]]:
    """The connection as two runs of points: into the pig, and on to the neuron."""
    middle = bank.pig.x + bank.pig.w * 0.1, bank.pig.cy
    beyond = bank.pig.right - bank.pig.w * 0.1, bank.pig.cy
    return _bend(bank.start, middle), _bend(beyond, bank.end)


def _bend(start: tuple[float, float], end: tuple[float, float]) -> tuple[tuple[float, float], ...]:
    """A curve that leaves and arrives level."""
    points = []
    for place in range(17):
        t = place / 16
        ease = t * t * (3 - 2 * t)
        points.append((start[0] + (end[0] - start[0]) * t, start[1] + (end[1] - start[1]) * ease))
    return tuple(points)


def _look(value: float) -> tuple[str, float]:
    """Colour by sign and width by size of a weight."""
    strength = abs(value) / (1 + abs(value)) if abs(value) < 1e12 else 1.0
    return (p.PLUS_EDGE if value >= 0 else p.MINUS_EDGE), 2.0 + 8.0 * strength


def edges(ledger: Ledger, plan: NetworkPlan, batch: int) -> list[Item]:
    """All connections with the weights after `batch`, and over them the 1 that each bias starts from."""
    items: list[Item] = []
    ones: list[Item] = []
    for weight in ledger.header.weights:
        bank = plan.banks[weight.name]
        colour, width = _look(weight_at(ledger, weight, batch))
        for points in curve(bank):
            items.append(Line(points, colour, round(width * 2) / 2))
        if weight.is_bias:
            x, y = bank.start
            ones.append(Disc(x, y, 13, p.PANEL, p.MUTED, 2))
            one = Ref("setting", "one")
            ones.append(Label(x, y, "1", p.SMALL, p.MUTED, anchor="centre", ref=one))
    return items + ones
