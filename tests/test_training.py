"""Runs: batches of every size, recorded orders, training on demand, and what a trace has of it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from nets import RUNS, bits, orders_of

from piggybank import SGD, Dense, Momentum, Network, Run
from piggybank.engine.rule import Rule
from piggybank.training_order import epoch_order


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


# Refusals -------------------------------------------------------------------------------------------------------------


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
