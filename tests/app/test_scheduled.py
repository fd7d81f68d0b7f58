"""A run with a schedule never shows a rate that did not run, and each commit shows its own."""

from __future__ import annotations

from functools import cache

import pytest
from looks import as_lesson, look, table

from piggybank import SGD, AdamW, Cosine, Dense, Lesson, Network, Rule, Run, Step, WarmUp
from piggybank.app.lessons import settings
from piggybank.app.run_summary import summary_lines
from piggybank.ledger.lines import Ref
from piggybank.stage.regions import regions
from piggybank.stage.scene import Box, Label

SIZE = (1280, 720)
RULES = {
    "AdamW": AdamW(0.25, schedule=[WarmUp(4), Cosine(epochs=10)]),
    "SGD": SGD(0.25, schedule=Step(2)),
    "constant": AdamW(0.25),
}


@cache
def lesson_of(rule: str) -> Lesson:
    found: Rule = RULES[rule]
    run = Run(Network(Dense(4, 3), seed=2), (table(12, 4, 5), table(12, 3, 6)), rule=found, batch_size=4)
    return as_lesson(run, 6, rule)


def numbers(lesson: Lesson, batch: int, area: str = "", **open_: object) -> list[Label]:
    """The numbers on screen at the end of a commit that are learning rates; area: of the caption only, or all."""
    scene = look(lesson, lesson.timeline.commit_beat(batch), 1.0, SIZE, **open_)
    box: Box | None = getattr(regions(SIZE), area) if area else None
    rates = (Ref("schedule", "learning_rate", batch), Ref("setting", "learning_rate"))
    found = [x for x in scene.labels() if x.ref is not None and (x.ref in rates or x.ref.turned in rates)]
    return [x for x in found if box is None or box.contains(x.x, x.y)]


def test_the_header_line_says_that_the_rate_is_scheduled() -> None:
    assert "learning rate 0.25, scheduled" in settings(lesson_of("AdamW").run.ledger.header).split(" · ")
    assert "learning rate 0.25" in settings(lesson_of("constant").run.ledger.header).split(" · ")


@pytest.mark.parametrize("rule", ["AdamW", "SGD"])
def test_the_row_of_a_commit_shows_the_rate_that_ran_in_it(rule: str) -> None:
    lesson = lesson_of(rule)
    shown = {}
    for batch in range(1, 7):
        (label,) = numbers(lesson, batch, "caption")
        assert label.ref is not None
        value = lesson.run.ledger.open(label.ref).value
        assert abs(value) == lesson.run.ledger.learning_rate_at(batch)
        shown[batch] = label.text
    assert len(set(shown.values())) > 1


@pytest.mark.parametrize("size", [(1024, 768), SIZE, (1920, 1080)], ids=str)
def test_the_inspector_shows_the_commit_s_own_rate_where_the_line_that_says_it_has_no_room(
    size: tuple[int, int],
) -> None:
    lesson = lesson_of("AdamW")
    scene = look(lesson, lesson.timeline.commit_beat(3), 1.0, size, inspecting="x1->y1")
    over = [x for x in scene.over if isinstance(x, Label)]
    (rate,) = [x for x in over if x.ref == Ref("schedule", "learning_rate", 3)]
    assert lesson.run.ledger.open(rate.ref).value == lesson.run.ledger.learning_rate_at(3) != 0.25
    assert any(x.text in ("at learning rate", "at rate") and x.y == rate.y and x.x < rate.x for x in over)


def test_a_rate_that_never_changes_is_not_said_again_in_the_inspector() -> None:
    lesson = lesson_of("constant")
    scene = look(lesson, lesson.timeline.commit_beat(3), 1.0, SIZE, inspecting="x1->y1")
    assert not any(x.text in ("at learning rate", "at rate") for x in scene.over if isinstance(x, Label))


def test_the_summary_has_the_rate_of_every_batch_and_how_it_went() -> None:
    ledger = lesson_of("AdamW").run.ledger
    lines = list(summary_lines(ledger, 1))
    for batch in (1, 2, 3):
        (line,) = [text for text in lines if text.startswith(f"  batch {batch}:")]
        assert line.endswith(f", learning rate {ledger.learning_rate_at(batch):.6g}")
    (rates,) = [text for text in lines if text.startswith("rates ")]
    assert [part.split()[0] for part in rates.removeprefix("rates").split("→")] == [
        f"{ledger.learning_rate_at(batch):.6g}" for batch in (1, len(ledger))
    ]


def test_the_summary_of_a_run_without_a_schedule_has_no_rates() -> None:
    text = "\n".join(summary_lines(lesson_of("constant").run.ledger, 1))
    assert "rates" not in text
    assert ", learning rate" not in text
    assert "learning rate 0.25," in text
