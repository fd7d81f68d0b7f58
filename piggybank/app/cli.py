"""The `piggybank` command. Heavy imports stand inside the sub-commands, so that --help is instant."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from piggybank import __version__
from piggybank.app.audit import add_command as add_audit
from piggybank.app.export.command import add_command as add_export
from piggybank.app.options import UsageError, add_data, add_options, reach, size_of
from piggybank.app.parsing import Parser
from piggybank.app.runs_command import add_commands as add_runs
from piggybank.app.saying import is_for_people, of_a_file, opened, print_every_letter, say, warn
from piggybank.app.train_command import add_command as add_train
from piggybank.app.worksheet.command import add_command as add_worksheet

LESSON = "a lesson's number, a lab's letter, a saved run (.piggy), or a script that makes a `lesson` or a `run`"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; gives the exit code: 0 done, 2 a request that could not be met (said in one sentence)."""
    try:
        print_every_letter()
        options = _parser().parse_args(arguments)
        action: Callable[[argparse.Namespace], None] = options.action
        action(options)
        if sys.stdout:
            sys.stdout.flush()
    except BrokenPipeError:
        _print_no_more()
        return 0
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if not (is_for_people(error) or isinstance(error, OSError)):
            raise
        warn(_sentence(error))
        return 2
    return 0


def _sentence(error: Exception) -> str:
    """What an error says; one of the system that names no file is of what was printed."""
    if not isinstance(error, OSError) or error.errno is None or error.filename is not None:
        return of_a_file(error) or str(error)
    if not _is_somewhere():
        return "the folder that this was called in is not there any more; go to another"
    _print_no_more()
    return f"the output could not be written ({error.strerror}); try another place"


def _is_somewhere() -> bool:
    """Whether the folder that the command was called in is still there."""
    try:
        return bool(os.getcwd())
    except OSError:
        return False


def _print_no_more() -> None:
    """What waits to be printed is dropped, so that Python has nothing to complain of at the end."""
    with suppress(AttributeError, OSError):  # there may be no output, or none of the system's
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = Parser(
        prog="piggybank",
        description="Watch a network learn from a batch, coin by coin. Without a command: the lessons.",
    )
    parser.set_defaults(action=_menu)
    parser.add_argument("--version", action="version", version=f"piggybank {__version__}", help="print which one it is")
    commands = parser.add_subparsers(title="commands", metavar="")

    lesson = commands.add_parser("lesson", help="play a lesson")
    lesson.add_argument("which", nargs="?", default="", help=LESSON)
    add_data(lesson)
    lesson.set_defaults(action=_lesson)

    receipt = commands.add_parser("receipt", help="print the calculation behind a number")
    receipt.add_argument("which", help=LESSON)
    add_data(receipt)
    named = receipt.add_mutually_exclusive_group(required=True)
    named.add_argument("--weight", dest="name", metavar="NAME", help='such as "h2->y" or "bias->y"')
    named.add_argument("--neuron", dest="name", metavar="NAME", help='such as "h2", or an input such as "x1"')
    receipt.add_argument("--batch", type=int, required=True, help="counted from 1")
    receipt.add_argument("--sample", type=int, help="counted from 1; left out: the commit")
    receipt.add_argument("--python", action="store_true", help="as a Python expression, with only math to import")
    receipt.set_defaults(action=_receipt)

    snapshot = commands.add_parser("snapshot", help="draw a moment as PNG")
    snapshot.add_argument("which", nargs="+", help=f"{LESSON}; several: saved runs, side by side")
    add_data(snapshot, several=True)
    snapshot.add_argument("--at", default="1.1.1", help="epoch.batch.sample, such as 1.1.3, 1.1.3.blame or 1.1.commit")
    snapshot.add_argument("--progress", type=float, default=1.0, help="how far the beat has played, 0 to 1")
    snapshot.add_argument("--size", default="1920x1080", help="in pixels")
    add_options(snapshot)
    snapshot.add_argument("--overwrite", action="store_true", help="write over a picture that is there")
    snapshot.add_argument("--out", type=Path, default=Path("piggybank.png"), help="the file to write")
    snapshot.set_defaults(action=_snapshot)

    record = commands.add_parser("record", help="a stretch as MP4, GIF or PNGs")
    record.add_argument("which", nargs="+", help=f"{LESSON}; several: saved runs, side by side")
    add_data(record, several=True)
    record.add_argument("--from", dest="begin", default="1.1.1.predict1", help="epoch.batch.sample, such as 1.1.1")
    record.add_argument("--to", dest="end", default="1.1.commit", help="such as 1.1.commit")
    record.add_argument("--size", default="1280x720", help="in pixels")
    record.add_argument("--fps", type=float, help="pictures a second; 30 for MP4, 12 for GIF")
    record.add_argument("--speed", type=float, default=1, help="as in the player")
    record.add_argument("--hold", type=float, default=1, help="seconds that the last picture stays")
    add_options(record)
    record.add_argument("--overwrite", action="store_true", help="write over a film that is there")
    record.add_argument("--out", type=Path, default=Path("piggybank.mp4"), help="x.mp4, x.gif or x.png (numbered)")
    record.set_defaults(action=_record)
    add_export(commands, LESSON)
    add_worksheet(commands, LESSON)
    add_audit(commands)
    add_train(commands)
    add_runs(commands, LESSON)
    return parser


