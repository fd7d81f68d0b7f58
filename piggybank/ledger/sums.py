"""Terms added left to right from +0.0, a line for each: coins in a bank, losses of a batch, shares of a row.

A sum that grows keeps its lines: what a bank holds after seven samples begins with what it held after six, and shows
the very same lines.
"""

from __future__ import annotations

from collections.abc import Iterable

from piggybank.arithmetic import is_exact, literal
from piggybank.ledger.lines import Line, Ref

NOTHING, EMPTY = ("Nothing yet", "zero"), ("Empty bank", "empty")
"""Where a sum starts: its word, and the setting that says so."""
Term = tuple[str, float, Ref]
"""What a term is called, its value, and the receipt behind it."""


def chain(terms: list[str]) -> str:
    """Terms added left to right from +0.0, as Python text."""
    return f"({' + '.join(['0.0', *terms])})"


def chain_of(values: Iterable[float]) -> str:
    """`chain` of numbers instead of texts."""
    return chain([literal(value) for value in values])


class Sum:
    """A sum that grows term by term.

    lines: where it starts, then one for each term. totals: what it comes to after 0, 1, … terms. exact: whether nothing
    was rounded away up to there.
    """

    def __init__(self, section: str, start: tuple[str, str] = NOTHING) -> None:
        self.section = section
        self.lines = [Line(section, start[0], "", 0.0, "", True, Ref("setting", start[1]))]
        self.totals, self.exact = [0.0], [True]

    def __len__(self) -> int:
        """Terms so far."""
        return len(self.lines) - 1

    def add(self, label: str, value: float, origin: Ref) -> None:
        """One more term."""
        before = self.totals[-1]
        total = before + value
        exact = is_exact("+", before, value, total)
        self.lines.append(Line(self.section, label, "+", value, "", exact, origin))
        self.totals.append(total)
        self.exact.append(exact and self.exact[-1])
