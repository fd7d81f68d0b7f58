"""A script of the course, changed as its MODIFY lines ask for, still plays; and it tells nothing that is not so."""

from __future__ import annotations

from pathlib import Path

import pytest
from sitting import SIZE, each_lesson, press, settle

from piggybank import Cue, Dense, Lesson, Network, Question, Run
from piggybank.app.course import course, load_lesson
from piggybank.app.session import UNTOLD, Session
from piggybank.stage.timeline import AddressError

CHANGES = [
    (0, "batch_size=2", "batch_size=1", False),
    (1, "rate=1 / 8", "rate=1 / 4", True),
    (2, "batch_size=4", "batch_size=1", False),
    (2, "batch_size=4", "batch_size=2", False),
    (3, 'reduce="total",  #', 'reduce="average",  #', True),
    (5, "batch_size=4", "batch_size=1", False),
    (5, "batch_size=4", "batch_size=6", False),
    (6, 'fault="forgot-to-empty",', "", True),
    (9, "[[1, -1]]", "[[1, 1]]", True),
    (10, "friction=1 / 2", "friction=1", True),
    ("A", "batch_size=4", "batch_size=2", False),
]


@pytest.mark.parametrize(("number", "old", "new", "told"), CHANGES)
def test_a_changed_script_plays_on_with_its_words_only_where_its_batches_are_the_same(
    number: int | str, old: str, new: str, told: bool, tmp_path: Path
) -> None:
    text = next(entry.path for entry in course() if entry.number == number).read_text("utf-8")
    assert old in text
    script = tmp_path / "mine.py"
    script.write_text(text.replace(old, new), encoding="utf-8")
    lesson = load_lesson(str(script))
    assert (bool(lesson.cues), bool(lesson.questions)) == (told, told)
    session = Session(lesson)
    assert (session.state.notice == UNTOLD) == (not told)
    press(session, "right")
    settle(session)
    session.scene(SIZE)


@each_lesson
def test_the_course_itself_is_told(number: int | str) -> None:
    lesson = load_lesson(number)
    assert lesson.is_told
    assert lesson.cues


@pytest.mark.parametrize("parts", [{"cues": [Cue("1.1.9", "x")]}, {"questions": [Question("1.1.9.bank", "?", "coin")]}])
def test_who_writes_a_lesson_is_told_of_a_moment_that_it_does_not_have(parts: dict[str, object]) -> None:
    run = Run(Network(Dense(2, 1)), "xor", batch_size=4)
    with pytest.raises(AddressError, match="batch 1 has samples 1 to 4"):
        Lesson(None, "Mine", run, **parts)  # type: ignore[arg-type]


def test_what_names_no_moment_is_refused_in_the_course_too() -> None:
    run = Run(Network(Dense(2, 1)), "xor", batch_size=4)
    with pytest.raises(AddressError, match="a sample's phases are predict"):
        Lesson(3, "Mine", run, cues=[Cue("1.1.1.bnak", "x")])
