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
    """size: of the window in pixels. selected: a weight's name. planned: batches of the lesson, 0 for an open end.
    caption: words above the network, none for what the phase says by itself. hindsight: the final adjustment is shown
    on every sample of its batch, not only once it is committed. lit: the sample whose coins stand out, 0 for all.
    look: how the person likes the screen. neuron: whose banks the vault view shows, "" for none; page: which of them
    (0-based). hint: a few words for somebody new, in the strip. trouble: the batch
    since which numbers are none any more, once it has come to that, 0 for none. seal: of all that is recorded up to
    here, where a run or a film ends. menu: there is a menu to go back to. asked:
    a question is open, which nothing else opens over. compares: there are runs beside this one; sides: all of them, in
    place of the network, () while that is closed."""

    size: tuple[int, int] = (1280, 720)
    title: str = ""
    subtitle: str = ""
    caption: tuple[Span, ...] = ()
    selected: str = ""
    playing: bool = False
    speed: float = 1.0
    planned: int = 0
    hindsight: bool = False
    lit: int = 0
    look: Look = field(default_factory=Look)
    neuron: str = ""
    page: int = 0
    hint: str = ""
    trouble: int = 0
    seal: str = ""
    menu: bool = False
    asked: bool = False
    compares: bool = False
    sides: tuple[Side, ...] = ()

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
