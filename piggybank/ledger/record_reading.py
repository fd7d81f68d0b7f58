"""A committed batch from its line: the inverse of `record_text.py`, which trusts nothing that it reads."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from piggybank.ledger.canonical import HASH_DIGITS, HASH_KEY, READABLE, TAIL
from piggybank.ledger.record_text import KEYS
from piggybank.ledger.records import Header, read_only
from piggybank.ledger.storage import flat, kept_every
from piggybank.ledger.strict import (
    LONGEST_NUMBER,
    FileError,
    array,
    base64_length,
    digest,
    keyed,
    listed,
    number,
    parsed,
    whole,
)
from piggybank.ordered import Array


@dataclass(frozen=True, eq=False)
class FoundBatch:
    """samples, state: as in `Storage`; state is empty where the file has digests only."""

    rows: tuple[int, ...]
    samples: Array
    state: Array


NOTHING = read_only(np.empty(0))


class RecordReader:
    """Reads the batches of one run; what the header fixes is worked out once."""

    def __init__(self, header: Header) -> None:
        self._header = header
        self._widths = [len(layer.neurons) for layer in header.layers]
        self._shapes = [layer.shape for layer in header.layers]
        self._stride = kept_every(header)
        self.longest_line = self._longest_line()

    def _longest_line(self) -> int:
        """Bytes of the longest line that such a run can have, its end included; more is refused unread."""
        header, count = self._header, self._header.batch_size
        samples = sum(_room(count * width) for width in self._widths * 2)
        states = sum(_room(rows * columns) for rows, columns in self._shapes) * (1 + len(header.memory))
        names = sum(len(name) + 8 for name in header.memory)
        shared = sum(len(name) + 8 + LONGEST_NUMBER for name in header.shared_memory)
        return samples + states + names + shared + 24 * count + 80 * (1 + len(header.memory)) + 400 + TAIL

    def batch(self, line: str, batch: int) -> FoundBatch:
        """What a line (without its hash) says of that batch. FileError for whatever is not as it is written."""
        header = self._header
        found = keyed(parsed(line), KEYS, "a batch")
        whole(found["batch"], "batch", batch, batch)
        whole(found["epoch"], "epoch", header.epoch(batch), header.epoch(batch))
        count = header.count(batch)
        rows = tuple(whole(row, "a row", 0, header.rows - 1) for row in listed(found["rows"], "rows", count))
        parts = self._samples(found["outputs"], "outputs", count) + self._samples(found["blame"], "blame", count)
        number(found["learning_rate"], "learning_rate")
        return FoundBatch(rows, read_only(flat(parts)), self._state(found, batch))

    def _samples(self, value: Any, what: str, count: int) -> list[Array]:
        layers = listed(value, what, len(self._widths))
        return [array(part, (count, width), what) for part, width in zip(layers, self._widths, strict=True)]

    def _state(self, found: dict[str, Any], batch: int) -> Array:
        header = self._header
        memory = keyed(found["memory"], (*header.memory, *header.shared_memory), "memory")
        shared = np.array([number(memory[name], name) for name in header.shared_memory])
        groups = {"weights": found["weights"], **{name: memory[name] for name in header.memory}}
        if batch % self._stride:
            for name, value in groups.items():
                digest(value, name)
            return NOTHING
        parts = []
        for name, value in groups.items():
            layers = listed(value, name, len(self._shapes))
            parts += [array(part, shape, name) for part, shape in zip(layers, self._shapes, strict=True)]
        return read_only(np.concatenate([flat(parts), shared]))


def _room(size: int) -> int:
    """Bytes that an array of so many numbers may take."""
    return size * LONGEST_NUMBER + 80 if size <= READABLE else base64_length(size) + 80


def start_of(header: Header, memory: dict[str, Array | float]) -> Array:
    """The state before the first batch, as in `Storage`."""
    parts = [flat(header.initial), *(np.asarray(memory[name]).reshape(-1) for name in header.memory)]
    return read_only(np.concatenate([*parts, np.array([memory[name] for name in header.shared_memory], dtype=float)]))


def claimed_hash(line: bytes) -> str:
    """The hash at the end of a line that has one."""
    return line[-2 - HASH_DIGITS : -2].decode("ascii")


def split_line(line: bytes) -> tuple[bytes, str]:
    """A line (without its end) as the record's text and the hash it claims. FileError when it has none."""
    text, end = line[:-TAIL], line[-TAIL:]
    claimed = end[9 : 9 + HASH_DIGITS]
    if len(line) <= TAIL or end[:9] != b',"hash":"' or end[-2:] != b'"}' or claimed.strip(b"0123456789abcdef"):
        raise FileError("it does not end in a hash")
    return text + b"}", claimed.decode("ascii")


def followed(line: bytes, batch: int, previous: str) -> bytes:
    """The text of a batch's line (0: of the header's) without its hash, which follows on the hash before. FileError
    when it does not, or when it is another batch's."""
    text, claimed = split_line(line)
    if hashlib.sha256(previous.encode("ascii", "replace") + text).hexdigest() != claimed:
        raise FileError("its hash is not that of its text and the line before, so it was changed or damaged")
    if batch and not text.startswith(b'{"batch":%d,' % batch):
        raise FileError(f"it is not batch {batch:,}")
    return text


def is_beginning(line: bytes, batch: int) -> bool:
    """Whether the end of a file can be the first part of a batch's line."""
    wanted = b'{"batch":%d,"epoch":' % batch
    if line[: len(wanted)] != wanted[: len(line)]:
        return False
    text, comma, end = line.partition(HASH_KEY.encode("ascii"))
    return bool(re.fullmatch(rb"[\x20-\x7e]*", text)) and bool(
        re.fullmatch(rb'[0-9a-f]{0,64}|[0-9a-f]{64}"\}?', end) if comma else True
    )
