"""The course's lessons and other people's: found by number or path, and run. A lesson is a script."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from piggybank.app.lessons import Lesson, LessonError
from piggybank.app.naming import LETTERS, numbered
from piggybank.app.saved import SAVED, is_saved, saved_lesson
from piggybank.app.scripts import carried_out
from piggybank.shipped import share_path
from piggybank.wording import printable


@dataclass(frozen=True)
class Entry:
    """A lesson or a lab of the course, by the first lines of its script; nothing of it has been run."""

    number: int | str
    title: str
    about: str
    path: Path


def course() -> list[Entry]:
    """The lessons that come with piggybank, in order, and then the labs."""
    entries, folder = [], share_path("lessons")
    for path in (*sorted(folder.glob("[0-9][0-9]_*.py")), *sorted(folder.glob("lab_[a-z]_*.py"))):
        lines = (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or path.stem).splitlines()
        title, about = lines[0].split("·", 1)[-1].strip(), " ".join(takewhile(str.strip, lines[2:]))
        number = path.name[4].upper() if path.name.startswith("lab") else int(path.name[:2])
        entries.append(Entry(number, title, about, path))
    return entries


def load_lesson(which: str | int | Path, data: str | None = None) -> Lesson:
    """A lesson by its number, a lab by its letter, or by the path of a script that makes a `lesson` or a `run`, or of a
    saved run.

    data: the file with a saved run's data, if they do not stand in its own. Raises LessonError, and LedgerError for a
    file that cannot be opened.
    """
    text = str(which)
    if data is not None and not is_saved(text):
        raise LessonError(f"--data is for a saved run whose data do not stand in its file, got {text!r}; leave it out")
    if text.isdecimal():
        return _from_script(_numbered(int(text)))
    if len(text) == 1 and text.upper() in LETTERS:
        return _from_script(_numbered(text.upper()))
    if is_saved(text):
        return saved_lesson(text, data)
    if not text.endswith(".py"):
        raise LessonError(
            f"expected a lesson's number, a lab's letter, a script ending in .py or a saved run ending in {SAVED}, "
            f"got {text!r}; try 1"
        )
    path = Path(text)
    if not path.is_file():
        raise LessonError(f"there is no script at {text!r}; check the folder, or try a lesson's number such as 1")
    return _from_script(path)


def _numbered(number: int | str) -> Path:
    entries = course()
    for entry in entries:
        if entry.number == number:
            return entry.path
    known = [entry.number for entry in entries if type(entry.number) is type(number)]
    kind = "lessons" if isinstance(number, int) else "labs"
    there = f"; there are {kind} {known[0]} to {known[-1]}" if known else ""
    raise LessonError(f"there is no {numbered(number)}{there}")


def _from_script(path: Path) -> Lesson:
    names, played = carried_out(path)
    lesson, run = names.get("lesson"), names.get("run")
    if isinstance(lesson, Lesson):
        return lesson
    if played is not None:
        return played
    from piggybank.training import Run

    if isinstance(run, Run):
        return Lesson(None, printable(path.stem.replace("_", " ")), run, batches=len(run.ledger))
    raise LessonError(f"{path.name} makes neither a `lesson` nor a `run`; end it with lesson = Lesson(...)")
