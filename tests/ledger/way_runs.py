"""Runs by every rule with every choice of options, and shares that have to add up to an adjustment."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import Any

from piggybank import (
    SGD,
    AdaGrad,
    Adam,
    AdamW,
    Dense,
    Ledger,
    Momentum,
    Nesterov,
    Network,
    RMSProp,
    Rule,
    Run,
)
from piggybank.ledger.commit_receipts import commit_values

RULES: list[Callable[..., Rule]] = [SGD, Momentum, Nesterov, AdaGrad, RMSProp, Adam, AdamW]
CLIPS: list[dict[str, float]] = [{}, {"clip_value": 0.125}, {"clip_norm": 0.25}]
DECAYS: list[dict[str, float]] = [{}, {"weight_decay": 0.125}]
OPTIONS = [{**clip, **decay} for clip, decay in product(CLIPS, DECAYS)]
ROUNDING = 1e-12
"""Of all shares' sizes together: far above what some dozens of roundings take, far below any real difference."""


def trained(rule: Rule, seed: int = 1, batches: int = 5, **settings: Any) -> Ledger:
    numbers = random.Random(seed)
    inputs = [[numbers.uniform(-2, 2), numbers.uniform(-2, 2)] for _ in range(5)]
    network = Network(Dense(2, 1, "tanh", weights=[[numbers.uniform(-1, 1)], [0.5]]))
    data = (inputs, [numbers.uniform(-1, 1) for _ in inputs])
    run = Run(network, data, rule=rule, batch_size=2, **settings)
    return run.train(batches=batches).ledger if batches else run.ledger


def assert_shares_add_up(ledger: Ledger, batch: int, rounding: float = ROUNDING) -> None:
    for weight in ledger.header.weights:
        shares, total = ledger.lasting(weight.name, batch=batch), 0.0
        for share in shares:
            total = total + share.value
        assert total == commit_values(ledger, weight, batch)["adjustment"]
        sizes = sum(abs(share.value) for share in shares if share.what != "Rounded away")
        assert abs(total - sum(s.value for s in shares if s.what != "Rounded away")) <= rounding * sizes


def changed(ledger: Ledger, **fields: Any) -> Ledger:
    """What only a file could hold: the run under another header."""
    return Ledger(replace(ledger.header, **fields), ledger.storage)
