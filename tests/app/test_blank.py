"""The blank screen: whatever is pressed brings the picture back, and nothing happens unseen."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sitting import SIZE, at_gate, session_of, settle, texts

from piggybank.app.course import course
from piggybank.app.session import Session

KEYS = ("b", ".", "right", "page down", "space", "left", "ctrl+right", "end", "tab", "escape", "w", "g", "z", "n", "")


def sittings() -> dict[str, Session]:
    """In a lesson, at a question, over a dialog, in the menu."""
    lesson = session_of()
    lesson.key("right")
    settle(lesson)
    dialog = session_of()
    dialog.key("g")
    return {"lesson": lesson, "question": at_gate(4, "1.1.1.bank"), "dialog": dialog, "menu": Session(None, course())}


@pytest.mark.parametrize("name", KEYS)
@pytest.mark.parametrize("where", ["lesson", "question", "dialog", "menu"])
def test_any_key_brings_the_picture_back_and_does_nothing_else(where: str, name: str) -> None:
    session = sittings()[where]
    before, chosen = session.state, session.chosen
    session.command("blank", "")
    assert session.state.blank
    session.scene(SIZE)
    session.key(name, name if len(name) == 1 else "")
    assert (session.state, session.chosen) == (replace(before, notice=""), chosen)


@pytest.mark.parametrize("name", ["left shift", "shift+left shift", "ctrl+left ctrl", "right alt"])
def test_a_key_that_does_nothing_by_itself_leaves_it_blank(name: str) -> None:
    session = session_of()
    session.key("b")
    session.key(name)
    assert session.state.blank


def test_the_wheel_and_a_click_bring_it_back_and_ctrl_q_still_quits() -> None:
    session = session_of("xor 2-3-1")
    selected = session.state.selected
    session.key("b")
    session.command("weight_down", "")
    assert (session.state.blank, session.state.selected) == (False, selected)
    session.key("b")
    session.click(session.scene(SIZE), 300, 200)
    assert not session.state.blank
    session.key("b")
    session.key("ctrl+q")
    assert session.quit


@pytest.mark.parametrize("where", ["lesson", "question", "dialog", "menu"])
def test_the_blank_screen_says_how_to_leave_it_and_nothing_else(where: str) -> None:
    session = sittings()[where]
    session.command("blank", "")
    assert texts(session) == "B returns"
