"""What if: a run with other settings takes the place of the one that plays, and W leads back to the same moment."""

from __future__ import annotations

from dataclasses import replace

import pytest
from looks import MAKERS, SIZES
from sitting import SIZE, texts

from piggybank import SGD, Dense, Lesson, Network, Run, open_ledger
from piggybank.app.course import course, load_lesson
from piggybank.app.recorded import Recorded
from piggybank.app.session import Session
from piggybank.app.what_if import RECORDED
from piggybank.ledger.lines import Ref
from piggybank.stage.look import TEXT_SIZES
from piggybank.stage.timeline import Cursor


def session() -> Session:
    run = Run(Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7), "xor", rule=SGD(0.5), batch_size=2)
    found = Session(Lesson(None, "XOR", run, batches=6), course())
    found.command("commit", "3")
    found.scene(SIZE)
    return found


def written(found: Session, text: str) -> None:
    for character in text:
        found.key("space" if character == " " else character, character)


def asked(*texts: str) -> Session:
    """A session in which the dialog's fields were filled in, in order, and Enter was pressed."""
    found = session()
    found.key("w", "w")
    for place, text in enumerate(texts):
        if place:
            found.key("tab", "\t")
        written(found, text)
    found.key("return", "\r")
    return found


def run_of(found: Session) -> Run:
    assert found.lesson is not None
    assert isinstance(found.lesson.run, Run)
    return found.lesson.run


def test_w_asks_with_the_settings_that_are_now_and_the_row_of_this_sample() -> None:
    found = session()
    found.key("w", "w")
    words = texts(found)
    assert all(part in words for part in ("What if?", "now 0.5", "now 2", "batch 3", "without sample 2"))


def test_keys_that_come_faster_than_pictures_can_ask_at_a_batch_that_is_not_trained_yet() -> None:
    found = session()
    for key in ("end", "ctrl+right", "w"):
        found.key(key)
    written(found, "0.125")
    found.key("return", "\r")
    parent = run_of(found).ledger.header.parent
    assert parent is not None
    assert parent.batch == 6


def test_a_number_of_a_batch_that_this_run_has_not_trained_does_not_open() -> None:
    found = session()
    far = Ref("commit", "h2->y", len(run_of(found).ledger) + 1).code
    found.command("open", far)
    assert found.state.trail == ()


def test_a_number_of_a_sample_that_no_batch_of_this_run_has_does_not_open() -> None:
    found = session()
    last = run_of(found).ledger.header.count(1)
    for sample, opens in ((last, True), (last + 1, False)):
        found.command("open", Ref("slice", "h2->y", 1, sample).code)
        assert bool(found.state.trail) == opens
        found.command("back", "")


def test_a_learning_rate_goes_on_from_the_weights_that_the_batch_met() -> None:
    parent = run_of(session())
    fork = run_of(asked("0.125")).ledger
    assert fork.header.constants["learning_rate"] == 0.125
    assert fork.header.batch_size == 2
    assert fork.header.parent is not None
    assert (fork.header.parent.batch, fork.header.parent.seal) == (2, parent.ledger.seal_at(2))
    assert [a.tobytes() for a in fork.weights_at(0)] == [a.tobytes() for a in parent.ledger.weights_at(2)]


def test_a_decimal_comma_is_understood() -> None:
    assert run_of(asked("0,125")).ledger.header.constants["learning_rate"] == 0.125


def test_a_batch_size_is_taken_and_the_rate_kept() -> None:
    header = run_of(asked("", "4")).ledger.header
    assert (header.batch_size, header.constants["learning_rate"]) == (4, 0.5)


def test_space_leaves_the_row_of_the_sample_out() -> None:
    parent = run_of(session()).ledger
    row = parent.header.row_names[parent.batch(3).rows[1]]
    names = run_of(asked("", "", " ")).ledger.header.row_names
    assert row not in names
    assert len(names) == 3


@pytest.mark.parametrize(
    ("fields", "title", "below"),
    [
        (("0.125",), "What if: XOR, rate 0.125, batch 3", ("learning rate 0.125", "batch of 2")),
        (("", "4"), "What if: XOR, batches of 4, batch 3", ("batch of 4",)),
        (("", "", " "), "What if: XOR, without row 2, batch 3", ()),
        (("0.125", "3", " "), "What if: XOR, rate 0.125, batch 3", ("batch of 3", "without row 2")),
    ],
)
def test_the_title_says_what_is_other_and_from_which_batch_on(
    fields: tuple[str, ...], title: str, below: tuple[str, ...]
) -> None:
    found = asked(*fields)
    assert found.lesson is not None
    assert found.lesson.heading == title
    assert "W goes back" in found.lesson.subtitle
    assert [part for part in below if part not in found.lesson.subtitle] == []


