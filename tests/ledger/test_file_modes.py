"""Who may read a file that is written: whoever might read the one it replaces, or as the system has it for new ones."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from failing import run_into
from files import small

from piggybank.app.aside import aside
from piggybank.ledger import claiming, store
from piggybank.ledger.outside import save_data


def aside_of(path: Path) -> None:
    with aside(path) as file:
        file.write(b"new")


WRITERS = {
    "a run that is saved while it trains": lambda path: run_into(path, overwrite=True),
    "a run that is saved at once": lambda path: store.save(small(), path, overwrite=True),
    "its data": lambda path: save_data(small().header, path, overwrite=True),
    "pictures and exports": aside_of,
}


@contextmanager
def new_files_lack(mask: int) -> Iterator[None]:
    """Inside the block nobody may do with new files what the mask says."""
    before = os.umask(mask)
    try:
        yield
        assert os.umask(mask) == mask
    finally:
        os.umask(before)


@pytest.mark.skipif(sys.platform == "win32", reason="everybody may read there")
@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_whoever_might_read_a_file_may_read_the_one_that_replaces_it(mode: int, writer: str, tmp_path: Path) -> None:
    path = tmp_path / "run.piggy"
    path.write_bytes(b"old")
    path.chmod(mode)
    with new_files_lack(0o022):
        WRITERS[writer](path)
    assert path.read_bytes() != b"old"
    assert stat.S_IMODE(path.stat().st_mode) == mode


@pytest.mark.skipif(sys.platform == "win32", reason="everybody may read there")
@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("mask", [0o077, 0o027, 0o022, 0o002])
def test_a_new_file_may_be_read_as_the_system_is_told_to_let_new_files_be(
    mask: int, writer: str, tmp_path: Path
) -> None:
    with new_files_lack(mask):
        WRITERS[writer](tmp_path / "run.piggy")
    assert stat.S_IMODE((tmp_path / "run.piggy").stat().st_mode) == 0o666 & ~mask


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("code", claiming.WITHOUT_MODES, ids=errno.errorcode.__getitem__)
def test_where_nobody_can_say_who_may_read_a_file_it_is_written_all_the_same(
    code: int, writer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def chmod(name: str, mode: int) -> None:
        raise OSError(code, os.strerror(code), name)

    path = tmp_path / "run.piggy"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "chmod", chmod)
    WRITERS[writer](path)
    assert path.read_bytes() != b"old"
    assert os.listdir(tmp_path) == ["run.piggy"]
