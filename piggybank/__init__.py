"""piggybank: watch a network learn from a batch, and see each sample's coin behind every adjustment.

Build a network          Network, Dense
Choose how it learns     SGD, Momentum, Nesterov, AdaGrad, RMSProp, Adam, AdamW, Rule
Change the rate          Constant, Step, Cosine, WarmUp, Schedule
Choose what it learns    load, Dataset, DataError
Train and look           Run, Ledger, Receipt, LedgerError
Open what was saved      open_ledger, follow
Show it                  play, Lesson, Cue, Question, Choice

Each name loads what it needs when it is first used: the engine, the ledger and the screen stay apart, and
`piggybank --help` waits for none of them.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as in typing, which takes longer to load than all else here: Ctrl-C comes before the command
if TYPE_CHECKING:
    from typing import Any

    from piggybank.app.cues import Cue
    from piggybank.app.lessons import Lesson
    from piggybank.app.playing import play
    from piggybank.app.question_parts import Choice, Question
    from piggybank.engine.data import DataError, Dataset, load
    from piggybank.engine.network import Dense, Network
    from piggybank.engine.rule import Rule
    from piggybank.engine.rules import SGD, AdaGrad, Adam, AdamW, Momentum, Nesterov, RMSProp
    from piggybank.engine.schedules import Constant, Cosine, Schedule, Step, WarmUp
    from piggybank.ledger.ledger import Ledger
    from piggybank.ledger.lines import Receipt
    from piggybank.ledger.reading import follow, open_ledger
    from piggybank.ledger.records import LedgerError
    from piggybank.training import Run

__version__ = "0.1.0"

__all__ = [
    "SGD",
    "AdaGrad",
    "Adam",
    "AdamW",
    "Choice",
    "Constant",
    "Cosine",
    "Cue",
    "DataError",
    "Dataset",
    "Dense",
    "Ledger",
    "LedgerError",
    "Lesson",
    "Momentum",
    "Nesterov",
    "Network",
    "Question",
    "RMSProp",
    "Receipt",
    "Rule",
    "Run",
    "Schedule",
    "Step",
    "WarmUp",
    "follow",
    "load",
    "open_ledger",
    "play",
]

_HOMES = {
    "Network": "engine.network",
    "Dense": "engine.network",
    "SGD": "engine.rules",
    "AdaGrad": "engine.rules",
    "Adam": "engine.rules",
    "AdamW": "engine.rules",
    "Momentum": "engine.rules",
    "Nesterov": "engine.rules",
    "RMSProp": "engine.rules",
    "Rule": "engine.rule",
    "Constant": "engine.schedules",
    "Cosine": "engine.schedules",
    "Schedule": "engine.schedules",
    "Step": "engine.schedules",
    "WarmUp": "engine.schedules",
    "load": "engine.data",
    "Dataset": "engine.data",
    "DataError": "engine.data",
    "Run": "training",
    "Ledger": "ledger.ledger",
    "Receipt": "ledger.lines",
    "LedgerError": "ledger.records",
    "open_ledger": "ledger.reading",
    "follow": "ledger.reading",
    "play": "app.playing",
    "Lesson": "app.lessons",
    "Cue": "app.cues",
    "Question": "app.question_parts",
    "Choice": "app.question_parts",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        from piggybank.spelling import not_there

        raise not_there(name, __all__)
    from importlib import import_module

    value = getattr(import_module(f"piggybank.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
