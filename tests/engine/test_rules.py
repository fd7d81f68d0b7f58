"""The rules against a second derivation in plain floats, their options, and what is refused."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from nets import bits

from piggybank import (
    SGD,
    AdaGrad,
    Adam,
    AdamW,
    Constant,
    Cosine,
    DataError,
    Dense,
    Momentum,
    Nesterov,
    Network,
    RMSProp,
    Rule,
    Run,
    Schedule,
    Step,
    WarmUp,
)
from piggybank.engine.faults import FAULTS
from piggybank.ledger import bank

Figure = Callable[[str, object], None]
Kept = dict[str, float]


class Weights:
    """All weights of a run as floats, with what a rule keeps of each, moved commit by commit in plain Python."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.values = [x for matrix in run.ledger.header.initial for x in matrix.ravel().tolist()]
        self.kept: list[Kept] = [dict[str, float]() for _ in self.values]

    def commit(self, batch: int, step: Callable[[float, float, Kept, int], float], prepare: Any) -> None:
        header, record = self.run.ledger.header, self.run.ledger.batch(batch)
        coins = []
        for layer in range(len(header.layers)):
            slices = [bank.all_slices(header, record, layer, s + 1).ravel().tolist() for s in range(record.count)]
            coins += [list(of_weight) for of_weight in zip(*slices, strict=True)]
        averages = []
        for of_weight in coins:
            total = 0.0
            for coin in of_weight:
                total = total + coin
            averages.append(total / len(of_weight))
        averages = prepare(averages, self.values)
        pairs = zip(averages, self.values, self.kept, strict=True)
        self.values = [step(average, weight, kept, batch) for average, weight, kept in pairs]


def sgd(rate: float) -> Any:
    return lambda g, w, kept, t: w + -rate * g


def momentum(rate: float, friction: float, nesterov: bool = False) -> Any:
    def step(g: float, w: float, kept: Kept, t: int) -> float:
        kept["v"] = friction * kept.get("v", 0.0) + g
        return w + -rate * (g + friction * kept["v"] if nesterov else kept["v"])

    return step


def squares(rate: float, epsilon: float, keep: float | None) -> Any:
    def step(g: float, w: float, kept: Kept, t: int) -> float:
        old, new = kept.get("s", 0.0), g * g
        kept["s"] = old + new if keep is None else keep * old + (1 - keep) * new
        return w + -rate * g / (math.sqrt(kept["s"]) + epsilon)

    return step


def adam(rate: float, beta1: float, beta2: float, epsilon: float, decay: float = 0.0) -> Any:
    def step(g: float, w: float, kept: Kept, t: int) -> float:
        kept["m"] = beta1 * kept.get("m", 0.0) + (1 - beta1) * g
        kept["s"] = beta2 * kept.get("s", 0.0) + (1 - beta2) * (g * g)
        kept["fm"] = beta1 * kept.get("fm", 0.0) + (1 - beta1)
        kept["fs"] = beta2 * kept.get("fs", 0.0) + (1 - beta2)
        move = -rate * (kept["m"] / kept["fm"]) / (math.sqrt(kept["s"] / kept["fs"]) + epsilon)
        return w + (-rate * decay * w + move if decay else move)

    return step


def as_it_is(averages: list[float], weights: list[float]) -> list[float]:
    return averages


def coupled(decay: float, before: Any = as_it_is) -> Any:
    return lambda g, w: [a + decay * b for a, b in zip(before(g, w), w, strict=True)]


def by_value(limit: float) -> Any:
    return lambda g, w: [min(max(a, -limit), limit) for a in g]


def by_norm(limit: float) -> Any:
    def prepare(averages: list[float], weights: list[float]) -> list[float]:
        total = 0.0
        for average in averages:
            total = total + average * average
        shrink = min(1.0, limit / math.sqrt(total))
        return [average * shrink for average in averages]

    return prepare


