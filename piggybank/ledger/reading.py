"""A .piggy file opened: where each line begins, and its numbers when somebody asks for them.

The whole chain of hashes is followed while the lines are found; a batch is parsed when it is looked at. What cannot be
trusted is left out with everything after it, and `problem` says so in a sentence; a last line without its end is the
batch that was open when the writing stopped, and no problem.
"""

from __future__ import annotations

import io
import os
import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from piggybank.ledger.canonical import HASH_DIGITS
from piggybank.ledger.header_reading import check_version, header_of
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.opened import BEGINNING, BLOCK, LeftOpen, header_line, opened
from piggybank.ledger.outside import Data, DataOutsideError, NotGivenError
from piggybank.ledger.record_reading import (
    FoundBatch,
    RecordReader,
    claimed_hash,
    followed,
    is_beginning,
    start_of,
)
from piggybank.ledger.records import Header, LedgerError
from piggybank.ledger.storage import first_memory, kept_every
from piggybank.ledger.strict import FileError, parsed
from piggybank.ordered import Array
from piggybank.spelling import spelled
from piggybank.wording import printable, quote

MOST_COMMAS = 5_000_000
PARSED_AT_ONCE = 16 << 20
"""Files up to so many bytes are parsed whole when they are opened, so that nothing in them can fail later."""
_T = TypeVar("_T")
KEPT = 64
"""Parsed batches that stay at hand."""


class Recording:
    """The storage of a ledger that was opened from a file."""

    def __init__(self, path: Path, data: Data | None = None) -> None:
        self.path = path
        self.problem = ""
        self._file = opened(path)
        try:
            line = header_line(self._file, path.name)
            self.header: Header = self._checked(lambda: _header(line, data), 1)
        except LedgerError:
            self._file.close()
            raise
        self._reader = RecordReader(self.header)
        self._start = start_of(self.header, first_memory(self.header))
        self._stride = kept_every(self.header)
        self._first_head = claimed_hash(line)
        self._starts = array("Q", [len(line) + 1])  # of every batch's line, and where the next one will begin
        self._seen = -1  # the file's size when it was looked at last
        self._found = lru_cache(maxsize=KEPT)(self._find)
        self.refresh()

    def __len__(self) -> int:
        return len(self._starts) - 1

    def rows(self, batch: int) -> Sequence[int]:
        return self._found(batch).rows

    def samples(self, batch: int) -> Array:
        return self._found(batch).samples

    def state(self, batch: int) -> Array:
        if batch % self._stride:
            raise LedgerError(f"the weights after batch {batch} are not kept; only every {self._stride}th batch's are")
        return self._found(batch).state if batch else self._start

    def head_at(self, batch: int) -> str:
        """The hash of a batch's line (0: the header's)."""
        if not batch:
            return self._first_head
        self._open.seek(self._starts[batch] - 1 - HASH_DIGITS - 2)
        return self._file.read(HASH_DIGITS).decode("ascii", "replace")

    def refresh(self) -> int:
        """Look for batches that were added to the file; gives how many. Those that were cut off are let go."""
        before, size = len(self), os.fstat(self._open.fileno()).st_size
        if size < self._starts[-1]:
            self._let_go(max(1, bisect_right(self._starts, size)), "the file was cut off after it was opened")
            return 0
        if self.problem or size == self._seen:
            return 0
        head = self.head_at(before)
        self._file.seek(self._starts[-1])
        lines = io.BufferedReader(LeftOpen(self._file), BLOCK)
        while head:
            head = self._next(lines, head)
        self._seen = size
        return len(self) - before

    def close(self) -> None:
        """Batches that are not at hand cannot be read any more."""
        self._file.close()

    @property
    def _open(self) -> io.FileIO:
        if self._file.closed:
            raise LedgerError(f"{quote(self.path.name)} was closed; open it again to look further")
        return self._file

    def parse_all(self) -> None:
        """Parse every line now; `problem` tells of the first one that is not as it should be."""
        with suppress(FileError):
            for batch in range(1, len(self) + 1):
                self._parsed(batch)

    def _next(self, lines: io.BufferedIOBase, previous: str) -> str:
        """Take in the next line, if it is whole and what it should be. previous: the hash of the line before; gives its
        own, "" when there is no such line."""
        batch, longest = len(self._starts), self._reader.longest_line
        line = lines.readline(longest + 1)
        try:
            if line.endswith(b"\n"):
                followed(line[:-1], batch, previous)
                self._starts.append(self._starts[-1] + len(line))
                return claimed_hash(line[:-1])
            if len(line) > longest:
                raise FileError(f"it is longer than the {longest:,} characters that such a batch can have")
            if line and not is_beginning(line, batch):
                raise FileError("it is not the beginning of a batch")
        except FileError as problem:
            self._spoiled(str(problem))
        return ""

    def _spoiled(self, why: str) -> None:
        """What follows cannot be trusted."""
        batch = len(self._starts)
        whole = "there is no batch before it" if batch == 1 else "the batch before it is shown"
        if batch > 2:
            whole = f"the {batch - 1:,} batches before it are shown"
        self.problem = f"{printable(self.path.name)}, line {batch + 1:,}: {why}; {whole}"

    def _line(self, batch: int) -> bytes:
        """A batch's line without its end."""
        start, end = self._starts[batch - 1], self._starts[batch]
        self._open.seek(start)
        return self._file.read(end - start - 1)

    def _let_go(self, batch: int, why: str) -> None:
        """A batch and those after it are not what they were when they were taken in."""
        del self._starts[batch:]
        self._spoiled(why)

    def _parsed(self, batch: int) -> FoundBatch:
        try:
            text = followed(self._line(batch), batch, self.head_at(batch - 1))
            return self._reader.batch(_text(text, "ascii"), batch)
        except FileError as problem:
            self._let_go(batch, str(problem))
            raise

    def _find(self, batch: int) -> FoundBatch:
        return self._checked(lambda: self._parsed(batch), batch + 1)

    def _checked(self, read: Callable[[], _T], line: int) -> _T:
        """With the file's name and the line in front of a refusal."""
        try:
            return read()
        except FileError as problem:
            kind = DataOutsideError if isinstance(problem, NotGivenError) else LedgerError
            raise kind(f"{self.path.name}, line {line:,}: {problem}") from None
        except OSError as problem:
            raise LedgerError(f"{self.path.name} cannot be read any more: {problem.strerror}") from None


