"""Saved runs as something to play: one by itself, or up to four side by side, each named by what tells it apart."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import combinations
from pathlib import Path

from piggybank.app.beside import MOST
from piggybank.app.differing import names_of, told_apart
from piggybank.app.lessons import Lesson, LessonError
from piggybank.app.recorded import Recorded
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.opened import BEGINNING
from piggybank.ledger.outside import DataOutsideError
from piggybank.ledger.reading import open_ledger
from piggybank.wording import counted, printable, quote

SAVED = ".piggy"
"""How the names of saved runs end."""
FOLDERS = 2
"""So many folders are named where files have one name."""
MINE = "My run"
"""What a run that was saved nowhere is called."""


def is_saved(text: str) -> bool:
    """Whether it names a saved run: by how its name ends, or by how the file begins."""
    if text.lower().endswith(SAVED) or not os.path.isfile(text):
        return text.lower().endswith(SAVED)
    with Path(text).open("rb") as file:
        return file.read(len(BEGINNING)) == BEGINNING


def saved_lesson(text: str, data: str | None = None) -> Lesson:
    """A saved run by the path of its file, which is open then. data: as in `open_ledger`. LedgerError, LessonError."""
    with ExitStack() as files:
        lesson = of_ledger(files.enter_context(open_ledger(text, data)))
        files.pop_all()
    return lesson


def of_ledger(ledger: Ledger, title: str = "") -> Lesson:
    """A ledger as a lesson without words. title: its file's name when left out. LessonError for one without a batch."""
    path = path_of(ledger)
    if not len(ledger):
        called = printable(path.name) if path is not None else "the ledger"
        raise LessonError(ledger.problem or f"{called} holds no batch yet; train first")
    return Lesson(None, title or _title(path), Recorded(ledger), batches=len(ledger))


def side_by_side(which: Sequence[str], data: Sequence[str] = ()) -> Lesson:
    """Saved runs by the paths of their files, which are open then. data: files with the data of those whose own do not
    hold them, one for all, or one for each in their order. LessonError for what cannot stand side by side, LedgerError
    for a file that cannot be opened."""
    check_many(len(which))
    for text in which:
        if not is_saved(text):
            raise LessonError(f"side by side stand saved runs, whose names end in {SAVED}, got {quote(text)}")
    with ExitStack() as files:
        lesson = abreast([of_ledger(files.enter_context(ledger)) for ledger in _opened(which, data)])
        files.pop_all()
    return lesson


def _opened(which: Sequence[str], data: Sequence[str]) -> Iterator[Ledger]:
    """The ledgers of saved runs; no file is read that nobody named. LessonError where more or fewer files with data
    were named than there are runs that need one."""
    needed = 0
    for text in which:
        try:
            ledger = open_ledger(text)
        except DataOutsideError:
            needed += 1
            if needed > len(data) > 1:
                raise LessonError(
                    f"{quote(text)} needs its data too; give --data once for all such runs, or once for each, in order"
                ) from None
            if not data:
                raise
            ledger = open_ledger(text, data[0] if len(data) == 1 else data[needed - 1])
        yield ledger
    if data and not needed:
        raise LessonError("all of the runs hold their data themselves; leave --data out")
    if needed < len(data):
        runs = f"{counted(needed, 'run')} whose data do not stand in the file"
        raise LessonError(f"--data was given {len(data)} times for {runs}; give it once for each such run")


def check_many(runs: int) -> None:
    """LessonError for more than can stand side by side."""
    if runs > MOST:
        raise LessonError(f"up to {MOST} runs stand side by side, got {runs}; leave some out")


def abreast(lessons: Sequence[Lesson], title: str = "") -> Lesson:
    """Runs side by side, the first in front, planned for as long as the longest. title: of all; each its own when left
    out. LessonError for what cannot stand side by side."""
    ledgers = [lesson.run.ledger for lesson in lessons]
    headers = [ledger.header for ledger in ledgers]
    _check_files(ledgers)
    names = names_of(headers) or _called(ledgers)
    first, *others = lessons
    beside = {name: lesson.run for name, lesson in zip(names[1:], others, strict=True)}
    front = Lesson(None, title or first.title, first.run, batches=first.batches, called=names[0], beside=beside)
    most = max(lesson.timeline.seen_before(lesson.batches + 1) for lesson in lessons)
    apart = told_apart(headers, names, fully=True)
    for shown, lesson in zip(front.family, lessons, strict=True):
        shown.title, shown.apart = title or lesson.title, apart
        shown.batches = lesson.timeline.place_of(most)[0] if most and lesson.run.grows else lesson.batches
    return front


def path_of(ledger: Ledger) -> Path | None:
    """The file that a ledger was opened from."""
    return getattr(ledger.storage, "path", None)


def _check_files(ledgers: Sequence[Ledger]) -> None:
    paths = [path for path in map(path_of, ledgers) if path is not None and path.exists()]
    for one, other in combinations(paths, 2):
        if one.samefile(other):
            raise LessonError(f"{quote(other.name)} is given twice, and a run stands beside others; leave it out once")


def _title(path: Path | None) -> str:
    return printable(path.stem.replace("_", " ")) if path is not None else MINE


def _called(ledgers: Sequence[Ledger]) -> tuple[str, ...]:
    """The files' names, with as much of their folders as tells them apart; of runs in memory their places."""
    paths = [path_of(ledger) for ledger in ledgers]
    names = [f"run {place}" for place, _ in enumerate(paths, 1)]
    for parts in range(1, FOLDERS + 2):
        for place, path in enumerate(paths):
            if path is not None:
                tail = Path(*path.absolute().with_suffix("").parts[-parts:])
                names[place] = printable(tail.as_posix().replace("_", " "))
        if len(set(names)) == len(names):
            return tuple(names)
    return tuple(f"{name} ({place})" for place, name in enumerate(names, 1))
