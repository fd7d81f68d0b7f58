"""The chain of hashes over a run: its lines one after the other, and the seal that stands for all of them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from piggybank.ledger.canonical import sealed
from piggybank.ledger.header_text import header_body
from piggybank.ledger.record_text import RecordText
from piggybank.ledger.storage import Committed, flat
from piggybank.ordered import Array

if TYPE_CHECKING:
    from piggybank.ledger.ledger import Ledger

HASH_BYTES = 32


class Sealer:
    """Makes the lines of a ledger's file, in order; the header's when it is made.

    batches: so many have their line; squares: of the state in the last of them, see `RecordText`.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger, self._storage = ledger, ledger.storage
        self._text = RecordText(ledger.header)
        self._stride = ledger.kept_every
        self._rate = None if ledger.header.schedule.lines else ledger.header.constants.get("learning_rate", math.nan)
        self.batches, self.squares = 0, math.inf
        self.header_line, found, self._head = sealed(header_body(ledger.header), 0)
        self._heads = bytearray(found)

    @np.errstate(all="ignore")
    def head_at(self, batch: int) -> str:
        """The hash of a batch's line (0: the header's), made if need be."""
        while self.batches < batch:
            self.next_line()
        return self._heads[batch * HASH_BYTES : (batch + 1) * HASH_BYTES].hex()

    def next_line(self, committed: Committed | None = None) -> bytes:
        """The line of the next batch. committed: what it is made of, where it is at hand. numpy warns of numbers that
        overflow: to be called where it is told not to."""
        batch = self.batches + 1
        rate = self._ledger.learning_rate_at(batch) if self._rate is None else self._rate
        text = self._text.record(self._head, batch, rate, committed or self._committed(batch))
        line, found, self._head = sealed(text, len(self._head))
        self._heads += found
        self.batches, self.squares = batch, self._text.squares
        return line

    def _committed(self, batch: int) -> Committed:
        storage = self._storage
        state = _state(self._ledger, batch) if batch % self._stride else storage.state(batch)
        return storage.rows(batch), storage.samples(batch), state


def _state(ledger: Ledger, batch: int) -> Array:
    """Weights and memory after a batch that does not keep them, derived."""
    header, memory = ledger.header, ledger.memory_at(batch)
    shared = ledger.shared_memory_at(batch)
    parts = [flat(ledger.weights_at(batch)), *(flat(memory[name]) for name in header.memory)]
    return np.concatenate([*parts, np.array([shared[name] for name in header.shared_memory])])
