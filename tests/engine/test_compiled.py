"""The fast paths give the readable engine's numbers, bit for bit, whatever the network, rule, loss and batch size."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

from piggybank import (
    SGD,
    AdaGrad,
    Adam,
    AdamW,
    Cosine,
    DataError,
    Dense,
    Momentum,
    Nesterov,
    Network,
    RMSProp,
    Run,
    Step,
    WarmUp,
    training_fast,
)
from piggybank.engine import compiled, halves
from piggybank.engine.array_steps import ArraySteps
from piggybank.engine.faults import FAULTS
from piggybank.engine.functions import ACTIVATIONS
from piggybank.engine.losses import LOSSES
from piggybank.engine.rules import Rule
from piggybank.ledger.records import BatchRecord

Figure = Callable[[str, object], None]
BATCHES = 7
FANCY = Rule(
    "fancy",
    (
        "keep = 1 - friction",
        "squares = sum(average * average)",
        "clipped = average * min(1, limit / (sqrt(squares) + 1))",
        "savings = friction * savings + (clipped if clipped > 0 else -clipped)",
        "jar = max(jar, savings * savings) + keep",
        "adjustment = -learning_rate * clipped / (sqrt(jar) + abs(savings) * sign(before))",
        "after = before + adjustment",
    ),
    {"learning_rate": 0.05, "friction": 0.75, "limit": 0.3},
    ("savings", "jar"),
)
"""Every kind of line that a rule may have."""
RULES = (
    FANCY,
    SGD(0.5, clip_value=0.1, schedule=Step(2, 3)),
    SGD(-2.0),
    Momentum(1e-3, weight_decay=0.1, schedule=[WarmUp(3), Cosine(4)]),
    Nesterov(0.1, clip_norm=0.5),
    AdaGrad(0.1),
    RMSProp(0.01, weight_decay=0.01),
    Adam(0.1),
    AdamW(0.1, schedule=Cosine(3), clip_norm=1.0),
)


def made(seed: int) -> Callable[[], Run]:
    """A run of some shape, with data of many magnitudes and zeros of both signs."""
    pick = random.Random(seed)
    widths = [pick.choice((1, 2, 3, 4)) for _ in range(pick.choice((2, 3, 3, 4)))]
    rows, numbers = pick.choice((1, 3, 5, 9)), np.random.default_rng(seed)
    loss = pick.choice(sorted(LOSSES))
    needed = LOSSES[loss].needs
    hidden = [name for name in sorted(ACTIVATIONS) if not ACTIVATIONS[name].is_joint]
    names = [pick.choice(hidden) for _ in widths[1:]]
    names[-1] = needed or names[-1]
    widths[-1] = max(2, widths[-1]) if needed == "softmax" else widths[-1]
    inputs = numbers.standard_normal((rows, widths[0])) * 10.0 ** numbers.integers(-3, 3, (rows, widths[0]))
    inputs[numbers.random(inputs.shape) < 0.3] = -0.0
    targets = np.zeros((rows, widths[-1]))
    targets[np.arange(rows), numbers.integers(0, widths[-1], rows)] = 1.0
    biases = [None if pick.random() < 0.7 else False for _ in names]
    settings: dict[str, Any] = {
        "rule": pick.choice(RULES),
        "loss": loss,
        "batch_size": pick.choice((1, 2, 4, "all")),
        "reduce": pick.choice(("average", "total")),
        "shuffle": pick.choice((False, 7)),
    }
    settings["accumulate"] = 1 if settings["batch_size"] == "all" else pick.choice((1, 1, 2))
    layers = [(one, two, name, bias) for one, two, name, bias in zip(widths, widths[1:], names, biases, strict=False)]

    def run(fault: str = "") -> Run:
        network = Network(*(Dense(one, two, name, bias=bias) for one, two, name, bias in layers), seed=seed)
        return Run(network, (inputs, targets), fault=fault, **settings)

    for fault in pick.sample(sorted(FAULTS), 2):
        with contextlib.suppress(DataError):  # a fault that could not show with these settings
            run(fault)
            return partial(run, fault)
    return run


def numbers_of(record: BatchRecord) -> list[np.ndarray]:
    return [*record.outputs, *record.blame, *record.weights_after]


def same(one: Run, other: Run) -> bool:
    """Whether two ledgers hold the same bits, every NaN counting as one."""
    if len(one.ledger) != len(other.ledger):
        return False
    for a, b in zip(one.ledger, other.ledger, strict=True):
        pairs = list(zip(numbers_of(a), numbers_of(b), strict=True))
        if one.ledger.shared_memory_at(a.batch) != other.ledger.shared_memory_at(a.batch):
            return False
        memory = one.ledger.memory_at(a.batch), other.ledger.memory_at(a.batch)
        pairs += [pair for name in memory[0] for pair in zip(memory[0][name], memory[1][name], strict=True)]
        if a.rows != b.rows or not all(equal_bits(*pair) for pair in pairs):
            return False
    return True


def equal_bits(a: np.ndarray, b: np.ndarray) -> bool:
    one, two = (np.where(np.isnan(x), np.nan, x).view(np.int64) for x in (a, b))
    return bool(np.array_equal(one, two))


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> Callable[[Run], Run]:
    """Trains a run by the fast path from its first batch on."""

    def train(run: Run) -> Run:
        with monkeypatch.context() as patch:
            patch.setattr(training_fast, "FROM", 0)
            return run.train(batches=BATCHES, past_trouble=True)

    return train


@pytest.mark.parametrize("seed", range(40))
def test_straight_line_python_gives_the_readable_engines_bits(
    seed: int, fast: Callable[[Run], Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "SCALAR_LIMIT", 1_000_000)
    run = fast(made(seed)())
    assert run._fast.path._steps[run.ledger.header.count(1)] is not None
    assert same(run, made(seed)().train(batches=BATCHES, past_trouble=True))


@pytest.mark.parametrize("seed", range(40))
def test_array_calls_give_the_readable_engines_bits(
    seed: int, fast: Callable[[Run], Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "SCALAR_LIMIT", 0)
    run = fast(made(seed)())
    header = run.ledger.header
    taken = isinstance(run._fast.path._steps[header.count(1)], ArraySteps)
    assert taken is ("sum_of_averages" not in header.needs)  # which the readable path has to itself
    assert same(run, made(seed)().train(batches=BATCHES, past_trouble=True))


def test_a_batch_that_divides_by_zero_takes_the_readable_path(fast: Callable[[Run], Run]) -> None:
    lines = ("adjustment = -learning_rate * average / before", "after = before + adjustment")
    rule = Rule("by the weight", lines, {"learning_rate": 0.1})

    def zero() -> Run:
        return Run(Network(Dense(2, 1, weights=[0.0, 1.0])), "xor", rule=rule, batch_size=2)

    assert same(fast(zero()), zero().train(batches=BATCHES, past_trouble=True))


def test_numbers_that_overflow_are_recorded_as_the_readable_path_does(fast: Callable[[Run], Run]) -> None:
    def explosive() -> Run:
        network = Network(Dense(1, 2, "tanh"), Dense(2, 1, "relu"), seed=1)
        return Run(network, ([[1e200], [-3.0]], [[1e150], [1.0]]), rule=SGD(1e200), batch_size=1)

    run = fast(explosive())
    assert not np.isfinite(run.ledger.weights_at(BATCHES)[0]).all()
    assert same(run, explosive().train(batches=BATCHES, past_trouble=True))


def test_training_goes_on_where_an_interruption_left_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training_fast, "FROM", 0)
    run = made(3)()
    storage, calls = type(run.ledger.storage), []
    recorded = storage.recorded

    def interrupted(self: Any, state: Any = None) -> None:
        calls.append(0)
        if len(calls) == 4:
            raise KeyboardInterrupt
        recorded(self, state)

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


def wide(batch_size: int = 100, rule: Rule = FANCY, **settings: Any) -> Run:
    """A network of more weights than a ledger keeps of every batch, with sums large enough for two threads."""
    numbers = np.random.default_rng(4)
    data = numbers.standard_normal((250, 40)), numbers.standard_normal((250, 3))
    network = Network(Dense(40, 130, "relu"), Dense(130, 3, "tanh"), seed=2)
    return Run(network, data, rule=rule, batch_size=batch_size, **settings)


@pytest.mark.parametrize("processors", [1, 2])
def test_large_sums_have_the_same_bits_on_one_processor_and_on_two(
    processors: int, fast: Callable[[Run], Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(halves, "PROCESSORS", processors)
    run = fast(wide())
    assert run.ledger.kept_every > 1
    assert same(run, wide().train(batches=BATCHES))


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
