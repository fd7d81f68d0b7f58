"""Workbooks that cannot be written: one sentence, and nothing left behind."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from disk import room_for
from nets import trained
from workbooks import NAMES

from piggybank import SGD, Dense, Network, Run
from piggybank.app.cli import main
from piggybank.app.export.files import ExportError
from piggybank.app.export.sheets import write_sheets


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("run.xls", "expected a file ending in .xlsx, got 'run.xls'; try run.xlsx"),
        ("there.xlsx", "there.xlsx is there already; give another name, or --overwrite"),
        ("nowhere/run.xlsx", "there is no folder 'nowhere' to write into; make it first"),
        ("folder.xlsx", "folder.xlsx is a folder; give another name"),
    ],
)
def test_a_file_that_cannot_be_written_is_refused(
    name: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("there.xlsx").write_text("mine", encoding="utf-8")
    Path("folder.xlsx").mkdir()
    assert main(["export", "2", "--xlsx", name]) == 2
    assert capsys.readouterr().err == f"piggybank: {sentence}\n"
    assert Path("there.xlsx").read_text(encoding="utf-8") == "mine"


def test_a_run_that_is_too_long_is_refused_with_what_fits(tmp_path: Path) -> None:
    run = Run(Network(Dense(1, 1)), "one coin", rule=SGD(0.01), batch_size=1).train(batches=300)
    with pytest.raises(ExportError) as caught:
        write_sheets(run.ledger, range(11, 301), tmp_path / "run.xlsx")
    assert str(caught.value) == (
        "290 commits make too large a workbook, 250 are possible here; try --from 11 --to 260, or --csv"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_batch_that_is_too_wide_is_refused(tmp_path: Path) -> None:
    rows = [[float(number)] for number in range(8200)]
    run = Run(Network(Dense(1, 1)), (rows, rows), rule=SGD(1e-9), batch_size="all").train(batches=1)
    with pytest.raises(ExportError, match=r"batch 1 needs 16,4\d\d columns, a sheet has 16,384; try a smaller batch"):
        write_sheets(run.ledger, range(1, 2), tmp_path / "run.xlsx")


def test_when_the_disk_is_full_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "run.xlsx").write_text("mine", encoding="utf-8")
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        write_sheets(trained(NAMES[0]).ledger, range(1, 3), tmp_path / "run.xlsx", overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == ["run.xlsx"]
    assert (tmp_path / "run.xlsx").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("kind", ["csv", "xlsx", "html"])
def test_an_export_that_finds_no_room_is_said_in_one_sentence_and_leaves_nothing(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with room_for(1_000):
        assert main(["export", "2", f"--{kind}", str(tmp_path / f"run.{kind}")]) == 2
    assert capsys.readouterr().err == (
        f"piggybank: run.{kind} could not be written (File too large); make room there, or write to another folder\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_wherever_room_runs_out_a_workbook_leaves_one_sentence_and_nothing_else(tmp_path: Path) -> None:
    assert main(["export", "2", "--xlsx", str(tmp_path / "whole.xlsx")]) == 0
    size = (tmp_path / "whole.xlsx").stat().st_size
    (tmp_path / "whole.xlsx").unlink()
    tried = (
        "import sys\nfrom disk import room_for\nfrom piggybank.app.cli import main\n"
        "with room_for(int(sys.argv[1])):\n sys.exit(main(['export', '2', '--xlsx', 'run.xlsx']))"
    )
    paths, said = {"PYTHONPATH": os.pathsep.join(sys.path)}, set()
    for room in range(0, size, size // 6):
        command = [sys.executable, "-c", tried, str(room)]
        done = subprocess.run(command, cwd=tmp_path, env=os.environ | paths, capture_output=True, text=True)
        said.add((done.returncode, done.stderr, *os.listdir(tmp_path)))
    why = "could not be written (File too large); make room there, or write to another folder"
    assert said == {(2, f"piggybank: run.xlsx {why}\n")}


def test_what_is_left_of_a_workbook_that_failed_goes_without_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", heard.append)
    gc.disable()
    for size in (500, 1_000, 2_000):
        with room_for(size):
            assert main(["export", "2", "--xlsx", str(tmp_path / "run.xlsx")]) == 2
    gc.enable()
    gc.collect()
    assert heard == []


def test_without_the_library_a_workbook_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    for name in ("workbook", "sheets"):
        monkeypatch.delitem(sys.modules, f"piggybank.app.export.{name}", raising=False)
    assert main(["export", "2", "--xlsx", str(tmp_path / "run.xlsx")]) == 2
    assert capsys.readouterr().err == (
        "piggybank: a workbook needs the package XlsxWriter; pip install 'piggybank[xlsx]'\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_may_not_be_written_to_is_said_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def forbidden(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "mkstemp", forbidden)
    for kind in ("csv", "xlsx", "html"):
        assert main(["export", "2", f"--{kind}", str(tmp_path / f"run.{kind}")]) == 2
        printed = capsys.readouterr()
        assert printed.err == (
            f"piggybank: run.{kind} could not be written (Permission denied); make room there, or write to another "
            "folder\n"
        )
        assert printed.out == ""
