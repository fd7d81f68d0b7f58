"""What stands on a worksheet, as plain records: the page draws them, and knows nothing of ledgers."""

from __future__ import annotations

from dataclasses import dataclass

WORKED, HALF, ALONE = 1, 2, 3
"""How much help a commit gives: all of it is filled in, all but what breaking the bank makes, nothing."""
DATA, PASS, BLAME, COIN, STEP, FINAL = "data", "pass", "blame", "coin", "step", "final"
"""Kinds of columns: what is given with the sample, what a pass makes, blame, coins, lines of the rule, what moves a
weight."""


@dataclass(frozen=True)
class Column:
    """Numbers under one another. head: what they are; hint: how one comes by them; texts: as the screen writes them,
    one a row, or a single one that all rows share. blank: whether the sheet leaves them to be computed. foot: what they
    come to, written under them."""

    head: str
    hint: str
    kind: str
    texts: tuple[str, ...]
    blank: bool = False
    foot: str = ""


@dataclass(frozen=True)
class Row:
    """The words before a row. number: of the coin in front of them, 0 for none; above: words over the row."""

    words: str
    number: int = 0
    above: str = ""


@dataclass(frozen=True)
class Table:
    """rows and columns of one table; head: of what its rows are, in a word."""

    head: str
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Commit:
    """A commit of the sheet. help: how much of it is filled in; before: a column of one number for every weight."""

    batch: int
    epoch: int
    help: int
    before: tuple[Column, ...]
    samples: Table
    steps: Table

    @property
    def blanks(self) -> frozenset[str]:
        """Every number that the sheet leaves out, as it would be written."""
        columns = (*self.before, *self.samples.columns, *self.steps.columns)
        return frozenset(text for column in columns if column.blank for text in (*column.texts, column.foot) if text)


@dataclass(frozen=True)
class Option:
    """One of the answers A to D. says: what is said to whoever chooses it."""

    text: str
    right: bool
    says: str


@dataclass(frozen=True)
class Asked:
    """A question on paper. batch: the commit that it is about; options: none where a number is written."""

    batch: int
    asks: str
    answer: str
    options: tuple[Option, ...]
    because: str
    hints: tuple[str, ...]


@dataclass(frozen=True)
class Worksheet:
    """A whole sheet, with its answers. first: the questions before any number is seen; later: those after the tables.
    settings: words and the lines of what they are,
    data: the rows of the data, None where they stand in the commits' tables."""

    title: str
    about: str
    settings: tuple[tuple[str, tuple[str, ...]], ...]
    data: Table | None
    first: tuple[Asked, ...]
    commits: tuple[Commit, ...]
    later: tuple[Asked, ...]
    make: str
    make_answer: str
    modify: str
    recorded: str
    seal: str
