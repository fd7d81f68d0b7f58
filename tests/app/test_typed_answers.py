"""Numbers that are typed at a question: how they are read, and what a wrong one left out."""

from __future__ import annotations

import pytest
from looks import SIZES
from sitting import SIZE, at_gate, lesson_of, press, texts, type_in

from piggybank.app.questions import read_number
from piggybank.app.state import ASK, TOLD, WRONG
from piggybank.stage.scene import Label, Panel


@pytest.mark.parametrize(
    ("typed", "value"),
    [("0.5", 0.5), ("0,5", 0.5), ("+.25", 0.25), ("−2", -2.0), ("-2", -2.0), (" 1 / 8 ", 0.125), ("1e-3", 0.001),
     ("-9/64", -9 / 64), ("2.", 2.0), ("−1/−4", 0.25), ("٣", 3.0)],
)  # fmt: skip
def test_a_typed_number_is_read(typed: str, value: float) -> None:
    assert read_number(typed) == value


@pytest.mark.parametrize(
    "typed",
    ["", "a", "nan", "inf", "1e999", "1/0", "1/2/3", "1,000.5", "1.2.3", "--2", "0x10", "1_000", "__import__('os')",
     "9" * 5000,          "1e99999999", "½", "+", "/", "1/", "💥"],
)  # fmt: skip
def test_what_is_no_number_is_refused_in_one_sentence_and_nothing_is_lost(typed: str) -> None:
    assert read_number(typed) is None
    session = at_gate(4, "4.4.commit")
    type_in(session, typed[:100] or "x")
    press(session, "return")
    assert session.state.notice.startswith("Expected a number")
    assert session.state.gate is not None
    assert session.state.gate.tries == 0
    assert session.state.gate.stage == ASK
    session.scene(SIZE)


@pytest.mark.parametrize(
    ("typed", "feedback"),
    [
        ("-0.140625", "The hammer turns the sign."),
        ("0,5625", "without the division"),
        ("-9/16", "without the hammer"),
        ("0", "not empty"),
        ("0.2", "Too large."),
        ("0.1", "Too small."),
        ("-7", "The sign is not right."),
        ("0.140624", "Too small."),
    ],
)
def test_a_wrong_number_is_told_what_it_left_out(typed: str, feedback: str) -> None:
    session = at_gate(4, "4.4.commit")
    type_in(session, typed)
    press(session, "return")
    assert session.state.gate is not None
    assert session.state.gate.stage == WRONG
    assert feedback in session.state.gate.feedback
    assert "+0.140625" not in texts(session)
    type_in(session, "9/64")
    press(session, "return")
    assert session.state.gate is not None
    assert (session.state.gate.stage, session.state.gate.right) == (TOLD, True)


def test_after_a_wrong_answer_the_explanation_marks_the_number_it_left_out() -> None:
    session = at_gate(4, "4.4.commit")
    type_in(session, "0.5625")
    press(session, "return", "right")
    words = texts(session)
    assert "÷ [ 4 ] is" in words
    other = at_gate(4, "4.4.commit")
    press(other, "right")
    assert "[" not in texts(other)


def test_the_numbers_of_an_explanation_open_their_receipts() -> None:
    session = at_gate(2, "2.2.commit")
    press(session, "right")
    labels = [label for label in session.scene(SIZE).over if isinstance(label, Label) and label.ref is not None]
    ledger = lesson_of(session).run.ledger
    assert {label.text: ledger.open(label.ref).value for label in labels if label.ref is not None} == {
        "−8": -8.0, "4": 4.0, "−2": -2.0, "−0.125": -0.125, "+0.25": 0.25,
    }  # fmt: skip
    scene = session.scene(SIZE)
    hit = next(hit for hit in reversed(scene.hits) if hit.command == "open")
    session.click(scene, hit.box.cx, hit.box.cy)
    assert session.state.trail


@pytest.mark.parametrize("size", SIZES)
def test_what_came_of_a_typed_answer_stands_right_under_its_entry(size: tuple[int, int]) -> None:
    session = at_gate(2, "2.2.commit")
    type_in(session, "+9")
    press(session, "return")
    over = session.scene(size).over
    labels = [item for item in over if isinstance(item, Label)]
    typed = next(label for label in labels if label.text == "type a number")
    said = next(label for label in labels if label.text.startswith("Not"))
    entry = [item.box for item in over if isinstance(item, Panel) and item.box.contains(typed.x, typed.y)][-1]
    assert entry.bottom < said.y < entry.bottom + entry.h


def test_the_left_arrow_does_not_throw_away_a_number_half_typed() -> None:
    session = at_gate(4, "4.4.commit")
    press(session, "1", "left")
    assert session.state.gate is not None
    assert session.state.typed == "1"
