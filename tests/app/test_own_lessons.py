"""Lessons that somebody writes: what does not fit is refused when they are made, and rounded answers are answers."""

from __future__ import annotations

import pytest

from piggybank import Choice, Cue, Dense, Lesson, Network, Question, Run
from piggybank.app.lessons import LessonError
from piggybank.app.question_parts import QuestionError
from piggybank.app.session import Session
from piggybank.app.state import TOLD, WRONG
from piggybank.ledger.lines import Ref
from piggybank.ledger.records import LedgerError

AT = "1.1.commit"


def run() -> Run:
    return Run(Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=3), "xor", batch_size=4)


@pytest.mark.parametrize(
    "part",
    [
        {"selected": "x9->h1"},
        {"cues": [Cue(AT, "words", weight="x9->h1")]},
        {"questions": [Question.how_far(AT, "How far?", weight="x9->h1")]},
    ],
)
def test_a_weight_that_the_network_has_not_is_refused_when_the_lesson_is_made(part: dict[str, object]) -> None:
    with pytest.raises(LedgerError, match=r"'x9->h1'.*x1->h1"):
        Lesson(None, "mine", run(), **part)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        ({"cues": [Cue("1.1.3", "one"), Cue("1.1.3.bank", "two")]}, "two cues stand at 1.1.3.bank; "),
        ({"questions": [Question.how_far(AT, "How far?")] * 2}, "two questions stand at 1.1.commit; "),
    ],
)
def test_two_parts_at_one_moment_are_refused(part: dict[str, object], sentence: str) -> None:
    with pytest.raises(LessonError) as caught:
        Lesson(None, "mine", run(), **part)  # type: ignore[arg-type]
    assert str(caught.value) == f"{sentence}a moment has one, so make them one or move one"


def answered(typed: str) -> str:
    """What became of an answer to how far x1->h1 moves, by about 0.0263."""
    session = Session(Lesson(None, "mine", run(), batches=1, questions=[Question.how_far(AT, "How far?")]))
    session.command("moment", AT)
    session.key("right", "")
    for character in typed:
        session.key(character, character)
    session.key("return", "")
    assert session.state.gate is not None
    return session.state.gate.stage


def test_an_answer_is_right_as_it_is_shown_or_with_more_digits_and_wrong_beyond_the_rounding() -> None:
    lesson = Lesson(None, "mine", run(), batches=1)
    lesson.ensure(lesson.timeline.commit_beat(1))
    moved = lesson.run.ledger.open(Ref("commit", "x1->h1", 1, part="adjustment")).value
    assert moved is not None
    assert float(f"{moved:.3f}") != moved
    assert [answered(f"{moved:.{places}f}") for places in (3, 4, 17)] == [TOLD] * 3
    assert [answered(f"{moved + by:.4f}") for by in (0.001, -0.001)] == [WRONG] * 2
    assert answered(f"{-moved:.3f}") == WRONG


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        ({"run": None}, "a lesson needs a run, got None; try Run(Network(Dense(2, 1)), 'xor')"),
        ({"title": 5}, "a lesson's title is a text, got 5"),
        ({"about": 5}, "a lesson's about is a text, got 5"),
        ({"batches": "3"}, "batches is a whole number from 0, got '3'"),
        ({"batches": -3}, "batches is a whole number from 0, got -3"),
        ({"cues": ["x"]}, "cues holds 'x', which is no Cue"),
        ({"questions": ["x"]}, "questions holds 'x', which is no Question"),
        ({"stops": "bank"}, "stops is a list, got 'bank'; put it in brackets"),
        (
            {"stops": ("comit",)},
            "playing cannot stop at 'comit'; did you mean 'commit'? (known: 'predict', 'loss', 'blame', "
            "'bank', 'commit')",
        ),
    ],
)
def test_parts_of_another_kind_are_refused_in_a_sentence(part: dict[str, object], sentence: str) -> None:
    with pytest.raises(LessonError) as caught:
        Lesson(**{"number": 0, "title": "mine", "run": run(), **part})  # type: ignore[arg-type]
    assert str(caught.value) == sentence


def test_one_cue_without_a_list_is_refused() -> None:
    with pytest.raises(LessonError, match=r"^cues is a list, got Cue\("):
        Lesson(None, "mine", run(), cues=Cue(AT, "words"))  # type: ignore[arg-type]


@pytest.mark.parametrize("because", ["", "So it is."])
def test_a_question_without_an_explanation_is_told_all_the_same_after_a_wrong_answer(because: str) -> None:
    choices = (Choice("coin"), Choice("0", "Not that."))
    session = Session(
        Lesson(None, "mine", run(), batches=1, questions=[Question(AT, "The coin?", "coin", choices, because=because)])
    )
    session.command("moment", AT)
    for key in ("right", "b", "a"):
        session.key(key, key)
    words = session.scene((1280, 720)).text()
    assert "Not that." not in words
    assert because in words
    assert session.state.gate is not None
    assert session.state.gate.stage == TOLD


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        (
            {"at": 1},
            "at of a question is a text, got 1; try Question('1.1.commit', 'How far does it move?', 'adjustment')",
        ),
        ({"asks": None}, "asks of a question is a text, got None; try Question("),
        ({"answer": 0.5}, "answer of a question is a text, got 0.5; try Question("),
        ({"because": ["a"]}, "because of a question is a text, got ['a']; try Question("),
        ({"choices": None}, "choices of a question is a list, got None; put it in brackets"),
        ({"choices": ["-coin"]}, "choices of a question holds '-coin', which is no Choice; try Choice('-coin')"),
        ({"mistakes": [3]}, "mistakes of a question holds 3, which is no Choice; try Choice('coin')"),
        ({"hints": "Count."}, "hints of a question is a list, got 'Count.'; put it in brackets"),
        ({"hints": [1]}, "hints of a question holds 1, which is no text"),
        ({"of": "1.1.commit"}, "of is a run and an address in it, got '1.1.commit'; try of=(run, '1.1.commit')"),
        ({"of": (3, "1.1.commit")}, "of is a run and an address in it, got (3, '1.1.commit'); try of=(run, "),
    ],
)
def test_parts_of_a_question_that_are_of_another_kind_are_refused_where_they_are_written(
    parts: dict[str, object], sentence: str
) -> None:
    with pytest.raises(QuestionError) as caught:
        Question(**{"at": AT, "asks": "The coin?", "answer": "coin", **parts})  # type: ignore[arg-type]
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize("part", ["value", "says", "leaves_out"])
def test_parts_of_a_choice_are_texts(part: str) -> None:
    with pytest.raises(QuestionError, match=f"^{part} of a choice is a text, got 1; try Choice"):
        Choice(**{"value": "coin", part: 1})  # type: ignore[arg-type]
