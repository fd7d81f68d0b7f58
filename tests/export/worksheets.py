"""Worksheets and their keys as the tests read them: a page's tables, and what a number on them says."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from typing import NamedTuple

from piggybank import Lesson, Run
from piggybank.app.course import load_lesson
from piggybank.app.worksheet import plan
from piggybank.app.worksheet.model import Column, Commit, Worksheet
from piggybank.app.worksheet.page import html
from piggybank.app.worksheet.script import Script, script_of

LESSONS = (*range(13), "A", "B")
"""And labs."""
NO_WORDS = Script("", {})


@cache
def lesson_of(number: int | str) -> Lesson:
    lesson = load_lesson(number)
    lesson.ensure(0)
    return lesson


@cache
def sheet_of(number: int | str) -> Worksheet:
    lesson = lesson_of(number)
    return plan.worksheet(lesson, range(1, lesson.batches + 1), script_of(str(number)), cut=True)


@cache
def page_of(number: int | str, key: bool) -> str:
    return html(sheet_of(number), key).decode()


def of_run(run: Run | Lesson, batches: range) -> Worksheet:
    lesson = run if isinstance(run, Lesson) else Lesson(None, "A run", run, batches=len(run.ledger))
    return plan.worksheet(lesson, batches, NO_WORDS, cut=False)


class Cell(NamedTuple):
    """What a person reads in a box, and whether the sheet leaves it empty."""

    text: str
    blank: bool


class Printed(NamedTuple):
    """A table of a page: the words over its columns, and the cells of each row, those that rows share in each."""

    heads: list[str]
    rows: list[list[Cell]]
    foot: list[Cell]


def tables(page: str) -> list[list[Printed]]:
    """The tables of every commit of a page."""
    commits = re.findall(r'<section class="commit">(.*?)</section>', page, flags=re.DOTALL)
    return [[_table(text) for text in re.findall(r"<table.*?</table>", part, flags=re.DOTALL)] for part in commits]


def _table(text: str) -> Printed:
    heads = [unescape(head) for head in re.findall(r'<th scope="col"[^>]*>(.*?)<small>', text)]
    rows: list[list[Cell]] = []
    body, _, foot = text.partition("<tfoot>")
    for row in re.findall(r'<tr><th scope="row">.*?</tr>', body):
        cells = _cells(row)
        rows.append(cells if len(cells) == len(heads) else [])
    for place, cells in enumerate(rows):
        if not cells:  # it shares some
            own = _cells(re.findall(r'<tr><th scope="row">.*?</tr>', body)[place])
            spans = "rowspan" in body and re.findall(r"<td[^>]*>", re.findall(r"<tr><th scope.*?</tr>", body)[0])
            assert spans
            rows[place] = [rows[0][n] if "rowspan" in tag else own.pop(0) for n, tag in enumerate(spans)]
    return Printed(heads, rows, _cells(foot))


def _cells(text: str) -> list[Cell]:
    found = re.findall(r'<td(?: class="([^"]*)")?[^>]*>([^<]*)</td>', text)
    return [Cell(unescape(words), kind.startswith("box")) for kind, words in found]


def columns_of(commit: Commit) -> list[Column]:
    return [*commit.before, *commit.samples.columns, *commit.steps.columns]


def blanks(sheet: Worksheet, batch: int) -> set[str]:
    return {column.head for column in columns_of(sheet.commits[batch - 1]) if column.blank}
