"""Writes .xlsx files: sheets of cells with every bit of every number, and formulas beside their recorded values.

A workbook is a zip of XML. It is written here because numbers must keep all their digits, which the usual library
rounds to sixteen, and because a formula without a value beside it shows nothing in a preview.
"""

from __future__ import annotations

import math
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO
from xml.sax.saxutils import escape, quoteattr

PLAIN, TITLE, HEAD, NUMBER_HEAD, WORDS, HINT, PENDING, FINAL, PENDING_HEAD, FINAL_HEAD, LINK = range(11)
"""Styles of cells, by their place in the style sheet."""
FONTS = (
    ("", 11, ""), ("<b/>", 16, ""), ("<b/>", 11, ""), ("", 11, "FF625F6F"), ("<b/>", 11, "FF805800"),
    ("<b/>", 11, "FF076B4A"), ("<u/>", 11, "FF005F96"),
)  # fmt: skip
"""Mark, size and colour."""
FILLS = ("FFEFEBDF", "FFFFF4D6", "FFDEF4EA")
LOOKS = (
    (0, 0, ""), (1, 0, ""), (2, 2, ""), (2, 2, "right"), (3, 0, ""), (3, 0, "right"), (0, 3, ""), (0, 4, ""),
    (4, 3, "right"), (5, 4, "right"), (6, 0, ""),
)  # fmt: skip
"""Font, fill and side of each style; fills 0 and 1 are the two that every workbook must have."""
LONGEST_TEXT = 32_767
LAST_COLUMN, LAST_ROW = 16_384, 1_048_576
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEADER = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
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
    """rows: number of each row (from 1) and its cells, from column A; None leaves a cell empty. frozen: the cell whose
    left and upper neighbours stay in sight. widths: of the columns, in characters."""

    name: str
    rows: Iterable[tuple[int, Sequence[Cell | None]]]
    widths: Sequence[float] = ()
    frozen: str = ""


def column_name(column: int) -> str:
    """A column's letters; columns count from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def place(row: int, column: int) -> str:
    """A cell's name: rows count from 1, columns from 0."""
    return f"{column_name(column)}{row}"


def write_workbook(file: IO[bytes], names: Sequence[str], sheets: Iterable[Sheet], *, values: bool = True) -> None:
    """Write sheets, one after the other, as they come. names: of all of them, in order; values: whether formulas have
    their value beside them (without, whoever opens the file has to compute them)."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in _frame(names):
            _put(archive, path, [text])
        for number, sheet in enumerate(sheets, 1):
            _put(archive, f"xl/worksheets/sheet{number}.xml", _sheet(sheet, values))


def _put(archive: zipfile.ZipFile, path: str, parts: Iterable[str]) -> None:
    info = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))  # the same run gives the same file
    info.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(info, "w", force_zip64=True) as out:
        out.writelines(part.encode("utf-8") for part in parts)


# The parts of the file ------------------------------------------------------------------------------------------------


def _sheet(sheet: Sheet, values: bool) -> Iterable[str]:
    fit = '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
    yield f'{HEADER}<worksheet xmlns="{NAMESPACE}">{fit}<sheetViews><sheetView workbookViewId="0">'
    if sheet.frozen:
        letters, row = re.fullmatch(r"([A-Z]+)(\d+)", sheet.frozen).groups()  # type: ignore[union-attr]  # our own text
        across, down = sum((ord(c) - 64) * 26**i for i, c in enumerate(reversed(letters))) - 1, int(row) - 1
        pane = f'xSplit="{across}" ySplit="{down}" topLeftCell="{sheet.frozen}" activePane="bottomRight"'
        yield f'<pane {pane} state="frozen"/>'
    yield "</sheetView></sheetViews>"
    if sheet.widths:
        columns = (f'<col min="{n}" max="{n}" width="{w}" customWidth="1"/>' for n, w in enumerate(sheet.widths, 1))
        yield f"<cols>{''.join(columns)}</cols>"
    yield "<sheetData>"
    links = []
    for number, cells in sheet.rows:
        found = [(place(number, column), cell) for column, cell in enumerate(cells) if cell is not None]
        links += [(where, cell.link) for where, cell in found if cell.link]
        yield f'<row r="{number}">{"".join(_cell(where, cell, values) for where, cell in found)}</row>'
    yield "</sheetData>"
    if links:
        joined = "".join(f"<hyperlink ref={quoteattr(where)} location={quoteattr(to)}/>" for where, to in links)
        yield f"<hyperlinks>{joined}</hyperlinks>"
    yield '<pageSetup orientation="landscape" fitToHeight="0"/></worksheet>'


def _cell(where: str, cell: Cell, values: bool) -> str:
    start, formula = f'<c r="{where}" s="{cell.style}"', f"<f>{escape(cell.formula)}</f>" if cell.formula else ""
    shown = bool(values or not formula)
    if isinstance(cell.value, str):
        text = escape(_ILLEGAL.sub("\ufffd", cell.value)[:LONGEST_TEXT])
        if formula:
            return f'{start} t="str">{formula}{f"<v>{text}</v>" if shown else ""}</c>'
        return f'{start} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    if not math.isfinite(cell.value):
        return f'{start} t="e">{formula}{"<v>#NUM!</v>" if shown else ""}</c>'
    return f"{start}>{formula}{f'<v>{cell.value!r}</v>' if shown else ''}</c>"


def _frame(names: Sequence[str]) -> Iterable[tuple[str, str]]:
    """Everything but the sheets."""
    numbers = range(1, len(names) + 1)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kind}.worksheet+xml"/>' for n in numbers
    )
    yield (
        "[Content_Types].xml",
        f'{HEADER}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
        f'ContentType="{kind}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>'
        f"{parts}</Types>",
    )
    yield "_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")])
    listed = "".join(f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1))
    yield (
        "xl/workbook.xml",
        f'{HEADER}<workbook xmlns="{NAMESPACE}" xmlns:r="{RELATIONS}"><sheets>{listed}</sheets>'
        '<calcPr calcId="191029" fullCalcOnLoad="1"/></workbook>',
    )
    files = [("worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
    yield "xl/_rels/workbook.xml.rels", _relations([*files, ("styles", "styles.xml")])
    yield "xl/styles.xml", _styles()


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'{HEADER}<Relationships xmlns="{PACKAGE}/relationships">{listed}</Relationships>'


def _styles() -> str:
    fonts = "".join(
        f'<font>{mark}<sz val="{size}"/>{_coloured(colour)}<name val="Calibri"/></font>' for mark, size, colour in FONTS
    )
    solid = "".join(f'<fill><patternFill patternType="solid"><fgColor rgb="{f}"/></patternFill></fill>' for f in FILLS)
    looks = "".join(
        f'<xf fontId="{font}" fillId="{fill}" applyFont="1" applyFill="1" applyAlignment="1">'
        f'<alignment horizontal="{side or "general"}"/></xf>'
        for font, fill, side in LOOKS
    )
    return (
        f'{HEADER}<styleSheet xmlns="{NAMESPACE}"><fonts count="{len(FONTS)}">{fonts}</fonts>'
        f'<fills count="{len(FILLS) + 2}"><fill><patternFill patternType="none"/></fill>'
        f'<fill><patternFill patternType="gray125"/></fill>{solid}</fills>'
        "<borders count='1'><border/></borders><cellStyleXfs count='1'><xf/></cellStyleXfs>"
        f'<cellXfs count="{len(LOOKS)}">{looks}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


def _coloured(colour: str) -> str:
    return f'<color rgb="{colour}"/>' if colour else ""
