"""What commands print: no name of a file can move the cursor, hide or add a line, and no letter ends a command."""

from __future__ import annotations

import codecs
import io
import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from piggybank.app.options import UsageError
from piggybank.wording import printable

if TYPE_CHECKING:
    from piggybank.app.lessons import Lesson

LIKENESSES = {"\u2212": "-", "≈": "~", "→": "->", "×": "*", "÷": "/", "·": ".", "…": "..."}
"""What stands for a sign where the output's letters do not have it; for any other letter "?" does."""


OURS = (
    "DataError", "LedgerError", "LessonError", "AddressError", "FormulaError", "UsageError", "FilmError",
    "QuestionError", "ExportError", "ArgumentError", "NotHereError", "NotImportedError", "FixedError",
)  # fmt: skip
"""Errors whose messages are sentences to act on."""


def is_for_people(error: Exception) -> bool:
    """Whether the message is one of ours; the kinds are not loaded for it."""
    return any(kind.__name__ in OURS for kind in type(error).__mro__)


def of_a_file(error: Exception) -> str:
    """What the system says of a file, as a sentence; "" for any other error."""
    if not isinstance(error, OSError) or error.filename is None:
        return ""
    why = (error.strerror or type(error).__name__).lower()
    return f"{printable(error.filename)} cannot be used ({why}); check its name, and who may use it"


def print_every_letter() -> None:
    """From now on standard output replaces what its encoding cannot write, as in a redirection on Windows."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="likeness")


def _likeness(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    return "".join(LIKENESSES.get(letter, "?") for letter in error.object[error.start : error.end]), error.end


codecs.register_error("likeness", _likeness)


def say(text: object) -> None:
    """A line of what was asked for; also in a script, whose standard output stays as strict as it is."""
    letters = getattr(sys.stdout, "encoding", None) or "utf-8"  # None where nobody reads it, as under pythonw
    print(printable(text).encode(letters, "likeness").decode(letters))


def warn(text: object) -> None:
    """A line beside it: why it could not be done, or what to know of it; nothing for ""."""
    if text != "" and sys.stderr:  # None where the stream was closed, and print would take the other one
        print(f"piggybank: {printable(text)}", file=sys.stderr)


def pasted(name: str) -> str:
    """A file's name as it must stand in a command that is pasted into a shell, and is no option there."""
    safe = f"./{name}" if name.startswith("-") else name
    if sys.platform == "win32":
        from subprocess import list2cmdline

        return list2cmdline([safe])
    return shlex.quote(safe)


@contextmanager
def opened(which: str | Sequence[str], data: str | Sequence[str] | None = None) -> Iterator[Lesson]:
    """As `load_lesson`, or saved runs side by side, for as long as a `with` lasts: files are let go of at its end. What
    a damaged file no longer holds is said before anything else."""
    from piggybank.app.course import load_lesson
    from piggybank.app.saved import side_by_side

    several, given = ([one] if isinstance(one, str) else one or () for one in (which, data))
    if len(several) == 1:
        if len(given) > 1:
            raise UsageError(f"one run takes --data once, got it {len(given)} times; leave out what is not its own")
        lesson = load_lesson(several[0], *given)
    else:
        lesson = side_by_side(several, given)
    with ExitStack() as files:
        for one in lesson.family:
            warn(files.enter_context(one.run.ledger).problem)
        yield lesson
