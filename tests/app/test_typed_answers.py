"""Numbers that are typed at a question: how they are read, and what a wrong one left out."""

from __future__ import annotations

from itertools import pairwise

import pytest
from looks import SIZES
from sitting import SIZE, at_gate, go, lesson_of, press, texts, type_in

from piggybank import SGD, Dense, Lesson, Network, Question, Run
from piggybank.app.questions import read_number
from piggybank.app.session import Session
from piggybank.app.state import ASK, TOLD, WRONG
from piggybank.stage.palette import BLAME_INK, BOLD
from piggybank.stage.scene import Label, Line, Panel


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


@pytest.mark.parametrize("typed", ["", "  "])
def test_enter_on_an_empty_field_asks_for_a_number_and_gives_nothing_away(typed: str) -> None:
    session = at_gate(4, "4.4.commit")
    type_in(session, typed)
    press(session, "return")
    assert session.state.notice.startswith("Type a number first")
    assert session.state.gate is not None
    assert (session.state.gate.stage, session.state.gate.tries) == (ASK, 0)
    press(session, "right")
    assert session.state.gate.stage == TOLD


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


def test_the_right_size_with_the_wrong_sign_is_told_so_where_that_is_no_known_mistake() -> None:
    run = Run(Network(Dense(1, 1, weights=0.5, bias=False)), "one coin", rule=SGD(0.125), batch_size=1)
    lesson = Lesson(None, "Mine", run, batches=1, questions=[Question("1.1.commit", "How far?", "adjustment")])
    session = Session(lesson)
    go(session, "1.1.commit")
    press(session, "right")
    type_in(session, "-0.5")
    press(session, "return")
    assert session.state.gate is not None
    assert session.state.gate.feedback == "The size is right, the sign is not."


def test_after_a_wrong_answer_the_explanation_marks_the_number_it_left_out() -> None:
    session = at_gate(4, "4.4.commit")
    type_in(session, "0.5625")
    press(session, "return", "right")
    words = texts(session)
    assert "÷ 4 is" in words
    assert "Underlined: left out." in words
    assert [label.text for label in underlined(session)] == ["4"]
    other = at_gate(4, "4.4.commit")
    press(other, "right")
    assert "Underlined" not in texts(other)
    assert underlined(other) == []


def underlined(session: Session, size: tuple[int, int] = SIZE) -> list[Label]:
    """The bold numbers of a sentence with a line right under all of their width."""
    over = session.scene(size).over
    rules = [item for item in over if isinstance(item, Line) and item.colour == BLAME_INK]
    found = [label for label in over if isinstance(label, Label) and label.ref and label.font == BOLD]
    return [
        label
        for label in found
        if any(abs(rule.points[0][0] - label.x) < 1 and 0 < rule.points[0][1] - label.y < label.size for rule in rules)
    ]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("number", "address", "keys"), [(11, "1.1.commit", "a"), (4, "4.4.commit", "0.5625")])
def test_no_mark_reads_as_mathematics_and_no_break_parts_a_sign_from_its_number(
    number: int, address: str, keys: str, size: tuple[int, int]
) -> None:
    session = at_gate(number, address)
    type_in(session, keys)
    press(session, *(["return"] if len(keys) > 1 else []), "right")
    assert len(underlined(session, size)) == 1
    labels = [label for label in session.scene(size).over if isinstance(label, Label)]
    assert not any("[" in label.text or "]" in label.text for label in labels)
    for before, label in pairwise(labels):
        if label.ref and before.text.endswith(("×", "÷", "√")):
            assert before.y == label.y, (before.text, label.text)


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
