"""How a run beside a lesson's own comes to the front, and goes back again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from side_runs import clicked, hit_of, numbers_beside, trio, xor
from sitting import SIZE, go, lesson_of, press, settle, sitting

from piggybank import SGD, Cue, Dense, Lesson, Network, Run
from piggybank.app.beside import NOTHING
from piggybank.app.session import Session
from piggybank.ledger.lines import Ref
from piggybank.stage.in_step import in_step
from piggybank.stage.known import known_at
from piggybank.stage.scene import Label
from piggybank.stage.timeline import Cursor

Figure = Callable[[str, object], None]


def test_a_number_key_brings_a_run_to_the_front_at_its_moment_in_step() -> None:
    session = trio()
    lead = lesson_of(session)
    session.command("sample", "7.1")
    before = session.state.cursor
    press(session, "2")
    twos = lesson_of(session)
    assert twos is lead.family[1]
    assert session.state.cursor == in_step(lead.timeline, before, twos.timeline)
    assert twos.timeline.address(session.state.cursor.beat) == "2.4.1.bank"
    assert (session.state.selected, session.state.beside) == ("h2->y", True)
    press(session, "1")
    assert lesson_of(session) is lead
    assert session.state.cursor == before


@pytest.mark.parametrize("way", ["click", "Tab and Enter"])
def test_a_column_is_clicked_or_reached_with_tab(way: str) -> None:
    session = trio()
    lead = lesson_of(session)
    session.scene(SIZE)
    if way == "click":
        clicked(session, hit_of(session, "front", "3"))
    else:
        while session.state.focus != ("front", "3"):
            press(session, "tab")
            session.scene(SIZE)
        press(session, "return")
    assert lesson_of(session) is lead.family[2]


def test_a_number_of_another_run_comes_to_the_front_with_the_calculation_behind_it() -> None:
    session = trio()
    lead = lesson_of(session)
    session.command("commit", "8")
    labels = numbers_beside(session)
    assert {label.side for label in labels} == {2, 3}
    for label in labels:
        assert label.ref is not None
        clicked(session, hit_of(session, "open_beside", f"{label.side} {label.ref.code}"))
        here = lesson_of(session)
        assert here is lead.family[label.side - 1]
        assert session.state.trail == (label.ref,)
        assert here.run.ledger.open(label.ref).value == lead.family[label.side - 1].run.ledger.open(label.ref).value
        assert "Backspace" in session.scene(SIZE).text()
        press(session, "backspace", "1")
        assert lesson_of(session) is lead


@pytest.mark.parametrize("command", ["open", "inspect", "sample"])
def test_a_picture_of_another_run_is_not_pressed_any_more(command: str) -> None:
    """A key and a click may come faster than pictures: the number is of a rule that the run in front has not."""
    session = sitting("A")
    session.command("commit", "2")
    press(session, "3")
    scene = session.scene(SIZE)
    hit = next(hit for hit in scene.hits if hit.command == command)
    press(session, "1")
    before = session.state
    session.click(scene, hit.box.cx, hit.box.cy)
    session.drag(scene, hit.box.cx, hit.box.cy)
    press(session, "tab")
    assert session.state == before
    session.scene(SIZE)
    press(session, "tab")
    assert session.state.focus is not None


@pytest.mark.parametrize("key", ["w", "g"])
def test_while_a_dialog_asks_of_a_run_it_stays_in_front(key: str) -> None:
    session = trio()
    session.command("commit", "10")
    front = lesson_of(session)
    press(session, key)
    for command in ("front 3", f"open_beside 3 {Ref('initial', 'h2->y').code}"):
        session.command(*command.split(" ", 1))
        assert (lesson_of(session), session.state.trail) == (front, ())
        session.scene(SIZE)


def test_the_inspector_is_that_runs_then() -> None:
    session = trio()
    session.command("commit", "8")
    press(session, "return", "3")
    known = known_at(lesson_of(session).timeline, session.state.cursor)
    assert session.state.inspecting == "h2->y"
    assert f"batch {known.batch} ·" in session.scene(SIZE).text()
    assert known.batch == 2
    wanted = lesson_of(session).run.ledger.receipt("h2->y", batch=2).value
    numbers = [label for label in session.scene(SIZE).over if isinstance(label, Label) and label.ref]
    assert any(label.ref == Ref("commit", "h2->y", 2) for label in numbers)
    assert wanted == lesson_of(session).run.ledger.weights_at(2)[1][1, 0]


def test_a_run_of_another_shape_shows_a_weight_of_its_own() -> None:
    large = Run(Network(Dense(2, 5, "tanh"), Dense(5, 1), seed=3), "xor", rule=SGD(0.5), batch_size=2)
    other = Lesson(None, "Large", large, selected="h5->y", cues=[Cue("1.1.1.predict1", "Five of them.")])
    session = Session(Lesson(None, "Two", xor(2), batches=4, selected="h3->y", beside={"large": other}), [])
    session.command("tick", "1")
    press(session, "return", "2")
    assert (session.state.selected, session.state.inspecting) == ("h5->y", "")
    assert "Five of them." in "".join(span.text for span in lesson_of(session).words(0))
    press(session, "down", "1")
    assert session.state.selected == "h3->y"


def test_a_key_of_a_run_that_is_not_there_and_of_the_one_in_front_changes_nothing() -> None:
    session = trio()
    before = session.state
    press(session, "4", "1")
    assert session.state == before


def test_playing_goes_on_in_the_run_that_was_brought_to_the_front() -> None:
    session = trio()
    press(session, "space")
    session.command("tick", "1.0")
    press(session, "3")
    before = session.state.cursor
    session.command("tick", "0.5")
    assert session.state.playing
    assert session.state.cursor != before


def test_there_and_back_all_moments_hold_as_many_samples(figure: Figure) -> None:
    session, checked = trio(), 0
    lead = lesson_of(session)
    for beat in range(lead.timeline.length(9)):
        session.state = replace(session.state, cursor=Cursor(beat, 1.0))
        counts = []
        for key in ("2", "3", "1"):
            press(session, key)
            here = lesson_of(session)
            known = known_at(here.timeline, session.state.cursor)
            counts.append(here.timeline.seen_before(known.batch) + known.banked)
        assert len(set(counts)) == 1
        assert session.state.cursor == Cursor(beat, 1.0)
        checked += 1
    figure("T13 moments that hold when every run was in front in turn", checked)


def test_answers_stay_with_their_run_and_a_question_lets_no_other_to_the_front() -> None:
    session = sitting("A")
    lead = lesson_of(session)
    go(session, "1.1.commit")
    press(session, "right")
    assert session.state.gate is not None
    asked = session.state
    session.command("front", "2")
    session.command("open_beside", f"2 {Ref('initial', 'x1->y').code}")
    assert (lesson_of(session), session.state) == (lead, asked)
    press(session, "b", "right")
    settle(session)
    answers = session.state.answers
    assert [answer.right for answer in answers] == [True]
    press(session, "2")
    assert session.state.answers == ()
    press(session, "end", "1")
    assert session.state.answers == answers


def test_a_lab_is_seen_when_its_own_run_comes_to_its_end() -> None:
    session = sitting("B")
    press(session, "2", "end")
    assert session.done == {}
    press(session, "1", "home", "end")
    assert "B" in session.done


def test_what_if_forks_the_run_in_front_and_leads_back_to_it() -> None:
    session = trio()
    session.command("commit", "8")
    press(session, "3")
    here, cursor = lesson_of(session), session.state.cursor
    press(session, "w")
    for character in "0.125":
        session.key(character, character)
    press(session, "return")
    fork = lesson_of(session)
    assert fork.run.ledger.header.parent is not None
    assert not session.state.beside
    press(session, "d")
    assert session.state.notice == NOTHING
    press(session, "w")
    assert (lesson_of(session), session.state.cursor, session.state.beside) == (here, cursor, True)
