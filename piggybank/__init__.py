"""piggybank: watch a network learn from a batch, and see each sample's coin behind every adjustment.

Build a network          Network, Dense
Choose how it learns     SGD
Choose what it learns    load, Dataset, DataError
Train and look           Run, Ledger, Receipt, LedgerError
Open what was saved      open_ledger, follow
Show it                  play, Lesson, Cue, Question, Choice

Each name loads what it needs when it is first used: the engine, the ledger and the screen stay apart, and
`piggybank --help` waits for none of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from piggybank.app.lessons import Cue, Lesson, play
    from piggybank.app.questions import Choice, Question
    from piggybank.engine.data import DataError, Dataset, load
    from piggybank.engine.network import Dense, Network
    from piggybank.engine.rules import SGD
    from piggybank.ledger.ledger import Ledger
    from piggybank.ledger.lines import Receipt
    from piggybank.ledger.reading import follow, open_ledger
    from piggybank.ledger.records import LedgerError
    from piggybank.training import Run

__version__ = "0.1.0"

__all__ = [
    "SGD",
    "Choice",
    "Cue",
    "DataError",
    "Dataset",
    "Dense",
    "Ledger",
    "LedgerError",
    "Lesson",
    "Network",
    "Question",
    "Receipt",
    "Run",
    "follow",
    "load",
    "open_ledger",
    "play",
]

_HOMES = {
    "Network": "engine.network",
    "Dense": "engine.network",
    "SGD": "engine.rules",
    "load": "engine.data",
    "Dataset": "engine.data",
    "DataError": "engine.data",
    "Run": "training",
    "Ledger": "ledger.ledger",
    "Receipt": "ledger.lines",
    "LedgerError": "ledger.records",
    "open_ledger": "ledger.reading",
    "follow": "ledger.reading",
    "play": "app.lessons",
    "Lesson": "app.lessons",
    "Cue": "app.lessons",
    "Question": "app.questions",
    "Choice": "app.questions",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'piggybank' has no attribute {name!r}")
    value = getattr(import_module(f"piggybank.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
