"""The one door for data: `load` makes a Dataset of a built-in name, a CSV file or a pair of arrays.

A CSV file is a header line with a name for every column, then one line a row; comma, semicolon or tab between the
cells; decimals with a point. Every number becomes the float64 nearest to what is written, nothing is scaled or left
out in silence. Line numbers in messages are those that an editor shows.
"""

from __future__ import annotations

import csv
import io
import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from piggybank.engine.datasets import (
    BUILT_IN_NAMES,
    DataError,
    Dataset,
    built_in,
    clean,
    matrix,
    two_words_label,
)
from piggybank.wording import quote, suggestion

__all__ = ["BUILT_IN_NAMES", "DataError", "DataSource", "Dataset", "load"]

DataSource: TypeAlias = "Dataset | str | os.PathLike[str] | tuple[ArrayLike, ArrayLike]"
Record: TypeAlias = "tuple[int, list[str]]"  # the line in the file where it starts, the cells

_MISSING = {"", "na", "n/a", "null"}
_LEAVE_OUT = "leave a column of text out by naming the others in inputs=[...]"


def load(
    data: DataSource, target: str | Sequence[str] | None = None, inputs: str | Sequence[str] | None = None
) -> Dataset:
    """The data set behind `data`; raises DataError, a sentence to act on, when there is none.

    data: a Dataset (returned as it is) · the name of a built-in set · the path of a CSV file (text that ends in
    .csv, or a Path) · a pair (inputs, targets) of arrays or nested lists, one-dimensional ones being one column.
    target, inputs: for a CSV file, the column or columns to learn, and those to learn from (default: all others).

    A target column of words must hold exactly two different ones. The first to appear becomes 0.0, the other 1.0;
    the target's name says so ("species: Adelie 0, Gentoo 1"), and a row is named after its word and line ("Adelie 2").
    """
    if isinstance(data, os.PathLike) or (isinstance(data, str) and data.lower().endswith(".csv")):
        return _from_csv(Path(data), target, inputs)
    if target is not None or inputs is not None:
        raise DataError(
            "expected target= and inputs= only together with a CSV file, where they name columns; "
            "give arrays as one pair, load((inputs, targets)), and a built-in set by its name alone"
        )
    if isinstance(data, Dataset):
        return data
    if isinstance(data, str):
        return built_in(data)
    if not isinstance(data, (tuple, list)) or len(data) != 2:
        size = f" of length {len(data)}" if isinstance(data, (tuple, list)) else ""
        raise DataError(
            "expected a data set, a built-in name, a CSV path or a pair (inputs, targets), "
            f"but found {type(data).__name__}{size}; put the inputs and the targets into one pair"
        )
    return Dataset("your data", matrix("inputs", data[0]), matrix("targets", data[1]))


def _from_csv(path: Path, target: str | Sequence[str] | None, inputs: str | Sequence[str] | None) -> Dataset:
    file = clean(path.name, "the file")
    header, records = _table(file, _text(file, path))
    if target is None:
        raise DataError(f"{file}: expected target= with the column to learn; name {_columns(header)}")
    target_names = _chosen(file, header, target, "target")
    others = [name for name in header if name not in target_names]
    input_names = _chosen(file, header, others if inputs is None else inputs, "inputs")
    both = [name for name in input_names if name in target_names]
    if both:
        raise DataError(
            f"{file}: expected target and inputs to be different columns, but {quote(both[0])} is in both; "
            "take it out of one of them"
        )
    input_columns = [_numbers(file, name, header.index(name), records) for name in input_names]
    target_columns: list[list[float]] = []
    labels: list[str] = []
    words = [""] * len(records)
    for name in target_names:
        column, label, classes = _target(file, name, header.index(name), records)
        target_columns.append(column)
        labels.append(label)
        words = [f"{before} {word}".strip() for before, word in zip(words, classes, strict=True)]
    lines = [line for line, _ in records]
    has_words = any(words)
    return Dataset(
        file,
        np.array(input_columns, dtype=np.float64).T,
        np.array(target_columns, dtype=np.float64).T,
        tuple(clean(name, f"x{k}") for k, name in enumerate(input_names, start=1)),
        tuple(labels),
        tuple(f"{clean(word, limit=28)} {line}" for word, line in zip(words, lines, strict=True)) if has_words else (),
        source=file,
    )


def _text(file: str, path: Path) -> str:
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


def _table(file: str, text: str) -> tuple[list[str], list[Record]]:
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


def _columns(header: Sequence[str]) -> str:
    more = ", …" if len(header) > 12 else ""
    return f"one of {', '.join(map(quote, header[:12]))}{more}"


def _chosen(file: str, header: Sequence[str], names: str | Sequence[str], role: str) -> list[str]:
    """The wanted columns as a list, each of them in the header once."""
    chosen = [names] if isinstance(names, str) else list(names)
    if not chosen:
        raise DataError(f"{file}: expected at least one column for {role}, but there is none; name {_columns(header)}")
    for k, name in enumerate(chosen):
        if name not in header:
            raise DataError(
                f"{file}: expected {role} to name a column, but there is no {quote(str(name))}; "
                f"{suggestion(str(name), header)}"
            )
        if name in chosen[:k]:
            raise DataError(f"{file}: expected each column once in {role}, but {quote(name)} comes twice; remove one")
    return chosen


def _number(text: str) -> float | None:
    """The float64 nearest to the decimal `text`, or None when it is no number (Python's 1_000 is not one here)."""
    try:
        return None if "_" in text else float(text)
    except ValueError:
        return None


def _numbers(file: str, name: str, index: int, records: Sequence[Record], advice: str = _LEAVE_OUT) -> list[float]:
    values = []
    for line, cells in records:
        where, text = f"{file}, line {line}, column {quote(name)}: expected a number", cells[index].strip()
        value = _number(text)
        if text.lower() in _MISSING:
            found = quote(text) if text else "an empty cell"
            raise DataError(f"{where}, but found {found}; fill in the value or delete the line")
        if value is None and _number(text.replace(",", ".")) is not None:
            raise DataError(f"{where}, but found {quote(text)}; write decimals with a point")
        if value is None:
            raise DataError(f"{where}, but found the text {quote(text)}; {advice}")
        if not math.isfinite(value):
            raise DataError(f"{where} within float64's range, but found {quote(text)}; correct it or delete the line")
        values.append(value)
    return values


def _target(file: str, name: str, index: int, records: Sequence[Record]) -> tuple[list[float], str, list[str]]:
    """One target column: its values, its name for people, and each row's word ("" when the column holds numbers)."""
    texts = [cells[index].strip() for _, cells in records]
    if any(text.lower() in _MISSING or _number(text.replace(",", ".")) is not None for text in texts):
        advice = "a target holds numbers only, or exactly two different words"
        return _numbers(file, name, index, records, advice), clean(name), [""] * len(texts)
    classes = list(dict.fromkeys(texts))
    if len(classes) != 2:
        few = ", ".join(map(quote, classes[:5])) + (", …" if len(classes) > 5 else "")
        raise DataError(
            f"{file}, column {quote(name)}: expected numbers or exactly two different words as target, "
            f"but found {len(classes)}: {few}; keep the rows of two of them, or write numbers"
        )
    return [float(classes.index(text)) for text in texts], two_words_label(name, *classes), texts
