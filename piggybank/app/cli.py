"""The `piggybank` command. Heavy imports stand inside the sub-commands, so that --help is instant."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

LESSON = "a lesson's number, or the path of a script that makes a `lesson` or a `run`"


class UsageError(ValueError):
    """An argument that cannot be used; the message says what was expected."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; gives the exit code: 0 done, 2 a request that could not be met (said in one sentence)."""
    options = _parser().parse_args(arguments)
    action: Callable[[argparse.Namespace], None] = options.action
    try:
        action(options)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if not _is_for_people(error):
            raise
        print(f"piggybank: {error}", file=sys.stderr)
        return 2
    return 0


def _is_for_people(error: Exception) -> bool:
    """Whether the message is one of ours: a sentence to act on."""
    ours = ("DataError", "LedgerError", "LessonError", "AddressError", "FormulaError", "UsageError")
    return type(error).__name__ in ours or isinstance(error, OSError)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="piggybank",
        description="Watch a network learn from a batch, coin by coin. Without a command: the lessons.",
    )
    parser.set_defaults(action=_menu)
    commands = parser.add_subparsers(title="commands", metavar="")

    lesson = commands.add_parser("lesson", help="play a lesson")
    lesson.add_argument("which", nargs="?", default="", help=LESSON)
    lesson.set_defaults(action=_lesson)

    receipt = commands.add_parser("receipt", help="print the calculation behind a number")
    receipt.add_argument("which", help=LESSON)
    receipt.add_argument("--weight", "--neuron", dest="name", required=True, help='such as "h2->y", "bias->y" or "h2"')
    receipt.add_argument("--batch", type=int, required=True, help="counted from 1")
    receipt.add_argument("--sample", type=int, help="counted from 1; left out: the commit")
    receipt.add_argument("--python", action="store_true", help="as a Python expression")
    receipt.set_defaults(action=_receipt)

    snapshot = commands.add_parser("snapshot", help="draw a moment as PNG")
    snapshot.add_argument("which", help=LESSON)
    snapshot.add_argument("--at", default="1.1.1", help="epoch.batch.sample, such as 1.1.3, 1.1.3.blame or 1.1.commit")
    snapshot.add_argument("--progress", type=float, default=1.0, help="how far the beat has played, 0 to 1")
    snapshot.add_argument("--size", default="1920x1080", help="in pixels")
    snapshot.add_argument("--inspect", default="", help="a weight or neuron whose inspector is open")
    snapshot.add_argument("--exact", action="store_true", help="all digits in the inspector")
    snapshot.add_argument("--out", type=Path, default=Path("piggybank.png"), help="the file to write")
    snapshot.set_defaults(action=_snapshot)
    return parser


def _menu(_: argparse.Namespace) -> None:
    from piggybank.app.window import show

    show(None)


def _lesson(options: argparse.Namespace) -> None:
    from piggybank.app.lessons import load_lesson

    if options.which == "":
        _menu(options)
    else:
        load_lesson(options.which).play()


def _receipt(options: argparse.Namespace) -> None:
    from piggybank.app.lessons import load_lesson

    lesson = load_lesson(options.which)
    lesson.run.ensure(max(lesson.batches, options.batch))
    receipt = lesson.run.ledger.receipt(options.name, batch=options.batch, sample=options.sample)
    print(receipt.python() if options.python else receipt)


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{3,5})[x×](\d{3,5})", text)
    size = (int(found[1]), int(found[2])) if found else (0, 0)
    if not (320 <= size[0] <= 7680 and 240 <= size[1] <= 4320):
        raise UsageError(f"expected a size such as 1920x1080, from 320x240 to 7680x4320, got {text!r}")
    return size


def _snapshot(options: argparse.Namespace) -> None:
    from dataclasses import replace

    from piggybank.app.film import snapshot
    from piggybank.app.lessons import load_lesson
    from piggybank.app.player import start
    from piggybank.stage.timeline import Cursor

    size = _size(options.size)
    if not 0 <= options.progress <= 1:
        raise UsageError(f"expected --progress from 0 to 1, got {options.progress:g}")
    lesson = load_lesson(options.which)
    cursor = Cursor(lesson.timeline.find(options.at), options.progress)
    lesson.ensure(cursor.beat)
    ledger = lesson.run.ledger
    state = replace(start(ledger.header, lesson.selected), cursor=cursor, exact=options.exact)
    if options.inspect:
        moment = lesson.timeline.moment(cursor.beat)
        ledger.receipt(options.inspect, batch=moment.batch, sample=moment.sample)
        known = options.inspect in ledger.header.weights_by_name
        state = replace(state, inspecting=options.inspect, selected=options.inspect if known else state.selected)
    snapshot(lesson, state, size, options.out)
    print(options.out.resolve())
