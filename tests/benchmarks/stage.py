"""How fast the stage is: frames, receipts, seeking, starting. Run it: python tests/benchmarks/stage.py [--window]

Frames are painted in the dummy driver on one core; a frame is composing the scene and painting it. Medians; the
machine's own noise shows in the largest value.
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")  # SDL_VIDEODRIVER=x11 and --window: a real one
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import pygame

from piggybank import SGD, Dense, Lesson, Network, Run
from piggybank.app.course import load_lesson
from piggybank.app.display import without_acceleration, without_pauses
from piggybank.app.player import start
from piggybank.app.screen import screen
from piggybank.stage.painter import Painter
from piggybank.stage.scene import Scene
from piggybank.stage.timeline import Cursor

WINDOW = "--window" in sys.argv
"""Paint into a real window and count its flips too; otherwise the dummy driver, without flips."""
STEPS = 10 if WINDOW else 30


def lesson(*widths: int, batch_size: int = 4) -> Lesson:
    numbers = random.Random(1)
    rows = [[numbers.randint(-8, 8) / 8 for _ in range(widths[0])] for _ in range(3 * batch_size)]
    targets = [[numbers.randint(0, 1) for _ in range(widths[-1])] for _ in rows]
    layers = [Dense(a, b, "tanh") for a, b in pairwise(widths)]
    run = Run(Network(*layers, seed=1), (rows, targets), rule=SGD(0.1), batch_size=batch_size)
    return Lesson(None, "benchmark", run, batches=6)


def milliseconds(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return (time.perf_counter() - began) * 1000


def shown(painter: Painter, scene: Scene, surface: pygame.Surface) -> None:
    painter.paint(scene, surface)
    if WINDOW:
        pygame.display.flip()


def frames(show: Lesson, size: tuple[int, int], whole: bool, neuron: str = "", beside: bool = False) -> list[float]:
    """Milliseconds of every frame of one batch, painted from nothing when `whole`; neuron: opened in a vault; beside:
    with the runs side by side."""
    surface, painter = pygame.display.set_mode(size), Painter(size)
    state = replace(start(show.run.ledger.header), neuron=neuron, beside=beside)
    beats = range(show.timeline.first_beat(3), show.timeline.first_beat(4))
    found: list[float] = []
    for cycle in range(2):  # the first fills the caches
        for beat in beats:
            for step in range(1, STEPS + 1):
                view = replace(state, cursor=Cursor(beat, step / STEPS))
                if whole:
                    painter._painted = None
                spent = milliseconds(lambda view=view: shown(painter, screen(show, view, size), surface))
                if cycle:
                    found.append(spent)
    return found


def steps(show: Lesson, neuron: str = "") -> list[float]:
    """Milliseconds of composing the settled end of every beat of one batch for the first time."""
    state, size = replace(start(show.run.ledger.header), neuron=neuron), (1920, 1080)
    found: list[float] = []
    for beat in range(show.timeline.first_beat(3), show.timeline.first_beat(4)):
        view = replace(state, cursor=Cursor(beat, 1.0))
        found.append(milliseconds(lambda view=view: screen(show, view, size)))
    return found


def report(name: str, values: list[float], unit: str = "ms") -> None:
    values = sorted(values)
    tail = values[min(len(values) - 1, int(len(values) * 0.99))]
    print(f"{name:<66} median {statistics.median(values):8.2f}   p99 {tail:8.2f} {unit}")


def vault(show: Lesson) -> None:
    """784-128-10: frames of a batch of 4, and the first composing of each step of a batch of 64."""
    show.ensure(show.timeline.commit_beat(4))
    few = lesson(784, 128, 10)
    few.ensure(few.timeline.commit_beat(4))
    for name, neuron in (("vault view", ""), ("vault view, a neuron open", "h5")):
        report(f"layered frame, {name}, 1920x1080", frames(few, (1920, 1080), False, neuron))
        report(f"whole redraw, {name}, 1920x1080", frames(few, (1920, 1080), True, neuron))
        report(f"step composed for the first time, {name}, batch of 64", steps(show, neuron))


def labs() -> None:
    """The same run alone and with two others beside it, in step."""
    for name in ("A", "B"):
        show = load_lesson(name)
        show.ensure(show.timeline.commit_beat(4))
        for words, beside in (("alone", False), ("three runs side by side", True)):
            report(f"layered frame, lab {name}, {words}, 1920x1080", frames(show, (1920, 1080), False, beside=beside))


FIRST_FRAME = """
import os, pygame
from piggybank.app.cli import main
pygame.display.flip = lambda: os._exit(0)
main(["lesson", "1"])
"""


def started() -> None:
    """Whole processes, with their modules kept compiled as installing keeps them."""
    with tempfile.TemporaryDirectory() as folder:
        picture = os.path.join(folder, "picture.png")
        size = "1280x720"
        commands = {
            "piggybank --help": ["-m", "piggybank", "--help"],
            "piggybank snapshot": ["-m", "piggybank", "snapshot", "1", "--size", size, "--overwrite", "--out", picture],
        }
        if WINDOW:
            commands["piggybank lesson 1, to its first frame"] = ["-c", FIRST_FRAME]
        kept = {"PYTHONPYCACHEPREFIX": folder, "PYTHONDONTWRITEBYTECODE": ""}
        for name, words in commands.items():
            run = [sys.executable, *words]
            spent = [
                milliseconds(lambda c=run: subprocess.run(c, capture_output=True, check=True, env=os.environ | kept))
                for _ in range(8)
            ]
            report(f"{name} (a whole process)", spent[1:])


def main() -> None:
    pygame.display.init()
    if WINDOW:
        without_acceleration()  # as the program does where flips are slow
    nets = {"13 weights": (2, 3, 1), "67 weights": (4, 8, 3)}
    for name, widths in nets.items():
        show = lesson(*widths)
        show.ensure(show.timeline.commit_beat(4))
        for size in ((1920, 1080), (3840, 2160)):
            report(f"layered frame, {name}, {size[0]}x{size[1]}", frames(show, size, whole=False))
        report(f"whole redraw, {name}, 1920x1080", frames(show, (1920, 1080), whole=True))
    vault(lesson(784, 128, 10, batch_size=64))
    labs()
    ledger = lesson(2, 3, 1).run.train(batches=50).ledger
    names = [weight.name for weight in ledger.header.weights]
    popups = [milliseconds(lambda n=n, b=b: ledger.receipt(n, batch=b, sample=2)) for n in names for b in range(1, 51)]
    report("receipts for all lines of one popup", popups)
    long = lesson(2, 3, 1).run.train(batches=100_000).ledger
    numbers = random.Random(2)
    batches = [numbers.randint(0, 100_000) for _ in range(2000)]
    seeks = [milliseconds(lambda b=batch: long.weights_at(b)) for batch in batches]
    report("weights at any batch of 100,000", seeks)
    started()


if __name__ == "__main__":
    with without_pauses():  # as the program does
        main()
