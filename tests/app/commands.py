"""Commands as the tests give them: in a process of their own, refused in one sentence, on a disk that is full."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from piggybank import Ledger, open_ledger
from piggybank import __file__ as package_file
from piggybank.app.cli import main
from piggybank.app.course import load_lesson
from piggybank.app.session import Session

HOME = Path(package_file).parent.parent
TRAIN = ("train", "--data", "xor", "--layers", "3", "--batch-size", "3", "--learning-rate", "0.3")
ONE_COIN = "from piggybank import *\nrun = Run(Network(Dense(1, 1)), data='one coin', batch_size=1)\n"
"""A script."""


def trained(*extra: str) -> Ledger:
    assert main([*TRAIN, "--epochs", "5", "--save", "a.piggy", *extra]) == 0
    return open_ledger("a.piggy")


def session_of(path: str) -> Session:
    return Session(load_lesson(path))


class Disk:
    """Stands in for `os` in the writer: only so many bytes fit."""

    def __init__(self, room: int) -> None:
        self.room = room

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def write(self, handle: int, line: bytes) -> int:
        self.room -= len(line)
        if self.room < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return os.write(handle, line)


def script(name: str, text: str) -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


def outside(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as its users run it."""
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, timeout=120, env=environment(), encoding="utf-8"
    )


def environment() -> dict[str, str]:
    """For a process that imports this checkout wherever it runs."""
    return {**os.environ, "PYTHONPATH": str(HOME), "PYTHONIOENCODING": "utf-8"}


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The sentence on stderr with which arguments are refused."""
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    lines = printed.err.splitlines()
    assert len(lines) == 1, printed.err
    assert lines[0].startswith("piggybank: ")
    assert "Traceback" not in printed.err
    return lines[0].removeprefix("piggybank: ")
