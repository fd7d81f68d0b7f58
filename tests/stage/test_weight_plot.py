"""The plot of a weight over the commits: its points, and its ends."""

from __future__ import annotations

from itertools import pairwise

import pytest
from looks import lesson_named, look
from readable import each_size

from piggybank.app.course import load_lesson
from piggybank.ledger.lines import Ref
from piggybank.stage import palette as p
from piggybank.stage.look import TEXT_SIZES, Look
from piggybank.stage.regions import regions
from piggybank.stage.scene import Disc, Label, Line
from piggybank.stage.weight_plot import POINTS, _chosen


@each_size
def test_the_ends_of_a_weight_s_plot_stay_off_the_edge_of_its_panel(size: tuple[int, int]) -> None:
    lesson = lesson_named("lesson 2")
    for text in TEXT_SIZES:
        scene = look(lesson, lesson.timeline.find("1.1.1.bank"), 1.0, size, look=Look(text=text))
        start = next(label for label in scene.step if isinstance(label, Label) and label.text == "start")
        assert start.y + p.SMALL <= regions(size, text).trace.bottom


@each_size
def test_the_plot_says_where_the_weight_began_and_leads_to_where_it_is_now(size: tuple[int, int]) -> None:
    lesson, area = load_lesson(2), regions(size).trace
    lesson.ensure(0)

    def in_table(disc: Disc) -> bool:
        return area.contains(disc.x, disc.y)

    for commit, now in ((1, "1.5"), (2, "1.75"), (4, "1.9375")):
        scene = look(lesson, lesson.timeline.commit_beat(commit), 1.0, size)
        labels = [item for item in scene.step if isinstance(item, Label)]
        start = next(label for label in labels if label.text == "start")
        first = next(label for label in labels if label.y == start.y and label.ref == Ref("initial", "x1->y"))
        assert first.text == "1"
        assert first.x > start.x
        point = max((disc for disc in scene.step if isinstance(disc, Disc) and in_table(disc)), key=lambda disc: disc.x)
        last = next(label for label in labels if label.text == now and label.anchor == "left" and label.x > point.x)
        assert last.y == point.y
        far = last.x - point.x > 40
        ways = [
            line.points for line in scene.step if isinstance(line, Line) and line.points[0] == (point.x + 12, point.y)
        ]
        assert [way[1] for way in ways] == ([(last.x - 8, last.y)] if far else [])


@pytest.mark.parametrize("last", [0, 1, 59, 60, 61, 63, 64, 65, 200, 100_000])
def test_the_plot_of_a_long_large_run_asks_only_for_weights_that_are_kept_and_the_last(last: int) -> None:
    every = _chosen(last, 64)
    assert every[0] == 0
    assert every[-1] == last
    assert len(every) <= POINTS + 2
    if last >= 64:
        assert all(batch % 64 == 0 for batch in every[:-1])


@pytest.mark.parametrize("last", [0, 1, 59, 60, 61, 119, 200, 100_000])
def test_the_plot_of_a_run_that_keeps_every_weight_has_points_as_far_apart_as_each_other(last: int) -> None:
    every = _chosen(last, 1)
    assert (every[0], every[-1], len(every)) == (0, last, min(last, POINTS) + 1)
    apart = {later - earlier for earlier, later in pairwise(every)}
    assert not apart or max(apart) - min(apart) <= 1
