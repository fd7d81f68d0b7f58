"""A committed batch as a line of the file, without its hash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from piggybank.ledger.canonical import array_text, arrays_text, digest_of, number_text, settled
from piggybank.ledger.records import Header, split
from piggybank.ledger.storage import kept_every, weight_count
from piggybank.ordered import Array

KEYS = ("batch", "epoch", "rows", "learning_rate", "outputs", "blame", "memory", "weights")
"""Of a batch's line, in order; the hash follows."""


@dataclass(frozen=True, eq=False)
class BatchNumbers:
    """What a line holds. samples, state: as in `Storage`; state of every batch, not only of the kept ones."""

    batch: int
    rows: Sequence[int]
    learning_rate: float
    samples: Array
    state: Array


class RecordText:
    """Writes the batches of one run; what the header fixes is worked out once."""

    def __init__(self, header: Header) -> None:
        self._header = header
        self._widths = [len(layer.neurons) for layer in header.layers]
        self._shapes = [layer.shape for layer in header.layers]
        self._size = weight_count(header)
        self._stride = kept_every(header)

    def body(self, numbers: BatchNumbers) -> str:
        """The record's text, see SPEC of the format in `store.py`."""
        batch, count, layers = numbers.batch, len(numbers.rows), len(self._widths)
        parts = split(settled(numbers.samples), [(count, width) for width in self._widths * 2])
        weights, memory = self._state(batch, settled(numbers.state))
        return (
            f'{{"batch":{batch},"epoch":{self._header.epoch(batch)},"rows":[{",".join(map(str, numbers.rows))}],'
            f'"learning_rate":{number_text(numbers.learning_rate)},"outputs":{arrays_text(parts[:layers])},'
            f'"blame":{arrays_text(parts[layers:])},"memory":{{{memory}}},"weights":{weights}}}'
        )

    def _state(self, batch: int, state: Array) -> tuple[str, str]:
        """The texts of the weights and of the memory after a batch."""
        header, size = self._header, self._size
        in_full = batch % self._stride == 0
        groups = [state[start : start + size] for start in range(0, size * (1 + len(header.memory)), size)]
        texts = [self._in_full(group) if in_full else f'{{"sha256":"{digest_of(group)}"}}' for group in groups]
        shared = [number_text(value) for value in state[size * len(groups) :].tolist()]
        names = (*header.memory, *header.shared_memory)
        kept = zip(names, [*texts[1:], *shared], strict=True)
        return texts[0], ",".join(f'"{name}":{text}' for name, text in kept)

    def _in_full(self, group: Array) -> str:
        if len(self._shapes) == 1:
            return f"[{array_text(group.reshape(self._shapes[0]))}]"
        return arrays_text(split(group, self._shapes))
