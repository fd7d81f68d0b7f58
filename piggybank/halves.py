"""Large sums on two processors: the rows of a result are independent, so each half gives the bits it gives alone."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np

from piggybank import ordered
from piggybank.ordered import Array, sums_of_products

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

LARGE = 500_000
"""Multiplications from which a second thread gains more than it costs to wake."""
PROCESSORS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

_pool: ThreadPoolExecutor | None = None


def _forget() -> None:
    """A forked process has no threads but the one that forked."""
    global _pool
    _pool = None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


def weighted_sums(inputs: Array, weights: Array, out: Array) -> None:
    """As `ordered.weighted_sums` of contiguous arrays, for widths of at least 2, into `out`; numpy lets go of the
    interpreter meanwhile."""
    global _pool
    half = len(inputs) // 2
    if PROCESSORS < 2 or not half:
        sums_of_products("bi,io->bo", inputs, weights, out=out)
        return
    if _pool is None:
        from concurrent.futures import ThreadPoolExecutor  # slow to import, and seldom needed

        _pool = ThreadPoolExecutor(1, "piggybank-sums")
    other = _pool.submit(sums_of_products, "bi,io->bo", inputs[half:], weights, out=out[half:])
    try:
        sums_of_products("bi,io->bo", inputs[:half], weights, out=out[:half])
    finally:
        other.result()


def bank_totals(inputs: Array, blame: Array) -> Array:
    """As `ordered.bank_totals`. Large ones are turned round, as long rows add up fastest."""
    weights = inputs.shape[1], blame.shape[1]
    if min(weights) < 2 or weights[0] * weights[1] * len(inputs) < LARGE:
        return ordered.bank_totals(inputs, blame)
    by_neuron = np.empty(weights[::-1])
    weighted_sums(np.ascontiguousarray(blame.T), np.ascontiguousarray(inputs), by_neuron)
    totals: Array = by_neuron.T
    return totals
