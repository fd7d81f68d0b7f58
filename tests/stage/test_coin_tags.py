"""A coin in flight has its value beside it, where that covers nothing: it is the coin's own
number, and opens as such."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

import numpy as np
import pygame
import pytest
from looks import SHAPES, SIZES, lesson_named, look
from readable import agrees, ink, overlap, painter_of, pixels, texts, within

from piggybank import Lesson
from piggybank.app.course import load_lesson
from piggybank.shipped import asset_path
from piggybank.stage.look import Look
from piggybank.stage.regions import regions
from piggybank.stage.scene import Box, Coin, Disc, Label, Picture, Scene

Figure = Callable[[str, object], None]
STEPS = [step / 20 for step in range(1, 15)]
each_size = pytest.mark.parametrize("size", SIZES, ids=str)
each_lesson_with_large_pigs = pytest.mark.parametrize("number", [0, 1, 2, 4])


def tags(scene: Scene) -> list[Label]:
    return [item for item in scene.moving if isinstance(item, Label) and item.ref and item.ref.kind == "slice"]


def flights(lesson: Lesson, size: tuple[int, int], weights: list[str]) -> Iterator[Scene]:
    for selected in weights:
        for sample in (1, min(3, lesson.timeline.count(1))):
            for progress in STEPS:
                yield look(lesson, lesson.timeline.beat(1, sample, "bank"), progress, size, selected=selected)


@cache
def outline(side: int) -> np.ndarray:
    """Where a pig of that side in pixels is drawn."""
    if pygame.display.get_surface() is None:
        pygame.display.set_mode((1, 1))
    picture = pygame.image.load_sized_svg(asset_path("art/piggy.svg"), (side, side)).convert_alpha()
    return np.asarray(pygame.surfarray.array_alpha(picture) > 40)


def over_a_pig(rect: Box, pig: Picture, scale: float) -> bool:
    side = round(pig.size * scale)
    left, top = (pig.x * scale - side / 2), (pig.y * scale - side / 2)
    x, y = max(0, round(rect.x - left)), max(0, round(rect.y - top))
    return bool(outline(side)[x : max(0, round(rect.right - left)), y : max(0, round(rect.bottom - top))].any())


@each_size
@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape != "4-8-3"])
def test_the_value_beside_a_coin_covers_no_other_number_no_coin_and_no_pig(
    shape: str, size: tuple[int, int], figure: Figure
) -> None:
    lesson, scale, seen, covering = lesson_named(shape), regions(size).scale, 0, set()
    names = list(lesson.run.ledger.header.weights_by_name)
    stage = pixels(regions(size).network, size)
    for scene in flights(lesson, size, [names[0], names[len(names) // 2], names[-1]]):
        written = texts(scene, size)
        for tag in tags(scene):
            seen += 1
            rect = ink(painter_of(size).label_box(tag))
            assert within(rect, stage, slack=2)
            others = [ink(box) for label, box in written if label is not tag]
            others += [
                Box((d.x - d.radius) * scale, (d.y - d.radius) * scale, 2 * d.radius * scale, 2 * d.radius * scale)
                for d in scene
                if (isinstance(d, Coin) and (d.numbered or (d in scene.moving and d.alpha < 1)))
                or (isinstance(d, Disc) and d.fill)
            ]
            covering |= {tag.text for other in others if overlap(rect, other, 1)}
            pigs = [item for item in scene.step if isinstance(item, Picture) and item.name == "piggy"]
            covering |= {tag.text for pig in pigs if over_a_pig(rect, pig, scale)}
    figure(f"T22 values beside coins that cover anything, {shape} at {size[0]}x{size[1]}", f"{len(covering)} of {seen}")
    assert covering == set()


@each_size
@each_lesson_with_large_pigs
def test_every_coin_of_a_small_network_says_its_value_on_the_way(number: int, size: tuple[int, int]) -> None:
    lesson = load_lesson(number)
    lesson.ensure(0)
    beat = lesson.timeline.beat(1, 1, "bank")
    for progress in (0.25, 0.4):
        named = {label.ref.name for label in tags(look(lesson, beat, progress, size)) if label.ref}
        assert named == set(lesson.run.ledger.header.weights_by_name)


def test_the_value_is_the_coins_own_exact_or_marked_and_opens_its_receipt() -> None:
    lesson, seen = lesson_named("2-1"), set()
    for scene in flights(lesson, (1280, 720), ["x1->y"]):
        for tag in tags(scene):
            assert tag.ref is not None
            receipt = lesson.run.ledger.open(tag.ref)
            assert receipt.kind == "slice"
            assert agrees(tag.text, receipt.value)
            assert tag.text.lstrip("≈")[0] in "+−0"
            hits = [hit for hit in scene.hits if (hit.command, hit.argument) == ("open", tag.ref.code)]
            assert any(hit.box.contains(tag.x, tag.y) for hit in hits)
            seen.add(tag.ref)
    assert len(seen) == 6


def test_between_small_pigs_only_the_selected_weights_coin_says_its_value() -> None:
    lesson = lesson_named("xor 2-3-1")
    beat = lesson.timeline.beat(2, 2, "bank")
    named = [label.ref.name for label in tags(look(lesson, beat, 0.4, (1920, 1080), selected="h2->y")) if label.ref]
    assert named == ["h2->y"]


@pytest.mark.parametrize("progress", [0.0, 0.7, 1.0])
def test_no_value_flies_before_or_after_its_coin_or_with_less_movement(progress: float) -> None:
    lesson = lesson_named("2-1")
    beat = lesson.timeline.beat(1, 2, "bank")
    assert tags(look(lesson, beat, progress)) == []
    assert tags(look(lesson, beat, 0.3)) != []
    assert tags(look(lesson, beat, 0.3, look=Look(reduced=True))) == []
