"""Whatever a scene holds reaches the pixels: extreme numbers, hostile texts, every kind of item, odd sizes."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pygame
import pytest
from looks import SIZES, as_lesson, cursors, lesson_named, look, run_of

from piggybank import SGD, Dense, Lesson, Network, Run
from piggybank.ledger.lines import Ref
from piggybank.stage import palette as p
from piggybank.stage.measure import advance
from piggybank.stage.painter import Painter
from piggybank.stage.regions import regions
from piggybank.stage.scene import Box, Coin, Disc, Item, Label, Line, Panel, Picture, Scene
from piggybank.stage.view import number

Figure = Callable[[str, object], None]
SIZE = (1280, 720)
BLANK = Scene((), (), ())

HOSTILE = {
    "nothing": "",
    "blanks": " \t\n\r",
    "control characters": "".join(map(chr, range(32))) + "\x7f\x85\u2028",
    "null": "before\0after",
    "right to left": "\u202eשלום עולם\u202c مرحبا",
    "emoji": "🐷💰👩‍👩‍👧‍👦🏳️‍🌈",
    "lone surrogate": "\ud800 alone",
    "combining": "e" + "\u0301" * 200,
    "very long": "m" * 1_000,
    "private use and unassigned": "\ue000\U000e0fff\uffff",
    "braces": "{coin} {0} {} }{ {{",
    "marked": "≈",
}


def painted(scene: Scene, size: tuple[int, int] = SIZE) -> pygame.Surface:
    surface = pygame.Surface(size)
    Painter(size).paint(scene, surface)
    return surface


def changed(item: Item) -> int:
    """Pixels that an item alone changes."""
    empty, full = (pygame.surfarray.array3d(painted(scene)) for scene in (BLANK, replace(BLANK, moving=(item,))))
    return int((empty != full).any(axis=2).sum())


@pytest.mark.parametrize(
    "item",
    [
        Panel(Box(100, 100, 200, 80), p.YELLOW, p.YELLOW_EDGE),
        Panel(Box(100, 100, 200, 80), "shade"),
        Panel(Box(100, 100, 0.1, 0.1), p.INK),
        Label(200, 200, "word", 24, p.INK),
        Label(200, 200, "≈1.25", 24, p.INK, room=40, anchor="right"),
        Line(((100, 100), (300, 200), (400, 100)), p.INK, 3),
        Line(((100, 100), (300, 100)), p.INK, 0.01),
        Line(((100, 100), (100, 100)), p.INK, 4),
        Disc(200, 200, 20, p.BLUE),
        Disc(200, 200, 20, "", p.BLUE, 3),
        Disc(200, 200, 20, p.PANEL, p.BLUE, 3),
        Picture("piggy", 200, 200, 100),
        Picture("hammer", 200, 200, 100, 0.5, -30, 0.05, True),
        Coin(200, 200, 20, 1, 1),
        Coin(200, 200, 20, 9, -1),
        Coin(200, 200, 20, 100, 0),
        Coin(200, 200, 20, 12345, None, alpha=0.55),
        Coin(200, 200, 0.1, 1, 1),
    ],
    ids=repr,
)
def test_every_kind_of_item_changes_the_picture(item: Item) -> None:
    assert changed(item) > 0


@pytest.mark.parametrize("size", [(320, 240), (640, 400), *SIZES, (4320, 640)])
def test_a_lesson_is_painted_at_any_size(size: tuple[int, int]) -> None:
    lesson = lesson_named("lesson 2")
    surface = painted(look(lesson, lesson.timeline.commit_beat(1), 0.5, size, inspecting="x1->y"), size)
    assert len(np.unique(pygame.surfarray.array2d(surface)[:: size[0] // 60, :: size[1] // 40])) > 3


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_texts_are_painted_and_stay_in_their_room(what: str, figure: Figure) -> None:
    painter, scale = Painter(SIZE), regions(SIZE).scale
    for font in p.FONT_FILES:
        label = Label(300, 300, HOSTILE[what], 24, p.INK, font, room=200)
        painter.paint(replace(BLANK, moving=(label,)), pygame.Surface(SIZE))
        assert painter.label_box(label).width <= max(round(200 * scale), 30)
    figure("T21 exceptions at hostile texts", f"0 of {len(HOSTILE)}")


def measured(text: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many characters a painter measures to shorten a text to its room."""
    characters = 0

    class Counting(pygame.font.Font):
        def size(self, text: str) -> tuple[int, int]:
            nonlocal characters
            characters += len(text)
            return super().size(text)

    monkeypatch.setattr(pygame.font, "Font", Counting)
    Painter(SIZE).label_box(Label(300, 300, text, 24, p.INK, room=200))
    return characters


