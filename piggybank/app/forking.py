"""Another run in the place of the one that plays: what-if's fork, the way out of trouble, and the way back to where it
was asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from piggybank.app.opening import CLOSED, sentence
from piggybank.app.player import start
from piggybank.app.way_back import way_back
from piggybank.app.what_if import Origin, forked, lesson_of
from piggybank.stage.timeline import Cursor

if TYPE_CHECKING:
    from piggybank.app.lessons import Lesson
    from piggybank.app.session import Session

BEGINS = "Another run begins here. Space plays it, W goes back to where you were."


def rewind(session: Session) -> None:
    """A run in trouble makes room for another: from before its best batch on, at a rate that helps."""
    lesson = session.lesson
    assert lesson is not None
    back, fork = way_back(lesson), getattr(lesson.run, "fork", None)
    if back is not None and fork is not None:
        _go_on(session, lesson_of(fork(back[0], learning_rate=back[1]), lesson, lesson.batches, session.origin))


def ask_what_if(session: Session) -> None:
    """What the dialog asks for takes the run's place; what cannot be stays to be mended."""
    assert session.lesson is not None
    if session.state.what_if is not None:
        try:
            _go_on(session, forked(session.lesson, session.state.what_if, session.origin))
        except ValueError as error:
            session.play("notice", sentence(str(error).replace("learning_rate", "learning rate")))


def _go_on(session: Session, fork: Lesson) -> None:
    """The fork plays, until W leads back to where it was asked for."""
    assert session.lesson is not None
    session.play("close", "")
    session.origin = session.origin or Origin(session.lesson, replace(session.state, warning=False))
    session.lesson = fork
    session.state = session.kept(start(fork.run.ledger.header, session.state.selected))
    session.play("notice", BEGINS)


def leads_back(session: Session, command: str) -> bool:
    """Whether a command leads from a fork back to where it was asked for: W, and at the fork's beginning Esc and
    Backspace while nothing is open."""
    if session.origin is None or command == "what_if":
        return session.origin is not None
    state = replace(session.state, notice="")
    if command not in ("close", "return") or state.cursor != Cursor(0, 0.0) or state.trail:
        return False
    return not any(getattr(state, name) for name, _ in CLOSED)


def go_back(session: Session) -> None:
    """From a fork to where it was asked for."""
    assert session.origin is not None
    session.lesson, session.state, session.origin = session.origin.lesson, session.kept(session.origin.state), None
