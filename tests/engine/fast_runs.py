"""Runs of every kind for the fast paths, and whether two runs hold the same bits."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

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
)
from piggybank.engine.faults import FAULTS
from piggybank.engine.functions import ACTIVATIONS
from piggybank.engine.losses import LOSSES, Loss
from piggybank.engine.rule import Rule
from piggybank.formula import Formula
from piggybank.ledger.records import BatchRecord

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


def shared_blame(blame: str = "exp(z - top) / whole - t") -> Run:
    """A loss whose blame is written with what a softmax's neurons share."""
    loss = Loss("spelled out", LOSSES["cross-entropy"].value, Formula(blame), needs="softmax")
    classes = np.eye(3)[[0, 1, 2, 1]]
    return Run(Network(Dense(2, 3, "softmax"), seed=1), ([[0, 1], [1, 0], [1, 1], [0, 0]], classes), loss=loss)


def wide(batch_size: int = 100, rule: Rule = FANCY, **settings: Any) -> Run:
    """A network of more weights than a ledger keeps of every batch, with sums large enough for two threads."""
    numbers = np.random.default_rng(4)
    data = numbers.standard_normal((250, 40)), numbers.standard_normal((250, 3))
    network = Network(Dense(40, 130, "relu"), Dense(130, 3, "tanh"), seed=2)
    return Run(network, data, rule=rule, batch_size=batch_size, **settings)
