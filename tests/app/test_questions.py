"""What is asked: right is what the ledger says, and a question that cannot be asked is refused in one sentence."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import asdict

import pytest
from looks import caption, run_of
from sitting import at_gate, each_lesson, lesson_of

from piggybank import SGD, Choice, Cue, Dense, Lesson, Network, Question, Run
from piggybank.app.course import load_lesson
from piggybank.app.player import reduce
from piggybank.app.question_parts import QuestionError
from piggybank.app.state import Track
from piggybank.app.vocabulary import NUMBERS
from piggybank.ledger import bank
from piggybank.stage.timeline import AddressError

Figure = Callable[[str, object], None]


# What is right --------------------------------------------------------------------------------------------------------


@each_lesson
def test_every_gate_of_the_course_has_the_ledgers_answer(number: int, figure: Figure) -> None:
    lesson, checked = load_lesson(number), 0
    ledger = lesson.run.ledger
    assert lesson.gated
    for question in lesson.questions:
        beat = lesson.timeline.find(question.at)
        asked, moment = lesson.asked(beat), lesson.timeline.moment(beat)
        assert asked is not None
        weight = ledger.weight(question.weight or lesson.selected or ledger.header.weights[0].name)
        record = ledger.batch(moment.batch)
        coins = bank.slices(ledger.header, record, weight).tolist()
        if question.answer == "adjustment" and ledger.header.is_plain and question.of is None:
            total = 0.0
            for coin in coins:
                total += coin
            rate = ledger.header.constants["learning_rate"]
            divisor = record.count if ledger.header.reduce == "average" else 1
            assert asked.answer == -rate * (total / divisor)
            checked += 1
        elif question.answer == "coin":
            assert asked.answer == coins[moment.sample - 1]
            checked += 1
        rights = [option for option in asked.options if option.right]
        assert len(rights) == (1 if question.choices else 0)
        assert all(option.value == asked.answer for option in rights)
        assert len({option.text for option in asked.options}) == len(asked.options)
    figure(f"T32 lesson {number}, gates whose answer was derived again", f"{checked} of {len(lesson.questions)}")


def test_the_frozen_coin_and_the_moved_one_differ_even_in_sign() -> None:
    lesson = load_lesson(2)
    asked = lesson.asked(lesson.timeline.find("1.1.4.bank"))
    assert asked is not None
    assert asked.answer == 3.25
    assert {option.text: option.right for option in asked.options} == {
        "−2": False,
        "+2": False,
        "0": False,
        "+3.25": True,
    }


def test_an_answer_stays_true_when_the_script_is_changed() -> None:
    run = Run(Network(Dense(1, 1, weights=0.5, bias=False)), "one coin", rule=SGD(1 / 2), batch_size=1)
    lesson = Lesson(None, "t", run, batches=2, questions=[Question.how_far("1.1.commit", "How far?", choose=True)])
    asked = lesson.asked(lesson.timeline.find("1.1.commit"))
    assert asked is not None
    assert asked.answer == 2.0
    assert "".join(span.text for span in asked.because) == "−4 × −0.5 is +2."


def test_choices_that_become_the_same_number_stand_there_once_and_the_right_one_stays() -> None:
    run = Run(Network(Dense(1, 1, weights=1.5, bias=False)), "one coin", rule=SGD(1 / 8), batch_size=1)
    lesson = Lesson(None, "t", run, batches=1, questions=[Question.how_far("1.1.commit", "How far?", choose=True)])
    asked = lesson.asked(lesson.timeline.find("1.1.commit"))
    assert asked is not None
    assert [(option.text, option.right) for option in asked.options] == [("0", True)]


def test_where_the_total_counts_the_explanation_has_no_division() -> None:
    run = Run(Network(Dense(1, 1, weights=1, bias=False)), "frozen", rule=SGD(1 / 32), batch_size=4, reduce="total")
    lesson = Lesson(None, "t", run, batches=1, questions=[Question.how_far("1.1.commit", "How far?")])
    asked = lesson.asked(lesson.timeline.find("1.1.commit"))
    assert asked is not None
    assert "".join(span.text for span in asked.because) == "−16 × −0.03125 is +0.5."


@pytest.mark.parametrize(
    ("question", "says"),
    [
        (Question("1.1.commit", "?", "adjustmint"), "adjustment"),
        (Question("1.1.commit", "?", "1 +"), "expected a formula"),
        (Question("1.1.commit", "{nothing}?", "coin"), "'nothing'"),
        (Question("1.1.commit", "?", "coin", because="{nothing}"), "'nothing'"),
        (Question("1.1.commit", "?", "coin", (Choice("bank"), Choice("total"))), "no right choice"),
        (Question("1.1.commit", "?", "coin", tuple(map(Choice, ("coin", "bank", "0", "1", "2")))), "up to four"),
        (Question("1.1.commit", "?", "coin", (Choice("coin"), Choice("coyn"))), "'coyn'"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_in_one_sentence(question: Question, says: str) -> None:
    run = run_of(1, 1)
    with pytest.raises(QuestionError) as error:
        Lesson(None, "t", run, batches=1, questions=[question])
    assert says in str(error.value)
    assert "\n" not in str(error.value)


def test_a_question_at_a_moment_that_is_not_there_is_refused() -> None:
    with pytest.raises(AddressError):
        Lesson(None, "t", run_of(1, 1), batches=1, questions=[Question("1.99.commit", "?", "coin")])


# Purity and places ----------------------------------------------------------------------------------------------------


def test_the_reducer_changes_no_state_it_was_given() -> None:
    session = at_gate(4, "1.1.1.bank")
    lesson = lesson_of(session)
    track = Track(lesson.timeline, lesson.run.ledger.header, 4, 4, questions=lesson.gated, asked=lesson.asked)
    for command, argument in (("choose", "0"), ("choose", "1"), ("answer_on", ""), ("hint", ""), ("unvote", ""),
                              ("class", ""), ("question", ""), ("submit", ""), ("close", "")):  # fmt: skip
        state = session.state
        before = copy.deepcopy(asdict(state))
        assert reduce(state, command, argument, track) == reduce(state, command, argument, track)
        assert asdict(state) == before


def test_a_cue_and_an_explanation_say_every_number_alike() -> None:
    words, at = " ".join(f"{name} {{{name}}}" for name in sorted(NUMBERS)), "1.1.commit"
    question = Question(at, "How far?", "adjustment", because=words)
    lesson = Lesson(None, "t", load_lesson(10).run, batches=1, cues=[Cue(at, words)], questions=[question])
    beat = lesson.timeline.find(at)
    asked = lesson.asked(beat)
    assert asked is not None
    assert "".join(span.text for span in asked.because) == caption(lesson, beat)
    assert "savings −4" in caption(lesson, beat)
