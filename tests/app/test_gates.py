"""Gates: stepping and playing wait at a question, answers let one on, hints come when asked for."""

from __future__ import annotations

from itertools import product

import pytest
from looks import SIZES
from sitting import SIZE, at_gate, go, lesson_of, press, settle, sitting, texts, type_in

from piggybank.app.state import TOLD, WRONG
from piggybank.stage.timeline import Cursor


@pytest.mark.parametrize("key", ["right", "page down", "space"])
def test_stepping_and_playing_wait_at_a_gate(key: str) -> None:
    session = sitting(4)
    lesson = lesson_of(session)
    for _ in range(60):
        press(session, key)
        settle(session)
        if session.state.gate is not None:
            break
    assert session.state.gate is not None
    assert session.state.gate.beat == lesson.timeline.find("1.1.1.bank")
    assert lesson.timeline.address(session.state.cursor.beat) == "1.1.1.blame"
    assert session.state.cursor.progress == 1.0


def test_the_number_that_is_asked_for_stands_nowhere_while_the_gate_is_open() -> None:
    for keys, size in product(((), ("v",)), SIZES):
        session = sitting(2)
        go(session, "2.2.commit")
        press(session, *keys, "right")
        shown = {label.text for label in session.scene(size).labels()}
        assert not shown & {"+0.25", "0.25", "1.75"}


def test_jumps_do_not_ask() -> None:
    session = sitting(4)
    for command, argument in (("sample", "1.3"), ("commit", "2"), ("end", ""), ("home", ""), ("moment", "3.3.2")):
        session.command(command, argument)
        assert session.state.gate is None, command


def test_a_right_choice_lets_the_cursor_on_and_does_not_ask_again() -> None:
    session = at_gate(4, "1.1.1.bank")
    press(session, "b")
    assert session.state.gate is not None
    assert session.state.gate.right
    press(session, "right")
    settle(session)
    lesson = lesson_of(session)
    assert session.state.cursor == Cursor(lesson.timeline.find("1.1.1.bank"), 1.0)
    press(session, "left", "right")
    settle(session)
    assert session.state.gate is None


def test_a_wrong_choice_can_be_tried_again_or_shown() -> None:
    session = at_gate(4, "1.1.1.bank")
    press(session, "1")
    assert session.state.gate is not None
    assert (session.state.gate.stage, session.state.gate.tries) == (WRONG, 1)
    assert "That is the error alone" in texts(session).replace("  ", " ")
    press(session, "d", "right")
    assert session.state.gate is not None
    assert (session.state.gate.stage, session.state.gate.tries, session.state.gate.right) == (TOLD, 2, False)
    assert "It is 0." in texts(session)


def test_a_click_on_an_option_answers() -> None:
    session = at_gate(4, "1.1.1.bank")
    scene = session.scene(SIZE)
    hit = next(hit for hit in scene.hits if (hit.command, hit.argument) == ("choose", "1"))
    session.click(scene, hit.box.cx, hit.box.cy)
    assert session.state.gate is not None
    assert session.state.gate.right


def test_escape_skips_and_q_asks_again() -> None:
    session = at_gate(4, "1.1.1.bank")
    press(session, "escape")
    assert session.state.gate is None
    press(session, "right")
    settle(session)
    assert session.state.gate is None
    press(session, "q")
    assert session.state.gate is not None
    assert session.state.gate.beat == lesson_of(session).timeline.find("1.1.1.bank")


def test_without_a_question_so_far_q_says_so() -> None:
    session = sitting(4)
    press(session, "q")
    assert session.state.gate is None
    assert session.state.notice == "There is no question up to here."


def test_hints_come_one_by_one() -> None:
    session = at_gate(2, "2.2.commit")
    seen = []
    for _ in range(3):
        press(session, "?")
        seen.append([hint for hint in ("total ÷ samples", "hammer, −0.125") if hint in texts(session)])
    assert seen == [["total ÷ samples"], ["hammer, −0.125"], ["hammer, −0.125"]]


def test_a_hint_asked_for_after_a_wrong_answer_is_shown() -> None:
    session = at_gate(2, "2.2.commit")
    type_in(session, "+9")
    press(session, "return")
    assert "Not +9" in texts(session)
    press(session, "?")
    assert "total ÷ samples" in texts(session)
    assert session.state.gate is not None
    assert session.state.gate.tries == 1


def test_a_gate_closes_when_one_jumps_away() -> None:
    session = at_gate(4, "1.1.1.bank")
    session.command("commit", "3")
    assert session.state.gate is None
    assert session.state.dialog == ""
    press(session, "n")
    assert session.state.look.theme == "night"


def test_teacher_mode_keeps_the_question_and_the_numbers_but_not_the_prose() -> None:
    session = sitting(2)
    press(session, "t")
    go(session, "2.2.commit")
    press(session, "right")
    assert "How far does the weight move?" in texts(session)
    assert "Hint" not in texts(session)
    type_in(session, "1")
    press(session, "return")
    assert "division" not in texts(session)
    press(session, "right")
    assert "It is +0.25." in texts(session)
