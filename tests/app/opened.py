"""A sitting at a moment of a lesson, and the words of what is open there."""

from __future__ import annotations

from dataclasses import replace

from piggybank.app.lessons import Lesson
from piggybank.app.session import Session
from piggybank.stage.scene import Label, Scene
from piggybank.stage.timeline import Cursor

SIZE = (1920, 1080)


def session_at(lesson: Lesson, address: str) -> Session:
    session = Session(lesson)
    beat = lesson.timeline.find(address)
    lesson.ensure(beat)
    session.state = replace(session.state, cursor=Cursor(beat, 1.0))
    return session


def words(scene: Scene) -> str:
    return "\n".join(item.text for item in scene.over if isinstance(item, Label))
