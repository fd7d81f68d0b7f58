"""Runs with more than the usual: rules with memory and choices, numbers that overflow, very many weights."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from looks import table

from piggybank import SGD, Dense, Ledger, Network, RMSProp, Run
from piggybank.engine.rule import Rule

MOMENTUM = Rule(
    "Momentum",
    ("savings = friction * savings + average", "adjustment = -learning_rate * savings", "after = before + adjustment"),
    {"learning_rate": 0.125, "friction": 0.5},
    ("savings",),
)
ADAM = Rule(
    "two jars",
    (
        "fading = 0.9 + fading * 0.1",
        "jar = keep * jar + (1 - keep) * average",
        "squares = 0.99 * squares + (1 - 0.99) * (average * average)",
        "adjustment = -learning_rate * (jar / fading) / (sqrt(squares) + 1e-08)",
        "after = before + adjustment",
    ),
    {"learning_rate": 0.125, "keep": 0.75},
    ("fading", "jar", "squares"),
)
CAPPED = Rule(
    "capped",
    (
        "wanted = average",
        "eased = (wanted if wanted < cap else cap) / 2 + -(cap if wanted < cap else wanted)",
        "step = cap if wanted > cap else -cap if wanted * 2 < -cap * 2 else wanted",
        "limited = min(max(step, -1), 1)",
        "adjustment = -(learning_rate * limited)",
        "drawn = --limited",
        "kind = 3 if drawn > 0 else -3",
        "after = before + adjustment",
    ),
    {"learning_rate": 0.125, "cap": 0.0625},
)
DIVIDED = Rule(
    "divided",
    ("share = average / nothing + 1", "adjustment = -learning_rate * average", "after = before + adjustment"),
    {"learning_rate": 0.125, "nothing": 0.0},
)
WORDY = Rule(
    "lines | called | like parts",
    (
        "negated = -1 * average",
        "was_negated = -negated / 2",
        "line = was_negated - negated",
        "term = line * 0.25",
        "cancelled = -term",
        "out = cancelled + term",
        "sum_negated = -(out - line)",
        "adjustment = learning_rate * sum_negated",
        "after = before + adjustment",
    ),
    {"learning_rate": 0.125},
)
TERMS = Rule(
    "terms that go a way of their own",
    (
        "eased = average / 2 + average",
        "big = sum(2 * eased * before)",
        "steep = largest(abs(eased))",
        "adjustment = -0.125 * eased / (big * big + steep + 1)",
        "after = before + adjustment",
    ),
)
LATER = Rule(
    "remembers when all is done",
    (
        "adjustment = -0.125 * (average + 0.5 * trend)",
        "after = before + adjustment",
        "trend = 0.5 * after - before * 2",
    ),
    memory=("trend",),
)
EXTRA: dict[str, Callable[[], Run]] = {
    "later": lambda: Run(Network(Dense(2, 2, "tanh"), Dense(2, 1), seed=2), "xor", rule=LATER, batch_size=2),
    "terms": lambda: Run(Network(Dense(2, 2, "tanh"), Dense(2, 1), seed=2), "xor", rule=TERMS, batch_size=2),
    "words": lambda: Run(Network(Dense(2, 2, "tanh"), Dense(2, 1), seed=2), "xor", rule=WORDY, batch_size=2),
    "momentum": lambda: Run(Network(Dense(2, 2, "relu"), Dense(2, 1), seed=2), "xor", rule=MOMENTUM, batch_size=2),
    "two jars": lambda: Run(Network(Dense(2, 2, "tanh"), Dense(2, 1), seed=2), "xor", rule=ADAM, batch_size=2),
    "capped": lambda: Run(Network(Dense(2, 2, "leaky relu"), Dense(2, 1), seed=2), "xor", rule=CAPPED, batch_size=2),
    "minus zero": lambda: Run(Network(Dense(1, 1, weights=-1.0, bias=False)), ([0.0, -1.0], [1.0, 1.0])),
    "divided by zero": lambda: Run(
        Network(Dense(1, 1, weights=0.5, bias=False)), ([1.0, 2.0], [1.0, 1.0]), rule=DIVIDED, batch_size=1
    ),
    "nothing by nothing": lambda: Run(
        Network(Dense(2, 1, weights=[0.5, 0.5], bias=False)), ([[1.0, 0.0]], [3.0]), rule=RMSProp(0.1, epsilon=0.0)
    ),
    "overflow": lambda: Run(Network(Dense(1, 1, weights=1e300, bias=False)), ([1e300], [1]), rule=SGD(1.0)),
}


@cache
def large() -> Ledger:
    """More weights than are named at once, or kept for every batch; the rule has a memory."""
    rows = table(6, 70, 1), table(6, 3, 2)
    lines = "savings = friction * savings + average", "adjustment = -rate * savings", "after = before + adjustment"
    rule = Rule("momentum", lines, {"friction": 0.5, "rate": 0.01}, ("savings",))
    network = Network(Dense(70, 60, "tanh"), Dense(60, 3, bias=False), seed=2)
    return Run(network, rows, rule=rule, batch_size=2).train(batches=150).ledger
