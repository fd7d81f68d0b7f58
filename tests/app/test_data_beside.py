"""Data that are too many for a run's file: written beside it, and taken from there by every command."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from commands import TRAIN, refused

from piggybank.app.cli import main
from piggybank.ledger import header_text

pytestmark = pytest.mark.usefixtures("elsewhere")


@pytest.fixture
def _few_numbers_stand_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(header_text, "INLINE", 10)


def ended(*command: str) -> int | str | None:
    """The exit code of a command, however it gives it."""
    try:
        return main(command)
    except SystemExit as left:
        return left.code


@pytest.mark.usefixtures("_few_numbers_stand_in_a_file")
def test_data_too_many_for_a_file_are_written_beside_it_and_every_command_takes_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([*TRAIN, "--epochs", "5", "--save", "a.piggy"]) == 0
    said = capsys.readouterr().out
    assert "saved in a.piggy, the data in a.bin; watch it with: piggybank play a.piggy --data a.bin" in said
    run = ("a.piggy", "--data", "a.bin")
    for command in (
        ("summary", *run),
        ("receipt", *run, "--weight", "h2->y", "--batch", "3"),
        ("export", *run, "--csv", "tables"),
        ("snapshot", *run, "--size", "640x360"),
        ("record", *run, "--size", "320x240", "--to", "1.1.1.bank", "--fps", "2", "--out", "x.png"),
        ("audit", *run),
    ):
        assert ended(*command) == 0
        printed = capsys.readouterr()
        assert (printed.err, bool(printed.out)) == ("", True), command


@pytest.mark.usefixtures("_few_numbers_stand_in_a_file")
def test_data_that_are_not_beside_a_file_or_are_others_are_refused_in_one_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([*TRAIN, "--epochs", "5", "--save", "a.piggy"]) == 0
    data = Path("a.bin").read_bytes()
    Path("short.bin").write_bytes(data[:-8])
    Path("other.bin").write_bytes(data[:-8] + b"\0\0\0\0\0\0\x1c@")
    capsys.readouterr()
    for given, says in (
        ((), "open it with data=(inputs, targets), or with --data FILE.bin as train wrote it beside, or run.save_data"),
        (("--data", "short.bin"), "expected data of 96 bytes in 'short.bin', found 88"),
        (("--data", "other.bin"), "the targets given in data= are not those that the run learned from"),
        (("--data", "none.bin"), "the data in 'none.bin' cannot be read (no such file or directory)"),
    ):
        assert says in refused(capsys, "summary", "a.piggy", *given)
    assert refused(capsys, "summary", "2", "--data", "a.bin") == (
        "--data is for a saved run whose data do not stand in its file, got '2'; leave it out"
    )
    os.unlink("a.piggy")
    assert "'a.bin', where the data belong, is there already" in refused(capsys, *TRAIN, "--save", "a.piggy")
    assert not os.path.exists("a.piggy")
    assert main([*TRAIN, "--epochs", "5", "--save", "a.piggy", "--overwrite"]) == 0


@pytest.mark.parametrize(
    "command",
    [
        "play", "lesson", "summary", "snapshot", "record", "worksheet --out x.html", "export --html x.html",
        "export --csv tables", "receipt --weight h2->y --batch 3",
    ],
)  # fmt: skip
def test_data_given_for_a_file_that_holds_its_own_are_refused_in_one_sentence(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*TRAIN, "--save", "a.piggy"]) == 0
    Path("a.bin").write_bytes(b"")
    capsys.readouterr()
    name, *rest = command.split()
    assert refused(capsys, name, "a.piggy", *rest, "--data", "a.bin") == (
        "a.piggy, line 1: the data stand in the file itself; leave data= out, and --data"
    )


def test_an_audit_with_data_for_a_file_that_holds_its_own_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*TRAIN, "--save", "a.piggy"]) == 0
    Path("a.bin").write_bytes(b"12345678")
    assert ended("audit", "a.piggy", "--data", "a.bin") == 1
    assert "PB303" in capsys.readouterr().out
