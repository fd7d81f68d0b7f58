"""Runs whose commits the tests of rules, schedules and faults follow."""

from __future__ import annotations

from typing import Any

from piggybank import Dense, Network, Rule, Run


def run_of(rule: Rule, **settings: Any) -> Run:
    return Run(Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7), "xor", rule=rule, batch_size=3, **settings)


FOUR = ([[1.0]] * 4, [[3.0], [6.0], [3.0], [-4.0]])


def one_weight(data: Any, weight: float, rule: Rule, **settings: Any) -> Run:
    return Run(Network(Dense(1, 1, weights=weight, bias=False)), data, rule=rule, **settings)
