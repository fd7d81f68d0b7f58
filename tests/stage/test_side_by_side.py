"""Runs side by side: their numbers are their own ledgers', nothing is told early, nothing covers anything."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from itertools import combinations, product

import pytest
from looks import cursors, fresh, look
from nets import forget
from readable import (
    LEAST,
    agrees,
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

from piggybank import SGD, Adam, Dense, Lesson, Momentum, Network, Run
from piggybank.app.beside import sides_of
from piggybank.app.course import load_lesson
from piggybank.app.screen import number_hits, screen
from piggybank.ledger import bank
from piggybank.ledger.accuracy import has_classes
from piggybank.ledger.lines import Ref
from piggybank.ledger.receipt import commit_values
from piggybank.stage import palette as p
from piggybank.stage.in_step import in_step
from piggybank.stage.known import known_at
from piggybank.stage.look import TEXT_SIZES, Look
from piggybank.stage.painter import Painter
from piggybank.stage.regions import regions
from piggybank.stage.scene import Box, Coin, Disc, Hit, Label, Line, Panel, Picture, Scene
from piggybank.stage.side_by_side import plan_of
from piggybank.stage.side_plan import Column
from piggybank.stage.themes import THEMES, colour
from piggybank.stage.timeline import BANK, COMMIT, Cursor
from piggybank.stage.view import View

Figure = Callable[[str, object], None]
SIZE = (1280, 720)


def xor(batch_size: int | str, rule: object = None, **settings: object) -> Run:
    network = Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7)
    return Run(network, "xor", rule=rule or SGD(0.5), batch_size=batch_size, **settings)  # type: ignore[arg-type]


def _four() -> Lesson:
    """A short last batch, micro-batches and two rules with a memory."""
    beside = {"threes": xor(3, Momentum(0.25)), "micro": xor(1, accumulate=2), "Adam": xor("all", Adam(0.125))}
    return Lesson(None, "Four", xor(1), batches=10, called="one by one", beside=beside, selected="h2->y")


def _two() -> Lesson:
    """Networks of other shapes, with classes."""
    small = Run(
        Network(Dense(4, 3, "softmax"), seed=1), "penguins 3", rule=SGD(0.5), loss="cross-entropy", batch_size=12
    )
    large = Run(
        Network(Dense(4, 8, "tanh"), Dense(8, 3, "softmax"), seed=1), "penguins 3", rule=SGD(0.5),
        loss="cross-entropy", batch_size=9,
    )  # fmt: skip
    other = Lesson(None, "Large", large, selected="h3->y2")
    return Lesson(None, "Two", small, batches=3, called="small", beside={"large": other}, selected="x2->y1")


MADE: dict[str, Callable[[], Lesson]] = {
    "lab A": lambda: load_lesson("A"),
    "lab B": lambda: load_lesson("B"),
    "four": _four,
    "two": _two,
}
each_family = pytest.mark.parametrize("name", MADE)


@cache
def lesson_of(name: str) -> Lesson:
    lesson = MADE[name]()
    lesson.ensure(lesson.timeline.length(3) - 1)
    return lesson


def seen(lesson: Lesson, cursor: Cursor, size: tuple[int, int] = SIZE, **open_: object) -> Scene:
    lesson.ensure(cursor.beat)
    return screen(lesson, fresh(lesson, cursor=cursor, beside=True, **open_), size)


def selected(lesson: Lesson) -> str:
    return lesson.selected or lesson.run.ledger.header.weights[0].name


def moments(lesson: Lesson) -> Iterator[Cursor]:
    """Every moment between two changes, of a sample and of all commits that come in reach."""
    last = min(lesson.timeline.length(lesson.batches), lesson.timeline.length(8))
    beats = [beat for beat in range(last) if lesson.timeline.moment(beat).phase in (BANK, COMMIT)]
    for beat, progress in product(beats, (0.3, 0.75, 1.0)):
        yield Cursor(beat, progress)


def columns(lesson: Lesson, size: tuple[int, int], look: Look | None = None) -> tuple[Column, ...]:
    return plan_of(View(size=size, look=look or Look(), sides=sides_of(lesson, selected(lesson))))


def in_column(scene: Scene, column: Column) -> list[Label]:
    return [label for label in scene.labels() if column.box.contains(label.x, label.y)]


def area_of(lesson: Lesson, size: tuple[int, int]) -> Box:
    found = columns(lesson, size)
    return Box(found[0].box.x, found[0].box.y, found[-1].box.right - found[0].box.x, found[0].box.h)


# Numbers --------------------------------------------------------------------------------------------------------------


@each_family
def test_every_number_of_a_column_is_its_own_ledgers(name: str, figure: Figure) -> None:
    lesson, checked = lesson_of(name), 0
    for cursor in moments(lesson):
        scene = seen(lesson, cursor)
        for place, (other, column) in enumerate(zip(lesson.family, columns(lesson, SIZE), strict=True), 1):
            for label in in_column(scene, column):
                if label.ref is not None:
                    assert label.side == (0 if other is lesson else place)
                    value = other.run.ledger.open(label.ref).value
                    assert agrees(label.text, value), (cursor, label)
                    checked += 1
    figure(f"side by side, numbers that are their ledger's, {name}", checked)
    assert checked > 100


@each_family
def test_a_column_shows_the_bank_the_weight_and_the_loss_of_its_moment_in_step(name: str) -> None:
    lesson = lesson_of(name)
    for cursor in moments(lesson):
        if cursor.progress < 1.0:
            continue
        scene = seen(lesson, cursor)
        for side, other, column in zip(
            sides_of(lesson, selected(lesson)), lesson.family, columns(lesson, SIZE), strict=True
        ):
            ledger = other.run.ledger
            known = known_at(other.timeline, in_step(lesson.timeline, cursor, other.timeline))
            weight, record = ledger.weight(side.selected), ledger.batch(known.batch)
            last = known.batch if known.committed else known.batch - 1
            matrix = ledger.weights_at(last)[weight.layer]
            wanted = [matrix[weight.row, weight.column].item()]
            if known.committed:
                wanted.append(commit_values(ledger, weight, known.batch)["adjustment"])
            elif known.banked:
                total = 0.0
                for coin in bank.slices(ledger.header, record, weight).tolist()[: known.banked]:
                    total += coin
                wanted.append(total)
            wanted += [ledger.batch_loss(last)] if last else []
            shown = [label.text for label in in_column(scene, column) if label.ref is not None]
            assert len(shown) - has_classes(ledger.header) * (last > 0) == len(wanted), (cursor, other.called)
            assert all(any(agrees(text, value) for text in shown) for value in wanted), (cursor, other.called)


@each_family
def test_a_column_says_in_words_what_is_pending_and_what_is_final_and_counts_commits(name: str) -> None:
    lesson = lesson_of(name)
    for cursor in moments(lesson):
        scene = seen(lesson, cursor)
        for other, column in zip(lesson.family, columns(lesson, SIZE), strict=True):
            known = known_at(other.timeline, in_step(lesson.timeline, cursor, other.timeline))
            words = {label.text for label in in_column(scene, column)}
            if known.committed:
                assert ("adjusted" if known.single else "final") in words
            elif not known.single:
                pending = {f"pending {known.banked} of {known.count}", f"pending {known.banked}/{known.count}"}
                assert pending & words, (cursor, words)
            assert str(known.batch if known.committed else known.batch - 1) in words


def test_in_lab_b_the_first_bank_breaks_at_every_sample_the_second_at_every_fourth_the_last_once() -> None:
    lesson = lesson_of("lab B")
    broken = [0, 0, 0]
    for sample in range(1, 9):
        scene = seen(lesson, Cursor(lesson.timeline.commit_beat(sample), 0.35))
        for place, column in enumerate(columns(lesson, SIZE)):
            shards = [item for item in scene if isinstance(item, Picture) and item.name == "shards"]
            broken[place] += any(column.box.contains(item.x, item.y) for item in shards)
    assert broken == [8, 2, 1]


@each_family
def test_no_curve_knows_more_than_has_come_to_be(name: str) -> None:
    """What is drawn at a moment is the same when the runs have gone on since."""
    fresh_one, trained = MADE[name](), lesson_of(name)
    for beat in (0, trained.timeline.commit_beat(1), trained.timeline.commit_beat(2)):
        before = seen(fresh_one, Cursor(beat, 1.0))
        assert before == seen(trained, Cursor(beat, 1.0))


def curve(scene: Scene, column: Column, colour_: str) -> list[tuple[float, float]]:
    """The corners of a column's lines of a colour, in order."""
    assert column.plot is not None
    lines = [
        item for item in scene.step
        if isinstance(item, Line) and item.colour == colour_ and within(_around(item), column.plot.inset(-9, -9))
    ]  # fmt: skip
    return [point for line in lines for point in line.points]


