"""Asking the auditor: as a program of its own, and for the seal of a file; and how a file begins."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from piggybank import auditor
from piggybank.auditor import audit

ALONE = Path(auditor.__file__)
HEAD = b'{"format":"piggybank","version":1'


def command(path: Path, *options: str) -> tuple[int, str]:
    """The exit code and what is printed by the auditor, copied alone to the folder of what it is given."""
    alone = shutil.copy(ALONE, path.parent / "copied.py")
    done = subprocess.run(
        [sys.executable, "-I", alone, path, *options], cwd=path.parent, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout


def seal_of(path: Path) -> str:
    return audit(str(path)).seal


def intact(path: Path, called: str, tier: str = "full") -> str:
    """The verdict on an honest file of a few weights: a coin for every row of every batch and every weight."""
    header, *batches = map(json.loads, path.read_bytes().splitlines())
    weights = sum(len(row) for matrix in header["initial"] for row in matrix)
    coins = weights * sum(len(batch["rows"]) for batch in batches)
    return f"INTACT ({tier}): {called}, {len(batches)} batches, {coins} coins, seal {seal_of(path)}"
