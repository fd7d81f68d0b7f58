"""Array calls: what they carry out wholly, and what they leave to another path, with the same bits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from fast_runs import BATCHES, equal_bits, made, same, shared_blame, wide

from piggybank import SGD, Dense, Network, Run, halves, ordered, training_fast
from piggybank.engine import array_steps, compiled
from piggybank.engine.array_steps import ArraySteps
from piggybank.engine.array_writer import UnsupportedError
from piggybank.engine.functions import ACTIVATIONS, Activation
from piggybank.engine.losses import LOSSES, Loss
from piggybank.engine.rule import Rule
from piggybank.formula import Formula
from piggybank.recipe import Recipe


@pytest.mark.filterwarnings("error::RuntimeWarning")
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


def test_a_losss_blame_may_use_the_sums_and_what_the_neurons_share() -> None:
    spelled_out, short = (shared_blame(*blame).train(batches=BATCHES) for blame in ((), ("a - t",)))
    assert same(spelled_out, short)


@pytest.mark.parametrize(("blame", "spelled_out"), [("0.5", "0.5 + 0 * a"), ("whole", "0 * a + whole")])
@pytest.mark.parametrize("limit", [0, 1_000_000])
def test_a_losss_blame_may_be_one_number_for_all_outputs(
    blame: str, spelled_out: str, limit: int, fast: Callable[[Run], Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "SCALAR_LIMIT", limit)
    readable = shared_blame(blame).train(batches=BATCHES)
    assert same(readable, shared_blame(spelled_out).train(batches=BATCHES))
    assert same(readable, fast(shared_blame(blame)))


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


@pytest.mark.parametrize("seed", range(12))
def test_where_einsum_fuses_multiply_and_add_array_calls_have_the_same_bits(
    seed: int, fast: Callable[[Run], Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "SCALAR_LIMIT", 0)
    for module in (array_steps, halves):
        monkeypatch.setattr(module, "sums_of_products", ordered.product_by_product)
    run = fast(made(seed)())
    assert isinstance(run._fast.path._steps[run.ledger.header.count(1)], ArraySteps)
    assert same(run, made(seed)().train(batches=BATCHES))


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
