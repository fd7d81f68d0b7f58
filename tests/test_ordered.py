"""Sums run left to right from +0.0: bit for bit those of a plain loop, at every width and memory layout in use."""

from __future__ import annotations

import hashlib
import itertools
import os
import random
import runpy
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from nets import bits
from processor import found_features

from piggybank import ordered, unwrapped

Figure = Callable[[str, object], None]
WIDTHS = (1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 128, 200)
ROOT = Path(__file__).resolve().parent.parent


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


@pytest.mark.parametrize("zeros", [False, True])
@pytest.mark.parametrize("function", ["weighted_sums", "bank_totals", "blame_shares"])
def test_sums_equal_a_plain_loop_bit_for_bit(function: str, zeros: bool, figure: Figure) -> None:
    wrong, compared = [], 0
    for samples, inputs, outputs in shapes():
        x = numbers((samples, inputs), 1, zeros)
        weights, blame = numbers((inputs, outputs), 2, zeros), numbers((samples, outputs), 3, zeros)
        first, second, expected = {
            "weighted_sums": lambda x=x, w=weights: (x, w, loop_weighted_sums(x, w)),
            "bank_totals": lambda x=x, b=blame: (x, b, loop_bank_totals(x, b)),
            "blame_shares": lambda b=blame, w=weights: (b, w, loop_weighted_sums(b, w.T)),
        }[function]()
        expected_bits = bits(expected)
        for left_layout, left in layouts(first):
            for right_layout, right in layouts(second):
                result = getattr(ordered, function)(left, right)
                compared += result.size
                if bits(result) != expected_bits:
                    wrong.append((samples, inputs, outputs, left_layout, right_layout))
    figure(f"T16 {function}{' with zeros' if zeros else ''}: sums compared", compared)
    assert wrong == []


@pytest.mark.parametrize("function", ["weighted_sums", "bank_totals"])
def test_the_slow_path_equals_a_plain_loop_too(function: str) -> None:
    for samples, inputs, outputs in shapes()[::4]:
        for zeros in (False, True):
            x = numbers((samples, inputs), 1, zeros)
            other = numbers((inputs if function == "weighted_sums" else samples, outputs), 2, zeros)
            loop = loop_weighted_sums if function == "weighted_sums" else loop_bank_totals
            assert bits(getattr(ordered, f"slow_{function}")(x, other)) == bits(loop(x, other))


@pytest.mark.parametrize("layout", [np.ascontiguousarray, np.asfortranarray])
def test_blame_shares_do_not_depend_on_fortran_order(layout: Callable[[np.ndarray], np.ndarray]) -> None:
    for samples, inputs, outputs in shapes()[::3]:
        blame, weights = numbers((samples, outputs), 3, False), numbers((inputs, outputs), 2, False)
        result = ordered.blame_shares(layout(blame), layout(weights))
        assert bits(result) == bits(loop_weighted_sums(blame, weights.T))


@pytest.mark.parametrize("function", ["weighted_sums", "bank_totals"])
def test_sums_do_not_depend_on_fortran_order(function: str) -> None:
    for samples, inputs, outputs in shapes()[::3]:
        x = numbers((samples, inputs), 1, False)
        other = numbers((inputs if function == "weighted_sums" else samples, outputs), 2, False)
        loop = loop_weighted_sums if function == "weighted_sums" else loop_bank_totals
        for left in (x, np.asfortranarray(x)):
            for right in (other, np.asfortranarray(other)):
                assert bits(getattr(ordered, function)(left, right)) == bits(loop(x, other))


def test_a_chain_that_starts_with_minus_zero_gives_plus_zero() -> None:
    minus, one = np.array([[-0.0]]), np.array([[1.0]])
    assert bits(ordered.weighted_sums(minus, one)) == bits([0.0])
    assert bits(ordered.bank_totals(minus, one)) == bits([0.0])
    assert bits(ordered.blame_shares(minus, one)) == bits([0.0])
    assert bits(ordered.weighted_sums(minus, np.ones((1, 3)))) == bits([0.0] * 3)
    assert bits(ordered.bank_totals(np.array([[-0.0, -0.0]]), np.ones((1, 3)))) == bits([0.0] * 6)


