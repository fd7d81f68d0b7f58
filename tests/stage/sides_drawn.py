"""Families of runs side by side, as they are drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import product

import pytest
from looks import fresh

from piggybank import SGD, Adam, Dense, Lesson, Momentum, Network, Run
from piggybank.app.beside import sides_of
from piggybank.app.course import load_lesson
from piggybank.app.screen import screen
from piggybank.stage.look import Look
from piggybank.stage.scene import Box, Label, Scene
from piggybank.stage.side_by_side import plan_of
from piggybank.stage.side_plan import Column
from piggybank.stage.timeline import BANK, COMMIT, Cursor
from piggybank.stage.view import View

SIZE = (1280, 720)


def xor(batch_size: int | str, rule: object = None, **settings: object) -> Run:
    network = Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7)
    return Run(network, "xor", rule=rule or SGD(0.5), batch_size=batch_size, **settings)  # type: ignore[arg-type]


def _four() -> Lesson:
    """A short last batch, micro-batches and two rules with a memory."""
    beside = {"threes": xor(3, Momentum(0.25)), "micro": xor(1, accumulate=2), "Adam": xor("all", Adam(0.125))}
    return Lesson(None, "Four", xor(1), batches=10, called="one by one", beside=beside, selected="h2->y")


def _two() -> Lesson:
    """Networks of other shapes, with classes."""
    small = Run(
        Network(Dense(4, 3, "softmax"), seed=1), "penguins 3", rule=SGD(0.5), loss="cross-entropy", batch_size=12
    )
    large = Run(
        Network(Dense(4, 8, "tanh"), Dense(8, 3, "softmax"), seed=1), "penguins 3", rule=SGD(0.5),
        loss="cross-entropy", batch_size=9,
    )  # fmt: skip
    other = Lesson(None, "Large", large, selected="h3->y2")
    return Lesson(None, "Two", small, batches=3, called="small", beside={"large": other}, selected="x2->y1")


MADE: dict[str, Callable[[], Lesson]] = {
    "lab A": lambda: load_lesson("A"),
    "lab B": lambda: load_lesson("B"),
    "four": _four,
    "two": _two,
}
each_family = pytest.mark.parametrize("name", MADE)


@cache
def lesson_of(name: str) -> Lesson:
    lesson = MADE[name]()
    lesson.ensure(lesson.timeline.length(3) - 1)
    return lesson


def seen(lesson: Lesson, cursor: Cursor, size: tuple[int, int] = SIZE, **open_: object) -> Scene:
    lesson.ensure(cursor.beat)
    return screen(lesson, fresh(lesson, cursor=cursor, beside=True, **open_), size)


def selected(lesson: Lesson) -> str:
    return lesson.selected or lesson.run.ledger.header.weights[0].name


def moments(lesson: Lesson) -> Iterator[Cursor]:
    """Every moment between two changes, of a sample and of all commits that come in reach."""
    last = min(lesson.timeline.length(lesson.batches), lesson.timeline.length(8))
    beats = [beat for beat in range(last) if lesson.timeline.moment(beat).phase in (BANK, COMMIT)]
    for beat, progress in product(beats, (0.3, 0.75, 1.0)):
        yield Cursor(beat, progress)


def columns(lesson: Lesson, size: tuple[int, int], look: Look | None = None) -> tuple[Column, ...]:
    return plan_of(View(size=size, look=look or Look(), sides=sides_of(lesson, selected(lesson))))


def in_column(scene: Scene, column: Column) -> list[Label]:
    return [label for label in scene.labels() if column.box.contains(label.x, label.y)]


def area_of(lesson: Lesson, size: tuple[int, int]) -> Box:
    found = columns(lesson, size)
    return Box(found[0].box.x, found[0].box.y, found[-1].box.right - found[0].box.x, found[0].box.h)
