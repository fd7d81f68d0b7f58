"""Writes .xlsx files with XlsxWriter: cells with every bit of every number, formulas beside their recorded values."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name as column_name
from xlsxwriter.worksheet import Worksheet

__all__ = ["Cell", "Sheet", "column_name", "place", "write_workbook"]

PLAIN, TITLE, HEAD, NUMBER_HEAD, WORDS, HINT, PENDING, FINAL, PENDING_HEAD, FINAL_HEAD, LINK = range(11)
BESIDE, HEAD_BESIDE, WORDS_BESIDE = range(11, 14)
"""Styles of cells, by their place in LOOKS; of texts to the right of numbers."""
RIGHT, INDENTED = {"align": "right"}, {"align": "left", "indent": 1}
BOLD, GREY = {"bold": True}, {"font_color": "#625F6F"}
SAND, YELLOW, GREEN = {"bg_color": "#EFEBDF"}, {"bg_color": "#FFF4D6"}, {"bg_color": "#DEF4EA"}
LOOKS: tuple[dict[str, Any], ...] = (
    {},
    BOLD | {"font_size": 16},
    BOLD | SAND,
    BOLD | SAND | RIGHT,
    GREY,
    GREY | RIGHT,
    YELLOW,
    GREEN,
    BOLD | YELLOW | RIGHT | {"font_color": "#805800"},
    BOLD | GREEN | RIGHT | {"font_color": "#076B4A"},
    {"underline": 1, "font_color": "#005F96"},
    INDENTED,
    BOLD | SAND | INDENTED,
    GREY | INDENTED,
)
LONGEST_TEXT = 32_767
LAST_COLUMN = 16_384
NO_NUMBER = "#NUM!"
_ILLEGAL = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Cell:
    """What stands in a cell: a text, a number, or a formula with the number it comes to; link: a place it leads to."""

    value: str | float
    style: int = PLAIN
    formula: str = ""
    link: str = ""


@dataclass(frozen=True)
class Sheet:
    """rows: number of each row (from 1) and its cells, from column A; None leaves a cell empty. frozen: how many rows
    and columns stay in sight. widths: of the columns, in characters."""

    name: str
    rows: Iterable[tuple[int, Sequence[Cell | None]]]
    widths: Sequence[float] = ()
    frozen: tuple[int, int] = (0, 0)


class AllDigits(Worksheet):  # type: ignore[misc]  # the library tells no types
    """A sheet whose numbers keep all their digits, of which the library would write sixteen."""

    def _xml_number_element(self, number: float, attributes: Iterable[tuple[str, Any]] = ()) -> None:
        given = "".join(f' {name}="{value}"' for name, value in attributes)
        self.fh.write(f"<c{given}><v>{number!r}</v></c>")


class _InMemory(BytesIO):
    """Never closed: what is left of a workbook that failed writes its end here, whenever it goes."""

    def close(self) -> None:
        pass


def place(row: int, column: int) -> str:
    """A cell's name: rows count from 1, columns from 0."""
    return f"{column_name(column)}{row}"


def write_workbook(file: IO[bytes], parts: Path, sheets: Iterable[Sheet], *, values: bool = True) -> None:
    """Write sheets, one after the other, as they come. parts: a folder for what is written until the file is put
    together; values: whether formulas have their value beside them (without, whoever opens the file has to compute
    them)."""
    whole = _InMemory()
    book = Workbook(whole, {"constant_memory": True, "tmpdir": str(parts)})
    book.set_properties({"created": datetime(1980, 1, 1)})  # the same run gives the same file
    styles = [book.add_format(look) for look in LOOKS]
    for sheet in sheets:
        _write(book.add_worksheet(sheet.name, AllDigits), sheet, styles, values)
    try:
        book.close()
    except FileCreateError as error:  # around what the system said
        raise error.args[0] from None
    file.write(whole.getbuffer())


def _write(page: Worksheet, sheet: Sheet, styles: Sequence[Format], values: bool) -> None:
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.freeze_panes(*sheet.frozen)
    for column, width in enumerate(sheet.widths):
        page.set_column(column, column, width)
    for number, cells in sheet.rows:
        for column, cell in enumerate(cells):
            if cell is not None:
                _put(page, number - 1, column, cell, styles[cell.style], values)


def _put(page: Worksheet, row: int, column: int, cell: Cell, style: Format, values: bool) -> None:
    value, formula = cell.value, cell.formula
    if isinstance(value, str):
        value = _text(value)
    elif not math.isfinite(value):
        value, formula = NO_NUMBER, formula or NO_NUMBER
    if cell.link:
        page.write_url(row, column, f"internal:{cell.link}", style, value)
    elif formula:
        page.write_formula(row, column, formula, style, value if values else "")
    elif isinstance(value, str):
        page.write_string(row, column, value, style)
    else:
        page.write_number(row, column, value, style)


def _text(text: str) -> str:
    """As a cell can hold it; the library would take what looks like its own mark-up for that."""
    text = _ILLEGAL.sub("\ufffd", text)[:LONGEST_TEXT]
    return f" {text}"[:LONGEST_TEXT] if text.startswith("<r>") else text
