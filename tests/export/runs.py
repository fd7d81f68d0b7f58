"""Short runs with every kind of rule, for the exports."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from nets import FOUR, FOUR_NUMBERS

from piggybank import Dense, Network, Run
from piggybank.engine import rules as r
from piggybank.engine.schedules import Cosine, WarmUp

RULES: dict[str, Callable[[], dict[str, Any]]] = {
    "momentum with weight decay": lambda: {"rule": r.Momentum(0.1, friction=0.5, weight_decay=0.01)},
    "nesterov, clipped by value": lambda: {"rule": r.Nesterov(0.1, clip_value=0.05)},
    "adagrad, clipped by norm": lambda: {"rule": r.AdaGrad(0.1, clip_norm=0.2)},
    "rmsprop, the total": lambda: {"rule": r.RMSProp(0.01), "reduce": "total"},
    "adam": lambda: {"rule": r.Adam(0.01)},
    "adamw, scheduled": lambda: {"rule": r.AdamW(0.01, schedule=[WarmUp(3), Cosine(4)])},
    "forgot to empty": lambda: {"rule": r.SGD(0.1), "fault": "forgot-to-empty"},
    "average of averages": lambda: {"rule": r.SGD(0.1), "accumulate": 2, "fault": "average-of-averages"},
    "bias updated per input": lambda: {"rule": r.SGD(0.1), "fault": "bias-updated-per-input"},
    "stale last batch": lambda: {"rule": r.Momentum(0.1), "fault": "stale-last-batch"},
}


@cache
def run_of(name: str) -> Run:
    """Seven batches; shared between tests, so nobody may train it further."""
    settings = RULES[name]()
    network = Network(Dense(4, 3, "tanh"), Dense(3, 3, "sigmoid"), seed=6)
    data, loss = (FOUR, "binary cross-entropy") if name.startswith("adam") else (FOUR_NUMBERS, "squared error")
    return Run(network, data, batch_size=4, loss=loss, **settings).train(batches=7)
