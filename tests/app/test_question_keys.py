"""Questions without a mouse: a clicker goes back from one, Tab comes to everything on it, Enter presses it."""

from __future__ import annotations

from sitting import SIZE, at_gate, press, settle

from piggybank.app.session import Session
from piggybank.stage.timeline import Cursor


def test_a_clicker_goes_back_from_a_question_and_meets_it_again() -> None:
    session = at_gate(4, "1.1.1.bank")
    beat = session.state.cursor.beat
    press(session, "page up")
    assert (session.state.gate, session.state.cursor) == (None, Cursor(beat - 1, 1.0))
    press(session, "page down")
    settle(session)
    press(session, "page down")
    assert session.state.gate is not None


def test_a_clicker_goes_back_from_a_question_that_waits_for_a_number() -> None:
    session = at_gate(4, "4.4.commit")
    beat = session.state.cursor.beat
    press(session, ".", "page up")
    assert (session.state.gate, session.state.cursor) == (None, Cursor(beat - 1, 1.0))


def tab_to(session: Session, command: str, argument: str = "") -> None:
    """Tab until the focus is there, each time on what is drawn then."""
    for _ in range(20):
        session.scene(SIZE)
        press(session, "tab")
        if session.state.focus == (command, argument):
            session.scene(SIZE)
            return
    raise AssertionError(f"Tab never comes to {command} {argument}")


def test_tab_comes_to_everything_on_a_question_that_can_be_clicked() -> None:
    session = at_gate(4, "1.1.1.bank")
    scene, visited = session.scene(SIZE), set()
    for _ in range(12):
        press(session, "tab")
        visited.add(session.state.focus)
    assert visited == {("choose", str(place)) for place in range(4)} | {("class", ""), ("close", ""), ("answer_on", "")}
    assert visited <= {(hit.command, hit.argument) for hit in scene.hits}


def test_enter_chooses_the_answer_in_focus_and_then_goes_on() -> None:
    session = at_gate(4, "1.1.1.bank")
    tab_to(session, "choose", "1")
    press(session, "return")
    assert session.state.gate is not None
    assert session.state.gate.right
    session.scene(SIZE)
    press(session, "return")
    assert session.state.gate is None
    assert [answer.right for answer in session.state.answers] == [True]


def test_enter_skips_a_question_whose_skip_is_in_focus() -> None:
    session = at_gate(4, "1.1.1.bank")
    tab_to(session, "close")
    press(session, "return")
    assert session.state.gate is None
    assert [answer.skipped for answer in session.state.answers] == [True]


def test_a_number_typed_after_a_hint_by_tab_is_what_enter_answers() -> None:
    session = at_gate(4, "3.3.commit")
    tab_to(session, "hint")
    press(session, "return")
    assert session.state.gate is not None
    assert session.state.gate.hints == 1
    tab_to(session, "class")
    press(session, "0")
    session.scene(SIZE)
    press(session, "return")
    assert session.state.gate.right
    assert not session.state.class_mode


def test_a_clicker_goes_back_from_an_answered_question_which_stays_answered() -> None:
    session = at_gate(4, "1.1.1.bank")
    press(session, "b", "page up")
    assert session.state.gate is None
    assert [answer.right for answer in session.state.answers] == [True]


def test_a_clicker_blanks_the_screen_at_a_question() -> None:
    session = at_gate(4, "1.1.1.bank")
    press(session, ".")
    assert session.state.blank
    press(session, ".")
    assert not session.state.blank
    press(session, "b", "b")  # the answer B, and then the screen
    assert session.state.blank
