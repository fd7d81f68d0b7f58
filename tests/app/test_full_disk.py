"""`train` where its file cannot be written: refused before it trains, or saved elsewhere, and never a false seal."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from commands import TRAIN, Disk, refused, trained

from piggybank import Dense, Network, Run, open_ledger
from piggybank.app.cli import main
from piggybank.app.train_command import elsewhere
from piggybank.ledger import claiming

pytestmark = pytest.mark.usefixtures("elsewhere")


def test_a_file_that_cannot_be_begun_is_refused_before_training(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(claiming, "os", Disk(100))
    says = "a.piggy is not being saved (no space left on device); give --save another name or folder"
    assert refused(capsys, *TRAIN, "--save", "a.piggy") == says
    assert not os.listdir()


def test_a_name_that_is_too_long_is_refused_before_training(capsys: pytest.CaptureFixture[str]) -> None:
    says = refused(capsys, *TRAIN, "--save", "x" * 300 + ".piggy")
    assert "is not being saved (file name too long); give --save another name or folder" in says


def test_a_file_that_could_not_be_replaced_is_as_it_was(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seal = trained().seal
    capsys.readouterr()
    monkeypatch.setattr(claiming, "os", Disk(100))
    assert "no space left" in refused(capsys, *TRAIN, "--save", "a.piggy", "--overwrite")
    assert open_ledger("a.piggy").seal == seal


def test_when_the_disk_fails_the_whole_run_is_saved_elsewhere_and_the_command_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seal = trained().seal
    (tmp_path / "full").mkdir()
    capsys.readouterr()
    monkeypatch.setattr(claiming, "os", Disk(Path("a.piggy").stat().st_size - 100))
    with pytest.raises(SystemExit, match="1"):
        main([*TRAIN, "--epochs", "5", "--save", "full/a.piggy"])
    printed, other = capsys.readouterr(), tmp_path / "a-2.piggy"
    assert open_ledger(other).seal == seal
    assert f"saved in {other}; watch it with: piggybank play {other}" in printed.out
    assert f"seal {seal}" in printed.out.splitlines()
    first, last = printed.err.splitlines()
    assert "a.piggy is not being saved any more (no space left on device), it has the first 9 batches" in first
    assert last == f"piggybank: full/a.piggy is not whole; all of it is in {other} instead"
    assert len(open_ledger("full/a.piggy")) == 9


@pytest.mark.skipif(sys.platform == "win32", reason="the working folder stays there")
def test_where_the_working_folder_is_gone_the_folder_for_what_is_temporary_takes_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run(Network(Dense(2, 1)), data="xor").train(epochs=1)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "stick").mkdir()
    monkeypatch.chdir(tmp_path / "stick")
    os.rmdir(tmp_path / "stick")
    assert elsewhere(run, "a.piggy") == str(tmp_path / "a.piggy")
    assert open_ledger(tmp_path / "a.piggy").seal == run.ledger.seal


def test_where_there_is_no_folder_for_what_is_temporary_the_working_folder_takes_the_run_if_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none() -> str:
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found")

    run = Run(Network(Dense(2, 1)), data="xor").train(epochs=1)
    monkeypatch.setattr(tempfile, "gettempdir", none)
    assert elsewhere(run, "a.piggy") == str(tmp_path / "a.piggy")
    monkeypatch.setattr(tempfile, "mkstemp", lambda **_: none())
    assert elsewhere(run, "b.piggy") == ""


def test_a_run_that_could_be_saved_nowhere_prints_no_seal_and_the_command_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(**_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(claiming, "os", Disk(3000))
    monkeypatch.setattr(tempfile, "mkstemp", full)
    with pytest.raises(SystemExit, match="1"):
        main([*TRAIN, "--epochs", "500", "--save", "a.piggy"])
    printed = capsys.readouterr()
    assert "seal" not in printed.out
    assert printed.err.splitlines()[-1] == ("piggybank: a.piggy is not whole; all of it could be saved nowhere else")
