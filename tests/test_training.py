"""Runs: batches of every size, recorded orders, training on demand, large networks, and what is refused."""

from __future__ import annotations

import math
import random
import tracemalloc
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import plain
import pytest
from nets import RUNS, bits, orders_of, plain_layers

from piggybank import SGD, DataError, Dense, LedgerError, Momentum, Network, Run
from piggybank.engine.rules import Rule
from piggybank.ledger.ledger import FULL_WEIGHTS
from piggybank.training import epoch_order

Figure = Callable[[str, object], None]


def rows_run(rows: int, **settings: Any) -> Run:
    data = ([[float(row)] for row in range(rows)], [[float(row % 3)] for row in range(rows)])
    return Run(Network(Dense(1, 1, weights=0.25)), data, rule=SGD(2.0**-9), **settings)


def weights_bits(run: Run) -> list[list[bytes]]:
    return [bits(matrix) for batch in range(len(run.ledger) + 1) for matrix in run.ledger.weights_at(batch)]


# Batches --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "batch_size", "counts"),
    [
        (5, 1, [1, 1, 1, 1, 1]),
        (6, 3, [3, 3]),
        (7, 3, [3, 3, 1]),
        (5, 4, [4, 1]),
        (5, 5, [5]),
        (5, "all", [5]),
        (5, 99, [5]),
        (1, 4, [1]),
    ],
)
def test_an_epoch_is_cut_into_batches_and_the_last_may_be_short(rows: int, batch_size: Any, counts: list[int]) -> None:
    run = rows_run(rows, batch_size=batch_size).train(epochs=2)
    assert [record.count for record in run.ledger] == counts * 2
    assert [record.epoch for record in run.ledger] == [1] * len(counts) + [2] * len(counts)
    assert [row for record in run.ledger for row in record.rows] == list(range(rows)) * 2
    assert run.ledger.header.batches_per_epoch == len(counts)


def test_batch_size_is_1_and_reduce_is_average_unless_said_otherwise() -> None:
    header = rows_run(3).ledger.header
    assert (header.batch_size, header.reduce, header.shuffled) == (1, "average", False)


def test_an_average_divides_the_short_batch_by_its_own_count() -> None:
    run = rows_run(3, batch_size=2).train()
    last = run.ledger.batch(2)
    blame = last.blame[0].item()
    before, after = last.weights_before[0][-1].item(), last.weights_after[0][-1].item()
    assert bits(after) == bits(before + -(2.0**-9) * (blame / 1.0))


def test_total_leaves_the_division_out() -> None:
    run = rows_run(4, batch_size=4, reduce="total").train()
    assert run.ledger.header.recipe.text == ("adjustment = -learning_rate * total", "after = before + adjustment")
    record = run.ledger.batch(1)
    total = 0.0
    for blame in record.blame[0][:, 0].tolist():
        total += blame
    before, after = record.weights_before[0][-1].item(), record.weights_after[0][-1].item()
    assert bits(after) == bits(before + -(2.0**-9) * total)


def test_total_replaces_the_word_average_and_no_part_of_another_name() -> None:
    lines = (
        "running_average = running_average + average",
        "adjustment = -running_average",
        "after = before + adjustment",
    )
    text = Rule("x", lines, {}, ("running_average",)).recipe("total").text
    assert text == ("running_average = running_average + total", *lines[1:])


# Orders ---------------------------------------------------------------------------------------------------------------


def test_a_shuffle_is_recorded_as_the_order_of_rows() -> None:
    run = rows_run(10, batch_size=4, shuffle=3).train(epochs=6)
    orders = orders_of(run)
    assert len(orders) == 6
    assert all(sorted(order) == list(range(10)) for order in orders)
    assert len({tuple(order) for order in orders}) == 6
    assert run.ledger.header.shuffled
    for record in run.ledger:  # the recorded order is the order in which samples were met
        z = [
            float(row) * record.weights_before[0][0].item() + record.weights_before[0][1].item() for row in record.rows
        ]
        assert bits(record.outputs[0][:, 0]) == bits(z)


def test_the_shuffles_seed_decides_the_orders() -> None:
    def orders(shuffle: Any) -> list[list[int]]:
        return orders_of(rows_run(10, shuffle=shuffle).train(epochs=3))

    assert orders(3) == orders(3) != orders(4)
    assert orders(True) == orders(True) != orders(False) == [list(range(10))] * 3
    assert orders(0) != orders(False)


