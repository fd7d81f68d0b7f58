"""A progress bar for long work, and nothing for short work: the bar's package is loaded only when there is a bar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from time import perf_counter
from typing import TypeVar

Item = TypeVar("Item")
PATIENCE = 1.0
"""Seconds without a bar."""


def progress(items: Sequence[Item], unit: str) -> Iterator[Item]:
    """The items in order; after a second of work a bar says how many of them, in units, are done."""
    began = perf_counter()
    for place, item in enumerate(items):
        if perf_counter() - began > PATIENCE:
            from tqdm import tqdm

            yield from tqdm(items[place:], unit=unit, initial=place, total=len(items), leave=False)
            return
        yield item
