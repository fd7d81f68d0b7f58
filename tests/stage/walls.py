"""Bank walls that the tests look at, and what of them they look at."""

from __future__ import annotations

from functools import cache

import pytest
from looks import as_lesson, run_of

from piggybank import Lesson
from piggybank.stage.regions import regions
from piggybank.stage.scene import Box, Scene

NETS = {"4-8-3": (4, 8, 3), "8-16-3": (8, 16, 3), "2-2-2-2-2-1": (2, 2, 2, 2, 2, 1), "6-5": (6, 5)}
WIDE = (1920, 1080)
each_net = pytest.mark.parametrize("net", NETS)


@cache
def lesson_of(net: str) -> Lesson:
    return as_lesson(run_of(*NETS[net]), 2)


def cells(scene: Scene, size: tuple[int, int]) -> dict[str, Box]:
    """The places of the banks on the stage, by their weights."""
    found = [hit for hit in scene.hits if hit.command == "inspect" and "->" in hit.argument]
    area = regions(size).stage
    return {hit.argument: hit.box for hit in found if area.contains(hit.box.cx, hit.box.cy)}
