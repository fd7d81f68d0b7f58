"""The .piggy file, written: while a run trains, or at once.

UTF-8 text, one record a line, each line ending in a hash of itself and of the line before: plain-text accounting that
a person can read in an editor and another program can compute again. A line is written in one piece after its batch was
committed and never touched again, so that a file that was cut off is a shorter run and not a broken one.
"""

from __future__ import annotations

import contextlib
import math
import os
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import numpy as np

from piggybank.ledger.claiming import (
    beside,
    check_folder,
    claim,
    hold,
    is_there,
    mode_for,
    put,
    reason,
    set_mode,
    stands,
    sync,
    sync_folder,
    write,
)
from piggybank.ledger.records import LedgerError
from piggybank.ledger.sealing import Sealer
from piggybank.ledger.storage import Committed
from piggybank.wording import quote

if TYPE_CHECKING:
    from piggybank.ledger.ledger import Ledger

_WRITING: WeakValueDictionary[tuple[int, int], Writer] = WeakValueDictionary()
"""This program's own writers by their file, so that a notebook's cell can be run again."""
LOOK_EVERY = 0.5
"""Seconds of training until the file is looked for again."""


class Writer:
    """Writes a ledger's batches as they are committed.

    problem: "" while all is well, else one sentence; nothing is written any more then, and what was written stays.
    Raises LedgerError for a missing folder, a file that is there (without overwrite), and one that another run writes.
    """

    def __init__(self, ledger: Ledger, path: str | os.PathLike[str], *, durable: bool, overwrite: bool) -> None:
        """durable: after every batch wait until it is on the disk. overwrite: a file that is there is replaced."""
        self.path, self.problem = Path(path), ""
        self._handle, self._next_look = -1, 0.0
        check_folder(self.path)
        self._file = real(path)
        self._ledger, self._durable = ledger, durable
        self._sealer, self._storage = ledger.sealer, ledger.storage
        self._done, self._torn = (0, 0), False  # lines in the file and their bytes; whether part of one may follow
        first = self._sealer.header_line
        try:
            earlier = _writer_of(self._file)
            if overwrite and earlier is not None:
                earlier.retire()
            self._handle = claim(self._file, first, durable=durable, overwrite=overwrite)
            self._done = 1, len(first)
            _WRITING[_identity(self._handle)] = self
        except OSError as problem:
            self._give_up(reason(problem))

    def catch_up(self, committed: Committed | None = None) -> float:
        """Write the committed batches that have no line yet. From time to time, and when there are none, make sure that
        the file is still there. committed: the last batch, if at hand. Returns about the sum of the squares of its
        state, infinity where that was not computed."""
        last, found = len(self._storage), math.inf
        batch, written = self._done
        if batch > last or monotonic() > self._next_look:
            self.look()
        while batch <= last and not self.problem:
            line = self._sealer.line(batch, committed if batch == last else None)
            found = self._sealer.squares if batch == last else math.inf
            try:
                if self._torn:  # a line was interrupted
                    os.ftruncate(self._handle, written)
                    os.lseek(self._handle, 0, os.SEEK_END)
                self._torn = True
                write(self._handle, line)
                if self._durable:
                    sync(self._handle)
            except OSError as problem:
                self._give_up(reason(problem))
            else:
                batch, written = self._done = batch + 1, written + len(line)  # only now is it written
                self._torn = False
        return found

    def look(self) -> None:
        """Give up when the file that is written does not stand at its path any more."""
        self._next_look = monotonic() + LOOK_EVERY
        if not self.problem and not stands(self._handle, self._file):
            self._lose("the file was removed, or another took its place")

    def _give_up(self, why: str) -> None:
        """Say so, and take back the part of a line that may have got through."""
        lines, written = self._done
        kept = f", it has the first {lines - 1:,} batches" if lines > 1 else ""
        self.problem = (
            f"{self.path.name} is not being saved{' any more' if written else ''} ({why}){kept}; training goes "
            "on in memory, to be saved elsewhere at its end (run.save('other.piggy'))"
        )
        with contextlib.suppress(OSError):
            os.ftruncate(self._handle, written)
        self.close()

    def _lose(self, why: str) -> None:
        """What was written cannot be counted on; it is left as it is."""
        self._done = 0, self._done[1]
        self.close()
        self._give_up(why)

    @contextlib.contextmanager
    def lending(self, ledger: Ledger) -> Iterator[None]:
        """The file is let go while the block puts another in its place: for good, if that is another ledger's."""
        self.catch_up()
        if ledger is not self._ledger:
            self.retire()
        self.close()
        try:
            yield
        finally:
            if not self.problem:
                self._reopen()

    def _reopen(self) -> None:
        """Go on at the end of the file that stands there, which has every line so far."""
        try:
            self._handle = hold(self._file)
            self._done = self._done[0], os.lseek(self._handle, 0, os.SEEK_END)
            _WRITING[_identity(self._handle)] = self
        except OSError as problem:
            self._give_up(reason(problem))
        except LedgerError:
            self.retire()

    def retire(self) -> None:
        """The file now belongs to another run."""
        self._lose("another run replaced it")

    def leave(self) -> None:
        """The file belongs to the process that this one was forked from."""
        self._lose("the process that this one was forked from writes it")

    def close(self) -> None:
        """Nothing more will be written; the lock is given back."""
        if self._handle >= 0:
            with contextlib.suppress(OSError):
                _WRITING.pop(_identity(self._handle), None)
                os.close(self._handle)
            self._handle = -1

    def __del__(self) -> None:
        self.close()


def _leave_to_parent() -> None:
    """A forked process shares its parent's open files, which go on being the parent's."""
    for writer in list(_WRITING.values()):
        writer.leave()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_leave_to_parent)


def _identity(file: int | Path) -> tuple[int, int]:
    found = os.stat(file)
    return found.st_dev, found.st_ino


def _writer_of(file: Path) -> Writer | None:
    """Which run of this program writes a file."""
    try:
        return _WRITING.get(_identity(file))
    except OSError:
        return None


def real(path: str | os.PathLike[str]) -> Path:
    """Where the file stands whichever folder the program moves to, at the end of links."""
    return Path(os.path.realpath(path))


@np.errstate(all="ignore")
def save(ledger: Ledger, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
    """Write a whole ledger at once; the file is there when it is whole, or not at all. Gives its path.

    Raises LedgerError: no folder, a file that is there (without overwrite) or that another program's run writes, no
    room, no permission.
    """
    target = Path(path)
    check_folder(target)
    file = real(path)
    if os.path.isdir(file) or (os.path.lexists(file) and not overwrite):
        raise is_there(target)
    writer = _writer_of(file)
    try:
        with beside(file) as (handle, name):
            _write_all(ledger, handle)
            set_mode(name, mode_for(file))
            with contextlib.nullcontext() if writer is None else writer.lending(ledger):
                put(name, file)
        sync_folder(file.parent)
    except OSError as problem:
        raise LedgerError(
            f"{quote(target.name)} could not be written ({reason(problem)}); try another folder"
        ) from None
    return target


def _write_all(ledger: Ledger, handle: int) -> None:
    """Every line, and it is on the disk; the file is closed."""
    sealer = Sealer(ledger)
    with os.fdopen(handle, "wb") as file:
        file.write(sealer.header_line)
        for batch in range(1, len(ledger) + 1):
            file.write(sealer.line(batch))
        file.flush()
        sync(file.fileno())
