"""The card of a question: what it may cover, where it lies, and what the header offers over it."""

from __future__ import annotations

import pytest
from looks import SIZES, run_of
from sitting import SIZE, at_gate, each_lesson, go, lesson_of, press, sitting

from piggybank import Lesson, Question
from piggybank.app.overlays.question import places
from piggybank.app.screen import view_of
from piggybank.app.session import Session
from piggybank.stage.detail import detail_of
from piggybank.stage.header import TOOLS
from piggybank.stage.known import known_at
from piggybank.stage.places import NetworkPlan
from piggybank.stage.regions import regions
from piggybank.stage.scene import Hit, Panel
from piggybank.stage.trace_table import free_area, most_rows


@pytest.mark.parametrize("size", SIZES, ids=str)
@each_lesson
def test_the_card_covers_no_pig_and_no_row_of_the_table_in_the_course(number: int | str, size: tuple[int, int]) -> None:
    session = sitting(number)
    lesson = lesson_of(session)
    for question in lesson.questions:
        go(session, question.at)
        press(session, "right")
        known = known_at(lesson.timeline, session.state.cursor)
        view = view_of(lesson, session.state, size, known)
        card = places(view.regions, free_area(lesson.run.ledger, view)).card
        if not isinstance(detail_of(lesson.run.ledger, view), NetworkPlan):
            continue  # a wall has no pigs, and lies under the card; see below
        table_is_full = len(lesson.run.ledger.header.weights) > most_rows(view)
        for hit in session.scene(size).hits:
            if hit.command == "inspect" and not (table_is_full and hit.box.x >= view.regions.trace.x):
                apart = hit.box.right <= card.x + 1 or hit.box.bottom <= card.y + 1
                assert apart, (question.at, hit)
        press(session, "escape")


def test_in_a_large_network_the_card_lies_across_the_bottom() -> None:
    asks = [Question("1.1.commit", "What?", "adjustment")]
    session = Session(Lesson(None, "large", run_of(4, 8, 3), batches=3, questions=asks), [])
    go(session, "1.1.commit")
    press(session, "right")
    card = next(item.box for item in session.scene(SIZE).over if isinstance(item, Panel) and item.edge == "focus")
    area = regions(SIZE)
    assert (card.x, card.right) == (area.sample.x, area.trace.right)
    assert area.stage.cy < card.y < area.strip.y < card.bottom < area.height


def test_over_a_question_the_header_offers_only_the_way_to_the_lessons() -> None:
    asked, after = at_gate(4, "1.1.1"), at_gate(4, "1.1.1")
    after.command("close", "")
    assert {hit.command for hit in header_hits_of(asked)} == {"menu"}
    assert {hit.command for hit in header_hits_of(after)} == {"menu", "goto", "summary", "what_if", "help"}


def header_hits_of(session: Session) -> list[Hit]:
    return [hit for hit in session.scene(SIZE).hits if hit.command in {command for command, _ in TOOLS}]
