"""Schedules: the rate of every commit, as used and as recorded."""

from __future__ import annotations

import math
from typing import Any

from nets import bits
from rule_runs import run_of

from piggybank import SGD, Constant, Cosine, Dense, Network, Rule, Run, Schedule, Step, WarmUp
from piggybank.ledger import bank


def rates(schedule: Any, batches: int = 8, rate: float = 0.5) -> list[float]:
    """With four commits an epoch."""
    run = Run(Network(Dense(2, 1)), "xor", rule=SGD(rate, schedule=schedule)).train(batches=batches)
    return [run.ledger.learning_rate_at(batch) for batch in range(1, batches + 1)]


def test_a_constant_schedule_is_no_schedule() -> None:
    assert rates(Constant()) == rates(None) == [0.5] * 8
    assert run_of(SGD(0.5, schedule=Constant())).ledger.header.schedule.lines == ()


def test_a_step_halves_the_rate_from_its_epochs_on() -> None:
    assert rates(Step(2, 4), 16) == [0.5] * 4 + [0.25] * 8 + [0.125] * 4


def test_a_warm_up_rises_in_equal_steps_to_the_whole_rate() -> None:
    assert rates(WarmUp(4)) == [0.125, 0.25, 0.375, 0.5, 0.5, 0.5, 0.5, 0.5]


def test_a_cosine_goes_down_over_its_epochs_and_stays_at_its_lowest() -> None:
    found = rates(Cosine(epochs=1, lowest=0.25), 6)
    for commit, rate in enumerate(found[:4]):
        expected = 0.5 * (0.25 + 0.75 * ((1 + math.cos(math.pi * commit / 4)) / 2))
        assert abs(rate - expected) < 1e-15
    assert found[4:] == [0.125, 0.125]


def test_schedules_multiply_and_the_rate_used_is_the_rate_recorded() -> None:
    schedule = [WarmUp(2), Step(2), Schedule("fading", ("fading = 1 / commit",))]
    assert rates(schedule, 5) == [0.25, 0.25, 0.5 / 3, 0.125, 0.05]
    run = run_of(SGD(0.5, schedule=schedule)).train(batches=5)
    for batch in range(1, 6):
        record, rate = run.ledger.batch(batch), run.ledger.learning_rate_at(batch)
        total = bank.totals(run.ledger.header, record, 1)
        expected = record.weights_before[1] + -rate * (total / record.count)
        assert bits(record.weights_after[1]) == bits(expected)


def test_a_rule_without_a_learning_rate_has_none() -> None:
    lines = ("adjustment = -0.5 * average", "after = before + adjustment")
    assert math.isnan(run_of(Rule("half", lines)).train(batches=1).ledger.learning_rate_at(1))
