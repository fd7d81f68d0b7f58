"""The .piggy file, written: while a run trains, or at once.

UTF-8 text, one record a line, each line ending in a hash of itself and of the line before: plain-text accounting that
a person can read in an editor and another program can compute again. A line is written in one piece after its batch was
committed and never touched again, so that a file that was cut off is a shorter run and not a broken one.
"""

from __future__ import annotations

import contextlib
import math
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import numpy as np

from piggybank.ledger.locking import lock
from piggybank.ledger.reading import follow, open_ledger
from piggybank.ledger.records import LedgerError
from piggybank.ledger.sealing import Sealer
from piggybank.ordered import Array
from piggybank.wording import quote

if TYPE_CHECKING:
    from piggybank.ledger.ledger import Ledger

__all__ = ["Writer", "follow", "open_ledger", "save"]

_WRITING: WeakValueDictionary[tuple[int, int], Writer] = WeakValueDictionary()
"""This program's own writers by their file, so that a notebook's cell can be run again."""
BINARY = getattr(os, "O_BINARY", 0) | getattr(os, "O_NOINHERIT", 0)


class Writer:
    """Writes a ledger's batches as they are committed.

    problem: "" while all is well, else one sentence; nothing is written any more then, and what was written stays.
    Raises LedgerError for a path that cannot be meant: no folder, a file that is there, one that another run writes.
    """

    def __init__(self, ledger: Ledger, path: str | os.PathLike[str], *, durable: bool, overwrite: bool) -> None:
        """durable: after every batch wait until it is on the disk. overwrite: a file that is there is replaced."""
        self.path = Path(path)
        self.problem = ""
        self._ledger, self._durable = ledger, durable
        self._sealer = ledger.sealer
        self._lines, self._written, self._torn = 0, 0, False
        self._handle = -1
        check_folder(self.path)
        try:
            if overwrite:
                _retire(self.path)
            self._handle = _claim(self.path, overwrite)
            _WRITING[_identity(os.fstat(self._handle))] = self
            self._write(self._sealer.header_line)
        except OSError as problem:
            self._give_up(problem)

    def catch_up(self, state: Array | None = None) -> float:
        """Write the committed batches that have no line yet. state: of the last one, as in `Storage`, if at hand.
        Gives about the sum of the squares of that state, infinity where it was not worth while."""
        last, found = len(self._ledger), math.inf
        while self._lines <= last and not self.problem:
            if self._sealer.batches >= self._lines:  # somebody asked for the seal meanwhile, or a line was interrupted
                self._sealer = Sealer(self._ledger)
                self._sealer.head_at(self._lines - 1)
            line = self._sealer.next_line(state if self._lines == last else None)
            found = self._sealer.squares
            try:
                self._write(line)
            except OSError as problem:
                self._give_up(problem)
        return found

    def _write(self, line: bytes) -> None:
        """A line in one piece; when this is interrupted, the next one begins where it began."""
        if self._torn:
            os.ftruncate(self._handle, self._written)
            os.lseek(self._handle, 0, os.SEEK_END)
        self._torn = True
        done = os.write(self._handle, line)
        while done < len(line):
            done += os.write(self._handle, line[done:])
        if self._durable:
            os.fsync(self._handle)
        self._lines, self._written, self._torn = self._lines + 1, self._written + len(line), False

    def _give_up(self, problem: OSError) -> None:
        """Say so, and take back the part of a line that may have got through."""
        self.problem = (
            f"{self.path.name} is not being saved any more ({reason(problem)}); training goes on in memory, "
            "save it elsewhere with run.save('other.piggy')"
        )
        with contextlib.suppress(OSError):
            os.ftruncate(self._handle, self._written)
        self.close()

    def retire(self) -> None:
        """The file now belongs to another run."""
        self.close()
        self.problem = (
            f"{self.path.name} is not being saved any more (a newer run replaced it); training goes on in memory, "
            "save it elsewhere with run.save('other.piggy')"
        )

    def close(self) -> None:
        """Nothing more will be written; the lock is given back."""
        if self._handle >= 0:
            with contextlib.suppress(OSError):
                os.close(self._handle)
            self._handle = -1

    def __del__(self) -> None:
        self.close()


def _identity(file: os.stat_result) -> tuple[int, int]:
    return file.st_dev, file.st_ino


def _retire(path: Path) -> None:
    """An earlier run of this program gives way to the one that replaces its file."""
    with contextlib.suppress(FileNotFoundError):
        earlier = _WRITING.pop(_identity(os.stat(path)), None)
        if earlier is not None:
            earlier.retire()


def _claim(path: Path, overwrite: bool) -> int:
    """The open, locked, empty file of a run to come."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | (0 if overwrite else os.O_EXCL) | BINARY, 0o644)
    except (FileExistsError, IsADirectoryError):
        raise is_there(path) from None
    if not lock(handle):
        os.close(handle)
        raise LedgerError(f"{quote(path.name)} is being written by another run; give this one a name of its own")
    os.ftruncate(handle, 0)
    return handle


@np.errstate(all="ignore")
def save(ledger: Ledger, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
    """Write a whole ledger at once; the file is there when it is whole, or not at all. Gives its path.

    Raises LedgerError: no folder, a file that is there (without overwrite), no room, no permission.
    """
    target, sealer = Path(path), Sealer(ledger)
    check_folder(target)
    if target.is_dir() or (target.exists() and not overwrite):
        raise is_there(target)
    aside = ""
    try:
        handle, aside = tempfile.mkstemp(prefix=".piggybank-", suffix=".part", dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(sealer.header_line)
            while sealer.batches < len(ledger):
                file.write(sealer.next_line())
            file.flush()
            os.fsync(file.fileno())
        os.chmod(aside, 0o644)
        os.replace(aside, target)
    except BaseException as problem:
        with contextlib.suppress(OSError):
            os.unlink(aside)
        if not isinstance(problem, OSError):
            raise
        raise LedgerError(
            f"{quote(target.name)} could not be written ({reason(problem)}); try another folder"
        ) from None
    return target


def check_folder(path: Path) -> None:
    """LedgerError when there is no folder to write into."""
    if not path.parent.is_dir():
        raise LedgerError(f"there is no folder {quote(str(path.parent))} to save {quote(path.name)} in; make it first")


def is_there(path: Path) -> LedgerError:
    """The refusal to write over a file."""
    if path.is_dir():
        return LedgerError(f"{quote(path.name)} is a folder; give the name of a file, such as run.piggy")
    return LedgerError(
        f"{quote(path.name)} is there already; give another name, or have it replaced (overwrite=True, --overwrite)"
    )


def reason(problem: OSError) -> str:
    """Why the system refused, in its words."""
    return (problem.strerror or type(problem).__name__).lower()
