"""Rows held back for validation: a network is measured on them and never learns from them, so they bank no coins."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from numbers import Real

from piggybank.engine.dataset import DataError, Dataset
from piggybank.wording import quote

FINEST = 1000
"""A share is read as a fraction with at most this divisor, so that 0.3 means 3 of every 10."""


def hold_back(data: Dataset, share: float) -> tuple[Dataset, Dataset]:
    """The rows to learn from and the rows held back, evenly spread over the data by whole numbers alone.

    Of n/d, row number i (from 1) is held back when i * n // d is one more than (i - 1) * n // d: with 1/4 rows 4, 8,
    12 … The rule is recorded in the source of what is learned from.
    """
    good = isinstance(share, Real) and not isinstance(share, bool) and 0 < share < 1
    if not good:
        raise DataError(f"validation should be a share of the rows between 0 and 1, got {quote(share)}; try 0.25")
    if len(data) < 2:
        raise DataError("validation expects at least 2 rows to divide, got 1; give more data, or leave validation out")
    share = float(share)
    part = Fraction(share).limit_denominator(FINEST)
    n, d = part.numerator, part.denominator
    held = [row for row in range(len(data)) if (row + 1) * n // d > row * n // d]
    if not held or len(held) == len(data):
        raise DataError(
            f"validation={share!r} holds back {len(held)} of {len(data)} rows; "
            "choose a share that leaves rows on both sides, such as 0.5"
        )
    words = f"every {_ordinal(d)} row" if n == 1 else f"{n} of every {d} rows"
    apart = set(held)
    learned = [row for row in range(len(data)) if row not in apart]
    source = f"{data.source}; " if data.source else ""
    return _rows(data, learned, f"{source}{words} held back for validation"), _rows(data, held, data.source)


def _rows(data: Dataset, rows: list[int], source: str) -> Dataset:
    names = tuple(data.row_names[row] for row in rows)
    return replace(data, inputs=data.inputs[rows], targets=data.targets[rows], row_names=names, source=source)


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
