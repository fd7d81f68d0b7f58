"""The card of a question: what it may cover, where it lies, and what the header offers over it."""

from __future__ import annotations

from dataclasses import replace

import pygame
import pytest
from looks import SIZES, run_of
from sitting import SIZE, at_gate, each_lesson, go, lesson_of, press, sitting

from piggybank import Lesson, Question
from piggybank.app.session import Session
from piggybank.stage.header import TOOLS
from piggybank.stage.look import TEXT_SIZES, Look
from piggybank.stage.painter import Painter
from piggybank.stage.regions import regions
from piggybank.stage.scene import Box, Hit, Panel
from piggybank.stage.trace_table import LEAST_ROW


@pytest.mark.parametrize("size", SIZES, ids=str)
@each_lesson
def test_the_card_covers_no_pig_and_no_row_of_the_table_in_the_course(number: int | str, size: tuple[int, int]) -> None:
    session = sitting(number)
    lesson = lesson_of(session)
    for question in lesson.questions:
        go(session, question.at)
        press(session, "right")
        card = card_of(session, size)
        for hit in session.scene(size).hits:
            if hit.command == "inspect":
                apart = hit.box.right <= card.x + 1 or hit.box.bottom <= card.y + 1
                assert apart, (question.at, hit)
        press(session, "escape")


@pytest.mark.parametrize("text", TEXT_SIZES)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_what_the_strip_says_of_the_moment_ends_before_the_card(size: tuple[int, int], text: float) -> None:
    for number in (9, 12):
        session = sitting(number)
        go(session, lesson_of(session).questions[-1].at)
        press(session, "right")
        session.state = replace(session.state, look=Look(text=text))
        card, scene, painter = card_of(session, size), session.scene(size), Painter(size)
        painter.paint(scene, pygame.Surface(size))
        said = next(label for label in scene.labels() if " · " in label.text and label in scene.moving)
        assert painter.label_box(said).right < card.x * regions(size, text).scale


def card_of(session: Session, size: tuple[int, int]) -> Box:
    return next(item.box for item in session.scene(size).over if isinstance(item, Panel) and item.edge == "focus")


@pytest.mark.parametrize("text", TEXT_SIZES)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_in_a_large_network_the_table_gives_rows_up_for_the_card_and_keeps_the_selected_one(
    size: tuple[int, int], text: float
) -> None:
    asks = [Question("1.1.commit", "What?", "adjustment")]
    session = Session(Lesson(None, "large", run_of(4, 8, 3), batches=3, questions=asks, selected="h5->y2"), [])
    session.state = replace(session.state, look=Look(text=text))
    before = rows_of(session, size)
    go(session, "1.1.commit")
    press(session, "right")
    card, area, rows = card_of(session, size), regions(size, text), rows_of(session, size)
    assert (card.x, card.right) == (area.trace.x, area.trace.right)
    assert max(hit.box.bottom for hit in rows) < card.y < card.bottom <= area.strip.bottom
    assert 3 <= len(rows) < len(before)
    assert "h5->y2" in {hit.argument for hit in rows}
    press(session, "escape")
    assert [hit.argument for hit in rows_of(session, size)] == [hit.argument for hit in before]


def rows_of(session: Session, size: tuple[int, int]) -> list[Hit]:
    """The table's rows."""
    left = regions(size, session.state.look.text).trace.x
    return [hit for hit in session.scene(size).hits if hit.command == "inspect" and hit.box.x > left]


def test_a_neuron_s_page_gives_rows_up_for_the_card_too() -> None:
    asks = [Question("1.1.commit", "What?", "adjustment")]
    session = Session(Lesson(None, "vault", run_of(20, 16, 3), batches=3, questions=asks), [])
    session.command("neuron", "h3")
    before = len(rows_of(session, SIZE))
    go(session, "1.1.commit")
    press(session, "right")
    rows, card = rows_of(session, SIZE), card_of(session, SIZE)
    assert 3 <= len(rows) < before
    assert max(hit.box.bottom for hit in rows) < card.y
    assert all(hit.box.h >= LEAST_ROW for hit in rows)


def test_over_a_question_the_header_offers_only_the_way_to_the_lessons() -> None:
    asked, after = at_gate(4, "1.1.1"), at_gate(4, "1.1.1")
    after.command("close", "")
    assert {hit.command for hit in header_hits_of(asked)} == {"menu"}
    assert {hit.command for hit in header_hits_of(after)} == {"menu", "goto", "summary", "what_if", "help"}


def header_hits_of(session: Session) -> list[Hit]:
    return [hit for hit in session.scene(SIZE).hits if hit.command in {command for command, _ in TOOLS}]
