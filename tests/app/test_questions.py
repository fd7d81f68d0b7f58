"""Questions: right is what the ledger says, wrong answers are told what they left out, gates wait, classes vote."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import asdict, replace
from itertools import product

import pytest
from looks import SIZES, as_lesson, run_of

from piggybank import SGD, Choice, Dense, Lesson, Network, Question, Run
from piggybank.app.course import course, load_lesson
from piggybank.app.overlays.question import places
from piggybank.app.player import reduce
from piggybank.app.questions import QuestionError, read_number
from piggybank.app.screen import view_of
from piggybank.app.session import Session
from piggybank.app.state import ASK, TALLY, TOLD, WRONG, Stage
from piggybank.app.vocabulary import NUMBERS
from piggybank.ledger import bank
from piggybank.stage.header import TOOLS
from piggybank.stage.known import known_at
from piggybank.stage.scene import Hit, Label, Panel
from piggybank.stage.timeline import AddressError, Cursor
from piggybank.stage.trace_table import free_area

Figure = Callable[[str, object], None]
SIZE = (1280, 720)
NUMBERED = [entry.number for entry in course()]


def sitting(number: int = 4) -> Session:
    return Session(load_lesson(number), course())


def lesson_of(session: Session) -> Lesson:
    assert session.lesson is not None
    return session.lesson


def settle(session: Session) -> None:
    for _ in range(2000):
        if not session.moving:
            return
        session.command("tick", "0.5")
    raise AssertionError("it never comes to rest")


def go(session: Session, address: str) -> None:
    """To the settled beat before an address, from where the next step meets its gate."""
    session.command("moment", address)


def press(session: Session, *keys: str) -> None:
    for key in keys:
        session.key(key, key if len(key) == 1 else "")


def type_in(session: Session, text: str) -> None:
    for character in text:
        session.key(character, character)


def texts(session: Session, size: tuple[int, int] = SIZE) -> str:
    return " ".join(label.text for label in session.scene(size).over if isinstance(label, Label))


def at_gate(number: int, address: str) -> Session:
    session = sitting(number)
    go(session, address)
    press(session, "right")
    assert session.state.gate is not None
    assert session.state.gate.beat == lesson_of(session).timeline.find(address)
    return session


# What is right --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", NUMBERED)
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
    lesson = Lesson(0, "t", run, batches=2, questions=[Question.how_far("1.1.commit", "How far?", choose=True)])
    asked = lesson.asked(lesson.timeline.find("1.1.commit"))
    assert asked is not None
    assert asked.answer == 2.0
    assert "".join(span.text for span in asked.because) == "−4 × −0.5 is +2."


def test_choices_that_become_the_same_number_stand_there_once_and_the_right_one_stays() -> None:
    run = Run(Network(Dense(1, 1, weights=1.5, bias=False)), "one coin", rule=SGD(1 / 8), batch_size=1)
    lesson = Lesson(0, "t", run, batches=1, questions=[Question.how_far("1.1.commit", "How far?", choose=True)])
    asked = lesson.asked(lesson.timeline.find("1.1.commit"))
    assert asked is not None
    assert [(option.text, option.right) for option in asked.options] == [("0", True)]


def test_where_the_total_counts_the_explanation_has_no_division() -> None:
    run = Run(Network(Dense(1, 1, weights=1, bias=False)), "frozen", rule=SGD(1 / 32), batch_size=4, reduce="total")
    lesson = Lesson(0, "t", run, batches=1, questions=[Question.how_far("1.1.commit", "How far?")])
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
        Lesson(0, "t", run, batches=1, questions=[question])
    assert says in str(error.value)
    assert "\n" not in str(error.value)


def test_a_question_at_a_moment_that_is_not_there_is_refused() -> None:
    with pytest.raises(AddressError):
        Lesson(0, "t", run_of(1, 1), batches=1, questions=[Question("1.99.commit", "?", "coin")])


# Typed numbers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "value"),
    [("0.5", 0.5), ("0,5", 0.5), ("+.25", 0.25), ("−2", -2.0), ("-2", -2.0), (" 1 / 8 ", 0.125), ("1e-3", 0.001),
     ("-9/64", -9 / 64), ("2.", 2.0), ("−1/−4", 0.25), ("٣", 3.0)],
)  # fmt: skip
def test_a_typed_number_is_read(typed: str, value: float) -> None:
    assert read_number(typed) == value


@pytest.mark.parametrize(
    "typed",
    ["", "a", "nan", "inf", "1e999", "1/0", "1/2/3", "1,000.5", "1.2.3", "--2", "0x10", "1_000", "__import__('os')",
     "9" * 5000,          "1e99999999", "½", "+", "/", "1/", "💥"],
)  # fmt: skip
def test_what_is_no_number_is_refused_in_one_sentence_and_nothing_is_lost(typed: str) -> None:
    assert read_number(typed) is None
    session = at_gate(4, "4.4.commit")
    type_in(session, typed[:100] or "x")
    press(session, "return")
    assert session.state.notice.startswith("Expected a number")
    assert session.state.gate is not None
    assert session.state.gate.tries == 0
    assert session.state.gate.stage == ASK
    session.scene(SIZE)


@pytest.mark.parametrize(
    ("typed", "feedback"),
    [
        ("-0.140625", "The hammer turns the sign."),
        ("0,5625", "without the division"),
        ("-9/16", "without the hammer"),
        ("0", "not empty"),
        ("0.2", "Too large."),
        ("0.1", "Too small."),
        ("-7", "The sign is not right."),
        ("0.140624", "Too small."),
    ],
)
def test_a_wrong_number_is_told_what_it_left_out(typed: str, feedback: str) -> None:
    session = at_gate(4, "4.4.commit")
    type_in(session, typed)
    press(session, "return")
    assert session.state.gate is not None
    assert session.state.gate.stage == WRONG
    assert feedback in session.state.gate.feedback
    assert "+0.140625" not in texts(session)
    type_in(session, "9/64")
    press(session, "return")
    assert session.state.gate is not None
    assert (session.state.gate.stage, session.state.gate.right) == (TOLD, True)


def test_after_a_wrong_answer_the_explanation_marks_the_number_it_left_out() -> None:
    session = at_gate(4, "4.4.commit")
    type_in(session, "0.5625")
    press(session, "return", "right")
    words = texts(session)
    assert "÷ [ 4 ] is" in words
    other = at_gate(4, "4.4.commit")
    press(other, "right")
    assert "[" not in texts(other)


def test_the_numbers_of_an_explanation_open_their_receipts() -> None:
    session = at_gate(2, "2.2.commit")
    press(session, "right")
    labels = [label for label in session.scene(SIZE).over if isinstance(label, Label) and label.ref is not None]
    ledger = lesson_of(session).run.ledger
    assert {label.text: ledger.open(label.ref).value for label in labels if label.ref is not None} == {
        "−8": -8.0, "4": 4.0, "−2": -2.0, "−0.125": -0.125, "+0.25": 0.25,
    }  # fmt: skip
    scene = session.scene(SIZE)
    hit = next(hit for hit in reversed(scene.hits) if hit.command == "open")
    session.click(scene, hit.box.cx, hit.box.cy)
    assert session.state.trail


# Gates ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["right", "page down", "space"])
def test_stepping_and_playing_wait_at_a_gate(key: str) -> None:
    session = sitting(4)
    lesson = lesson_of(session)
    for _ in range(60):
        press(session, key)
        settle(session)
        if session.state.gate is not None:
            break
    assert session.state.gate is not None
    assert session.state.gate.beat == lesson.timeline.find("1.1.1.bank")
    assert lesson.timeline.address(session.state.cursor.beat) == "1.1.1.blame"
    assert session.state.cursor.progress == 1.0


def test_the_number_that_is_asked_for_stands_nowhere_while_the_gate_is_open() -> None:
    for keys, size in product(((), ("v",)), SIZES):
        session = sitting(2)
        go(session, "2.2.commit")
        press(session, *keys, "right")
        shown = {label.text for label in session.scene(size).labels()}
        assert not shown & {"+0.25", "0.25", "1.75"}


def test_jumps_do_not_ask() -> None:
    session = sitting(4)
    for command, argument in (("sample", "1.3"), ("commit", "2"), ("end", ""), ("home", ""), ("next_batch", ""),
                              ("next_sample", ""), ("moment", "3.3.2")):  # fmt: skip
        session.command(command, argument)
        assert session.state.gate is None, command


def test_a_right_choice_lets_the_cursor_on_and_does_not_ask_again() -> None:
    session = at_gate(4, "1.1.1.bank")
    press(session, "b")
    assert session.state.gate is not None
    assert session.state.gate.right
    press(session, "right")
    settle(session)
    lesson = lesson_of(session)
    assert session.state.cursor == Cursor(lesson.timeline.find("1.1.1.bank"), 1.0)
    press(session, "left", "right")
    settle(session)
    assert session.state.gate is None


def test_a_wrong_choice_can_be_tried_again_or_shown() -> None:
    session = at_gate(4, "1.1.1.bank")
    press(session, "1")
    assert session.state.gate is not None
    assert (session.state.gate.stage, session.state.gate.tries) == (WRONG, 1)
    assert "That is the error alone" in texts(session).replace("  ", " ")
    press(session, "d", "right")
    assert session.state.gate is not None
    assert (session.state.gate.stage, session.state.gate.tries, session.state.gate.right) == (TOLD, 2, False)
    assert "It is 0." in texts(session)


def test_a_click_on_an_option_answers() -> None:
    session = at_gate(4, "1.1.1.bank")
    scene = session.scene(SIZE)
    hit = next(hit for hit in scene.hits if (hit.command, hit.argument) == ("choose", "1"))
    session.click(scene, hit.box.cx, hit.box.cy)
    assert session.state.gate is not None
    assert session.state.gate.right


def test_escape_skips_and_q_asks_again() -> None:
    session = at_gate(4, "1.1.1.bank")
    press(session, "escape")
    assert session.state.gate is None
    press(session, "right")
    settle(session)
    assert session.state.gate is None
    press(session, "q")
    assert session.state.gate is not None
    assert session.state.gate.beat == lesson_of(session).timeline.find("1.1.1.bank")


def test_without_a_question_so_far_q_says_so() -> None:
    session = sitting(4)
    press(session, "q")
    assert session.state.gate is None
    assert session.state.notice == "There is no question up to here."


def test_hints_come_one_by_one() -> None:
    session = at_gate(2, "2.2.commit")
    seen = []
    for _ in range(3):
        press(session, "?")
        seen.append([hint for hint in ("total ÷ samples", "hammer, −0.125") if hint in texts(session)])
    assert seen == [["total ÷ samples"], ["hammer, −0.125"], ["hammer, −0.125"]]


def test_a_hint_asked_for_after_a_wrong_answer_is_shown() -> None:
    session = at_gate(2, "2.2.commit")
    type_in(session, "+9")
    press(session, "return")
    assert "Not +9" in texts(session)
    press(session, "?")
    assert "total ÷ samples" in texts(session)
    assert session.state.gate is not None
    assert session.state.gate.tries == 1


def test_a_hint_leaves_the_votes_of_a_class_on_show() -> None:
    run = Run(Network(Dense(1, 1, weights=0.5, bias=False)), "one coin", rule=SGD(1 / 8), batch_size=1)
    asks = Question.how_far("1.1.commit", "How far?", choose=True, hints=("First the average.",))
    session = Session(Lesson(0, "t", run, batches=2, questions=[asks]), [])
    press(session, "k")
    go(session, "1.1.commit")
    press(session, "right", "a", "right", "h")
    assert session.state.gate is not None
    assert session.state.gate.stage == TALLY


@pytest.mark.parametrize("size", SIZES)
def test_what_came_of_a_typed_answer_stands_right_under_its_entry(size: tuple[int, int]) -> None:
    session = at_gate(2, "2.2.commit")
    type_in(session, "+9")
    press(session, "return")
    over = session.scene(size).over
    labels = [item for item in over if isinstance(item, Label)]
    typed = next(label for label in labels if label.text == "type a number")
    said = next(label for label in labels if label.text.startswith("Not"))
    entry = [item.box for item in over if isinstance(item, Panel) and item.box.contains(typed.x, typed.y)][-1]
    assert entry.bottom < said.y < entry.bottom + entry.h


def test_a_gate_closes_when_one_jumps_away() -> None:
    session = at_gate(4, "1.1.1.bank")
    session.command("commit", "3")
    assert session.state.gate is None
    assert session.state.dialog == ""
    press(session, "n")
    assert session.state.look.theme == "night"


def test_teacher_mode_keeps_the_question_and_the_numbers_but_not_the_prose() -> None:
    session = sitting(2)
    press(session, "t")
    go(session, "2.2.commit")
    press(session, "right")
    assert "How far does the weight move?" in texts(session)
    assert "Hint" not in texts(session)
    type_in(session, "1")
    press(session, "return")
    assert "division" not in texts(session)
    press(session, "right")
    assert "It is +0.25." in texts(session)


# Class ----------------------------------------------------------------------------------------------------------------


def test_a_class_votes_twice_sees_its_votes_and_then_the_answer() -> None:
    session = at_gate(4, "2.2.commit")
    press(session, "k", *"aaaab", "backspace", *"cc")
    assert "6 votes, hidden until you go on." in texts(session)
    assert "4 votes" not in texts(session)
    press(session, "page down")
    assert session.state.gate is not None
    assert session.state.gate.stage == TALLY
    assert "4 votes" in texts(session)
    assert "2 votes" in texts(session)
    press(session, "page down", *"cccccc", "page down")
    assert "4 → 0 votes" in texts(session)
    assert "2 → 6 votes" in texts(session)
    assert "It is" not in texts(session)
    press(session, "page down")
    assert "It is +0.375." in texts(session)
    press(session, "page down")
    settle(session)
    assert session.state.cursor == Cursor(lesson_of(session).timeline.commit_beat(2), 1.0)
    assert session.state.answers[-1].voted


def test_a_class_without_votes_goes_straight_to_the_answer() -> None:
    session = at_gate(4, "2.2.commit")
    press(session, "k", "right")
    assert session.state.gate is not None
    assert session.state.gate.stage == TOLD


def test_class_mode_stays_for_the_next_lesson() -> None:
    session = sitting(4)
    press(session, "k", "l", "return")
    assert session.lesson is not None
    assert session.state.class_mode


# Score ----------------------------------------------------------------------------------------------------------------


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


def test_a_clicker_goes_back_from_a_question_and_meets_it_again() -> None:
    session = at_gate(4, "1.1.1.bank")
    beat = session.state.cursor.beat
    press(session, "page up")
    assert (session.state.gate, session.state.cursor) == (None, Cursor(beat - 1, 1.0))
    press(session, "page down")
    settle(session)
    press(session, "page down")
    assert session.state.gate is not None


def test_a_clicker_goes_back_from_a_question_that_waits_for_a_number() -> None:
    session = at_gate(4, "4.4.commit")
    beat = session.state.cursor.beat
    press(session, ".", "page up")
    assert (session.state.gate, session.state.cursor) == (None, Cursor(beat - 1, 1.0))


def test_the_left_arrow_does_not_throw_away_a_number_half_typed() -> None:
    session = at_gate(4, "4.4.commit")
    press(session, "1", "left")
    assert session.state.gate is not None
    assert session.state.typed == "1"


def tab_to(session: Session, command: str, argument: str = "") -> None:
    """Tab until the focus is there, each time on what is drawn then."""
    for _ in range(20):
        session.scene(SIZE)
        press(session, "tab")
        if session.state.focus == (command, argument):
            session.scene(SIZE)
            return
    raise AssertionError(f"Tab never comes to {command} {argument}")


def test_tab_comes_to_everything_on_a_question_that_can_be_clicked() -> None:
    session = at_gate(4, "1.1.1.bank")
    scene, visited = session.scene(SIZE), set()
    for _ in range(12):
        press(session, "tab")
        visited.add(session.state.focus)
    assert visited == {("choose", str(place)) for place in range(4)} | {("class", ""), ("close", ""), ("answer_on", "")}
    assert visited <= {(hit.command, hit.argument) for hit in scene.hits}


def test_enter_chooses_the_answer_in_focus_and_then_goes_on() -> None:
    session = at_gate(4, "1.1.1.bank")
    tab_to(session, "choose", "1")
    press(session, "return")
    assert session.state.gate is not None
    assert session.state.gate.right
    session.scene(SIZE)
    press(session, "return")
    assert session.state.gate is None
    assert [answer.right for answer in session.state.answers] == [True]


def test_enter_skips_a_question_whose_skip_is_in_focus() -> None:
    session = at_gate(4, "1.1.1.bank")
    tab_to(session, "close")
    press(session, "return")
    assert session.state.gate is None
    assert [answer.skipped for answer in session.state.answers] == [True]


def test_a_number_typed_after_a_hint_by_tab_is_what_enter_answers() -> None:
    session = at_gate(4, "3.3.commit")
    tab_to(session, "hint")
    press(session, "return")
    assert session.state.gate is not None
    assert session.state.gate.hints == 1
    tab_to(session, "class")
    press(session, "0")
    session.scene(SIZE)
    press(session, "return")
    assert session.state.gate.right
    assert not session.state.class_mode


def test_a_clicker_goes_back_from_an_answered_question_which_stays_answered() -> None:
    session = at_gate(4, "1.1.1.bank")
    press(session, "b", "page up")
    assert session.state.gate is None
    assert [answer.right for answer in session.state.answers] == [True]


def test_a_clicker_blanks_the_screen_at_a_question() -> None:
    session = at_gate(4, "1.1.1.bank")
    press(session, ".")
    assert session.state.blank
    press(session, ".")
    assert not session.state.blank
    press(session, "b", "b")  # the answer B, and then the screen
    assert session.state.blank


# Purity and places ----------------------------------------------------------------------------------------------------


def test_the_reducer_changes_no_state_it_was_given() -> None:
    session = at_gate(4, "1.1.1.bank")
    lesson = lesson_of(session)
    stage = Stage(lesson.timeline, lesson.run.ledger.header, 4, 4, questions=lesson.gated, asked=lesson.asked)
    for command, argument in (("choose", "0"), ("choose", "1"), ("answer_on", ""), ("hint", ""), ("unvote", ""),
                              ("class", ""), ("question", ""), ("submit", ""), ("close", "")):  # fmt: skip
        state = session.state
        before = copy.deepcopy(asdict(state))
        assert reduce(state, command, argument, stage) == reduce(state, command, argument, stage)
        assert asdict(state) == before


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("number", NUMBERED)
def test_the_card_covers_no_pig_and_no_row_of_the_table_in_the_course(number: int, size: tuple[int, int]) -> None:
    session = sitting(number)
    lesson = lesson_of(session)
    for question in lesson.questions:
        go(session, question.at)
        press(session, "right")
        known = known_at(lesson.timeline, session.state.cursor)
        view = view_of(lesson, session.state, size, known)
        card = places(view.regions, free_area(lesson.run.ledger, view)).card
        for hit in session.scene(size).hits:
            if hit.command == "inspect":
                apart = hit.box.right <= card.x + 1 or hit.box.bottom <= card.y + 1
                assert apart, (question.at, hit)
        press(session, "escape")


def test_in_a_large_network_the_card_lies_across_the_bottom() -> None:
    run = run_of(4, 8, 3)
    lesson = as_lesson(run)
    asking = Lesson(0, "large", run, batches=3, questions=[Question("1.1.commit", "What?", "adjustment")])
    session = Session(asking, [])
    go(session, "1.1.commit")
    press(session, "right")
    panels = [item for item in session.scene(SIZE).over if isinstance(item, Panel) and item.edge == "focus"]
    assert panels[0].box.w > 1500
    assert lesson.batches == 3


def test_cues_and_questions_know_the_same_numbers() -> None:
    assert {"coin", "bank", "adjustment", "hammer", "learning_rate"} <= NUMBERS
    lesson = load_lesson(1)
    assert replace(lesson.questions[0]).at == "1.1.commit"


def test_over_a_question_the_header_offers_only_the_way_to_the_lessons() -> None:
    asked, after = at_gate(4, "1.1.1"), at_gate(4, "1.1.1")
    after.command("close", "")
    assert {hit.command for hit in header_hits_of(asked)} == {"menu"}
    assert {hit.command for hit in header_hits_of(after)} == {"menu", "goto", "summary", "what_if", "help"}


def header_hits_of(session: Session) -> list[Hit]:
    return [hit for hit in session.scene(SIZE).hits if hit.command in {command for command, _ in TOOLS}]
