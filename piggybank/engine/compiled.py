"""The fast paths of training: the same numbers as the readable engine, bit for bit, many batches at a time.

`autograd.py` and `network.py` say what is computed; this only computes it sooner, and which path a batch takes depends
on the shapes, and on how many batches are to come, alone. A batch that a fast path cannot carry out (a division by
zero, say) is left to the readable one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, islice
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from piggybank.engine.array_steps import ArraySteps
from piggybank.engine.array_writer import UnsupportedError
from piggybank.engine.planes import Part
from piggybank.engine.scalar_steps import ScalarSteps
from piggybank.engine.task import Task
from piggybank.ordered import Array, with_one

FROM = 256
"""So many batches at least make it worth while to write a fast path; they take the readable one some 50 ms."""
AT_ONCE = 512
"""Batches between two moments at which training reports how far it is."""
SCALAR_LIMIT = 1500
"""Single operations of a batch beyond which straight-line Python loses against numpy."""
AHEAD = 65_536
"""Bytes of batches that are computed before something is done after each, such as writing. Turn by turn, the two would
throw out of the processor's nearest caches what the other needs next."""
TABLE_LIMIT = 65_536
"""Rows of data that are kept in other forms too."""

Steps: TypeAlias = "ScalarSteps | ArraySteps | None"
Recorded: TypeAlias = "Callable[[Array | None, Array | None], None]"
"""Called after a batch, with its samples and the state it left where they are arrays at hand."""
Room: TypeAlias = "tuple[NDArray[np.int32], Array, Array | None]"


class Place(Protocol):
    """Where the results go: what the fast paths ask of a ledger's storage."""

    def __len__(self) -> int: ...

    def recorded(self, samples: Array | None, state: Array | None) -> None:
        """The next batch is there."""

    def filled(self, batches: int) -> None:
        """So many are, where the room has states."""


class FastPath:
    """A task over some data.

    inputs: (rows, inputs), targets: (rows, outputs); in_order: whether batches take the rows as they come.
    """

    def __init__(self, task: Task, inputs: Array, targets: Array, in_order: bool) -> None:
        self.task, self._in_order = task, in_order
        self._data = inputs, targets
        self._table: list[tuple[float, ...]] = []
        self._given: Array | None = None
        self._kept: dict[tuple[int, Any], Part] = {}
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
        recorded: Recorded | None,
    ) -> bool:
        """Carry out batches, counts[i] samples in the i-th, each followed by `recorded(samples, state)`; with None
        only `place` is told.

        numbers: the task's varying numbers of each; state: what the first of them starts from. room: one row a batch,
        its data rows given, its samples and the state it leaves to be filled in; without states, they go to `recorded`.
        False when the readable path has to take the next batch.
        """
        first, done = len(place), 0
        made = {count: self._steps_for(count) for count in set(counts)}
        alone = {count: (type(steps), count if isinstance(steps, ScalarSteps) else 0) for count, steps in made.items()}
        for kind, group in groupby(counts, key=alone.__getitem__):  # array calls of several sizes take turns
            several = list(map(made.__getitem__, group))
            part = slice(done, done + len(several))
            rows, samples, states = room[0][part], room[1][part], None if room[2] is None else room[2][part]
            try:
                if kind[0] is ArraySteps:
                    self._arrays(several, numbers[part], state, (rows, samples, states), place, recorded)
                elif kind[0] is ScalarSteps and states is not None:
                    self._scalars(several[0], numbers[part], state, (rows, samples, states), recorded or place.recorded)
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
        place: Place,
        recorded: Recorded | None,
    ) -> None:
        rows, samples, states = room
        before = self._states[0]
        before[...] = state
        parts: Sequence[tuple[Any, ...]] = self._parts(rows, several)
        if self.task.varying:
            parts = [(*part, *more) for part, more in zip(parts, numbers, strict=True)]
        if states is None:
            batches = zip(several, parts, samples, strict=True)
            return self._one_after_another(batches, len(place), recorded or place.recorded)
        together = max(1, AHEAD // (samples[0].nbytes + states[0].nbytes)) if recorded else len(several)
        for start in range(0, len(several), together):
            some = slice(start, start + together)
            self._together(several[some], parts[some], (samples[some], states[some]), place, recorded)

    def _together(
        self,
        several: Sequence[Any],
        parts: Sequence[tuple[Any, ...]],
        room: tuple[Array, Array],
        place: Place,
        recorded: Recorded | None,
    ) -> None:
        """Compute some batches, then record each; those before one that cannot be carried out are recorded too."""
        before, made = self._states[0], 0
        try:
            for steps, part, sample, left in zip(several, parts, *room, strict=True):
                steps.step(sample[: steps.size], left, *part)
                before[:] = left
                made += 1
        finally:
            if recorded is None:
                place.filled(made)
            else:
                for steps, sample, left in islice(zip(several, *room, strict=True), made):
                    recorded(sample[: steps.size], left)

    def _one_after_another(self, batches: Iterator[tuple[Any, ...]], first: int, recorded: Recorded) -> None:
        """Where the ledger does not keep every state: what an interruption leaves has to be found here."""
        before, after = self._states
        for number, (steps, part, sample) in enumerate(batches, first):
            self._left = number, -1
            sample = sample[: steps.size]
            steps.step(sample, after, *part)
            self._left = number, number + 1
            recorded(sample, after)
            self._left = -1, number + 1
            before[:] = after

    def _parts(self, rows: NDArray[np.int32], several: Sequence[Any]) -> list[Part]:
        """Inputs and targets of each batch; of batches in order they are made once."""
        inputs, targets = self._arrays_of_data()
        if not self._in_order:
            return [
                steps.planes.part(inputs[row[: steps.count]], targets[row[: steps.count]], False)
                for row, steps in zip(rows, several, strict=True)
            ]
        places = list(zip(rows[:, 0].tolist(), several, strict=True))
        for start, steps in {*places} - self._kept.keys():
            some = slice(start, start + steps.count)
            self._kept[start, steps] = steps.planes.part(inputs[some], targets[some], len(inputs) <= TABLE_LIMIT)
        return list(map(self._kept.__getitem__, places))

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
            return ArraySteps(self.task, count, self._states[0])
        except UnsupportedError:
            return None
