"""The doorway's second leaf: hands a run's batches to the engine's fast paths and their results to its ledger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import cycle, islice

import numpy as np
from numpy.typing import NDArray

from piggybank.engine.compiled import AT_ONCE, FROM, FastPath
from piggybank.engine.task import LayerTask, Task
from piggybank.ledger.commits import numbers
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.records import Header
from piggybank.ledger.storage import InMemory
from piggybank.ordered import Array


class FastTraining:
    """The fast path of one run.

    rows_of: the data rows of a batch, in order; then: called after each batch is recorded, with the state it left
    where the ledger does not keep every batch's.
    """

    def __init__(
        self, ledger: Ledger, rows_of: Callable[[int], Sequence[int]], then: Callable[[Array | None], None] | None
    ) -> None:
        self._ledger, self._rows_of, self._then = ledger, rows_of, then
        header = ledger.header
        self.path = FastPath(task_of(header), header.inputs, header.targets, not header.shuffled)

    def train(self, batch: int, last: int, vector: Callable[[int], Array]) -> bool:
        """Train from a batch on, up to the last or not as far; False when the readable path is to take this batch.

        vector: the state after a batch, weights and then what the rule keeps.
        """
        storage, header = self._ledger.storage, self._ledger.header
        if last < FROM or not isinstance(storage, InMemory):
            return False
        rows, samples, states = storage.room(min(last + 1 - batch, AT_ONCE))
        self._fill_in(rows, batch)
        batches = range(batch, batch + len(rows))
        one_epoch = [header.count(other) for other in batches[: header.batches_per_epoch]]
        counts = list(islice(cycle(one_epoch), len(rows)))
        given = [numbers(header, other) for other in batches] if self.path.task.varying else []
        varying = [tuple(found[name] for name in self.path.task.varying) for found in given]
        return self.path.run(counts, varying, vector(batch - 1), (rows, samples, states), storage, self._told(storage))

    def _told(self, storage: InMemory) -> Callable[[Array | None], None]:
        """What to call after each batch."""
        then = self._then
        if then is None:
            return storage.recorded

        def recorded(state: Array | None) -> None:
            storage.recorded(state)
            then(state)

        return recorded

    def _fill_in(self, rows: NDArray[np.int32], batch: int) -> None:
        """Write the data rows of the batches from this one on, a row each; the same ones again when not shuffled."""
        header = self._ledger.header
        repeated = len(rows) if header.shuffled else min(len(rows), header.batches_per_epoch)
        for place in range(repeated):
            part = self._rows_of(batch + place)
            rows[place, : len(part)] = part
        while repeated < len(rows):
            more = min(repeated, len(rows) - repeated)
            rows[repeated : repeated + more] = rows[:more]
            repeated += more


def task_of(header: Header) -> Task:
    """What the fast paths have to compute."""
    layers = tuple(
        LayerTask(len(layer.sources), len(layer.neurons), layer.has_bias, layer.shared, layer.value, layer.slope)
        for layer in header.layers
    )
    return Task(
        layers,
        header.loss_blame,
        header.loss_fused,
        header.recipe,
        header.memory,
        header.shared_memory,
        {**header.constants, "batch_size": float(header.batch_size)},
        varying_names(header),
        header.micro_size,
    )


def varying_names(header: Header) -> tuple[str, ...]:
    """The numbers of a recipe that each commit is given anew."""
    names = {"commit", "epoch", *(name for name, _ in header.schedule.lines)}
    return tuple(sorted(names & header.needs))