def test_shuffled_orders_are_permutations_and_every_row_comes_first_about_equally_often() -> None:
    orders = [epoch_order(6, seed=1, epoch=epoch) for epoch in range(1, 1201)]
    assert all(sorted(order) == list(range(6)) for order in orders)
    for place in range(6):
        counts = [sum(order[place] == row for order in orders) for row in range(6)]
        assert min(counts) > 140  # 200 expected, standard deviation 13
    assert len({tuple(order) for order in orders}) > 400


# Training on demand ---------------------------------------------------------------------------------------------------


def test_train_extends_by_epochs_or_batches_and_gives_the_run() -> None:
    run = rows_run(5, batch_size=2)
    assert len(run.ledger) == 0
    assert run.train() is run
    assert len(run.ledger) == 3
    assert len(run.train(batches=2).ledger) == 5
    assert len(run.train(epochs=2).ledger) == 11
    assert len(run.train(epochs=0).ledger) == 11


def test_ensure_trains_just_as_far_as_asked_and_never_back() -> None:
    run = rows_run(5, batch_size=2)
    run.ensure(4)
    assert len(run.ledger) == 4
    run.ensure(2)
    assert len(run.ledger) == 4
    run.ensure(7)
    assert len(run.ledger) == 7


@pytest.mark.parametrize("name", RUNS)
def test_training_in_pieces_gives_the_bits_of_training_at_once(name: str) -> None:
    whole, pieces = RUNS[name]().train(epochs=4), RUNS[name]()
    pieces.train(batches=1)
    pieces.ensure(len(whole.ledger) - 1)
    pieces.train(batches=1)
    assert weights_bits(pieces) == weights_bits(whole)
    assert [record.rows for record in pieces.ledger] == [record.rows for record in whole.ledger]


def test_runs_of_one_network_do_not_share_their_weights() -> None:
    network = Network(Dense(2, 1), seed=2)
    first, second = Run(network, "xor").train(epochs=3), Run(network, "xor")
    assert bits(second.ledger.weights_at(0)[0]) == bits(first.ledger.weights_at(0)[0])
    assert weights_bits(second.train(epochs=3)) == weights_bits(first)


def test_rates_that_overflow_train_on_without_a_warning(recwarn: pytest.WarningsRecorder) -> None:
    run = Run(Network(Dense(1, 2, "relu"), Dense(2, 1)), ([3.0], [1.0]), rule=SGD(1e200))
    run.train(epochs=20, past_trouble=True)
    assert len(run.ledger) == 20
    assert not all(np.isfinite(matrix).all() for matrix in run.ledger.weights_at(20))
    assert len(recwarn) == 0


# Large networks -------------------------------------------------------------------------------------------------------


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


# Refusals -------------------------------------------------------------------------------------------------------------

NETWORK = Network(Dense(2, 1))


