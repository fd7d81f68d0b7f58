"""Runs for the tests of files, saved, and files forged with every hash computed anew."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from piggybank import SGD, Dense, Ledger, Momentum, Network, Run, open_ledger
from piggybank.ledger.records import LedgerError
from piggybank.ledger.store import save

ROOT = Path(__file__).resolve().parents[2]


@cache
def tiny() -> Ledger:
    """One weight without a bias, three batches of one row."""
    network = Network(Dense(1, 1, weights=0.5, bias=False))
    return Run(network, "one coin", rule=SGD(0.125), batch_size=1).train(epochs=3).ledger


@cache
def small() -> Ledger:
    """2-2-1, a short last batch, shuffled."""
    network = Network(Dense(2, 2, "tanh"), Dense(2, 1), seed=7)
    return Run(network, "xor", rule=SGD(0.5), batch_size=3, shuffle=3).train(epochs=3).ledger


@cache
def forked() -> Ledger:
    """2-1-1, two batches that go on from another run's first, with memory and a house coin."""
    network = Network(Dense(2, 1, "tanh"), Dense(1, 1), seed=7)
    run = Run(network, "xor", rule=Momentum(0.125, weight_decay=0.25), batch_size=3).train(batches=2)
    return run.fork(1).train(batches=2).ledger


def saved(ledger: Ledger, folder: Path, name: str = "run.piggy") -> Path:
    """The ledger's file, written at once."""
    return save(ledger, folder / name)


def objects(path: Path) -> list[dict[str, Any]]:
    """The records of a file without their hashes."""
    found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for record in found:
        del record["hash"]
    return found


def chained(texts: list[str]) -> bytes:
    """Lines whose hashes are right, whatever they say."""
    lines, previous = [], ""
    for text in texts:
        body = text.encode("utf-8", "surrogatepass")
        previous = hashlib.sha256(previous.encode("ascii") + body).hexdigest()
        lines.append(body[:-1] + f',"hash":"{previous}"}}\n'.encode("ascii"))
    return b"".join(lines)


def forged(records: list[Any]) -> bytes:
    """The file that says so."""
    return chained([json.dumps(record, ensure_ascii=False, separators=(",", ":")) for record in records])


def with_header(change: Callable[[str], str], folder: Path) -> bytes:
    """The tiny file whose first line's text was changed, with right hashes."""
    records = objects(saved(tiny(), folder))
    texts = [json.dumps(record, separators=(",", ":")) for record in records]
    return chained([change(texts[0]), *texts[1:]])


def outcome(path: Path) -> tuple[int, str]:
    """Batches that an opened file gives, and the problem it tells; -1 and the sentence when it is refused."""
    try:
        ledger = open_ledger(path)
    except LedgerError as problem:
        return -1, str(problem)
    return len(ledger), ledger.problem
