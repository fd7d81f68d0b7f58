"""Settings that are numbers: checked once, refused in one sentence."""

from __future__ import annotations

import math
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
        raise DataError(f"{who} expects a whole number of {what}, at least 1, got {quote(value)}; try {who}(10)")
    return float(value)
