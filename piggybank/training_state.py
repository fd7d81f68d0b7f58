"""The state of training: all weights and the rule's memory. The readable path takes them apart, the ledger's storage
and the fast paths as one vector; a commit makes the next state."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from piggybank.ledger.commits import Coins, carry_out, given
from piggybank.ledger.records import Header, split
from piggybank.ordered import Array

State: TypeAlias = "tuple[Array, dict[str, Any]]"
"""All weights in one vector, layer by layer, and what the rule keeps, likewise or as one number for all."""


def joined(state: State) -> Array:
    """Weights and what the rule keeps as one vector, the numbers that all weights share at its end."""
    weights, memory = state
    return np.concatenate([weights, *(np.atleast_1d(kept) for kept in memory.values())])


def apart(header: Header, vector: Array) -> State:
    """The inverse of `joined`; parts of the vector, not copies."""
    names, shared = header.memory, header.shared_memory
    size = (len(vector) - len(shared)) // (1 + len(names))
    weights, *kept = split(vector, [(size,)] * (1 + len(names)))
    numbers = vector[size * (1 + len(names)) :].tolist()
    return weights, dict(zip((*names, *shared), (*kept, *numbers), strict=True))


def break_banks(header: Header, batch: int, coins: Coins, state: State) -> State:
    """The commit: the rule's recipe, line by line, on all weights at once."""
    weights, memory = state
    result = carry_out(header, given(header, batch, coins, weights, memory))
    return result["after"], {name: result[name] for name in memory}
