"""Rules, runs and forks of any settings, to see what is refused and what is taken."""

from __future__ import annotations

from typing import Any

from piggybank import Dense, Network, Rule, Run

MOVE, AFTER = "adjustment = -0.1 * average", "after = before + adjustment"


def rule(*lines: Any, **parts: Any) -> Rule:
    return Rule("mine", lines, **parts)


def run(**settings: Any) -> Run:
    return Run(Network(Dense(2, 1), seed=7), "xor", **{"batch_size": 2, **settings})


def fork(batch: Any = 2, **changes: Any) -> Run:
    return run().train(epochs=1).fork(batch, **changes)


def any_of(value: Any) -> Any:
    """What no type checker lets through."""
    return value
