"""A run as a workbook: a start sheet, then a sheet per commit whose formulas recompute it from the recorded numbers.

Inputs and blame of every sample are numbers; coins, banks and every line of the rule are formulas, cell by cell in the
order of the ledger. What a weight was before leads to the sheet before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from piggybank.app.aside import aside, room_beside, writing
from piggybank.app.export.commit_plan import Plan
from piggybank.app.export.commit_sheet import CommitSheet, sheet_name
from piggybank.app.export.files import ExportError, check_file
from piggybank.app.export.words import setting_rows
from piggybank.app.export.workbook import (
    BESIDE,
    HEAD,
    HEAD_BESIDE,
    LAST_COLUMN,
    LINK,
    NUMBER_HEAD,
    TITLE,
    WORDS,
    Cell,
    Sheet,
    write_workbook,
)
from piggybank.ledger.ledger import Ledger
from piggybank.progress import progress

START = "start"
MOST_SHEETS = 250
MOST_CELLS = 3_000_000
NOTES = (
    "Every sheet recomputes one commit. White cells were recorded; yellow ones add coins up; green ones are the rule.",
    "Sums run left to right, one rounding each, as in the ledger; the last column compares with the recorded weight.",
    "A spreadsheet has no -0, inf or nan (they are 0 or #NUM!), takes a sum within some 1e-15 of its terms for 0,",
    "and rounds exp, log and tanh in its own way: lines of a rule that need those are numbers here.",
)
FIRST_CONSTANT = len(NOTES) + 5


def write_sheets(
    ledger: Ledger, batches: range, path: Path, overwrite: bool = False, *, values: bool = True, title: str = ""
) -> None:
    """Write the workbook. values: as for `write_workbook`. Raises ExportError, OSError."""
    check_file(path, ".xlsx", overwrite)
    _check_size(ledger, batches)
    with writing(path), aside(path) as file, room_beside(path) as parts:
        write_workbook(file, parts, _sheets(ledger, batches, title), values=values)


def _check_size(ledger: Ledger, batches: range) -> None:
    largest = max(batches, key=ledger.header.count)
    plan = Plan(ledger, largest)
    rows, columns = plan.last, plan.width
    if columns > LAST_COLUMN:
        raise ExportError(
            f"batch {largest} needs {columns:,} columns, a sheet has {LAST_COLUMN:,}; try a smaller batch, or --csv"
        )
    most = min(MOST_SHEETS, MOST_CELLS // (rows * columns))
    if not most:
        raise ExportError(
            f"batch {largest} needs {rows:,} rows of {columns:,} cells, too many for a workbook; try --csv"
        )
    if len(batches) > most:
        raise ExportError(
            f"{len(batches):,} commits make too large a workbook, {most:,} are possible here; "
            f"try --from {batches[0]} --to {batches[0] + most - 1}, or --csv"
        )


def _sheets(ledger: Ledger, batches: range, title: str) -> Iterator[Sheet]:
    yield Sheet(START, _start(ledger, batches, title), (34, 60, 12, 28))
    constants = {name: f"{START}!$B${row}" for row, name in enumerate(ledger.header.constants, FIRST_CONSTANT)}
    earlier: Plan | None = None
    for batch in progress(batches, "sheet"):
        plan = Plan(ledger, batch)
        yield CommitSheet(ledger, plan, earlier, constants).sheet()
        earlier = plan


def _start(ledger: Ledger, batches: range, title: str) -> Iterator[tuple[int, Sequence[Cell | None]]]:
    header = ledger.header
    words = title or f"{header.data_name}, network {header.shape('-')}"
    lines: list[list[Cell | None]] = [[Cell(words, TITLE)], [Cell(f"seal {ledger.seal}", WORDS)]]
    lines += [[Cell(note, WORDS)] for note in NOTES]
    lines += [[], [Cell("constants of the rule", HEAD), Cell("value", NUMBER_HEAD)]]
    assert len(lines) == FIRST_CONSTANT - 1
    lines += [[Cell(name), Cell(value)] for name, value in header.constants.items()]
    lines += [[], [Cell("setting", HEAD), Cell("value", HEAD)]]
    lines += [
        [Cell(name), Cell(text)]
        for name, text in setting_rows(ledger)
        if name.replace(" ", "_") not in header.constants
    ]
    lines += [
        [],
        [
            Cell("commit", HEAD),
            Cell("mean loss of the batch", NUMBER_HEAD),
            Cell("epoch", NUMBER_HEAD),
            Cell("rows, in the order banked", HEAD_BESIDE),
        ],
    ]
    for batch in batches:
        name, record = sheet_name(batch), ledger.batch(batch)
        rows = ", ".join(str(row + 1) for row in record.rows)
        link = Cell(name, LINK, link=f"'{name}'!A1")
        lines.append([link, Cell(ledger.batch_loss(batch)), Cell(float(record.epoch)), Cell(rows, BESIDE)])
    return iter(enumerate(lines, 1))
