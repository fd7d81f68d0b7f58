"""Settings that are numbers: checked once, refused in one sentence."""

from __future__ import annotations

import math
from numbers import Integral
from typing import Any

from piggybank.engine.data import DataError
from piggybank.wording import quote


def number(what: str, value: Any, example: str, *, least: float = -math.inf, most: float = math.inf) -> float:
    """A setting as a float. Raises DataError when it is not a finite number from `least` to `most`."""
    good = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    if good and least <= value <= most:
        return float(value)
    if most < math.inf:
        expected = f"a number from {least:g} to {most:g}"
    else:
        expected = "a finite number" if least == -math.inf else f"a finite number, {least:g} or more"
    raise DataError(f"{what} should be {expected}, got {quote(value)}; try {example}")


def whole(who: str, what: str, value: Any) -> float:
    """A count of at least 1 as a float. Raises DataError for anything else."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        example = f"{who}(10)" if who[0].isupper() else f"{who}=2"
        raise DataError(f"{who} expects a whole number of {what}, at least 1, got {quote(value)}; try {example}")
    return float(value)


def commit_size(batch_size: Any, accumulate: Any, rows: int) -> int:
    """Samples of a commit: of one batch, no more than there are rows, or of so many micro-batches of that size."""
    good = isinstance(batch_size, Integral) and not isinstance(batch_size, bool) and int(batch_size) >= 1
    if not (good or batch_size == "all"):
        raise DataError(f"batch_size should be a whole number from 1, or 'all', got {batch_size!r}; try 4")
    parts = int(whole("accumulate", "micro-batches", accumulate))
    if parts > 1 and batch_size == "all":
        raise DataError("accumulate expects micro-batches of a size, got batch_size='all'; try batch_size=2")
    return parts * (rows if batch_size == "all" else min(int(batch_size), rows))
