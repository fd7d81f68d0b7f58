"""Nothing covers anything: boxes of pigs, pills, dials, nodes and texts, measured as they are painted."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import combinations, product

import pygame
import pytest
from looks import COMMIT, SHAPES, lesson_named, look
from readable import (
    REGIONS,
    cut_short,
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
from piggybank.ledger.lines import Ref
from piggybank.stage import palette as p
from piggybank.stage.layout import plan_network
from piggybank.stage.look import TEXT_SIZES, Look
from piggybank.stage.painter import Painter
from piggybank.stage.places import NetworkPlan
from piggybank.stage.regions import regions
from piggybank.stage.scene import Box, Coin, Disc, Label, Picture, Scene
from piggybank.stage.wall_plan import Layer, plan_wall

Figure = Callable[[str, object], None]
each_shape = pytest.mark.parametrize("shape", SHAPES)
each_with_pigs = pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape != "4-8-3"])


def plan(lesson: Lesson, size: tuple[int, int]) -> NetworkPlan | None:
    header = lesson.run.ledger.header
    return plan_network(header.neuron_layers, tuple(header.weights_by_name), regions(size).network)


def drawn(pig: Box) -> Box:
    """The part of a pig's square that its drawing fills."""
    return Box(pig.x + 0.02 * pig.w, pig.y + 0.13 * pig.h, 0.94 * pig.w, 0.79 * pig.h)


@each_size
@each_with_pigs
def test_no_pig_pill_dial_or_neuron_covers_another(shape: str, size: tuple[int, int], figure: Figure) -> None:
    lesson = lesson_named(shape)
    found = plan(lesson, size)
    assert found is not None
    things: list[tuple[str, str, Box]] = []
    for name, bank in found.banks.items():
        things.append(("pig", name, drawn(bank.pig)))
        things += [("pill", name, bank.pill)] if bank.pill else []
        things += [("dial", name, bank.dial)] if bank.dial else []
    computed = lesson.run.ledger.header.neurons
    for name, node in found.nodes.items():
        things.append(("neuron", name, node.box))
        things += [("blame", name, node.blame)] if name in computed and node.round else []
    covered = [
        (first[:2], second[:2])
        for first, second in combinations(things, 2)
        if overlap(first[2], second[2]) and not ({first[0], second[0]} == {"pig", "pill"} and first[1] == second[1])
    ]
    outside = [thing[:2] for thing in things if not within(thing[2], regions(size).stage)]
    figure(f"T22 covered or outside, {shape} at {size[0]}x{size[1]}", f"{len(covered) + len(outside)} of {len(things)}")
    assert covered == []
    assert outside == []


@each_size
@each_shape
def test_up_to_24_weights_each_have_a_pig_of_their_own(shape: str, size: tuple[int, int]) -> None:
    lesson = lesson_named(shape)
    found, weights = plan(lesson, size), lesson.run.ledger.header.weights
    assert (found is not None) == (len(weights) <= 24)
    assert found is None or set(found.banks) == {weight.name for weight in weights}


@each_size
@each_with_pigs
def test_the_number_below_a_pig_covers_no_more_of_it_than_its_feet(shape: str, size: tuple[int, int]) -> None:
    found = plan(lesson_named(shape), size)
    assert found is not None
    for bank in found.banks.values():
        below = bank.pill is not None and bank.pill.x < bank.pig.cx
        assert not below or bank.pill.y >= bank.pig.y + 0.78 * bank.pig.h


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


def under_coins(lesson: Lesson, size: tuple[int, int]) -> tuple[set[tuple[str, Ref | None, int]], int]:
    """Numbers that a flying coin covers, and how many coins flew."""
    covered, coins, scale = set(), 0, regions(size).scale
    for sample in (1, 3):
        beat = lesson.timeline.beat(1, sample, "bank")
        for step in range(1, 10):
            scene = look(lesson, beat, step / 10, size)
            numbers = [(label, ink(rect)) for label, rect in texts(scene, size) if label.ref is not None]
            for coin in scene.moving:
                if isinstance(coin, Coin) and coin.numbered:
                    coins += 1
                    half = coin.radius * scale * 0.9  # the corners of its square stay empty
                    area = Box(coin.x * scale - half, coin.y * scale - half, 2 * half, 2 * half)
                    covered |= {(label.text, label.ref, step) for label, rect in numbers if overlap(area, rect, 1)}
    return covered, coins


@each_size
@each_shape
def test_no_flying_coin_covers_a_number(shape: str, size: tuple[int, int], figure: Figure) -> None:
    covered, coins = under_coins(lesson_named(shape), size)
    figure(f"T22 numbers under flying coins, {shape} at {size[0]}x{size[1]}", f"{len(covered)} of {coins} coins")
    assert covered == set()


