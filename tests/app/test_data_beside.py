"""Data that are too many for a run's file: written beside it, and taken from there by every command."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from commands import TRAIN, refused

from piggybank import Dense, Network, Run
from piggybank.app.cli import main
from piggybank.app.lessons import Lesson
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


# Several runs ---------------------------------------------------------------------------------------------------------


def two_outside() -> list[str]:
    """Two runs of other data than each other's, whose files do not hold them, and one whose file does."""
    for name, last in (("a", 0.0), ("b", 1.0)):
        run = Run(Network(Dense(2, 1)), ([[0, 0], [0, 1], [1, 0], [1, last]], [0, 1, 1, 0])).train(batches=2)
        run.save(f"{name}.piggy")
        run.save_data(f"{name}.bin")
    Run(Network(Dense(2, 1)), ([[0, 0], [0, 1]], [0, 1])).train(batches=2).save("own.piggy")
    return ["a.piggy", "own.piggy", "b.piggy"]


@pytest.mark.usefixtures("_few_numbers_stand_in_a_file")
def test_of_several_runs_each_that_needs_data_takes_its_own_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[list[list[float]]] = []

    def show(lesson: Lesson) -> None:
        shown.append([other.run.ledger.header.inputs[-1].tolist() for other in lesson.family])

    monkeypatch.setattr("piggybank.app.window.show", show)
    assert main(["play", *two_outside(), "--data", "a.bin", "--data", "b.bin"]) == 0
    assert shown == [[[1, 0], [0, 1], [1, 1]]]
    both = ["a.piggy", "b.piggy", "--data", "a.bin", "--data", "b.bin", "--size", "640x400"]
    assert main(["snapshot", *both]) == 0
    assert main(["record", *both, "--to", "1.1.1.bank", "--fps", "2", "--out", "x.png"]) == 0


@pytest.mark.usefixtures("_few_numbers_stand_in_a_file")
def test_of_several_runs_those_with_the_same_data_take_them_from_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[list[int]] = []
    monkeypatch.setattr(
        "piggybank.app.window.show",
        lambda lesson: shown.append([other.run.ledger.header.rows for other in lesson.family]),
    )
    for name, rate in (("a", "0.25"), ("b", "0.5")):
        assert main(["train", "--data", "xor", "--learning-rate", rate, "--save", f"{name}.piggy"]) == 0
    assert main(["play", "a.piggy", "b.piggy", "--data", "a.bin"]) == 0
    assert shown == [[4, 4]]


@pytest.mark.usefixtures("_few_numbers_stand_in_a_file")
@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ([], "a.piggy, line 1: the data are too many to stand in the file; open it with data=(inputs, targets)"),
        (["a.bin"], "b.piggy, line 1: the inputs given in data= are not those that the run learned from"),
        (["b.bin", "a.bin"], "a.piggy, line 1: the inputs given in data= are not those that the run learned from"),
        (
            ["a.bin", "b.bin", "a.bin"],
            "--data was given 3 times for 2 runs whose data do not stand in the file; give it once for each such run",
        ),
    ],
)
def test_data_of_several_runs_that_do_not_fit_are_refused_in_one_sentence(
    given: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    options = [word for path in given for word in ("--data", path)]
    assert refused(capsys, "play", *two_outside(), *options).startswith(sentence)


@pytest.mark.usefixtures("_few_numbers_stand_in_a_file")
def test_data_of_fewer_runs_than_need_some_are_refused_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    a, own, b = two_outside()
    os.link("b.piggy", "c.piggy")
    assert refused(capsys, "play", a, own, b, "c.piggy", "--data", "a.bin", "--data", "b.bin") == (
        "'c.piggy' needs its data too; give --data once for all such runs, or once for each, in order"
    )


def test_one_run_takes_data_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*TRAIN, "--save", "a.piggy"]) == 0
    capsys.readouterr()
    assert refused(capsys, "play", "a.piggy", "--data", "a.bin", "--data", "b.bin") == (
        "one run takes --data once, got it 2 times; leave out what is not its own"
    )
