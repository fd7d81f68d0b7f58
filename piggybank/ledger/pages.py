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
        self._pages: list[tuple[NDArray[Any], NDArray[Any]]] = []
        """Each to be written, and the same to be shown, read-only."""

    def slot(self, index: int) -> NDArray[Any]:
        """The vector of that index, at most one beyond the last, to be filled in."""
        page, place = divmod(index, self._per_page)
        if page == len(self._pages):
            self._grow()
        row: NDArray[Any] = self._pages[page][0][place]
        return row

    def block(self, index: int, count: int) -> NDArray[Any]:
        """Vectors from that index on, as many as lie side by side but at most `count`: (vectors, width)."""
        self.slot(index)
        page, place = divmod(index, self._per_page)
        rows: NDArray[Any] = self._pages[page][0][place : place + count]
        return rows

    def __getitem__(self, index: int) -> NDArray[Any]:
        """The vector of that index, which was filled in, read-only."""
        page, place = divmod(index, self._per_page)
        row: NDArray[Any] = self._pages[page][1][place]
        return row

    def beginning(self, index: int, size: int) -> NDArray[Any]:
        """The first numbers of that vector, likewise."""
        page, place = divmod(index, self._per_page)
        row: NDArray[Any] = self._pages[page][1][place, :size]
        return row

    def _grow(self) -> None:
        page = np.empty((self._per_page, self._width), self._dtype)
        shown = page.view()
        shown.flags.writeable = False
        self._pages.append((page, shown))