def test_ten_times_as_long_a_text_takes_no_more_than_some_ten_times_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    short, long = measured("m" * 200, monkeypatch), measured("m" * 2000, monkeypatch)
    assert long <= 15 * short


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_titles_and_captions_reach_the_pixels(what: str) -> None:
    text = HOSTILE[what]
    run = run_of(1, 1)
    lesson = Lesson(None, text or "?", run, batches=1, about=text)
    lesson.ensure(0)
    painted(look(lesson, 3, 1.0, notice=text, inspecting="x1->y"))


@pytest.mark.parametrize("what", [w for w in HOSTILE if w != "lone surrogate"])
def test_hostile_names_of_data_reach_the_pixels(what: str) -> None:
    from piggybank import Dataset

    name = HOSTILE[what]
    data = Dataset(name, [[1.0]], [[2.0]], (name,), (name,), (name,))  # type: ignore[arg-type]
    lesson = as_lesson(Run(Network(Dense(1, 1)), data), 1)
    for beat in range(lesson.timeline.length(1)):
        painted(look(lesson, beat, 1.0, inspecting="x1->y"))


EXTREME = {
    "1e308": lambda: Run(Network(Dense(1, 1, weights=1e308, bias=1e308)), ([[1e308], [1]], [[0], [1]]), batch_size=2),
    "overflow": lambda: Run(Network(Dense(1, 1, weights=1e200)), ([[1e200], [-1e200]], [[0], [1]]), rule=SGD(1e308)),
    "subnormal": lambda: Run(Network(Dense(1, 1, weights=5e-324)), ([[5e-324], [1e-310]], [[0], [0]]), batch_size=2),
    "minus zero": lambda: Run(Network(Dense(1, 1, weights=-0.0, bias=-0.0)), ([[-0.0], [0.0]], [[-0.0], [0.0]])),
    "dead": lambda: Run(Network(Dense(1, 2, "relu", weights=[-1, -2]), Dense(2, 1)), ([[1], [2]], [[1], [1]])),
    "hidden 1e300": lambda: Run(
        Network(Dense(2, 3, weights=[[1e300] * 3] * 2), Dense(3, 2, weights=[[-1e-300] * 2] * 3)),
        ([[1e10, -1e-10]], [[1e-300, -1e300]]),
        rule=SGD(1e-300),
    ),
}


@pytest.mark.parametrize("what", EXTREME)
def test_extreme_numbers_reach_the_pixels(what: str, figure: Figure) -> None:
    lesson, frames = as_lesson(EXTREME[what](), 3, what), 0
    names, painter, surface = [*lesson.run.ledger.header.weights_by_name, "y", "h1", "y1"], Painter(SIZE), None
    surface = pygame.Surface(SIZE)
    values = set()
    for place, cursor in enumerate(cursors(lesson, 3)):
        inspecting = names[place % len(names)]
        known = {*lesson.run.ledger.header.weights_by_name, *lesson.run.ledger.header.neurons}
        inspecting = inspecting if inspecting in known else ""
        scene = look(lesson, cursor.beat, cursor.progress, SIZE, inspecting=inspecting, exact=place % 2 == 0)
        values |= {label.text for label in scene.labels() if label.ref}
        painter.paint(scene, surface)
        frames += 1
    figure(f"T21 frames of extreme numbers painted, {what}: exceptions 0 of", frames)
    assert frames == len(list(cursors(lesson, 3)))
    assert what != "overflow" or {"inf", "nan"} & {text.strip("+−") for text in values}
    assert not any(text.startswith(("−0", "+0")) and float(text[1:].replace("−", "-")) == 0 for text in values)


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, 5e-324, -1.7976931348623157e308, -0.0, 1e16])
def test_a_number_in_a_narrow_room_is_painted(value: float) -> None:
    label = number(600, 300, value, Ref("setting", "one"), p.INK, 60, signed=True)
    assert changed(label) > 0


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("value", [-4.3e-200, 6.1e-199, -1.7976931348623157e308])
def test_a_number_that_has_too_little_room_is_drawn_narrower_and_never_below_a_fiftieth_of_the_height(
    value: float, size: tuple[int, int]
) -> None:
    painter, label = Painter(size), number(600, 300, value, Ref("setting", "one"), p.INK, 88)
    box = painter.label_box(label)
    assert box.width <= round(88 * regions(size).scale)
    assert box.height >= painter.label_box(Label(0, 0, "0", size[1] / 50 / regions(size).scale, p.INK)).height


