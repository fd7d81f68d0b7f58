"""Measures for displays that would otherwise be blurred or slow."""

from __future__ import annotations

import os
import statistics
from collections.abc import Sequence

SLOW, FLIPS = 0.006, 20
"""Seconds that a flip may take at the median of the first so many."""


def before_the_first_window() -> None:
    """Windows must not stretch the picture on screens with large pixels: SDL reads this when it starts."""
    os.environ.setdefault("SDL_WINDOWS_DPI_AWARENESS", "permonitorv2")


class FlipWatch:
    """Notes how long the first flips take. On some X11 servers an accelerated window copies the whole picture for
    every flip; a plain one is faster there."""

    def __init__(self) -> None:
        self._seconds: list[float] = []
        self._decided = False

    def note(self, seconds: float) -> bool:
        """One flip took so long; True when the window had better be opened again without acceleration, at most once."""
        if self._decided:
            return False
        self._seconds.append(seconds)
        if len(self._seconds) < FLIPS:
            return False
        self._decided = True
        return too_slow(self._seconds)


def too_slow(seconds: Sequence[float]) -> bool:
    """Whether flips are slow at the median."""
    return statistics.median(seconds) > SLOW


def without_acceleration() -> None:
    """From the next window on."""
    os.environ["SDL_FRAMEBUFFER_ACCELERATION"] = "0"
