"""Lessons of networks so wide that they are drawn as a vault, and what is seen of them."""

from __future__ import annotations

from functools import cache

import pytest
from looks import as_lesson, run_of

from piggybank import Lesson
from piggybank.stage.compose import timeline_of
from piggybank.stage.known import Known, known_at
from piggybank.stage.regions import regions
from piggybank.stage.sample_card import THIS_SAMPLE
from piggybank.stage.scene import Hit, Scene
from piggybank.stage.timeline import Cursor

NETS = {"36-16-5": (36, 16, 5), "64-32-10": (64, 32, 10), "20-12-12-3": (20, 12, 12, 3), "300-1": (300, 1)}
WIDE = (1920, 1080)
each_net = pytest.mark.parametrize("net", NETS)


@cache
def lesson_of(net: str) -> Lesson:
    return as_lesson(run_of(*NETS[net]), 2)


def known(lesson: Lesson, beat: int, progress: float = 1.0) -> Known:
    return known_at(timeline_of(lesson.run.ledger), Cursor(beat, progress))


def opened(lesson: Lesson) -> list[dict[str, object]]:
    """All that a vault can show: the tiles, first, middle and last page of some neurons, all of the sample."""
    header = lesson.run.ledger.header
    names = [layer.neurons[len(layer.neurons) // 2] for layer in header.layers]
    pages = [{"neuron": name, "page": page} for name in names for page in (0, 1, 10**6)]
    return [{}, {"neuron": THIS_SAMPLE}, {"neuron": THIS_SAMPLE, "page": 10**6}, *pages]


def on_stage(scene: Scene, size: tuple[int, int]) -> list[Hit]:
    return [hit for hit in scene.hits if regions(size).network.contains(hit.box.cx, hit.box.cy)]