def test_of_a_lesson_of_the_course_the_title_says_its_number() -> None:
    found = Session(load_lesson(2), course())
    found.command("commit", "2")
    found.key("w", "w")
    written(found, "0.25")
    found.key("return", "\r")
    assert found.lesson is not None
    assert found.lesson.heading == "What if: lesson 2, rate 0.25, batch 2"
    assert found.lesson.heading in found.scene(SIZE).text()


def test_w_leads_back_to_the_same_moment_of_the_same_run() -> None:
    before = session()
    cursor = before.state.cursor
    before.key("w", "w")
    written(before, "0.125")
    lesson = before.lesson
    before.key("return", "\r")
    before.key("right")
    before.key("right")
    before.key("w", "w")
    assert before.lesson is lesson
    assert before.state.cursor == cursor
    assert before.state.dialog == ""
    assert before.origin is None


@pytest.mark.parametrize("key", ["escape", "backspace"])
def test_escape_and_backspace_lead_back_from_the_beginning_of_a_fork_only(key: str) -> None:
    found = asked("0.125")
    fork = found.lesson
    found.command("next_batch", "")
    found.key(key)
    assert found.lesson is fork
    found.key("home")
    found.key("s", "s")
    if key == "escape":
        found.key(key)
        assert found.lesson is fork, "it closed the summary only"
    found.command("close", "") if found.state.summary else None
    found.key(key)
    assert found.lesson is not fork
    assert found.state.cursor.beat > 0


def test_what_the_person_likes_stays_when_going_there_and_back() -> None:
    found = asked("0.125")
    found.key("n", "n")
    look = found.state.look
    found.key("w", "w")
    assert found.state.look == look


@pytest.mark.parametrize(
    ("texts", "helps"),
    [
        ((), "Nothing is changed yet"),
        (("nan",), "finite number"),
        (("fast",), "Learning rate should be a finite number, got 'fast'"),
        (("", "0"), "batch_size"),
        (("", "2.5"), "whole number"),
    ],
)
def test_what_cannot_be_gets_a_sentence_and_stays_to_be_mended(texts: tuple[str, ...], helps: str) -> None:
    found = asked(*texts)
    assert helps.lower() in found.state.notice.lower()
    assert found.state.what_if is not None
    assert found.origin is None


def test_escape_closes_the_dialog_and_nothing_has_happened() -> None:
    found = session()
    before = found.state
    found.key("w", "w")
    written(found, "0.1")
    found.key("escape")
    assert found.state == before


def test_a_saved_run_says_in_a_sentence_that_it_does_not_train(tmp_path: object) -> None:
    path = run_of(session()).save(f"{tmp_path}/run.piggy")
    found = Session(Lesson(None, "Saved", Recorded(open_ledger(path)), batches=6), [])
    found.key("w", "w")
    assert (found.state.notice, found.state.dialog) == (RECORDED, "")


def test_the_mouse_fills_in_what_the_keys_do() -> None:
    found = session()
    found.key("w", "w")
    for command in ("field", "leave_out", "submit"):
        scene = found.scene(SIZE)
        hit = [hit for hit in scene.hits if hit.command == command][-1]
        found.click(scene, hit.box.cx, hit.box.cy)
    assert found.origin is not None
    assert len(run_of(found).ledger.header.row_names) == 3


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("text", [1.0, max(TEXT_SIZES)])
def test_the_dialog_stays_inside_the_window(size: tuple[int, int], text: float) -> None:
    found = session()
    found.state = replace(found.state, look=replace(found.state.look, text=text))
    found.key("w", "w")
    scene = found.scene(size)
    hits = [hit for hit in scene.hits if hit.command in ("field", "leave_out", "submit")]
    assert len(hits) == 4
    tall = max(hit.box.bottom for hit in hits)
    assert tall <= next(hit for hit in scene.hits if hit.command == "close").box.bottom
    for upper in hits:
        assert sum(upper.box.contains(other.box.cx, other.box.cy) for other in hits) == 1


def test_every_lesson_s_fork_begins_where_it_was_asked_for() -> None:
    found = Session(MAKERS["lesson 2"](), course())
    found.command("commit", "1")
    found.key("w", "w")
    written(found, "0.25")
    found.key("return", "\r")
    assert found.state.cursor == Cursor(0, 0.0)
    assert found.origin is not None
    found.key("l", "l")
    assert found.origin is None
