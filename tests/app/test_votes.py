"""A class votes at a question: twice, hidden until it goes on, and in the next lesson too."""

from __future__ import annotations

from sitting import at_gate, go, lesson_of, press, settle, sitting, texts

from piggybank import SGD, Dense, Lesson, Network, Question, Run
from piggybank.app.session import Session
from piggybank.app.state import TALLY, TOLD
from piggybank.stage.timeline import Cursor


def test_a_hint_leaves_the_votes_of_a_class_on_show() -> None:
    run = Run(Network(Dense(1, 1, weights=0.5, bias=False)), "one coin", rule=SGD(1 / 8), batch_size=1)
    asks = Question.how_far("1.1.commit", "How far?", choose=True, hints=("First the average.",))
    session = Session(Lesson(None, "t", run, batches=2, questions=[asks]), [])
    press(session, "k")
    go(session, "1.1.commit")
    press(session, "right", "a", "right", "h")
    assert session.state.gate is not None
    assert session.state.gate.stage == TALLY


def test_a_class_votes_twice_sees_its_votes_and_then_the_answer() -> None:
    session = at_gate(4, "2.2.commit")
    press(session, "k", *"aaaab", "backspace", *"cc")
    assert "6 votes, hidden until you go on." in texts(session)
    assert "4 votes" not in texts(session)
    press(session, "page down")
    assert session.state.gate is not None
    assert session.state.gate.stage == TALLY
    assert "4 votes" in texts(session)
    assert "2 votes" in texts(session)
    press(session, "page down", *"cccccc", "page down")
    assert "4 → 0 votes" in texts(session)
    assert "2 → 6 votes" in texts(session)
    assert "It is" not in texts(session)
    press(session, "page down")
    assert "It is +0.375." in texts(session)
    press(session, "page down")
    settle(session)
    assert session.state.cursor == Cursor(lesson_of(session).timeline.commit_beat(2), 1.0)
    assert session.state.answers[-1].voted


def test_a_class_without_votes_goes_straight_to_the_answer() -> None:
    session = at_gate(4, "2.2.commit")
    press(session, "k", "right")
    assert session.state.gate is not None
    assert session.state.gate.stage == TOLD


def test_class_mode_stays_for_the_next_lesson() -> None:
    session = sitting(4)
    press(session, "k", "l", "return")
    assert session.lesson is not None
    assert session.state.class_mode
