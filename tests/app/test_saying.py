"""Names of files on a terminal: whatever they are called, they neither move the cursor nor hide or add a line."""

from __future__ import annotations

import io
import os
import shlex
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from piggybank import SGD, Dense, Network, Run, open_ledger
from piggybank.app.cli import main
from piggybank.app.lessons import Lesson
from piggybank.app.saying import say
from piggybank.ledger import header_text
from piggybank.ledger.store import save

pytestmark = pytest.mark.usefixtures("elsewhere")

HOSTILE = {
    "the line written over": "\r\x1b[2KINTACT (full): good\x1b[8m",
    "a line of its own": "x\nINTACT (full): good, 9 batches, 9 coins, seal a3f9-c27b-1e44",
    "right to left": "x\u202ettcatni",
    "half a character": os.fsdecode(b"x\xff\xfe"),
    "a bell and a control sequence": "x\x07\x9b31m",
    "no room between": "IN\u200bTACT",
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    network = Network(Dense(2, 2, "tanh"), Dense(2, 1), seed=7)
    run = Run(network, "xor", rule=SGD(0.5), batch_size=3).train(epochs=2)
    return save(run.ledger, tmp_path_factory.mktemp("kept") / "run.piggy").read_bytes()


def damaged(whole: bytes) -> bytes:
    """The file, changed in its third batch."""
    lines = whole.splitlines(keepends=True)
    return b"".join([*lines[:3], lines[3].replace(b"0", b"1", 1), *lines[4:]])


def commands(name: str) -> list[list[str]]:
    """On a damaged file of that name, on a whole, an empty and a missing one, and with targets of that name."""
    inputs = [f"damaged {name}.piggy", f"whole {name}.piggy", f"empty {name}.piggy", f"missing {name}.piggy"]
    found = [[command, path] for command in ("audit", "summary") for path in inputs]
    found += [["receipt", path, "--weight", "y", "--batch", "1"] for path in inputs]
    found += [["export", path, "--csv", name] for path in inputs]
    found += [["export", inputs[1], "--html", f"{name}.html", "--to", "1"] for _ in range(2)]
    found += [["export", "1", "--xlsx", f"{name}/nowhere.xlsx"], ["export", "1", "--xlsx", name]]
    found += [["snapshot", inputs[0], "--size", "320x240", "--out", f"{name}.png"] for _ in range(2)]
    found += [["play", f"{name}.py"], ["lesson", f"missing {name}.py"], ["play", name]]
    train = ["train", "--data", "xor", "--layers", "2", "--epochs", "1", "--save", f"trained {name}.piggy"]
    return [*found, ["audit", inputs[3], "--json"], train]


@pytest.mark.parametrize(
    "command",
    [
        ["receipt", "run.piggy", "--weight", "h2->y", "--batch", "1"],
        ["snapshot", "run.piggy", "--size", "320x240"],
        ["record", "run.piggy", "--to", "1.1.1.predict1", "--size", "320x240", "--fps", "1", "--out", "x.png"],
        ["summary", "run.piggy"],
        ["export", "run.piggy", "--csv", "tables"],
        ["play", "run.piggy"],
        ["lesson", "run.piggy"],
    ],
    ids=lambda command: command[0],
)
def test_every_command_says_first_what_a_damaged_file_no_longer_holds(
    command: list[str], whole: bytes, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Lesson, "play", lambda lesson: None)
    Path("run.piggy").write_bytes(damaged(whole))
    assert main(command) == 0
    said = capsys.readouterr().err.splitlines()[0]
    assert said.startswith("piggybank: run.piggy, line 4: its hash is not that of its text")
    assert said.endswith("; the 2 batches before it are shown")


def test_a_batch_that_was_lost_to_damage_is_refused_with_a_word_of_the_damage(
    whole: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("run.piggy").write_bytes(damaged(whole))
    assert main(["receipt", "run.piggy", "--weight", "y", "--batch", "3"]) == 2
    first, second = capsys.readouterr().err.splitlines()
    assert "the 2 batches before it are shown" in first
    assert "the recording holds batches 1 to 2, got batch 3" in second


@pytest.mark.skipif(sys.platform == "win32", reason="its file systems do not have such names")
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_name_is_spelled_out_wherever_it_reaches_the_terminal(
    kind: str, whole: bytes, capsys: pytest.CaptureFixture[str], figure: Callable[[str, object], None]
) -> None:
    name = HOSTILE[kind]
    Path(f"whole {name}.piggy").write_bytes(whole)
    Path(f"damaged {name}.piggy").write_bytes(damaged(whole))
    Path(f"empty {name}.piggy").write_bytes(b"")
    Path(f"{name}.py").write_text("x = (\n", encoding="utf-8")
    for command in commands(name):
        with suppress(SystemExit):
            main(command)
        printed = capsys.readouterr()
        text = printed.out + printed.err
        assert text.replace("\n", "").isprintable(), command
        assert "INTACT (full): good" not in [line[:19] for line in text.splitlines()], command
    uses = f"{len(HOSTILE)} × {len(commands(name))}"
    figure("T25 hostile names of files × uses, of which moved the cursor, hid or added something", f"{uses}, 0")


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "cp1252", "utf-8"])
@pytest.mark.parametrize(
    "command",
    [
        ["receipt", "run.piggy", "--weight", "h2->y", "--batch", "1"],
        ["summary", "run.piggy"],
        ["audit", "run.piggy"],
        ["train", "--data", "xor", "--epochs", "1", "--save", "→.piggy"],
        ["export", "run.piggy", "--csv", "tables →"],
    ],
    ids=lambda command: command[0],
)
def test_what_standard_output_has_no_letter_for_is_printed_as_a_likeness(
    command: list[str], encoding: str, whole: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("run.piggy").write_bytes(whole)
    printed = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(printed, encoding=encoding))
    with suppress(SystemExit):
        assert main(command) == 0
    sys.stdout.flush()
    text = printed.getvalue().decode(encoding)
    assert "?" not in text
    if command[0] == "receipt":
        known = str(open_ledger("run.piggy").receipt("h2->y", batch=1))
        assert text == f"{_in(known, encoding)}\n"


