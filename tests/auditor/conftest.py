"""What several tests of the auditor are given: a file that is honest, and one that is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from forging import edited, ledger
from piggy import text_of


@pytest.fixture
def honest(tmp_path: Path) -> Path:
    path = tmp_path / "run.piggy"
    path.write_bytes(text_of(ledger()))
    return path


@pytest.fixture
def forged(tmp_path: Path) -> Path:
    path = tmp_path / "run.piggy"
    path.write_bytes(text_of(edited(lambda found: found[2].update(epoch=9))))
    return path
