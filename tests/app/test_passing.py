"""No question is passed unseen: steps stop at it, and a jump over it says so and leaves it to be asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sitting import SIZE, lesson_of, press, settle, sitting, texts, type_in

from piggybank.app.session import Session
from piggybank.stage.timeline import Cursor

FIRST = "1.1.1.bank"
"""The first question of lesson 4; the next one stands before 2.2.commit."""


def beat_of(session: Session, address: str) -> int:
    return lesson_of(session).timeline.find(address)


@pytest.mark.parametrize("key", ["ctrl+right", "shift+right"])
def test_steps_by_sample_and_by_commit_stop_at_a_question_and_go_on_once_it_is_answered(key: str) -> None:
    session = sitting(4)
    press(session, key)
    assert session.state.gate is not None
    assert session.state.gate.beat == beat_of(session, FIRST)
    assert session.state.cursor == Cursor(beat_of(session, FIRST) - 1, 1.0)
    press(session, "b", "right")  # right, and on into the beat
    settle(session)
    assert session.state.cursor == Cursor(beat_of(session, FIRST), 1.0)
    press(session, key)
    assert session.state.gate is None
    assert session.state.cursor.beat > beat_of(session, FIRST)


def test_a_question_that_is_skipped_stops_nobody_twice() -> None:
    session = sitting(4)
    press(session, "ctrl+right", "escape", "ctrl+right")
    assert session.state.cursor == Cursor(beat_of(session, "1.1.commit"), 1.0)
    press(session, "ctrl+right")
    assert session.state.gate is not None
    assert session.state.gate.beat == beat_of(session, "2.2.commit")


def on_the_strip(session: Session) -> None:
    scene = session.scene(SIZE)
    hit = next(hit for hit in scene.hits if (hit.command, hit.argument) == ("commit", "2"))
    session.click(scene, hit.box.cx, hit.box.cy)


def by_address(session: Session) -> None:
    press(session, "g")
    type_in(session, "2.2.commit")
    press(session, "return")


@pytest.mark.parametrize("jump", [on_the_strip, by_address])
def test_a_jump_over_questions_says_so_and_q_asks_from_before_the_answer(jump: Callable[[Session], None]) -> None:
    session = sitting(4)
    jump(session)
    assert session.state.cursor == Cursor(beat_of(session, "2.2.commit"), 1.0)
    assert "2 questions are skipped: Q asks the last." in texts(session)
    press(session, "q")
    assert session.state.gate is not None
    assert session.state.cursor == Cursor(beat_of(session, "2.2.commit") - 1, 1.0)
    press(session, "escape", "home")
    press(session, "ctrl+right")  # what was only jumped over asks when one comes there
    assert session.state.gate is not None
    assert session.state.gate.beat == beat_of(session, FIRST)


def test_one_question_is_said_in_the_singular_and_once() -> None:
    session = sitting(4)
    session.command("commit", "1")
    assert session.state.notice == "One question is skipped: Q asks it."
    press(session, "home")
    session.command("commit", "1")
    assert session.state.notice == ""


def test_what_a_drag_along_the_strip_has_passed_stays_said_while_it_goes_on() -> None:
    session = sitting(4)
    scene = session.scene(SIZE)
    boxes = [hit.box for hit in scene.hits if hit.command == "sample"]
    for box in boxes[:8]:
        session.drag(scene, box.cx, box.cy)
    assert session.state.notice == "One question is skipped: Q asks it."


def test_a_question_answered_before_is_asked_again_where_one_is() -> None:
    session = sitting(4)
    press(session, "ctrl+right", "b", "right")
    settle(session)
    here = session.state.cursor
    press(session, "q")
    assert session.state.gate is not None
    assert session.state.cursor == here