def _header(line: bytes, data: Data | None) -> Header:
    version = re.match(rb"\d{1,9}(?!\d)", line[len(BEGINNING) :])
    if version is None:
        raise FileError("it does not say which format the file has")
    check_version(int(version[0]))
    text = followed(line, 0, "")
    if text.count(b",") > MOST_COMMAS:
        raise FileError("there is far more in it than a run can have")
    return header_of(parsed(_text(text, "utf-8")), data)


def _text(text: bytes, encoding: str) -> str:
    try:
        return text.decode(encoding)
    except UnicodeDecodeError:
        raise FileError("it has characters that do not belong there") from None


@spelled
def open_ledger(path: str | os.PathLike[str], data: Data | None = None, *, verify: bool = False) -> Ledger:
    """The ledger of a saved run, read from its file; opening it writes nothing and runs nothing.

    data: (inputs, targets), or the file that `Run.save_data` wrote, for a run whose data its own file could not hold.
    verify: parse every line now, even if the file is larger than 16 MB.
    What was changed or damaged is left out together with all after it, and `ledger.problem` says so in one sentence; it
    is "" while all is well. Raises LedgerError when there is nothing to open.
    """
    if not isinstance(path, (str, os.PathLike)):
        raise LedgerError(f"open_ledger expects the path of a saved run, got {quote(path)}; try 'run.piggy'")
    recording = Recording(Path(path), data)
    if verify or recording.path.stat().st_size <= PARSED_AT_ONCE:
        recording.parse_all()
    return Ledger(recording.header, recording)


@spelled
def follow(path: str | os.PathLike[str], data: Data | None = None) -> Ledger:
    """As `open_ledger`, for a file that another program is still writing; `ledger.refresh()` reads what was added."""
    return open_ledger(path, data)
