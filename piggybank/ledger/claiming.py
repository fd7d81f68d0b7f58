"""Which file a run writes: its own, locked, that nobody else's work is lost by.

Whoever makes the file at a path or puts another in its place holds the lock of the one that stands there, so that of
two programs one is refused. A file that is replaced stays until the first line of the new one is on the disk.
"""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from piggybank.ledger.records import LedgerError
from piggybank.ledger.systems import flush_disk, lock
from piggybank.wording import quote

BINARY = getattr(os, "O_BINARY", 0) | getattr(os, "O_NOINHERIT", 0)
MOVES_OPEN = os.name != "nt"
"""Whether a file that is open can be given the name of another that is: not on Windows."""
WITHOUT_MODES = (errno.EPERM, errno.ENOTSUP, errno.ENOSYS)
"""What file systems answer that have no modes, such as the drives of Windows under its Linux."""
TRIES = 3
"""Other programs may replace a file between its opening and its locking, so often at most."""


class FileThereError(LedgerError):
    """There is a file already, and nobody said that it may be replaced."""


def claim(path: Path, first: bytes, *, durable: bool, overwrite: bool) -> int:
    """A new file at that path that holds its first line: open, locked, at its end. durable: both are on the disk.

    Raises LedgerError for a path that cannot be used so. After an OSError a file that was there is still there.
    """
    if os.path.isdir(path):
        raise is_there(path)
    handle = _instead(path, first) if overwrite and os.path.lexists(path) else _new(path, first, durable)
    if durable:
        sync_folder(path.parent)
    return handle


def _new(path: Path, first: bytes, durable: bool) -> int:
    """Where there is no file yet."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | BINARY, 0o666)
    except FileExistsError:
        raise is_there(path) from None
    if not lock(handle) or not stands(handle, path):
        os.close(handle)
        raise in_use(path)
    try:
        with _closed_unless_done(handle):
            write(handle, first)
            if durable:
                sync(handle)
    except BaseException:
        with suppress(OSError):
            os.unlink(path)
        raise
    return handle


def _instead(path: Path, first: bytes) -> int:
    """Where a file is there already: it stays until the first line of the new one is on the disk."""
    old = hold(path)
    if not MOVES_OPEN:
        with _closed_unless_done(old):
            os.ftruncate(old, 0)
            os.lseek(old, 0, os.SEEK_SET)
            write(old, first)
        return old
    try:
        with beside(path) as (handle, name), _closed_unless_done(handle):
            lock(handle)
            write(handle, first)
            sync(handle)
            set_mode(name, stat.S_IMODE(os.fstat(old).st_mode))
            os.replace(name, path)
    finally:
        os.close(old)
    return handle


def hold(path: Path) -> int:
    """The file that stands at a path, open and locked. LedgerError when another run writes it, or it is not a file."""
    for _ in range(TRIES):
        handle = os.open(path, os.O_RDWR | BINARY)
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise LedgerError(f"{quote(path.name)} is not a file that can be replaced; give another name")
        if lock(handle) and stands(handle, path):
            return handle
        os.close(handle)
    raise in_use(path)


def stands(handle: int, path: str | os.PathLike[str]) -> bool:
    """Whether an open file is the one at that path, as far as the system tells."""
    try:
        return not MOVES_OPEN or os.path.samestat(os.fstat(handle), os.stat(path))
    except FileNotFoundError:
        return False
    except OSError:
        return True


@contextmanager
def beside(path: Path, suffix: str = ".part") -> Iterator[tuple[int, str]]:
    """A new file in the same folder, open, and its name, to take the path's place; should the block fail, it goes.
    Whoever asks for it closes it."""
    handle, name = tempfile.mkstemp(prefix=".piggybank-", suffix=suffix, dir=path.parent)
    try:
        yield handle, name
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def mode_for(path: Path, usual: int = 0o666) -> int:
    """What whoever may do with what takes a path's place: the same as with what stands there, else as the system gives
    it to anything new."""
    try:
        return stat.S_IMODE(os.stat(path).st_mode)
    except FileNotFoundError:
        mask = os.umask(0o077)  # it can be read by setting it only
        os.umask(mask)
        return usual & ~mask


def set_mode(name: str | os.PathLike[str], mode: int) -> None:
    """Say who may do what with a new file or folder, where the file system lets one."""
    try:
        os.chmod(name, mode)
    except OSError as problem:
        if problem.errno not in WITHOUT_MODES:
            raise


def put(name: str, path: Path) -> None:
    """A finished file takes its place at a path, unless another program's run writes the one that stands there."""
    if not os.path.lexists(path):
        os.replace(name, path)
        return
    old = hold(path)
    try:
        if MOVES_OPEN:
            os.replace(name, path)
    finally:
        os.close(old)
    if not MOVES_OPEN:
        os.replace(name, path)


@contextmanager
def _closed_unless_done(handle: int) -> Iterator[None]:
    """The file is closed when the block fails."""
    try:
        yield
    except BaseException:
        os.close(handle)
        raise


def write(handle: int, line: bytes) -> None:
    """All of it, also where the system takes a part at a time."""
    done = os.write(handle, line)
    while done < len(line):
        done += os.write(handle, line[done:])


def sync(handle: int) -> None:
    """Wait until what was written is on the disk."""
    os.fsync(handle)
    flush_disk(handle)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk, where the system lets one."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            sync(handle)
        finally:
            os.close(handle)


def check_folder(path: Path) -> None:
    """LedgerError when there is no folder to write into, or no file can be called so."""
    if not os.path.isdir(path.parent):
        raise LedgerError(f"there is no folder {quote(str(path.parent))} to save {quote(path.name)} in; make it first")
    try:
        name = os.fsencode(path.name)
    except UnicodeEncodeError:
        name = b"\0"
    if b"\0" in name:
        raise LedgerError(f"no file can be called {quote(path.name)}; try run.piggy")


def is_there(path: Path) -> LedgerError:
    """The refusal to write over a file."""
    if os.path.isdir(path):
        return LedgerError(f"{quote(path.name or str(path))} is a folder; give the name of a file, such as run.piggy")
    return FileThereError(
        f"{quote(path.name)} is there already; give another name, or have it replaced (overwrite=True, --overwrite)"
    )


def in_use(path: Path) -> LedgerError:
    """The refusal to write where another run does."""
    return LedgerError(f"{quote(path.name)} is being written by another run; give this one a name of its own")


def reason(problem: OSError) -> str:
    """Why the system refused, in its words."""
    return (problem.strerror or type(problem).__name__).lower()
