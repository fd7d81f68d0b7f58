"""Targets that are classes: words or whole numbers become one column a class, 1 for the right one and 0 elsewhere.

Classes are numbered in the order in which they first appear in the data, so that nothing depends on an alphabet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from piggybank.engine.dataset import DataError, Dataset, clean, distinct
from piggybank.wording import quote

MOST_CLASSES = 100
"""More different words than this are no classes that a screen or a person could tell apart."""


LEAVE_OUT = "leave the column out"
OF_TARGETS = "give classes that several rows have, or numbers"


def classes_of(words: Sequence[str], where: str, advice: str) -> tuple[str, ...]:
    """The different words in order of appearance; DataError when they are no classes. where: how a message begins;
    advice: how it ends."""
    found = tuple(dict.fromkeys(words))
    if len(found) < 2:
        raise DataError(
            f"{where}: expected at least two different words, but every row says {quote(found[0])}; "
            f"there is nothing to tell apart, so {advice}"
        )
    if len(found) > MOST_CLASSES or (len(found) == len(words) > 2):
        few = ", ".join(map(quote, found[:3]))
        raise DataError(
            f"{where}: expected words that come again (classes, at most {MOST_CLASSES}), "
            f"but found {len(found)} different ones in {len(words)} rows ({few}, …); {advice}"
        )
    return found


def one_hot(places: Sequence[int], classes: int) -> NDArray[np.float64]:
    """(rows,) numbers of classes, from 0 -> (rows, classes)."""
    table = np.zeros((len(places), classes))
    table[np.arange(len(places)), list(places)] = 1.0
    return table


def classes_in(data: Dataset) -> int:
    """How many classes the targets seem to have: words, a column each, or whole numbers from 0; 2 where it is not to be
    told."""
    columns = int(data.targets.shape[1])
    top = float(data.targets.max())
    numbered = columns == 1 and top < MOST_CLASSES and bool((data.targets == np.floor(np.abs(data.targets))).all())
    return max(2, columns, len(data.classes), int(top) + 1 if numbered else 0)


def as_classes(data: Dataset, outputs: int) -> Dataset:
    """The data with targets for a softmax of so many outputs: one column of class numbers becomes one-hot columns.

    Raises DataError for targets that are neither classes nor shares of one whole.
    """
    if data.targets.shape[1] == 1 < outputs:
        if data.classes and len(data.classes) != outputs:
            raise DataError(
                f"{data.name!r} has {len(data.classes)} classes ({', '.join(map(quote, data.classes[:3]))}"
                f"{', …' if len(data.classes) > 3 else ''}), the network gives {outputs} outputs; "
                "give the last layer as many"
            )
        numbers = data.targets[:, 0]
        wrong = np.flatnonzero((numbers != np.floor(numbers)) | (numbers < 0) | (numbers >= outputs))
        if len(wrong):
            row, found = int(wrong[0]), float(numbers[wrong[0]])
            raise DataError(
                f"targets, row {row + 1}: expected a class number from 0 to {outputs - 1}, one for each output, "
                f"but found {found:g}; give the last layer an output for every class, or correct the number"
            )
        names = data.classes if len(data.classes) == outputs else tuple(f"class {k}" for k in range(outputs))
        targets = one_hot([int(number) for number in numbers], outputs)
        return replace(data, targets=targets, target_names=names, classes=names)
    shares = np.add.accumulate(data.targets, axis=1)[:, -1]
    wrong = np.flatnonzero((np.abs(shares - 1.0) > 1e-9) | (data.targets < 0).any(axis=1))
    if len(wrong):
        row_found = ", ".join(f"{value:g}" for value in data.targets[wrong[0]][:6])
        raise DataError(
            f"targets, row {int(wrong[0]) + 1}: cross-entropy expects one 1 among 0s (or shares that add up to 1), "
            f"but found {row_found}; give class numbers, words, or one column a class"
        )
    whole = bool(np.isin(data.targets, (0.0, 1.0)).all())
    return replace(data, classes=data.classes or data.target_names) if whole else data


def from_words(
    words: Sequence[str], where: str, advice: str = OF_TARGETS
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Targets given as words: two words become one column of 0 and 1, more become one column a class; and the names of
    the classes, which are the words, or what the screen shows of long ones. advice: how the message ends when they are
    no classes."""
    texts = [clean(word, "?", limit=len(word) + 1) for word in words]
    classes = classes_of(texts, where, advice)
    places = [classes.index(text) for text in texts]
    names = distinct([clean(text) for text in classes])
    if len(classes) == 2:
        return np.array(places, dtype=np.float64)[:, None], names
    return one_hot(places, len(classes)), names
