"""What other systems do in ways of their own, asked of stand-ins: the lock of Windows, the disks' memory of macOS."""

from __future__ import annotations

import os
import runpy
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from piggybank.ledger import claiming, systems

FAR = 1 << 62


class Bytes(SimpleNamespace):
    """Which bytes of the file are locked; `msvcrt.locking` begins where the file's position is, and takes no file."""

    LK_NBLCK = 2

    def locking(self, handle: int, mode: int, count: int) -> None:
        assert mode == self.LK_NBLCK  # does not wait
        place = os.lseek(handle, 0, os.SEEK_CUR) if self.sought is None else self.sought
        if place in self.taken:
            raise PermissionError(13, "Permission denied")
        self.taken |= set(range(place, place + count))


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> Bytes:
    """A machine of that kind whose files are as long as they like."""
    found = Bytes(taken=set(), sought=None)
    really = os.lseek

    def lseek(handle: int, place: int, how: int) -> int:
        found.sought = place if place == FAR else None  # no file system here goes as far
        return place if place == FAR else really(handle, place, how)

    monkeypatch.setitem(sys.modules, "msvcrt", found)  # type: ignore[arg-type]
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(os, "lseek", lseek)
    return found


@pytest.fixture
def lock(taken: Bytes) -> Callable[[int], bool]:
    found: Callable[[int], bool] = runpy.run_path(systems.__file__)["lock"]
    return found


def test_one_byte_far_beyond_the_end_is_locked_so_that_others_can_read(
    taken: Bytes, lock: Callable[[int], bool], tmp_path: Path
) -> None:
    path = tmp_path / "run.piggy"
    path.write_bytes(b"so far")
    with path.open("r+b") as file:
        assert lock(file.fileno()) is True
    assert taken.taken == {FAR}


def test_a_second_writer_is_told_that_another_has_the_file(lock: Callable[[int], bool], tmp_path: Path) -> None:
    path = tmp_path / "run.piggy"
    path.write_bytes(b"")
    with path.open("r+b") as one, path.open("r+b") as other:
        assert lock(one.fileno()) is True
        assert lock(other.fileno()) is False


def test_writing_goes_on_at_the_end_of_the_file_whoever_has_the_lock(
    lock: Callable[[int], bool], tmp_path: Path
) -> None:
    path = tmp_path / "run.piggy"
    path.write_bytes(b"so far")
    for expected in (True, False):
        with path.open("r+b", buffering=0) as file:
            assert lock(file.fileno()) is expected
            file.write(b", more")
    assert path.read_bytes() == b"so far, more, more"


# The disk's own memory ------------------------------------------------------------------------------------------------

FULL = 51


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a machine of that kind is asked for, in order."""
    fcntl, found = pytest.importorskip("fcntl"), list[str]()

    def control(handle: int, command: int) -> None:
        found.append("the disk" if command == FULL else "something else")
        raise OSError(45, "Operation not supported")  # as disks do that cannot be asked

    monkeypatch.setattr(fcntl, "F_FULLFSYNC", FULL, raising=False)
    monkeypatch.setattr(fcntl, "fcntl", control)
    monkeypatch.setattr(os, "fsync", lambda handle: found.append("the system"))
    monkeypatch.setattr(claiming, "flush_disk", runpy.run_path(systems.__file__)["flush_disk"])
    return found


def test_where_fsync_leaves_numbers_in_the_disks_memory_the_disk_is_asked_too(asked: list[str], tmp_path: Path) -> None:
    with (tmp_path / "run.piggy").open("wb") as file:
        claiming.sync(file.fileno())
    assert asked == ["the system", "the disk"]
