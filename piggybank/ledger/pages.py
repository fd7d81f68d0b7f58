"""Growing storage for rows of numbers: pages that never move, so what was handed out stays valid and unchanged."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

PAGE_BYTES = 1 << 20


class Pages:
    """An append-only sequence of vectors of one length; reading one is two divisions, whatever the length."""

    def __init__(self, width: int, dtype: Any = np.float64) -> None:
        self._width, self._dtype = width, np.dtype(dtype)
        self._per_page = max(1, PAGE_BYTES // max(1, width * self._dtype.itemsize))
        self._pages: list[NDArray[Any]] = []
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def append(self) -> NDArray[Any]:
        """The next vector, to be filled in by the caller before anyone reads it."""
        page, place = divmod(self._length, self._per_page)
        if page == len(self._pages):
            self._pages.append(np.empty((self._per_page, self._width), self._dtype))
        self._length += 1
        row: NDArray[Any] = self._pages[page][place]
        return row

    def __getitem__(self, index: int) -> NDArray[Any]:
        if not 0 <= index < self._length:
            raise IndexError(index)
        page, place = divmod(index, self._per_page)
        row: NDArray[Any] = self._pages[page][place]
        row.flags.writeable = False
        return row
