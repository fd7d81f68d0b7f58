"""Runs to look at, and how tests look: networks of many shapes, moments, scenes, and a digest of a ledger."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise, product

import numpy as np

from piggybank import SGD, Dense, Ledger, Lesson, Network, Run
from piggybank.app.course import load_lesson
from piggybank.app.player import STILL, PlayerState, reduce, start
from piggybank.app.screen import screen
from piggybank.app.state import Track
from piggybank.stage.scene import Scene
from piggybank.stage.timeline import Cursor

SIZES = ((1024, 768), (1280, 720), (1920, 1080), (3840, 2160))
COMMIT = (0.3, 0.55, 0.7, 1.0)
"""How far into a commit: moments of its parts, and its end."""
PROGRESS = (0.0, 0.1, 0.3, 0.55, 0.65, 0.75, 0.9, 1.0)
"""One moment between every two thresholds of a beat at least."""


def table(rows: int, columns: int, seed: int) -> list[list[float]]:
    """Eighths from -2 to 2, some of them 0."""
    numbers = random.Random(seed)
    return [[numbers.randint(-16, 16) / 8 for _ in range(columns)] for _ in range(rows)]


def run_of(
    *widths: int, bias: bool = True, rows: int = 10, batch_size: int = 4, seed: int = 3, rate: float = 0.1
) -> Run:
    """A run of that shape, tanh inside, over numbers that are not round."""
    layers = [
        Dense(a, b, "tanh" if place < len(widths) - 2 else "linear", bias=None if bias else False)
        for place, (a, b) in enumerate(pairwise(widths))
    ]
    data = table(rows, widths[0], seed), table(rows, widths[-1], seed + 1)
    return Run(Network(*layers, seed=seed), data, rule=SGD(rate), batch_size=batch_size)


def as_lesson(run: Run, batches: int = 3, title: str = "A run") -> Lesson:
    lesson = Lesson(None, title, run, batches=batches)
    lesson.ensure(0)
    return lesson


def _numbered(number: int) -> Lesson:
    lesson = load_lesson(number)
    lesson.ensure(0)
    return lesson


def _xor() -> Lesson:
    network = Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7)
    return as_lesson(Run(network, "xor", rule=SGD(0.5), batch_size=4), 3, "XOR")


MAKERS: dict[str, Callable[[], Lesson]] = {
    "lesson 1": lambda: _numbered(1),
    "lesson 2": lambda: _numbered(2),
    "lesson 12": lambda: _numbered(12),
    "xor 2-3-1": _xor,
    "4-3-1": lambda: as_lesson(run_of(4, 3, 1)),
    "4-8-3": lambda: as_lesson(run_of(4, 8, 3)),
}
SHAPES: dict[str, Callable[[], Lesson]] = {
    "1-1 without bias": lambda: as_lesson(run_of(1, 1, bias=False), 2),
    "1-1": lambda: as_lesson(run_of(1, 1), 2),
    "2-1": lambda: as_lesson(run_of(2, 1), 2),
    "2-3-1": lambda: as_lesson(run_of(2, 3, 1), 2),
    "3-3-2": lambda: as_lesson(run_of(3, 3, 2), 2),
    "4-3-1": lambda: as_lesson(run_of(4, 3, 1), 2),
    "4-8-3": lambda: as_lesson(run_of(4, 8, 3), 2),
    "2-2-2-1": lambda: as_lesson(run_of(2, 2, 2, 1), 2),
}


@cache
def lesson_named(name: str) -> Lesson:
    """One of the lessons above, shared: nobody may train it beyond what it is planned for."""
    return {**SHAPES, **MAKERS}[name]()


def fresh(lesson: Lesson, **changes: object) -> PlayerState:
    """A player's state before the first beat."""
    return replace(start(lesson.run.ledger.header, lesson.selected), **changes)  # type: ignore[arg-type]


def look(
    lesson: Lesson, beat: int, progress: float = 1.0, size: tuple[int, int] = (1280, 720), **open_: object
) -> Scene:
    """What people see at a moment; `open_` changes the player's state, such as inspecting="x1->y"."""
    lesson.ensure(beat)
    return screen(lesson, fresh(lesson, cursor=Cursor(beat, progress), **open_), size)


def caption(lesson: Lesson, beat: int, selected: str = "", revealed: bool = True) -> str:
    """A lesson's words at a beat as text."""
    return "".join(span.text for span in lesson.words(beat, selected, revealed))


def cursors(lesson: Lesson, batches: int) -> Iterator[Cursor]:
    """Every moment between two changes in the first batches, in order."""
    for beat in range(lesson.timeline.length(batches)):
        for progress in PROGRESS:
            yield Cursor(beat, progress)


def moments(lesson: Lesson) -> Iterator[tuple[int, float]]:
    """Every beat of the second sample, half played and settled, and the commits in parts."""
    timeline = lesson.timeline
    beats = range(timeline.beat(1, 2, "predict"), timeline.beat(1, 2, "bank") + 1)
    yield from product(beats, (0.5, 1.0))
    yield from product((timeline.commit_beat(1), timeline.commit_beat(2)), COMMIT)


def track_of(lesson: Lesson) -> Track:
    """What a player's state is reduced on."""
    return Track(lesson.timeline, lesson.run.ledger.header, len(lesson.run.ledger), lesson.batches)


def settled(state: PlayerState, command: str, lesson: Lesson) -> PlayerState:
    """After a command and as much time as its movement takes."""
    state = reduce(state, command, "", track_of(lesson))
    while state.motion != STILL:
        state = reduce(state, "tick", "0.25", track_of(lesson))
    return state


def digest(ledger: Ledger, batches: int) -> str:
    """SHA-256 of all that is recorded of the first batches."""
    found = hashlib.sha256()
    for weights in ledger.weights_at(0):
        found.update(np.ascontiguousarray(weights).tobytes())
    for number in range(1, batches + 1):
        record = ledger.batch(number)
        found.update(repr(record.rows).encode())
        for array in (*record.outputs, *record.blame, *record.weights_before, *record.weights_after):
            found.update(np.ascontiguousarray(array).tobytes())
    return found.hexdigest()
