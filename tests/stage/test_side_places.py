"""Runs side by side: nothing covers anything, and what is clicked leads to the run that it belongs to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations, product

import pytest
from looks import fresh, look
from readable import (
    LEAST,
    cut_short,
    each_size,
    ground_of,
    ink,
    overlap,
    pixels,
    smallest_height,
    texts,
    within,
)
from readable import contrast as contrast_of
from sides_drawn import MADE, SIZE, area_of, columns, each_family, in_column, lesson_of, seen

from piggybank import Lesson
from piggybank.app.screen import number_hits, screen
from piggybank.ledger.lines import Ref
from piggybank.stage.look import TEXT_SIZES, Look
from piggybank.stage.painter import Painter
from piggybank.stage.regions import regions
from piggybank.stage.scene import Box, Coin, Disc, Hit, Label, Panel, Picture
from piggybank.stage.side_plan import Column
from piggybank.stage.themes import THEMES, colour
from piggybank.stage.timeline import BANK, Cursor

Figure = Callable[[str, object], None]


# Places ---------------------------------------------------------------------------------------------------------------


def some(lesson: Lesson) -> list[Cursor]:
    timeline = lesson.timeline
    beats = [0, timeline.beat(1, 1, BANK), timeline.beat(2, 1, "loss"), timeline.beat(3, 1, BANK)]
    return [Cursor(beat, 1.0) for beat in beats] + [
        Cursor(timeline.commit_beat(batch), progress) for batch in (1, 3) for progress in (0.3, 0.65, 1.0)
    ]


@each_size
@pytest.mark.parametrize("theme", THEMES)
@each_family
def test_nothing_is_covered_cut_short_or_too_small(
    name: str, theme: str, size: tuple[int, int], figure: Figure
) -> None:
    lesson, least, seen_texts = lesson_of(name), smallest_height(size), 0
    area = pixels(area_of(lesson, size), size)
    stage = pixels(regions(size).stage, size)
    assert within(area, stage)
    for cursor in some(lesson):
        scene = seen(lesson, cursor, size, look=Look(theme=theme))
        found = [(label, rect) for label, rect in texts(scene, size) if stage.contains(rect.centerx, rect.centery)]
        seen_texts += len(found)
        for label, rect in found:
            assert rect.height >= least, label.text
            assert within(ink(rect), stage), label.text
            if label.ref is not None:
                assert not cut_short(label, size), label.text
            if area.contains(rect.centerx, rect.centery):
                home = [column for column in columns(lesson, size) if column.box.contains(label.x, label.y)]
                assert within(ink(rect), pixels(home[0].box, size), slack=1), label.text
        for (first, a), (second, b) in combinations(found, 2):
            assert not overlap(ink(a), ink(b), slack=1), (first.text, second.text)
    figure(f"side by side, texts covered, cut or too small, {name} {theme} {size[0]}x{size[1]}", f"0 of {seen_texts}")


@each_size
@each_family
def test_no_curve_runs_through_a_number_and_no_pig_stands_on_one(name: str, size: tuple[int, int]) -> None:
    lesson, scale = lesson_of(name), regions(size).scale
    for cursor in some(lesson):
        scene = seen(lesson, cursor, size)
        numbers = [ink(rect) for label, rect in texts(scene, size) if label.ref is not None]
        for column in columns(lesson, size):
            pig = column.bank.pig
            things = [Box(pig.x, pig.y + 0.13 * pig.h, pig.w, 0.6 * pig.h)]
            things += [column.plot] if column.plot is not None else []
            for thing in things:
                box = Box(thing.x * scale, thing.y * scale, thing.w * scale, thing.h * scale)
                assert not [number for number in numbers if overlap(box, number, 1)]
                assert within(thing, column.box)


@each_size
@each_family
def test_no_flying_coin_covers_a_number(name: str, size: tuple[int, int], figure: Figure) -> None:
    lesson, scale, coins = lesson_of(name), regions(size).scale, 0
    for sample in (1, 3):
        beat = lesson.timeline.beat(*lesson.timeline.place_of(sample), BANK)
        for step in range(1, 10):
            scene = seen(lesson, Cursor(beat, step / 10), size)
            numbers = [ink(rect) for label, rect in texts(scene, size) if label.ref is not None]
            for coin in scene.moving:
                if isinstance(coin, Coin) and coin.numbered:
                    coins += 1
                    half = coin.radius * scale * 0.9
                    box = Box(coin.x * scale - half, coin.y * scale - half, 2 * half, 2 * half)
                    assert not [number for number in numbers if overlap(box, number, 1)]
    figure(f"side by side, numbers under flying coins, {name} {size[0]}x{size[1]}", f"0 of {coins} coins")
    assert coins


@each_family
def test_every_ink_stands_out_from_its_ground(name: str) -> None:
    lesson = lesson_of(name)
    for theme, cursor in product(THEMES, some(lesson)):
        scene = seen(lesson, cursor, SIZE, look=Look(theme=theme))
        for column in columns(lesson, SIZE):
            for label in in_column(scene, column):
                inks = colour(theme, label.colour), colour(theme, ground_of(scene, label))
                assert contrast_of(*inks) >= LEAST[theme], (theme, label)


@pytest.mark.parametrize("text", TEXT_SIZES[1:])
@each_size
@each_family
def test_larger_text_covers_nothing_either(name: str, size: tuple[int, int], text: float) -> None:
    lesson, large = lesson_of(name), Look(text=text)
    scale, painter = regions(size, text).scale, Painter(size)
    for cursor in some(lesson)[1:6]:
        scene = seen(lesson, cursor, size, look=large)
        painter.look, painter.scale = large, scale
        for column in columns(lesson, size, large):
            labels = in_column(scene, column)
            boxes = [ink(painter.label_box(label)) for label in labels]
            home = Box(*(value * scale for value in (column.box.x, column.box.y, column.box.w, column.box.h)))
            assert all(within(box, home, slack=1) for box in boxes)
            assert not [1 for a, b in combinations(boxes, 2) if overlap(a, b, slack=1)]


def test_places_stay_where_they_are_whatever_is_known() -> None:
    for name in MADE:
        lesson = lesson_of(name)
        frames = {
            tuple(item.box for item in seen(lesson, cursor).step if isinstance(item, Panel) and item.edge_width == 3)
            for cursor in some(lesson)
        }
        boxes = {column.box for column in columns(lesson, SIZE)}
        assert all(len(boxes & set(found)) == 1 for found in frames)


# Clicks ---------------------------------------------------------------------------------------------------------------


def test_a_number_of_another_run_is_opened_there_and_one_of_the_front_here() -> None:
    lesson = lesson_of("lab A")
    scene = seen(lesson, Cursor(lesson.timeline.commit_beat(2), 1.0))
    found = {hit.command for hit in number_hits(scene.step)}
    assert found == {"open", "open_beside"}
    for hit in number_hits(scene.step):
        if hit.command == "open_beside":
            place, _, code = hit.argument.partition(" ")
            assert lesson.family[int(place) - 1].run.ledger.open(Ref.from_code(code))


def test_a_column_brings_its_run_to_the_front_and_the_front_one_inspects_its_bank() -> None:
    lesson = lesson_of("four")
    hits = seen(lesson, Cursor(lesson.timeline.commit_beat(2), 1.0)).hits
    columns_ = columns(lesson, SIZE)
    fronts = [hit for hit in hits if hit.command == "front"]
    assert [(hit.argument, hit.box) for hit in fronts] == [(str(n), columns_[n - 1].box) for n in (2, 3, 4)]

    def on(column: Column) -> Hit:
        pig = column.bank.pig
        return [hit for hit in hits if hit.box.contains(pig.cx, pig.cy)][-1]

    assert (on(columns_[0]).command, on(columns_[0]).argument) == ("inspect", lesson.selected)
    assert on(columns_[1]).command == "front"


def test_without_the_panel_the_network_stands_there_as_ever() -> None:
    lesson = lesson_of("four")
    alone = Lesson(None, lesson.title, lesson.run, lesson.batches, selected=lesson.selected)
    cursor = Cursor(lesson.timeline.commit_beat(2), 1.0)
    state = fresh(lesson, cursor=cursor)
    stage = regions(SIZE).stage
    scenes = [look(one, cursor.beat, 1.0, SIZE) for one in (lesson, alone)]
    inside = [[item for item in scene.step if _in(item, stage)] for scene in scenes]
    assert inside[0] == inside[1]
    assert screen(lesson, replace(state, beside=True), SIZE) != scenes[0]


def _in(item: object, stage: Box) -> bool:
    return isinstance(item, Label | Disc | Picture | Coin) and stage.contains(item.x, item.y)
