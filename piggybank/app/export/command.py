"""`piggybank export`: its options, and what it does."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from piggybank.app.export.files import ExportError
from piggybank.app.options import add_data, reach
from piggybank.app.saying import opened, say, warn
from piggybank.wording import printable

if TYPE_CHECKING:
    from piggybank.ledger.ledger import Ledger


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser], which: str) -> None:
    """which: what can be exported, in words."""
    export = commands.add_parser("export", help="a run as CSV tables, a workbook or a web page")
    export.add_argument("which", help=f"a .piggy file, {which}")
    add_data(export)
    kinds = export.add_mutually_exclusive_group(required=True)
    kinds.add_argument("--csv", metavar="FOLDER", help="samples, blame, slices and commits as tables")
    kinds.add_argument("--xlsx", type=Path, metavar="FILE", help="a sheet per commit, with formulas that recompute it")
    kinds.add_argument("--html", type=Path, metavar="FILE", help="one page that opens in any browser, offline")
    export.add_argument("--epoch", type=int, help="only this epoch, counted from 1")
    export.add_argument("--from", type=int, dest="first", metavar="BATCH", help="only from this batch, counted from 1")
    export.add_argument("--to", type=int, dest="last", metavar="BATCH", help="only to this batch")
    export.add_argument("--overwrite", action="store_true", help="write over files that are there")
    export.set_defaults(action=_export)


def _export(options: argparse.Namespace) -> None:
    from piggybank.app.export.page import write_page
    from piggybank.app.export.stretch import stretch
    from piggybank.app.export.tables import write_tables

    if options.csv == "":
        raise ExportError("expected the name of a folder for the tables, got ''; try --csv tables")
    target = Path(options.csv) if options.csv else options.xlsx or options.html
    with _ledger(options) as (ledger, title):
        batches = stretch(ledger, epoch=options.epoch, first=options.first, last=options.last)
        try:
            if options.csv:
                write_tables(ledger, batches, target, options.overwrite)
            elif options.xlsx:
                _write_sheets(ledger, batches, options, title)
            else:
                write_page(ledger, batches, target, options.overwrite, title=title)
        except KeyboardInterrupt:
            warn(f"stopped before {target.name} was whole; nothing of it was written")
            raise
    say(target.resolve())


def _write_sheets(ledger: Ledger, batches: range, options: argparse.Namespace, title: str) -> None:
    try:
        from piggybank.app.export.sheets import write_sheets
    except ImportError:
        raise ExportError("a workbook needs the package XlsxWriter; pip install 'piggybank[xlsx]'") from None
    write_sheets(ledger, batches, options.xlsx, options.overwrite, title=title)


@contextmanager
def _ledger(options: argparse.Namespace) -> Iterator[tuple[Ledger, str]]:
    """The ledger of a file, of a lesson or of a script, and what it is called."""
    if options.which.endswith(".piggy"):
        from piggybank.ledger.reading import open_ledger

        with open_ledger(options.which, options.data) as ledger:
            warn(ledger.problem)
            yield ledger, printable(Path(options.which).stem)
        return
    with opened(options.which, options.data) as lesson:
        reach(lesson, max(lesson.batches, options.last or 0))
        yield lesson.run.ledger, lesson.title
