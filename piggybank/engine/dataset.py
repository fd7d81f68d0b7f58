"""What a data set is: every row, name and source in one frozen record, checked once."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from piggybank.spelling import spelled
from piggybank.wording import counted, quote

NAME_LIMIT = 40
"""The longest name, in characters, that the screen shows well."""
TEXT_LIMIT = 500
"""The longest text that is kept with the data, as a file of piggybank allows it."""


class DataError(ValueError):
    """Data or settings that a run cannot be made of.

    The message is one sentence: what was expected, what came, what to try.
    """


@spelled
@dataclass(frozen=True, eq=False)
class Dataset:
    """Rows to learn from, checked once, here, however the data set is made.

    name: of the whole set. inputs: (rows, inputs), targets: (rows, outputs): any real numbers; they are kept as
    read-only float64 copies in C order. A one-dimensional array is one column: [2, 2] means two rows of one input.
    input_names, target_names, row_names: x1, x2, … · y, or y1, y2, … · row 1, row 2, … when left out. Names are shown
    on one line, so long ones are cut.
    source: where the rows come from, "" for the user's own arrays.
    classes: where the targets are classes, their names: one for each one-hot column, or for each of the numbers 0, 1, …
    in a single column.
    scaling: for each input column, how the measured number became the input, such as "(bill_mm * 10 - 440) / 64", ""
    for a column as it was measured; no texts at all when every column is.
    Raises DataError for anything but finite real numbers, and for lengths that do not match.
    """

    name: str
    inputs: NDArray[np.float64]
    targets: NDArray[np.float64]
    input_names: tuple[str, ...] = ()
    target_names: tuple[str, ...] = ()
    row_names: tuple[str, ...] = ()
    source: str = ""
    classes: tuple[str, ...] = ()
    scaling: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        inputs, targets = matrix("inputs", self.inputs), matrix("targets", self.targets)
        if len(inputs) != len(targets):
            raise DataError(
                f"expected as many rows of inputs as of targets, but there are {len(inputs)} rows of inputs "
                f"and {len(targets)} of targets; give every row of inputs its own target"
            )
        outputs = targets.shape[1]
        target_words = ["y"] if outputs == 1 else [f"y{k}" for k in range(1, outputs + 1)]
        input_words = [f"x{k}" for k in range(1, inputs.shape[1] + 1)]
        row_words = [f"row {k}" for k in range(1, len(inputs) + 1)]
        for field, value in {
            "name": clean(self.name, "data"),
            "inputs": inputs,
            "targets": targets,
            "input_names": distinct(_names("input", self.input_names, input_words)),
            "target_names": distinct(_names("target", self.target_names, target_words)),
            "row_names": _names("row", self.row_names, row_words),
            "source": clean(self.source, limit=TEXT_LIMIT),
            "classes": _class_names(self.classes, targets),
            "scaling": _texts("scalings", self.scaling, inputs.shape[1], TEXT_LIMIT),
        }.items():
            object.__setattr__(self, field, value)  # frozen from now on

    def __len__(self) -> int:
        return len(self.inputs)

    def __repr__(self) -> str:
        sizes = (len(self), "row"), (self.inputs.shape[1], "input"), (self.targets.shape[1], "target")
        return f"<Dataset {self.name}: {', '.join(counted(number, what) for number, what in sizes)}>"


def matrix(label: str, values: ArrayLike) -> NDArray[np.float64]:
    """A read-only (rows, columns) copy of `values`, or a DataError that names the first fault."""
    try:
        array = np.asarray(values)
    except (ValueError, TypeError, RecursionError, OverflowError):
        raise DataError(
            f"{label}: expected rows of equal length, but they differ in length or depth; "
            "give every row the same number of values"
        ) from None
    if array.dtype.kind not in "biuf":
        found = _found(array)
        raise DataError(f"{label}: expected real numbers, but found {found}; turn every value into a float first")
    if array.ndim not in (1, 2):
        raise DataError(
            f"{label}: expected rows and columns (2 dimensions, or 1 for a single column), "
            f"but found {array.ndim} dimensions; reshape to (rows, columns)"
        )
    if array.size == 0:
        raise DataError(f"{label}: expected at least one row with one value, but they are empty; add a row")
    masked = sys.modules.get("numpy.ma")  # loaded by whoever made masked values
    if masked is not None and masked.is_masked(values):
        raise DataError(f"{label}: expected a number everywhere, but some values are masked; leave out those rows")
    with np.errstate(over="ignore"):  # a long double beyond float64 becomes inf, which is reported next
        matrix = np.array(array.reshape(len(array), -1), dtype=np.float64, order="C")
    faults = np.argwhere(~np.isfinite(matrix))
    if len(faults):
        row, column = (int(k) for k in faults[0])
        raise DataError(
            f"{label}, row {row + 1}, column {column + 1}: expected a finite number, "
            f"but found {float(matrix[row, column])}; correct the value or leave out the row"
        )
    matrix.setflags(write=False)
    return matrix


def _found(array: NDArray[Any]) -> str:
    """What stands where numbers should, in words: the first text, if there is any."""
    if array.dtype.kind == "c":
        return "complex numbers"
    values = array.ravel()[:1000].tolist()
    texts = [value for value in values if isinstance(value, str)]
    wrong = [text for text in texts if not _reads_as_number(text)] or texts
    if wrong:
        return f"the text {quote(wrong[0])}"
    wrong = [value for value in values if not _reads_as_number(value)]
    return f"values of type {array.dtype.name}{f', such as {quote(wrong[0])}' if wrong else ''}"


def _reads_as_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError, OverflowError):
        return False
    return True


def _names(kind: str, given: Iterable[str], default: Sequence[str]) -> tuple[str, ...]:
    words = [given] if isinstance(given, str) else _listed(f"{kind} names", given)
    if words and len(words) != len(default):
        raise DataError(
            f"expected {len(default)} {kind} names, but found {len(words)}; name all of them, or none for the default"
        )
    return tuple(clean(word, fallback) for word, fallback in zip(words or default, default, strict=True))


def _texts(what: str, given: Iterable[str], columns: int | None, limit: int) -> tuple[str, ...]:
    """As many texts as columns, or none; columns: None for any number."""
    texts = _listed(what, given)
    if columns is not None and texts and len(texts) != columns:
        raise DataError(f"expected {columns} {what}, one for each column, but found {len(texts)}; give all, or none")
    return tuple(clean(text, limit=limit) for text in texts) if any(texts) else ()


def _listed(what: str, given: Any) -> list[Any]:
    if isinstance(given, (str, bytes)) or not isinstance(given, Iterable):
        raise DataError(f"expected {what} in a list, but found {quote(given)}; leave them out, or write ['one', 'two']")
    return list(given)


def _class_names(given: Iterable[str], targets: NDArray[np.float64]) -> tuple[str, ...]:
    """One for every column of targets; of one column for its numbers from 0, of which none may lie beyond them."""
    outputs = targets.shape[1]
    names = distinct(_texts("class names", given, None if outputs == 1 else outputs, 2 * NAME_LIMIT))
    if names and outputs == 1:
        wrong = np.flatnonzero((targets != np.floor(targets)) | (targets < 0) | (targets >= len(names)))
        if len(wrong):
            raise DataError(
                f"targets, row {int(wrong[0]) + 1}: expected the number of a class, from 0 to {len(names) - 1} as "
                f"there are {len(names)} class names, but found {targets[wrong[0], 0]:g}; "
                "correct it, or name all classes"
            )
    return names


def distinct(names: Sequence[str]) -> tuple[str, ...]:
    """Long names may be cut to the same text: the second and later ones then carry their place's number."""
    return tuple(
        f"{clean(name, limit=NAME_LIMIT - 8)} ({k})" if name in names[: k - 1] else name
        for k, name in enumerate(names, start=1)
    )


def clean(text: object, fallback: str = "", limit: int = NAME_LIMIT) -> str:
    """`text` as one line that the screen can show: no control characters, single spaces, at most `limit` characters."""
    visible = "".join(mark if mark.isprintable() else " " for mark in str(text))
    line = " ".join(visible.split()) or fallback
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def two_words_label(column: str, zero: str, one: str) -> str:
    """The name of a target that says which word became 0 and which 1: "species: Adelie 0, Gentoo 1"."""
    whole = f"{column}: {zero} 0, {one} 1"
    if len(whole) <= NAME_LIMIT:
        return whole
    return f"{clean(column, limit=14)}: {clean(zero, limit=9)} 0, {clean(one, limit=9)} 1"
