"""A saved run played by a person: ten thousand actions leave the file as it is, and the engine is never needed."""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from monkey import Monkey
from nets import trained

from piggybank import SGD, Dense, LedgerError, Network, Run, open_ledger, play
from piggybank.app.course import load_lesson
from piggybank.app.lessons import LessonError
from piggybank.app.recorded import Recorded
from piggybank.app.session import Session

Figure = Callable[[str, object], None]
ROOT = Path(__file__).resolve().parents[2]
ACTIONS = 10_000
LOOKS = 250

WITHOUT_ENGINE = """
import contextlib, os, sys
os.environ["SDL_VIDEODRIVER"] = "dummy"
from piggybank.app.cli import main
from piggybank import play
from piggybank.app.course import load_lesson
from piggybank.app.saved import side_by_side
from piggybank.app.session import Session
path, other, folder = sys.argv[1:]
session = Session(load_lesson(path))
for command in ("forward", "next_batch", "end", "inspect", "back", "summary", "hindsight", "history", "copy", "home"):
    session.command(command, "")
    session.scene((1280, 720))
assert session.copied
assert main(["receipt", path, "--weight", "h2->y", "--batch", "3", "--sample", "2"]) == 0
assert main(["snapshot", path, "--at", "2.2.commit", "--size", "640x400", "--out", f"{folder}/x.png"]) == 0
assert main(["record", path, "--to", "1.1.2.loss", "--size", "320x240", "--fps", "4", "--out", f"{folder}/f.png"]) == 0
assert main(["summary", path]) == 0
assert main(["export", path, "--csv", f"{folder}/tables"]) == 0
assert main(["export", path, "--html", f"{folder}/page.html", "--to", "2"]) == 0
assert main(["export", path, "--xlsx", f"{folder}/sheets.xlsx", "--to", "2"]) == 0
assert main(["worksheet", path, "--out", f"{folder}/sheet.html", "--to", "2"]) == 0
with contextlib.suppress(SystemExit):
    main(["audit", "--strict", path])
session = Session(side_by_side([path, other]))
for command in ("forward", "next_batch", "front 2", "inspect", "front 1", "end", "beside", "copy", "home"):
    session.command(*f"{command} ".split(" ", 1))
    session.scene((1280, 720))
assert main(["snapshot", path, other, "--at", "2.2.commit", "--size", "640x400", "--out", f"{folder}/y.png"]) == 0
play(path, other)
print("loaded:", *[name for name in sys.modules if name.startswith(("piggybank.engine", "piggybank.training"))])
"""


