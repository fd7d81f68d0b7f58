"""What commands print: no name of a file can move the cursor, hide or add a line."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from piggybank.wording import printable

if TYPE_CHECKING:
    from piggybank.app.lessons import Lesson


def say(text: object) -> None:
    """A line of what was asked for."""
    print(printable(text))


def warn(text: object) -> None:
    """A line beside it: why it could not be done, or what to know of it; nothing for ""."""
    if text != "" and sys.stderr:  # None where the stream was closed, and print would take the other one
        print(f"piggybank: {printable(text)}", file=sys.stderr)


def opened(which: str, data: str | None = None) -> Lesson:
    """As `load_lesson`; what a damaged file no longer holds is said before anything else."""
    from piggybank.app.course import load_lesson

    lesson = load_lesson(which, data)
    warn(lesson.problem)
    return lesson
