"""The one door for data: `load` makes a Dataset of a built-in name, a CSV file or a pair of arrays.

A CSV file is a header line with a name for every column, then one line a row; comma, semicolon or tab between the
cells; decimals with a point. Every number becomes the float64 nearest to what is written, nothing is scaled or left
out in silence. Line numbers in messages are those that an editor shows.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from piggybank.engine.built_in import BUILT_IN_NAMES, built_in
from piggybank.engine.classes import LEAVE_OUT, from_words
from piggybank.engine.csv_table import (
    CellError,
    Record,
    chosen_columns,
    column_names,
    holds_numbers,
    numbers,
    read_text,
    table,
    words_of,
)
from piggybank.engine.dataset import DataError, Dataset, clean, matrix, two_words_label
from piggybank.scaling import as_counts, fitting
from piggybank.spelling import spelled
from piggybank.wording import quote

__all__ = ["BUILT_IN_NAMES", "DataError", "DataSource", "Dataset", "load"]

DataSource: TypeAlias = "Dataset | str | os.PathLike[str] | tuple[ArrayLike, ArrayLike]"
Column = TypeVar("Column")


@spelled
def load(
    data: DataSource,
    target: str | Sequence[str] | None = None,
    inputs: str | Sequence[str] | None = None,
    *,
    scale: bool = False,
) -> Dataset:
    """The data set that `data` stands for.

    data: a Dataset (returned as it is) · the name of a built-in set · the path of a CSV file (text that ends in
    .csv, or a Path) · a pair (inputs, targets) of arrays or nested lists, (rows, columns) each, or (rows,) for one
    column.
    target, inputs: for a CSV file, the column or columns to predict, and those to predict from (default: all others).
    scale: shift each of a CSV file's columns of numbers by a whole number and divide it by a power of two, so that it
    spreads around 0 and stays exact; how is recorded with the data.

    Targets may be words. Of two, the first to appear becomes 0.0, the other 1.0, and the target's name says so
    ("species: Adelie 0, Gentoo 1"); three and more become classes, one column each, 1.0 in the row's own. A row of a
    file is named after its word and line ("Adelie 2"). Input columns may hold words too: two words become one column of
    0 and 1, more become one column for each word.
    Raises DataError, in one sentence that says what to do, when the data cannot be had or used.
    """
    if not isinstance(scale, (bool, np.bool_)):
        raise DataError(f"scale should be True or False, got {quote(scale)}; how far to scale follows from the column")
    if isinstance(data, os.PathLike) or (isinstance(data, str) and data.lower().endswith(".csv")):
        return _from_csv(Path(data), target, inputs, scale)
    if target is not None or inputs is not None or scale:
        raise DataError(
            "expected target=, inputs= and scale= only together with a CSV file, whose columns they mean; "
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
    if isinstance(data[1], (list, tuple, np.ndarray)) and len(data[1]) and all(isinstance(t, str) for t in data[1]):
        targets, classes = from_words([str(word) for word in data[1]], "targets")
        names = classes if len(classes) > 2 else (two_words_label("class", *classes),)
        return Dataset("your data", matrix("inputs", data[0]), targets, target_names=names, classes=classes)
    return Dataset("your data", matrix("inputs", data[0]), matrix("targets", data[1]))


def _from_csv(
    path: Path, target: str | Sequence[str] | None, inputs: str | Sequence[str] | None, scale: bool
) -> Dataset:
    file = clean(path.name, "the file")
    header, records = table(file, read_text(file, path))
    if target is None:
        raise DataError(f"{file}: expected target= with the column to learn; name {column_names(header)}")
    target_names = chosen_columns(file, header, target, "target")
    others = [name for name in header if name not in target_names]
    input_names = chosen_columns(file, header, others if inputs is None else inputs, "inputs")
    both = [name for name in input_names if name in target_names]
    if both:
        raise DataError(
            f"{file}: expected target and inputs to be different columns, but {quote(both[0])} is in both; "
            "take it out of one of them"
        )
    problems: list[CellError] = []
    columns = _each(input_names, lambda name: _input(file, name, header.index(name), records, scale), problems)
    targets = _each(target_names, lambda name: _target(file, name, header.index(name), records), problems)
    if problems:
        raise min(problems, key=lambda problem: problem.line)
    words = [" ".join(filter(None, row)) for row in zip(*(target.words for target in targets), strict=True)]
    lines = [line for line, _ in records]
    return Dataset(
        file,
        np.concatenate([column.columns for column in columns], axis=1),
        np.concatenate([target.columns for target in targets], axis=1),
        tuple(name for column in columns for name in column.names),
        tuple(name for target in targets for name in target.names),
        tuple(f"{clean(word, limit=28)} {line}" for word, line in zip(words, lines, strict=True)) if any(words) else (),
        source=file,
        classes=targets[0].classes if len(targets) == 1 else (),
        scaling=tuple(column.scaling for column in columns for _ in column.names),
    )


def _each(names: Sequence[str], make: Callable[[str], Column], problems: list[CellError]) -> list[Column]:
    """What is made of each column; of those that have a cell that cannot be used, the first goes to `problems`."""
    made = []
    for name in names:
        try:
            made.append(make(name))
        except CellError as problem:
            problems.append(problem)
    return made


@dataclass(frozen=True)
class _Input:
    """What became of an input column: (rows, columns), their names, and how numbers were scaled."""

    columns: NDArray[np.float64]
    names: tuple[str, ...]
    scaling: str = ""


def _input(file: str, name: str, index: int, records: Sequence[Record], scale: bool) -> _Input:
    texts = [cells[index].strip() for _, cells in records]
    spoken = clean(name, "a column")
    if not holds_numbers(texts):
        texts = words_of(file, name, index, records)
        columns, words = from_words(texts, f"{file}, column {quote(name)}", LEAVE_OUT)
        names = tuple(clean(f"{spoken}: {word}") for word in words)
        return _Input(columns, names if len(words) > 2 else (two_words_label(spoken, *words),))
    values = numbers(file, name, index, records)
    if not scale:
        return _Input(np.array(values)[:, None], (spoken,))
    try:
        counts, unit = as_counts(texts)
    except OverflowError:
        raise DataError(
            f"{file}, column {quote(name)}: expected at most 15 digits, so that scaling keeps them all, but found "
            "more; round the column, or leave scale out"
        ) from None
    scaling = fitting(counts, unit)
    return _Input(np.array(scaling.scaled(counts))[:, None], (spoken,), scaling.text(spoken))


@dataclass(frozen=True)
class _Target:
    """What became of a target column: (rows, columns), their names, the classes, and each row's word ("" a number)."""

    columns: NDArray[np.float64]
    names: tuple[str, ...]
    classes: tuple[str, ...]
    words: tuple[str, ...]


def _target(file: str, name: str, index: int, records: Sequence[Record]) -> _Target:
    texts = [cells[index].strip() for _, cells in records]
    if holds_numbers(texts):
        advice = "a target holds numbers only, or words only"
        values = np.array(numbers(file, name, index, records, advice))
        return _Target(values[:, None], (clean(name),), (), ("",) * len(texts))
    texts = words_of(file, name, index, records)
    columns, classes = from_words(texts, f"{file}, column {quote(name)}")
    names = classes if len(classes) > 2 else (two_words_label(name, *classes),)
    return _Target(columns, names, classes, tuple(texts))
