"""What several tests of the engine are given: ways to train by a fast path from the first batch on, and tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from fast_runs import BATCHES

from piggybank import Run, training_fast
from piggybank.engine import compiled


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> Callable[[Run], Run]:
    """Trains a run by the fast path from its first batch on."""

    def train(run: Run) -> Run:
        with monkeypatch.context() as patch:
            patch.setattr(training_fast, "FROM", 0)
            return run.train(batches=BATCHES, past_trouble=True)

    return train


@pytest.fixture
def wholly(fast: Callable[[Run], Run], monkeypatch: pytest.MonkeyPatch) -> Callable[[Run], Run]:
    """The same, where array calls have to carry out every batch: none is left to the readable path."""

    def train(run: Run) -> Run:
        with monkeypatch.context() as patch:
            patch.setattr(compiled, "SCALAR_LIMIT", 0)
            patch.setattr(run, "_one_batch", lambda batch: pytest.fail(f"batch {batch} takes the readable path"))
            return fast(run)

    return train


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """Writes text (or bytes) as table.csv and gives its path."""

    def write(content: str | bytes, name: str = "table.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    return write
