"""The places that a plan of the network gives: of neurons, and of the banks on their connections."""

from __future__ import annotations

from dataclasses import dataclass

from piggybank.stage.scene import Box

MOST_BLAME = 188.0
"""The width that the word and any number have room in."""


@dataclass(frozen=True)
class Node:
    """A neuron's place. Round ones carry value over name (small ones the name
    alone, the value above), with room for the blame above; others are one or two rows."""

    name: str
    box: Box
    round: bool
    reach: float = 0.0
    small: bool = False

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
    """A weight's place on its connection: coins fly through `cell` from its left edge into the slot of the pig."""

    weight: str
    cell: Box
    pig: Box
    pill: Box | None
    dial: Box | None
    start: tuple[float, float]
    end: tuple[float, float]

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
