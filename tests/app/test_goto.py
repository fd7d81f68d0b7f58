"""Going to a typed moment: what is typed stands there, and what is no moment gets a sentence."""

from __future__ import annotations

import re

import pytest
from sitting import SIZE, session_of, type_in

from piggybank.app.controls import CONTROLS
from piggybank.app.course import course, load_lesson
from piggybank.app.overlays.goto import EXAMPLES
from piggybank.app.session import Session
from piggybank.stage.timeline import Cursor

HOSTILE = (
    "\x00\x1b[31m",
    "1.1.1; rm",
    "'; DROP TABLE",
    "1" * 5000,
    "1.1." + "9" * 400,
    "-1.1.1",
    "1e3.1.1",
    "\u202e1.1.x",
    "💥.💥.💥",
    "1.1.1.bank99999999999999999999",
    "nan.inf.1",
    "..",
    "1.1.commit.commit",
    "{x}",
    "%s%n",
    " ",
)


def texts(session: Session) -> list[str]:
    return [label.text for label in session.scene(SIZE).labels()]


def test_g_asks_for_a_moment_and_enter_goes_there() -> None:
    session = session_of()
    session.key("g", "g")
    assert "Go to a moment" in texts(session)
    type_in(session, "2.2.3")
    session.key("return", "\r")
    assert session.state.cursor == Cursor(session.lesson.timeline.find("2.2.3"), 1.0)  # type: ignore[union-attr]
    assert session.state.dialog == ""


def test_the_button_goes_there_too() -> None:
    session = session_of()
    session.key("g", "g")
    type_in(session, "1.1.commit")
    scene = session.scene(SIZE)
    go = next(hit for hit in scene.hits if hit.command == "submit")
    session.click(scene, go.box.cx, go.box.cy)
    assert session.state.cursor == Cursor(session.lesson.timeline.commit_beat(1), 1.0)  # type: ignore[union-attr]


def test_what_is_typed_is_shown_and_backspace_takes_it_back() -> None:
    session = session_of()
    session.key("g", "g")
    type_in(session, "1.2")
    assert "1.2" in texts(session)
    session.key("backspace", "\b")
    assert session.state.typed == "1."


def test_keys_type_and_do_nothing_else_while_text_is_asked_for() -> None:
    session = session_of()
    session.key("g", "g")
    before = session.state
    for control in CONTROLS:
        for name in control.keys:
            if len(name) == 1:
                session.key(name, name)
    after = session.state
    assert (after.cursor, after.look, after.blank, after.summary, after.hindsight) == (
        before.cursor,
        before.look,
        before.blank,
        before.summary,
        before.hindsight,
    )
    assert after.typed


def test_escape_closes_the_question_where_to_go_and_nothing_moves() -> None:
    session = session_of()
    session.key("g", "g")
    type_in(session, "2.2.2")
    session.key("escape", "\x1b")
    assert (session.state.dialog, session.state.typed, session.state.cursor) == ("", "", Cursor(0, 0.0))


@pytest.mark.parametrize(
    ("typed", "helps"),
    [
        ("7", "such as 1.1.3"),
        ("1.9.1", "Epoch 1 has batch 1"),
        ("0.1.1", "Epochs count from 1"),
        ("1.1.9", "samples 1 to 4 and commit"),
        ("1.1.1.blime", "predict, loss, blame and bank"),
        ("99999999.99999999.1", "smaller steps"),
    ],
)
def test_a_moment_that_is_not_there_gets_a_sentence_and_stays_to_be_mended(typed: str, helps: str) -> None:
    session = session_of()
    session.key("g", "g")
    type_in(session, typed)
    session.key("return", "\r")
    assert helps in session.state.notice
    assert session.state.typed == typed
    assert session.state.cursor == Cursor(0, 0.0)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_in_the_field_is_shown_or_refused_in_one_sentence(text: str) -> None:
    session = session_of()
    session.key("g", "g")
    type_in(session, text)
    assert len(session.state.typed) <= 60
    assert session.state.typed.isprintable()
    session.scene(SIZE)
    session.key("return", "\r")
    assert session.state.cursor == Cursor(0, 0.0)
    assert session.state.dialog == "" or "\n" not in session.state.notice != ""
    session.scene(SIZE)


def test_digits_of_any_script_name_a_moment() -> None:
    session = session_of()
    session.key("g", "g")
    type_in(session, "١.١.٢")
    session.key("return", "\r")
    assert session.state.cursor == Cursor(session.lesson.timeline.find("1.1.2"), 1.0)  # type: ignore[union-attr]


def test_every_example_of_go_to_is_a_moment_of_every_lesson() -> None:
    examples = re.findall(r"\d[.\w]*", EXAMPLES)
    assert len(examples) == 3
    for entry in course():
        timeline = load_lesson(entry.number).timeline
        assert all(timeline.address(timeline.find(example)).startswith("1.1.") for example in examples)
