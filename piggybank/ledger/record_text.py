"""A committed batch as a line of the file, without its hash. Written for every batch while a run trains, so all that
stays the same is made once, and numbers go from the ledger's bytes into the line without a detour."""

from __future__ import annotations

import math
import sys
from binascii import b2a_base64
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

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
Text: TypeAlias = "Callable[[bytes, bytes, Array, Array], bytes]"
"""Of the hash before a record, the record's beginning, and settled samples and state."""
SAMPLES, STATE = "samples", "state"
BYTES = 'data.cast("B")' if sys.byteorder == "little" else 'byteswap().data.cast("B")'
"""Of a vector, as they are written: the least significant first."""


class Template:
    """A text with gaps for numbers, which becomes a function: in straight-line Python, as it runs for every batch."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._names: dict[str, Any] = {"base64": b2a_base64}

    def put(self, text: str) -> None:
        """Text that stays."""
        self._parts.append(repr(text.encode("ascii")))

    def arrays(self, vector: str, start: int, shapes: Shapes) -> None:
        """The numbers from `start` on as an array per layer; as base64 where they are too many to be read."""
        size = size_of(shapes)
        if size <= READABLE:
            self.gap(vector, start, size, lambda numbers: arrays_text(split(numbers, shapes)))
            return
        opening = "["
        for rows, columns in shapes:
            self.put(f'{opening}{{"shape":[{rows},{columns}],"f64":"')
            stop = start + rows * columns
            self._parts.append(f", base64({vector}_bytes[{8 * start}:{8 * stop}], newline=False), ")
            start, opening = stop, '"},'
        self.put('"}]')

    def gap(self, vector: str, start: int, size: int, write: Callable[[Array], str]) -> None:
        """So many numbers as that function writes them."""
        name = f"write_{len(self._names)}"
        self._names[name] = write
        self._parts.append(f', {name}({vector}[{start}:{start + size}]).encode("ascii"), ')

    def made(self) -> Text:
        """The function."""
        lines = [
            "def text(previous, beginning, samples, state):",
            f" samples_bytes, state_bytes = samples.{BYTES}, state.{BYTES}",
            f" return b''.join((previous, beginning, {' '.join(self._parts)}))",
        ]
        exec(compile("\n".join(lines), "<a record's text>", "exec"), self._names)
        text: Text = self._names["text"]
        return text


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
        self._rate = math.nan, number_text(math.nan)
        self._few_samples = 2 * sum(self._widths) * header.batch_size <= NO_THREADS
        self._few_states = self._size * (1 + len(header.memory)) + len(header.shared_memory) <= NO_THREADS
        self.squares = math.inf
        self._texts: dict[tuple[int, bool], Text] = {}

    def record(self, previous: bytes, batch: int, learning_rate: float, committed: Committed) -> bytes:
        """The hash of the line before and the record's text."""
        rows, samples, state = committed
        if learning_rate is not self._rate[0]:
            self._rate = learning_rate, number_text(learning_rate)
        look = state.dot(state) if self._few_states else np.add.reduce(state)
        self.squares = look if self._few_states else math.inf
        look += samples.dot(samples) if self._few_samples else np.add.reduce(samples)
        if not math.isfinite(look):  # the quickest look at all of them; a sum may overflow, too
            samples, state = settled(samples), settled(state)
        kind = len(rows), batch % self._stride == 0
        text = self._texts.get(kind)
        if text is None:
            text = self._texts[kind] = self._text(*kind)
        epoch = (batch + self._skip) // self._per_epoch + 1
        beginning = (
            f'{{"batch":{batch},"epoch":{epoch},"rows":{_rows_text(tuple(rows))},"learning_rate":{self._rate[1]}'
        )
        return text(previous, beginning.encode("ascii"), samples, state)

    def _text(self, count: int, in_full: bool) -> Text:
        """Outputs and blame of so many samples, then memory and weights; the state has the weights first."""
        shapes, text = [(count, width) for width in self._widths], Template()
        text.put(',"outputs":')
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
        return text.made()
