"""A handful of pictures as they were agreed on: what is painted may differ by a little anti-aliasing, not by more.

After a change that is meant, look at the new pictures and write them anew:
PIGGYBANK_GOLDEN=write pytest tests/stage/test_golden.py
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pygame
import pytest
from looks import lesson_named, look

from piggybank.stage.look import Look
from piggybank.stage.painter import Painter

FOLDER = Path(__file__).resolve().parents[1] / "golden"
SIZE = (960, 540)
NOTICEABLE, MOST = 40, 0.004
"""A channel that differs by more counts; so much of the picture may."""

PICTURES: dict[str, tuple[str, str, float, dict[str, object]]] = {
    "banking": ("xor 2-3-1", "2.2.3.bank", 0.4, {}),
    "breaking": ("lesson 2", "1.1.commit", 0.35, {}),
    "final-night": ("xor 2-3-1", "2.2.commit", 1.0, {"look": Look(theme="night")}),
    "inspector": ("lesson 2", "1.1.3.bank", 1.0, {"inspecting": "x1->y"}),
    "wall": ("4-8-3", "1.1.3.bank", 1.0, {}),
}


def painted(name: str) -> pygame.Surface:
    lesson, address, progress, open_ = PICTURES[name]
    surface = pygame.Surface(SIZE)
    run = lesson_named(lesson)
    Painter(SIZE).paint(look(run, run.timeline.find(address), progress, SIZE, **open_), surface)
    return surface


def differing(first: pygame.Surface, second: pygame.Surface) -> float:
    """The part of the pixels that differ noticeably."""
    arrays = [pygame.surfarray.array3d(surface).astype(int) for surface in (first, second)]
    return float((np.abs(arrays[0] - arrays[1]).max(axis=2) > NOTICEABLE).mean())


@pytest.mark.parametrize("name", PICTURES)
def test_the_picture_looks_as_it_was_agreed(name: str, tmp_path: Path) -> None:
    path, now = FOLDER / f"{name}.png", painted(name)
    if os.environ.get("PIGGYBANK_GOLDEN") == "write":
        pygame.image.save(now, str(path))
    agreed = pygame.image.load(str(path))
    assert agreed.get_size() == SIZE
    share = differing(now, agreed)
    if share > MOST:
        beside = pygame.Surface((SIZE[0] * 2, SIZE[1]))
        beside.blit(agreed, (0, 0))
        beside.blit(now, (SIZE[0], 0))
        pygame.image.save(beside, str(tmp_path / f"{name}.png"))
    assert share <= MOST, f"agreed and now, side by side: {tmp_path / name}.png"


def test_another_moment_is_another_picture() -> None:
    assert differing(painted("banking"), painted("final-night")) > 20 * MOST
    lesson = lesson_named("lesson 2")
    pictures = []
    for progress in (0.1, 0.35):
        surface = pygame.Surface(SIZE)
        Painter(SIZE).paint(look(lesson, lesson.timeline.find("1.1.commit"), progress, SIZE), surface)
        pictures.append(surface)
    assert differing(*pictures) > MOST
