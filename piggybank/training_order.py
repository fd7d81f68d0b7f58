"""Which rows come when: as they stand, or shuffled anew every epoch; a fork goes on with its parent's orders."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from piggybank.ledger.cut import Cut
from piggybank.ledger.records import Header, Parent
from piggybank.ordered import Array


@dataclass(frozen=True)
class Start:
    """Where a fork begins: what its parent was, the weights and the rule's memory that it left, how the rows that
    are left are cut into batches, how many batches of its first epoch are done.

    orders, places, epochs: the parent's, where its rows stand in the fork's data, and its epochs before the first.
    """

    parent: Parent
    weights: list[Array]
    memory: dict[str, Any]
    cut: Cut
    skip: int
    orders: Orders
    places: Mapping[int, int]
    epochs: int

    def noted(self, header: Header) -> Header:
        """The header of the fork, which says where it comes from."""
        names = {*header.memory, *header.shared_memory}
        memory = {name: value for name, value in self.memory.items() if name in names}
        return replace(header, parent=self.parent, skip=self.skip, initial_memory=MappingProxyType(memory))

    def anew(self) -> Start:
        """For another rule: nothing is remembered, and its schedule begins."""
        return replace(self, memory={}, parent=replace(self.parent, commits=0, epochs=0))


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
        return self._order[header.cut.start(place) : header.cut.start(place + 1)]

    def of_epoch(self, epoch: int) -> list[int]:
        """All rows in the order of an epoch."""
        if self._start is None:
            return epoch_order(self._header.rows, self._seed, epoch)
        places = self._start.places
        return [places[row] for row in self._start.orders.of_epoch(epoch + self._start.epochs) if row in places]


def epoch_order(rows: int, seed: int | None, epoch: int) -> list[int]:
    """The order of rows in an epoch: as they come without a seed, otherwise a Fisher-Yates shuffle from it."""
    order = list(range(rows))
    if seed is not None:
        numbers = random.Random(seed * 1_000_003 + epoch)
        for place in range(rows - 1, 0, -1):
            other = int(numbers.random() * (place + 1))
            order[place], order[other] = order[other], order[place]
    return order
