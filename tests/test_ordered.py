"""Sums run left to right from +0.0: bit for bit those of a plain loop, at every width and memory layout in use."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from nets import bits
from sums import layouts, loop_bank_totals, loop_weighted_sums, numbers, shapes

from piggybank import ordered

Figure = Callable[[str, object], None]


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
