"""Scripts that a command carries out: they run as by Python, and what they play is shown once, where it was asked."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from commands import refused, script
from saved_sides import saved

from piggybank.app.cli import main
from piggybank.app.course import load_lesson
from piggybank.app.lessons import Lesson

pytestmark = pytest.mark.usefixtures("elsewhere")

RUN = "from piggybank import *\nrun = Run(Network(Dense(2, 1)), 'xor').train(epochs=2)\n"
RECEIPT = ("receipt", "mine.py", "--weight", "x1->y", "--batch", "1")


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Lesson]:
    found: list[Lesson] = []
    monkeypatch.setattr("piggybank.app.window.show", found.append)
    return found


def mine(text: str) -> str:
    return script("mine.py", text)


@pytest.mark.parametrize("ending", ["play(run)", "Lesson(None, 'Mine', run, batches=2).play()"])
def test_a_script_that_plays_its_run_opens_no_window_for_a_receipt(
    ending: str, shown: list[Lesson], capsys: pytest.CaptureFixture[str]
) -> None:
    mine(f"{RUN}{ending}\n")
    assert main(RECEIPT) == 0
    assert "Commit of x1->y" in capsys.readouterr().out
    assert shown == []


def test_a_script_that_plays_is_played_once_as_it_says(shown: list[Lesson]) -> None:
    mine(f"{RUN}play(run, run.fork(2, learning_rate=0.5), title='Two')\n")
    assert main(["lesson", "mine.py"]) == 0
    assert [(lesson.title, len(lesson.family)) for lesson in shown] == [("Two", 2)]


def test_a_lesson_of_that_name_comes_before_what_is_played(shown: list[Lesson]) -> None:
    mine(f"{RUN}lesson = Lesson(None, 'Mine', run)\nplay(run, title='Other')\n")
    assert main(["play", "mine.py"]) == 0
    assert [lesson.title for lesson in shown] == ["Mine"]


def test_what_a_script_plays_of_files_is_left_to_its_run(shown: list[Lesson]) -> None:
    saved("kept")
    lesson = load_lesson(mine(f"{RUN}play('kept.piggy')\n"))
    assert (lesson.title, len(lesson.run.ledger)) == ("mine", 8)
    assert shown == []


def test_after_a_script_what_is_played_is_shown_again(shown: list[Lesson]) -> None:
    with pytest.raises(ZeroDivisionError):
        load_lesson(mine("1 / 0\n"))
    load_lesson(mine(RUN)).play()
    assert len(shown) == 1


def test_modules_beside_a_script_are_found_and_only_by_it(capsys: pytest.CaptureFixture[str]) -> None:
    Path("sub").mkdir()
    Path("sub/beside_it.py").write_text("RATE = 0.5\n", encoding="utf-8")
    Path("sub/one.py").write_text(f"from beside_it import RATE\n{RUN}", encoding="utf-8")
    before = list(sys.path)
    assert main(["summary", "sub/one.py"]) == 0
    assert sys.path == before
    assert "recorded  8 batches" in capsys.readouterr().out
    del sys.modules["beside_it"]


def test_a_script_finds_no_option_of_the_command_among_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    before = ["piggybank", *RECEIPT]
    monkeypatch.setattr(sys, "argv", before)
    mine(f"import sys\nassert sys.argv == ['mine.py'], sys.argv\n{RUN}")
    assert main(RECEIPT) == 0
    assert sys.argv is before


def test_a_script_that_only_plays_a_file_makes_nothing_to_look_at(capsys: pytest.CaptureFixture[str]) -> None:
    saved("kept")
    mine("from piggybank import *\nplay('kept.piggy')\n")
    assert refused(capsys, *RECEIPT) == (
        "mine.py makes neither a `lesson` nor a `run`; end it with lesson = Lesson(...)"
    )
