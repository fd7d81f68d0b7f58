"""T8: random networks against exact fractions. Where every number is a float64, the run must give just that number."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from exact_runs import follow
from nets import one_weight

from piggybank import SGD, Dense, Momentum, Nesterov, Network, Rule, Run
from piggybank.ledger import bank

APPLES = ([[2.0]], [[3.0]])


Figure = Callable[[str, object], None]


def dyadic(numbers: random.Random, least: int = -8) -> float:
    return numbers.randint(least, 8) / 2 ** numbers.randint(0, 3)


def dyadic_rule(numbers: random.Random) -> Rule:
    """SGD, momentum or Nesterov, with the options of which every number stays dyadic."""
    options: dict[str, Any] = {"learning_rate": 2.0 ** -numbers.randint(2, 6)}
    if numbers.random() < 0.25:
        options["weight_decay"] = 2.0 ** -numbers.randint(1, 4)
    if numbers.random() < 0.25:
        options["clip_value"] = 2.0 ** numbers.randint(-2, 2)
    if numbers.random() < 0.2 and "clip_value" not in options:
        options["clip_norm"] = 2.0 ** numbers.randint(-2, 2)
    make: Callable[..., Rule] = numbers.choice([SGD, Momentum, Nesterov])
    return make(**options) if make is SGD else make(**options, friction=numbers.choice([0.25, 0.5, 0.75, 1.0]))


def dyadic_faults(rows: int, size: int, accumulate: int, reduce: str, has_bias: bool) -> list[str]:
    """The faults that can show in a run."""
    return [
        "forgot-to-empty",
        *(["sum-for-mean"] if reduce == "average" else []),
        *(["average-of-averages"] if reduce == "average" and accumulate > 1 else []),
        *(["bias-updated-per-input"] if has_bias else []),
        *(["stale-last-batch"] if rows % (size * accumulate) else []),
    ]


def dyadic_run(seed: int) -> Run:
    numbers = random.Random(seed)
    widths = [numbers.randint(1, 3) for _ in range(numbers.randint(2, 4))]
    leaky = numbers.random() < 0.2
    least = 0 if leaky else -8  # 0.01 × a number is seldom a float64: those networks mostly stay above 0
    layers = []
    for inputs, outputs in pairwise(widths):
        weights = [[dyadic(numbers, least) for _ in range(outputs)] for _ in range(inputs)]
        bias: Any = False if numbers.random() < 0.3 else [dyadic(numbers, least) for _ in range(outputs)]
        name = numbers.choice(["linear", "leaky relu" if leaky else "relu"])
        layers.append(Dense(inputs, outputs, name, weights=weights, bias=bias))
    rows, size, accumulate = numbers.choice(
        [(1, 1, 1), (4, 2, 1), (4, 4, 1), (5, 4, 1), (3, 1, 1), (4, 2, 2), (5, 2, 2)]
    )
    inputs = [[dyadic(numbers, least) for _ in range(widths[0])] for _ in range(rows)]
    targets = [[dyadic(numbers) for _ in range(widths[-1])] for _ in range(rows)]
    reduce = numbers.choice(["average", "total"])
    faults = dyadic_faults(rows, size, accumulate, reduce, any(layer.has_bias for layer in layers))
    return Run(
        Network(*layers),
        (inputs, targets),
        rule=dyadic_rule(numbers),
        loss=numbers.choice(["squared error", "squared error", "absolute error", "huber", "huber 0.5"]),
        batch_size=size,
        accumulate=accumulate,
        reduce=reduce,
        shuffle=seed if numbers.random() < 0.5 else False,
        fault=numbers.choice(faults) if numbers.random() < 0.4 else "",
    )


KINDS = {
    "SGD", "Momentum", "Nesterov", "weight_decay", "clip_value", "clip_norm", "average", "total", "accumulate 2",
    "squared error", "absolute error", "huber", "huber 0.5", "linear", "relu", "leaky relu", "3 outputs",
    "forgot-to-empty", "sum-for-mean", "average-of-averages", "bias-updated-per-input", "stale-last-batch",
}  # fmt: skip


def kinds(run: Run) -> set[str]:
    """What a run has that the oracle must have met, too."""
    header = run.ledger.header
    return {
        header.rule_name, header.loss_name, header.reduce, header.fault, f"accumulate {header.accumulate}",
        *(layer.activation for layer in header.layers), *header.constants, f"{len(header.target_names)} outputs",
    } - {""}  # fmt: skip


def test_2000_random_dyadic_nets_equal_exact_fractions(figure: Figure) -> None:
    results, met = [], Counter[str]()
    for seed in range(2000):
        run = dyadic_run(seed)
        results.append(follow(run, 3))
        if results[-1][0]:
            met.update(kinds(run))
    batches, compared, different = (sum(column) for column in zip(*results, strict=True))
    figure("T8 dyadic nets: nets, exact batches, numbers compared", f"{len(results)}, {batches}, {compared}")
    figure("T8 dyadic nets: bits different", different)
    assert different == 0
    assert sum(net[0] > 0 for net in results) > 1700  # the oracle is not idle
    assert met.keys() >= KINDS
    assert min(met.values()) >= 10, met


def test_the_oracle_notices_a_wrong_coin(monkeypatch: pytest.MonkeyPatch) -> None:
    right = bank.all_slices
    monkeypatch.setattr(bank, "all_slices", lambda *args: right(*args) * (1 + 2**-52))
    assert follow(one_weight(APPLES, 0.5, 0.125), 3)[2] > 0
