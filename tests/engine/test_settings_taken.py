"""Settings that look odd and are taken: numbers of numpy, a rate below 0, savings kept whole."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from refusing import AFTER, MOVE, any_of, fork, rule, run

from piggybank import SGD, Dense, Momentum, Network, Rule, Step
from piggybank.engine.losses import huber


def test_numbers_of_numpy_and_fractions_are_taken_as_settings() -> None:
    made: Any = SGD(any_of(np.float32(0.5)), weight_decay=any_of(np.float64(0.25)), clip_norm=any_of(np.int64(2)))
    assert made.constants == {"learning_rate": 0.5, "weight_decay": 0.25, "clip_norm": 2.0}
    assert all(type(value) is float for value in made.constants.values())
    assert SGD(any_of(Fraction(1, 4))).constants == {"learning_rate": 0.25}
    assert Step(any_of(np.int64(2))) == Step(2)
    settings = {"batch_size": np.int64(1), "accumulate": np.int64(2), "shuffle": np.int64(3)}
    found = run(**settings).train(epochs=any_of(np.int64(2)))
    plain = run(batch_size=1, accumulate=2, shuffle=3).train(epochs=2)
    assert found.ledger.seal == plain.ledger.seal
    assert Network(Dense(any_of(np.int64(2)), 1), seed=any_of(np.int64(7))).initial_weights()[0].shape == (3, 1)
    changes: dict[str, Any] = {"learning_rate": np.float32(0.5), "without": [np.int64(2)]}
    assert fork(any_of(np.int64(2)), **changes).ledger.header.row_names == ("row 1", "row 3", "row 4")
    assert huber(any_of(np.float32(0.5))) == huber(0.5)
    assert len(run(validation=np.float32(0.25)).dataset) == 3


def test_a_negative_learning_rate_goes_uphill() -> None:
    up, down = (run(rule=SGD(rate), batch_size="all").train(batches=1).ledger for rate in (-0.5, 0.5))
    moves = [ledger.weights_at(1)[0] - ledger.weights_at(0)[0] for ledger in (up, down)]
    assert (moves[0] * moves[1] < 0).all()


def test_savings_may_be_kept_whole() -> None:
    assert Momentum(0.1, friction=1).constants["friction"] == 1.0


def test_a_rule_keeps_its_lines_whatever_is_done_to_the_list_they_came_in() -> None:
    lines = [MOVE, " after=before + adjustment "]
    made = Rule("mine", any_of(lines))
    lines.clear()
    assert made.lines == (MOVE, AFTER)


def test_a_rule_that_keeps_something_else_under_the_same_name_begins_with_empty_jars() -> None:
    counted = rule("t = t + commit", "adjustment = -0.01 * t * average", AFTER, shared_memory=("t",))
    trend = rule("t = 0.5 * t + average", "adjustment = -0.1 * t", AFTER, memory=("t",))
    for first, second in ((counted, trend), (trend, counted)):
        made = run(rule=first).train(epochs=1).fork(2, rule=second)
        assert made.ledger.header.initial_memory == {}
    assert run(rule=trend).train(epochs=1).fork(2, rule=trend).ledger.header.initial_memory != {}
