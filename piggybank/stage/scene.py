"""Frozen drawing records, in layout units. A number that is drawn names the number of the run that it shows.

Records do nothing; `compose` makes them, `paint` draws them, tests read them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from piggybank.ledger.lines import Ref
from piggybank.stage.look import Look


@dataclass(frozen=True)
class Box:
    """A rectangle: left, top, width, height."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h

    @property
    def cx(self) -> float:
        return self.x + self.w / 2

    @property
    def cy(self) -> float:
        return self.y + self.h / 2

    def contains(self, x: float, y: float) -> bool:
        return self.x <= x < self.right and self.y <= y < self.bottom

    def inset(self, dx: float, dy: float) -> Box:
        return Box(self.x + dx, self.y + dy, self.w - 2 * dx, self.h - 2 * dy)


@dataclass(frozen=True)
class Panel:
    """A rounded rectangle; without a fill only its edge."""

    box: Box
    fill: str
    edge: str = ""
    radius: float = 14
    edge_width: float = 2


@dataclass(frozen=True)
class Label:
    """One line of text. y is its middle; x its left end, middle or right end by `anchor`.

    room: the width it may take; longer text is drawn smaller to fit, 0 for no limit.
    ref: the number it shows, when it is a number.
    spread: how wide it comes out in any case, by wider or narrower blanks, so that what follows on its line stands
    where it should; 0 for as the font has it.
    side: where runs stand side by side, the place from 1 of the run whose number it is; 0 for the one in front.
    """

    x: float
    y: float
    text: str
    size: float
    colour: str
    font: str = "regular"
    anchor: str = "left"
    room: float = 0
    ref: Ref | None = None
    spread: float = 0
    side: int = 0


@dataclass(frozen=True)
class Line:
    """A smooth line through points."""

    points: tuple[tuple[float, float], ...]
    colour: str
    width: float


@dataclass(frozen=True)
class Disc:
    """A circle."""

    x: float
    y: float
    radius: float
    fill: str
    edge: str = ""
    edge_width: float = 0


@dataclass(frozen=True)
class Picture:
    """A drawing from assets/art by its middle; `size` is the side of its square, `stretch` widens and flattens it,
    `angle` turns it counter-clockwise in degrees, `flip` mirrors it left to right, `tint` colours a white drawing."""

    name: str
    x: float
    y: float
    size: float
    alpha: float = 1.0
    angle: float = 0.0
    stretch: float = 0.0
    flip: bool = False
    tint: str = ""


NOBODY = 0
"""The sample of a coin that no sample of the batch put in: old savings, weight decay."""


@dataclass(frozen=True)
class Coin:
    """A sample's coin: hue and number say whose it is, its shape the slice's sign (+1 round, -1 octagon, 0 hollow).

    `sign` None: not known yet, drawn plain.
    """

    x: float
    y: float
    radius: float
    sample: int
    sign: int | None
    numbered: bool = True
    alpha: float = 1.0


Item: TypeAlias = Panel | Label | Line | Disc | Picture | Coin


@dataclass(frozen=True)
class Hit:
    """A place that reacts to a click: a command's name and argument. `tip` says what for; `coin`: the sample whose coin
    lies there, for what the pointer is told."""

    box: Box
    command: str
    argument: str = ""
    tip: str = ""
    coin: int = 0


@dataclass(frozen=True)
class Scene:
    """Everything on screen, back to front: `still` changes with the run and the window, `step` with the beat,
    `moving` within a beat, `over` with open overlays. Colours are roles of the palette; `look` says which theme they
    are taken from, and how numbers are written."""

    still: tuple[Item, ...]
    step: tuple[Item, ...]
    moving: tuple[Item, ...]
    over: tuple[Item, ...] = ()
    hits: tuple[Hit, ...] = ()
    look: Look = field(default_factory=Look)

    def __iter__(self) -> Iterator[Item]:
        yield from self.still
        yield from self.step
        yield from self.moving
        yield from self.over

    def labels(self) -> list[Label]:
        return [item for item in self if isinstance(item, Label)]

    def text(self) -> str:
        """One line an item: for tests and for reading a difference."""
        return "\n".join(map(repr, self))
