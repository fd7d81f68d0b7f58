"""The fast paths give the readable engine's numbers, bit for bit, whatever the network, rule, loss and batch size."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from fast_runs import BATCHES, made, same

from piggybank import Cosine, Dense, Momentum, Network, Run, WarmUp, training_fast
from piggybank.arithmetic import SCALAR
from piggybank.engine import compiled
from piggybank.engine.array_steps import ArraySteps
from piggybank.engine.rule import Rule
from piggybank.engine.scalar_steps import ScalarSteps


@pytest.mark.parametrize("seed", range(40))
def test_straight_line_python_gives_the_readable_engines_bits(
    seed: int, fast: Callable[[Run], Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "SCALAR_LIMIT", 1_000_000)
    run = fast(made(seed)())
    assert run._fast.path._steps[run.ledger.header.count(1)] is not None
    assert same(run, made(seed)().train(batches=BATCHES, past_trouble=True))


def test_straight_line_python_carries_out_every_batch_of_a_rate_that_changes(
    fast: Callable[[Run], Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run() -> Run:
        rule = Momentum(0.1, schedule=[WarmUp(3), Cosine(4)])
        return Run(Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7), "xor", rule=rule, batch_size=2)

    taken = run()
    monkeypatch.setattr(taken, "_one_batch", lambda batch: pytest.fail(f"batch {batch} takes the readable path"))
    assert same(fast(taken), run().train(batches=BATCHES))
    assert isinstance(taken._fast.path._steps[2], ScalarSteps)


@pytest.mark.filterwarnings("error::RuntimeWarning")  # a call that numpy warns about is slow now, and none later
@pytest.mark.parametrize("seed", range(40))
def test_array_calls_give_the_readable_engines_bits(
    seed: int, fast: Callable[[Run], Run], wholly: Callable[[Run], Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "SCALAR_LIMIT", 0)
    run = made(seed)()
    header = run.ledger.header
    taken = "sum_of_averages" not in header.needs  # which the readable path has to itself
    (wholly if taken else fast)(run)
    assert isinstance(run._fast.path._steps[header.count(1)], ArraySteps) is taken
    assert same(run, made(seed)().train(batches=BATCHES, past_trouble=True))


@pytest.mark.parametrize("limit", [0, 1_000_000])
def test_of_equals_the_first_is_the_larger_and_of_all_a_nan_is_the_largest(
    limit: int, fast: Callable[[Run], Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "SCALAR_LIMIT", limit)
    lines = (
        "high = max(0 * before, 0)",
        "low = min(0, 0 * before)",
        "wide = before * 1e300 * 1e300",
        "top = largest(wide - wide)",
        "seen = top",
        "adjustment = 0 * average",
        "after = before + adjustment",
    )
    rule = Rule("compares", lines, {}, ("high", "low", "seen"))

    def run() -> Run:
        return Run(Network(Dense(2, 1, weights=[-1.0, 0.0], bias=False)), ([[1.0, 2.0]] * 2, [1.0, 2.0]), rule=rule)

    found = fast(run())
    kept = {name: parts[0].ravel().tolist() for name, parts in found.ledger.memory_at(1).items()}
    assert [np.signbit(kept[name]).tolist() for name in ("high", "low")] == [[True, False], [False, False]]
    assert np.isnan(kept["seen"]).all()
    assert same(found, run().train(batches=BATCHES, past_trouble=True))


@pytest.mark.parametrize("inputs", [1, 2])
@pytest.mark.parametrize("neurons", [1, 2])
@pytest.mark.parametrize("limit", [0, 1_000_000])
def test_a_sum_of_nothing_but_minus_zeros_is_plus_zero(
    inputs: int, neurons: int, limit: int, fast: Callable[[Run], Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "SCALAR_LIMIT", limit)
    lines = ("seen = total", "adjustment = -learning_rate * average", "after = before + adjustment")
    rule = Rule("remembers its bank", lines, {"learning_rate": 0.5}, ("seen",))
    weights, row = [[-1.0] * neurons, [1.0] * neurons], [0.0, -0.0]
    network = Network(Dense(inputs, neurons, weights=weights[:inputs], bias=False))
    run = fast(Run(network, ([row[:inputs]] * 2, [[1.0] * neurons] * 2), rule=rule, batch_size=2))
    found = (run.ledger.batch(1).outputs[0], run.ledger.memory_at(1)["seen"][0])
    assert [part.tolist() for part in found] == [[[0.0] * neurons] * 2, [[0.0] * neurons] * inputs]
    assert not any(np.signbit(part).any() for part in found)


@pytest.mark.parametrize(
    "line",
    ["scale = sqrt(friction)", "scale = max(friction, 1) * min(2, friction)", "scale = -friction * exp(learning_rate)"],
)
@pytest.mark.parametrize("limit", [0, 1_000_000])
def test_what_is_made_of_settings_alone_has_the_readable_engines_bits(
    line: str, limit: int, fast: Callable[[Run], Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "SCALAR_LIMIT", limit)
    lines = (line, "adjustment = -scale * average", "after = before + adjustment")
    rule = Rule("of settings", lines, {"learning_rate": 0.3, "friction": 0.7})

    def run() -> Run:
        return Run(Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7), "xor", rule=rule, batch_size=2)

    assert same(fast(run()), run().train(batches=BATCHES))


@pytest.mark.parametrize("limit", [0, 1_000_000])
def test_a_choice_and_a_largest_may_stand_at_the_beginning_of_a_sum_or_in_another_choice(
    limit: int, fast: Callable[[Run], Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "SCALAR_LIMIT", limit)
    lines = (
        "push = (1 if average > 0 else 2) + average",
        "top = largest(-push)",
        "bound = top + 1",
        "first = (3 if average < 0 else 4) if before > 0 else 5",
        "left = 6 if (0 if average > 0 else 7) > 1 else 8",
        "right = 9 if 1 > (10 if before > 0 else 0) else 11",
        "adjustment = -learning_rate * (push + bound + first + left + right)",
        "after = before + adjustment",
    )
    rule = Rule("pushes", lines, {"learning_rate": 0.125})

    def run() -> Run:
        return Run(Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7), "xor", rule=rule, batch_size=2)

    assert same(fast(run()), run().train(batches=BATCHES))


@pytest.mark.parametrize("function", SCALAR)
@pytest.mark.parametrize("limit", [0, 1_000_000])
def test_any_function_may_be_the_last_step_of_a_memory_or_of_the_new_weight(
    function: str, limit: int, fast: Callable[[Run], Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "SCALAR_LIMIT", limit)
    more = ", 0.5" if function in ("max", "min") else ""
    adjustment, after = "adjustment = -learning_rate * average", f"after = {function}(before + adjustment{more})"
    trend = f"trend = {function}(0.5 * trend + average{more})"
    for rule in (
        Rule("one step", (adjustment, after), {"learning_rate": 0.1}),
        Rule("a trend", (trend, adjustment, after), {"learning_rate": 0.1}, ("trend",)),
    ):

        def run(rule: Rule = rule) -> Run:
            return Run(Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7), "xor", rule=rule, batch_size=2)

        assert same(fast(run()), run().train(batches=BATCHES, past_trouble=True))


def test_training_goes_on_where_an_interruption_left_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training_fast, "FROM", 0)
    run = made(3)()
    storage, calls = type(run.ledger.storage), []
    recorded = storage.recorded

    def interrupted(self: Any, *given: Any) -> None:
        calls.append(0)
        if len(calls) == 4:
            raise KeyboardInterrupt
        recorded(self, *given)

    monkeypatch.setattr(storage, "recorded", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run.train(batches=BATCHES)
    assert len(run.ledger) == 3
    run.train(batches=BATCHES - 3)
    monkeypatch.setattr(training_fast, "FROM", 256)
    assert same(run, made(3)().train(batches=BATCHES))


def test_long_training_takes_the_fast_path_and_short_training_does_not() -> None:
    run = Run(Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7), "xor", batch_size=4)
    run.train(batches=5)
    assert run._fast.path._steps == {}
    run.train(batches=compiled.FROM)
    assert set(run._fast.path._steps) == {4}


def test_rows_of_large_data_are_taken_from_the_arrays(
    fast: Callable[[Run], Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "TABLE_LIMIT", 2)
    assert same(fast(made(5)()), made(5)().train(batches=BATCHES))
