"""Batches that array calls compute before they are recorded are recorded one by one, and only as far as they should."""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from fast_runs import BATCHES, same

from piggybank import SGD, Dense, Network, Run, open_ledger, training_fast
from piggybank.engine import compiled


@pytest.fixture(autouse=True)
def array_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    """From the first batch on, whatever the size."""
    monkeypatch.setattr(training_fast, "FROM", 0)
    monkeypatch.setattr(compiled, "SCALAR_LIMIT", 0)


def small(rate: float = 0.1, **settings: Any) -> Run:
    network = Network(Dense(2, 3, "tanh"), Dense(3, 2), seed=7)
    data = [[0, 1], [1, 0], [1, 1], [2, 1]], [[1, 0], [0, 1], [1, 1], [2, 0]]
    return Run(network, data, rule=SGD(rate), batch_size=2, **settings)


def readable(run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    with monkeypatch.context() as patch:
        patch.setattr(training_fast, "FROM", 1_000_000)
        return run.train(batches=BATCHES)


def after_steps(run: Run, then: Callable[[int], object]) -> None:
    """Does something after the computation of each batch; it is told how many there were."""
    path, made = run._fast.path, run._fast.path._made
    done = count(1)

    def watched(samples: int) -> Any:
        steps = made(samples)
        whole = steps.step

        def step(*arguments: Any) -> None:
            whole(*arguments)
            then(next(done))

        steps.step = step
        return steps

    path._made = watched  # type: ignore[method-assign]


def at(steps: set[int], error: type[BaseException]) -> Callable[[int], None]:
    def stop(step: int) -> None:
        if step in steps:
            raise error

    return stop


def test_several_batches_are_computed_before_the_first_is_written(tmp_path: Path) -> None:
    run, lengths = small(save=tmp_path / "run.piggy"), list[int]()
    after_steps(run, lambda step: lengths.append(len(run.ledger)))
    run.train(batches=BATCHES)
    assert (lengths, len(run.ledger)) == ([0] * BATCHES, BATCHES)


def test_as_many_are_computed_ahead_as_the_nearest_cache_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run, lengths = small(save=tmp_path / "run.piggy"), list[int]()
    header = run.ledger.header
    numbers = 2 * header.batch_size * 5 + (3 * 3 + 4 * 2)
    monkeypatch.setattr(compiled, "AHEAD", 8 * numbers * 3)
    after_steps(run, lambda step: lengths.append(len(run.ledger)))
    run.train(batches=BATCHES)
    assert lengths == [0, 0, 0, 3, 3, 3, 6]


def test_a_batch_larger_than_that_is_written_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "AHEAD", 1)
    run, lengths = small(save=tmp_path / "run.piggy"), list[int]()
    after_steps(run, lambda step: lengths.append(len(run.ledger)))
    assert same(run.train(batches=BATCHES), readable(small(), monkeypatch))
    assert lengths == [*range(BATCHES)]


@pytest.mark.parametrize("saved", [True, False])
def test_only_the_batch_that_array_calls_cannot_carry_out_is_left_to_the_readable_path(
    saved: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, left = small(save=tmp_path / "run.piggy" if saved else None), list[int]()
    after_steps(run, at({4, 5}, ArithmeticError))  # met again, it comes first
    one_batch = run._one_batch
    monkeypatch.setattr(run, "_one_batch", lambda batch: (left.append(batch), one_batch(batch)))
    assert same(run.train(batches=BATCHES), readable(small(), monkeypatch))
    assert left == [4]


def test_training_goes_on_where_an_interruption_left_it(monkeypatch: pytest.MonkeyPatch) -> None:
    run = small()
    after_steps(run, at({4}, KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        run.train(batches=BATCHES)
    assert len(run.ledger) == 3
    assert same(run.train(batches=BATCHES - 3), readable(small(), monkeypatch))


def test_a_file_goes_on_where_an_interruption_of_what_is_ahead_left_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "run.piggy"
    run = small(save=path)
    after_steps(run, at({4}, KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        run.train(batches=BATCHES)
    assert len(run.ledger) == len(open_ledger(path)) == 3
    run.train(batches=BATCHES - 3)
    whole = readable(small(), monkeypatch)
    assert same(run, whole)
    assert open_ledger(path).seal == whole.ledger.seal


def test_batches_computed_beyond_the_trouble_are_neither_recorded_nor_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "run.piggy"
    run = small(1e150, save=path)
    done = list[int]()
    after_steps(run, done.append)
    run.train(batches=BATCHES)
    trouble = run.trouble
    assert trouble is not None
    assert trouble.batch < len(done)
    assert len(run.ledger) == len(open_ledger(path)) == trouble.batch
    assert same(run, readable(small(1e150), monkeypatch))


def test_every_batch_reaches_the_file_by_a_call_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run, lines, write = small(save=tmp_path / "run.piggy"), list[bytes](), os.write
    monkeypatch.setattr(os, "write", lambda handle, line: (lines.append(bytes(line)), write(handle, line))[1])
    run.train(batches=BATCHES)
    assert [line.count(b"\n") for line in lines] == [1] * BATCHES
