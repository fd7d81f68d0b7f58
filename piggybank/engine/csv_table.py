"""A CSV file as a header and rows of cells, and its columns as numbers: every fault named by its line and column."""

from __future__ import annotations

import csv
import io
import math
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeAlias

from piggybank.engine.dataset import DataError
from piggybank.wording import quote, suggestion

Record: TypeAlias = "tuple[int, list[str]]"  # the line in the file where it starts, the cells

_MISSING = {"", "na", "n/a", "null"}
_WRITTEN_OTHERWISE = re.compile(r"[+-]?\d*[,.' ]\d[\d,.' ]*(e[+-]?\d+)?", re.IGNORECASE)
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_BARE = ", and thousands without a mark: 1200.5"
NAME_THE_OTHERS = "leave a column of text out by naming the others in inputs=[...]"


class CellError(DataError):
    """A cell that cannot be used. line: where in the file."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def read_text(file: str, path: Path) -> str:
    if os.path.exists(path) and not (os.path.isfile(path) or os.path.isdir(path)):  # what could go on for ever
        raise DataError(f"{file}: expected a file, but found a pipe or a device; save what it gives as a file first")
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return stream.read()
    except FileNotFoundError:
        raise DataError(
            f"{file}: expected a CSV file, but there is none at {quote(str(path))}; check the name and the folder"
        ) from None
    except UnicodeDecodeError:
        raise DataError(
            f"{file}: expected text in UTF-8, but found other bytes; save the table as 'CSV UTF-8'"
        ) from None
    except (OSError, ValueError) as problem:  # a folder, no permission; a path no system can hold
        reason = problem.strerror if isinstance(problem, OSError) else str(problem)
        raise DataError(f"{file}: expected a file to read, but found: {reason}; check the path") from None


def table(file: str, text: str) -> tuple[list[str], list[Record]]:
    """The names of the columns and every row below, all of the same length."""
    records = _records(file, text, _delimiter(text))
    if not records:
        raise DataError(f"{file}: expected a header line and rows, but the file is empty; write the column names first")
    header_line, cells = records.pop(0)
    header = [cell.strip() or f"column {k}" for k, cell in enumerate(cells, start=1)]
    for k, name in enumerate(header):
        if name in header[:k]:
            raise DataError(
                f"{file}, line {header_line}: expected a different name for every column, but {quote(name)} names "
                f"columns {header.index(name) + 1} and {k + 1}; rename one of them"
            )
    if not records:
        raise DataError(f"{file}: expected rows below the header line, but there are none; add at least one row")
    for line, cells in records:
        if len(cells) != len(header):
            raise DataError(
                f"{file}, line {line}: expected {len(header)} cells as in the header, but found {len(cells)}; "
                "add or remove cells, and write decimals with a point"
            )
    return header, records


def _delimiter(text: str) -> str:
    """The mark that splits the header into most cells, preferring one that splits the next row into as many."""

    def fitness(mark: str) -> tuple[bool, int]:
        rows: list[list[str]] = []
        try:
            for cells in csv.reader(io.StringIO(text, newline=""), delimiter=mark, skipinitialspace=True):
                rows += [cells] if cells else []
                if len(rows) == 2:
                    break
        except csv.Error:  # reported with its line when the whole file is read
            pass
        width = len(rows[0]) if rows else 0
        return width > 1 and width == len(rows[-1]), width

    return max(",;\t", key=fitness)  # the comma wins a draw


def _records(file: str, text: str, delimiter: str) -> list[Record]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True)
    records: list[Record] = []
    start = 1
    try:
        for cells in reader:
            if len(cells) > 1 or "".join(cells).strip():  # an empty line is no row
                records.append((start, cells))
            start = reader.line_num + 1
    except csv.Error as problem:
        raise DataError(
            f"{file}, line {start}: expected cells and paired quotation marks, but found: {problem}; correct that line"
        ) from None
    return records


def column_names(header: Sequence[str]) -> str:
    more = ", …" if len(header) > 12 else ""
    return f"one of {', '.join(map(quote, header[:12]))}{more}"


def chosen_columns(file: str, header: Sequence[str], names: str | Sequence[str], role: str) -> list[str]:
    """The wanted columns as a list, each of them in the header once."""
    if not isinstance(names, Iterable):
        raise DataError(f"{file}: expected {role} to name a column, got {quote(names)}; name {column_names(header)}")
    chosen = [names] if isinstance(names, str) else list(names)
    if not chosen:
        advice = "the file needs another" if len(header) == 1 else f"name {column_names(header)}"
        raise DataError(f"{file}: expected at least one column for {role}, but there is none; {advice}")
    for k, name in enumerate(chosen):
        if name not in header and all(_number(cell) is not None for cell in header):
            raise DataError(
                f"{file}: expected {role} to name a column, but there is no {quote(str(name))}, because the first line "
                f"holds numbers ({', '.join(header[:3])}{', …' if len(header) > 3 else ''}); "
                "put a line with the columns' names above it"
            )
        if name not in header:
            raise DataError(
                f"{file}: expected {role} to name a column, but there is no {quote(str(name))}; "
                f"{suggestion(str(name), header)}"
            )
        if name in chosen[:k]:
            raise DataError(f"{file}: expected each column once in {role}, but {quote(name)} comes twice; remove one")
    return chosen


def _number(text: str) -> float | None:
    """The float64 nearest to the decimal `text`, or None when it is not a number; Python's 1_000 is not accepted."""
    try:
        return None if "_" in text else float(text)
    except ValueError:
        return None


def numbers(file: str, name: str, index: int, records: Sequence[Record], advice: str = NAME_THE_OTHERS) -> list[float]:
    values = []
    for line, cells in records:
        where, text = f"{file}, line {line}, column {quote(name)}: expected a number", cells[index].strip()
        value = _number(text)
        if text.lower() in _MISSING:
            found = quote(text) if text else "an empty cell"
            raise CellError(f"{where}, but found {found}; fill in the value or delete the line", line)
        if value is None and _WRITTEN_OTHERWISE.fullmatch(text):
            between = "" if _number(text.replace(",", ".", 1)) is not None and not _THOUSANDS.fullmatch(text) else _BARE
            raise CellError(f"{where}, but found {quote(text)}; write decimals with a point{between}", line)
        if value is None:
            raise CellError(f"{where}, but found the text {quote(text)}; {advice}", line)
        if not math.isfinite(value):
            advice = "correct it or delete the line"
            raise CellError(f"{where} within float64's range, but found {quote(text)}; {advice}", line)
        values.append(value)
    return values


def words_of(file: str, name: str, index: int, records: Sequence[Record]) -> list[str]:
    """The cells of a column of words, in which NA is a word too: a country, say."""
    texts = []
    for line, cells in records:
        text = cells[index].strip()
        if not text:
            raise CellError(
                f"{file}, line {line}, column {quote(name)}: expected a word, but found an empty cell; "
                "fill in the word or delete the line",
                line,
            )
        texts.append(text)
    return texts


def holds_numbers(texts: Sequence[str]) -> bool:
    """Whether a column is one of numbers, be some cells missing or wrong."""
    there = [text for text in texts if text.lower() not in _MISSING]
    return not there or any(_number(text.replace(",", ".").replace("_", "")) is not None for text in there)
