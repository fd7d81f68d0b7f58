"""How the rows of an epoch are cut into batches.

A fork that does without some rows keeps its parent's cut: where a row was lifted out its place stays empty, so that
the other rows meet in the same batches as before.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Cut:
    """An epoch has a place for each of its rows, and the `empty` ones (0-based, ascending); a batch is `size` places,
    the last one what is left. No batch is empty, nor the last place."""

    rows: int
    size: int
    empty: tuple[int, ...] = ()

    @cached_property
    def places(self) -> int:
        return self.rows + len(self.empty)

    @cached_property
    def batches(self) -> int:
        return -(-self.places // self.size)

    @cached_property
    def last(self) -> int:
        """Samples in the last batch."""
        return self.rows - self.start(self.batches - 1)

    def start(self, batch: int) -> int:
        """Rows of the epoch before its batch of that number (0-based; one beyond the last: all)."""
        place = min(batch * self.size, self.places)
        return place - bisect_left(self.empty, place)

    def count(self, batch: int) -> int:
        """Samples in the batch of that number (0-based)."""
        if self.empty:
            return self.start(batch + 1) - self.start(batch)
        return self.size if batch < self.batches - 1 else self.last

    def batch_at(self, inside: int, each: int) -> int:
        """The batch (0-based) whose beats the one of that number falls into: `each` a sample, and one a batch."""
        if not self.empty:
            return min(inside // (self.size * each + 1), self.batches - 1)
        return bisect_right(range(self.batches), inside, key=lambda batch: self.start(batch) * each + batch) - 1

    @property
    def is_uneven(self) -> bool:
        """Whether a batch has fewer samples than others may have."""
        return self.rows % self.size != 0 or bool(self.empty)

    @property
    def is_sound(self) -> bool:
        """Whether its empty places are as said above."""
        emptied = Counter(place // self.size for place in self.empty)
        ascending = list(self.empty) == sorted({*self.empty})
        return ascending and self.size not in emptied.values() and (not self.empty or self.empty[-1] < self.places - 1)

    def without(self, out: Sequence[bool], batch: int) -> tuple[Cut, int]:
        """What is left of it without some rows, and which number a batch then has; batches without a row vanish.

        out: for every row, in the epoch's order, whether it is lifted out.
        """
        filled = sorted({*range(self.places)} - {*self.empty})
        left = [place for place, is_out in zip(filled, out, strict=True) if not is_out]
        kept = sorted({place // self.size for place in left})
        number = {old: new for new, old in enumerate(kept)}
        moved = [place + (number[place // self.size] - place // self.size) * self.size for place in left]
        empty = sorted({*range(moved[-1] + 1)} - {*moved}) if moved else []
        return Cut(len(left), self.size, tuple(empty)), bisect_left(kept, batch)
