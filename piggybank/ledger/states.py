"""The weights and the rule's memory after any batch: where they are not stored, they are computed again, bit for bit.

Large runs keep every 64th state only. The states that were derived last stay at hand, so that neighbours of a batch
that was looked at take one commit, and of the others every eighth does, so that coming back takes eight at most; all
within a number of bytes, whatever the network's size.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np

from piggybank.ledger import bank, commits
from piggybank.ledger.records import BatchRecord, Header, read_only, split
from piggybank.ledger.storage import Storage, flat, kept_every, weight_count
from piggybank.ordered import Array

State: TypeAlias = "tuple[tuple[Array, ...], Mapping[str, tuple[Array, ...]], Mapping[str, float]]"
"""Weights per layer, the rule's memory likewise, and its memory that all weights share."""
Samples: TypeAlias = "tuple[tuple[int, ...], tuple[Array, ...], tuple[Array, ...]]"
"""Rows, outputs and blame of a batch."""
AT_HAND = 128 << 20
"""Bytes of states asked for last; as many again of marks, and of those that records hold."""
MOST = 64
MARK = 8
"""Every so many derived states are marks."""


def room_for_states(header: Header) -> int:
    """How many states may stay at hand."""
    return AT_HAND // (8 * weight_count(header) * (1 + len(header.memory)))


class States:
    """The states of one run."""

    def __init__(self, header: Header, storage: Storage, samples: Callable[[int], Samples]) -> None:
        """samples: gives those of a committed batch."""
        self._header, self._storage, self._samples = header, storage, samples
        self._stride = kept_every(header)
        self._shapes = [layer.shape for layer in header.layers]
        room = room_for_states(header)
        self.at = lru_cache(maxsize=min(max(4, room), MOST))(self._at)
        self._mark = lru_cache(maxsize=max(MARK, room))(self._found)
        self.given = lru_cache(maxsize=4)(self._given_to)
        self.commit = lru_cache(maxsize=4)(self._carry_out)

    def _at(self, batch: int) -> State:
        """After that batch (0: the first)."""
        return self._mark(batch) if batch % self._stride and batch % MARK == 0 else self._found(batch)

    def _found(self, batch: int) -> State:
        names, shared = self._header.memory, self._header.shared_memory
        if batch % self._stride:
            result = self.commit(batch)
            vector = flat([result["after"], *(result[name] for name in names)])
            numbers = [float(result[name]) for name in shared]
        else:
            kept = self._storage.state(batch)
            size = len(kept) - len(shared)
            vector, numbers = kept[:size], kept[size:].tolist()
        arrays, layers = split(read_only(vector), self._shapes * (1 + len(names))), len(self._shapes)
        groups = [tuple(arrays[start : start + layers]) for start in range(0, len(arrays), layers)]
        memory, kept_once = dict(zip(names, groups[1:], strict=True)), dict(zip(shared, numbers, strict=True))
        return groups[0], MappingProxyType(memory), MappingProxyType(kept_once)

    @np.errstate(all="ignore")
    def _given_to(self, batch: int) -> Mapping[str, Any]:
        """What the rule's recipe was given in a batch's commit."""
        header = self._header
        weights, memory, shared = self.at(batch - 1)
        record = BatchRecord(batch, header.epoch(batch), *self._samples(batch), weights, ())
        coins = [(bank.layer_inputs(header, record, layer), record.blame[layer]) for layer in range(len(header.layers))]
        kept = {name: flat(parts) for name, parts in memory.items()}
        return _frozen(commits.given(header, batch, coins, flat(weights), {**kept, **shared}))

    @np.errstate(all="ignore")
    def _carry_out(self, batch: int) -> Mapping[str, Any]:
        """Every name of the recipe in a batch's commit."""
        return _frozen(commits.carry_out(self._header, self.given(batch)))


def _frozen(values: dict[str, Any]) -> Mapping[str, Any]:
    read = {name: read_only(value) if isinstance(value, np.ndarray) else value for name, value in values.items()}
    return MappingProxyType(read)
