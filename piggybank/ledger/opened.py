"""The file of a recording, opened to be read, and its first line."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from piggybank.ledger.records import LedgerError
from piggybank.wording import quote

LONGEST_HEADER = 80 << 20
"""Bytes; room for the most numbers that stand in a file, and names for their rows."""
BEGINNING = b'{"format":"piggybank","version":'
BLOCK = 1 << 20
"""Bytes that are read at once."""


class LeftOpen(io.RawIOBase):
    """Reads from an open file, which stays open when the reader goes: an interruption may take it away at any time."""

    def __init__(self, file: io.FileIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, room: Any) -> int | None:
        return self._file.readinto(room)


def opened(path: Path) -> io.FileIO:
    """LedgerError where there is nothing to read."""
    try:
        if path.is_fifo():
            raise LedgerError(f"{quote(path.name)} is a pipe; save what comes out of it as a file first")
        return path.open("rb", buffering=0)
    except FileNotFoundError:
        raise LedgerError(f"there is no file {quote(str(path))}; check the name and the folder") from None
    except IsADirectoryError:
        raise LedgerError(f"{quote(path.name or str(path))} is a folder; give a file such as run.piggy") from None
    except (OSError, ValueError) as problem:
        why = problem.strerror if isinstance(problem, OSError) else str(problem)
        raise LedgerError(f"{quote(path.name)} cannot be opened: {why}") from None


def header_line(file: io.FileIO, called: str) -> bytes:
    """The first line without its end, found before it is read."""
    name = quote(called)
    if file.read(len(BEGINNING)) != BEGINNING:
        raise LedgerError(f"{name} is not a piggybank file; give one that run.save(...) or save=... wrote")
    length = len(BEGINNING)
    while length <= LONGEST_HEADER:
        block = file.read(BLOCK)
        if not block:
            raise LedgerError(f"{name} was cut off inside its first line, before any batch; there is nothing to open")
        place = block.find(b"\n")
        if place >= 0:
            file.seek(0)
            return file.read(length + place)
        length += len(block)
    raise LedgerError(f"{name} has a first line of more than {LONGEST_HEADER:,} characters; it is not a run")
