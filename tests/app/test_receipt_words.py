"""A receipt of many lines reads in words, and no formula of it is cut short."""

from __future__ import annotations

from functools import cache

import pytest
from looks import as_lesson, look, table

from piggybank import SGD, AdamW, Dense, Lesson, Network, Run
from piggybank.ledger.lines import Ref
from piggybank.stage.measure import text_width
from piggybank.stage.scene import Label

SIZES = ((1024, 768), (1280, 720), (1920, 1080))


@cache
def lesson_of(name: str) -> Lesson:
    rule = {"AdamW": AdamW(0.25), "clipped": SGD(0.25, weight_decay=0.5, clip_norm=1.0)}[name]
    run = Run(Network(Dense(4, 3), seed=2), (table(12, 4, 5), table(12, 3, 6)), rule=rule, batch_size=4)
    return as_lesson(run, 3, name)


def pages(name: str, size: tuple[int, int]) -> list[Label]:
    """All that the receipt of a commit says."""
    lesson, found = lesson_of(name), list[Label]()
    ref = Ref("commit", "x1->y1", 3)
    many = len(lesson.run.ledger.open(ref).lines)
    for first in range(1, many + 1, 8):
        scene = look(lesson, lesson.timeline.commit_beat(3), 1.0, size, trail=(ref,), lines_from=(ref.code, first))
        found += [x for x in scene.over if isinstance(x, Label)]
    return found


@pytest.mark.parametrize("name", ["AdamW", "clipped"])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_no_name_of_a_recipe_stands_as_it_is_programmed(name: str, size: tuple[int, int]) -> None:
    assert [x.text for x in pages(name, size) if "_" in x.text] == []


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_formula_too_long_for_its_place_leaves_out_the_name_that_the_label_says(size: tuple[int, int]) -> None:
    labels = pages("AdamW", size)
    texts = {x.text for x in labels}
    assert "old savings + (1 − keep mean) × average" in texts
    assert "average = total ÷ count" in texts
    cut = [x.text for x in labels if x.room and x.ref is None and text_width(x.text, x.size, x.font) > x.room * 1.04]
    assert cut == []


def test_a_formula_is_not_written_twice_on_a_line() -> None:
    lines: dict[float, list[str]] = {}
    lesson = lesson_of("AdamW")
    state = {"trail": (Ref("commit", "x1->y1", 3),)}
    for label in look(lesson, lesson.timeline.commit_beat(3), 1.0, (1280, 720), **state).over:
        if isinstance(label, Label):
            lines.setdefault(label.y, []).append(label.text)
    assert any("1 − keep mean" in texts for texts in lines.values())
    assert [texts for texts in lines.values() if "1" not in texts and len(set(texts)) < len(texts)] == []
