"""Scripts carried out by a command, as Python itself would: modules beside them are found, and no option of the command
is taken for one of theirs. What they play is not shown meanwhile: whoever asked for a receipt wants no window, and
whoever asked for the lesson wants one."""

from __future__ import annotations

import runpy
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from piggybank.app.cues import LessonError
from piggybank.app.saying import is_for_people, of_a_file
from piggybank.ledger.claiming import FileThereError

if TYPE_CHECKING:
    from piggybank.app.lessons import Lesson

_played: list[list[Lesson]] = []
"""Of every script that is being carried out what it has played so far."""


def is_kept_back(lesson: Lesson) -> bool:
    """Whether a lesson is played by a script that a command carries out, which then has it."""
    if _played:
        _played[-1].append(lesson)
    return bool(_played)


def carried_out(path: Path) -> tuple[dict[str, Any], Lesson | None]:
    """What a script has made, by name, and what of runs that train on it played last. LessonError where it is not a
    script, or asks for something that piggybank refuses; a mistake of its own keeps the traceback, which helps its
    author most."""
    try:
        with _as_by_python(path) as played:
            names = runpy.run_path(str(path), run_name="lesson")
    except SyntaxError as error:
        if error.lineno is None:
            raise _no_script(path) from None
        where = f"{path.name}, line {error.lineno}"
        raise LessonError(f"{where}: this is not Python yet ({error.msg}); mend it first") from None
    except FileThereError as error:
        raise LessonError(
            f"{path.name} saves its run, and {error}; or give the saved run's name instead of the script's"
        ) from None
    except Exception as error:
        if "null bytes" in str(error):
            raise _no_script(path) from None
        said = str(error) if is_for_people(error) else of_a_file(error)
        if not said:
            raise
        frames = traceback.walk_tb(error.__traceback__)
        lines = [number for frame, number in frames if frame.f_code.co_filename == str(path)]
        raise LessonError(f"{path.name}, line {lines[-1]}: {said}" if lines else said) from error
    growing = [lesson for lesson in played if all(other.run.grows for other in lesson.family)]
    return names, growing[-1] if growing else None


@contextmanager
def _as_by_python(path: Path) -> Iterator[list[Lesson]]:
    """What a script finds around it; gives what it plays."""
    arguments, folder = sys.argv, str(path.absolute().parent)
    sys.argv = [str(path)]
    sys.path.insert(0, folder)
    _played.append([])
    try:
        yield _played[-1]
    finally:
        sys.argv = arguments
        _played.pop()
        if folder in sys.path:
            sys.path.remove(folder)


def _no_script(path: Path) -> LessonError:
    return LessonError(f"{path.name} is not a Python script; give the path of a file of plain text")
