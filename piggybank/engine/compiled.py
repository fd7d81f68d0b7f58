"""The fast paths of training: the same numbers as the readable engine, bit for bit, many batches at a time.

`autograd.py` and `network.py` say what is computed; this only computes it sooner, and which path a batch takes depends
on the shapes alone. A batch that a fast path cannot carry out (a division by zero, say) is left to the readable one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from piggybank.engine.scalar_steps import ScalarSteps
from piggybank.engine.task import Task
from piggybank.ordered import Array

FROM = 256
"""So many batches at least make it worth while to write a fast path; they take the readable one some 50 ms."""
AT_ONCE = 512
"""Batches between two moments at which training reports how far it is."""
SCALAR_LIMIT = 3000
"""Single operations of a batch beyond which straight-line Python loses against numpy."""
TABLE_LIMIT = 65_536
"""Rows of data that are kept as Python floats too."""


class Place(Protocol):
    """Where the results go: what the fast paths ask of a ledger's storage."""

    def __len__(self) -> int: ...

    def room(self, batches: int) -> tuple[NDArray[np.int32], Array, Array | None]: ...


class FastPath:
    """A task over some data.

    inputs: (rows, inputs), targets: (rows, outputs).
    """

    def __init__(self, task: Task, inputs: Array, targets: Array) -> None:
        self.task = task
        self._data = inputs, targets
        self._table: list[tuple[float, ...]] = []
        self._steps: dict[int, ScalarSteps | None] = {}

    def run(
        self,
        rows: Sequence[Sequence[int]],
        numbers: Sequence[tuple[float, ...]],
        state: Array,
        place: Place,
        recorded: Callable[..., None],
    ) -> bool:
        """Carry out batches of one size, as many of these as the place has room for, each followed by `recorded()`.

        rows: their data rows; numbers: the task's varying numbers of each; state: what the first of them starts from.
        False when the readable path has to take the next batch.
        """
        steps = self._steps_for(len(rows[0]))
        if steps is None:
            return False
        row_ids, samples, states = place.room(len(rows))
        if states is None:
            return False
        done, count = len(place), len(samples)
        row_ids[:, : len(rows[0])] = rows[:count]
        batches = [self._rows(part) for part in rows[:count]]
        if self.task.varying:
            batches = [(*batch, more) for batch, more in zip(batches, numbers, strict=False)]
        try:
            steps.run(
                batches,
                tuple(state.tolist()),
                samples.data.cast("B"),
                states.data.cast("B"),
                (samples.strides[0], states.strides[0]),
                recorded,
            )
        except (ArithmeticError, ValueError):
            return len(place) > done
        return True

    def _rows(self, rows: Sequence[int]) -> tuple[tuple[float, ...], ...]:
        inputs, targets = self._data
        if len(inputs) > TABLE_LIMIT:
            part = list(rows)
            pairs = zip(inputs[part].tolist(), targets[part].tolist(), strict=True)
            return tuple((*x, *t) for x, t in pairs)
        if not self._table:
            self._table = [(*x, *t) for x, t in zip(inputs.tolist(), targets.tolist(), strict=True)]
        return tuple(map(self._table.__getitem__, rows))

    def _steps_for(self, count: int) -> ScalarSteps | None:
        if count not in self._steps:
            self._steps[count] = self._made(count)
        return self._steps[count]

    def _made(self, count: int) -> ScalarSteps | None:
        if 4 * self.task.weights * count > SCALAR_LIMIT:
            return None
        steps = ScalarSteps(self.task, count)
        return steps if steps.operations <= SCALAR_LIMIT else None
