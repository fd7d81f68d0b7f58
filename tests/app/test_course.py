"""The selected weight over the commits, and the help at every size of text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from looks import SIZES, lesson_named, look

from piggybank.app.course import course
from piggybank.app.session import Session
from piggybank.ledger.lines import Ref
from piggybank.stage.look import TEXT_SIZES, Look
from piggybank.stage.regions import regions
from piggybank.stage.scene import Label

SIZE = (1280, 720)


def test_a_shows_the_weight_over_the_commits_and_each_point_opens_its_commit() -> None:
    session = Session(lesson_named("xor 2-3-1"), course())
    session.key("end")
    session.key("a", "a")
    lesson = session.lesson
    assert lesson is not None
    scene = session.scene(SIZE)
    name = session.state.selected
    wanted = [Ref("initial", name), *(Ref("commit", name, batch) for batch in range(1, lesson.batches + 1))]
    places = {hit.argument: hit for hit in scene.hits if hit.command == "open"}
    for ref in wanted:
        hit = places[ref.code]
        session.click(session.scene(SIZE), hit.box.cx, hit.box.cy)
        assert session.state.trail[-1] == ref
        session.key("escape")
    assert session.state.history
    session.key("escape")
    assert not session.state.history


def test_the_course_follows_the_selected_weight_and_gives_way_to_the_summary() -> None:
    session = Session(lesson_named("xor 2-3-1"), course())
    session.key("end")
    session.key("a", "a")
    before = [label.text for label in session.scene(SIZE).over if isinstance(label, Label)]
    session.key("down")
    after = [label.text for label in session.scene(SIZE).over if isinstance(label, Label)]
    assert before != after
    session.key("s", "s")
    assert (session.state.history, session.state.summary) == (False, True)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("text", TEXT_SIZES)
def test_the_help_stays_inside_the_window_at_every_size_of_text(size: tuple[int, int], text: float) -> None:
    scene = look(lesson_named("lesson 2"), 0, 1.0, size, help=True, look=Look(text=text))
    height = regions(size, text).height
    rows = sorted({label.y for label in scene.over if isinstance(label, Label)})
    assert rows[0] >= 20
    assert rows[-1] <= height - 20
    assert min(b - a for a, b in pairwise(rows)) >= 24