@pytest.mark.parametrize("encoding", ["ascii", "cp437", "cp1252", "utf-8"])
def test_a_script_says_where_its_picture_stands_in_the_letters_that_its_output_has(
    encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(printed, encoding=encoding, newline="\n"))
    say("größer → 1.gif")
    sys.stdout.flush()
    known = {"ascii": "gr??er -> 1.gif\n", "utf-8": "größer → 1.gif\n"}
    assert printed.getvalue().decode(encoding) == known.get(encoding, "größer -> 1.gif\n")


def test_where_nobody_reads_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    say("größer")


def _in(text: str, encoding: str) -> str:
    """The text as it must look where there are only the letters of an encoding."""
    alike = {"−": "-", "≈": "~", "→": "->", "×": "*", "÷": "/"}
    return "".join(
        letter if letter.encode(encoding, "ignore") or letter not in alike else alike[letter] for letter in text
    )


@pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell reads it")
@pytest.mark.parametrize("name", ["plain.piggy", "with a blank.piggy", "it's.piggy", "$HOME; echo.piggy", "-x.piggy"])
def test_the_command_that_train_ends_with_can_be_pasted(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(header_text, "INLINE", 10)
    played = []
    monkeypatch.setattr(Lesson, "play", lambda lesson: played.append(lesson.run.ledger.seal))
    assert main(["train", "--data", "xor", "--epochs", "2", f"--save={name}"]) == 0
    said = capsys.readouterr().out.splitlines()
    program, *arguments = shlex.split(said[-1].partition("watch it with: ")[2])
    assert program == "piggybank"
    assert main(arguments) == 0
    assert [f"seal {seal}" for seal in played] == [said[-2]]
