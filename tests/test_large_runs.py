"""Large networks: weights that are kept now and then roll forward to the same bits, and take little room."""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import plain
import pytest
from nets import bits, plain_layers

from piggybank import SGD, Dense, Network, Run
from piggybank.engine.rule import Rule
from piggybank.ledger.storage import FULL_WEIGHTS

Figure = Callable[[str, object], None]


def large(batches: int, rule: Any = None) -> Run:
    """70 x 60 weights and biases: more than the ledger keeps in full."""
    numbers = random.Random(6)
    data = (
        [[numbers.uniform(-1, 1) for _ in range(70)] for _ in range(5)],
        [[numbers.uniform(-1, 1) for _ in range(60)] for _ in range(5)],
    )
    run = Run(Network(Dense(70, 60, "tanh"), seed=8), data, rule=rule or SGD(0.5), batch_size=2, shuffle=1)
    assert len(run.ledger.header.weights) > FULL_WEIGHTS
    return run.train(batches=batches)


def test_weights_of_a_large_network_equal_the_plain_roll_forward_at_every_batch() -> None:
    run = large(batches=135)
    layers, data = plain_layers(run), (run.dataset.inputs.tolist(), run.dataset.targets.tolist())
    expected = [bits(layers[0].weights)]
    for record in run.ledger:
        if record.batch <= 66:  # over the first checkpoint; further on, from the ledger's own weights
            plain.one_batch(layers, list(record.rows), *data, "squared error", 0.5, "average")
            expected.append(bits(layers[0].weights))
    order = random.Random(2).sample(range(67), 67)
    assert [batch for batch in order if bits(run.ledger.weights_at(batch)[0]) != expected[batch]] == []
    for batch in (127, 128, 129, 134):
        layers = plain_layers(run, batch)
        plain.one_batch(layers, list(run.ledger.batch(batch + 1).rows), *data, "squared error", 0.5, "average")
        assert bits(run.ledger.weights_at(batch + 1)[0]) == bits(layers[0].weights)


def test_a_large_networks_weights_refuse_to_be_written_between_checkpoints() -> None:
    ledger = large(batches=3).ledger
    for batch in range(4):
        with pytest.raises(ValueError, match="read-only"):
            ledger.weights_at(batch)[0][0, 0] = 7.0


def test_a_large_networks_rule_memory_rolls_forward_too() -> None:
    lines = ("savings = 0.5 * savings + average", "adjustment = -rate * savings", "after = before + adjustment")
    run = large(70, Rule("momentum", lines, {"rate": 0.25}, ("savings",)))
    savings = np.zeros((71, 60))
    for record in run.ledger:
        inputs = np.column_stack([run.dataset.inputs[list(record.rows)], np.ones(record.count)])
        total = np.zeros((71, 60))
        for sample in range(record.count):
            total = total + inputs[sample][:, None] * record.blame[0][sample]
        savings = 0.5 * savings + total / record.count
        assert bits(run.ledger.memory_at(record.batch)["savings"][0]) == bits(savings)
        assert bits(record.weights_after[0]) == bits(record.weights_before[0] + -0.25 * savings)


def test_a_recorded_sample_takes_little_more_memory_than_its_outputs_and_blame(figure: Figure) -> None:
    """J2's shape; the weights kept after every batch are counted apart, they do not grow with the samples."""
    numbers = random.Random(1)
    inputs = [[numbers.uniform(-1, 1) for _ in range(4)] for _ in range(144)]
    targets = [[float(row % 3 == k) for k in range(3)] for row in range(144)]
    run = Run(Network(Dense(4, 8, "tanh"), Dense(8, 3)), (inputs, targets), rule=SGD(0.1), batch_size=16)
    run.train(epochs=1)
    tracemalloc.start()
    try:
        run.train(batches=4000)
        grown = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    samples, needed = 4000 * 16, 8 * 2 * (8 + 3)  # bytes: float64, outputs and blame
    snapshots = 4000 * 8 * len(run.ledger.header.weights)
    beyond = (grown - snapshots) / samples / needed - 1
    figure("P-B memory per recorded sample beyond outputs and blame (4-8-3)", f"{beyond:.1%}")
    figure(
        "P-B memory per recorded sample with the weights of every batch of 16", f"{grown / samples / needed - 1:.1%}"
    )
    assert beyond <= 0.10
