"""Networks: how neurons are called, where initial weights come from, and what is refused."""

from __future__ import annotations

import hashlib
import math
import os
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from nets import bits
from one_sentence import refuses

from piggybank import DataError, Dense, Network
from piggybank.engine.functions import ACTIVATIONS
from piggybank.engine.losses import LOSSES, huber, loss_named
from piggybank.engine.network import neuron_names

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("widths", "names"),
    [
        ([1, 1], [["x1"], ["y"]]),
        ([2, 3], [["x1", "x2"], ["y1", "y2", "y3"]]),
        ([2, 3, 1], [["x1", "x2"], ["h1", "h2", "h3"], ["y"]]),
        ([1, 2, 1, 2], [["x1"], ["h1.1", "h1.2"], ["h2.1"], ["y1", "y2"]]),
    ],
)
def test_neurons_are_named_by_layer(widths: list[int], names: list[list[str]]) -> None:
    assert neuron_names(widths) == names
    assert Network(*(Dense(a, b) for a, b in pairwise(widths))).neurons == names


def test_explicit_weights_and_biases_are_taken_as_they_are() -> None:
    first = Dense(2, 2, "tanh", weights=[[1, 2], [3, 4]], bias=[5, -0.0])
    second = Dense(2, 1, weights=[[0.1], [-0.2]], bias=False)
    one, two = Network(first, second).initial_weights()
    assert bits(one) == bits([[1, 2], [3, 4], [5, -0.0]])
    assert bits(two) == bits([[0.1], [-0.2]])


@pytest.mark.parametrize(
    ("inputs", "outputs", "weights", "table"),
    [
        (1, 1, 0.5, [[0.5]]),
        (2, 1, [0.5, 1], [[0.5], [1]]),
        (1, 2, [0.5, 1], [[0.5, 1]]),
        (2, 1, np.ones((2, 1)), [[1], [1]]),
    ],
)
def test_a_flat_list_of_the_right_length_is_a_table(inputs: int, outputs: int, weights: Any, table: Any) -> None:
    assert Network(Dense(inputs, outputs, weights=weights, bias=False)).initial_weights()[0].tolist() == table


def test_what_is_left_out_is_drawn_weights_and_a_bias_of_zero() -> None:
    (matrix,) = Network(Dense(4, 3), seed=5).initial_weights()
    assert matrix.shape == (5, 3)
    assert bits(matrix[-1]) == bits([0.0] * 3)
    assert np.unique(matrix[:-1]).size > 6


def test_drawn_weights_stay_within_glorots_bound_and_on_a_grid_of_a_power_of_two() -> None:
    for inputs, outputs in ((1, 1), (2, 3), (30, 20)):
        (matrix,) = Network(Dense(inputs, outputs), seed=1).initial_weights()
        limit = math.sqrt(6 / (inputs + outputs))
        assert np.abs(matrix).max() <= limit * (1 + 2**-6)
        assert np.all(matrix * 2.0**12 == np.round(matrix * 2.0**12))
        if inputs == 30:
            assert np.abs(matrix).max() > 0.9 * limit
            assert abs(matrix.mean()) < limit / 10


def test_the_seed_decides_the_weights() -> None:
    def weights(seed: int) -> list[bytes]:
        return bits(Network(Dense(3, 4), seed=seed).initial_weights()[0])

    assert weights(1) == weights(1)
    assert len({tuple(weights(seed)) for seed in range(20)}) == 20


def test_a_network_gives_fresh_arrays_each_time() -> None:
    network = Network(Dense(2, 2, weights=[[1, 2], [3, 4]]), Dense(2, 1), seed=3)
    before = [bits(matrix) for matrix in network.initial_weights()]
    for matrix in network.initial_weights():
        matrix[:] = 9.0
    assert [bits(matrix) for matrix in network.initial_weights()] == before


def test_giving_one_layers_weights_leaves_the_drawn_ones_of_the_others_alone() -> None:
    drawn = Network(Dense(2, 3), Dense(3, 1), seed=4).initial_weights()
    mixed = Network(Dense(2, 3, weights=np.ones((2, 3))), Dense(3, 1), seed=4).initial_weights()
    assert bits(mixed[1]) == bits(drawn[1])


SEEDED = """
import hashlib
from piggybank import Dense, Network
from piggybank.training_order import epoch_order
digest = hashlib.sha256()
for seed in range(5):
    for matrix in Network(Dense(7, 5, "tanh"), Dense(5, 2), seed=seed).initial_weights():
        digest.update(matrix.astype("<f8").tobytes())
    digest.update(repr([epoch_order(30, seed, epoch) for epoch in range(1, 5)]).encode())
print(digest.hexdigest())
"""


