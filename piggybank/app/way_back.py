"""The way back out of trouble: to the batch with the smallest loss, and on at a learning rate that was tried first."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from piggybank.app.recorded import Recorded
from piggybank.ledger.measured import measure
from piggybank.stage.digits import MINUS, shown

if TYPE_CHECKING:
    from piggybank.app.lessons import Lesson
    from piggybank.training import Run

SLOWER = 2
"""Each rate tried is so many powers of two smaller: a quarter, a sixteenth …"""
SHORT, LONG, WORK = 8, 64, 2_000_000
"""Batches of a trial, at least and at most; and about how many coins it may drop, so that a large network is tried in
a moment too."""
WIDEST = 12
_FOUND: WeakKeyDictionary[Any, tuple[int, float] | None] = WeakKeyDictionary()
"""By run: its trouble is found once, and so is the way back."""


def way_back(lesson: Lesson) -> tuple[int, float] | None:
    """The batch to go back to, and the rate to go on with from before it; None where no smaller rate would help."""
    first, run = lesson.trouble, lesson.run
    if first is None or math.isfinite(first.value) or isinstance(run, Recorded):
        return None
    if run not in _FOUND:
        losses = [(run.ledger.batch_loss(batch), batch) for batch in range(1, first.batch + 1)]
        best = min(losses)[1]
        rate = _better_rate(run, best, first.batch)
        _FOUND[run] = None if rate is None else (best, rate)
    return _FOUND[run]


def _better_rate(run: Run, batch: int, troubled: int) -> float | None:
    """The largest of the smaller rates, a quarter of one another and rounded to one digit, that helps."""
    header = run.ledger.header
    rate, coins = header.constants.get("learning_rate", 0.0), len(header.weights) * header.batch_size
    batches = max(SHORT, header.batches_per_epoch, troubled - batch + 1)
    batches = max(1, min(batches, LONG, WORK // coins))

    def tried(power: int) -> float:
        return float(f"{math.ldexp(rate, -power):.1g}")

    def gain(power: int) -> float:
        return _gain(run, batch, tried(power), batches)

    low, high = 0, SLOWER
    while tried(high) and not gain(high) >= 0:
        low, high = high, 2 * high
    while high - low > SLOWER:
        middle = low + (high - low) // (2 * SLOWER) * SLOWER
        low, high = (low, middle) if gain(middle) >= 0 else (middle, high)
    return tried(high) if tried(high) and gain(high) > 0 else None


def _gain(run: Run, batch: int, rate: float, batches: int) -> float:
    """By how much that many batches at a rate lower the loss of all rows; nan where a number becomes infinite or nan.

    0 for a rate that is too small to move anything: larger ones may help.
    """
    fork = run.fork(batch, learning_rate=rate).train(batches=batches, past_trouble=True)
    if fork.trouble is not None and not math.isfinite(fork.trouble.value):
        return math.nan
    before, after = (measure(fork.ledger, at, fork.dataset.inputs, fork.dataset.targets).loss for at in (0, batches))
    return before - after


def plain(rate: float) -> str:
    """All its digits without a power of ten, where they are not too many to be read."""
    text = f"{Decimal(repr(rate)):f}".removesuffix(".0").replace("-", MINUS)
    return text if len(text) <= WIDEST else shown(rate)
