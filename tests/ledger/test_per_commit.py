"""Every commit reaches its file at once, whichever way a batch takes through the engine; the disk when asked for."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from piggybank import SGD, Dense, Network, Run, training_fast
from piggybank.engine import compiled
from piggybank.ledger.store import Writer

BATCHES = 66
ROADS = {  # batches from which on a fast path is taken; operations beyond which it is one of arrays; hidden neurons
    "readable engine": (1_000_000, 0, 2),
    "lines": (0, 1500, 2),
    "arrays": (0, 0, 2),
    "not all weights kept": (0, 0, 1400),
}


@pytest.fixture(params=ROADS)
def run(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes a run that is saved as run.piggy in a folder."""
    first, limit, hidden = ROADS[request.param]
    monkeypatch.setattr(training_fast, "FROM", first)
    monkeypatch.setattr(compiled, "SCALAR_LIMIT", limit)

    def made(folder: Path, durable: bool) -> Run:
        network = Network(Dense(2, hidden, "tanh"), Dense(hidden, 1), seed=7)
        return Run(network, "xor", rule=SGD(0.01), batch_size=3, save=folder / "run.piggy", durable=durable)

    return made


def lines_of(path: Path) -> int:
    """As another program finds them now."""
    return path.read_bytes().count(b"\n")


def test_after_every_commit_another_program_finds_its_line(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, catch_up = list[tuple[int, int]](), Writer.catch_up

    def watched(writer: Writer, committed: Any = None) -> float:
        squares = catch_up(writer, committed)
        found.append((len(training.ledger), lines_of(tmp_path / "run.piggy") - 1))
        return squares

    monkeypatch.setattr(Writer, "catch_up", watched)
    training = run(tmp_path, False)
    training.train(batches=BATCHES)
    assert sorted({committed for committed, _ in found}) == [*range(1, BATCHES + 1)]
    assert [committed for committed, _ in found] == [written for _, written in found]


@pytest.mark.parametrize("durable", [True, False])
def test_durable_waits_for_the_disk_after_every_line(
    durable: bool, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced, fsync = list[int](), os.fsync

    def watched(handle: int) -> None:
        fsync(handle)
        synced.append(lines_of(tmp_path / "run.piggy"))

    monkeypatch.setattr(os, "fsync", watched)
    run(tmp_path, durable).train(batches=BATCHES)
    assert sorted({*synced}) == ([*range(1, BATCHES + 2)] if durable else [])
