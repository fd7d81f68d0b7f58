"""Sittings with a lesson and its questions: stepping to a gate, pressing keys, reading what stands there."""

from __future__ import annotations

import pytest
from looks import MAKERS

from piggybank import Lesson
from piggybank.app.course import course, load_lesson
from piggybank.app.session import Session
from piggybank.stage.scene import Label

SIZE = (1280, 720)
each_lesson = pytest.mark.parametrize("number", [entry.number for entry in course()])


def sitting(number: int | str = 4) -> Session:
    return Session(load_lesson(number), course())


def session_of(name: str = "lesson 2") -> Session:
    """With a lesson of its own, made as `looks` makes it."""
    return Session(MAKERS[name](), course())


def lesson_of(session: Session) -> Lesson:
    assert session.lesson is not None
    return session.lesson


def settle(session: Session) -> None:
    for _ in range(2000):
        if not session.moving:
            return
        session.command("tick", "0.5")
    raise AssertionError("it never comes to rest")


def go(session: Session, address: str) -> None:
    """To the settled beat before an address, from where the next step meets its gate."""
    session.command("moment", address)


def press(session: Session, *keys: str) -> None:
    for key in keys:
        session.key(key, key if len(key) == 1 else "")


def type_in(session: Session, text: str) -> None:
    for character in text:
        session.key(character.lower(), character)


def texts(session: Session, size: tuple[int, int] = SIZE) -> str:
    return " ".join(label.text for label in session.scene(size).over if isinstance(label, Label))


def at_gate(number: int | str, address: str) -> Session:
    session = sitting(number)
    go(session, address)
    press(session, "right")
    assert session.state.gate is not None
    assert session.state.gate.beat == lesson_of(session).timeline.find(address)
    return session
