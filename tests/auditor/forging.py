"""How ledgers are forged (T7): each forgery lies about one thing, with hashes computed anew so that they fit.

A forgery is a function that makes a file's bytes; the codes beside it say what an audit must find, no more and no
less. Nothing in the bytes gives that away: a forged ledger looks like any other.
"""

from __future__ import annotations

import copy
import hashlib
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from derive import Lie, derive, honest
from nets import FOUR, FOUR_NUMBERS
from piggy import Record, header_of, line_of, text_of

from piggybank import SGD, Dense, Network, Run
from piggybank.ordered import Array

SGD_RULE: Record = {
    "name": "SGD",
    "recipe": ["average = total / count", "adjustment = -learning_rate * average", "after = before + adjustment"],
    "constants": {"learning_rate": 0.25},
    "schedule": [],
    "memory": [],
    "shared_memory": [],
    "house": {},
}
MOMENTUM = SGD_RULE | {
    "name": "Momentum",
    "recipe": [
        "average = total / count",
        "old_savings = friction * savings",
        "savings = old_savings + average",
        "adjustment = -learning_rate * savings",
        "after = before + adjustment",
    ],
    "constants": {"learning_rate": 0.25, "friction": 0.5},
    "memory": ["savings"],
    "house": {"old_savings": "Old savings"},
}
ADAM = SGD_RULE | {
    "name": "Adam",
    "recipe": [
        "average = total / count",
        "old_savings = keep_mean * mean_jar",
        "mean_jar = old_savings + (1 - keep_mean) * average",
        "square_jar = keep_square * square_jar + (1 - keep_square) * (average * average)",
        "mean_fill = keep_mean * mean_fill + (1 - keep_mean)",
        "square_fill = keep_square * square_fill + (1 - keep_square)",
        "mean = mean_jar / mean_fill",
        "square = square_jar / square_fill",
        "adjustment = -learning_rate * mean / (sqrt(square) + epsilon)",
        "after = before + adjustment",
    ],
    "constants": {"learning_rate": 0.125, "keep_mean": 0.9, "keep_square": 0.999, "epsilon": 1e-08},
    "memory": ["mean_jar", "square_jar"],
    "shared_memory": ["mean_fill", "square_fill"],
}
CLIPPED = SGD_RULE | {
    "recipe": [
        "average = total / count",
        "sum_of_squares = sum(average * average)",
        "norm = sqrt(sum_of_squares)",
        "shrink = min(1, clip_norm / norm)",
        "clipped = average * shrink",
        "adjustment = -learning_rate * clipped",
        "after = before + adjustment",
    ],
    "constants": {"learning_rate": 0.25, "clip_norm": 0.125},
}
DECAYED = SGD_RULE | {
    "recipe": [
        "average = total / count",
        "house = weight_decay * before",
        "pull = average + house",
        "adjustment = -learning_rate * pull",
        "after = before + adjustment",
    ],
    "constants": {"learning_rate": 0.25, "weight_decay": 0.125},
    "house": {"house": "Weight decay, the house coin"},
}
WARMED = SGD_RULE | {
    "schedule": ["warm_up = min(1, commit / warm_up_commits)", "learning_rate = learning_rate * warm_up"],
    "constants": {"learning_rate": 0.25, "warm_up_commits": 4.0},
}


@cache
def _header(name: str) -> Record:
    network, data, settings = {
        "xor": (Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7), "xor", {"batch_size": 3}),
        "relu": (Network(Dense(4, 8, "relu"), Dense(8, 3), seed=4), FOUR_NUMBERS, {"batch_size": 4, "shuffle": 3}),
        "labels": (
            Network(Dense(4, 5, "sigmoid"), Dense(5, 3, "sigmoid"), seed=5),
            FOUR,
            {"batch_size": 4, "loss": "binary cross-entropy"},
        ),
        "classes": (
            Network(Dense(4, 5, "tanh"), Dense(5, 9, "softmax"), seed=5),
            (FOUR[0], np.eye(9)[[0, 1, 2, 3, 4, 5, 6, 7, 8, 0]]),
            {"batch_size": 4, "loss": "cross-entropy"},
        ),
        "large": (Network(Dense(4, 600, "relu"), Dense(600, 3), seed=4), FOUR_NUMBERS, {"batch_size": 4}),
    }[name]
    return header_of(Run(network, data, rule=SGD(0.25), **settings))  # type: ignore[arg-type]


