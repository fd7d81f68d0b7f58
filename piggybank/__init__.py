"""piggybank: watch a network learn from a batch, and see each sample's coin behind every adjustment.

Build a network          Network, Dense
Choose how it learns     SGD
Choose what it learns    load, Dataset, DataError
Train and look           Run, Ledger, Receipt, LedgerError
Show it                  play, Lesson, Cue
"""

from __future__ import annotations

from typing import Any

from piggybank.engine.data import DataError, Dataset, load
from piggybank.engine.network import Dense, Network
from piggybank.engine.rules import SGD
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Receipt
from piggybank.ledger.records import LedgerError
from piggybank.training import Run

__version__ = "0.1.0"

__all__ = [
    "SGD",
    "Cue",
    "DataError",
    "Dataset",
    "Dense",
    "Ledger",
    "LedgerError",
    "Lesson",
    "Network",
    "Receipt",
    "Run",
    "load",
    "play",
]


def __getattr__(name: str) -> Any:
    """The names that belong to the screen load with their first use, so that `import piggybank` stays light."""
    if name in ("Cue", "Lesson", "play"):
        from piggybank.app import lessons

        return getattr(lessons, name)
    raise AttributeError(f"module 'piggybank' has no attribute {name!r}")
