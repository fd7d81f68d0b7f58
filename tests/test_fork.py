"""What if: forks share the past, record where they left it, and go on with other settings."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from forks import parent
from nets import bits
from one_sentence import refuses

from piggybank import SGD, Adam, Cosine, DataError, Momentum, Rule, Run, WarmUp
from piggybank.ledger.lines import Ref
from piggybank.stage.timeline import Timeline


def weights(run: Run, batch: int) -> list[list[bytes]]:
    return [bits(matrix) for matrix in run.ledger.weights_at(batch)]


@pytest.mark.parametrize("settings", [{}, {"shuffle": 3}, {"batch_size": "all"}, {"accumulate": 2, "batch_size": 1}])
@pytest.mark.parametrize("rule", [SGD(0.1), Momentum(0.1, 0.5), Adam(0.1)])
def test_a_fork_that_changes_nothing_is_the_parents_future_bit_for_bit(rule: Any, settings: dict[str, Any]) -> None:
    run = parent(rule, **settings)
    for batch in (1, 2, 4, 5, 7, 11):
        fork = run.fork(batch).train(batches=10)
        run.ensure(batch + 9)
        for number in range(11):
            assert weights(fork, number) == weights(run, batch - 1 + number)
        for number in range(1, 11):
            assert fork.ledger.batch(number).rows == run.ledger.batch(batch - 1 + number).rows


def test_a_fork_of_a_fork_goes_on_too() -> None:
    run = parent(shuffle=3, batches=14)
    twice = run.fork(4).train(batches=6).fork(5).train(batches=6)
    assert [weights(twice, number) for number in range(7)] == [weights(run, 7 + number) for number in range(7)]


def test_a_fork_records_its_parents_seal_before_the_commit_and_numbers_from_1() -> None:
    run = parent()
    header = run.fork(7).ledger.header
    assert header.parent is not None
    assert (header.parent.seal, header.parent.batch) == (run.ledger.seal_at(6), 6)
    assert (header.skip, header.epoch(1), header.epoch(2), header.epoch(3)) == (2, 1, 1, 2)


def test_another_learning_rate_moves_the_first_commit_in_proportion() -> None:
    run = parent(SGD(0.25))
    fork = run.fork(3, learning_rate=0.5).train(batches=1)
    pairs = zip(run.ledger.weights_at(2), run.ledger.weights_at(3), fork.ledger.weights_at(1), strict=True)
    for before, after, other in pairs:
        assert abs((other - before) - 2 * (after - before)).max() < 1e-15


def test_another_rule_begins_with_empty_jars() -> None:
    fork = parent().fork(3, rule=Adam(0.1)).train(batches=1)
    assert fork.ledger.shared_memory_at(0) == {"mean_fill": 0.0, "square_fill": 0.0}
    assert fork.ledger.shared_memory_at(1)["mean_fill"] == 1 - 0.9


def test_another_batch_size_goes_on_within_the_epoch_where_it_can() -> None:
    run = parent()
    assert run.fork(3, batch_size=1).ledger.header.skip == 4
    assert run.fork(3, batch_size=4).ledger.header.skip == 1
    assert run.fork(2, batch_size=4).ledger.header.skip == 0


def test_a_fork_can_do_without_its_parents_fault_or_have_one_of_its_own() -> None:
    faulty, sound = parent(SGD(0.25), fault="sum-for-mean"), parent(SGD(0.25))
    mended, spoiled = faulty.fork(1, fault="").train(batches=2), sound.fork(1, fault="sum-for-mean").train(batches=2)
    assert [weights(mended, 2), weights(spoiled, 2)] == [weights(sound, 2), weights(faulty, 2)]
    assert (mended.ledger.header.fault, spoiled.ledger.header.fault) == ("", "sum-for-mean")
    assert faulty.fork(2).ledger.header.fault == "sum-for-mean"


def test_a_schedule_goes_on_counting_in_a_fork() -> None:
    rule = SGD(0.5, schedule=[WarmUp(3), Cosine(9)])
    run = parent(rule, batches=14)
    for batch in (2, 6, 8):
        fork = run.fork(batch).train(batches=5)
        assert [weights(fork, number) for number in range(6)] == [
            weights(run, batch - 1 + number) for number in range(6)
        ]
    twice = run.fork(4).train(batches=3).fork(3).train(batches=2)
    assert weights(twice, 2) == weights(run, 7)
    count = twice.ledger.open(Ref("setting", "commit", 1))
    assert (count.value, twice.ledger.open(Ref("setting", "epoch", 1)).value) == (6.0, 2.0)


def test_another_rules_schedule_begins_with_the_fork() -> None:
    run = parent(SGD(0.5), batches=4)
    fork = run.fork(3, rule=Momentum(0.5, schedule=WarmUp(4))).train(batches=2)
    assert [fork.ledger.learning_rate_at(batch) for batch in (1, 2)] == [0.125, 0.25]


def test_the_weights_a_fork_begins_with_say_whose_commit_left_them() -> None:
    run = parent()
    fork = run.fork(7).train(batches=1)
    line = fork.ledger.open(Ref("initial", "h1->y")).lines[0]
    assert run.ledger.seal_at(6) in line.label
    assert "commit of its batch 6" in line.label
    savings = fork.ledger.open(Ref("initial", "h1->y", part="savings"))
    assert bits(savings.value) == bits(run.ledger.memory_at(6)["savings"][1][0, 0])
    receipt = fork.ledger.receipt("h1->y", batch=1)
    assert bits(eval(receipt.python(), {"math": math})) == bits(receipt.value)


def test_the_beats_of_a_fork_that_begins_within_an_epoch_are_numbered_without_gaps() -> None:
    fork = parent().fork(3).train(batches=6)
    timeline = Timeline(fork.ledger.header)
    moments = [timeline.moment(beat) for beat in range(timeline.length(6))]
    assert [timeline.find(timeline.address(beat)) for beat in range(len(moments))] == list(range(len(moments)))
    assert [moment.batch for moment in moments if moment.phase == "commit"] == [1, 2, 3, 4, 5, 6]
    assert [moment.epoch for moment in moments if moment.phase == "commit"] == [1, 1, 2, 2, 2, 2]
    for batch in range(1, 7):
        assert timeline.count(batch) == fork.ledger.batch(batch).count
    assert fork.ledger.epoch(1).batches == (1, 2)
    assert fork.ledger.epoch(2).batches == (3, 4, 5, 6)


@pytest.mark.parametrize(
    ("build", "parts"),
    [
        (lambda: parent().fork(0), ["a batch from 1 to 11", "got 0"]),
        (lambda: parent().fork(12), ["a batch from 1 to 11", "got 12", "train further"]),
        (lambda: parent().fork(1, learning_rate=math.nan), ["learning_rate", "got nan"]),
        (lambda: parent().fork(1, without=[8]), ["rows from 1 to 7", "got 8"]),
        (lambda: parent().fork(1, without=["nobody"]), ["or their names", "'nobody'"]),
        (lambda: parent().fork(1, without=[1, 2, 3, 4, 5, 6, 7]), ["no row to learn from"]),
        (lambda: parent().fork(1, batch_size=0), ["batch_size", "got 0"]),
    ],
)
def test_a_fork_that_cannot_be_is_refused_in_one_sentence(build: Callable[[], Run], parts: list[str]) -> None:
    refuses(DataError, build, parts)


def test_a_fork_has_as_many_micro_batches_as_its_parent_was_made_of_unless_their_size_is_another() -> None:
    run = parent(SGD(0.1), accumulate=99, batch_size=2, batches=2)
    sizes = [run, run.fork(2), run.fork(2, without=[1, 2, 3]), run.fork(2, batch_size=1), run.fork(2, batch_size=3)]
    assert [made.ledger.header.accumulate for made in sizes] == [4, 4, 4, 7, 3]
    assert [made.ledger.header.micro_size for made in sizes] == [2, 2, 2, 1, 3]


def test_a_rule_without_a_learning_rate_has_none_to_change() -> None:
    still = Rule("still", ("adjustment = -0.5 * average", "after = before + adjustment"))
    with pytest.raises(DataError, match="the rule 'still' has no learning_rate to change; give rule=… instead"):
        parent(still).fork(2, learning_rate=0.1)
