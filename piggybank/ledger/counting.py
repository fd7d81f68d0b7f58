"""Accuracy beside the loss: of how many samples the network said the right class. Counted exactly, k of n.

The class that is said is the one with the largest output, the first of equals; with one output between 0 and 1 it is 1
from 0.5 on. There is an accuracy when every target row is a class: one 1 among 0s, or a lone 0 or 1 after a sigmoid.
"""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Integral
from typing import TypeGuard

import numpy as np
from numpy.typing import NDArray

from piggybank.ledger.records import Header
from piggybank.ordered import Array


def is_count(number: object) -> TypeGuard[int]:
    """Whether it is a whole number, of numpy's too; True and False count nothing."""
    return isinstance(number, Integral) and not isinstance(number, bool)


@dataclass(frozen=True)
class Accuracy:
    """`right` of `count` samples were put into their class."""

    right: int
    count: int

    def __str__(self) -> str:
        return f"{self.right} of {self.count}"


def targets_are_classes(header: Header, targets: Array) -> bool:
    """Whether these targets (rows, outputs) are classes for the run's network."""
    if not np.isin(targets, (0.0, 1.0)).all():
        return False
    if targets.shape[1] == 1:
        return header.layers[-1].activation == "sigmoid"
    return bool((np.add.accumulate(targets, axis=1)[:, -1] == 1.0).all())


def rights(outputs: Array, targets: Array) -> NDArray[np.bool_]:
    """(rows,) whether each row's class is said, where the targets are classes. outputs, targets: (rows, outputs)."""
    if outputs.shape[1] == 1:
        one: NDArray[np.bool_] = (outputs[:, 0] >= 0.5) == (targets[:, 0] == 1.0)
        return one
    several: NDArray[np.bool_] = np.argmax(outputs, axis=1) == np.argmax(targets, axis=1)
    return several


def count_right(outputs: Array, targets: Array) -> Accuracy:
    """How many of such rows are right."""
    right = rights(outputs, targets)
    return Accuracy(int(np.count_nonzero(right)), len(right))