def _menu(_: argparse.Namespace) -> None:
    from piggybank.app.window import show

    show(None)


def _lesson(options: argparse.Namespace) -> None:
    if options.which == "":
        _menu(options)
    else:
        with opened(options.which, options.data) as lesson:
            lesson.play()


def _receipt(options: argparse.Namespace) -> None:
    from piggybank.app.option_words import in_options
    from piggybank.ledger.records import LedgerError

    with opened(options.which, options.data) as lesson:
        reach(lesson, max(lesson.batches, options.batch))
        try:
            receipt = lesson.run.ledger.receipt(options.name, batch=options.batch, sample=options.sample)
        except LedgerError as error:
            raise UsageError(in_options(str(error))) from None
        print(receipt.python() if options.python else receipt)


def _snapshot(options: argparse.Namespace) -> None:
    from piggybank.app.film import snapshot
    from piggybank.app.moments import beat_at, hovering, state_of

    size = size_of(options.size)
    if not 0 <= options.progress <= 1:
        raise UsageError(f"expected --progress from 0 to 1, got {options.progress:g}")
    with opened(options.which, options.data) as lesson:
        state = state_of(options, lesson, beat_at(lesson, options.at), options.progress)
        snapshot(lesson, hovering(options, lesson, state, size), size, options.out, options.overwrite)
    say(options.out.resolve())


def _record(options: argparse.Namespace) -> None:
    from piggybank.app.film import Film, record
    from piggybank.app.moments import beat_at, hovering, state_of

    size = size_of(options.size)
    rate = (12.0 if options.out.suffix.lower() == ".gif" else 30.0) if options.fps is None else options.fps
    for name, value, least, most in (
        ("fps", rate, 1, 60),
        ("speed", options.speed, 0.1, 64),
        ("hold", options.hold, 0, 60),
    ):
        if not least <= value <= most:
            raise UsageError(f"expected --{name} from {least:g} to {most:g}, got {value:g}")
    with opened(options.which, options.data) as lesson:
        beat_at(lesson, options.begin)  # refused as it was written, before anything is put behind it
        first, last = beat_at(lesson, _begin(options.begin)), beat_at(lesson, options.end)
        state = state_of(options, lesson, max(first, last))
        state = hovering(options, lesson, state, size)
        film = Film(lesson, state, first, last, rate, options.speed, options.hold, options.receipt)
        say(record(film, options.out, size, options.overwrite).resolve())


def _begin(address: str) -> str:
    """A film of a sample begins with its prediction."""
    parts = address.split(".")
    return f"{address}.predict1" if len(parts) == 3 and parts[2].isdecimal() else address
