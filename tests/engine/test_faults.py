"""Micro-batches and mistakes on purpose: what each does to a weight, followed by hand."""

from __future__ import annotations

import math
from typing import Any

import pytest
from nets import bits
from rule_runs import FOUR, one_weight, run_of

from piggybank import SGD, Adam, Dense, Momentum, Network, Run
from piggybank.engine.faults import FAULTS

SIX = ([[1.0]] * 6, [[4.0], [4.0], [4.0], [4.0], [8.0], [8.0]])


def walk(run: Run, batches: int) -> list[float]:
    run.train(batches=batches)
    return [run.ledger.weights_at(batch)[0].item() for batch in range(batches + 1)]


@pytest.mark.parametrize(
    ("size", "accumulate", "parts"), [(3, 2, 2), (2, 2, 2), (1, 4, 4), (3, 4, 2), (1, 9, 4), (4, 2, 1), (9, 10**9, 1)]
)
def test_micro_batches_average_over_all_their_samples_however_they_are_cut(
    size: int, accumulate: int, parts: int
) -> None:
    """And a commit has no more of them than the rows fill, as a batch has no more samples than there are rows."""
    run = one_weight(FOUR, 0.0, SGD(1.0), batch_size=size, accumulate=accumulate)
    assert walk(run, 2) == walk(one_weight(FOUR, 0.0, SGD(1.0), batch_size=4), 2)
    header = run.ledger.header
    size = min(size, 4)
    assert (header.batch_size, header.accumulate, header.micro_size) == (size * parts, parts, size)
    assert [record.count for record in run.ledger] == [4, 4]


def test_the_average_of_averages_is_another_number_when_the_parts_differ_in_size() -> None:
    """Lesson 7: (-4 + 4) / 2 = 0, no move at all, where the true average is -2; 2 + 2 is right by luck."""
    fault = {"fault": "average-of-averages"}
    assert walk(one_weight(FOUR, 0.0, SGD(1.0), batch_size=3, accumulate=2, **fault), 1) == [0, 0]
    assert walk(one_weight(FOUR, 0.0, SGD(1.0), batch_size=2, accumulate=2, **fault), 1) == [0, 2]
    assert walk(one_weight(FOUR, 0.0, SGD(1.0), batch_size=3, accumulate=2), 1) == [0, 2]


def test_a_bank_that_nobody_emptied_is_momentum_with_friction_1() -> None:
    """Lesson 6's table."""
    wanted = [0.5, 1, 1.75, 2.375, 2.5625, 2.21875, 1.515625, 0.8046875]
    assert walk(one_weight("one coin", 0.5, SGD(0.125), fault="forgot-to-empty"), 7) == wanted
    assert walk(one_weight("one coin", 0.5, Momentum(0.125, 1.0)), 7) == wanted


def test_the_sum_for_the_mean_is_the_average_times_the_count() -> None:
    assert walk(one_weight(FOUR, 0.0, SGD(0.25), batch_size=4, fault="sum-for-mean"), 1) == [0, 2]


def test_a_stale_last_batch_moves_nothing_and_its_coins_come_with_the_next() -> None:
    run = one_weight(SIX, 0.0, SGD(0.5), batch_size=4, fault="stale-last-batch")
    walked = walk(run, 3)  # coins -4 -4 -4 -4, then -6 -6 at w = 2, then -2 -2 -2 -2
    assert walked == [0, 2, 2, 2 + 0.5 * 20 / 6]
    assert [run.ledger.shared_memory_at(batch)["left_count"] for batch in range(4)] == [0, 0, 2, 0]
    assert [run.ledger.memory_at(batch)["left"][0].item() for batch in range(4)] == [0, 0, -12, 0]


def test_a_stale_last_batch_leaves_the_rules_memory_alone() -> None:
    run = one_weight(SIX, 0.0, Momentum(0.5, 0.5), batch_size=4, fault="stale-last-batch").train(batches=2)
    assert run.ledger.memory_at(1)["savings"][0] == run.ledger.memory_at(2)["savings"][0] == -4


def test_a_bias_updated_per_input_moves_so_many_times_too_far() -> None:
    right, wrong = (run_of(SGD(0.1), **more).train(batches=1) for more in ({}, {"fault": "bias-updated-per-input"}))
    for layer, inputs in enumerate((2, 3)):
        before, after, faulty = (
            run.ledger.weights_at(batch)[layer] for run, batch in ((right, 0), (right, 1), (wrong, 1))
        )
        once = right.ledger.commit_at(1)["adjustment"]
        assert bits(after[:-1]) == bits(faulty[:-1])
        tail = once[:9][-3:] if layer == 0 else once[-1:]
        assert bits(faulty[-1]) == bits(before[-1] + inputs * tail)


def test_every_fault_is_declared_and_its_recipe_is_not_the_right_one() -> None:
    for fault in FAULTS:
        settings: dict[str, Any] = {"accumulate": 2, "fault": fault}
        data = (SIX[0][:5], SIX[1][:5])
        network = Network(Dense(1, 1))
        run = Run(network, data, rule=Adam(0.1), batch_size=2, **settings).train(batches=3)
        right = Run(network, data, rule=Adam(0.1), batch_size=2, accumulate=2)
        assert run.ledger.header.fault == fault
        assert run.ledger.header.recipe.text != right.ledger.header.recipe.text
        for weight in run.ledger.header.weights:
            receipt = run.ledger.receipt(weight.name, batch=3)
            assert bits(eval(receipt.python(), {"math": math})) == bits(receipt.value)
