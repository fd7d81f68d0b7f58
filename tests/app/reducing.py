"""Lesson 2 on its track, and commands and time given to a player's state."""

from __future__ import annotations

from dataclasses import replace

from looks import fresh, lesson_named

from piggybank import Lesson
from piggybank.app.player import PlayerState, Track, reduce
from piggybank.stage.timeline import Cursor

LESSON = lesson_named("lesson 2")
TIMELINE = LESSON.timeline
BATCHES = 4


def track(planned: int = BATCHES, grows: bool = True, lesson: Lesson = LESSON, recorded: int = BATCHES) -> Track:
    return Track(lesson.timeline, lesson.run.ledger.header, recorded, planned, grows)


def at(beat: int, progress: float = 1.0, **changes: object) -> PlayerState:
    return replace(fresh(LESSON, cursor=Cursor(beat, progress)), **changes)  # type: ignore[arg-type]


def after(state: PlayerState, *commands: str, on: Track | None = None) -> PlayerState:
    for command in commands:
        name, _, argument = command.partition(" ")
        state = reduce(state, name, argument, on or track())
    return state


def wait(state: PlayerState, seconds: float, on: Track | None = None) -> PlayerState:
    return reduce(state, "tick", repr(seconds), on or track())
