"""What is open at a moment of a lesson: its texts and what can be clicked; a lesson of large batches."""

from __future__ import annotations

from functools import cache

from looks import as_lesson, look, run_of

from piggybank import Lesson
from piggybank.ledger.lines import CANCELLED, IN, OUT
from piggybank.stage.scene import Hit, Label, Scene

SIZE = (1920, 1080)
SIZES = ((1024, 768), (1280, 720), SIZE)


@cache
def many() -> Lesson:
    """Batches of 24 samples."""
    return as_lesson(run_of(2, 3, 1, rows=48, batch_size=24), 5)


def at(lesson: Lesson, address: str, size: tuple[int, int] = SIZE, **open_: object) -> Scene:
    return look(lesson, lesson.timeline.find(address), 1.0, size, **open_)


def labels(scene: Scene) -> list[Label]:
    return [item for item in scene.over if isinstance(item, Label)]


def texts(scene: Scene) -> list[str]:
    return [label.text for label in labels(scene)]


def hits(scene: Scene, command: str) -> list[Hit]:
    return [hit for hit in scene.hits if hit.command == command]


def parts(scene: Scene) -> dict[str, Label]:
    return {label.ref.part: label for label in labels(scene) if label.ref and label.ref.part in (IN, OUT, CANCELLED)}
