"""Random runs, so many that nothing is left out: shapes, activations, losses, rules, settings, forks, faults."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from piggybank import Dense, Network, Run
from piggybank.engine.data import DataError
from piggybank.engine.faults import FAULTS
from piggybank.engine.functions import ACTIVATIONS
from piggybank.engine.losses import LOSSES
from piggybank.engine.rule import Rule
from piggybank.engine.rules import SGD, AdaGrad, Adam, AdamW, Momentum, Nesterov, RMSProp
from piggybank.engine.schedules import Constant, Cosine, Step, WarmUp


def dyadic(numbers: random.Random) -> float:
    return numbers.randint(-12, 12) / 2 ** numbers.randint(0, 4)


def rate(numbers: random.Random) -> float:
    return numbers.choice([0.5, 0.125, 0.1, 0.003, 2.0, -0.25])


def mine(numbers: random.Random) -> Rule:
    """A rule of one's own, without a learning rate."""
    lines = (
        "jar = keep * jar + (1 - keep) * (average * average)",
        "largest_coin = largest(abs(average))",
        "adjustment = -sign(average) * sqrt(jar) / 8 if largest_coin < 2 else -average / (commit + epoch)",
        "after = before + adjustment",
    )
    return Rule("mine", lines, {"keep": numbers.random()}, ("jar",))


RULES: list[Callable[..., Rule]] = [SGD, Momentum, Nesterov, AdaGrad, RMSProp, Adam, AdamW]
SCHEDULES = [Constant(), Step(2), Cosine(3, lowest=0.125), WarmUp(4)]


def rule_of(numbers: random.Random) -> Rule:
    """Any rule with any of its options."""
    if numbers.random() < 0.1:
        return mine(numbers)
    options: dict[str, Any] = {}
    if numbers.random() < 0.4:
        options["weight_decay"] = numbers.choice([0.125, 0.01])
    if numbers.random() < 0.4:
        options[numbers.choice(["clip_value", "clip_norm"])] = numbers.choice([0.5, 0.03125])
    if numbers.random() < 0.4:
        options["schedule"] = numbers.sample(SCHEDULES, numbers.randint(1, 3))
    return numbers.choice(RULES)(rate(numbers), **options)


def settings(numbers: random.Random, rows: int) -> dict[str, Any]:
    """Of a run: batch size (one, some, all, more than there are), reduce, shuffle, micro-batches, a fault."""
    chosen: dict[str, Any] = {
        "batch_size": numbers.choice([1, 2, 3, rows, "all", rows + 2]),
        "reduce": numbers.choice(["average", "total"]),
        "shuffle": numbers.choice([False, True, numbers.randint(2, 99)]),
    }
    if chosen["batch_size"] != "all" and numbers.random() < 0.3:
        chosen["accumulate"] = numbers.randint(2, 3)
    if numbers.random() < 0.4:
        chosen["fault"] = numbers.choice(list(FAULTS))
    return chosen


def with_settings(numbers: random.Random, rows: int, network: Network, data: Any, loss: str) -> Run:
    """A run by any rule; a fault that could not show in it is left out."""
    rule, chosen = rule_of(numbers), settings(numbers, rows)
    try:
        return Run(network, data, rule=rule, loss=loss, **chosen)
    except DataError:
        chosen.pop("fault")
        return Run(network, data, rule=rule, loss=loss, **chosen)


def random_run(seed: int) -> Run:
    """Shapes, activations, losses, rules, batch sizes, a short last batch, a shuffle, dead and overflowing neurons."""
    numbers = random.Random(seed)
    loss = numbers.choice(list(LOSSES.values()))
    free = [name for name, activation in ACTIVATIONS.items() if not getattr(activation, "is_joint", False)]
    widths = [numbers.randint(1, 4) for _ in range(numbers.randint(2, 4))]
    if loss.needs and loss.needs not in free:
        widths[-1] = numbers.randint(2, 4)
    layers = []
    for place, (inputs, outputs) in enumerate(pairwise(widths)):
        last = place == len(widths) - 2
        name = loss.needs if last and loss.needs else numbers.choice(free)
        initial = [[dyadic(numbers) for _ in range(outputs)] for _ in range(inputs)]
        given = {"weights": initial} if numbers.random() < 0.5 else {}
        layers.append(Dense(inputs, outputs, name, bias=numbers.choice([None, False]), **given))
    rows = numbers.randint(1, 7)
    scale = numbers.choice([1.0, 1.0, 1.0, 1e100])
    inputs = [[dyadic(numbers) * scale for _ in range(widths[0])] for _ in range(rows)]
    targets = [[dyadic(numbers) for _ in range(widths[-1])] for _ in range(rows)]
    if loss.needs:
        targets = np.eye(widths[-1])[[numbers.randrange(widths[-1]) for _ in range(rows)]].tolist()
    return with_settings(numbers, rows, Network(*layers, seed=seed), (inputs, targets), loss.name)
