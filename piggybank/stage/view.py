"""How someone looks at a run: the window, what is selected and open. Nothing of it changes a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from piggybank.ledger.lines import Ref
from piggybank.stage import digits
from piggybank.stage.look import Look
from piggybank.stage.measure import text_width
from piggybank.stage.palette import REGULAR, SMALL
from piggybank.stage.regions import WIDE, Regions, regions
from piggybank.stage.scene import Label
from piggybank.stage.sides import Side
from piggybank.stage.spans import Span


@dataclass(frozen=True)
class View:
    """What of a run somebody sees, and how."""

    size: tuple[int, int] = (1280, 720)  # of the window, in pixels
    look: Look = field(default_factory=Look)  # colours, size of text, how numbers are written

    # words
    title: str = ""
    subtitle: str = ""
    caption: tuple[Span, ...] = ()  # above the network; (): what the phase says by itself
    hint: str = ""  # a few words for somebody new, in the strip

    # playing
    playing: bool = False
    speed: float = 1.0
    planned: int = 0  # batches of the lesson, 0 for an open end
    trouble: int = 0  # the batch since which numbers are none any more, once it has come to that; 0 for none
    seal: str = ""  # of all that is recorded up to here, where a run or a film ends

    # what is looked at
    selected: str = ""  # a weight's name
    hindsight: bool = False  # the final adjustment is shown on every sample of its batch, not only once it is committed
    lit: int = 0  # the sample whose coins stand out, 0 for all
    neuron: str = ""  # whose banks the vault view shows, "" for none
    page: int = 0  # which of these banks, from 0

    # what there is besides
    menu: bool = False  # a menu to go back to
    asked: bool = False  # a question is open, and nothing else opens over it
    compares: bool = False  # there are runs beside this one
    sides: tuple[Side, ...] = ()  # all of them, in place of the network; () while that is closed

    @property
    def regions(self) -> Regions:
        return regions(self.size, self.look.text)

    @property
    def narrow(self) -> bool:
        """Nearer to 4:3 than to 16:9."""
        return self.regions.width < WIDE


NARROWER = 0.78
"""So far a small number may be drawn narrower before it is written with a power of ten."""
DECIMALS = ((digits.DECIMALS, digits.MOST_DECIMALS), (digits.DECIMALS, digits.DECIMALS), (2, 2), (1, 1))
"""Tried in turn: decimals of what is rounded, most decimals of what is exact."""


def number(
    x: float,
    y: float,
    value: float,
    ref: Ref,
    colour: str,
    room: float,
    *,
    size: float = SMALL,
    signed: bool = False,
    font: str = REGULAR,
    anchor: str = "right",
) -> Label:
    """A label that shows a number of the run, with as many decimals as fit the room."""
    text = column((value,), signed, room, size, font)[0]
    return Label(x, y, text, size, colour, font, anchor, room, ref)


def column(values: Sequence[float], signed: bool, room: float, size: float = SMALL, font: str = REGULAR) -> list[str]:
    """Texts of numbers under one another, with as many decimals as fit the room: a number is never cut short. One that
    so many decimals would show as zero has more, and may be drawn a little narrower for it."""

    def fits(text: str) -> bool:
        return text_width(text, size, font) <= room

    def short(value: float) -> str:
        whole = [digits.shortest(value, signed, digits=0)] if 100 <= abs(value) < digits.LARGEST else []
        for text in (*whole, *(digits.shortest(value, signed, digits=many) for many in (3, 2))):
            if fits(text):
                return text
        plain = digits.shortest(value, signed)
        fits_narrower = text_width(plain, size, font) * NARROWER <= room
        return plain if fits_narrower else digits.shortest(value, signed, power=True)

    for places, most in DECIMALS:
        texts = digits.column(values, signed, places, most)
        alone = [digits.stands_out(value, text, places) for text, value in zip(texts, values, strict=True)]
        if all(out or fits(text) for out, text in zip(alone, texts, strict=True)):
            break
    return [text if fits(text) else short(value) for text, value in zip(texts, values, strict=True)]
