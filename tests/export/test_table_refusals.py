"""What the CSV tables refuse, and that nothing half-written is left behind."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from nets import trained
from tables_read import NAMES, read

from piggybank import Dense, Network, Run
from piggybank.app.cli import main
from piggybank.app.export import tables
from piggybank.app.export.files import ExportError
from piggybank.app.export.stretch import stretch
from piggybank.app.export.tables import write_tables


def test_a_table_that_is_there_stays_unless_overwriting_is_asked_for(tmp_path: Path) -> None:
    run = trained(NAMES[0])
    (tmp_path / "blame.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(ExportError, match=r"holds blame\.csv already; give another folder, or --overwrite"):
        write_tables(run.ledger, stretch(run.ledger), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["blame.csv"]
    assert (tmp_path / "blame.csv").read_text(encoding="utf-8") == "mine"
    write_tables(run.ledger, stretch(run.ledger), tmp_path, overwrite=True)
    assert read(tmp_path, "blame")


def test_tables_in_the_folder_at_hand_stay_too_and_the_sentence_has_a_name_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["export", "2", "--csv", "."]) == 0
    assert main(["export", "2", "--csv", "."]) == 2
    assert capsys.readouterr().err == "piggybank: . holds samples.csv already; give another folder, or --overwrite\n"


def test_a_folder_without_a_name_is_refused_and_the_working_folder_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["export", "1", "--csv", ""]) == 2
    says = "piggybank: expected the name of a folder for the tables, got ''; try --csv tables\n"
    assert capsys.readouterr().err == says
    assert list(tmp_path.iterdir()) == []


def test_when_the_disk_is_full_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        write_tables(trained(NAMES[0]).ledger, range(1, 3), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_tables_that_are_interrupted_take_only_a_folder_of_their_own_with_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(tables, "_lines", interrupted)
    (tmp_path / "there").mkdir()
    for name in ("there", "new"):
        with pytest.raises(KeyboardInterrupt):
            write_tables(trained(NAMES[0]).ledger, range(1, 3), tmp_path / name)
    assert [path.name for path in tmp_path.rglob("*")] == ["there"]


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({"epoch": 3}, "the ledger holds epochs 1 to 2, got epoch 3"),
        ({"epoch": 0}, "the ledger holds epochs 1 to 2, got epoch 0"),
        ({"first": 3, "last": 2}, "the ledger holds batches 1 to 6, got 3 to 2"),
        ({"last": 7}, "the ledger holds batches 1 to 6, got 1 to 7"),
        ({"epoch": 1, "last": 2}, "expected an epoch, or a first and a last batch, got both; leave one out"),
    ],
)
def test_batches_that_are_not_there_are_refused(wanted: dict[str, int], sentence: str) -> None:
    run = Run(Network(Dense(1, 1)), ([[1], [2], [3], [4], [5]], [[1], [2], [3], [4], [5]]), batch_size=2)
    run.train(epochs=2)
    with pytest.raises(ExportError) as caught:
        stretch(run.ledger, **wanted)
    assert str(caught.value) == sentence


def test_a_run_without_batches_is_refused() -> None:
    with pytest.raises(ExportError, match="holds no committed batch yet; train first"):
        stretch(Run(Network(Dense(1, 1)), "frozen").ledger)


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        ("nowhere/two", "there is no folder 'nowhere' to write into; make it first"),
        ("file", "file is a file; give the name of a folder for the tables"),
    ],
)
def test_a_folder_that_cannot_be_made_is_refused(
    where: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("", encoding="utf-8")
    assert main(["export", "2", "--csv", where]) == 2
    assert capsys.readouterr().err == f"piggybank: {sentence}\n"
