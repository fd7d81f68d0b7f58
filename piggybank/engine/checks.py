"""Settings that are numbers: checked once, refused in one sentence."""

from __future__ import annotations

import math
from numbers import Integral, Real
from typing import Any

from piggybank.engine.data import DataError
from piggybank.wording import quote

LARGEST_COUNT = 10**9
"""Nobody counts further: more epochs or batches than this are a slip."""


def number(
    what: str, value: Any, example: str, *, least: float = -math.inf, most: float = math.inf, below: bool = False
) -> float:
    """A setting as a float, whichever kind of real number it was. Raises DataError when it is not a finite number from
    `least` to `most`. below: `most` itself is left out."""
    found = _as_float(value)
    if math.isfinite(found) and least <= found <= most and not (below and found == most):
        return found
    if most < math.inf:
        expected = f"a number from {least:g} to {most:g}{f', {most:g} itself left out' if below else ''}"
    else:
        expected = "a finite number" if least == -math.inf else f"a finite number, {least:g} or more"
    raise DataError(f"{what} should be {expected}, got {quote(value)}; try {example}")


def _as_float(value: Any) -> float:
    """nan for what is no real number, or beyond all floats."""
    if not isinstance(value, Real) or isinstance(value, bool):
        return math.nan
    try:
        return float(value)
    except OverflowError:
        return math.nan


def is_whole(value: Any, least: float = 1) -> bool:
    """Whether it is a whole number of at least `least`, numpy's included; True and False do not count."""
    return isinstance(value, Integral) and not isinstance(value, bool) and int(value) >= least


def whole(who: str, what: str, value: Any) -> float:
    """A count of at least 1 as a float. Raises DataError for anything else."""
    if not is_whole(value) or value > LARGEST_COUNT:
        example = f"{who}(10)" if who[0].isupper() else f"{who}=2"
        limits = "at least 1" if not is_whole(value) else f"at most {LARGEST_COUNT:,}"
        raise DataError(f"{who} expects a whole number of {what}, {limits}, got {quote(value)}; try {example}")
    return float(value)


def batches_wanted(epochs: Any, batches: Any, per_epoch: int) -> int:
    """How many batches are meant by that many epochs or batches; one epoch when neither is given."""
    for what, count in (("epochs", epochs), ("batches", batches)):
        if count is not None and not is_whole(count, 0):
            raise DataError(f"train expects a whole number of {what}, got {quote(count)}; try train({what}=10)")
        if count is not None and count > LARGEST_COUNT:
            raise DataError(f"train expects at most {LARGEST_COUNT:,} {what}, got {quote(count)}; try train({what}=10)")
    if epochs is not None and batches is not None:
        raise DataError("train expects epochs or batches, got both; try train(epochs=10)")
    return int(batches) if batches is not None else (1 if epochs is None else int(epochs)) * per_epoch


def commit_size(batch_size: Any, accumulate: Any, rows: int) -> tuple[int, int]:
    """Samples of a commit, and of how many micro-batches they are made.

    A batch is no larger than the data, and a commit has no more micro-batches than the data fill.
    """
    if not (is_whole(batch_size) or (isinstance(batch_size, str) and batch_size == "all")):
        raise DataError(f"batch_size should be a whole number from 1, or 'all', got {quote(batch_size)}; try 4")
    parts = int(whole("accumulate", "micro-batches", accumulate))
    if isinstance(batch_size, str):
        if parts > 1:
            raise DataError("accumulate expects micro-batches of a size, got batch_size='all'; try batch_size=2")
        return rows, 1
    size = min(int(batch_size), rows)
    parts = min(parts, -(-rows // size))
    return size * parts, parts