def header(name: str = "xor", rule: Record = SGD_RULE, **changed: Any) -> Record:
    return copy.deepcopy(_header(name)) | {"rule": copy.deepcopy(rule)} | changed


def order(header: Record, epochs: int = 3) -> list[list[int]]:
    """Rows of each batch; where the header says shuffled, another order in every epoch."""
    count, size = len(header["data"]["row_names"]), header["batch_size"]
    found = []
    for epoch in range(epochs):
        step = 3 if count % 3 else 2
        ids = [(row * step + epoch) % count for row in range(count)] if header["shuffled"] else list(range(count))
        found += [ids[start : start + size] for start in range(0, count, size)]
    return found


def ledger(name: str = "xor", rule: Record = SGD_RULE, lie: Lie = honest, **changed: Any) -> list[Record]:
    start = header(name, rule, **changed)
    return derive(start, order(start), lie)


def at(step: str, batch: int, change: Callable[[Any], Any]) -> Lie:
    """A lie about one step of one batch (0: of every batch)."""
    return lambda found, number, value: change(value) if found == step and batch in (0, number) else value


def nudged(place: int = 0) -> Callable[[Array], Array]:
    """One number changed by its last bit."""

    def change(values: Array) -> Array:
        flat = np.array(values).ravel()
        flat[place] = np.nextafter(flat[place], math.inf)
        return flat.reshape(np.shape(values))

    return change


def swapped(values: Array) -> Array:
    """The first two samples' numbers exchanged."""
    return values[[1, 0, *range(2, len(values))]]


def rule_line(rule: Record, name: str, formula: str) -> Record:
    """The rule with one of its lines written otherwise."""
    lines = [f"{name} = {formula}" if line.startswith(f"{name} = ") else line for line in rule["recipe"]]
    assert lines != rule["recipe"]
    return rule | {"recipe": lines}


@dataclass(frozen=True)
class Forgery:
    """What was done, the codes that must be found, how it is audited, and the bytes."""

    what: str
    codes: frozenset[str]
    options: dict[str, Any]
    make: Callable[[], bytes]


FORGERIES: list[Forgery] = []


def forgery(what: str, *codes: str, **options: Any) -> Callable[[Callable[[], Any]], None]:
    """Adds a forgery to the corpus; the function gives records or the bytes themselves."""

    def add(make: Callable[[], Any]) -> None:
        def made() -> bytes:
            found = make()
            return found if isinstance(found, bytes) else text_of(found)

        FORGERIES.append(Forgery(what, frozenset(codes), options, made))

    return add


def edited(change: Callable[[list[Record]], Any], name: str = "xor", rule: Record = SGD_RULE) -> list[Record]:
    """An honest ledger with its records changed in place."""
    found = ledger(name, rule)
    change(found)
    return found


def respelled(old: str, new: str) -> bytes:
    """The last line's text changed, and hashed as it then stands."""
    records, before = ledger(), ""
    lines = []
    for record in records:
        line, before_this = line_of(record, before)
        lines.append(line)
        last, before = before, before_this
    body = json.dumps(records[-1], separators=(",", ":"))
    assert old in body
    body = body.replace(old, new, 1)
    found = hashlib.sha256((last + body).encode()).hexdigest()
    lines[-1] = f'{body[:-1]},"hash":"{found}"}}'.encode()
    return b"".join(line + b"\n" for line in lines)
