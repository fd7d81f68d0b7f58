"""Words, operators and numbers that stand in a row."""

from __future__ import annotations

from dataclasses import dataclass

from piggybank.ledger.lines import Ref
from piggybank.stage import palette as p
from piggybank.stage.measure import advance

SPACE = 9.0
"""Between two of them."""
CLOSE, NEAR = 1.0, 5.0
DIGIT, LETTER = 0.45, 0.25
"""By so much a digit, and a letter, may come out wider, where a window's letters are a whole number of pixels wide."""


@dataclass(frozen=True)
class Token:
    """A word, an operator or a number of the row; `rank` 0 always stays, what ranks highest gives way first. tight:
    what follows stands close to it; near: a little closer than usual, in a long row."""

    text: str
    colour: str = p.MUTED
    ref: Ref | None = None
    rank: int = 0
    tight: bool = False
    near: bool = False

    @property
    def font(self) -> str:
        return p.SEMIBOLD if self.ref else p.REGULAR

    @property
    def width(self) -> float:
        wide = advance(self.text, p.SMALL, self.font)
        return wide + (DIGIT if self.ref else LETTER) * len(self.text)

    @property
    def space(self) -> float:
        """Room behind it."""
        return CLOSE if self.tight else NEAR if self.near else SPACE
