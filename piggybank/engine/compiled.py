"""The fast paths of training: the same numbers as the readable engine, bit for bit, many batches at a time.

`autograd.py` and `network.py` say what is computed; this only computes it sooner, and which path a batch takes depends
on the shapes alone. A batch that a fast path cannot carry out (a division by zero, say) is left to the readable one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from piggybank.engine.array_steps import ArraySteps
from piggybank.engine.array_writer import UnsupportedError
from piggybank.engine.scalar_steps import ScalarSteps
from piggybank.engine.task import Task
from piggybank.ordered import Array, with_one

FROM = 256
"""So many batches at least make it worth while to write a fast path; they take the readable one some 50 ms."""
AT_ONCE = 512
"""Batches between two moments at which training reports how far it is."""
SCALAR_LIMIT = 1500
"""Single operations of a batch beyond which straight-line Python loses against numpy."""
TABLE_LIMIT = 65_536
"""Rows of data that are kept as Python floats too."""

Steps: TypeAlias = "ScalarSteps | ArraySteps | None"
Recorded: TypeAlias = "Callable[[Array | None], None]"
Room: TypeAlias = "tuple[NDArray[np.int32], Array, Array | None]"


class Place(Protocol):
    """Where the results go: what the fast paths ask of a ledger's storage."""

    def __len__(self) -> int: ...


class FastPath:
    """A task over some data.

    inputs: (rows, inputs), targets: (rows, outputs); in_order: whether batches take the rows as they come.
    """

    def __init__(self, task: Task, inputs: Array, targets: Array, in_order: bool) -> None:
        self.task, self._in_order = task, in_order
        self._data = inputs, targets
        self._table: list[tuple[float, ...]] = []
        self._given: Array | None = None
        self._views: dict[tuple[int, int], tuple[Array, Array]] = {}
        self._states = np.empty((2, 0))
        self._left: tuple[int, int] | None = None
        self._steps: dict[int, Steps] = {}

    def run(
        self,
        counts: Sequence[int],
        numbers: Sequence[tuple[float, ...]],
        state: Array,
        room: Room,
        place: Place,
        recorded: Recorded,
    ) -> bool:
        """Carry out batches of so many samples each, every one followed by `recorded(state or None)`.

        numbers: the task's varying numbers of each; state: what the first of them starts from. room: one row a batch,
        its data rows given, its samples and the state it leaves to be filled in; without states, they go to `recorded`.
        False when the readable path has to take the next batch.
        """
        first, done = len(place), 0
        made = {count: self._steps_for(count) for count in set(counts)}
        alone = {count: (type(steps), count if isinstance(steps, ScalarSteps) else 0) for count, steps in made.items()}
        for kind, group in groupby(counts, key=alone.__getitem__):  # array calls of several sizes take turns
            several = [made[count] for count in group]
            part = slice(done, done + len(several))
            rows, samples, states = room[0][part], room[1][part], None if room[2] is None else room[2][part]
            try:
                if kind[0] is ArraySteps:
                    self._arrays(several, numbers[part], state, (rows, samples, states), first + done, recorded)
                elif kind[0] is ScalarSteps and states is not None:
                    self._scalars(several[0], numbers[part], state, (rows, samples, states), recorded)
                else:
                    break
            except (ArithmeticError, ValueError):
                break
            done += len(several)
            state = self.state(first + done) if states is None else states[-1]
        return len(place) > first

    def state(self, batch: int) -> Array:
        """What a batch left, if it was the last that took the array path, or the one before while that is being
        recorded; KeyError otherwise."""
        if self._left is None or batch not in self._left:
            raise KeyError(batch)
        found: Array = self._states[self._left.index(batch)]
        return found

    def _scalars(
        self, steps: Any, numbers: Sequence[tuple[float, ...]], state: Array, room: Any, recorded: Recorded
    ) -> None:
        rows, samples, states = room
        batches = [self._rows(part) for part in rows[:, : steps.count].tolist()]
        if self.task.varying:
            batches = [(*batch, more) for batch, more in zip(batches, numbers, strict=True)]
        bytes_of = samples.data.cast("B"), states.data.cast("B")
        steps.run(batches, tuple(state.tolist()), *bytes_of, (samples.strides[0], states.strides[0]), recorded)

    def _arrays(
        self,
        several: Sequence[Any],
        numbers: Sequence[tuple[float, ...]],
        state: Array,
        room: Room,
        first: int,
        recorded: Recorded,
    ) -> None:
        rows, samples, states = room
        before, after = self._states
        before[...] = state
        given = self._parts(rows, [steps.count for steps in several])
        numbers = numbers or [()] * len(rows)
        kept = [after] * len(rows) if states is None else states
        number = first
        for steps, part, more, sample, left in zip(several, given, numbers, samples, kept, strict=True):
            self._left = number, -1
            steps.step(*part, *more)
            sample[: steps.size] = steps.samples
            number += 1
            self._left = number - 1, number
            if states is None:
                recorded(after)
            else:
                left[:] = after
                recorded(None)
            self._left = -1, number
            before[:] = after

    def _parts(self, rows: NDArray[np.int32], counts: Sequence[int]) -> Iterator[tuple[Array, Array]]:
        """Inputs and targets of each batch; of batches in order as views that are made once."""
        inputs, targets = self._arrays_of_data()
        if not self._in_order:
            return ((inputs[row[:count]], targets[row[:count]]) for row, count in zip(rows, counts, strict=True))
        views, places = self._views, list(zip(rows[:, 0].tolist(), counts, strict=True))
        for start, count in places:
            if (start, count) not in views:
                views[start, count] = inputs[start : start + count], targets[start : start + count]
        return map(views.__getitem__, places)

    def _arrays_of_data(self) -> tuple[Array, Array]:
        """Inputs with the bias's ones, and targets, in C order."""
        inputs, targets = self._data
        if self._given is None:
            self._given = with_one(inputs) if self.task.layers[0].has_bias else np.ascontiguousarray(inputs)
        return self._given, targets

    def _rows(self, rows: Sequence[int]) -> tuple[tuple[float, ...], ...]:
        """Data rows as Python floats, targets after inputs."""
        inputs, targets = self._data
        if len(inputs) > TABLE_LIMIT:
            part = list(rows)
            pairs = zip(inputs[part].tolist(), targets[part].tolist(), strict=True)
            return tuple((*x, *t) for x, t in pairs)
        if not self._table:
            self._table = [(*x, *t) for x, t in zip(inputs.tolist(), targets.tolist(), strict=True)]
        return tuple(map(self._table.__getitem__, rows))

    def _steps_for(self, count: int) -> Steps:
        if count not in self._steps:
            self._steps[count] = self._made(count)
        return self._steps[count]

    def _made(self, count: int) -> Steps:
        if 4 * self.task.weights * count <= SCALAR_LIMIT:
            steps = ScalarSteps(self.task, count)
            if steps.operations <= SCALAR_LIMIT:
                return steps
        if not self._states.size:
            self._states = np.zeros((2, self.task.state))
        try:
            return ArraySteps(self.task, count, *self._states)
        except UnsupportedError:
            return None