def test_seeds_give_the_same_weights_and_orders_under_other_hash_seeds() -> None:
    from piggybank.training_order import epoch_order

    digest = hashlib.sha256()
    for seed in range(5):
        for matrix in Network(Dense(7, 5, "tanh"), Dense(5, 2), seed=seed).initial_weights():
            digest.update(matrix.astype("<f8").tobytes())
        digest.update(repr([epoch_order(30, seed, epoch) for epoch in range(1, 5)]).encode())
    for hash_seed in ("0", "1", "4294967295"):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)}
        result = subprocess.run(
            [sys.executable, "-c", SEEDED], env=environment, capture_output=True, text=True, check=True
        )
        assert result.stdout.strip() == digest.hexdigest()


@pytest.mark.parametrize(
    ("build", "parts"),
    [
        (lambda: Network(), ["at least one layer", "try Network(Dense(2, 1))"]),
        (
            lambda: Network(Dense(2, 3), Dense(4, 1)),
            ["Dense(2, 3, 'linear')", "Dense(4, 1, 'linear')", "try Dense(3, 1)"],
        ),
        (lambda: Dense(0, 1), ["inputs", "at least 1", "got 0", "try Dense(2, 3)"]),
        (lambda: Dense(2, -1), ["outputs", "got -1"]),
        (lambda: Dense(2.0, 1), ["inputs", "got 2.0"]),  # type: ignore[arg-type]
        (lambda: Dense(2, True), ["outputs", "got True"]),
        (lambda: Dense(2, 1, "tahn"), ["no activation called 'tahn'", "did you mean 'tanh'?"]),
        (lambda: Dense(2, 1, "ReLU"), ["'ReLU'", "did you mean 'relu'?"]),
        (lambda: Dense(2, 1, "qqqq"), ["'qqqq'", "known: ", *map(repr, ACTIVATIONS)]),
        (lambda: Dense(2, 1, None), ["no activation called None"]),  # type: ignore[arg-type]
        (lambda: Dense(2, 3, weights=[[1, 2], [3, 4]]), ["initial weights", "(2, 3)", "(2, 2)"]),
        (lambda: Dense(3, 2, weights=np.ones((2, 3))), ["initial weights", "(3, 2)", "(2, 3)"]),
        (
            lambda: Dense(2, 1, weights=[1, 2, 3]),
            ["shape (2, 1)", "got shape (3,)", "write weights=[[1], [2]], a row for each input", "bias=[0]"],
        ),
        (lambda: Dense(2, 3, weights=[0] * 9), ["weights=[[1, 2, 3], [4, 5, 6]]", "bias=[0, 0, 0]"]),
        (lambda: Dense(20, 30, weights=[1]), ["weights=a table of 20 rows of 30 numbers", "bias=30 numbers"]),
        (lambda: Dense(2, 3, bias=[1]), ["write bias=[0, 0, 0]"]),
        (lambda: Dense(2, 2, weights=[[1, 2], [3]]), ["initial weights", "not a table of numbers"]),
        (lambda: Dense(2, 1, weights="ab"), ["initial weights", "not a table of numbers"]),
        (lambda: Dense(1, 1, weights=math.nan), ["initial weights", "finite", "try 0.0"]),
        (lambda: Dense(1, 2, bias=[1, 2, 3]), ["initial bias", "(2,)", "(3,)"]),
        (lambda: Dense(1, 1, bias=-math.inf), ["initial bias", "finite"]),
        (lambda: loss_named("sqared error"), ["no loss called 'sqared error'", "did you mean 'squared error'?"]),
        (lambda: loss_named(0.5), ["no loss called 0.5", "known: "]),  # type: ignore[arg-type]
        (lambda: loss_named("huber wide"), ["a number above 0 after huber", "try 'huber 0.5'"]),
        (lambda: loss_named("huber -1"), ["a number above 0 after huber", "got 'huber -1'", "try 'huber 0.5'"]),
        (lambda: huber(math.inf), ["delta above 0", "got inf"]),
        (lambda: loss_named("triplet loss"), ["'triplet loss'", "several rows at once", "'cross-entropy'"]),
        (lambda: loss_named("Contrastive"), ["'Contrastive'", "compares the samples of a batch"]),
        (lambda: Dense(2, 3, "batch norm"), ["'batch norm'", "mix the samples", "several rows at once"]),
        (lambda: Dense(2, 3, "BatchNorm"), ["'BatchNorm'", "scale the inputs beforehand"]),
        (lambda: Dense(2, 3, "softmax over the batch"), ["mix the samples of a batch"]),
        (lambda: Dense(4, 1, "softmax"), ["at least 2 outputs", "got 1", "try Dense(4, 2, 'softmax')"]),
        (
            lambda: Network(Dense(2, 3, "softmax"), Dense(3, 1)),
            ["'softmax' belongs in the last layer", "Dense(2, 3, 'softmax') before others", "try Dense(2, 3, 'tanh')"],
        ),
        (lambda: loss_named("qqqq"), ["'qqqq'", "known: ", *map(repr, LOSSES)]),
    ],
)
def test_what_cannot_be_built_is_refused_in_one_sentence(build: Callable[[], object], parts: list[str]) -> None:
    refuses(DataError, build, parts)


