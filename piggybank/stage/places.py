"""The places that a plan of the network gives: of neurons, and of the banks on their connections."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from piggybank.stage.palette import SMALL
from piggybank.stage.scene import Box

MOST_BLAME = 188.0
"""The width that the word and any number have room in."""


@dataclass(frozen=True)
class Node:
    """A neuron's place. Round ones carry value over name (small ones the name alone, the value above), with room for
    the blame above; others are one or two rows. text: the size of numbers above it."""

    name: str
    box: Box
    round: bool
    reach: float = 0.0
    small: bool = False
    text: float = SMALL

    @property
    def left(self) -> tuple[float, float]:
        return self.box.x, self.box.cy

    @property
    def right(self) -> tuple[float, float]:
        return self.box.right, self.box.cy

    @property
    def blame(self) -> Box:
        """Above the node, as wide as the room to the nearest banks allows."""
        width = min(MOST_BLAME, self.box.w + 2 * self.reach)
        lift = 66 if self.small else 40
        return Box(self.box.cx - width / 2, self.box.y - lift, width, 32)


@dataclass(frozen=True)
class Bank:
    """A weight's place on its connection: coins fly through `cell` from its left edge into the slot of the pig. text:
    the size of the number in the pill."""

    weight: str
    cell: Box
    pig: Box
    pill: Box | None
    dial: Box | None
    start: tuple[float, float]
    end: tuple[float, float]
    text: float = SMALL

    @property
    def slot(self) -> tuple[float, float]:
        """Where coins go in."""
        return self.pig.x + self.pig.w * 116 / 256, self.pig.y + self.pig.h * 66 / 256

    @property
    def window(self) -> Box:
        """The glass in the belly."""
        unit = self.pig.w / 256
        return Box(self.pig.x + 60 * unit, self.pig.y + 108 * unit, 104 * unit, 76 * unit)


@dataclass(frozen=True, eq=False)
class NetworkPlan:
    """Places of neurons and banks on the stage, each plan a thing of its own; `nodes` is empty where a vault's neuron
    shows its banks alone."""

    nodes: dict[str, Node]
    banks: dict[str, Bank]


OUTLINE = (
    (0.0, 0.41, 0.12, 0.68), (0.12, 0.29, 0.25, 0.92), (0.25, 0.23, 0.56, 0.92), (0.56, 0.15, 0.87, 0.92),
    (0.87, 0.44, 1.0, 0.7),
)  # fmt: skip
"""Of a pig's drawing: left, top, right and bottom of its tail, back, middle, head and snout, as parts of its side."""


def overlaps(a: Box, b: Box) -> bool:
    """Whether they have more in common than an edge."""
    return a.x < b.right and b.x < a.right and a.y < b.bottom and b.y < a.bottom


def taken_by_bank(bank: Bank) -> Iterator[Box]:
    """Its pig as it is drawn, and its numbers."""
    pig = bank.pig
    for left, top, right, bottom in OUTLINE:
        yield Box(pig.x + left * pig.w, pig.y + top * pig.h, (right - left) * pig.w, (bottom - top) * pig.h)
    yield from (box for box in (bank.pill, bank.dial) if box is not None)


def taken_by_node(node: Node) -> Iterator[Box]:
    """The neuron, its blame, and what is written above and below it."""
    yield node.box
    if node.round:
        yield node.blame
        yield Box(node.box.x - node.reach, node.box.bottom, node.box.w + 2 * node.reach, 30)
    if node.small:
        yield Box(node.box.x - node.reach, node.box.y - 32, node.box.w + 2 * node.reach, 32)
