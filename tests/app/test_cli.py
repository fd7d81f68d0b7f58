"""The command line: what it prints and writes, and that every refusal is one sentence."""

from __future__ import annotations

import builtins
import errno
import io
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pygame
import pytest
from commands import ONE_COIN, environment, outside, refused, script

from piggybank.app import cli
from piggybank.app.cli import main
from piggybank.app.course import load_lesson

pytestmark = pytest.mark.usefixtures("elsewhere")

COMMANDS = ("lesson", "receipt", "snapshot")


def test_the_module_prints_help() -> None:
    done = outside("-m", "piggybank", "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert all(command in done.stdout for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([command, "--help"])
    assert left.value.code == 0
    assert "usage: piggybank" in capsys.readouterr().out


def test_help_loads_neither_numpy_nor_pygame() -> None:
    code = "import sys, piggybank.app.cli; print([n for n in ('numpy', 'pygame', 'tqdm', 'PIL') if n in sys.modules])"
    assert outside("-c", code).stdout.strip() == "[]"


def test_an_unknown_command_is_refused_with_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["lessn"])
    assert left.value.code == 2
    assert "Traceback" not in capsys.readouterr().err


# Receipts -------------------------------------------------------------------------------------------------------------


def test_a_receipt_is_printed_as_the_ledger_gives_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["receipt", "2", "--weight", "x1->y", "--batch", "1", "--sample", "3"]) == 0
    lesson = load_lesson(2)
    lesson.ensure(0)
    assert capsys.readouterr().out.rstrip("\n") == str(lesson.run.ledger.receipt("x1->y", batch=1, sample=3))


@pytest.mark.parametrize(("name", "sample"), [("x1->y", None), ("x1->y", 2), ("y", 1)])
def test_a_receipt_as_python_evaluates_to_its_number(
    name: str, sample: int | None, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["receipt", "2", "--weight", name, "--batch", "3", "--python"]
    assert main(arguments + (["--sample", str(sample)] if sample else [])) == 0
    lesson = load_lesson(2)
    lesson.ensure(0)
    value = lesson.run.ledger.receipt(name, batch=3, sample=sample).value
    assert eval(capsys.readouterr().out, {"__builtins__": {}, "math": math}) == value


def test_a_receipt_of_a_batch_beyond_the_plan_trains_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["receipt", "1", "--weight", "x1->y", "--batch", "53", "--python"]) == 0
    assert eval(capsys.readouterr().out) == pytest.approx(1.5)


