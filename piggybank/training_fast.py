"""Hands a run's batches to the engine's fast paths, and their results to its ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import cycle, islice

import numpy as np
from numpy.typing import NDArray

from piggybank.engine.compiled import AT_ONCE, FROM, FastPath, Recorded
from piggybank.engine.task import LayerTask, Task
from piggybank.ledger.commits import numbers
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.records import Header
from piggybank.ledger.storage import Committed, InMemory
from piggybank.ordered import Array


class FastTraining:
    """The fast path of one run.

    rows_of: gives the data rows of a batch, in order. write: called after each batch is recorded, with the batch where
    it is at hand; look: called with what `write` returned. With write None neither is called.
    """

    def __init__(
        self,
        ledger: Ledger,
        rows_of: Callable[[int], Sequence[int]],
        write: Callable[[Committed | None], float] | None,
        look: Callable[[float], None],
    ) -> None:
        self._ledger, self._rows_of, self._write, self._look = ledger, rows_of, write, look
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
        order = self._fill_in(rows, batch)
        batches = range(batch, batch + len(rows))
        one_epoch = [header.count(other) for other in batches[: header.batches_per_epoch]]
        counts = list(islice(cycle(one_epoch), len(rows)))
        given = [numbers(header, other) for other in batches] if self.path.task.varying else []
        varying = [tuple(found[name] for name in self.path.task.varying) for found in given]
        recorded, room = self._after_each(storage, order), (rows, samples, states)
        return self.path.run(counts, varying, vector(batch - 1), room, storage, recorded)

    def _after_each(self, storage: InMemory, order: Iterator[tuple[int, ...]]) -> Recorded | None:
        """What to call after each batch, if anything. order: the data rows of each."""
        write, look = self._write, self._look
        if write is None:
            return None

        def recorded(samples: Array | None, state: Array | None) -> None:
            storage.recorded(samples, state)
            rows = next(order)
            look(write(None if samples is None or state is None else (rows, samples, state)))

        return recorded

    def _fill_in(self, rows: NDArray[np.int32], batch: int) -> Iterator[tuple[int, ...]]:
        """Write the data rows of the batches from this one on, a row each; the same ones again when not shuffled. Gives
        those of one batch after the other."""
        header = self._ledger.header
        repeated = len(rows) if header.shuffled else min(len(rows), header.batches_per_epoch)
        parts = [tuple(self._rows_of(batch + place)) for place in range(repeated)]
        for place, part in enumerate(parts):
            rows[place, : len(part)] = part
        while repeated < len(rows):
            more = min(repeated, len(rows) - repeated)
            rows[repeated : repeated + more] = rows[:more]
            repeated += more
        return cycle(parts)


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
