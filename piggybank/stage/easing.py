"""Named curves on 0..1, and slices of a beat's progress."""

from __future__ import annotations

import math


def part(progress: float, start: float, end: float) -> float:
    """How far the stretch from `start` to `end` of a beat has played, clamped to 0..1."""
    if progress <= start:
        return 0.0
    return 1.0 if progress >= end else (progress - start) / (end - start)


def smooth(t: float) -> float:
    """Starts and ends at rest."""
    return t * t * (3 - 2 * t)


def fall(t: float) -> float:
    """Gathers speed like something dropped."""
    return t * t


def out(t: float) -> float:
    """Starts fast, ends at rest."""
    return 1 - (1 - t) ** 3


def squash(t: float) -> float:
    """A landing: 0 at both ends, up, then a little down."""
    return math.sin(t * math.pi * 2) * (1 - t)


def mix(a: float, b: float, t: float) -> float:
    """From a (t = 0) to b (t = 1)."""
    return a + (b - a) * t
