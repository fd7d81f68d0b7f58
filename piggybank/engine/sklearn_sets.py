"""Larger data sets that come with scikit-learn, which only these need: irises and handwritten digits."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from piggybank.engine.classes import one_hot
from piggybank.engine.dataset import DataError, Dataset
from piggybank.scaling import Scaling, as_counts, fitting


def _loaded(name: str) -> Any:
    try:
        sets = import_module("sklearn.datasets")
    except ImportError:
        raise DataError(
            f"the data set {name!r} comes with scikit-learn, which is not installed; "
            "try pip install 'piggybank[data]', or the built-in 'penguins 3'"
        ) from None
    return getattr(sets, f"load_{name}")()


def iris() -> Dataset:
    """150 irises of three species, the species in turn; four lengths in tenths of a centimetre, scaled exactly."""
    found = _loaded("iris")
    order = np.argsort(found.target, kind="stable").reshape(3, -1).T.ravel()
    names = ("sepal length", "sepal width", "petal length", "petal width")
    columns, scalings = [], []
    for place, name in enumerate(names):
        counts, unit = as_counts([repr(float(value)) for value in found.data[order, place]])
        scaling = fitting(counts, unit)
        columns.append(scaling.scaled(counts))
        scalings.append(scaling.text(f"{name.replace(' ', '_')}_cm"))
    classes = tuple(str(word) for word in found.target_names)
    return Dataset(
        "iris",
        np.array(columns).T,
        one_hot(found.target[order].tolist(), 3),
        names,
        classes,
        tuple(f"{classes[found.target[row]]} {row + 1}" for row in order),
        "Fisher RA (1936), by way of scikit-learn's load_iris",
        classes,
        tuple(scalings),
    )


def digits() -> Dataset:
    """1,797 handwritten digits of 8 by 8 dots; a dot's ink, 0 to 16, is divided by 16."""
    found = _loaded("digits")
    names = tuple(f"dot {row}.{column}" for row in range(1, 9) for column in range(1, 9))
    classes = tuple(f"digit {digit}" for digit in range(10))
    scaling = Scaling(1, 0, 16)
    return Dataset(
        "digits",
        found.data / 16.0,
        one_hot(found.target.tolist(), 10),
        names,
        classes,
        tuple(f"a {digit}, row {row}" for row, digit in enumerate(found.target.tolist(), 1)),
        "Alpaydin E, Kaynak C (1998), Optical Recognition of Handwritten Digits, by way of scikit-learn's load_digits",
        classes,
        (scaling.text("ink"),) * 64,
    )
