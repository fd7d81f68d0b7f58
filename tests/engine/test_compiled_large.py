"""The fast path of a large run: sums on two threads, states that are kept now and then, interruptions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from fast_runs import BATCHES, equal_bits, same, wide

from piggybank import SGD, Dense, Network, Run, halves, training_fast


@pytest.mark.parametrize("processors", [1, 2])
def test_large_sums_have_the_same_bits_on_one_processor_and_on_two(
    processors: int, fast: Callable[[Run], Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(halves, "PROCESSORS", processors)
    run = fast(wide())
    assert run.ledger.kept_every > 1
    assert same(run, wide().train(batches=BATCHES))


@pytest.mark.parametrize(("inputs", "neurons"), [(1, 9), (40, 1)])
def test_large_sums_of_one_input_or_for_one_neuron_keep_their_order(
    inputs: int, neurons: int, wholly: Callable[[Run], Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(halves, "LARGE", 1)
    numbers = np.random.default_rng(6)
    data = numbers.standard_normal((50, inputs)), numbers.standard_normal((50, neurons))

    def run() -> Run:
        return Run(Network(Dense(inputs, neurons, "tanh", bias=False)), data, rule=SGD(0.01), batch_size="all")

    assert same(wholly(run()), run().train(batches=BATCHES))


def test_the_array_path_keeps_the_state_of_every_64th_batch_of_a_large_run(monkeypatch: pytest.MonkeyPatch) -> None:
    readable = wide().train(batches=66)
    monkeypatch.setattr(training_fast, "FROM", 0)
    run = wide()
    monkeypatch.setattr(run, "_one_batch", lambda batch: pytest.fail(f"batch {batch} takes the readable path"))
    run.train(batches=66)
    assert equal_bits(run.ledger.storage.state(64), readable.ledger.storage.state(64))
    assert same(run, readable)


def test_a_shuffled_large_run_trains_on_from_where_the_readable_path_was(
    fast: Callable[[Run], Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = fast(wide(shuffle=3).train(batches=2))
    monkeypatch.setattr(training_fast, "FROM", 1_000_000)
    assert same(run.train(batches=3), wide(shuffle=3).train(batches=BATCHES + 5))


def test_a_large_run_goes_on_where_an_interruption_left_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training_fast, "FROM", 0)
    for interrupted_at in range(1, 4):
        run = wide()
        with pytest.raises(KeyboardInterrupt):
            interrupt(run, interrupted_at, monkeypatch)
        run.train(batches=BATCHES - len(run.ledger))
        with monkeypatch.context() as patch:
            patch.setattr(training_fast, "FROM", 1_000_000)
            assert same(run, wide().train(batches=BATCHES))


def interrupt(run: Run, step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Interrupt the fast path while it computes its batch number `step`, after the state it leaves was begun."""
    path = run._fast.path
    made, calls = path._made, []

    def broken(count: int) -> Any:
        steps = made(count)
        whole = steps.step

        def step_and_break(*arguments: Any) -> None:
            calls.append(0)
            whole(*arguments)
            if len(calls) == step:
                path._states[1, ::2] = -1.0
                raise KeyboardInterrupt

        steps.step = step_and_break
        return steps

    with monkeypatch.context() as patch:
        patch.setattr(path, "_made", broken)
        try:
            run.train(batches=BATCHES)
        finally:
            path._steps.clear()