@each_size
@each_with_pigs
def test_no_dot_on_a_connection_covers_a_pig_or_a_number_whosever_it_is(
    shape: str, size: tuple[int, int], figure: Figure
) -> None:
    lesson = lesson_named(shape)
    found, dots, covering = plan(lesson, size), 0, []
    assert found is not None
    numbers = [bank.pill for bank in found.banks.values() if bank.pill] + [node.blame for node in found.nodes.values()]
    phases = [
        lesson.timeline.beat(1, 2, "predict"),
        lesson.timeline.beat(1, 2, "blame"),
        lesson.timeline.commit_beat(1),
    ]
    for beat, step in product([*phases, phases[0] + 1, phases[1] + 1], range(1, 40)):
        for dot in look(lesson, beat, step / 40, size).moving:
            if isinstance(dot, Disc) and dot.fill:
                dots += 1
                inside = any(bank.pig.contains(dot.x, dot.y) for bank in found.banks.values())
                covering += [dot] if inside or any(number.contains(dot.x, dot.y) for number in numbers) else []
    figure(f"T22 dots over a pig or a number, {shape} at {size[0]}x{size[1]}", f"{len(covering)} of {dots}")
    assert dots
    assert covering == []


@each_size
@each_with_pigs
def test_a_pig_that_a_coin_lands_in_stays_behind_every_number(shape: str, size: tuple[int, int]) -> None:
    lesson = lesson_named(shape)
    found = plan(lesson, size)
    assert found is not None
    scene = look(lesson, lesson.timeline.beat(1, 3, "bank"), 0.8, size)
    pigs = [place for place, item in enumerate(scene.moving) if isinstance(item, Picture) and item.name == "piggy"]
    pills = {
        label.ref.name: place for place, label in enumerate(scene.moving) if isinstance(label, Label) and label.ref
    }
    assert len(pigs) == len(found.banks)
    for name, bank in found.banks.items():
        for place in pigs if bank.pill else []:
            pig = scene.moving[place]
            assert isinstance(pig, Picture)
            box = drawn(Box(pig.x - pig.size / 2, pig.y - pig.size / 2, pig.size, pig.size))
            assert not (bank.pill and overlap(box, bank.pill)) or pills[name] > place


@pytest.mark.parametrize("shape", ["2-3-1", "4-8-3"])
def test_larger_text_covers_no_text_and_leaves_no_region_either(shape: str) -> None:
    lesson, size, large = lesson_named(shape), (1280, 720), Look(text=TEXT_SIZES[-1])
    at, painter = regions(size, large.text), Painter(size)
    scene = look(lesson, lesson.timeline.find("1.1.3.bank"), 1.0, size, look=large)
    painter.paint(scene, pygame.Surface(size))
    found = [(label, ink(painter.label_box(label))) for label in scene.labels() if label.text.strip()]
    for label, box in found:
        homes = [getattr(at, name) for name in REGIONS if getattr(at, name).contains(label.x, label.y)]
        areas = [Box(home.x * at.scale, home.y * at.scale, home.w * at.scale, home.h * at.scale) for home in homes]
        assert [within(box, area, slack=1) for area in areas] == [True], label.text
    for (first, a), (second, b) in combinations(found, 2):
        assert not overlap(a, b, slack=1), (first.text, second.text)


@each_size
@pytest.mark.parametrize("text", TEXT_SIZES)
def test_the_words_above_the_network_end_before_the_calculation_below_them(size: tuple[int, int], text: float) -> None:
    lesson, box = lesson_named("lesson 12"), regions(size, text).caption
    for phase in ("1.predict", "1.loss", "1.blame", "1.bank", "commit"):
        scene = look(lesson, lesson.timeline.find(f"1.1.{phase}"), 1.0, size, look=Look(text=text))
        lines = sorted({label.y for label in scene.step if isinstance(label, Label) and box.contains(label.x, label.y)})
        assert len(lines) > 1
        assert lines[-1] - lines[-2] >= p.SMALL


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


@pytest.mark.parametrize("text", [1.0, 1.15])
@each_size
@pytest.mark.parametrize("name", ["lesson 2", "lesson 12", "1-1", "2-1"])
def test_where_pigs_are_large_every_weight_says_its_number(name: str, size: tuple[int, int], text: float) -> None:
    lesson = lesson_named(name)
    header = lesson.run.ledger.header
    placed = plan_network(header.neuron_layers, tuple(header.weights_by_name), regions(size, text).network)
    assert placed is not None
    assert all(bank.dial for bank in placed.banks.values() if bank.pig.w >= 160)
    for bank in placed.banks.values():
        assert bank.dial is None or within(bank.dial, bank.cell)


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
