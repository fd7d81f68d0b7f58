"""A million events from a seeded monkey: keys, clicks, drags, typing and time, over lessons and sizes of window."""

from __future__ import annotations

import random
from collections.abc import Callable

import pygame
import pytest
from looks import MAKERS, SHAPES, SIZES, digest
from monkey import Monkey

from piggybank.app.session import Session
from piggybank.stage.painter import Painter
from piggybank.stage.timeline import Cursor

Figure = Callable[[str, object], None]
EVENTS = 1_000_000
NAMES = ("lesson 1", "lesson 2", "lesson 12", "xor 2-3-1", "4-8-3", "2-2-2-1")
LIMIT = 60
"""Batches that the monkey may reach, so that it trains no longer than that."""
COMPOSE, PAINT = 200, 12_000
"""A scene is composed every so many events, and painted."""


def valid(session: Session) -> bool:
    lesson, cursor = session.lesson, session.state.cursor
    assert lesson is not None
    known = 0 <= cursor.beat < lesson.timeline.length(len(lesson.run.ledger)) or cursor == Cursor()
    return known and 0 <= cursor.progress <= 1


@pytest.mark.parametrize("name", NAMES)
def test_a_monkey_finds_no_exception_and_changes_nothing_recorded(name: str, figure: Figure) -> None:
    lesson = {**SHAPES, **MAKERS}[name]()
    monkey = Monkey(Session(lesson, []), random.Random(name))
    session, recorded = monkey.session, len(lesson.run.ledger)
    before, scene, painted = digest(lesson.run.ledger, recorded), session.scene(monkey.size), 0
    for event in range(EVENTS // len(NAMES) + 1):
        monkey.act(scene)
        if session.state.cursor.beat and lesson.timeline.batch_of(session.state.cursor.beat) > LIMIT:
            session.command("home", "")
        if event % COMPOSE == 0:
            if event % (20 * COMPOSE) == 0:
                monkey.size = monkey.numbers.choice((*SIZES, (640, 400), (900, 1600)))
            scene = session.scene(monkey.size)
            assert valid(session)
        if event % PAINT == 0:
            Painter(monkey.size).paint(scene, pygame.Surface(monkey.size))
            painted += 1
    figure(f"T22 monkey, {name}: exceptions 0 of events", monkey.events)
    figure(f"T14 ledger changed by looking, {name}", int(digest(lesson.run.ledger, recorded) != before))
    assert digest(lesson.run.ledger, recorded) == before
    assert painted > EVENTS // len(NAMES) // PAINT
    assert not session.quit