RULES: dict[str, tuple[Rule, Any, Any]] = {
    "SGD": (SGD(0.3), sgd(0.3), as_it_is),
    "SGD, weight decay": (SGD(0.3, weight_decay=0.01), sgd(0.3), coupled(0.01)),
    "SGD, clipped by value": (SGD(0.3, clip_value=0.05), sgd(0.3), by_value(0.05)),
    "SGD, clipped by norm": (SGD(0.3, clip_norm=0.1), sgd(0.3), by_norm(0.1)),
    "Momentum": (Momentum(0.1, 0.7), momentum(0.1, 0.7), as_it_is),
    "Nesterov": (Nesterov(0.1, 0.7), momentum(0.1, 0.7, nesterov=True), as_it_is),
    "AdaGrad": (AdaGrad(0.3), squares(0.3, 1e-10, None), as_it_is),
    "RMSProp": (RMSProp(0.03, 0.9), squares(0.03, 1e-8, 0.9), as_it_is),
    "Adam": (Adam(0.05), adam(0.05, 0.9, 0.999, 1e-8), as_it_is),
    "Adam, all options": (
        Adam(0.05, 0.8, 0.95, epsilon=0.1, weight_decay=0.02, clip_norm=0.2),
        adam(0.05, 0.8, 0.95, 0.1),
        coupled(0.02, by_norm(0.2)),
    ),
    "AdamW": (AdamW(0.05, weight_decay=0.1), adam(0.05, 0.9, 0.999, 1e-8, 0.1), as_it_is),
}


def run_of(rule: Rule, **settings: Any) -> Run:
    return Run(Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7), "xor", rule=rule, batch_size=3, **settings)


@pytest.mark.parametrize("name", RULES)
def test_a_rule_moves_every_weight_to_the_bits_of_its_textbook_formula(name: str, figure: Figure) -> None:
    rule, step, prepare = RULES[name]
    run = run_of(rule).train(batches=24)
    weights = Weights(run)
    for batch in range(1, 25):
        weights.commit(batch, step, prepare)
        after = [x for matrix in run.ledger.weights_at(batch) for x in matrix.ravel().tolist()]
        assert bits(after) == bits(weights.values), batch
    figure(f"T6 rules, {name}: weights compared, bits different", f"{24 * len(weights.values)}, 0")


def test_the_textbook_comparison_notices_an_epsilon_inside_the_root() -> None:
    run = run_of(Adam(0.05, epsilon=1e-3), fault="epsilon-inside-root").train(batches=3)
    weights = Weights(run)
    for batch in range(1, 4):
        weights.commit(batch, adam(0.05, 0.9, 0.999, 1e-3), as_it_is)
    after = [x for matrix in run.ledger.weights_at(3) for x in matrix.ravel().tolist()]
    assert bits(after) != bits(weights.values)


@pytest.mark.parametrize(
    "rule", [Adam(0.05, clip_norm=0.1), Momentum(0.05, schedule=Step(3)), AdamW(0.1, clip_value=1)]
)
def test_a_run_reduced_by_total_puts_the_total_in_the_averages_place(rule: Rule) -> None:
    average = run_of(rule).ledger.header.recipe.text
    total = run_of(rule, reduce="total").ledger.header.recipe.text
    assert average[0] == "average = total / count"
    assert list(total) == [line.replace("average", "total") for line in average[1:]]


def test_a_coin_that_is_not_a_number_stays_one_when_it_is_clipped() -> None:
    recipe = SGD(1.0, clip_value=0.5).recipe("average")
    for coin, clipped in ((math.nan, math.nan), (math.inf, 0.5), (-math.inf, -0.5), (0.25, 0.25)):
        values = {"total": coin, "count": 1.0, "before": 0.0, "learning_rate": 1.0, "clip_value": 0.5}
        assert bits(recipe.on_floats(values)["clipped"]) == bits(clipped)


# Schedules ------------------------------------------------------------------------------------------------------------


def rates(schedule: Any, batches: int = 8, rate: float = 0.5) -> list[float]:
    """With four commits an epoch."""
    run = Run(Network(Dense(2, 1)), "xor", rule=SGD(rate, schedule=schedule)).train(batches=batches)
    return [run.ledger.learning_rate_at(batch) for batch in range(1, batches + 1)]


def test_a_constant_schedule_is_no_schedule() -> None:
    assert rates(Constant()) == rates(None) == [0.5] * 8
    assert run_of(SGD(0.5, schedule=Constant())).ledger.header.schedule.lines == ()