def _around(line: Line) -> Box:
    (x0, y0), (x1, y1) = line.points[0], line.points[-1]
    return Box(min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0))


def test_all_columns_draw_the_same_curves_on_one_scale_each_with_its_own_in_front() -> None:
    lesson = lesson_of("lab A")
    scene = seen(lesson, Cursor(lesson.timeline.commit_beat(5), 1.0))
    found = columns(lesson, SIZE)
    shapes = []
    for column in found:
        own, others = curve(scene, column, p.GREEN_EDGE), curve(scene, column, p.DOT)
        shapes.append({(round(x - column.box.x, 3), round(y, 3)) for x, y in (*own, *others)})
        dots = [item for item in scene.step if isinstance(item, Disc) and item.fill == p.GREEN_EDGE]
        ends = [dot for dot in dots if column.box.contains(dot.x, dot.y)]
        assert [(round(dot.x, 3), round(dot.y, 3)) for dot in ends] == [tuple(round(v, 3) for v in own[-1])]
    assert shapes[0] == shapes[1] == shapes[2]
    heights = [curve(scene, column, p.GREEN_EDGE)[-1][1] for column in found]
    weights = [other.run.ledger.weights_at(5)[0][0, 0].item() for other in lesson.family]
    order = sorted(range(3), key=lambda place: -weights[place])
    assert order == sorted(range(3), key=lambda place: heights[place])


