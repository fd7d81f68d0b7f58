"""Forks without some rows: which coins are missing, which batches the others stay in, what is recorded."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from forks import parent
from nets import bits

from piggybank import SGD, Adam, DataError, Dataset, Dense, Network, Run, open_ledger
from piggybank.ledger.lines import Ref
from piggybank.stage.timeline import Timeline


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


def test_rows_of_a_batch_to_come_are_known_where_rows_were_lifted_out() -> None:
    ledger = parent(batches=1, batch_size=3).fork(1, without=[2]).ledger
    assert [ledger.rows_of(batch) for batch in (1, 2, 3, 4)] == [(0, 1), (2, 3, 4), (5,), (0, 1)]


@pytest.mark.parametrize("shuffle", [False, 3])
def test_rows_of_a_batch_to_come_are_known_only_where_none_are_shuffled(shuffle: int | bool) -> None:
    ledger = parent(batches=1, shuffle=shuffle).ledger
    assert ledger.rows_of(4) == (() if shuffle else (6,))
    assert ledger.rows_of(1) == ledger.batch(1).rows
