"""What tests of the app are given: no progress bar, and several of them a folder of their own to work in."""

from __future__ import annotations

import math
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow machine shows a bar among what is said on standard error."""
    monkeypatch.setattr("piggybank.progress.PATIENCE", math.inf)


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test runs in an empty folder."""
    monkeypatch.chdir(tmp_path)
