"""The chain of hashes over a run: its lines one after the other, and the seal that stands for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from piggybank.ledger.canonical import sealed
from piggybank.ledger.header_text import header_body
from piggybank.ledger.record_text import BatchNumbers, RecordText
from piggybank.ledger.storage import flat
from piggybank.ordered import Array

if TYPE_CHECKING:
    from piggybank.ledger.ledger import Ledger

HASH_BYTES = 32


class Sealer:
    """Makes the lines of a ledger's file, in order; the header's when it is made."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._text = RecordText(ledger.header)
        self.header_line, self.head = sealed("", header_body(ledger.header))
        self._heads = bytearray.fromhex(self.head)

    @property
    def batches(self) -> int:
        """So many batches have their line."""
        return len(self._heads) // HASH_BYTES - 1

    def head_at(self, batch: int) -> str:
        """The hash of a batch's line (0: the header's), made if need be."""
        while self.batches < batch:
            self.next_line()
        return self._heads[batch * HASH_BYTES : (batch + 1) * HASH_BYTES].hex()

    def next_line(self, state: Array | None = None) -> bytes:
        """The line of the next committed batch. state: as in `Storage`, where it is at hand."""
        ledger, batch = self._ledger, self.batches + 1
        storage = ledger.storage
        found = _state(ledger, batch) if state is None else state
        rate = ledger.learning_rate_at(batch)
        numbers = BatchNumbers(batch, storage.rows(batch), rate, storage.samples(batch), found)
        line, self.head = sealed(self.head, self._text.body(numbers))
        self._heads += bytes.fromhex(self.head)
        return line


def _state(ledger: Ledger, batch: int) -> Array:
    """Weights and memory after a batch, derived where they are not kept."""
    if batch % ledger.kept_every == 0:
        return ledger.storage.state(batch)
    header, memory = ledger.header, ledger.memory_at(batch)
    shared = ledger.shared_memory_at(batch)
    parts = [flat(ledger.weights_at(batch)), *(flat(memory[name]) for name in header.memory)]
    return np.concatenate([*parts, np.array([shared[name] for name in header.shared_memory])])
