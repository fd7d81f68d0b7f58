"""What if: forks share the past, record where they left it, and go on with other settings."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from nets import bits

from piggybank import (
    SGD,
    Adam,
    Cosine,
    DataError,
    Dataset,
    Dense,
    LedgerError,
    Momentum,
    Network,
    Rule,
    Run,
    WarmUp,
    open_ledger,
)
from piggybank.auditor import audit
from piggybank.honest_names import claims
from piggybank.ledger.lines import Ref
from piggybank.stage.timeline import Timeline

SEVEN = ([[1.0], [2.0], [-1.0], [0.5], [3.0], [1.5], [-2.0]], [1.0, 0.0, 2.0, 1.0, -1.0, 0.5, 1.0])


def parent(rule: Any = None, batches: int = 10, **settings: Any) -> Run:
    network = Network(Dense(1, 2, "tanh"), Dense(2, 1), seed=4)
    made = Run(network, SEVEN, rule=rule or Momentum(0.1, 0.5), **{"batch_size": 2, **settings})
    return made.train(batches=batches)


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


def test_a_coin_that_is_lifted_out_is_missing_from_this_commit_and_on() -> None:
    run = parent(SGD(0.1), batch_size="all", batches=3)
    fork = run.fork(3, without=[4]).train(batches=1)
    record = fork.ledger.batch(1)
    assert [fork.ledger.header.row_names[row] for row in record.rows] == [
        name for place, name in enumerate(run.ledger.header.row_names, 1) if place != 4
    ]
    total = 0.0
    for sample in (1, 2, 3, 5, 6, 7):
        total += run.ledger.open(Ref("slice", "bias->y", 3, sample)).value
    before = run.ledger.weights_at(2)[1][-1, 0]
    assert bits(fork.ledger.weights_at(1)[1][-1, 0]) == bits(before + -0.1 * (total / 6))


def named_batches(run: Run, first: int, last: int, without: tuple[int, ...] = ()) -> list[list[str]]:
    """The row names of each batch, less some rows; batches that are left without any vanish."""
    names = run.ledger.header.row_names
    out = {names[row - 1] for row in without}
    batches = [[names[row] for row in run.ledger.batch(batch).rows] for batch in range(first, last + 1)]
    return [kept for batch in batches if (kept := [name for name in batch if name not in out])]


@pytest.mark.parametrize("size", [1, 2, 3, 4, "all"])
@pytest.mark.parametrize("without", [(3,), (1,), (7,), (1, 2), (3, 4), (2, 5, 6), (1, 3, 4, 5, 6, 7)])
def test_the_other_rows_stay_in_the_batches_they_were_in(size: Any, without: tuple[int, ...]) -> None:
    run = parent(batch_size=size, batches=21)
    each = run.ledger.header.batches_per_epoch
    for batch in range(1, each + 1):
        fork = run.fork(batch, without=list(without)).train(epochs=2)
        wanted = named_batches(run, batch, 3 * each, without)
        assert named_batches(fork, 1, len(fork.ledger)) == wanted[: len(fork.ledger)]
        assert all(fork.ledger.header.count(record.batch) == len(record.rows) for record in fork.ledger)


@pytest.mark.parametrize("without", [(3,), (1, 6), (2, 4, 7)])
def test_shuffled_rows_stay_in_their_batches_in_this_epoch_and_in_their_order_later(without: tuple[int, ...]) -> None:
    run = parent(shuffle=3, batches=12)
    for batch in (5, 6, 7):
        fork = run.fork(batch, without=list(without)).train(epochs=2)
        each, skip = fork.ledger.header.batches_per_epoch, fork.ledger.header.skip
        wanted, later = named_batches(run, batch, 8, without), named_batches(run, 9, 12, without)
        assert named_batches(fork, 1, each - skip) == wanted
        assert [*chain(*named_batches(fork, each - skip + 1, 2 * each - skip))] == [*chain(*later)]


def test_a_commit_without_a_row_is_made_of_the_other_coins_alone() -> None:
    run = parent(SGD(0.25), batch_size=3)
    fork = run.fork(2, without=[5]).train(batches=1)
    assert [fork.ledger.header.row_names[row] for row in fork.ledger.batch(1).rows] == ["row 4", "row 6"]
    for weight in run.ledger.header.weights:
        coins = [run.ledger.open(Ref("slice", weight.name, 2, sample)).value for sample in (1, 3)]
        before = run.ledger.open(Ref("commit", weight.name, 1)).value
        after = before + -0.25 * (((0.0 + coins[0]) + coins[1]) / 2)
        assert bits(fork.ledger.open(Ref("commit", weight.name, 1)).value) == bits(after)


def test_more_rows_can_be_lifted_out_of_a_fork_that_lacks_some_already() -> None:
    run = parent(batch_size=3, batches=9)
    twice = run.fork(1, without=[2]).train(batches=1).fork(2, without=["row 6", "row 1"]).train(epochs=1)
    assert named_batches(twice, 1, 3) == [["row 4", "row 5"], ["row 7"], ["row 3"]]


def test_a_number_means_the_row_that_is_called_so_where_others_are_held_back() -> None:
    data = ([[float(n)] for n in range(8)], [[1.0]] * 8)
    run = Run(Network(Dense(1, 1)), data, batch_size=2, validation=0.25).train(epochs=1)
    assert run.fork(2, without=[5]).ledger.header.parent.without == ("row 5",)  # type: ignore[union-attr]
    with pytest.raises(DataError) as caught:
        run.fork(2, without=[4])
    assert str(caught.value) == "without expects some of row 1, row 2, row 3, row 5, row 6, …, got 4"
    again = run.fork(2, without=[1]).fork(1, without=[2])
    assert again.ledger.header.row_names == ("row 3", "row 5", "row 6", "row 7")


@pytest.mark.parametrize("shuffle", [False, 3])
def test_long_training_without_some_rows_takes_the_fast_path_with_the_same_bits(shuffle: int | bool) -> None:
    def fork() -> Run:
        return parent(Adam(0.01), shuffle=shuffle, batch_size=3).fork(2, without=[2, 5])

    fast, readable = fork().train(batches=300), fork()
    for _ in range(300):
        readable.train(batches=1)
    assert fast.ledger.seal == readable.ledger.seal


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


def test_a_fork_records_the_names_of_the_rows_it_does_without_so_that_they_can_be_told_from_those_it_has() -> None:
    header = parent().fork(3, without=[4, 6]).ledger.header
    assert header.parent is not None
    assert header.parent.without == ("row 4", "row 6")
    twins = Dataset("twins", [1.0, 2.0, 3.0], [1.0, 0.0, 1.0], row_names=("Ann", "Ann", "Bob"))
    run = Run(Network(Dense(1, 1)), twins).train(batches=1)
    header = run.fork(1, without=[2, 3]).ledger.header
    assert header.parent is not None
    assert (header.row_names, header.parent.without) == (("Ann",), ("Ann (row 2)", "Bob"))


def test_a_name_that_several_rows_have_means_all_of_them() -> None:
    triplets = Dataset("triplets", [1.0, 2.0, 3.0, 4.0], [1.0, 0.0, 1.0, 0.0], row_names=("Ann", "Bob", "Ann", "Eve"))
    run = Run(Network(Dense(1, 1, weights=0.5)), triplets, batch_size=4).train(batches=1)
    fork = run.fork(1, without=["Ann"]).train(batches=1)
    header = fork.ledger.header
    assert header.parent is not None
    assert (header.row_names, header.parent.without) == (("Bob", "Eve"), ("Ann", "Ann"))
    assert fork.ledger.seal == run.fork(1, without=[1, 3]).train(batches=1).ledger.seal


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"shuffle": 3},
        {"batch_size": 1},
        {"batch_size": "all"},
        {"batch_size": 3},
        {"accumulate": 2, "batch_size": 2},
    ],
)
def test_a_saved_fork_without_some_rows_opens_and_is_intact(settings: dict[str, Any], tmp_path: Path) -> None:
    run = parent(Momentum(0.1, 0.5), **settings)
    for batch, without in ((1, [2]), (3, [1, 7]), (5, ["row 4"]), (8, [])):
        path = tmp_path / f"{batch}.piggy"
        fork = run.fork(batch, without=without, save=path).train(batches=8)
        opened = open_ledger(path)
        assert (opened.seal, opened.header.parent) == (fork.ledger.seal, fork.ledger.header.parent)
        assert audit(str(path), "strict", names=claims).findings == []


@pytest.mark.parametrize("shuffle", [False, 3])
def test_a_fork_without_any_row_that_was_still_to_come_begins_with_the_next_epoch(shuffle: Any, tmp_path: Path) -> None:
    run = parent(SGD(0.1), shuffle=shuffle)
    to_come = [row + 1 for row in (*run.ledger.batch(3).rows, *run.ledger.batch(4).rows)]
    fork = run.fork(3, without=to_come, save=tmp_path / "fork.piggy").train(epochs=1)
    names = run.ledger.header.row_names
    next_epoch = [names[row] for batch in (5, 6, 7, 8) for row in run_rows(run, batch) if row + 1 not in to_come]
    mine = [fork.ledger.header.row_names[row] for record in fork.ledger for row in record.rows]
    assert mine == next_epoch
    assert open_ledger(tmp_path / "fork.piggy").header.skip == 0


def run_rows(run: Run, batch: int) -> tuple[int, ...]:
    return tuple(run.ledger.batch(batch).rows)


def test_a_row_can_be_left_out_by_its_name() -> None:
    run = parent()
    named = run.fork(1, without=[run.ledger.header.row_names[2]])
    assert named.ledger.header.row_names == run.fork(1, without=[3]).ledger.header.row_names


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


def test_a_fork_is_saved_as_a_run_is_again_and_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run, path, synced, really = parent(), tmp_path / "fork.piggy", list[int](), os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (synced.append(handle), really(handle)))
    run.fork(3, save=path).train(batches=2)
    assert synced == []
    with pytest.raises(LedgerError, match=r"'fork\.piggy' is there already"):
        run.fork(3, save=path)
    again = run.fork(3, save=path, overwrite=True, durable=True).train(batches=3)
    assert len(synced) > 3
    assert open_ledger(path).seal == again.ledger.seal


def test_a_saved_fork_opens_and_is_intact(tmp_path: Path) -> None:
    path = tmp_path / "fork.piggy"
    fork = parent(Adam(0.1), shuffle=3).fork(7, save=path).train(batches=9)
    assert open_ledger(path).seal == fork.ledger.seal
    assert str(audit(str(path), "strict")).startswith("INTACT")


@pytest.mark.parametrize(("size", "without"), [(2, [3]), (3, [2, 5]), (3, [1, 2, 3]), (4, [2, 3, 6]), (1, [4])])
def test_the_beats_of_a_fork_without_some_rows_are_numbered_without_gaps(size: int, without: list[int]) -> None:
    for batch in (1, 2):
        fork = parent(batch_size=size).fork(batch, without=without).train(epochs=2)
        timeline, last = Timeline(fork.ledger.header), len(fork.ledger)
        found = [timeline.moment(beat) for beat in range(timeline.length(last))]
        wanted = [
            (record.epoch, record.batch, sample, phase, layer)
            for record in fork.ledger
            for sample in range(1, record.count + 1)
            for phase, layer in [("predict", 0), ("predict", 1), ("loss", 1), ("blame", 1), ("blame", 0), ("bank", 0)]
            + [("commit", 0)] * (sample == record.count)
        ]
        assert [(m.epoch, m.batch, m.sample, m.phase, m.layer) for m in found] == wanted
        assert [timeline.find(timeline.address(beat)) for beat in range(len(found))] == list(range(len(found)))


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
    with pytest.raises(DataError) as caught:
        build()
    assert all(part in str(caught.value) for part in parts), str(caught.value)


def test_a_fork_has_as_many_micro_batches_as_its_parent_was_made_of_unless_their_size_is_another() -> None:
    run = parent(SGD(0.1), accumulate=99, batch_size=2, batches=2)
    sizes = [run, run.fork(2), run.fork(2, without=[1, 2, 3]), run.fork(2, batch_size=1), run.fork(2, batch_size=3)]
    assert [made.ledger.header.accumulate for made in sizes] == [4, 4, 4, 7, 3]
    assert [made.ledger.header.micro_size for made in sizes] == [2, 2, 2, 1, 3]


def test_a_rule_without_a_learning_rate_has_none_to_change() -> None:
    still = Rule("still", ("adjustment = -0.5 * average", "after = before + adjustment"))
    with pytest.raises(DataError, match="the rule 'still' has no learning_rate to change; give rule=… instead"):
        parent(still).fork(2, learning_rate=0.1)


def test_rows_of_a_batch_to_come_are_known_where_rows_were_lifted_out() -> None:
    ledger = parent(batches=1, batch_size=3).fork(1, without=[2]).ledger
    assert [ledger.rows_of(batch) for batch in (1, 2, 3, 4)] == [(0, 1), (2, 3, 4), (5,), (0, 1)]


@pytest.mark.parametrize("shuffle", [False, 3])
def test_rows_of_a_batch_to_come_are_known_only_where_none_are_shuffled(shuffle: int | bool) -> None:
    ledger = parent(batches=1, shuffle=shuffle).ledger
    assert ledger.rows_of(4) == (() if shuffle else (6,))
    assert ledger.rows_of(1) == ledger.batch(1).rows
