"""`piggybank worksheet`: its options, and what it does."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from piggybank.app.options import add_data, reach
from piggybank.app.saying import opened, say, warn

if TYPE_CHECKING:
    from piggybank.app.lessons import Lesson


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser], which: str) -> None:
    """which: what can be put on paper, in words."""
    sheet = commands.add_parser("worksheet", help="a sheet to print and fill in, or its answer key")
    sheet.add_argument("which", help=which)
    add_data(sheet)
    sheet.add_argument("--key", action="store_true", help="the answer key: the same sheet with its numbers filled in")
    sheet.add_argument("--epoch", type=int, help="only this epoch, counted from 1")
    sheet.add_argument("--from", type=int, dest="first", metavar="BATCH", help="only from this batch, counted from 1")
    sheet.add_argument("--to", type=int, dest="last", metavar="BATCH", help="only to this batch")
    sheet.add_argument("--overwrite", action="store_true", help="write over a sheet that is there")
    sheet.add_argument("--out", type=Path, help="the file to write, ending in .html")
    sheet.set_defaults(action=_worksheet)


def _worksheet(options: argparse.Namespace) -> None:
    from piggybank.app.aside import aside, writing
    from piggybank.app.export.files import check_file
    from piggybank.app.export.stretch import stretch
    from piggybank.app.worksheet.page import html
    from piggybank.app.worksheet.plan import planned, worksheet
    from piggybank.app.worksheet.script import script_of

    with opened(options.which, options.data) as lesson:
        path: Path = options.out or Path(_named(lesson, options))
        check_file(path, ".html", options.overwrite)
        asked = not (options.epoch is options.first is options.last is None)
        reach(lesson, max(planned(lesson), options.last or 0))
        last = options.last if asked else planned(lesson)
        batches = stretch(lesson.run.ledger, epoch=options.epoch, first=options.first, last=last)
        sheet = worksheet(lesson, batches, script_of(options.which), cut=not asked)
    text = html(sheet, options.key)
    with writing(path), aside(path) as file:
        file.write(text)
    left = len(batches) - len(sheet.commits)
    if left:
        warn(
            f"the sheet has {len(sheet.commits)} of {len(batches)} commits, which is what fits on three pages; "
            f"--to {batches[-1]} for all, or --from and --to for others"
        )
    say(path.resolve())


def _named(lesson: Lesson, options: argparse.Namespace) -> str:
    """What the file is called where nobody says."""
    from piggybank.app.naming import numbered

    stem = Path(options.which).stem if lesson.number is None else numbered(lesson.number).replace(" ", "-")
    return f"{stem}-{'answer-key' if options.key else 'worksheet'}.html"
