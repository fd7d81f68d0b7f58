"""Disks that fail while a run is written: at the n-th call of those that touch them and ever after, for every n."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from files import ROOT

from piggybank import SGD, Dense, Network, Run
from piggybank.ledger import claiming, store

NOBODY = 65534
"""A user who owns nothing."""


def run_into(path: Path | None, **options: Any) -> Run:
    """The run of `files.small`, not trained yet, saved at a path."""
    network = Network(Dense(2, 2, "tanh"), Dense(2, 1), seed=7)
    return Run(network, "xor", rule=SGD(0.5), batch_size=3, shuffle=3, save=path, **options)


class Failing:
    """Stands in for `os` in the writer: after so many calls of those that touch the disk, every one fails."""

    WATCHED = ("open", "write", "fsync", "replace", "ftruncate", "chmod", "lseek")

    def __init__(self, after: int, code: int) -> None:
        self.after, self.code, self.calls = after, code, 0

    @property
    def failed(self) -> bool:
        return self.calls > self.after

    @property
    def reason(self) -> str:
        return os.strerror(self.code)

    def __getattr__(self, name: str) -> Any:
        real = getattr(os, name)
        return self.watched(real) if name in self.WATCHED else real

    def watched(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            self.calls += 1
            if self.failed:
                raise OSError(self.code, self.reason)
            return real(*arguments, **options)

        return call


@contextmanager
def broken(system: Failing) -> Iterator[None]:
    """The disk as the writer meets it inside the block."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (store, claiming):
            patch.setattr(module, "os", system)
        yield


def whichever_call_fails() -> Iterator[Failing]:
    """A disk that fails at once, one that fails at the second call, and so on until one does not fail; for each reason
    that a disk may have. Whoever asks uses each once, before the next."""
    for code in (errno.ENOSPC, errno.EIO, errno.EACCES):
        for after in count():
            disk = Failing(after, code)
            yield disk
            if not disk.failed:
                break


@contextmanager
def not_as_root() -> Iterator[None]:
    """Inside the block permissions hold, which root need not mind."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)


def elsewhere(code: str) -> subprocess.CompletedProcess[str]:
    """Python in another process, with what stands in this module."""
    places = os.pathsep.join(map(str, (ROOT, ROOT / "tests", ROOT / "tests" / "ledger")))
    environment = {**os.environ, "PYTHONPATH": places}
    code = f"from failing import *\n{code}"
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
