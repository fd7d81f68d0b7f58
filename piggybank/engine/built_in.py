"""The built-in data sets, by name: the small ones that the lessons use, penguins, and what scikit-learn brings."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from piggybank.engine.dataset import DataError, Dataset
from piggybank.engine.penguins import penguins, penguins_3
from piggybank.engine.sklearn_sets import digits, iris
from piggybank.wording import quote, suggestion


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


_BUILT_IN: dict[str, Callable[[], Dataset]] = {
    "xor": _xor,
    "one coin": _one_coin,
    "frozen": _frozen,
    "shared blame": _shared_blame,
    "penguins": penguins,
    "penguins 3": penguins_3,
    "iris": iris,
    "digits": digits,
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
