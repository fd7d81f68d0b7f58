"""Runs whose coins are followed over many commits, and the summary of the whole run."""

from __future__ import annotations

from looks import look

from piggybank import SGD, Dense, Lesson, Momentum, Network, Run
from piggybank.stage.scene import Label, Scene

SIZE = (1280, 720)
RELATIVE = Momentum(0.1).lines[1:]
MINE = {"constants": {"learning_rate": 0.1, "friction": 0.9}, "memory": ("savings",)}
"""Of a rule like momentum, all but its first line."""


def labels(scene: Scene) -> list[Label]:
    return [item for item in (*scene.still, *scene.step, *scene.over) if isinstance(item, Label)]


def xor_run(rule: object = None, rate: float = 0.5, **settings: str) -> Run:
    network = Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7)
    return Run(network, "xor", rule=rule or SGD(rate), batch_size=2, **settings)  # type: ignore[arg-type]


def xor(rule: object = None, rate: float = 0.5) -> Lesson:
    return Lesson(None, "XOR", xor_run(rule, rate), batches=6)


def summed(lesson: Lesson, batch: int, size: tuple[int, int] = SIZE, **more: object) -> Scene:
    lesson.ensure(0)
    beat = lesson.timeline.commit_beat(batch)
    return look(lesson, beat, 1.0, size, summary=True, summary_run=True, **more)
