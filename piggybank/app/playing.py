"""What `play` takes: runs that train on, ledgers that were opened from files, and such files by their paths."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, TypeAlias

from piggybank.app.lessons import Lesson, LessonError
from piggybank.app.saved import MINE, abreast, check_many, is_saved, of_ledger
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.reading import open_ledger
from piggybank.spelling import spelled
from piggybank.wording import quote

if TYPE_CHECKING:
    from piggybank.training import Run

    Playable: TypeAlias = Run | Ledger | str | os.PathLike[str]


@spelled
def play(run: Playable, *others: Playable, title: str = "") -> None:
    """Watch a run in a window, or up to four side by side, in step; without a screen they are drawn to a file.

    run, others: Runs, which train on as far as they are played; saved runs' ledgers, or the paths of their files.
    title: heads the screen, "My run" or the files' names when left out; a text behind a single run is its title too.
    Raises LessonError for anything else and for runs that cannot be compared, LedgerError for a file that cannot be
    opened.
    """
    runs: list[Any] = [run, *others]
    if len(others) == 1 and isinstance(others[0], str) and not is_saved(others[0]):
        title = str(runs.pop())
    check_many(len(runs))
    with ExitStack() as files:
        if len(runs) == 1:
            _lesson(run, title or MINE, files).play()
        else:
            abreast([_lesson(one, "", files) for one in runs], title).play()


def _lesson(run: Any, title: str, files: ExitStack) -> Lesson:
    """A run of any kind as a lesson without words. files: what is closed when it has been played."""
    if isinstance(run, (str, os.PathLike)):
        return of_ledger(files.enter_context(open_ledger(run)), title)
    if isinstance(run, Ledger):
        return of_ledger(run, title)
    from piggybank.training import Run

    if not isinstance(run, Run):
        raise LessonError(f"play expects a Run, a ledger or a saved run's path, got {quote(run)}; try play(run)")
    return Lesson(None, title or MINE, run, batches=len(run.ledger))