@pytest.mark.parametrize(
    ("build", "parts"),
    [
        (lambda: Run(Network(Dense(3, 1)), "xor"), ["expects 3 inputs", "'xor' has 2", "try Dense(2, 1) as the first"]),
        (lambda: Run(Network(Dense(2, 4)), "xor"), ["gives 4 outputs", "has 1 target", "try Dense(2, 1) as the last"]),
        (lambda: Run(NETWORK, "xor", loss="squared eror"), ["'squared eror'", "did you mean 'squared error'?"]),
        (lambda: Run(NETWORK, "xor", loss="binary cross-entropy"), ["'sigmoid'", "'linear'", "Dense(2, 1, 'sigmoid')"]),
        (lambda: Run(NETWORK, "xor", batch_size=0), ["batch_size", "whole number from 1, or 'all'", "got 0", "try 4"]),
        (lambda: Run(NETWORK, "xor", batch_size=-2), ["batch_size", "got -2"]),
        (lambda: Run(NETWORK, "xor", batch_size=2.0), ["batch_size", "got 2.0"]),  # type: ignore[arg-type]
        (lambda: Run(NETWORK, "xor", batch_size=True), ["batch_size", "got True"]),
        (lambda: Run(NETWORK, "xor", batch_size="ALL"), ["batch_size", "got 'ALL'"]),
        (lambda: Run(NETWORK, "xor", reduce="mean"), ["reduce", "'average' or 'total'", "got 'mean'", "try 'average'"]),
        (lambda: Run(NETWORK, "xor", rule=0.1), ["rule", "SGD(learning_rate=0.1)", "got 0.1"]),  # type: ignore[arg-type]
        (lambda: Run(NETWORK, "xro"), ["'xro'", "did you mean 'xor'?"]),
        (lambda: SGD("0.1"), ["learning_rate", "got '0.1'", "try 0.1"]),  # type: ignore[arg-type]
        (lambda: SGD(math.nan), ["learning_rate", "finite", "got nan"]),
        (lambda: SGD(math.inf), ["learning_rate", "finite", "got inf"]),
        (lambda: SGD(True), ["learning_rate", "got True"]),
        (lambda: Run(NETWORK, "xor").train(epochs=-1), ["whole number of epochs", "got -1", "try train(epochs=10)"]),
        (lambda: Run(NETWORK, "xor").train(epochs=1.5), ["whole number of epochs", "got 1.5"]),  # type: ignore[arg-type]
        (lambda: Run(NETWORK, "xor").train(batches="3"), ["whole number of batches", "got '3'"]),  # type: ignore[arg-type]
    ],
)  # fmt: skip
def test_settings_that_do_not_fit_are_refused_in_one_sentence(build: Callable[[], object], parts: list[str]) -> None:
    with pytest.raises(DataError) as caught:
        build()
    message = str(caught.value)
    assert "\n" not in message
    assert all(part in message for part in parts), message


def test_a_refused_training_leaves_the_run_as_it_was() -> None:
    run = Run(NETWORK, "xor").train()
    with pytest.raises(DataError):
        run.train(batches=-3)
    assert len(run.ledger) == 4


@pytest.mark.parametrize("lines", [("adjustment = -0.1 * average",), ("after = before - rat * average",)])
def test_a_rule_that_cannot_work_is_refused_in_one_sentence(lines: tuple[str, ...]) -> None:
    with pytest.raises(DataError):
        Run(NETWORK, "xor", rule=Rule("mine", lines, {"rate": 0.1})).train()


def test_a_csv_file_can_be_learned_from(tmp_path: Path) -> None:
    path = tmp_path / "pears.csv"
    path.write_text("pears,apples,cost\n1,2,5\n3,4,11\n", encoding="utf-8")
    run = Run(Network(Dense(2, 1, weights=[1, 2], bias=False)), path, target="cost").train()
    assert run.ledger.header.input_names == ("pears", "apples")
    assert [record.blame[0].item() for record in run.ledger] == [0.0, 0.0]


def test_training_takes_epochs_or_batches_but_not_both() -> None:
    run = Run(NETWORK, "xor")
    with pytest.raises(DataError, match="epochs or batches"):
        run.train(epochs=1, batches=1)
    assert len(run.ledger) == 0


def test_a_whole_number_of_numpy_serves_as_batch_size() -> None:
    assert Run(NETWORK, "xor", batch_size=np.int64(2)).ledger.header.batch_size == 2


def test_whether_an_adjustment_is_nothing_but_the_rate_times_the_coins() -> None:
    def plain(rule: Any, **settings: Any) -> bool:
        return Run(Network(Dense(2, 1)), "xor", rule=rule, **settings).ledger.header.is_plain

    assert plain(SGD(0.1))
    assert plain(SGD(0.1), reduce="total")
    assert not plain(SGD(0.1, weight_decay=0.1))
    assert not plain(SGD(0.1, clip_norm=1.0), reduce="total")
    assert not plain(Momentum(0.1, 0.5))


def test_the_trace_of_a_weight_has_what_it_went_each_time() -> None:
    ledger = RUNS["xor 2-3-1 tanh"]().train(epochs=5).ledger
    trace = ledger.trace("x1->h1")
    weights = [float(ledger.weights_at(batch)[0][0, 0]) for batch in range(6)]
    assert trace.values.tolist() == weights
    assert trace.adjustments.tolist() == [after - before for before, after in pairwise(weights)]


def test_an_epoch_that_is_not_there_is_refused_in_a_sentence() -> None:
    ledger = RUNS["xor 2-3-1 tanh"]().train(epochs=5).ledger
    for epoch in (0, 6):
        with pytest.raises(LedgerError, match=f"the ledger holds epochs 1 to 5, got epoch {epoch}"):
            ledger.epoch(epoch)
