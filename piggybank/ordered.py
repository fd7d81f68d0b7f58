"""Sums that run left to right from +0.0, one rounding per operation, at vectorised speed.

Ground that the engine and the ledger share: both derive the same sums, so both must add in the same order.
`np.einsum` keeps that order for these two subscripts unless a width is 1, on builds that do not fuse multiply and
add, for arrays in C order and for those that `engine/planes.py` turns round; a probe at import checks this build, and
`multiply` + `add.accumulate` (always in order) serves where it fails.
BLAS (`@`, `dot`) and `np.sum` reorder, so neither is used anywhere.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]


def with_one(inputs: Array) -> Array:
    """(samples, inputs) -> (samples, inputs + 1): the bias is a weight whose input is 1, and comes last."""
    result = np.empty((inputs.shape[0], inputs.shape[1] + 1))
    result[:, :-1] = inputs
    result[:, -1] = 1.0
    return result


def _last_of_running_sum(products: Array, axis: int) -> Array:
    products = np.add(products, 0.0, out=products)  # a chain starts at +0.0; it matters for a first term of -0.0
    running: Array = np.add.accumulate(products, axis=axis)
    return running[:, -1] if axis == 1 else running[-1]


def slow_weighted_sums(inputs: Array, weights: Array) -> Array:
    """As `weighted_sums`, by multiply and running sum only."""
    return _last_of_running_sum(inputs[:, :, None] * weights[None, :, :], axis=1)


def slow_bank_totals(inputs: Array, blame: Array) -> Array:
    """As `bank_totals`, by multiply and running sum only."""
    return _last_of_running_sum(inputs[:, :, None] * blame[:, None, :], axis=0)


def _einsum_keeps_order() -> bool:
    """Whether this build's einsum adds left to right without fused multiply-add, at widths around the SIMD sizes."""
    turned = np.asfortranarray
    for width in (2, 3, 5, 8, 17, 33):
        ramp = np.arange(1.0, (width + 5) * width + 1).reshape(width + 5, width)
        left = 1.0 + ramp[:, : 5 if width > 4 else 2] * 2.0**-30
        blame = (1.0 / 3.0 + ramp * 2.0**-29)[:, ::-1].copy()
        weights = 0.1 + ramp[: left.shape[1]] * 2.0**-28
        sums, totals = slow_weighted_sums(left, weights), slow_bank_totals(left, blame)
        for subscripts, one, other, expected in (
            ("bi,io->bo", left, weights, sums),
            ("bi,io->bo", left, weights, turned(sums)),
            ("bi,io->bo", turned(left), weights, turned(sums)),
            ("bi,io->bo", turned(left), turned(weights), turned(sums)),
            ("bi,bo->io", left, blame, totals),
            ("bi,bo->io", left, turned(blame), totals),
        ):
            found = np.empty_like(expected)
            np.einsum(subscripts, one, other, out=found)
            if np.any(found != expected):
                return False
    return True


EINSUM_KEEPS_ORDER = _einsum_keeps_order()


def weighted_sums(inputs: Array, weights: Array) -> Array:
    """(((0 + x1*w1) + x2*w2) + ...) for every sample and neuron.

    inputs: (samples, n), weights: (n, outputs) -> (samples, outputs).
    """
    if not EINSUM_KEEPS_ORDER or weights.shape[1] == 1:
        return slow_weighted_sums(inputs, weights)
    contiguous = np.ascontiguousarray(inputs), np.ascontiguousarray(weights)  # einsum follows the order in memory
    result: Array = np.einsum("bi,io->bo", *contiguous)
    return result


def bank_totals(inputs: Array, blame: Array) -> Array:
    """((0 + s1) + s2) + ... over the samples, for every weight; a slice is input * blame.

    inputs: (samples, n), blame: (samples, outputs) -> (n, outputs).
    """
    if not EINSUM_KEEPS_ORDER or inputs.shape[1] == blame.shape[1] == 1 or len(inputs) == 0:
        return slow_bank_totals(inputs, blame) if len(inputs) else np.zeros((inputs.shape[1], blame.shape[1]))
    contiguous = np.ascontiguousarray(inputs), np.ascontiguousarray(blame)
    result: Array = np.einsum("bi,bo->io", *contiguous)
    return result


def blame_shares(blame: Array, weights: Array) -> Array:
    """Blame carried back: for each input, the sum over its outgoing weights, in order, of blame * weight.

    blame: (samples, outputs), weights: (inputs, outputs) without the bias row -> (samples, inputs).
    """
    return weighted_sums(blame, np.ascontiguousarray(weights.T))
