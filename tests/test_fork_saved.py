"""Forks in files: saved as a run is, opened again, intact."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from forks import parent

from piggybank import Adam, LedgerError, Momentum, open_ledger
from piggybank.auditor import audit
from piggybank.honest_names import claims


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"shuffle": 3},
        {"batch_size": 1},
        {"batch_size": "all"},
        {"batch_size": 3},
        {"accumulate": 2, "batch_size": 2},
    ],
)
def test_a_saved_fork_without_some_rows_opens_and_is_intact(settings: dict[str, Any], tmp_path: Path) -> None:
    run = parent(Momentum(0.1, 0.5), **settings)
    for batch, without in ((1, [2]), (3, [1, 7]), (5, ["row 4"]), (8, [])):
        path = tmp_path / f"{batch}.piggy"
        fork = run.fork(batch, without=without, save=path).train(batches=8)
        opened = open_ledger(path)
        assert (opened.seal, opened.header.parent) == (fork.ledger.seal, fork.ledger.header.parent)
        assert audit(str(path), "strict", names=claims).findings == []


def test_a_fork_is_saved_as_a_run_is_again_and_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run, path, synced, really = parent(), tmp_path / "fork.piggy", list[int](), os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (synced.append(handle), really(handle)))
    run.fork(3, save=path).train(batches=2)
    assert synced == []
    with pytest.raises(LedgerError, match=r"'fork\.piggy' is there already"):
        run.fork(3, save=path)
    again = run.fork(3, save=path, overwrite=True, durable=True).train(batches=3)
    assert len(synced) > 3
    assert open_ledger(path).seal == again.ledger.seal


def test_a_saved_fork_opens_and_is_intact(tmp_path: Path) -> None:
    path = tmp_path / "fork.piggy"
    fork = parent(Adam(0.1), shuffle=3).fork(7, save=path).train(batches=9)
    assert open_ledger(path).seal == fork.ledger.seal
    assert str(audit(str(path), "strict")).startswith("INTACT")
