"""The run that the tests leave, and what of a fork they look at."""

from __future__ import annotations

from typing import Any

from piggybank import Dense, Momentum, Network, Run

SEVEN = ([[1.0], [2.0], [-1.0], [0.5], [3.0], [1.5], [-2.0]], [1.0, 0.0, 2.0, 1.0, -1.0, 0.5, 1.0])


def parent(rule: Any = None, batches: int = 10, **settings: Any) -> Run:
    network = Network(Dense(1, 2, "tanh"), Dense(2, 1), seed=4)
    made = Run(network, SEVEN, rule=rule or Momentum(0.1, 0.5), **{"batch_size": 2, **settings})
    return made.train(batches=batches)
