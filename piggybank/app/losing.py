"""A recording can lose batches while it is looked at: its file is cut off, or written anew where it stands. The player
then stands at the last moment that is left, and the picture says why."""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from piggybank.app.lessons import Lesson
from piggybank.app.state import PlayerState, Track, moved_to
from piggybank.ledger.records import LedgerError

if TYPE_CHECKING:
    from piggybank.app.session import Session

_P = ParamSpec("_P")
_T = TypeVar("_T")


def on_what_is_left(act: Callable[Concatenate[Session, _P], _T]) -> Callable[Concatenate[Session, _P], _T]:
    """What a session does, done again from the last moment left when a file turned out to have lost batches.
    LedgerError when it has lost them all, and for any other reason."""

    @wraps(act)
    def done(session: Session, /, *given: _P.args, **named: _P.kwargs) -> _T:
        while True:
            held = _held(session)
            try:
                return act(session, *given, **named)
            except LedgerError:
                left = _held(session)
                if session.lesson is None or 0 in left or not any(map(operator.lt, left, held)):
                    raise
                session.lesson.refresh()
                session.state = moved_to(session.state, _left(session.lesson), session.state.cursor.beat)

    return done


def within(lesson: Lesson, state: PlayerState) -> PlayerState:
    """The state, at the last moment of a recording that is left when it was at a later one."""
    lost = not lesson.run.grows and lesson.timeline.batch_of(state.cursor.beat) > len(lesson.run.ledger)
    return moved_to(state, _left(lesson), state.cursor.beat) if lost else state


def _left(lesson: Lesson) -> Track:
    ledger = lesson.run.ledger
    return Track(lesson.timeline, ledger.header, len(ledger), grows=False)


def _held(session: Session) -> list[int]:
    """Batches of the run in front and of those beside it."""
    return [len(other.run.ledger) for other in session.lesson.family] if session.lesson is not None else []