def samples_of(scene: Scene, column: Column) -> list[int]:
    """How many samples of lab B's 24 the corners of a column's own curve stand at."""
    rules = [item for item in scene.step if isinstance(item, Line) and item.colour == p.RULE]
    axis = next(item for item in rules if column.box.contains(*item.points[0]))
    (left, _), (right, _) = axis.points
    return [round(24 * (x - left) / (right - left)) for x, _ in _own(scene, column)]


def _own(scene: Scene, column: Column) -> list[tuple[float, float]]:
    return curve(scene, column, p.GREEN_EDGE)


def test_a_curve_has_its_corners_where_its_run_committed_and_ends_at_the_samples_seen() -> None:
    lesson = lesson_of("lab B")
    scene = seen(lesson, Cursor(lesson.timeline.commit_beat(6), 1.0))
    corners = [sorted({*samples_of(scene, column)}) for column in columns(lesson, SIZE)]
    assert corners == [[0, 1, 2, 3, 4, 5, 6], [0, 4, 6], [0, 6]]


def test_a_curve_moves_when_its_weights_do_and_not_when_the_hammer_falls() -> None:
    lesson = lesson_of("lab B")
    fours = columns(lesson, SIZE)[1]
    heights = []
    for progress in (0.3, 0.7, 1.0):
        scene = seen(lesson, Cursor(lesson.timeline.commit_beat(4), progress))
        heights.append(len({y for _, y in _own(scene, fours)}))
    assert heights == [1, 1, 2]


@each_family
def test_a_bank_that_breaks_is_drawn_once(name: str) -> None:
    lesson = lesson_of(name)
    for batch, progress in product((1, 2, 3, 4), (0.1, 0.35, 0.9)):
        cursor = Cursor(lesson.timeline.commit_beat(batch), progress)
        scene = seen(lesson, cursor)
        for other, column in zip(lesson.family, columns(lesson, SIZE), strict=True):
            there = in_step(lesson.timeline, cursor, other.timeline)
            breaks = other.timeline.moment(there.beat).phase == COMMIT and there.progress < 1.0
            still, moving = (
                sum(_is_bank(item) and column.box.contains(item.x, item.y) for item in layer)  # type: ignore[union-attr]
                for layer in (scene.step, scene.moving)
            )
            assert (still, moving) == ((0, 1) if breaks else (1, 0)), (cursor, other.called)


def test_with_less_movement_a_bank_stands_where_it_breaks() -> None:
    lesson = lesson_of("lab A")
    for progress in (0.1, 0.35, 0.9, 1.0):
        scene = seen(lesson, Cursor(lesson.timeline.commit_beat(2), progress), look=Look(reduced=True))
        for column in columns(lesson, SIZE):
            assert sum(_is_bank(item) and column.box.contains(item.x, item.y) for item in scene) == 1  # type: ignore[union-attr]


def _is_bank(item: object) -> bool:
    return isinstance(item, Picture) and item.name in ("piggy", "piggy_cracked", "shards")


def test_networks_of_other_shapes_are_compared_by_their_losses() -> None:
    lesson = lesson_of("two")
    scene = seen(lesson, Cursor(lesson.timeline.commit_beat(3), 1.0))
    for column in columns(lesson, SIZE):
        assert curve(scene, column, p.BLUE)
        assert not curve(scene, column, p.GREEN_EDGE)
        assert any(label.text == "right" for label in in_column(scene, column))


# Purity ---------------------------------------------------------------------------------------------------------------


@each_family
def test_a_jump_gives_the_scene_that_stepping_gives(name: str, figure: Figure) -> None:
    lesson = MADE[name]()
    reached = [*cursors(lesson, 4 if name == "lab B" else 2)][:200]
    stepped = {cursor: seen(lesson, cursor) for cursor in reached}
    numbers, differing = random.Random(3), 0
    for number in range(120):
        if number % 40 == 0:
            for other in lesson.family:
                forget(other.run.ledger)
        cursor = numbers.choice(reached)
        differing += seen(lesson, cursor) != stepped[cursor]
    figure(f"side by side, jumps that differ from stepping, {name}", f"{differing} of 120")
    assert differing == 0
    assert len({scene.text() for scene in stepped.values()}) > len(reached) / 4


@each_family
def test_what_moves_alone_leaves_the_rest_of_the_picture_as_it_is(name: str) -> None:
    """The painter keeps what stands still: between two changes it must be the very same."""
    lesson = lesson_of(name)
    for beat in (lesson.timeline.beat(1, 1, BANK), lesson.timeline.commit_beat(1)):
        steps = [seen(lesson, Cursor(beat, progress)).step for progress in (0.05, 0.1, 0.15)]
        assert steps[0] is steps[1] is steps[2]


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
