"""The doorway's second leaf: hands a run's batches to the engine's fast paths and their results to its ledger."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from piggybank.engine.compiled import AT_ONCE, FROM, FastPath
from piggybank.engine.task import LayerTask, Task
from piggybank.ledger.commits import numbers
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.records import Header
from piggybank.ledger.storage import InMemory
from piggybank.ordered import Array


class FastTraining:
    """The fast path of one run.

    rows_of: the data rows of a batch, in order; recorded: called after each batch, with the state it left where the
    ledger does not keep every batch's.
    """

    def __init__(
        self, ledger: Ledger, rows_of: Callable[[int], Sequence[int]], recorded: Callable[[Array | None], None]
    ) -> None:
        self._ledger, self._rows_of, self._recorded = ledger, rows_of, recorded
        self.path = FastPath(task_of(ledger.header), ledger.header.inputs, ledger.header.targets)

    def train(self, batch: int, last: int, vector: Callable[[int], Array]) -> bool:
        """Train from a batch on, up to the last or not as far; False when the readable path is to take this batch.

        vector: the state after a batch, weights and then what the rule keeps.
        """
        storage, header = self._ledger.storage, self._ledger.header
        if last < FROM or not isinstance(storage, InMemory):
            return False
        count = header.count(batch)
        alike = range(batch, min(last + 1, batch + AT_ONCE))
        alike = range(batch, next((other for other in alike if header.count(other) != count), alike.stop))
        rows = [self._rows_of(other) for other in alike]

        def recorded(state: Array | None = None) -> None:
            storage.recorded(state)
            self._recorded(state)

        given = [numbers(header, other) for other in alike] if self.path.task.varying else []
        varying = [tuple(found[name] for name in self.path.task.varying) for found in given]
        return self.path.run(rows, varying, vector(batch - 1), storage, recorded)


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