def test_a_step_halves_the_rate_from_its_epochs_on() -> None:
    assert rates(Step(2, 4), 16) == [0.5] * 4 + [0.25] * 8 + [0.125] * 4


def test_a_warm_up_rises_in_equal_steps_to_the_whole_rate() -> None:
    assert rates(WarmUp(4)) == [0.125, 0.25, 0.375, 0.5, 0.5, 0.5, 0.5, 0.5]


def test_a_cosine_goes_down_over_its_epochs_and_stays_at_its_lowest() -> None:
    found = rates(Cosine(epochs=1, lowest=0.25), 6)
    for commit, rate in enumerate(found[:4]):
        expected = 0.5 * (0.25 + 0.75 * ((1 + math.cos(math.pi * commit / 4)) / 2))
        assert abs(rate - expected) < 1e-15
    assert found[4:] == [0.125, 0.125]


def test_schedules_multiply_and_the_rate_used_is_the_rate_recorded() -> None:
    schedule = [WarmUp(2), Step(2), Schedule("fading", ("fading = 1 / commit",))]
    assert rates(schedule, 5) == [0.25, 0.25, 0.5 / 3, 0.125, 0.05]
    run = run_of(SGD(0.5, schedule=schedule)).train(batches=5)
    for batch in range(1, 6):
        record, rate = run.ledger.batch(batch), run.ledger.learning_rate_at(batch)
        total = bank.totals(run.ledger.header, record, 1)
        expected = record.weights_before[1] + -rate * (total / record.count)
        assert bits(record.weights_after[1]) == bits(expected)


def test_a_rule_without_a_learning_rate_has_none() -> None:
    lines = ("adjustment = -0.5 * average", "after = before + adjustment")
    assert math.isnan(run_of(Rule("half", lines)).train(batches=1).ledger.learning_rate_at(1))


# Accumulation and faults ----------------------------------------------------------------------------------------------

FOUR = ([[1.0]] * 4, [[3.0], [6.0], [3.0], [-4.0]])
SIX = ([[1.0]] * 6, [[4.0], [4.0], [4.0], [4.0], [8.0], [8.0]])


def one_weight(data: Any, weight: float, rule: Rule, **settings: Any) -> Run:
    return Run(Network(Dense(1, 1, weights=weight, bias=False)), data, rule=rule, **settings)


def walk(run: Run, batches: int) -> list[float]:
    run.train(batches=batches)
    return [run.ledger.weights_at(batch)[0].item() for batch in range(batches + 1)]


@pytest.mark.parametrize(
    ("size", "accumulate", "parts"), [(3, 2, 2), (2, 2, 2), (1, 4, 4), (3, 4, 2), (1, 9, 4), (4, 2, 1), (9, 10**9, 1)]
)
def test_micro_batches_average_over_all_their_samples_however_they_are_cut(
    size: int, accumulate: int, parts: int
) -> None:
    """And a commit has no more of them than the rows fill, as a batch has no more samples than there are rows."""
    run = one_weight(FOUR, 0.0, SGD(1.0), batch_size=size, accumulate=accumulate)
    assert walk(run, 2) == walk(one_weight(FOUR, 0.0, SGD(1.0), batch_size=4), 2)
    header = run.ledger.header
    size = min(size, 4)
    assert (header.batch_size, header.accumulate, header.micro_size) == (size * parts, parts, size)
    assert [record.count for record in run.ledger] == [4, 4]


def test_the_average_of_averages_is_another_number_when_the_parts_differ_in_size() -> None:
    """Lesson 7: (-4 + 4) / 2 = 0, no move at all, where the true average is -2; 2 + 2 is right by luck."""
    fault = {"fault": "average-of-averages"}
    assert walk(one_weight(FOUR, 0.0, SGD(1.0), batch_size=3, accumulate=2, **fault), 1) == [0, 0]
    assert walk(one_weight(FOUR, 0.0, SGD(1.0), batch_size=2, accumulate=2, **fault), 1) == [0, 2]
    assert walk(one_weight(FOUR, 0.0, SGD(1.0), batch_size=3, accumulate=2), 1) == [0, 2]


