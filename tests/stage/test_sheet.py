"""The contact sheet's list, looked at by the machine: no text covers another or leaves its place, none is too small."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import combinations

import pygame
import pytest
from contact_sheet import MOMENTS, NETS, Moment, lesson_of, state_at
from looks import SIZES
from readable import REGIONS, as_box, ink, overlap, painter_of, pixels, smallest_height, within

from piggybank import Lesson
from piggybank.app.screen import screen
from piggybank.stage.look import Look
from piggybank.stage.regions import regions
from piggybank.stage.scene import Label, Scene

Figure = Callable[[str, object], None]


@cache
def net_lesson(net: str) -> Lesson:
    return lesson_of(net)


def scene_of(net: str, moment: Moment, size: tuple[int, int]) -> Scene:
    lesson = net_lesson(net)
    return screen(lesson, state_at(lesson, moment, Look()), size)


def boxes(labels: list[Label], size: tuple[int, int]) -> list[tuple[Label, pygame.Rect]]:
    return [(label, painter_of(size).label_box(label)) for label in labels if label.text.strip()]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("net", NETS)
def test_no_text_covers_another_or_leaves_its_place(net: str, size: tuple[int, int], figure: Figure) -> None:
    areas = [pixels(getattr(regions(size), name), size) for name in REGIONS]
    scale, least = regions(size).scale, smallest_height(size)
    covered, outside, small, seen = set(), set(), set(), 0
    for moment in MOMENTS:
        scene = scene_of(net, moment, size)
        over = [item for item in scene.over if isinstance(item, Label)]
        layers = [over] if over else [[label for label in scene.labels() if label not in over]]
        for labels in layers:
            found = boxes(labels, size)
            seen += len(found)
            for label, rect in found:
                home = [area for area in areas if area.contains(label.x * scale, label.y * scale)]
                if not over and (len(home) != 1 or not within(ink(rect), home[0], slack=1)):
                    outside.add(label.text)
                if rect.height < least:
                    small.add(label.text)
            for (first, a), (second, b) in combinations(found, 2):
                if a.colliderect(b) and overlap(ink(a), ink(b), slack=1):
                    covered.add((first.text, second.text))
    figure(f"contact sheet, {net} at {size[0]}x{size[1]}: texts covered, outside, small", f"{len(covered)}, "
           f"{len(outside)}, {len(small)} of {seen}")  # fmt: skip
    assert covered == set()
    assert outside == set()
    assert small == set()


@pytest.mark.parametrize("net", NETS)
def test_an_overlay_stays_inside_the_window(net: str) -> None:
    for size in SIZES:
        window = as_box(pygame.Rect(0, 0, *size))
        for moment in MOMENTS:
            if moment.open:
                labels = [item for item in scene_of(net, moment, size).over if isinstance(item, Label)]
                assert labels
                for label, rect in boxes(labels, size):
                    assert within(ink(rect), window), (label.text, size)
