"""A progress bar for long work, and nothing for short work: the bar's package is loaded only when there is a bar."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from time import perf_counter
from typing import Any, TypeVar

Item = TypeVar("Item")
PATIENCE = 1.0
"""Seconds without a bar."""


class Beside:
    """Standard error, for as long as somebody reads it: work goes on when nobody does."""

    def write(self, text: str) -> None:
        with suppress(OSError, ValueError):
            sys.stderr.write(text)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            sys.stderr.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(sys.stderr, name)


def progress(items: Sequence[Item], unit: str) -> Iterator[Item]:
    """The items in order; after a second of work a bar says how many of them, in units, are done."""
    began = perf_counter()
    for place, item in enumerate(items):
        if sys.stderr and perf_counter() - began > PATIENCE:  # None where it was closed, or under pythonw
            from tqdm import tqdm

            file, total = Beside(), len(items)
            yield from tqdm(items[place:], unit=unit, initial=place, total=total, leave=False, file=file)
            return
        yield item