def test_inf_and_nan_travel_through_sums_as_in_a_plain_loop() -> None:
    x = np.array([[np.inf, 1.0, 0.0], [1.0, np.inf, -np.inf], [0.0, np.nan, 1.0]])
    weights = np.array([[0.0, 1.0], [1.0, 1.0], [1.0, 2.0]])
    with np.errstate(invalid="ignore"):
        result = ordered.weighted_sums(x, weights)
    np.testing.assert_array_equal(result, loop_weighted_sums(x, weights))


def test_an_empty_bank_is_plus_zero() -> None:
    assert bits(ordered.bank_totals(np.empty((0, 2)), np.empty((0, 3)))) == bits(np.zeros((2, 3)))


def test_the_ones_of_the_bias_come_last() -> None:
    assert ordered.with_one(np.array([[2.0, 3.0], [4.0, 5.0]])).tolist() == [[2, 3, 1], [4, 5, 1]]


def turned_cases() -> Iterator[tuple[str, np.ndarray, np.ndarray, np.ndarray]]:
    """Subscripts, operands and result as the fast path lays them out by neuron: batches of several samples."""
    turned = np.asfortranarray
    for samples, inputs, outputs in shapes():
        if samples == 1 or inputs == 1:
            continue
        x, weights, blame = (
            numbers(shape, seed, seed == 1)
            for seed, shape in enumerate([(samples, inputs), (inputs, outputs), (samples, outputs)])
        )
        sums, totals = np.array(loop_weighted_sums(x, weights)), np.array(loop_bank_totals(x, blame))
        if outputs > 1:
            yield "bi,io->bo", x, weights, turned(sums)
        yield "bi,io->bo", turned(x), weights, turned(sums)
        yield "bi,io->bo", turned(x), turned(weights), turned(sums)
        yield "bi,bo->io", x, turned(blame), totals


@pytest.mark.parametrize("sums", [ordered.sums_of_products, ordered.product_by_product], ids=["quickest", "unfused"])
def test_sums_keep_the_order_in_every_layout_of_the_fast_path_by_neuron(sums: ordered.Sums, figure: Figure) -> None:
    compared = 0
    for subscripts, one, other, expected in turned_cases():
        found = np.empty_like(expected)
        sums(subscripts, one, other, out=found)
        assert found.tobytes() == expected.tobytes(), (subscripts, one.shape, other.shape)
        compared += found.size
    figure(f"T16 sums by neuron, {sums.__name__}: sums compared", compared)


@pytest.mark.parametrize("shape", [(3, 5000, 40), (2, 9, 5000), (40, 300, 100), (2000, 5, 70), (1, 70000, 2)])
def test_sums_too_many_for_one_block_equal_running_sums(shape: tuple[int, int, int]) -> None:
    samples, inputs, outputs = shape
    x, weights = numbers((samples, inputs), 1, True), numbers((inputs, outputs), 2, True)
    blame = numbers((samples, outputs), 3, True)
    for subscripts, one, other, size in (
        ("bi,io->bo", x, weights, (samples, outputs)),
        ("bi,bo->io", x, blame, (inputs, outputs)),
    ):
        found, expected = np.empty(size), np.empty(size)
        ordered.product_by_product(subscripts, one, other, out=found)
        ordered.sum_by_sum(subscripts, one, other, out=expected)
        assert found.tobytes() == expected.tobytes(), subscripts


