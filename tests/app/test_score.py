"""The score at the end of a lesson: what was predicted right, and the ways out of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

import pygame
import pytest
from looks import SIZES
from sitting import SIZE, at_gate, go, lesson_of, press, session_of, settle, sitting, texts

from piggybank import Dense, Lesson, Network, Run
from piggybank.app.course import course
from piggybank.app.session import Session
from piggybank.stage.look import TEXT_SIZES, Look
from piggybank.stage.painter import Painter


@pytest.mark.parametrize("key", ["right", "page down"])
def test_who_steps_on_before_the_last_commit_has_settled_sees_the_score_too(key: str) -> None:
    session = at_gate(4, "4.4.commit")
    press(session, key, key)  # shown, and on into the commit
    session.command("tick", "0.05")
    assert session.moving
    press(session, key)
    assert not session.moving
    assert session.state.score
    assert "You predicted 0 of 1" in texts(session)


@pytest.mark.parametrize("key", ["page down", "page up"])
def test_a_clicker_leaves_the_score(key: str) -> None:
    session = at_gate(4, "4.4.commit")
    press(session, "right", "right")
    settle(session)
    assert session.state.score
    press(session, key)
    assert not session.state.score


def test_at_the_end_of_the_lesson_stands_what_was_predicted_right() -> None:
    session = at_gate(4, "1.1.1.bank")
    press(session, "b", "right")  # right at once
    go(session, "2.2.commit")
    press(session, "right", "a", "c", "right")  # right at the second try
    go(session, "3.3.commit")
    press(session, "right", "right", "right")  # shown
    go(session, "4.4.commit")
    press(session, "right", "escape", "space")  # skipped
    settle(session)
    assert session.state.score
    words = texts(session)
    assert "You predicted 2 of 4, 1 at the first try." in words
    for said in ("right at the first try", "right after 1 wrong", "shown", "skipped"):
        assert said in words
    assert "The pears' price is right, 2. How far does it move?" in words
    scene = session.scene(SIZE)
    hit = next(hit for hit in scene.hits if (hit.command, hit.argument) == ("moment", "2.2.commit"))
    session.click(scene, hit.box.cx, hit.box.cy)
    assert not session.state.score
    assert session.state.cursor.beat == lesson_of(session).timeline.commit_beat(2) - 1


ENDS: dict[str, Callable[[Session], object]] = {
    "End": lambda session: press(session, "end"),
    "commit by commit": lambda session: press(session, *["ctrl+right", "escape"] * 9),
    "a click on the strip": lambda session: session.command("commit", "4"),
    "steps": lambda session: [press(session, "right", "escape") or settle(session) for _ in range(100)],
}


@pytest.mark.parametrize("arrive", ENDS.values(), ids=ENDS)
def test_the_end_of_a_lesson_has_its_words_by_whatever_way_one_arrives_and_says_them_on_the_way_there_only(
    arrive: Callable[[Session], object],
) -> None:
    session = sitting(4)
    said: list[str] = []
    command = session.command

    def noted(name: str, argument: str) -> None:
        command(name, argument)
        said.append(session.state.notice)

    session.command = noted  # type: ignore[method-assign]
    arrive(session)
    ending = [words for words in said if "The lesson ends here." in words]
    assert ending
    assert lesson_of(session).run.ledger.seal_at(4) in ending[0]
    session.command = command  # type: ignore[method-assign]
    press(session, "ctrl+right", "back")
    press(session, "left")
    assert "ends here" not in session.state.notice


def test_a_run_of_ones_own_that_comes_to_where_it_was_trained_is_not_called_a_lesson() -> None:
    run = Run(Network(Dense(2, 1)), "xor", batch_size=4).train(epochs=2)
    session = Session(Lesson(None, "My run", run, batches=2), ())
    press(session, "end")
    assert session.state.notice.startswith("It was trained up to here. Space trains on")


def test_who_only_jumped_over_the_questions_is_not_shown_a_score() -> None:
    session = sitting(4)
    press(session, "end")
    assert not session.state.score
    assert "skipped" in session.state.notice


def at_the_end(number: int | str) -> Session:
    session = sitting(number)
    first = min(lesson_of(session).gated)
    session.command("moment", lesson_of(session).timeline.address(first))
    press(session, "right", "right", "right")  # shown, and on
    settle(session)
    press(session, "end")
    assert session.state.score
    return session


@pytest.mark.parametrize("way", ["click", "Enter"])
def test_the_score_leads_to_the_next_lesson(way: str) -> None:
    session = at_the_end(4)
    scene = session.scene(SIZE)
    hit = next(hit for hit in scene.hits if hit.command == "next_lesson")
    assert hit.tip.startswith("Count the breaks")
    if way == "click":
        session.click(scene, hit.box.cx, hit.box.cy)
    else:
        press(session, "return")
    assert lesson_of(session).number == 5
    assert not session.state.score
    assert not session.state.answers
    press(session, "l")
    assert session.entries[session.chosen].number == 5


def test_after_the_last_lesson_come_the_labs() -> None:
    session = at_the_end(12)
    press(session, "return")
    assert lesson_of(session).number == "A"


def test_the_last_lesson_and_a_run_of_ones_own_offer_no_next_one() -> None:
    for session in (at_the_end("C"), session_of("xor 2-3-1")):
        assert not [hit for hit in session.scene(SIZE).hits if hit.command == "next_lesson"]
        number = lesson_of(session).number
        session.command("next_lesson", "")
        assert lesson_of(session).number == number


def test_a_step_leaves_the_score_and_the_next_one_plays_on() -> None:
    session = at_the_end(4)
    end = session.state.cursor
    press(session, "right")
    assert (session.state.score, session.state.cursor) == (False, end)
    press(session, "right")
    assert session.state.cursor.beat == end.beat + 1


def test_the_menu_says_what_came_of_lessons_seen_to_their_end_and_what_the_chosen_one_is_about() -> None:
    session = at_the_end(4)
    right = f"0 of {len(lesson_of(session).gated)} right"
    press(session, "l")
    words = session.scene(SIZE).text()
    assert right in words
    assert "Six rows" not in words
    hit = next(hit for hit in session.scene(SIZE).hits if hit.tip == "open lesson 5")
    session.command("pointer", f"{hit.box.cx},{hit.box.cy}")
    assert session.entries[session.chosen].number == 5
    assert "Six rows" in session.scene(SIZE).text()
    press(session, "return", "end", "l")
    assert "'seen'" in session.scene(SIZE).text()


@pytest.mark.parametrize("text", TEXT_SIZES)
@pytest.mark.parametrize("size", [*SIZES, (640, 480), (1000, 1000)])
def test_nothing_of_the_menu_covers_anything_or_is_cut_off_at_any_size(size: tuple[int, int], text: float) -> None:
    session = Session(None, course())
    session.done = {entry.number: "12 of 12 right" for entry in session.entries}
    session.state = replace(session.state, look=Look(text=text))
    painter, surface = Painter(size), pygame.Surface(size)
    for chosen, entry in enumerate(session.entries):
        session.chosen = chosen
        scene = session.scene(size)
        painter.paint(scene, surface)
        boxes = [(label, painter.label_box(label)) for label in scene.labels() if label.text]
        for (first, a), (second, b) in combinations(boxes, 2):
            assert not a.inflate(-4, -8).colliderect(b.inflate(-4, -8)), (first.text, second.text)
        shown = " ".join(label.text for label in scene.labels())
        assert entry.about in shown
