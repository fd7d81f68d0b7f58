"""Labs: how they are opened, drawn and played with, and the numbers that decide their questions."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from looks import digest
from monkey import Monkey
from side_runs import clicked, trio, xor
from sitting import SIZE, lesson_of, press, sitting

from piggybank import Lesson
from piggybank.app.beside import NOTHING
from piggybank.app.cli import main
from piggybank.app.course import course, load_lesson
from piggybank.app.lessons import LessonError
from piggybank.app.session import Session

Figure = Callable[[str, object], None]
LABS = [entry.number for entry in course() if isinstance(entry.number, str)]


@pytest.mark.parametrize("number", LABS)
@pytest.mark.parametrize("case", [str.upper, str.lower])
def test_a_lab_is_opened_by_its_letter(number: str, case: Callable[[str], str]) -> None:
    lesson = load_lesson(case(number))
    assert lesson.heading.startswith(f"Lab {number} · ")


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize(("which", "says"), [("z", "there is no lab Z"), ("99", "there is no lesson 99")])
def test_a_lab_that_is_not_there_is_refused_with_those_that_are(
    which: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lesson", which]) == 2
    said = capsys.readouterr().err
    assert says in said
    assert ("C" in said) == (which == "z")


def test_a_labs_number_is_a_capital_letter() -> None:
    with pytest.raises(LessonError, match="a capital letter for a lab"):
        Lesson("a", "mine", xor())


@pytest.mark.parametrize("number", LABS)
def test_labs_stand_in_the_menu_after_the_lessons_and_open_from_there(number: str) -> None:
    session = Session(None, course())
    places = [place for place, entry in enumerate(session.entries) if entry.number == number]
    hit = next(hit for hit in session.scene(SIZE).hits if hit.tip == f"open lab {number}")
    assert hit.argument == str(places[0])
    clicked(session, hit)
    assert lesson_of(session).number == number
    assert session.state.beside == (len(lesson_of(session).family) > 1)


def test_without_scikit_learn_the_penguins_play_alone_and_one_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "sklearn"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sklearn", None)
    lesson = load_lesson("C")
    assert len(lesson.family) == 1
    session = Session(lesson, course())
    words = "".join(span.text for span in lesson.words(0))
    assert words.startswith("The penguins alone: ")
    assert "pip install 'piggybank[data]'" in words
    press(session, "end")
    assert lesson.run.ledger.accuracy(lesson.batches).right == 12
    press(session, "escape", "d")
    assert session.state.notice == NOTHING


def test_with_scikit_learn_the_digits_stand_beside_the_penguins_in_a_vault() -> None:
    pytest.importorskip("sklearn")
    session = sitting("C")
    press(session, "2", "d")
    here = lesson_of(session)
    assert len(here.run.ledger.header.weights) == 2410
    neurons = {hit.argument for hit in session.scene(SIZE).hits if hit.command == "neuron"}
    assert neurons >= {*(f"h{k}" for k in range(1, 33)), *(f"y{k}" for k in range(1, 11))}


def test_the_first_numbers_of_labs_a_and_b_are_exact_and_decide_their_questions() -> None:
    a, b = load_lesson("A"), load_lesson("B")
    for lesson in (a, b):
        lesson.ensure(lesson.timeline.length(lesson.batches) - 1)
    first = [other.run.ledger.weights_at(1)[0][0, 0].item() for other in a.family]
    assert first == [1.5, 1.5, 1.125]
    epoch = [
        other.run.ledger.weights_at(batch)[0][0, 0].item() for other, batch in zip(b.family, (8, 2, 1), strict=True)
    ]
    assert epoch == [2.056640625, 1.75, 1.5]
    for lesson in (a, b):
        for question in lesson.questions:
            asked = lesson.asked(lesson.timeline.find(question.at))
            assert asked is not None
            assert len({option.text for option in asked.options}) == 4
            assert [option.right for option in asked.options].count(True) == 1
            assert not asked.options[0].right, "the intuitive answer comes first, and is wrong"
            assert all(option.says for option in asked.options if not option.right)


# Pictures -------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("elsewhere")
def test_a_snapshot_and_a_film_show_the_runs_side_by_side() -> None:
    common = ["--size", "640x400", "--beside"]
    assert main(["snapshot", "a", "--at", "1.1.commit", "--out", "with.png", *common]) == 0
    assert main(["snapshot", "a", "--at", "1.1.commit", "--out", "without.png", *common[:2]]) == 0
    assert Path("with.png").read_bytes() != Path("without.png").read_bytes()
    film = ["--from", "1.1.4.bank", "--to", "1.1.commit", "--fps", "4", "--hold", "0", "--out", "film.gif"]
    assert main(["record", "b", *film[:1], "1.4.1.bank", "--to", "1.4.commit", *film[4:], *common]) == 0
    assert Path("film.gif").stat().st_size > 1000


@pytest.mark.usefixtures("elsewhere")
def test_a_run_that_is_alone_cannot_be_drawn_side_by_side(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["snapshot", "2", "--beside", "--out", "x.png"]) == 2
    assert "try it with lab a" in capsys.readouterr().err
    assert not Path("x.png").exists()


# A monkey -------------------------------------------------------------------------------------------------------------

EVENTS, COMPOSE, LIMIT = 4_000, 60, 40


@pytest.mark.parametrize("name", ["A", "B", "trio"])
def test_a_monkey_at_a_lab_finds_no_exception_and_changes_nothing_recorded(name: str, figure: Figure) -> None:
    session = trio() if name == "trio" else sitting(name)
    monkey = Monkey(Session(lesson_of(session), []), random.Random(name))
    session = monkey.session
    family = lesson_of(session).family
    recorded = [len(other.run.ledger) for other in family]
    before = [digest(other.run.ledger, many) for other, many in zip(family, recorded, strict=True)]
    scene, fronts = session.scene(monkey.size), set()
    for event in range(EVENTS):
        monkey.act(scene)
        fronts.add(lesson_of(session))
        here = lesson_of(session)
        if here.timeline.batch_of(session.state.cursor.beat) > LIMIT:
            session.command("home", "")
        if event % COMPOSE == 0:
            scene = session.scene(monkey.size)
    figure(f"T22 monkey at lab {name}: exceptions 0 of events", monkey.events)
    assert set(family) <= fronts
    assert [digest(other.run.ledger, many) for other, many in zip(family, recorded, strict=True)] == before
