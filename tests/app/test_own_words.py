"""What a lesson's words say of its own run alone is left out once the script is changed, and nothing else is."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from looks import caption
from sitting import each_lesson, go, press, settle
from told import coins

from piggybank import SGD, Choice, Cue, Dense, Lesson, Momentum, Network, Question, Run
from piggybank.app.course import course, load_lesson
from piggybank.app.own_words import WRITTEN_FOR, told
from piggybank.app.question_parts import QuestionError
from piggybank.app.session import CUT, Session
from piggybank.stage.scene import Label
from piggybank.stage.timeline import Cursor

FIXED = re.compile(r"(?<![\w{])[−+-]?\d+(?:\.\d+)?(?![\w}])")
NAMES = re.compile(r"Shopper \d|lesson \d+|press \d")
"""Digits that are no numbers of a run."""


def changed(number: int | str, old: str, new: str, tmp_path: Path) -> Lesson:
    """A lesson of the course by its script with one thing in it changed."""
    text = next(entry.path for entry in course() if entry.number == number).read_text("utf-8")
    assert text.count(old) >= 1
    script = tmp_path / "mine.py"
    script.write_text(text.replace(old, new, 1), encoding="utf-8")
    return load_lesson(str(script))


def texts_of(lesson: Lesson) -> list[str]:
    """Everything that a lesson has to say."""
    found = [lesson.about, *(cue.says for cue in lesson.cues)]
    for question in lesson.questions:
        found += [question.asks, question.because, *question.hints, *(choice.says for choice in question.choices)]
    return found


@each_lesson
def test_a_lesson_of_the_course_has_the_run_that_its_words_were_written_for(number: int | str) -> None:
    lesson = load_lesson(number)
    seals = tuple(other.run.ledger.seal_at(0) for other in lesson.family)
    assert seals[: len(WRITTEN_FOR[number])] == WRITTEN_FOR[number]
    assert (lesson.is_changed, lesson.is_cut) == (False, False)
    assert [text for text in texts_of(lesson) if re.search(r"(^| )\| ", text)] == []


@each_lesson
def test_a_lesson_says_what_it_is_about_at_its_very_first_moment(number: int | str) -> None:
    lesson = load_lesson(number)
    assert lesson.words(0, revealed=False) != (), "who comes by way of the lesson before has not read the menu"


RATES = {1: "rate=1 / 8", 2: "rate=1 / 8", 3: "rate=1 / 8", 4: "rate=1 / 4", 5: "rate=1 / 2", 6: "rate=1 / 8",
         7: "rate=1 / 2", 8: "rate=1)", 9: "SGD(learning_rate=1 / 2", 10: "rate=1 / 8", 11: "rate=1 / 8",
         12: "rate=1 / 2", "A": "SGD(learning_rate=1 / 8", "B": "SGD(1 / 8"}  # fmt: skip


@pytest.mark.parametrize("number", RATES)
def test_with_another_rate_no_word_has_a_number_of_the_lessons_own_run(number: int | str, tmp_path: Path) -> None:
    old = RATES[number]
    new = old.replace("rate=1)", "rate=1 / 16)").replace("1 / 8", "1 / 16").replace("1 / 4", "1 / 32")
    lesson = changed(number, old, new.replace("1 / 2", "1 / 64"), tmp_path)
    assert (lesson.is_told, lesson.is_changed, lesson.is_cut) == (True, True, True)
    assert lesson.cues
    assert [text for text in texts_of(lesson) if FIXED.search(NAMES.sub("", text))] == []
    session = Session(lesson, [])
    assert session.state.notice == CUT


def test_what_stays_is_of_the_changed_run(tmp_path: Path) -> None:
    lesson = changed(1, "rate=1 / 8", "rate=1 / 4", tmp_path)

    def words(at: str) -> str:
        return caption(lesson, lesson.timeline.find(at))

    assert words("1.1.1.bank") == "The coin is input × blame. It waits for the hammer: the learning rate, 0.25."
    assert words("2.2.commit") == "The weight moves 0, to 1.5."
    assert not any("halves" in text or "Half" in text for text in texts_of(lesson))
    assert "2 apples cost 3" not in lesson.subtitle


@pytest.mark.parametrize(
    ("number", "old", "new"),
    [
        (10, "Momentum(learning_rate=1 / 8, friction=1 / 2)", "__import__('piggybank').SGD(1 / 8)"),
        (11, "Adam(learning_rate=1 / 8, keep_mean=1 / 2, keep_square=3 / 4, epsilon=0)",
         "__import__('piggybank').SGD(1 / 8)"),
        (2, 'reduce="average"', 'reduce="total"'),
    ],
)  # fmt: skip
def test_with_a_rule_that_lacks_what_the_words_name_the_lesson_plays_on_without_those(
    number: int, old: str, new: str, tmp_path: Path
) -> None:
    session = Session(changed(number, old, new, tmp_path), [])
    lesson = session.lesson
    assert lesson is not None
    asked = 0
    while session.state.cursor.beat < lesson.timeline.commit_beat(lesson.batches):
        press(session, "right")
        settle(session)
        asked += session.state.gate is not None
        assert "—" not in "".join(span.text for span in lesson.words(session.state.cursor.beat))
    assert asked > 0


@pytest.mark.parametrize(
    ("text", "whole", "cut"),
    [
        ("A.", "A.", "A."),
        ("| A.", "A.", ""),
        ("A. | B.", "A. B.", "A."),
        ("| A. | B. | C.", "A. B. C.", "B."),
        ("|x| is a size.", "|x| is a size.", "|x| is a size."),
        ("{coin}. | B. | {savings}.", "{coin}. B. {savings}.", "{coin}."),
    ],
)
def test_between_bars_stands_what_only_the_own_run_is_told(text: str, whole: str, cut: str) -> None:
    other = Run(Network(Dense(1, 1)), "one coin", rule=SGD(0.1)).ledger.header
    assert (told(text, None), told(text, other)) == (whole, cut)


@pytest.mark.parametrize("number", [None, 13, "D"])
def test_outside_the_course_a_bar_is_a_letter_like_any_other(number: int | str | None) -> None:
    run = Run(Network(Dense(1, 1)), "one coin", batch_size=1)
    asked = Question("1.1.commit", "a | b?", "coin")
    lesson = Lesson(number, "Mine", run, 1, [Cue("1.1.1.bank", "a | b")], about="| c", questions=[asked])
    assert caption(lesson, lesson.timeline.find("1.1.1.bank")) == "a | b"
    assert (lesson.about, lesson.questions) == ("| c", [asked])
    assert (lesson.is_changed, lesson.is_cut) == (False, False)


def test_a_question_for_what_a_rule_does_not_have_is_refused_in_one_sentence() -> None:
    run = Run(Network(Dense(1, 1)), "one coin", rule=SGD(0.1), batch_size=1)
    with pytest.raises(QuestionError, match="asks for 'old_savings', which a run with SGD does not have; try adjust"):
        Lesson(None, "Mine", run, batches=1, questions=[Question("1.1.commit", "?", "2 * old_savings")])


def test_a_choice_that_a_rule_cannot_reckon_is_left_out() -> None:
    choices = [Choice("hammer * old_savings"), Choice("adjustment"), Choice("-adjustment")]
    found = {}
    for rule in (SGD(1 / 8), Momentum(1 / 8)):
        run = Run(Network(Dense(1, 1, weights=1, bias=False)), "one coin", rule=rule, batch_size=1)
        question = Question("2.2.commit", "?", "adjustment", choices)
        lesson = Lesson(None, "Mine", run, batches=2, questions=[question])
        asked = lesson.asked(lesson.timeline.find("2.2.commit"))
        assert asked is not None
        found[rule.name] = len(asked.options)
    assert found == {"SGD": 2, "Momentum": 3}


def test_where_a_change_makes_all_choices_one_number_it_is_typed(tmp_path: Path) -> None:
    session = Session(changed(8, "rate=1)", "rate=1 / 4)", tmp_path), [])
    go(session, "2.2.commit")
    press(session, "right", "0", "return")
    assert session.state.gate is not None
    assert session.state.gate.right


def test_lesson_3_says_at_the_second_batch_what_its_coins_say() -> None:
    lesson = load_lesson(3)
    assert "three of four find it too dear" in caption(lesson, lesson.timeline.find("2.2.4.bank"))
    assert [sum(coin > 0 for coin in coins(lesson.run, batch)) for batch in (1, 2)] == [1, 3]
    assert caption(lesson, lesson.timeline.find("2.2.commit")).startswith("Back again: −2. The weight is 1, as in the")


def test_lesson_7_offers_the_move_turned_round_and_explains_both_its_answers() -> None:
    lesson = load_lesson(7)
    asked = [lesson.asked(lesson.timeline.find(at)) for at in ("1.1.4.bank", "1.1.commit")]
    assert [option.text for option in asked[1].options] == ["+1", "0", "+4", "−1"]  # type: ignore[union-attr]
    explained = ["".join(span.text for span in one.because) for one in asked if one is not None]
    assert explained == ["−12 and +4 are −8.", "−8 ÷ 4 is −2, × −0.5 is +1. Here −4 and +4 made 0."]


def test_a_changed_lesson_still_asks_what_can_be_asked_of_any_run(tmp_path: Path) -> None:
    session = Session(changed(4, "rate=1 / 4", "rate=1 / 8", tmp_path), [])
    go(session, "1.1.1.bank")
    press(session, "right")
    assert session.state.gate is not None


def test_lesson_9_says_where_the_first_rounded_number_stands_and_there_it_stands() -> None:
    lesson = load_lesson(9)
    assert "rounded number of the course: Enter" in caption(lesson, lesson.timeline.find("3.3.commit"))
    session = Session(lesson, [])
    session.state = replace(session.state, cursor=Cursor(lesson.timeline.find("3.3.commit"), 1.0))
    press(session, "return")
    assert {"After", "rounded"} <= {label.text for label in session.scene((1280, 720)).over if isinstance(label, Label)}
    session.state = replace(session.state, cursor=Cursor(lesson.timeline.find("2.2.commit"), 1.0))
    assert "rounded" not in {label.text for label in session.scene((1280, 720)).over if isinstance(label, Label)}
