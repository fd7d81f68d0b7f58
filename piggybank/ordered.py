"""Sums that run left to right from +0.0, one rounding per operation, at vectorised speed.

Ground that the engine and the ledger share: both derive the same sums, so both must add in the same order.
`np.einsum` keeps that order for these two subscripts unless a width is 1, on builds that do not fuse multiply and
add (those for ARM do), for arrays in C order and for those that `engine/planes.py` turns round; where it does not,
products are made first and added up afterwards. A probe at import checks what this build does.
BLAS (`@`, `dot`) and `np.sum` reorder, so neither is used anywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from piggybank.unwrapped import einsum

Array: TypeAlias = NDArray[np.float64]
Sums: TypeAlias = Callable[..., Any]
"""(subscripts, one, other, out=): as einsum's, for "bi,io->bo" and "bi,bo->io"."""
SUMS_AT_ONCE, PRODUCTS_AT_ONCE = 4096, 65536
"""So that what is added up stays near the processor."""


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


def product_by_product(subscripts: str, one: Array, other: Array, *, out: Array) -> None:
    """Products of some terms, in a block that the sums so far are put on top of, and down its rows at once."""
    left, right = one.T if subscripts == "bi,io->bo" else one, other  # (terms, rows of out), (terms, its columns)
    if left.shape[1] > right.shape[1]:
        left, right, out = right, left, out.T  # the longer rows go faster
    terms, width = right.shape
    height = max(1, SUMS_AT_ONCE // width)
    count = min(terms, max(1, PRODUCTS_AT_ONCE // (height * width)))
    for top in range(0, len(out), height):
        part = left[:, top : top + height, None]
        block = np.zeros((1 + count, part.shape[1], width))
        sums = block[0].copy()
        for start in range(0, terms, count):
            some = part[start : start + count]
            used = block[: 1 + len(some)]
            np.multiply(some, right[start : start + count, None], out=used[1:])
            np.add.reduce(used, axis=0, out=sums)
            block[0] = sums
        out[top : top + height] = sums


def sum_by_sum(subscripts: str, one: Array, other: Array, *, out: Array) -> None:
    """Running sums, of which only the last are wanted: slow, and in order whatever the build does."""
    out[...] = (slow_weighted_sums if subscripts == "bi,io->bo" else slow_bank_totals)(one, other)


def keeps_order(sums: Sums) -> bool:
    """Whether these add left to right without fused multiply-add on this build, at widths around the SIMD sizes."""
    turned = np.asfortranarray
    for width in (2, 3, 5, 8, 17, 33):
        ramp = np.arange(1.0, (width + 5) * width + 1).reshape(width + 5, width)
        left = 1.0 + ramp[:, : 5 if width > 4 else 2] * 2.0**-30
        blame = (1.0 / 3.0 + ramp * 2.0**-29)[:, ::-1].copy()
        weights = 0.1 + ramp[: left.shape[1]] * 2.0**-28
        expected, totals = slow_weighted_sums(left, weights), slow_bank_totals(left, blame)
        for subscripts, one, other, result in (
            ("bi,io->bo", left, weights, expected),
            ("bi,io->bo", left, weights, turned(expected)),
            ("bi,io->bo", turned(left), weights, turned(expected)),
            ("bi,io->bo", turned(left), turned(weights), turned(expected)),
            ("bi,bo->io", left, blame, totals),
            ("bi,bo->io", left, turned(blame), totals),
        ):
            found = np.empty_like(result)
            sums(subscripts, one, other, out=found)
            if np.any(found != result):
                return False
    return True


sums_of_products: Sums = next(sums for sums in (einsum, product_by_product, sum_by_sum) if keeps_order(sums))
"""The quickest that keeps the order; for widths of at least 2."""


def weighted_sums(inputs: Array, weights: Array) -> Array:
    """(((0 + x1*w1) + x2*w2) + ...) for every sample and neuron.

    inputs: (samples, n), weights: (n, outputs) -> (samples, outputs).
    """
    if weights.shape[1] == 1:
        return slow_weighted_sums(inputs, weights)
    contiguous = np.ascontiguousarray(inputs), np.ascontiguousarray(weights)  # einsum follows the order in memory
    result = np.empty((len(inputs), weights.shape[1]))
    sums_of_products("bi,io->bo", *contiguous, out=result)
    return result


def bank_totals(inputs: Array, blame: Array) -> Array:
    """((0 + s1) + s2) + ... over the samples, for every weight; a slice is input * blame.

    inputs: (samples, n), blame: (samples, outputs) -> (n, outputs).
    """
    if len(inputs) == 0:
        return np.zeros((inputs.shape[1], blame.shape[1]))
    if inputs.shape[1] == blame.shape[1] == 1:
        return slow_bank_totals(inputs, blame)
    contiguous = np.ascontiguousarray(inputs), np.ascontiguousarray(blame)
    result = np.empty((inputs.shape[1], blame.shape[1]))
    sums_of_products("bi,bo->io", *contiguous, out=result)
    return result


def blame_shares(blame: Array, weights: Array) -> Array:
    """Blame carried back: for each input, the sum over its outgoing weights, in order, of blame * weight.

    blame: (samples, outputs), weights: (inputs, outputs) without the bias row -> (samples, inputs).
    """
    return weighted_sums(blame, np.ascontiguousarray(weights.T))
