"""Saved runs and scripts on the command line and on screen: `play`, `summary` and `receipt`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from commands import TRAIN, refused, session_of, trained

from piggybank import Dense, Network, Run
from piggybank.app.cli import main
from piggybank.app.course import load_lesson
from piggybank.app.lessons import Lesson
from piggybank.app.session import Session
from piggybank.app.state import STILL
from piggybank.stage.timeline import Cursor

pytestmark = pytest.mark.usefixtures("elsewhere")


def at_the_end(session: Session) -> str:
    """What is said when playing on at the end."""
    session.command("end", "")
    session.command("toggle", "")
    session.command("tick", "1000")
    return session.state.notice


def test_a_file_that_is_no_run_is_refused_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    Path("x.piggy").write_text("hello", encoding="utf-8")
    assert "'x.piggy' is not a piggybank file" in refused(capsys, "play", "x.piggy")


def test_a_file_whose_first_batch_is_damaged_is_refused_with_its_name_once(capsys: pytest.CaptureFixture[str]) -> None:
    trained()
    capsys.readouterr()
    lines = Path("a.piggy").read_bytes().splitlines(keepends=True)
    Path("a.piggy").write_bytes(lines[0] + lines[1].replace(b"1", b"7", 3))
    said = refused(capsys, "summary", "a.piggy")
    assert said.startswith("a.piggy, line 2: its hash is not that of its text")
    assert said.endswith("; there is no batch before it")
    assert said.count("a.piggy") == 1


def test_a_batch_beyond_the_recording_is_refused_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    trained()
    capsys.readouterr()
    found = refused(capsys, "receipt", "a.piggy", "--weight", "h1->y", "--batch", "11")
    assert found == "the recording holds batches 1 to 10, got batch 11; ask for an earlier one"


@pytest.mark.parametrize(("epochs", "held"), [(5, "epochs 1 to 5"), (1, "epoch 1")])
def test_an_epoch_beyond_the_recording_is_refused_with_those_it_has(
    epochs: int, held: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*TRAIN, "--epochs", str(epochs), "--save", "a.piggy"]) == 0
    capsys.readouterr()
    says = f"the recording holds {held}, got '9.1.1'"
    assert refused(capsys, "snapshot", "a.piggy", "--at", "9.1.1") == says
    assert refused(capsys, "record", "a.piggy", "--to", "9.1.1", "--out", "x.png") == says


def test_the_receipt_of_a_file_is_that_of_its_ledger(capsys: pytest.CaptureFixture[str]) -> None:
    ledger = trained()
    capsys.readouterr()
    assert main(["receipt", "a.piggy", "--weight", "h2->y", "--batch", "3", "--sample", "2"]) == 0
    assert capsys.readouterr().out.strip() == str(ledger.receipt("h2->y", batch=3, sample=2)).strip()


def test_the_summary_names_the_seal_and_the_largest_coin(capsys: pytest.CaptureFixture[str]) -> None:
    ledger = trained()
    capsys.readouterr()
    assert main(["summary", "a.piggy", "--epoch", "2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:2] == ["seal", ledger.seal]
    coins = {}
    for batch in ledger.epoch(2).batches:
        for sample in range(1, ledger.batch(batch).count + 1):
            for weight in ledger.header.weights:
                value = ledger.receipt(weight.name, batch=batch, sample=sample).lines[2].value
                coins[f"{weight.name}, batch {batch}, sample {sample}"] = value
    largest = max(coins, key=lambda name: abs(coins[name]))
    first = lines[lines.index("largest coins") + 1]
    assert largest in first
    assert float(first.split()[0]) == pytest.approx(coins[largest], rel=1e-5)


def test_the_summary_counts_one_of_a_kind_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    Run(Network(Dense(1, 1, bias=False)), "one coin").train(batches=1).save("one.piggy")
    assert main(["summary", "one.piggy"]) == 0
    said = capsys.readouterr().out
    assert "one coin, 1 row\n" in said
    assert "1→1 linear; 1 weight\n" in said
    assert "recorded  1 batch, epoch 1\n" in said


def test_a_saved_run_is_played_to_its_end_and_no_further() -> None:
    ledger = trained()
    session = session_of("a.piggy")
    assert at_the_end(session) == (
        f"This is the end of the recording; Home goes back to the beginning. Seal {ledger.seal}"
    )
    assert session.lesson is not None
    assert session.state.cursor.beat == session.lesson.timeline.commit_beat(10)


def test_a_saved_run_opens_before_its_first_beat_and_waits() -> None:
    trained()
    session = session_of("a.piggy")
    session.command("tick", "60")
    assert (session.state.cursor, session.state.motion) == (Cursor(0, 0.0), STILL)


def test_a_lesson_shows_its_seal_where_it_ends() -> None:
    session = Session(load_lesson(2))
    assert session.lesson is not None
    session.command("end", "")
    assert session.lesson.run.ledger.seal_at(session.lesson.batches) in session.state.notice


def test_batches_added_by_another_program_can_be_reached() -> None:
    ledger = trained()
    whole = Path("a.piggy").read_bytes()
    lines = whole.splitlines(keepends=True)
    Path("growing.piggy").write_bytes(b"".join(lines[:5]))
    session = session_of("growing.piggy")
    assert session.lesson is not None
    assert session.lesson.batches == 4
    with Path("growing.piggy").open("ab") as file:
        file.write(b"".join(lines[5:]))
    session.command("end", "")
    session.scene((1280, 720))
    assert session.lesson.run.ledger.seal == ledger.seal
    assert session.state.cursor.beat == session.lesson.timeline.commit_beat(10)


def words_on(lesson: Lesson) -> str:
    return "\n".join(str(item) for item in Session(lesson).scene((1280, 720)).over)


def test_a_run_that_is_not_being_saved_any_more_says_so_on_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    lesson = load_lesson(2)
    assert "not being saved" not in words_on(lesson)
    monkeypatch.setattr(type(lesson.run), "save_problem", "a.piggy is not being saved any more (no space left)")
    assert "not being saved any more" in words_on(lesson)


def test_a_damaged_file_says_so_on_screen_and_plays_what_is_whole() -> None:
    trained()
    lines = Path("a.piggy").read_bytes().splitlines(keepends=True)
    Path("a.piggy").write_bytes(b"".join(lines[:4]) + lines[4].replace(b"1", b"7", 3) + b"".join(lines[5:]))
    lesson = load_lesson("a.piggy")
    assert lesson.batches == 3
    assert "a.piggy, line 5: its hash is not that of its text" in words_on(lesson)


def test_a_saved_run_is_known_by_how_it_begins_whatever_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    ledger = trained()
    for name in ("run.txt", "-"):
        os.replace("a.piggy", name)
        assert load_lesson(Path(name)).run.ledger.seal == ledger.seal
        os.replace(name, "a.piggy")
    Path("run.txt").write_text("hello", encoding="utf-8")
    capsys.readouterr()
    assert "a script ending in .py or a saved run ending in .piggy" in refused(capsys, "play", "run.txt")


def test_a_script_that_saves_may_be_told_to_replace_its_file_and_says_so_otherwise(
    capsys: pytest.CaptureFixture[str],
) -> None:
    script = "from piggybank import *\nrun = Run(Network(Dense(2, 1)), 'xor', save='a.piggy'{}).train(epochs=2)\n"
    for more, works in (("", False), (", overwrite=True", True)):
        Path("mine.py").write_text(script.format(more), encoding="utf-8")
        assert main(["summary", "mine.py"]) == 0
        capsys.readouterr()
        if works:
            assert main(["summary", "mine.py"]) == 0
        else:
            assert refused(capsys, "summary", "mine.py") == (
                "mine.py saves its run, and 'a.piggy' is there already; give another name, or have it replaced "
                "(overwrite=True, --overwrite); or give the saved run's name instead of the script's"
            )
