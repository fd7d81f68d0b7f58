"""Lesson 0 says each name where the thing happens, in about a minute and without arithmetic; it is number 0 of the
course, which a run of one's own is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from looks import caption, run_of
from sitting import SIZE, press, settle, sitting, texts
from told import answers, coins, walk

from piggybank import Lesson, Network, Run
from piggybank.app.cli import main
from piggybank.app.course import course, load_lesson
from piggybank.app.film import Film
from piggybank.app.lessons import LessonError
from piggybank.app.player import start
from piggybank.app.session import Session

WHERE = {
    "prediction": "1.1.1.predict",
    "error": "1.1.1.loss",
    "blame": "1.1.1.blame",
    "coin": "1.1.1.bank",
    "bank": "1.1.1.bank",
    "pending": "1.1.2.predict",
    "batch": "1.1.2.bank",
    "hammer": "1.1.commit",
    "learning rate": "1.1.commit",
    "adjustment": "1.1.commit",
}
"""Where in the lesson each name comes first."""


@pytest.mark.parametrize("name", WHERE)
def test_each_name_is_said_first_where_the_thing_happens(name: str) -> None:
    lesson = load_lesson(0)
    beats = range(lesson.timeline.length(lesson.batches))
    first = next(beat for beat in beats if re.search(rf"\b{name}\b", caption(lesson, beat)))
    assert lesson.timeline.address(first) == WHERE[name]


def test_its_words_calculate_nothing() -> None:
    lesson = load_lesson(0)
    words = [*(cue.says for cue in lesson.cues), *(question.asks for question in lesson.questions)]
    assert [text for text in words if re.search(r"[×÷=+*/−]|\{(?!target)", text)] == []


def test_it_plays_for_a_minute_or_so() -> None:
    lesson = load_lesson(0)
    last = lesson.timeline.commit_beat(lesson.batches)
    film = Film(lesson, start(lesson.run.ledger.header, lesson.selected), 0, last, rate=10, hold=0)
    assert 55 <= len(film.cursors()) / 10 <= 70


def test_its_numbers_are_small_and_its_one_question_has_an_answer_that_needs_no_arithmetic() -> None:
    lesson = load_lesson(0)
    assert answers(lesson) == {"1.1.commit": "0"}
    assert walk(lesson.run, 2) == [1, 1.5, 1.75]
    assert [coins(lesson.run, batch) for batch in (1, 2)] == [[-10, 2], [-8, 4]]


def test_modified_it_does_what_its_comments_say() -> None:
    lesson = load_lesson(0)
    network, rule, data = lesson.run.network, lesson.run.rule, ([[2], [2]], [5, 1])
    assert isinstance(network, Network)
    at_once = Session(Lesson(None, "one", Run(network, ([[2], [2]], [7, 1]), rule=rule, batch_size=1), batches=4), [])
    assert "pending" not in at_once.scene(SIZE).text()
    assert "pending" in Session(lesson, []).scene(SIZE).text()
    assert walk(Run(network, data, rule=rule, batch_size=2), 1) == [1, 1.25]


def test_it_is_the_first_entry_of_the_menu_and_its_end_leads_to_lesson_1() -> None:
    session = Session(None, course())
    press(session, "return")
    assert session.lesson is not None
    assert session.lesson.heading == "Lesson 0 · Meet the piggy"
    session.command("moment", "1.1.commit")
    press(session, "right", "b", "right")
    settle(session)
    press(session, "end")
    assert "You predicted 1 of 1" in texts(session)
    press(session, "return")
    assert session.lesson.number == 1
    press(session, "l")
    assert session.done == {0: "1 of 1 right"}
    assert "1 of 1 right" in session.scene(SIZE).text()


def test_zero_is_its_number_for_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["receipt", "0", "--weight", "x1->y", "--batch", "1", "--sample", "2"]) == 0
    assert "x1->y, batch 1, sample 2 of 2" in capsys.readouterr().out
    assert main(["snapshot", "0", "--at", "1.1.2.bank", "--size", "640x480", "--out", str(tmp_path / "0.png")]) == 0
    assert (tmp_path / "0.png").exists()


def test_a_run_of_ones_own_has_no_number_and_offers_no_menu_of_lessons() -> None:
    mine = Session(Lesson(None, "Mine", run_of(1, 1), batches=1), [])
    assert "Lesson" not in mine.scene(SIZE).text()
    assert "Mine" in mine.scene(SIZE).text()
    assert [hit for hit in mine.scene(SIZE).hits if hit.command == "menu"] == []
    assert [hit for hit in sitting(0).scene(SIZE).hits if hit.command == "menu"] != []


@pytest.mark.parametrize("number", [-1, "2", 1.0, True])
def test_another_number_is_refused(number: object) -> None:
    with pytest.raises(LessonError, match=r"whole number from 0, .* or None outside the course"):
        Lesson(number, "Mine", run_of(1, 1))  # type: ignore[arg-type]
