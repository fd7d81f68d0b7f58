"""How much room a worksheet's parts take on paper, in millimetres, whatever numbers stand in them: a blank must not
tell by its size what belongs there, and sheet and key are to lie on one another."""

from __future__ import annotations

import math
from dataclasses import replace

from piggybank.app.export.files import ExportError
from piggybank.app.worksheet.model import BLAME, COIN, Column, Commit, Table, Worksheet

WIDE, HIGH = 181.0, 247.0
"""Of what can be printed on both A4 and Letter, less the line at the foot."""
PAGES = 3
"""So many are filled."""
NAMES, SHORT_NAMES, CELL, WIDEST = 30.0, 22.0, 18.5, 25.0
"""Widths: of the words before a row, and the least and most of a box to write a number into."""
MANY, PADDING = 6, 1.6
"""From more columns on, a weight's name has less room; and what a column leaves free on both sides of its words."""
ROW, LOW_ROW, LOW_FROM = 7.2, 6.0, 13
"""Heights of a row, and from how many samples on they are low."""
HEAD_LETTER, HINT_LETTER, HEAD_LINE, HINT_LINE = 2.0, 1.35, 3.5, 2.8
"""How wide letters over a column are, and how high a line of them is."""
NARROW, SMALLER = 21.0, 0.85
"""Columns narrower than that have smaller letters over them."""
COMMIT_HEAD, SOME_WEIGHTS, ALL_WEIGHTS, GAP = 9.0, 2, 4, 2.3
"""The line over a commit, which so many weights share with its words, and so many fill alone."""
QUESTION, QUESTIONS, MAKE = 39.0, 7.0, 36.0
TOP, ABOUT_LINE, ABOUT_LETTERS, SETTING_LINE, SETTING_LETTERS, DATA_HEAD = 39.5, 5.3, 80, 4.4, 85, 8.0
"""Of the first page: what always stands there, and lines of words and the letters in them."""


def bands(table: Table) -> list[tuple[Column, ...]]:
    """The columns that stand beside one another; a wide table has several bands of them, as few as fit. What a pass
    makes and what comes back of it are parted first."""
    most = int((WIDE - SHORT_NAMES) // CELL)
    if len(table.columns) <= most:
        return [table.columns]
    back = next((place for place, part in enumerate(table.columns) if part.kind in (BLAME, COIN)), 0)
    parts = [table.columns] if table.head == "weight" else [table.columns[:back], table.columns[back:]]
    return [piece for part in parts for piece in _evenly(part, most)]


def _evenly(columns: tuple[Column, ...], most: int) -> list[tuple[Column, ...]]:
    many = -(-len(columns) // most)
    size = -(-len(columns) // many) if many else 1
    return [columns[start : start + size] for start in range(0, len(columns), size)]


def cell_width(table: Table) -> float:
    """Of every column of numbers of a table."""
    return min(WIDEST, math.floor((WIDE - names_width(table)) / _most(table) * 10) / 10)


def names_width(table: Table) -> float:
    """Of the words before its rows."""
    return SHORT_NAMES if table.head == "weight" and _most(table) > MANY else NAMES


def _most(table: Table) -> int:
    return max(map(len, bands(table)))


def row_height(table: Table) -> float:
    """Of every row of numbers of a table."""
    return LOW_ROW if len(table.rows) >= LOW_FROM else ROW


def _table_height(table: Table) -> float:
    rows = len(table.rows) + sum(bool(row.above) for row in table.rows)
    each, wide = row_height(table), cell_width(table) - PADDING
    return sum(_head_height(band, wide) + (rows + _has_foot(band)) * each + GAP for band in bands(table))


def _has_foot(band: tuple[Column, ...]) -> bool:
    return any(column.foot for column in band)


def _head_height(band: tuple[Column, ...], wide: float) -> float:
    size = SMALLER if wide + PADDING < NARROW else 1.0
    lines = [math.ceil(len(column.head) * HEAD_LETTER * size / wide) * HEAD_LINE * size for column in band]
    hints = [math.ceil(len(column.hint) * HINT_LETTER * size / wide) * HINT_LINE * size for column in band]
    return 2.0 + max(line + hint for line, hint in zip(lines, hints, strict=True))


def height(commit: Commit) -> float:
    """Of a commit with its tables."""
    lines = 1 + max(0, -(-(len(commit.before) - SOME_WEIGHTS) // ALL_WEIGHTS))
    return COMMIT_HEAD * lines + _table_height(commit.samples) + _table_height(commit.steps) + GAP


def check(commit: Commit) -> None:
    """ExportError for a commit that is higher than a page."""
    rows = commit.samples.rows
    if height(commit) <= HIGH:
        return
    fewer = (replace(commit, samples=replace(commit.samples, rows=rows[:most])) for most in range(len(rows) - 1, 1, -1))
    most = next((len(part.samples.rows) for part in fewer if height(part) <= HIGH), 1)
    raise ExportError(
        f"a commit of {len(rows)} samples does not fit on a page; try a run with batch_size={most} or less"
    )


def fits(sheet: Worksheet) -> bool:
    """Whether a sheet fills no more than the pages that there are for it; no part of it is parted, and questions
    before the commits have the first page for themselves."""
    parts = [*map(height, sheet.commits), *(QUESTION for _ in sheet.later)]
    parts += [QUESTIONS] * bool(sheet.later) + [MAKE] * bool(sheet.make)
    pages, room = 1, 0.0 if sheet.first else HIGH - _top_height(sheet)
    for part in parts:
        if part > room:
            pages, room = pages + 1, HIGH
        room -= part
    return pages <= PAGES


def _top_height(sheet: Worksheet) -> float:
    """Of what stands before questions and commits."""
    lines = sum(-(-len(line) // SETTING_LETTERS) for _, lines in sheet.settings for line in lines)
    about = -(-len(sheet.about) // ABOUT_LETTERS)
    data = _table_height(sheet.data) + DATA_HEAD if sheet.data else 0.0
    return TOP + ABOUT_LINE * about + SETTING_LINE * lines + data
