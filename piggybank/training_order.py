"""Which rows come when: as they stand, or shuffled anew every epoch; a fork goes on with its parent's orders."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import Any

from piggybank.ledger.records import Header, Parent
from piggybank.ordered import Array


@dataclass(frozen=True)
class Start:
    """Where a fork begins: what its parent was, the weights and the rule's memory that it left, the rows of the first
    epoch in order, how many of its batches are done, and the parent's epochs before it (for shuffles)."""

    parent: Parent
    weights: list[Array]
    memory: dict[str, Any]
    order: list[int]
    skip: int = 0
    epochs: int = 0

    def noted(self, header: Header) -> Header:
        """The header of the fork, which says where it comes from."""
        names = {*header.memory, *header.shared_memory}
        memory = {name: value for name, value in self.memory.items() if name in names}
        return replace(header, parent=self.parent, skip=self.skip, initial_memory=memory)


class Orders:
    """The orders of a run. seed: None for rows as they stand; start: of a fork."""

    def __init__(self, header: Header, seed: int | None, start: Start | None) -> None:
        self._header, self._seed, self._start = header, seed, start
        self._epoch, self._order = 0, list[int]()

    def rows(self, batch: int) -> list[int]:
        """The data rows (0-based) of a batch, in order."""
        header = self._header
        place, epoch = header.place(batch), header.epoch(batch)
        if epoch != self._epoch:
            self._epoch, self._order = epoch, self.of_epoch(epoch)
        return self._order[place * header.batch_size : (place + 1) * header.batch_size]

    def of_epoch(self, epoch: int) -> list[int]:
        """All rows in the order of an epoch."""
        if self._start is not None and epoch == 1:
            return self._start.order
        return epoch_order(self._header.rows, self._seed, epoch + self.before)

    @property
    def before(self) -> int:
        """Epochs of the parent before the run's first."""
        return self._start.epochs if self._start is not None else 0


def epoch_order(rows: int, seed: int | None, epoch: int) -> list[int]:
    """The order of rows in an epoch: as they come without a seed, otherwise a Fisher-Yates shuffle from it."""
    order = list(range(rows))
    if seed is not None:
        numbers = random.Random(seed * 1_000_003 + epoch)
        for place in range(rows - 1, 0, -1):
            other = int(numbers.random() * (place + 1))
            order[place], order[other] = order[other], order[place]
    return order