def test_the_probe_accepts_sums_in_order_and_refuses_others() -> None:
    def in_order(subscripts: str, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return (ordered.slow_weighted_sums if subscripts == "bi,io->bo" else ordered.slow_bank_totals)(a, b)

    def backwards(subscripts: str, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        if subscripts == "bi,io->bo":
            return ordered.slow_weighted_sums(a[:, ::-1], b[::-1])
        return ordered.slow_bank_totals(a[::-1], b[::-1])

    def fused(subscripts: str, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """One rounding for multiply and add, as on processors whose build fuses them."""
        wide = [np.asarray(part, dtype=np.longdouble) for part in (a, b)]
        left, right = wide if subscripts == "bi,io->bo" else (wide[0].T, wide[1])
        total = np.zeros((left.shape[0], right.shape[1]))
        for i in range(left.shape[1]):
            total = (total + left[:, i : i + 1] * right[i]).astype(np.float64)
        return total

    def only_turned(kind: Callable[..., np.ndarray], place: int) -> Callable[..., np.ndarray]:
        """In order, but for the layout that the probe looks at in that place."""
        calls = itertools.count()
        return lambda *given: (kind if next(calls) % 6 == place else in_order)(*given)

    def accepted(kind: Callable[..., np.ndarray]) -> bool:
        def einsum(*given: Any, out: np.ndarray) -> None:
            out[...] = kind(*given)

        return ordered.keeps_order(einsum)

    assert accepted(in_order)
    assert not accepted(backwards)
    assert not any(accepted(only_turned(backwards, place)) for place in range(6))
    if np.finfo(np.longdouble).nmant > np.finfo(np.float64).nmant:
        assert not accepted(fused)


@pytest.mark.parametrize("sums", [ordered.product_by_product, ordered.sum_by_sum])
def test_where_einsum_does_not_keep_the_order_the_sums_are_the_same(
    sums: ordered.Sums, monkeypatch: pytest.MonkeyPatch
) -> None:
    x, weights, blame = numbers((5, 9), 1, True), numbers((9, 4), 2, True), numbers((5, 4), 3, True)

    def all_sums() -> list[list[bytes]]:
        return [
            bits(ordered.weighted_sums(x, weights)),
            bits(ordered.bank_totals(x, blame)),
            bits(ordered.blame_shares(blame, weights)),
        ]

    quick = all_sums()
    monkeypatch.setattr(ordered, "sums_of_products", sums)
    assert all_sums() == quick


def test_a_build_whose_einsum_fuses_or_reorders_takes_the_next_way(monkeypatch: pytest.MonkeyPatch) -> None:
    def reordering(subscripts: str, one: np.ndarray, other: np.ndarray, *, out: np.ndarray) -> None:
        ordered.sum_by_sum(subscripts, one[:, ::-1] if subscripts == "bi,io->bo" else one[::-1], other[::-1], out=out)

    monkeypatch.setattr(unwrapped, "einsum", reordering)
    found = runpy.run_path(ordered.__file__)
    assert found["sums_of_products"] is found["product_by_product"]


# The same bits at other CPU levels ------------------------------------------------------------------------------------

DIGEST = """
import hashlib, sys
sys.path.insert(0, "tests")
from nets import RUNS
from processor import found_features
digest = hashlib.sha256()
for name in sorted(RUNS):
    run = RUNS[name]().train(epochs=6)
    for batch in range(len(run.ledger) + 1):
        for matrix in run.ledger.weights_at(batch):
            digest.update(matrix.astype("<f8").tobytes())
print(digest.hexdigest())
print(" ".join(found_features()))
"""


def digest_here() -> str:
    from nets import RUNS

    digest = hashlib.sha256()
    for name in sorted(RUNS):
        run = RUNS[name]().train(epochs=6)
        for batch in range(len(run.ledger) + 1):
            for matrix in run.ledger.weights_at(batch):
                digest.update(matrix.astype("<f8").tobytes())
    return digest.hexdigest()


def test_a_run_gives_the_same_bits_at_lower_cpu_levels(figure: Figure) -> None:
    features = found_features()
    if not features:
        pytest.skip("this numpy uses no optional CPU feature here")
    levels = [features, features[len(features) // 2 :]]
    here = digest_here()
    for level in levels:
        environment = {**os.environ, "NPY_DISABLE_CPU_FEATURES": " ".join(level), "PYTHONPATH": str(ROOT)}
        result = subprocess.run(
            [sys.executable, "-c", DIGEST], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
        )
        digest, used = result.stdout.splitlines()
        assert not set(used.split()) & set(level)  # they really are off
        assert digest == here, f"without {' '.join(level)}"
    figure("T16 CPU levels compared besides this machine's own", len(levels))


def test_without_numpys_inner_functions_its_public_ones_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpy._core.multiarray", None)
    found = runpy.run_path(unwrapped.__file__)
    assert (found["einsum"], found["count"], found["clip"]) == (np.einsum, np.count_nonzero, np.clip)


FORKED = """
import os, signal, sys
import numpy as np
from piggybank.engine import halves
halves.PROCESSORS, out = 2, np.zeros((4, 3))
ones = np.ones((4, 2)), np.ones((2, 3))
halves.weighted_sums(*ones, out)
child = os.fork()
out[:] = 0.0
if not child:
    signal.alarm(20)
halves.weighted_sums(*ones, out)
assert (out == 2.0).all()
if child:
    sys.exit(os.waitpid(child, 0)[1])
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a system without fork")
def test_a_forked_process_adds_up_in_halves_too() -> None:
    """It has no threads but the one that forked, and would wait for the other for ever."""
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", FORKED], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