def test_the_cache_of_texts_is_bounded(figure: Figure) -> None:
    painter, surface = Painter((640, 400)), pygame.Surface((640, 400))
    largest = 0
    for start in range(0, 20_000, 500):
        labels = tuple(Label(5, 5, str(n), 20, p.INK) for n in range(start, start + 500))
        painter.paint(replace(BLANK, moving=labels), surface)
        largest = max(largest, len(painter._texts))
    figure("T21 texts kept by a painter, at most", largest)
    assert largest <= 7000


def test_the_cache_of_pictures_is_bounded(figure: Figure) -> None:
    painter, surface, numbers = Painter((640, 400)), pygame.Surface((640, 400)), random.Random(1)
    for _ in range(2500):
        picture = Picture("piggy", 50, 50, 20 + numbers.random() * 60, numbers.random(), numbers.random() * 360)
        painter.paint(replace(BLANK, moving=(picture,)), surface)
    figure("T21 pictures kept by a painter, at most", len(painter._art._pictures))
    assert len(painter._art._pictures) <= 1600


def test_what_does_not_move_is_painted_once() -> None:
    lesson, painter, surface = lesson_named("lesson 2"), Painter(SIZE), pygame.Surface(SIZE)
    drawn: list[int] = []
    whole = painter._draw

    def counting(target: pygame.Surface, items: tuple[Item, ...]) -> None:
        drawn.append(len(items))
        whole(target, items)

    painter._draw = counting  # type: ignore[method-assign]
    bank = lesson.timeline.beat(1, 2, "bank")
    for progress in (0.1, 0.2, 0.3, 0.4):
        painter.paint(look(lesson, bank, progress), surface)
    assert len(drawn) == 2 + 4 * 2, "still and step once, then moving and over for each frame"


@pytest.mark.parametrize("size", SIZES)
def test_words_before_a_number_come_out_as_wide_as_their_place_on_the_line(size: tuple[int, int]) -> None:
    painter, words = Painter(size), "The coin is what this sample owes"
    scale = regions(size).scale
    for points in (p.SMALL, p.TEXT, p.LARGE):
        wide = advance(words, points)
        label = Label(0, 100, words, points, p.INK, spread=wide)
        assert abs(painter.label_box(label).width - wide * scale) <= 1


def test_text_that_has_little_room_in_an_upright_window_is_drawn_no_larger() -> None:
    painter = Painter((900, 1600))
    free, narrow = (painter.label_box(Label(300, 300, "a long sentence", 22, p.INK, room=room)) for room in (0, 90))
    assert narrow.h <= free.h
    assert narrow.w < free.w


def test_a_number_stays_whole_after_a_word_of_the_same_letters_was_shortened() -> None:
    word = Label(40, 40, "12345.678901", 22, p.INK, room=40)
    number_too = replace(word, ref=Ref("setting", "one"))
    painter, surface = Painter(SIZE), pygame.Surface(SIZE)
    for item in (word, number_too):
        painter.paint(replace(BLANK, moving=(item,)), surface)
    alone = painted(replace(BLANK, moving=(number_too,)))
    assert pygame.image.tobytes(surface, "RGB") == pygame.image.tobytes(alone, "RGB")
