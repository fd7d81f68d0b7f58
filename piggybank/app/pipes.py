"""Files that may have no end: pipes and devices, where a command wants a file that it can read from end to end."""

from __future__ import annotations

import os
import select
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from piggybank.wording import printable

PATIENCE = 1000
"""Milliseconds in which whoever fills a named pipe may come."""
BLOCK = 1 << 16


class NeverEndsError(Exception):
    """What would be waited for, or read, for ever; the message says why."""


@contextmanager
def without_waiting(path: str) -> Iterator[str]:
    """A file that can be read to its end: `path`, or a copy of what comes out of a pipe. NeverEndsError for a device,
    and for a pipe that nobody writes into."""
    kind = _kind(path)
    if stat.S_ISCHR(kind) and path != os.devnull:
        raise NeverEndsError(f"{printable(path)} is a device; give a file")
    if not (stat.S_ISFIFO(kind) and hasattr(os, "mkfifo")):
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / Path(path).name
        with copy.open("wb") as file:
            _take(path, file)
        yield str(copy)


def _kind(path: str) -> int:
    """The mode by which `stat` tells what it is; 0 where the auditor will say why it cannot be read."""
    try:
        return os.stat(path).st_mode
    except (OSError, ValueError):
        return 0


def _take(path: str, file: IO[bytes]) -> None:
    """All that comes out of a pipe."""
    with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb", buffering=0) as pipe:
        select.select([pipe], [], [], PATIENCE / 1000)
        first = pipe.read(BLOCK)  # None: there is somebody, who has not written yet
        if first == b"":
            raise NeverEndsError(f"{printable(path)} is a pipe that nobody writes into; give a .piggy file")
        os.set_blocking(pipe.fileno(), True)
        file.write(first or b"")
        shutil.copyfileobj(pipe, file, BLOCK)
