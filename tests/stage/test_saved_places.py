"""Saved runs side by side as they are drawn: whatever their names and settings, nothing is covered or cut short."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest
from looks import fresh
from readable import agrees, cut_short, each_size, ink, overlap, pixels, texts, within
from sides_drawn import columns

from piggybank import SGD, Adam, Dense, Lesson, Momentum, Network, Run
from piggybank.app.saved import side_by_side
from piggybank.app.screen import screen
from piggybank.stage import side_plan
from piggybank.stage.regions import regions
from piggybank.stage.scene import Box
from piggybank.stage.timeline import Cursor

Figure = Callable[[str, object], None]


def _saved(folder: Path, name: str, batches: int, rule: object, size: int, *layers: Dense, seed: int = 7) -> str:
    run = Run(Network(*layers, seed=seed), "xor", rule=rule, batch_size=size)  # type: ignore[arg-type]
    return str(run.train(batches=batches).save(folder / f"{name}.piggy"))


def _small() -> tuple[Dense, Dense]:
    return Dense(2, 3, "tanh"), Dense(3, 1)


FAMILIES: dict[str, Callable[[Path], list[str]]] = {
    "two sizes": lambda at: [_saved(at, "a", 16, SGD(0.5), 1, *_small()), _saved(at, "b", 2, SGD(0.5), 4, *_small())],
    "three rules, one of which ends": lambda at: [
        _saved(at, "a", 2, SGD(0.5), 4, *_small()),
        _saved(at, "b", 4, Momentum(0.25), 4, *_small()),
        _saved(at, "c", 4, Adam(0.125), 4, *_small()),
    ],
    "three shapes": lambda at: [
        _saved(at, "a", 4, SGD(0.5), 4, *_small()),
        _saved(at, "b", 4, SGD(0.5), 4, Dense(2, 30, "relu"), Dense(30, 9, "tanh"), Dense(9, 1)),
        _saved(at, "c", 16, SGD(0.5), 1, Dense(2, 1)),
    ],
    "four of long names": lambda at: [
        _saved(at, f"what we tried on Monday {n}", 4 * n, SGD(0.5), 4, *_small(), seed=n) for n in (1, 2, 3, 4)
    ],
    "four rates": lambda at: [_saved(at, f"{n}", 2, SGD(2.0**-n), 4, *_small()) for n in (1, 2, 3, 4)],
    "four small rates": lambda at: [_saved(at, f"{n}", 2, SGD(0.00123 * n), 4, *_small()) for n in (1, 2, 3, 4)],
    "two rates by two sizes": lambda at: [
        _saved(at, f"{n}", 4, SGD(0.25 * (n // 2 + 1)), n % 2 * 2 + 2, *_small(), seed=n) for n in range(4)
    ],
}


def _moments(lesson: Lesson) -> list[Cursor]:
    timeline = lesson.timeline
    last = timeline.commit_beat(lesson.batches)
    return [Cursor(), Cursor(timeline.beat(*timeline.place_of(7), "bank"), 1.0), Cursor(last, 0.5), Cursor(last, 1.0)]


@each_size
@pytest.mark.parametrize("name", FAMILIES)
def test_nothing_is_covered_or_leaves_its_column_and_no_number_is_cut_short(
    name: str, size: tuple[int, int], tmp_path: Path, figure: Figure
) -> None:
    lesson, seen = side_by_side(FAMILIES[name](tmp_path)), 0
    stage = pixels(regions(size).stage, size)
    for front in lesson.family:
        for cursor in _moments(front):
            scene = screen(front, fresh(front, cursor=cursor, beside=True), size)
            found = [(label, ink(rect)) for label, rect in texts(scene, size) if stage.contains(*rect.center)]
            seen += len(found)
            for label, box in found:
                homes = [column.box for column in columns(front, size) if column.box.contains(label.x, label.y)]
                assert all(within(box, pixels(home, size), slack=1) for home in homes), label.text
                assert label.ref is None or not cut_short(label, size), label.text
                if label.ref is not None and homes:
                    own = lesson.family[label.side - 1] if label.side else front
                    assert agrees(label.text, own.run.ledger.open(label.ref).value), label
            for (first, a), (second, b) in combinations(found, 2):
                assert not overlap(a, b, slack=1), (first.text, second.text)
    for other in lesson.family:
        other.run.ledger.close()
    figure(f"saved runs side by side, texts covered or cut, {name} {size[0]}x{size[1]}", f"0 of {seen}")


@each_size
@pytest.mark.parametrize("name", ["four rates", "four small rates", "two rates by two sizes"])
def test_the_settings_that_a_run_is_called_by_are_written_whole(
    name: str, size: tuple[int, int], tmp_path: Path
) -> None:
    lesson = side_by_side(FAMILIES[name](tmp_path))
    scene = screen(lesson, fresh(lesson, cursor=Cursor(), beside=True), size)
    found = columns(lesson, size)
    assert len({column.names for column in found}) == 4
    assert len({len(column.names) for column in found}) == 1
    for column, other in zip(found, lesson.family, strict=True):
        assert other.called.endswith(column.names[-1])
        labels = [
            label for label in scene.labels() if label.text in column.names and column.box.contains(label.x, label.y)
        ]
        assert [label.text for label in labels] == [*column.names]
        assert not any(cut_short(label, size) for label in labels)
        other.run.ledger.close()


def test_a_setting_that_has_no_room_is_left_out_whole() -> None:
    heads = (
        side_plan.Head("Adam", ("keep mean 0.5", "keep square 0.75", "epsilon 0"), "x1->y"),
        side_plan.Head("SGD", (), "x1->y"),
    )
    column, _ = side_plan.columns(Box(0, 0, 340, 420), heads, 2)
    assert column.settings == ("keep mean 0.5 …",)
    tall, _ = side_plan.columns(Box(0, 0, 340, 640), heads, 2)
    assert tall.settings == heads[0].settings
