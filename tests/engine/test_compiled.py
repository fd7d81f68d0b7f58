"""The fast paths give the readable engine's numbers, bit for bit, whatever the network, rule, loss and batch size."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from dataclasses import replace
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
from piggybank.arithmetic import SCALAR
from piggybank.engine import array_steps, compiled, halves
from piggybank.engine.array_steps import ArraySteps
from piggybank.engine.array_writer import UnsupportedError
from piggybank.engine.faults import FAULTS
from piggybank.engine.functions import ACTIVATIONS, Activation
from piggybank.engine.losses import LOSSES, Loss
from piggybank.engine.rules import Rule
from piggybank.engine.scalar_steps import ScalarSteps
from piggybank.formula import Formula
from piggybank.ledger.records import BatchRecord
from piggybank.recipe import Recipe

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


@pytest.fixture
def wholly(fast: Callable[[Run], Run], monkeypatch: pytest.MonkeyPatch) -> Callable[[Run], Run]:
    """The same, where array calls have to carry out every batch: none is left to the readable path."""

    def train(run: Run) -> Run:
        with monkeypatch.context() as patch:
            patch.setattr(compiled, "SCALAR_LIMIT", 0)
            patch.setattr(run, "_one_batch", lambda batch: pytest.fail(f"batch {batch} takes the readable path"))
            return fast(run)

    return train


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


@pytest.mark.filterwarnings("error")  # a call that numpy warns about is slow now, and none later
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


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("neurons", [2, 4, 5, 9])
@pytest.mark.parametrize("batch_size", [1, 3])
def test_array_calls_carry_out_a_softmax_of_few_neurons_and_of_many(
    neurons: int, batch_size: int, wholly: Callable[[Run], Run]
) -> None:
    """A row of zeros gives equal sums of 0, the largest of which are looked at once more."""
    numbers = np.random.default_rng(neurons)
    inputs = np.vstack([np.zeros(3), numbers.standard_normal((4, 3))])

    def classes() -> Run:
        network = Network(Dense(3, neurons, "softmax", bias=False), seed=1)
        return Run(network, (inputs, np.eye(neurons)[[0, 1, 1, 0, 1]]), loss="cross-entropy", batch_size=batch_size)

    assert same(wholly(classes()), classes().train(batches=BATCHES))


def test_the_largest_of_zeros_of_both_signs_is_the_first(wholly: Callable[[Run], Run]) -> None:
    lines = (
        "top = largest(0 * before)",
        "seen = top + top",
        "adjustment = -learning_rate * average",
        "after = before + adjustment",
    )
    rule = Rule("watches its zeros", lines, {"learning_rate": 0.125}, ("seen",))
    signs = set()
    for weights in ([1.0, -1.0, 2.0], [-1.0, 1.0, 2.0]):

        def zeros(weights: list[float] = weights) -> Run:
            network = Network(Dense(3, 1, weights=weights, bias=False))
            return Run(network, ([[1.0, 0.0, 2.0], [0.0, 1.0, 0.0]], [1.0, 2.0]), rule=rule, batch_size=2)

        run = wholly(zeros())
        assert same(run, zeros().train(batches=BATCHES))
        signs.add(bool(np.signbit(run.ledger.memory_at(1)["seen"][0][0, 0])))
    assert signs == {False, True}


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


def test_array_calls_carry_out_a_choice_beside_what_a_few_neurons_share(
    wholly: Callable[[Run], Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    """numpy has no choice that writes into a buffer, so that one side of the difference is no row of any buffer."""
    value = Formula("(z if z > 0 else 0.5 * z) - top")
    joint = Activation("below the top", value, Formula("1"), Recipe.of(("top = largest(z)",)))
    monkeypatch.setitem(ACTIVATIONS, joint.name, joint)
    loss = Loss("by the output", LOSSES["squared error"].value, Formula("a - t"), needs=joint.name)

    def run() -> Run:
        data = np.random.default_rng(3).standard_normal((4, 5))
        return Run(Network(Dense(2, 3, joint.name), seed=2), (data[:, :2], data[:, 2:]), loss=loss, batch_size=4)

    assert same(wholly(run()), run().train(batches=BATCHES))


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


# What array calls leave to the readable path --------------------------------------------------------------------------


def shared_blame(blame: str = "exp(z - top) / whole - t") -> Run:
    """A loss whose blame is written with what a softmax's neurons share."""
    loss = Loss("spelled out", LOSSES["cross-entropy"].value, Formula(blame), needs="softmax")
    classes = np.eye(3)[[0, 1, 2, 1]]
    return Run(Network(Dense(2, 3, "softmax"), seed=1), ([[0, 1], [1, 0], [1, 1], [0, 0]], classes), loss=loss)


