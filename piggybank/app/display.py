"""Measures for displays that would otherwise be blurred or slow."""

from __future__ import annotations

import gc
import os
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import pygame

RETRIES = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
"""Seconds to wait between attempts to reach the screen again."""
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
    """Leave the display and enter it anew: SDL asks for acceleration only then. An X server whose last window is gone
    may start anew itself, and is not to be reached for a moment. Raises pygame.error when it stays so."""
    os.environ["SDL_FRAMEBUFFER_ACCELERATION"] = "0"
    pygame.display.quit()
    for seconds in RETRIES:
        try:
            pygame.display.init()
        except pygame.error:
            time.sleep(seconds)
        else:
            return
    pygame.display.init()


MOST_OBJECTS = 3_000_000
"""New since the last sweep; then one comes at any time."""


@contextmanager
def without_pauses() -> Iterator[None]:
    """Python now and then looks through all objects there are for those that only refer to one another, which takes a
    tenth of a second with a large network on screen. Meanwhile `sweep` says when."""
    usually = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if usually:
            gc.enable()


def sweep(quiet: bool) -> None:
    """Look through them now, when nobody waits for a picture, or when it cannot be put off."""
    if quiet or gc.get_count()[0] > MOST_OBJECTS:
        gc.collect()
