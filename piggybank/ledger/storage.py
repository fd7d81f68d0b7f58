"""Where a ledger's numbers lie: here in memory, for a run that is being recorded; in `reading.py` in a file.

Both hold the same three vectors per batch, and the ledger makes records of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from piggybank.ledger.pages import Pages
from piggybank.ledger.records import Header, LedgerError
from piggybank.ordered import Array

FULL_WEIGHTS = 4096
"""Up to this many weights every batch keeps them all; beyond, every 64th batch does and the rest is recomputed."""
CHECKPOINT = 64
Committed: TypeAlias = "tuple[Sequence[int], Array, Array]"
"""A batch as a record of it is made: rows, samples and state as in `Storage`, the state also where it is not kept."""


def weight_count(header: Header) -> int:
    """How many weights the network has."""
    return sum(rows * columns for rows, columns in (layer.shape for layer in header.layers))


def kept_every(header: Header) -> int:
    """1 where the weights after every batch are kept; `CHECKPOINT` where only those after every 64th are."""
    return 1 if weight_count(header) <= FULL_WEIGHTS else CHECKPOINT


class Storage(Protocol):
    """The numbers of committed batches, counted from 1; what it gives is read-only.

    problem: one sentence about what could not be read, "" where all is well.
    """

    problem: str

    def __len__(self) -> int:
        """Committed batches."""

    def rows(self, batch: int) -> Sequence[int]:
        """0-based row ids in the order they were banked."""

    def samples(self, batch: int) -> Array:
        """One vector: each layer's outputs, (samples, neurons) in C order, then each layer's blame likewise."""

    def state(self, batch: int) -> Array:
        """One vector: the weights after the batch (0: initial), layer by layer, then each of the header's `memory`
        likewise, then its `shared_memory`. Not for every batch; see `kept_every`."""

    def head_at(self, batch: int) -> str:
        """The hash of a batch's line (0: the header's), where it is written down; "" where it is yet to be made."""

    def refresh(self) -> int:
        """Take in what was added since; gives how many batches."""

    def close(self) -> None:
        """Let go of the file, if there is one."""


class InMemory:
    """A run that is being recorded."""

    problem = ""

    def __init__(self, header: Header) -> None:
        self._header = header
        self._width = 2 * sum(len(layer.neurons) for layer in header.layers)
        self._stride = kept_every(header)
        size = weight_count(header)
        self._samples = Pages(self._width * header.batch_size)
        self._rows = Pages(header.batch_size, np.int32)
        self._states = Pages(size * (1 + len(header.memory)) + len(header.shared_memory))
        self._length = 0
        start = np.concatenate([matrix.ravel() for matrix in header.initial])
        self._write_state(0, start, first_memory(header))

    def __len__(self) -> int:
        return self._length

    def append(
        self,
        rows: Sequence[int],
        outputs: Sequence[Array],
        blame: Sequence[Array],
        weights_after: Array,
        memory_after: Mapping[str, Array | float],
    ) -> None:
        """See `Ledger.append`."""
        place = self._length
        self._rows.slot(place)[: len(rows)] = rows
        parts = [part.ravel() for part in (*outputs, *blame)]
        np.concatenate(parts, out=self._samples.slot(place)[: self._width * len(rows)])
        if (place + 1) % self._stride == 0:
            self._write_state((place + 1) // self._stride, weights_after, memory_after)
        self._length = place + 1  # only now is it recorded

    def room(self, batches: int) -> tuple[NDArray[np.int32], Array, Array | None]:
        """Where the next batches' numbers belong, at most so many, to be filled in and then `recorded` one by one.

        One row each: data rows, samples and state as this class gives them back; no states where not every batch's
        are kept.
        """
        rows, samples = (pages.block(self._length, batches) for pages in (self._rows, self._samples))
        count = min(len(rows), len(samples))
        if self._stride > 1:
            return rows[:count], samples[:count], None
        states = self._states.block(self._length + 1, count)
        return rows[: len(states)], samples[: len(states)], states

    def recorded(self, samples: Array | None = None, state: Array | None = None) -> None:
        """The next batch's place in the room is filled. samples: as they lie there; state: what it left, where the
        room has no states."""
        place = self._length + 1
        if self._stride > 1 and state is not None and place % self._stride == 0:
            self._states.slot(place // self._stride)[:] = state
        self._length = place

    def filled(self, batches: int) -> None:
        """The next so many batches' places in a room that has states are filled."""
        self._length += batches

    def states_between(self, first: int, last: int) -> Iterator[Array]:
        """The states after the batches from the first to the last, a row each; where every batch's are kept."""
        while first <= last:
            found = self._states.block(first, last + 1 - first)
            first += len(found)
            yield found

    def cut(self, batches: int) -> None:
        """Take back batches beyond so many, which were computed ahead and shown to nobody."""
        self._length = min(self._length, batches)

    def _write_state(self, place: int, weights: Array, memory: Mapping[str, Array | float]) -> None:
        parts = [weights, *(memory[name] for name in self._header.memory)]
        if self._header.shared_memory:
            parts.append(np.array([memory[name] for name in self._header.shared_memory]))
        np.concatenate(parts, out=self._states.slot(place))

    def rows(self, batch: int) -> Sequence[int]:
        found: list[int] = self._rows.beginning(batch - 1, self._header.count(batch)).tolist()
        return found

    def samples(self, batch: int) -> Array:
        return self._samples.beginning(batch - 1, self._width * self._header.count(batch))

    def state(self, batch: int) -> Array:
        if batch % self._stride:
            raise LedgerError(f"the weights after batch {batch} are not kept; only every {self._stride}th batch's are")
        return self._states[batch // self._stride]

    def head_at(self, batch: int) -> str:
        return ""

    def refresh(self) -> int:
        return 0

    def close(self) -> None:
        """There is no file to close."""


def first_memory(header: Header) -> dict[str, Array | float]:
    """What the rule keeps before the first batch: as the header says, zeros for what it does not mention."""
    size, found = weight_count(header), dict[str, "Array | float"]()
    for name in header.memory:
        given = header.initial_memory.get(name)
        found[name] = np.zeros(size) if given is None or isinstance(given, float) else flat(given)
    for name in header.shared_memory:
        number = header.initial_memory.get(name, 0.0)
        found[name] = number if isinstance(number, float) else 0.0
    return found


def flat(arrays: Sequence[Array]) -> Array:
    """Arrays, one per layer, as one vector."""
    return np.concatenate([array.ravel() for array in arrays])
