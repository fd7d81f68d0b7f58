"""Every pig has its number at its side, also where text is larger than usual and the window is narrow."""

from __future__ import annotations

from functools import cache
from itertools import combinations, product

import pygame
import pytest
from looks import as_lesson, lesson_named, look, run_of
from readable import assert_in_place, ink, overlap

from piggybank import Lesson
from piggybank.ledger.lines import Ref
from piggybank.stage.detail import detail_of
from piggybank.stage.fits import closely
from piggybank.stage.layout import SMALL_NODE
from piggybank.stage.look import TEXT_SIZES, Look
from piggybank.stage.painter import Painter
from piggybank.stage.palette import SMALL
from piggybank.stage.places import NetworkPlan
from piggybank.stage.regions import regions
from piggybank.stage.scene import Box, Coin, Disc, Label, Scene
from piggybank.stage.view import View

SHAPES = ("1-1", "2-1", "2-3-1", "3-3-2", "4-3-1", "2-2-2-1")
WINDOWS = (((1024, 768), 1.0), ((1024, 768), 1.3), ((1280, 720), 1.15), ((1280, 720), 1.3), ((1920, 1080), 1.3))
each_shape = pytest.mark.parametrize("shape", SHAPES)
each_window = pytest.mark.parametrize(("size", "text"), WINDOWS, ids=[f"{w}x{h} at {text}" for (w, h), text in WINDOWS])


def plan(lesson: Lesson, size: tuple[int, int], text: float) -> NetworkPlan:
    found = detail_of(lesson.run.ledger, View(size=size, look=Look(text=text)))
    assert isinstance(found, NetworkPlan)
    return found


@cache
def painter_for(size: tuple[int, int], look: Look) -> Painter:
    painter = Painter(size)
    painter.paint(Scene((), (), (), (), (), look), pygame.Surface(size))
    return painter


def written(scene: Scene, size: tuple[int, int]) -> list[tuple[Label, Box]]:
    painter = painter_for(size, scene.look)
    return [(label, ink(painter.label_box(label))) for label in scene.labels() if label.text.strip()]


@each_window
@each_shape
def test_every_pig_has_its_number_to_two_decimals(shape: str, size: tuple[int, int], text: float) -> None:
    lesson = lesson_named(shape)
    assert all(bank.pill for bank in plan(lesson, size, text).banks.values())
    scene = look(lesson, lesson.timeline.find("1.1.3.bank"), 1.0, size, look=Look(text=text))
    stage = regions(size, text).stage
    totals = {
        label.ref.name: label.text
        for label in scene.labels()
        if label.ref and label.ref.kind == "bank" and stage.contains(label.x, label.y)
    }
    assert set(totals) == set(lesson.run.ledger.header.weights_by_name)
    assert not [text for text in totals.values() if text.startswith("≈") and len(text.partition(".")[2]) < 2]


@pytest.mark.parametrize("text", TEXT_SIZES[:2])
@pytest.mark.parametrize("size", [(1024, 768), (1280, 720), (1920, 1080)])
def test_a_network_of_five_layers_of_neurons_has_pigs_with_numbers_too(size: tuple[int, int], text: float) -> None:
    lesson = as_lesson(run_of(2, 2, 2, 2, 1))
    assert all(bank.pill for bank in plan(lesson, size, text).banks.values())


@each_window
@each_shape
def test_nothing_written_covers_anything_written_or_leaves_its_region_whatever_the_size_of_text(
    shape: str, size: tuple[int, int], text: float
) -> None:
    lesson = lesson_named(shape)
    for address in ("1.1.3.bank", "1.1.commit"):
        scene = look(lesson, lesson.timeline.find(address), 1.0, size, look=Look(text=text))
        assert_in_place(written(scene, size), size, text)


@pytest.mark.parametrize("text", TEXT_SIZES[1:])
@each_shape
def test_no_coin_covers_a_number_and_no_pig_a_pig_where_text_is_larger(shape: str, text: float) -> None:
    lesson, covered = lesson_named(shape), set[tuple[str, Ref | None]]()
    for size in ((1024, 768), (1280, 720)):
        banks, scale = plan(lesson, size, text).banks.values(), regions(size, text).scale
        drawn = [
            Box(bank.pig.x + 0.02 * bank.pig.w, bank.pig.y + 0.13 * bank.pig.h, 0.94 * bank.pig.w, 0.79 * bank.pig.h)
            for bank in banks
        ]
        assert not any(overlap(a, b) for a, b in combinations(drawn, 2))
        pills = [bank.pill for bank in banks if bank.pill]
        assert not any(overlap(a, b) for a, b in combinations(pills, 2))
        ones = [Box(b.start[0] - 13, b.start[1] - 13, 26, 26) for b in banks if b.weight.startswith("bias")]
        assert not any(overlap(one, other) for one in ones for other in [*drawn, *pills])
        beat = lesson.timeline.find("1.1.3.bank")
        for step in (1, 3, 5, 7):
            scene = look(lesson, beat, step / 10, size, look=Look(text=text))
            numbers = [(label, box) for label, box in written(scene, size) if label.ref is not None]
            for coin in scene.moving:
                if isinstance(coin, Coin) and coin.numbered:
                    half = coin.radius * scale * 0.9
                    area = Box(coin.x * scale - half, coin.y * scale - half, 2 * half, 2 * half)
                    covered |= {(label.text, label.ref) for label, box in numbers if overlap(area, box, 1)}
    assert covered == set()


@each_shape
def test_no_dot_covers_a_number_where_text_is_larger(shape: str) -> None:
    lesson, size, text = lesson_named(shape), (1280, 720), TEXT_SIZES[-1]
    found = plan(lesson, size, text)
    numbers = [bank.pill for bank in found.banks.values() if bank.pill] + [node.blame for node in found.nodes.values()]
    for beat, step in product([lesson.timeline.find("1.1.2.blame"), lesson.timeline.commit_beat(1)], range(1, 20)):
        for dot in look(lesson, beat, step / 20, size, look=Look(text=text)).moving:
            if isinstance(dot, Disc) and dot.fill:
                assert not any(number.contains(dot.x, dot.y) for number in numbers)


def test_where_a_pig_leaves_room_below_it_its_number_has_three_decimals() -> None:
    lesson, size = as_lesson(run_of(2, 2, 2, 2, 1)), (1920, 1080)
    pills = [bank.pill for bank in plan(lesson, size, 1.0).banks.values() if bank.pill]
    assert min(pill.w for pill in pills) > closely(SMALL, SMALL_NODE).wide
    scene, stage = look(lesson, lesson.timeline.find("1.1.3.bank"), 1.0, size), regions(size).stage
    found = [
        label.text.partition(".")[2]
        for label in scene.labels()
        if label.ref and label.ref.kind == "bank" and stage.contains(label.x, label.y) and label.text.startswith("≈")
    ]
    assert found
    assert min(map(len, found)) == 3
