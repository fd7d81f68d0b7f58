"""No text covers another, leaves its region or is too small to be read, measured as it is painted."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import combinations

import pygame
import pytest
from looks import COMMIT, lesson_named, look
from readable import (
    REGIONS,
    assert_in_place,
    cut_short,
    each_shape,
    each_size,
    ink,
    is_number,
    overlap,
    pixels,
    smallest_height,
    texts,
    within,
)

from piggybank import Lesson
from piggybank.app.course import load_lesson
from piggybank.stage import palette as p
from piggybank.stage.layout import plan_network
from piggybank.stage.look import TEXT_SIZES, Look
from piggybank.stage.painter import Painter
from piggybank.stage.regions import regions
from piggybank.stage.scene import Box, Coin, Disc, Label, Scene
from piggybank.stage.wall_plan import Layer, plan_wall

Figure = Callable[[str, object], None]


# Texts ----------------------------------------------------------------------------------------------------------------


def moments(lesson: Lesson) -> Iterator[tuple[int, float]]:
    """Every beat of the second sample settled, and the commits in parts."""
    timeline = lesson.timeline
    for beat in range(timeline.beat(1, 2, "predict"), timeline.beat(1, 2, "bank") + 1):
        yield beat, 1.0
    for batch in (1, 2):
        for progress in COMMIT:
            yield timeline.commit_beat(batch), progress


def scenes(lesson: Lesson, size: tuple[int, int]) -> Iterator[tuple[str, Scene]]:
    for beat, progress in moments(lesson):
        yield f"{lesson.timeline.address(beat)} at {progress}", look(lesson, beat, progress, size)


@each_size
@each_shape
def test_texts_cover_no_texts_and_stay_in_their_region(shape: str, size: tuple[int, int], figure: Figure) -> None:
    lesson, seen = lesson_named(shape), 0
    covered, outside = set(), set()
    areas = [pixels(getattr(regions(size), name), size) for name in REGIONS]
    scale = regions(size).scale
    for _, scene in scenes(lesson, size):
        found = texts(scene, size)
        seen += len(found)
        for label, rect in found:
            home = [area for area in areas if area.contains(label.x * scale, label.y * scale)]
            if len(home) != 1 or not within(ink(rect), home[0], slack=1):
                outside.add(label.text)
        for (first, a), (second, b) in combinations(found, 2):
            if overlap(ink(a), ink(b), slack=1):
                covered.add((first.text, second.text))
    figure(f"T22 texts covered or out of place, {shape} at {size[0]}x{size[1]}", f"{len(covered | outside)} of {seen}")
    assert outside == set()
    assert covered == set()


@each_size
@each_shape
def test_no_text_is_smaller_than_a_fiftieth_of_the_window_and_no_number_is_cut_short(
    shape: str, size: tuple[int, int]
) -> None:
    lesson, least = lesson_named(shape), smallest_height(size)
    small, cut = set(), set()
    for _, scene in scenes(lesson, size):
        for label, rect in texts(scene, size):
            if rect.height < least:
                small.add((label.text, rect.height))
            if is_number(label) and cut_short(label, size):
                cut.add(label.text)
    assert small == set()
    assert cut == set()


def test_the_numbers_on_coins_are_no_smaller_than_a_fiftieth_of_the_window_either(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lesson, size = lesson_named("2-3-1"), (1920, 1080)
    painter, sizes = Painter(size), []
    render = Painter._render

    def noted(self: Painter, text: str, font: str, pixels: int, *rest: object, **more: object) -> pygame.Surface:
        sizes.append(pixels)
        return render(self, text, font, pixels, *rest, **more)

    monkeypatch.setattr(Painter, "_render", noted)
    surface = pygame.Surface(size)
    for _, scene in scenes(lesson, size):
        for coin in scene:
            if isinstance(coin, Coin) and coin.numbered:
                painter._coin(surface, coin)
    assert sizes
    assert min(sizes) >= 1080 / 50


@pytest.mark.parametrize("shape", ["2-3-1", "4-8-3"])
def test_larger_text_covers_no_text_and_leaves_no_region_either(shape: str) -> None:
    lesson, size, large = lesson_named(shape), (1280, 720), Look(text=TEXT_SIZES[-1])
    painter = Painter(size)
    scene = look(lesson, lesson.timeline.find("1.1.3.bank"), 1.0, size, look=large)
    painter.paint(scene, pygame.Surface(size))
    found = [(label, ink(painter.label_box(label))) for label in scene.labels() if label.text.strip()]
    assert_in_place(found, size, large.text)


@each_size
@pytest.mark.parametrize("text", TEXT_SIZES)
def test_the_words_above_the_network_end_before_the_calculation_below_them(size: tuple[int, int], text: float) -> None:
    lesson, box = lesson_named("lesson 12"), regions(size, text).caption
    for phase in ("1.predict", "1.loss", "1.blame", "1.bank", "commit"):
        scene = look(lesson, lesson.timeline.find(f"1.1.{phase}"), 1.0, size, look=Look(text=text))
        lines = sorted({label.y for label in scene.step if isinstance(label, Label) and box.contains(label.x, label.y)})
        assert len(lines) > 1
        assert lines[-1] - lines[-2] >= p.SMALL


@pytest.mark.parametrize("text", TEXT_SIZES)
@each_size
def test_the_words_of_a_sample_s_card_are_of_one_size(size: tuple[int, int], text: float) -> None:
    lesson, card, painter = lesson_named("3-3-2"), regions(size, text).sample, Painter(size)
    scene = look(lesson, lesson.timeline.find("1.1.3.bank"), 1.0, size, look=Look(text=text))
    painter.paint(scene, pygame.Surface(size))
    words = [x for x in scene.step if isinstance(x, Label) and x.colour == p.MUTED and card.contains(x.x, x.y)]
    assert len(words) >= 5
    assert len({painter.label_box(label).height for label in words}) == 1


def test_larger_text_leaves_small_networks_their_pigs_and_middle_ones_their_wall() -> None:
    area = regions((1280, 720), TEXT_SIZES[-1]).network
    header = lesson_named("2-3-1").run.ledger.header
    found = plan_network(header.neuron_layers, tuple(header.weights_by_name), area)
    assert found is not None
    assert min(bank.pig.w for bank in found.banks.values()) >= 40
    names = [
        tuple(f"{letter}{number}" for number in range(many)) for letter, many in zip("xhy", (8, 16, 3), strict=True)
    ]
    assert plan_wall((Layer(names[0], names[1], True), Layer(names[1], names[2], True)), area) is not None


# Regions --------------------------------------------------------------------------------------------------------------


def test_regions_do_not_overlap_and_fill_no_more_than_the_window_at_any_size(figure: Figure) -> None:
    numbers = random.Random(1)
    sizes = [(640, 400), (7680, 4320)] + [(numbers.randint(640, 7680), numbers.randint(400, 4320)) for _ in range(198)]
    for size in sizes:
        found = regions(size)
        window = Box(0, 0, size[0] / found.scale, size[1] / found.scale)
        areas = [getattr(found, name) for name in REGIONS]
        for area in areas:
            assert min(area.w, area.h) > 0, size
            assert within(area, window), size
        for first, second in combinations(areas, 2):
            assert not overlap(first, second), size
        assert within(found.caption, found.stage), size
        assert within(found.network, found.stage), size
        assert not overlap(found.caption, found.network), size
    figure("T22 window sizes at which regions overlap", f"0 of {len(sizes)}")


@each_size
def test_a_hint_for_somebody_new_covers_neither_the_loss_nor_its_curve(size: tuple[int, int]) -> None:
    lesson = lesson_named("xor 2-3-1")
    scene = look(lesson, lesson.timeline.find("3.3.2.blame"), 1.0, size, seen=frozenset({"play"}))
    found = texts(scene, size)
    hint = next(ink(rect) for label, rect in found if label.text == "Click a number or a pig")
    assert not [label.text for label, rect in found if ink(rect) != hint and overlap(ink(rect), hint)]
    strip, scale = regions(size).strip, regions(size).scale
    curve = [d for d in scene if isinstance(d, Disc) and d.fill == p.BLUE and strip.contains(d.x, d.y)]
    assert all(d.x * scale < hint.x for d in curve)


@each_size
def test_data_rows_under_one_another_with_their_samples_states_begin_where_these_do(size: tuple[int, int]) -> None:
    lesson = load_lesson(11)
    lesson.ensure(0)
    scene = look(lesson, lesson.timeline.commit_beat(1), 1.0, size)
    card, scale = regions(size).batch, regions(size).scale
    found = [(label, rect) for label, rect in texts(scene, size) if card.contains(label.x, label.y)]
    state = next(rect for label, rect in found if label.text == "adjusted")
    above = [
        rect.x
        for label, rect in found
        if card.y + 50 < label.y and rect.bottom < state.centery and label.font != "bold"
    ]
    assert not above or abs(min(above) - state.x) <= 2 * scale
