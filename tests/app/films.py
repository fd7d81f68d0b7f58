"""Films that the tests make, and the pictures that they ought to have."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from piggybank.app.course import load_lesson
from piggybank.app.film import Film
from piggybank.app.player import start

SIZE = (320, 240)


def film(begin: str = "1.1.3.bank", end: str = "1.1.commit", **changes: Any) -> Film:
    lesson = load_lesson(2)
    first, last = lesson.timeline.find(begin), lesson.timeline.find(end)
    lesson.ensure(last)
    return replace(Film(lesson, start(lesson.run.ledger.header), first, last, 10.0, hold=0.5), **changes)