def test_a_bank_that_nobody_emptied_is_momentum_with_friction_1() -> None:
    """Lesson 6's table."""
    wanted = [0.5, 1, 1.75, 2.375, 2.5625, 2.21875, 1.515625, 0.8046875]
    assert walk(one_weight("one coin", 0.5, SGD(0.125), fault="forgot-to-empty"), 7) == wanted
    assert walk(one_weight("one coin", 0.5, Momentum(0.125, 1.0)), 7) == wanted


def test_the_sum_for_the_mean_is_the_average_times_the_count() -> None:
    assert walk(one_weight(FOUR, 0.0, SGD(0.25), batch_size=4, fault="sum-for-mean"), 1) == [0, 2]


def test_a_stale_last_batch_moves_nothing_and_its_coins_come_with_the_next() -> None:
    run = one_weight(SIX, 0.0, SGD(0.5), batch_size=4, fault="stale-last-batch")
    walked = walk(run, 3)  # coins -4 -4 -4 -4, then -6 -6 at w = 2, then -2 -2 -2 -2
    assert walked == [0, 2, 2, 2 + 0.5 * 20 / 6]
    assert [run.ledger.shared_memory_at(batch)["left_count"] for batch in range(4)] == [0, 0, 2, 0]
    assert [run.ledger.memory_at(batch)["left"][0].item() for batch in range(4)] == [0, 0, -12, 0]


def test_a_stale_last_batch_leaves_the_rules_memory_alone() -> None:
    run = one_weight(SIX, 0.0, Momentum(0.5, 0.5), batch_size=4, fault="stale-last-batch").train(batches=2)
    assert run.ledger.memory_at(1)["savings"][0] == run.ledger.memory_at(2)["savings"][0] == -4


def test_a_bias_updated_per_input_moves_so_many_times_too_far() -> None:
    right, wrong = (run_of(SGD(0.1), **more).train(batches=1) for more in ({}, {"fault": "bias-updated-per-input"}))
    for layer, inputs in enumerate((2, 3)):
        before, after, faulty = (
            run.ledger.weights_at(batch)[layer] for run, batch in ((right, 0), (right, 1), (wrong, 1))
        )
        once = right.ledger.commit_at(1)["adjustment"]
        assert bits(after[:-1]) == bits(faulty[:-1])
        tail = once[:9][-3:] if layer == 0 else once[-1:]
        assert bits(faulty[-1]) == bits(before[-1] + inputs * tail)


def test_every_fault_is_declared_and_its_recipe_is_not_the_right_one() -> None:
    for fault in FAULTS:
        settings: dict[str, Any] = {"accumulate": 2, "fault": fault}
        data = (SIX[0][:5], SIX[1][:5])
        network = Network(Dense(1, 1))
        run = Run(network, data, rule=Adam(0.1), batch_size=2, **settings).train(batches=3)
        right = Run(network, data, rule=Adam(0.1), batch_size=2, accumulate=2)
        assert run.ledger.header.fault == fault
        assert run.ledger.header.recipe.text != right.ledger.header.recipe.text
        for weight in run.ledger.header.weights:
            receipt = run.ledger.receipt(weight.name, batch=3)
            assert bits(eval(receipt.python(), {"math": math})) == bits(receipt.value)


# Refusals -------------------------------------------------------------------------------------------------------------


