"""Words, operators and numbers that stand in a row."""

from __future__ import annotations

from dataclasses import dataclass

from piggybank.ledger.lines import Ref
from piggybank.stage import palette as p
from piggybank.stage.measure import advance

SPACE = 9.0
"""Between two of them."""


@dataclass(frozen=True)
class Token:
    """A word, an operator or a number of the row; `rank` 0 always stays, what ranks highest gives way first."""

    text: str
    colour: str = p.MUTED
    ref: Ref | None = None
    rank: int = 0

    @property
    def font(self) -> str:
        return p.SEMIBOLD if self.ref else p.REGULAR

    @property
    def width(self) -> float:
        return advance(self.text, p.SMALL, self.font)
