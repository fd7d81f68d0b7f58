"""The rules against a second derivation in plain floats, and their options."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from nets import bits
from rule_runs import run_of

from piggybank import SGD, AdaGrad, Adam, AdamW, Momentum, Nesterov, RMSProp, Rule, Run, Step
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


def test_what_is_left_out_of_a_rule_is_what_the_papers_and_pytorch_take() -> None:
    assert (AdamW(0.1).constants["weight_decay"], Momentum(0.1).constants["friction"]) == (0.01, 0.9)
    assert RMSProp(0.1).constants == {"learning_rate": 0.1, "keep_square": 0.99, "epsilon": 1e-8}
    assert AdaGrad(0.1).constants["epsilon"] == 1e-10
    assert Adam(0.1).constants == {"learning_rate": 0.1, "keep_mean": 0.9, "keep_square": 0.999, "epsilon": 1e-8}
