"""A committed batch as a line of the file, without its hash. Written for every batch while a run trains, so all that
stays the same is made once, and numbers go from the ledger's bytes into the line without a detour."""

from __future__ import annotations

import math
from binascii import b2a_base64
from collections.abc import Callable, Sequence
from functools import lru_cache

from piggybank.ledger.canonical import (
    NO_THREADS,
    READABLE,
    arrays_text,
    bytes_of,
    digest_of,
    look_at,
    number_text,
    settled,
)
from piggybank.ledger.records import Header, split
from piggybank.ledger.storage import kept_every, weight_count
from piggybank.ordered import Array

KEYS = ("batch", "epoch", "rows", "learning_rate", "outputs", "blame", "memory", "weights")
"""Of a batch's line, in order; the hash follows."""
Shapes = Sequence["tuple[int, int]"]


class Template:
    """A text with gaps, each for some of a vector's numbers."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._coded: list[tuple[int, slice]] = []
        self._written: list[tuple[int, slice, Callable[[Array], str]]] = []

    def put(self, text: str) -> None:
        """Text that stays."""
        self._pieces.append(text.encode("ascii"))

    def arrays(self, start: int, shapes: Shapes) -> None:
        """The numbers from `start` on as an array per layer; as base64 where they are too many to be read."""
        size = size_of(shapes)
        if size <= READABLE:
            self.gap(start, size, lambda numbers: arrays_text(split(numbers, shapes)))
            return
        opening = "["
        for rows, columns in shapes:
            self.put(f'{opening}{{"shape":[{rows},{columns}],"f64":"')
            self._coded.append((len(self._pieces), slice(8 * start, 8 * (start + rows * columns))))
            self.put("")
            start, opening = start + rows * columns, '"},'
        self.put('"}]')

    def gap(self, start: int, size: int, write: Callable[[Array], str]) -> None:
        """So many numbers as that function writes them."""
        self._written.append((len(self._pieces), slice(start, start + size), write))
        self.put("")

    def filled(self, numbers: Array) -> list[bytes]:
        """The text's pieces with a vector's settled numbers; the same list every time."""
        raw = bytes_of(numbers)
        for place, part in self._coded:
            self._pieces[place] = b2a_base64(raw[part], newline=False)
        for place, part, write in self._written:
            self._pieces[place] = write(numbers[part]).encode("ascii")
        return self._pieces


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
        self._few = self._size * (1 + len(header.memory)) + len(header.shared_memory) <= NO_THREADS
        self.squares = math.inf
        self._samples: dict[int, Template] = {}
        self._in_full, self._digests = self._of_state(in_full=True), self._of_state(in_full=False)

    def body(self, batch: int, rows: Sequence[int], learning_rate: float, samples: Array, state: Array) -> bytes:
        """The record's text. samples, state: as in `Storage`, the state of every batch, not only of the kept ones."""
        count = len(rows)
        if count not in self._samples:
            self._samples[count] = self._of_samples(count)
        if learning_rate is not self._rate:
            self._rate, self._rate_text = learning_rate, number_text(learning_rate)
        epoch = (batch + self._skip) // self._per_epoch + 1
        beginning = (
            f'{{"batch":{batch},"epoch":{epoch},"rows":{_rows_text(tuple(rows))},'
            f'"learning_rate":{self._rate_text},"outputs":'
        ).encode("ascii")
        if not math.isfinite(look_at(samples)):
            samples = settled(samples)
        look = look_at(state)
        if not math.isfinite(look):
            state = settled(state)
        self.squares = look if self._few else math.inf
        end = self._digests if batch % self._stride else self._in_full
        return b"".join((beginning, *self._samples[count].filled(samples), *end.filled(state)))

    def _of_samples(self, count: int) -> Template:
        """Outputs and blame of so many samples."""
        shapes, text = [(count, width) for width in self._widths], Template()
        text.arrays(0, shapes)
        text.put(',"blame":')
        text.arrays(size_of(shapes), shapes)
        text.put(',"memory":{')
        return text

    def _of_state(self, in_full: bool) -> Template:
        """Memory and weights; the vector has the weights first, the file last."""
        text, header, size = Template(), self._header, self._size

        def kept(place: int) -> None:
            if in_full:
                text.arrays(place * size, self._shapes)
            else:
                text.gap(place * size, size, lambda numbers: f'{{"sha256":"{digest_of(numbers)}"}}')

        names = [*header.memory, *header.shared_memory]
        for place, name in enumerate(names):
            text.put(f'{"," if place else ""}"{name}":')
            if place < len(header.memory):
                kept(place + 1)
            else:
                start = size * (1 + len(header.memory)) + place - len(header.memory)
                text.gap(start, 1, lambda numbers: number_text(float(numbers[0])))
        text.put('},"weights":')
        kept(0)
        text.put("}")
        return text
