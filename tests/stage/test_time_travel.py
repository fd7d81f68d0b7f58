"""Time travel: a picture depends on the moment alone, however that was reached."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache

import pygame
import pytest
from looks import MAKERS, cursors, fresh, lesson_named, look, settled
from nets import forget

from piggybank.app.screen import screen
from piggybank.stage.painter import Painter
from piggybank.stage.scene import Scene
from piggybank.stage.timeline import Cursor

Figure = Callable[[str, object], None]
SIZE = (1280, 720)
BATCHES = 2


JUMPS = {"lesson 2": 6000, "xor 2-3-1": 3000, "4-8-3": 1000}


@cache
def fold(name: str) -> dict[Cursor, Scene]:
    """Every scene of the first batches, reached one after the other from the beginning of a run of its own."""
    lesson = MAKERS[name]()
    forget(lesson.run.ledger)
    return {cursor: look(lesson, cursor.beat, cursor.progress) for cursor in cursors(lesson, BATCHES)}


@pytest.mark.parametrize("name", JUMPS)
def test_a_jump_gives_the_scene_that_stepping_from_the_beginning_gives(name: str, figure: Figure) -> None:
    stepped, lesson = fold(name), MAKERS[name]()
    moments, numbers, differing = list(stepped), random.Random(1), 0
    forget(lesson.run.ledger)
    for jump in range(JUMPS[name]):
        if jump % 500 == 0:
            forget(lesson.run.ledger)
        cursor = numbers.choice(moments)
        differing += look(lesson, cursor.beat, cursor.progress) != stepped[cursor]
    figure(f"T13 jumps that differ from the fold of the prefix, {name}", f"{differing} of {JUMPS[name]}")
    assert len(set(map(Scene.text, stepped.values()))) > len(moments) / 3, "the fold does not tell moments apart"
    assert differing == 0


@pytest.mark.parametrize("name", ["lesson 2", "xor 2-3-1"])
def test_forward_and_back_gives_the_identical_scene_at_every_beat(name: str, figure: Figure) -> None:
    lesson = lesson_named(name)
    state, differing = fresh(lesson), 0
    beats = lesson.timeline.length(BATCHES) - 1
    state = settled(state, "forward", lesson)
    for _ in range(beats):
        here = screen(lesson, state, SIZE)
        there = settled(state, "forward", lesson)
        forget(lesson.run.ledger)
        differing += screen(lesson, settled(there, "back", lesson), SIZE) != here
        state = there
    figure(f"T13 beats where forward and back differ, {name}", f"{differing} of {beats}")
    assert differing == 0


def pixels(painter: Painter, scene: Scene) -> bytes:
    surface = pygame.Surface(painter.size)
    painter.paint(scene, surface)
    return pygame.image.tobytes(surface, "RGB")


@pytest.mark.parametrize("name", ["lesson 2", "xor 2-3-1", "4-8-3"])
def test_the_same_replay_twice_gives_the_same_text_and_the_same_pixels(name: str, figure: Figure) -> None:
    moments = random.Random(2).sample(list(fold(name)), 40)
    replays = []
    for order in (moments, moments[::-1]):
        lesson, painter = MAKERS[name](), Painter(SIZE)
        forget(lesson.run.ledger)
        scenes = {cursor: look(lesson, cursor.beat, cursor.progress) for cursor in order}
        replays.append({cursor: (scene.text(), pixels(painter, scene)) for cursor, scene in scenes.items()})
    differing = sum(replays[0][cursor] != replays[1][cursor] for cursor in moments)
    figure(f"T15 differing frames, {name}", f"{differing} of {len(moments)}")
    assert differing == 0
    assert len({frame for _, frame in replays[0].values()}) > len(moments) / 2
