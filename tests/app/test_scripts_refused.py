"""Scripts that cannot be played are refused in one sentence; a mistake of their own keeps Python's answer."""

from __future__ import annotations

import errno
import os

import pytest
from commands import ONE_COIN, Disk, refused, script

from piggybank.app.cli import main
from piggybank.ledger import claiming

pytestmark = pytest.mark.usefixtures("elsewhere")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "makes neither a `lesson` nor a `run`"),
        ("lesson = 3\nrun = 'away'\n", "makes neither a `lesson` nor a `run`"),
        (ONE_COIN.replace("Dense(1, 1)", "Dense(2, 1)"), "try Dense(1, 1) as the first layer"),
        (ONE_COIN.replace("'one coin'", "'one con'"), "one coin"),
        (ONE_COIN + "run.ledger.receipt('a->b', batch=1)\n", "the ledger holds no batch yet"),
        (
            ONE_COIN + "lesson = Lesson(None, 't', run, cues=[Cue('9.9.9', 'x')])\n",
            "batch 9 has samples 1 to 1 and commit",
        ),
        (
            ONE_COIN + "open('nowhere')\n",
            "mine.py, line 3: nowhere cannot be used (no such file or directory)",
        ),
        (
            "from piggybank import SGD\nSGD(0.1,\n  schedule=3)\n",
            "mine.py, line 2: schedule should be one or",
        ),
    ],
)
@pytest.mark.parametrize("command", ["lesson", "snapshot"])
def test_a_script_that_cannot_be_played_is_refused_in_one_sentence(
    command: str, text: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert says in refused(capsys, command, script("mine.py", text))


@pytest.mark.parametrize("text", ["x = (\n", "\0", "\ufeffrun = 1 1\n"], ids=["open bracket", "null", "two words"])
def test_a_script_that_is_no_python_is_refused_in_one_sentence(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    refused(capsys, "lesson", script("mine.py", text))


def test_a_script_that_may_not_be_read_is_refused_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def forbidden(path: str, run_name: str) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)

    monkeypatch.setattr("piggybank.app.scripts.runpy.run_path", forbidden)
    says = "mine.py cannot be used (permission denied); check its name, and who may use it"
    assert refused(capsys, "lesson", script("mine.py", ONE_COIN)) == says


def test_a_script_whose_run_cannot_be_saved_says_so_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(claiming, "os", Disk(3000))
    text = ONE_COIN.replace("'one coin'", "'one coin', save='mine.piggy'") + "run.train(batches=50)\n"
    assert main(["receipt", script("mine.py", text), "--weight", "x1->y", "--batch", "1"]) == 0
    assert capsys.readouterr().err.count("is not being saved any more") == 1


def test_a_mistake_in_a_script_keeps_its_traceback() -> None:
    """It is the learner's own program: Python's own answer helps most."""
    with pytest.raises(ZeroDivisionError):
        main(["lesson", script("mine.py", "1 / 0\n")])


@pytest.mark.parametrize("cue", ["{no_such_number}", "{coin", "{coin!r:>9}", "{}"])
def test_a_cue_with_a_wrong_placeholder_is_refused_or_shown_but_no_traceback(
    cue: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = ONE_COIN + f"lesson = Lesson(None, 't', run, batches=1, cues=[Cue('1.1.1', {cue!r})])\n"
    code = main(["snapshot", script("mine.py", text), "--size", "640x400", "--at", "1.1.1"])
    assert code in (0, 2)
    assert "Traceback" not in capsys.readouterr().err
