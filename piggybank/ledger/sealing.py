"""The chain of hashes over a run: its lines one after the other, and the seal that stands for all of them."""

from __future__ import annotations

import math
from binascii import b2a_hex
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
    """Makes the lines of a ledger's file; the header's when it is made.

    All that it remembers is the hashes of the lines so far, and one step adds one: after an interruption at any instant
    it goes on as if there had been none.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger, self._storage = ledger, ledger.storage
        self._text = RecordText(ledger.header)
        self._stride = ledger.kept_every
        self._rate = None if ledger.header.schedule.lines else ledger.header.constants.get("learning_rate", math.nan)
        self.header_line, found = sealed(header_body(ledger.header), 0)
        self._heads = bytearray(found)

    @np.errstate(all="ignore")
    def head_at(self, batch: int) -> str:
        """The hash of a batch's line (0: the header's), made if need be."""
        for missing in range(len(self._heads) // HASH_BYTES, batch + 1):
            self.line(missing)
        return self._heads[batch * HASH_BYTES : (batch + 1) * HASH_BYTES].hex()

    def line(self, batch: int, committed: Committed | None = None) -> bytes:
        """The line of a batch, when the ones before it were made. committed: what it is made of, where it is at hand.
        numpy warns of numbers that overflow: to be called where it is told not to."""
        start, end = batch * HASH_BYTES, (batch + 1) * HASH_BYTES
        previous = b2a_hex(self._heads[start - HASH_BYTES : start])
        rate = self._ledger.learning_rate_at(batch) if self._rate is None else self._rate
        text = self._text.record(previous, batch, rate, committed or self._committed(batch))
        line, self._heads[start:end] = sealed(text, len(previous))
        return line

    @property
    def squares(self) -> float:
        """Of the state in the line that was made last, see `RecordText`."""
        return self._text.squares

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