# Snapshots ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "size"),
    [
        ((), (1920, 1080)),
        (("--size", "1024x768", "--at", "1.1.commit", "--progress", "0.5"), (1024, 768)),
        (("--size", "640×400", "--at", "2.2.3.blame", "--inspect", "x1->y"), (640, 400)),
        (("--size", "800x600", "--at", "1.1.commit", "--inspect", "y", "--exact"), (800, 600)),
    ],
)
def test_a_snapshot_is_a_picture_of_the_size_asked_for(
    arguments: tuple[str, ...], size: tuple[int, int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["snapshot", "2", "--out", "seen.png", *arguments]) == 0
    assert capsys.readouterr().out.strip() == str(Path("seen.png").resolve())
    assert Path("seen.png").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    assert pygame.image.load("seen.png").get_size() == size


def test_what_a_snapshot_is_asked_for_changes_the_picture() -> None:
    pictures = set()
    for extra in (
        (),
        ("--progress", "0.3"),
        ("--at", "2.5.3", "--inspect", "x1->y"),
        ("--at", "2.5.3", "--inspect", "x1->y", "--exact"),
        ("--at", "1.1.2"),
    ):
        assert main(["snapshot", "12", "--size", "640x400", "--overwrite", "--out", "seen.png", *extra]) == 0
        pictures.add(Path("seen.png").read_bytes())
    assert len(pictures) == 5


# Refusals -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("lesson", "99"), "there is no lesson 99"),
        (("lesson", "penguins"), "a script ending in .py or a saved run ending in .piggy, got 'penguins'; try 1"),
        (("lesson", "missing.py"), "there is no script at 'missing.py'"),
        (("receipt", "99", "--weight", "x1->y", "--batch", "1"), "there is no lesson 99"),
        (("receipt", "2", "--weight", "x1->z", "--batch", "1"), "did you mean 'x1->y'?"),
        (("receipt", "2", "--weight", "", "--batch", "1"), "there is no weight or neuron called ''"),
        (("receipt", "2", "--weight", "y", "--batch", "1"), "add --sample 1"),
        (
            ("receipt", "2", "--weight", "x1->y", "--batch", "0"),
            "the ledger holds batches 1 to 4, got batch 0; try batch 1",
        ),
        (("receipt", "2", "--weight", "x1->y", "--batch", "-5"), "got batch -5"),
        (("receipt", "2", "--weight", "x1->y", "--batch", "1", "--sample", "5"), "batch 1 has samples 1 to 4"),
        (("receipt", "2", "--weight", "x1->y", "--batch", "1", "--sample", "0"), "batch 1 has samples 1 to 4"),
        (("snapshot", "2", "--at", "1.1"), "expected a moment such as 1.1.3"),
        (("snapshot", "2", "--at", "1.2.1"), "epoch 1 has batch 1"),
        (("snapshot", "2", "--at", "1.1.9"), "batch 1 has samples 1 to 4 and commit"),
        (("snapshot", "2", "--inspect", "x9->y"), "there is no weight or neuron called 'x9->y'"),
        (("snapshot", "2", "--size", "big"), "expected a size such as 1920x1080"),
        (("snapshot", "2", "--size", "100x100"), "from 320x240 to 7680x4320"),
        (("snapshot", "2", "--size", "99999x99999"), "from 320x240 to 7680x4320"),
        (("snapshot", "2", "--progress", "1.5"), "expected --progress from 0 to 1, got 1.5"),
        (("snapshot", "2", "--progress", "nan"), "expected --progress from 0 to 1, got nan"),
        (("snapshot", "2", "--out", "no/such/folder/x.png"), "there is no folder 'no/such/folder' to write into"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_sentence(
    arguments: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert says in refused(capsys, *arguments)


@pytest.mark.skipif(sys.platform == "win32", reason="a folder that somebody is in stays there")
def test_a_folder_that_is_not_there_any_more_is_named_as_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    says = "the folder that this was called in is not there any more; go to another"
    assert refused(capsys, "train", "--data", "xor", "--save", "x.piggy") == says


# No screen ------------------------------------------------------------------------------------------------------------


def test_without_a_screen_a_lesson_is_drawn_as_a_gif(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lesson", script("mine.py", ONE_COIN + "run.train(batches=1)\n")]) == 0
    path = Path("piggybank-run.gif").resolve()
    assert f"There is no screen here, so the first batch was drawn: {path}" in capsys.readouterr().out
    from PIL import Image

    with Image.open(path) as picture:
        assert picture.format == "GIF"
        assert picture.n_frames > 10  # type: ignore[attr-defined]


def test_without_a_screen_and_without_pillow_a_lesson_is_drawn_as_pngs(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without_pillow(name: str, *arguments: Any, **named: Any) -> Any:
        if name.split(".")[0] == "PIL":
            raise ImportError("no Pillow here")
        return real(name, *arguments, **named)

    monkeypatch.setattr(builtins, "__import__", without_pillow)
    assert main(["lesson", "1"]) == 0
    folder = Path("piggybank-lesson-1").resolve()
    assert str(folder) in capsys.readouterr().out
    timeline = load_lesson(1).timeline
    names = sorted(path.name for path in folder.iterdir())
    assert names == [f"{number:03}.png" for number in range(1, timeline.length(2) + 1)]
    assert not list(Path().glob("*.gif"))


def test_without_a_screen_the_menu_is_the_first_lesson_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert Path("piggybank-lesson-0.gif").is_file()
    assert "There is no screen here" in capsys.readouterr().out


def test_a_closed_pipe_is_no_error() -> None:
    command = f"'{sys.executable}' -m piggybank receipt 2 --weight 'x1->y' --batch 1 | head -c 1"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, env=environment()
    )
    assert done.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_printing_where_there_is_no_room_is_refused_in_one_sentence(unbuffered: str) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "piggybank", "receipt", "2", "--weight", "x1->y", "--batch", "1"],
            stdout=full, stderr=subprocess.PIPE, text=True, env={**environment(), "PYTHONUNBUFFERED": unbuffered},
        )  # fmt: skip
    says = "piggybank: the output could not be written (No space left on device); try another place\n"
    assert (done.returncode, done.stderr) == (2, says)


@pytest.mark.parametrize("output", [None, io.StringIO()], ids=["none", "a notebook's"])
def test_what_the_system_refuses_is_one_sentence_whatever_the_output_is(
    output: io.StringIO | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_folder(_: object) -> None:
        raise FileNotFoundError(errno.ENOENT, "No such file or directory")

    monkeypatch.setattr(cli, "_menu", no_folder)
    monkeypatch.setattr(sys, "stdout", output)
    assert main([]) == 2
    says = "piggybank: the output could not be written (No such file or directory); try another place\n"
    assert capsys.readouterr().err == says


def test_ctrl_c_while_the_options_are_read_ends_the_command_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_parser", interrupted)
    assert main(["--help"]) == 130
