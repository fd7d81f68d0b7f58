"""What a data set is, and the small ones that the lessons use: every row, name and source in one frozen record."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from piggybank.places import asset_path
from piggybank.wording import quote, suggestion

NAME_LIMIT = 40
"""The longest name, in characters, that the screen shows well."""


class DataError(ValueError):
    """Data that cannot be learned from. The message is one sentence: what was expected, what came, what to try."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Rows to learn from. Whatever way a data set is made, it is checked here, once.

    inputs: (rows, inputs) and targets: (rows, outputs), any numbers in; float64, C order, read-only copies out.
    A one-dimensional array is one column: [2, 2] means two rows of one input.
    Names left out become x1, x2, … · y, or y1, y2, … · row 1, row 2, …; the screen's limits are applied to all names.
    source: where the rows come from, empty for the user's own arrays.
    classes: the names of the classes, when the targets are: of one-hot columns in order, or of 0, 1, … in one column.
    scaling: for each input column, how it was made of what was measured, such as "(bill_mm * 10 - 440) / 64"; "" where
    it is as it was measured, and no texts at all when all are.
    Raises DataError for anything but finite real numbers, and for counts that do not fit together.
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
            "input_names": _distinct(_names("input", self.input_names, input_words)),
            "target_names": _distinct(_names("target", self.target_names, target_words)),
            "row_names": _names("row", self.row_names, row_words),
            "source": clean(self.source, limit=500),
            "classes": _distinct(_texts("class names", self.classes, len(self.classes) if outputs == 1 else outputs)),
            "scaling": _texts("scalings", self.scaling, inputs.shape[1]) if any(self.scaling) else (),
        }.items():
            object.__setattr__(self, field, value)  # the one moment in which a frozen record is still soft

    def __len__(self) -> int:
        return len(self.inputs)


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
        found = "complex numbers" if array.dtype.kind == "c" else f"values of type {array.dtype.name}"
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


def _names(kind: str, given: Iterable[str], default: Sequence[str]) -> tuple[str, ...]:
    words = [given] if isinstance(given, str) else list(given)
    if words and len(words) != len(default):
        raise DataError(
            f"expected {len(default)} {kind} names, but found {len(words)}; name all of them, or none for the default"
        )
    return tuple(clean(word, fallback) for word, fallback in zip(words or default, default, strict=True))


def _texts(what: str, given: Sequence[str], columns: int) -> tuple[str, ...]:
    if given and len(given) != columns:
        raise DataError(f"expected {columns} {what}, one for each column, but found {len(given)}; give all, or none")
    return tuple(clean(text, limit=2 * NAME_LIMIT) for text in given)


def _distinct(names: tuple[str, ...]) -> tuple[str, ...]:
    """Long names may be cut to the same text: the second and later ones then carry their column's number."""
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


def _xor() -> Dataset:
    rows = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return Dataset("xor", rows, np.array([0.0, 1.0, 1.0, 0.0]), source="the truth table of exclusive or")


def _one_coin() -> Dataset:
    return Dataset("one coin", np.array([2.0]), np.array([3.0]), ("apples",), ("cost",), source="lesson 1")


def _frozen() -> Dataset:
    shoppers = ("shopper 1", "shopper 2", "shopper 3", "shopper 4")
    apples, costs = np.array([2.0, 2.0, 2.0, 2.0]), np.array([1.0, 7.0, 5.0, 3.0])
    return Dataset("frozen", apples, costs, ("apples",), ("cost",), shoppers, "lesson 2")


def _shared_blame() -> Dataset:
    rows, costs = np.array([[2.0, 0.0], [0.0, 2.0], [2.0, 2.0], [0.0, 0.0]]), np.array([8.0, 4.0, 12.0, 0.0])
    return Dataset("shared blame", rows, costs, ("apples", "pears"), ("cost",), source="lesson 4")


PENGUIN_SOURCE = (
    "Palmer penguins, CC0: Gorman KB, Williams TD, Fraser WR (2014), PLoS ONE 9(3): e90081; "
    "palmerpenguins package (Horst, Hill, Gorman 2020)"
)


def _penguins() -> Dataset:
    """Lesson 12: 12 Adelie (target 0) and 12 Gentoo (1) in turn, so that every batch holds both species.

    Among the rows whose bill and flipper were measured: the 1st, 13th, 25th … Adelie, the 1st, 11th, 21st … Gentoo.
    The table's tenths of a millimetre are counted as whole numbers and divided by powers of two only, so that every
    input is exact in float64. A row is named after its species and its line in assets/data/penguins.csv.
    """
    with asset_path("data/penguins.csv").open(encoding="utf-8", newline="") as file:
        table = list(enumerate(csv.DictReader(file), start=2))
    measured = [(line, row) for line, row in table if "NA" not in (row["bill_length_mm"], row["flipper_length_mm"])]
    adelie = [found for found in measured if found[1]["species"] == "Adelie"][::12][:12]
    gentoo = [found for found in measured if found[1]["species"] == "Gentoo"][::10][:12]
    chosen = [found for pair in zip(adelie, gentoo, strict=True) for found in pair]
    return Dataset(
        "penguins",
        np.array(
            [
                [(round(float(row["bill_length_mm"]) * 10) - 440) / 64, (int(row["flipper_length_mm"]) - 200) / 16]
                for _, row in chosen
            ]
        ),
        np.array([float(row["species"] == "Gentoo") for _, row in chosen]),
        ("bill", "flipper"),
        (two_words_label("species", "Adelie", "Gentoo"),),
        tuple(f"{row['species']} {line}" for line, row in chosen),
        PENGUIN_SOURCE,
    )


_BUILT_IN: dict[str, Callable[[], Dataset]] = {
    "xor": _xor,
    "one coin": _one_coin,
    "frozen": _frozen,
    "shared blame": _shared_blame,
    "penguins": _penguins,
}
BUILT_IN_NAMES: tuple[str, ...] = tuple(_BUILT_IN)


def built_in(name: str) -> Dataset:
    """The built-in data set called `name`; DataError for any other word."""
    if name not in _BUILT_IN:
        raise DataError(
            f"expected the name of a built-in data set or of a file that ends in .csv, but found {quote(name)}; "
            f"{suggestion(name, BUILT_IN_NAMES)}"
        )
    return _BUILT_IN[name]()