def refusals() -> Iterator[tuple[Callable[[], object], list[str]]]:
    after = "after = before + adjustment"
    yield lambda: Momentum(0.1, friction=1.5), ["friction", "from 0 to 1", "got 1.5"]
    yield lambda: Adam(0.1, keep_mean=-0.1), ["keep_mean", "from 0 to 1", "got -0.1"]
    yield lambda: Adam(0.1, epsilon=-1.0), ["epsilon", "0 or more", "got -1.0"]
    yield lambda: SGD(0.1, weight_decay=-1.0), ["weight_decay", "0 or more"]
    yield lambda: SGD(0.1, clip_norm=math.nan), ["clip_norm", "finite", "got nan"]
    yield lambda: SGD(0.1, clip_norm=1.0, clip_value=1.0), ["clip_value or by clip_norm", "got both"]
    yield lambda: SGD(0.1, schedule=0.5), ["schedule", "got 0.5", "try Cosine(epochs=10)"]  # type: ignore[arg-type]
    yield lambda: SGD(0.1, schedule=[Step(2), Step(3)]), ["two schedules", "'step"]
    yield lambda: Step(), ["Step expects epochs", "got ()"]
    yield lambda: Step(20, 10), ["in order", "got (20, 10)"]
    yield lambda: Step(10, 10), ["in order", "got (10, 10)"]
    yield (
        lambda: SGD(0.1, schedule=Schedule("learning_rate", ("learning_rate = 1 / epoch",))),
        ["two schedules", "'learning_rate'"],
    )
    yield lambda: Step(1), ["from 2"]
    yield lambda: Cosine(0), ["whole number of epochs", "got 0", "try Cosine(10)"]
    yield lambda: Cosine(5, lowest=2.0), ["lowest", "from 0 to 1"]
    yield lambda: WarmUp(2.5), ["whole number of commits", "got 2.5"]  # type: ignore[arg-type]
    yield lambda: Schedule("x", ("x = 1 / epohc + zzz",)), ["'epohc'", "did you mean 'epoch'?"]
    yield lambda: Rule("r", ("adjustment = avrage + zzz", after)), ["'avrage'", "did you mean 'average'?"]
    yield lambda: Schedule("x", ("y = 1",)), ["never says what it is", "'x = 1 / epoch'"]
    yield lambda: Rule("r", ("adjustment = -0.1 * average", "average = 1", after)), ["says twice what 'average' is"]
    yield lambda: Rule("r", ("a = 1", "a = 2", "adjustment = a", after)), ["says twice what 'a' is"]
    yield lambda: Rule("r", ("adjustment = 0", after), {"count": 3.0}), ["two meanings for 'count'"]
    yield lambda: Rule("r", ("adjustment = 0", after), schedule=Step(2)), ["schedule but no learning_rate"]
    yield lambda: Rule("r", ("adjustment = 0", after), {}, (), ("fill",)), ["never says what 'fill' becomes"]
    yield lambda: run_of(SGD(0.1), accumulate=0), ["accumulate", "at least 1", "got 0", "accumulate=2"]
    yield lambda: Run(Network(Dense(2, 1)), "xor", batch_size="all", accumulate=2), ["got batch_size='all'"]
    yield lambda: run_of(SGD(0.1), fault="forgot"), ["no fault called 'forgot'", "'forgot-to-empty'"]
    yield lambda: run_of(SGD(0.1), fault="epsilon-inside-root"), ["sqrt(…) + epsilon", "try rule=Adam(0.1)"]
    yield lambda: run_of(SGD(0.1), fault="average-of-averages"), ["micro-batches", "accumulate=2"]
    yield lambda: run_of(SGD(0.1), reduce="total", fault="sum-for-mean"), ["reduce='total' adds up anyway"]
    yield lambda: one_weight(FOUR, 0.0, SGD(0.1), batch_size=2, fault="stale-last-batch"), ["shorter than the others"]
    yield lambda: one_weight(FOUR, 0.0, SGD(0.1), fault="bias-updated-per-input"), ["a layer with a bias"]
    bank_line = ("bank = bank + average", "adjustment = -bank", after)
    yield lambda: run_of(Rule("r", bank_line, {}, ("bank",)), fault="forgot-to-empty"), ["the name 'bank'", "rename"]


@pytest.mark.parametrize(("build", "parts"), list(refusals()))
def test_a_rule_that_cannot_be_is_refused_in_one_sentence(build: Callable[[], object], parts: list[str]) -> None:
    with pytest.raises(DataError) as caught:
        build()
    message = str(caught.value)
    assert "\n" not in message
    assert all(part in message for part in parts), message


def test_what_is_left_out_of_a_rule_is_what_the_papers_and_pytorch_take() -> None:
    assert (AdamW(0.1).constants["weight_decay"], Momentum(0.1).constants["friction"]) == (0.01, 0.9)
    assert RMSProp(0.1).constants == {"learning_rate": 0.1, "keep_square": 0.99, "epsilon": 1e-8}
    assert AdaGrad(0.1).constants["epsilon"] == 1e-10
    assert Adam(0.1).constants == {"learning_rate": 0.1, "keep_mean": 0.9, "keep_square": 0.999, "epsilon": 1e-8}