def test_the_file_stays_as_it_is_whatever_a_person_does(tmp_path: Path, figure: Figure) -> None:
    path = trained("xor 2-3-1 tanh").save(tmp_path / "run.piggy")
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    monkey = Monkey(Session(load_lesson(path)), random.Random(14))
    scene = monkey.session.scene(monkey.size)
    for action in range(ACTIONS):
        monkey.act(scene)
        if action % (ACTIONS // LOOKS) == 0:
            scene = monkey.session.scene(monkey.size)
    after = hashlib.sha256(path.read_bytes()).hexdigest()
    figure(
        "T14 actions on a saved run, and whether its file changed", f"{ACTIONS:,}, {'no' if after == before else 'yes'}"
    )
    assert after == before
    assert os.listdir(tmp_path) == ["run.piggy"]


def playing(path: Path, batches: int) -> Session:
    """A saved run of that many batches of one sample, at its end."""
    run = Run(Network(Dense(2, 1)), "xor", rule=SGD(0.5), batch_size=1).train(batches=batches)
    session = Session(load_lesson(run.save(path)))
    session.scene((1280, 720))
    return session


def begins(path: Path, batch: int) -> int:
    """The byte at which a batch's line begins."""
    return len(b"".join(path.read_bytes().splitlines(keepends=True)[:batch]))


def cut_off(path: Path) -> None:
    os.truncate(path, begins(path, 81) + 20)


def written_over(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(begins(path, 81))
        file.write(b"x" * (begins(path, 161) - begins(path, 81)))


@pytest.mark.parametrize("command", ["end", "next_batch", "back", "copy", "tick"])
@pytest.mark.parametrize("moment", [60, 120])
@pytest.mark.parametrize("lose", [cut_off, written_over])
def test_a_file_that_loses_batches_while_it_is_played_plays_as_far_as_it_goes_and_says_so(
    lose: Callable[[Path], None], moment: int, command: str, tmp_path: Path
) -> None:
    session = playing(tmp_path / "run.piggy", 160)
    session.command("commit", str(moment))
    lose(tmp_path / "run.piggy")
    session.command(command, "0.1")
    assert session.scene((1280, 720)).labels()
    session.command("end", "")
    texts = [label.text for label in session.scene((1280, 720)).labels()]
    assert session.lesson is not None
    assert session.lesson.timeline.batch_of(session.state.cursor.beat) == len(session.lesson.run.ledger) == 80
    assert any("the 80 batches before it are shown" in text for text in texts)
    session.command("home", "")
    assert session.scene((1280, 720)).labels()


def test_a_coin_of_a_file_that_was_written_over_does_not_sound(tmp_path: Path) -> None:
    session = playing(tmp_path / "run.piggy", 160)
    session.command("sound", "")
    session.command("sample", "120.1")
    before = session.state.cursor
    session.command("forward", "")
    session.command("tick", "9")
    assert session.sounds(before)
    written_over(tmp_path / "run.piggy")
    ledger = session.lesson.run.ledger if session.lesson else None
    assert ledger is not None
    for cache in (ledger._record, ledger.storage._found):  # type: ignore[attr-defined]
        cache.cache_clear()
    assert session.sounds(before) == ()
    assert len(ledger) == 80


def test_a_file_that_loses_all_batches_while_it_is_played_ends_in_one_sentence(tmp_path: Path) -> None:
    session = playing(tmp_path / "run.piggy", 3)
    os.truncate(tmp_path / "run.piggy", 40)
    session.command("tick", "0.1")
    with pytest.raises(LedgerError, match=r"the file was cut off after it was opened; there is no batch before it$"):
        session.scene((1280, 720))


def test_saved_runs_play_alone_and_side_by_side_and_are_filmed_and_exported_without_the_engine(tmp_path: Path) -> None:
    path = trained("xor 2-3-1 tanh").save(tmp_path / "run.piggy")
    other = trained("4-8-3 relu, linear").save(tmp_path / "other.piggy")
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_ENGINE, str(path), str(other), str(tmp_path)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "loaded:"


def test_a_moment_beyond_a_growing_file_is_refused_with_what_it_holds_by_then(tmp_path: Path) -> None:
    run = Run(Network(Dense(2, 1)), "xor", save=tmp_path / "run.piggy").train(batches=2)
    recorded = Recorded(open_ledger(tmp_path / "run.piggy"))
    run.train(batches=3)
    with pytest.raises(LedgerError, match="the recording holds batches 1 to 5, got batch 9"):
        recorded.ensure(9)


def test_play_opens_a_saved_run_by_its_path_and_lets_go_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = trained("xor 2-3-1 tanh")
    path, shown = run.save(tmp_path / "run.piggy"), []
    monkeypatch.setattr("piggybank.app.window.show", lambda lesson: shown.append((lesson, lesson.run.ledger.batch(1))))
    for given in (path, str(path)):
        play(given, title="Again")
        lesson, record = shown.pop()
        assert (lesson.title, lesson.batches, record.batch) == ("Again", len(run.ledger), 1)
        with pytest.raises(LedgerError, match="was closed"):
            lesson.run.ledger.batch(2)


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        (7, "play expects a Run, a ledger or a saved run's path, got 7; try play"),
        ("nowhere.piggy", "there is no file 'nowhere.piggy'"),
        ("", "'.' is a folder; give a file such as run.piggy"),
    ],
)
def test_what_cannot_be_played_is_refused_in_one_sentence(what: object, sentence: str) -> None:
    with pytest.raises((LessonError, LedgerError), match=sentence):
        play(what)  # type: ignore[arg-type]
