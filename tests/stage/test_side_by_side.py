"""Runs side by side: their numbers are their own ledgers', and nothing is told early."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import product

from looks import cursors
from nets import forget
from readable import (
    agrees,
    within,
)
from sides_drawn import MADE, SIZE, columns, each_family, in_column, lesson_of, moments, seen, selected

from piggybank.app.beside import sides_of
from piggybank.ledger import bank
from piggybank.ledger.accuracy import has_classes
from piggybank.ledger.commit_receipts import commit_values
from piggybank.stage import palette as p
from piggybank.stage.in_step import in_step
from piggybank.stage.known import known_at
from piggybank.stage.look import Look
from piggybank.stage.scene import Box, Disc, Line, Picture, Scene
from piggybank.stage.side_plan import Column
from piggybank.stage.timeline import BANK, COMMIT, Cursor

Figure = Callable[[str, object], None]


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
