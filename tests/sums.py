"""Sums of products in plain loops, and the shapes, layouts and numbers that ordered sums are held to."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np

WIDTHS = (1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 128, 200)


def loop_weighted_sums(inputs: np.ndarray, weights: np.ndarray) -> list[list[float]]:
    columns = weights.T.tolist()
    result = []
    for row in inputs.tolist():
        sums = []
        for column in columns:
            total = 0.0
            for x, w in zip(row, column, strict=True):
                total = total + x * w
            sums.append(total)
        result.append(sums)
    return result


def loop_bank_totals(inputs: np.ndarray, blame: np.ndarray) -> list[list[float]]:
    return loop_weighted_sums(inputs.T, blame)  # for each input and neuron, over the samples in order


def layouts(array: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """The same numbers in the memory layouts that meet these functions: C order and views into larger arrays."""
    yield "C", np.ascontiguousarray(array)
    wide = np.full((2 * array.shape[0], 2 * array.shape[1] + 3), 7.0)
    wide[::2, 1:-2:2] = array
    yield "every other", wide[::2, 1:-2:2]
    framed = np.full((array.shape[0] + 2, array.shape[1] + 5), 7.0)
    framed[1:-1, 2:-3] = array
    yield "window", framed[1:-1, 2:-3]
    yield "reversed", array[::-1, ::-1].copy()[::-1, ::-1]


def numbers(shape: tuple[int, int], seed: int, zeros: bool) -> np.ndarray:
    """Numbers of many magnitudes, so that every change of order shows in the last bits; some zeros of both signs."""
    source = np.random.default_rng(seed)
    result = source.standard_normal(shape) * 10.0 ** source.integers(-3, 4, shape)
    if zeros:
        result[source.random(shape) < 0.3] = -0.0
        result[0] = -0.0
        result[:, 0] = 0.0
    return result


def shapes() -> list[tuple[int, int, int]]:
    """(samples, inputs, outputs): every listed width in every place, with small and sampled partners."""
    picked = random.Random(3)
    found = {(samples, 1, 1) for samples in (1, 2, 8, 33)}
    for width in WIDTHS:
        for small in (1, 2, 3):
            found |= {(small, width, 2), (3, small, width), (width, small, 3), (2, width, 1), (width, 1, small)}
        found |= {(picked.choice(WIDTHS[:12]), width, picked.choice(WIDTHS[:9])) for _ in range(2)}
    found |= {(picked.randint(1, 40), picked.randint(1, 200), picked.randint(1, 40)) for _ in range(30)}
    return sorted(found)
