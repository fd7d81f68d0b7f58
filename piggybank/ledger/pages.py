"""Growing storage for rows of numbers: pages that never move, so what was handed out stays valid and unchanged."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

PAGE_BYTES = 1 << 20


class Pages:
    """A sequence of vectors of one length; reading or writing one is two divisions, whatever the length.

    It keeps no count: its owner knows which vectors are whole, so that an interrupted write was never there.
    """

    def __init__(self, width: int, dtype: Any = np.float64) -> None:
        self._width, self._dtype = width, np.dtype(dtype)
        self._per_page = max(1, PAGE_BYTES // max(1, width * self._dtype.itemsize))
        self._pages: list[NDArray[Any]] = []

    def slot(self, index: int) -> NDArray[Any]:
        """The vector of that index, at most one beyond the last, to be filled in."""
        page, place = divmod(index, self._per_page)
        if page == len(self._pages):
            self._pages.append(np.empty((self._per_page, self._width), self._dtype))
        row: NDArray[Any] = self._pages[page][place]
        return row

    def block(self, index: int, count: int) -> NDArray[Any]:
        """Vectors from that index on, as many as lie side by side but at most `count`: (vectors, width)."""
        self.slot(index)
        page, place = divmod(index, self._per_page)
        rows: NDArray[Any] = self._pages[page][place : place + count]
        return rows

    def __getitem__(self, index: int) -> NDArray[Any]:
        """The vector of that index, read-only."""
        row = self.slot(index)
        row.flags.writeable = False
        return row