def test_a_losss_blame_may_use_the_sums_and_what_the_neurons_share() -> None:
    spelled_out, short = (shared_blame(*blame).train(batches=BATCHES) for blame in ((), ("a - t",)))
    assert same(spelled_out, short)


def same_everywhere() -> Run:
    """A rule that adds up what is the same for every weight."""
    lines = ("many = sum(count)", "adjustment = -learning_rate * total / many", "after = before + adjustment")
    rule = Rule("counts", lines, {"learning_rate": 0.125})
    return Run(Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7), "xor", rule=rule, batch_size=2)


@pytest.mark.parametrize("make", [shared_blame, same_everywhere])
@pytest.mark.parametrize("limit", [0, 1_000_000])
def test_what_array_calls_cannot_carry_out_has_the_same_bits_on_another_path(
    make: Callable[[], Run], limit: int, fast: Callable[[Run], Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "SCALAR_LIMIT", limit)
    run = fast(make())
    assert (run._fast.path._steps[run.ledger.header.count(1)] is None) is (limit == 0)
    assert same(run, make().train(batches=BATCHES))


def test_where_einsum_adds_in_another_order_no_array_calls_are_written(
    fast: Callable[[Run], Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "SCALAR_LIMIT", 0)
    monkeypatch.setattr(array_steps, "EINSUM_KEEPS_ORDER", False)
    run = fast(made(5)())
    assert set(run._fast.path._steps.values()) == {None}
    assert same(run, made(5)().train(batches=BATCHES))


def test_no_array_calls_are_written_for_blame_through_neurons_that_share_lines() -> None:
    """A softmax's slope is only a neuron's own part, so its blame has to come from the loss as a whole."""
    task = replace(training_fast.task_of(shared_blame().ledger.header), fused=False)
    with pytest.raises(UnsupportedError, match="neurons share lines"):
        ArraySteps(task, 1, np.zeros(task.state))


def test_a_few_weights_whose_formulas_are_long_take_array_calls(fast: Callable[[Run], Run]) -> None:
    def long() -> Run:
        data = np.linspace(-1, 1, 20).reshape(20, 1), np.linspace(1, -1, 20).reshape(20, 1)
        return Run(Network(Dense(1, 4, "gelu"), Dense(4, 1, "tanh"), seed=1), data, batch_size=20)

    run = fast(long())
    header = run.ledger.header
    assert 4 * len(header.weights) * 20 <= compiled.SCALAR_LIMIT
    assert isinstance(run._fast.path._steps[20], ArraySteps)
    assert same(run, long().train(batches=BATCHES))


def test_the_array_path_gives_no_state_but_that_of_its_last_batch(fast: Callable[[Run], Run]) -> None:
    run = fast(wide())
    weights = np.concatenate([part.ravel() for part in run.ledger.weights_at(BATCHES)])
    assert equal_bits(run._fast.path.state(BATCHES)[: len(weights)], weights)
    taken, new = run._fast.path, wide()._fast.path
    for path, batch in ((taken, 0), (taken, BATCHES - 1), (taken, BATCHES + 1), (new, 0)):
        with pytest.raises(KeyError):
            path.state(batch)


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