def test_binary_cross_entropy_asks_for_a_sigmoid_and_shows_the_layer_to_write() -> None:
    network = Network(Dense(2, 3, "sigmoid"), Dense(3, 1, "tanh"))
    with pytest.raises(DataError, match=r"activation 'sigmoid', got 'tanh'; try Dense\(3, 1, 'sigmoid'\)"):
        network.check_loss(LOSSES["binary cross-entropy"])
    network.check_loss(LOSSES["squared error"])
    Network(Dense(2, 1, "sigmoid")).check_loss(LOSSES["binary cross-entropy"])


@pytest.mark.parametrize("loss", [name for name in LOSSES if name != "cross-entropy"])
def test_softmax_goes_with_cross_entropy_only(loss: str) -> None:
    with pytest.raises(DataError, match=r"'softmax' expects the loss 'cross-entropy', got .*try loss='cross-entropy'"):
        Network(Dense(2, 3, "softmax")).check_loss(LOSSES[loss])
    Network(Dense(2, 3, "softmax")).check_loss(LOSSES["cross-entropy"])


def test_cross_entropy_asks_for_a_softmax_and_shows_the_layer_to_write() -> None:
    with pytest.raises(DataError, match=r"activation 'softmax', got 'sigmoid'; try Dense\(2, 3, 'softmax'\)"):
        Network(Dense(2, 3, "sigmoid")).check_loss(LOSSES["cross-entropy"])


@pytest.mark.parametrize(("error", "value", "blame"), [(0.25, 0.03125, 0.25), (-0.5, 0.125, -0.5), (2, 0.875, 0.5)])
def test_hubers_loss_is_squared_up_to_its_delta_and_straight_beyond(error: float, value: float, blame: float) -> None:
    loss = loss_named("huber 0.5")
    assert loss == huber(0.5)
    assert loss.value.on_floats({"a": error + 0.75, "t": 0.75}) == value
    assert loss.blame.on_floats({"a": error + 0.75, "t": 0.75}) == blame


def test_a_network_without_a_seed_is_refused_or_still_fixed() -> None:
    try:
        network = Network(Dense(3, 4), seed=None)  # type: ignore[arg-type]
    except DataError:
        return
    assert bits(network.initial_weights()[0]) == bits(network.initial_weights()[0])


def test_bias_true_is_refused_or_means_a_bias_that_starts_at_zero() -> None:
    try:
        layer = Dense(1, 1, weights=0.5, bias=True)
    except DataError:
        return
    assert Network(layer).initial_weights()[0].tolist() == [[0.5], [0.0]]


def test_a_network_can_be_read_as_it_was_written() -> None:
    assert repr(Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7)) == (
        "Network(Dense(2, 3, 'tanh'), Dense(3, 1, 'linear'), seed=7)"
    )


@pytest.mark.parametrize(("inputs", "outputs"), [(60, 40), (100, 3), (2, 200)])
def test_first_weights_are_spread_over_what_glorot_and_bengio_name_on_a_grid_that_prints_in_full(
    inputs: int, outputs: int
) -> None:
    limit = math.sqrt(6 / (inputs + outputs))
    grid = 2.0 ** (math.floor(math.log2(limit)) - 6)
    weights = Network(Dense(inputs, outputs), seed=3).initial_weights()[0][:inputs].ravel()
    steps = weights / grid
    assert all(step == round(step) for step in steps)
    assert any(step % 2 == 1 for step in steps)
    assert limit - 3 * grid <= max(weights) <= limit + grid / 2
    assert limit - 3 * grid <= -min(weights) <= limit + grid / 2
