"""Saved runs to stand side by side: xor with other settings, and sittings with their files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from piggybank import SGD, Dense, Network, Run
from piggybank.app.saved import side_by_side
from piggybank.app.session import Session


def saved(
    name: str, batches: int = 8, *, hidden: int = 3, seed: int = 7, data: Any = "xor", more: Any = None, **settings: Any
) -> str:
    """A file of that name in the folder at hand. more: a path in place of the name's."""
    network = Network(Dense(2, hidden, "tanh"), Dense(hidden, 1), seed=seed)
    settings = {"rule": SGD(0.5), "batch_size": 4, **settings}
    run = Run(network, data, **settings).train(batches=batches)
    return str(run.save(Path(more or f"{name}.piggy"), overwrite=True))


def three() -> list[str]:
    """As many samples in each, but for the last, which ends after half of them."""
    return [saved("singles", 32, batch_size=1), saved("twos", 16, batch_size=2), saved("short", 4)]


def sitting(*which: str) -> Session:
    return Session(side_by_side(which))
