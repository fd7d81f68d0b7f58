"""A committed batch as a line of the file, without its hash. Written for every batch while a run trains, so all that
stays the same is made once, and numbers go from the ledger's bytes into the line without a detour."""

from __future__ import annotations

import math
import sys
from binascii import b2a_base64
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from piggybank.ledger.canonical import (
    NO_THREADS,
    READABLE,
    arrays_text,
    digest_of,
    number_text,
    settled,
)
from piggybank.ledger.records import Header, split
from piggybank.ledger.storage import Committed, kept_every, weight_count
from piggybank.ordered import Array

KEYS = ("batch", "epoch", "rows", "learning_rate", "outputs", "blame", "memory", "weights")
"""Of a batch's line, in order; the hash follows."""
Shapes = Sequence["tuple[int, int]"]
Gap = tuple[int, slice]
SAMPLES, STATE = 0, 1
LITTLE = sys.byteorder == "little"
"""Whether numbers lie in memory as they are written, the least significant byte first."""


class Template:
    """A text with gaps: for the hash before it, for the record's beginning, and then for numbers of its two vectors,
    samples and state.

    pieces: the gaps in order, after each text that stays; coded: those for base64 of either vector; written: others.
    """

    def __init__(self) -> None:
        self.pieces = [b"", b"", b""]
        self.coded: tuple[list[Gap], list[Gap]] = [], []
        self.written: list[tuple[int, int, slice, Callable[[Array], str]]] = []

    def put(self, text: str) -> None:
        """Text that stays."""
        self.pieces[-1] += text.encode("ascii")

    def _gap(self) -> int:
        """Where a piece is to be put."""
        self.pieces += [b"", b""]
        return len(self.pieces) - 2

    def arrays(self, vector: int, start: int, shapes: Shapes) -> None:
        """The numbers from `start` on as an array per layer; as base64 where they are too many to be read."""
        size = size_of(shapes)
        if size <= READABLE:
            self.gap(vector, start, size, lambda numbers: arrays_text(split(numbers, shapes)))
            return
        opening = "["
        for rows, columns in shapes:
            self.put(f'{opening}{{"shape":[{rows},{columns}],"f64":"')
            self.coded[vector].append((self._gap(), slice(8 * start, 8 * (start + rows * columns))))
            start, opening = start + rows * columns, '"},'
        self.put('"}]')

    def gap(self, vector: int, start: int, size: int, write: Callable[[Array], str]) -> None:
        """So many numbers as that function writes them."""
        self.written.append((self._gap(), vector, slice(start, start + size), write))


def size_of(shapes: Shapes) -> int:
    """How many numbers."""
    return sum(rows * columns for rows, columns in shapes)


@lru_cache(maxsize=64)
def _rows_text(rows: tuple[int, ...]) -> str:
    """Row ids; without a shuffle the same in every epoch."""
    return f"{list(rows)}".replace(" ", "")


class RecordText:
    """Writes the batches of one run.

    squares: about the sum of the squares of the state written last, infinity where it was not worth while.
    """

    def __init__(self, header: Header) -> None:
        self._header = header
        self._widths = [len(layer.neurons) for layer in header.layers]
        self._shapes = [layer.shape for layer in header.layers]
        self._size = weight_count(header)
        self._stride = kept_every(header)
        self._skip, self._per_epoch = header.skip - 1, header.batches_per_epoch
        self._rate, self._rate_text = math.nan, number_text(math.nan)
        self._few_samples = 2 * sum(self._widths) * header.batch_size <= NO_THREADS
        self._few_states = self._size * (1 + len(header.memory)) + len(header.shared_memory) <= NO_THREADS
        self.squares = math.inf
        self._templates: dict[tuple[int, bool], Template] = {}

    def record(self, previous: bytes, batch: int, learning_rate: float, committed: Committed) -> list[bytes]:
        """The hash of the line before and the pieces of the record's text, until the next one's are asked for."""
        rows, samples, state = committed
        if learning_rate is not self._rate:
            self._rate, self._rate_text = learning_rate, number_text(learning_rate)
        look = state.dot(state) if self._few_states else np.add.reduce(state)
        self.squares = look if self._few_states else math.inf
        look += samples.dot(samples) if self._few_samples else np.add.reduce(samples)
        if not math.isfinite(look):  # the quickest look at all of them; a sum may overflow, too
            samples, state = settled(samples), settled(state)
        kind = len(rows), batch % self._stride == 0
        template = self._templates.get(kind)
        if template is None:
            template = self._templates[kind] = self._template(*kind)
        epoch = (batch + self._skip) // self._per_epoch + 1
        beginning = (
            f'{{"batch":{batch},"epoch":{epoch},"rows":{_rows_text(tuple(rows))},'
            f'"learning_rate":{self._rate_text},"outputs":'
        )
        pieces = template.pieces
        pieces[0], pieces[1] = previous, beginning.encode("ascii")
        for which, vector in enumerate((samples, state)):
            raw = (vector if LITTLE else vector.byteswap()).data.cast("B")
            for place, part in template.coded[which]:
                pieces[place] = b2a_base64(raw[part], newline=False)
        for place, which, part, write in template.written:
            pieces[place] = write((samples, state)[which][part]).encode("ascii")
        return pieces

    def _template(self, count: int, in_full: bool) -> Template:
        """Outputs and blame of so many samples, then memory and weights; the state has the weights first."""
        shapes, text = [(count, width) for width in self._widths], Template()
        text.arrays(SAMPLES, 0, shapes)
        text.put(',"blame":')
        text.arrays(SAMPLES, size_of(shapes), shapes)
        text.put(',"memory":{')
        header, size = self._header, self._size

        def kept(place: int) -> None:
            if in_full:
                text.arrays(STATE, place * size, self._shapes)
            else:
                text.gap(STATE, place * size, size, lambda numbers: f'{{"sha256":"{digest_of(numbers)}"}}')

        names = [*header.memory, *header.shared_memory]
        for place, name in enumerate(names):
            text.put(f'{"," if place else ""}"{name}":')
            if place < len(header.memory):
                kept(place + 1)
            else:
                start = size * (1 + len(header.memory)) + place - len(header.memory)
                text.gap(STATE, start, 1, lambda numbers: number_text(float(numbers[0])))
        text.put('},"weights":')
        kept(0)
        text.put("}")
        return text
