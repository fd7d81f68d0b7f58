"""Runs beside a lesson's own: what may stand there, and how one of them comes to the front and goes back again."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pygame
import pytest
from looks import SIZES, digest
from monkey import Monkey
from sitting import SIZE, go, lesson_of, press, settle, sitting

from piggybank import SGD, Cue, Dense, Lesson, Momentum, Network, Run, open_ledger
from piggybank.app.beside import NOTHING
from piggybank.app.cli import main
from piggybank.app.controls import COMMANDS
from piggybank.app.course import course, load_lesson
from piggybank.app.lessons import LessonError
from piggybank.app.recorded import Recorded
from piggybank.app.session import Session
from piggybank.ledger.lines import Ref
from piggybank.stage.header import BESIDE, TOOLS
from piggybank.stage.in_step import in_step
from piggybank.stage.known import known_at
from piggybank.stage.look import TEXT_SIZES
from piggybank.stage.painter import Painter
from piggybank.stage.regions import regions
from piggybank.stage.scene import Hit, Label, Panel
from piggybank.stage.timeline import Cursor

Figure = Callable[[str, object], None]
LABS = [entry.number for entry in course() if isinstance(entry.number, str)]


def xor(batch_size: int | str = 1, rule: Any = None) -> Run:
    network = Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7)
    return Run(network, "xor", rule=rule or SGD(0.5), batch_size=batch_size)


def trio() -> Session:
    beside = {"twos": xor(2), "all": xor("all", Momentum(0.25))}
    return Session(Lesson(None, "Trio", xor(), batches=12, selected="h2->y", called="singles", beside=beside), course())


def hit_of(session: Session, command: str, argument: str = "") -> Hit:
    found = [hit for hit in session.scene(SIZE).hits if hit.command == command and argument in ("", hit.argument)]
    return found[-1]


def clicked(session: Session, hit: Hit) -> None:
    session.click(session.scene(SIZE), hit.box.cx, hit.box.cy)


# What may stand beside ------------------------------------------------------------------------------------------------

FOUR = {name: xor() for name in ("a", "b", "c", "d")}


@pytest.mark.parametrize(
    ("part", "says"),
    [
        ({"beside": [xor()]}, "beside gives each run a name"),
        ({"beside": {"": xor()}}, "have names of their own, got ''"),
        ({"beside": {3: xor()}}, "have names of their own, got 3"),
        ({"beside": {"mine": xor()}, "called": "mine"}, "have names of their own, got 'mine'"),
        ({"beside": {"this run": xor()}}, "have names of their own, got 'this run'"),
        ({"beside": {"momentum": 0.5}}, "beside has 0.5 as 'momentum', which is no run"),
        ({"beside": FOUR}, "up to 3 runs stand beside a lesson's own, got 4"),
        ({"called": 3}, "what a lesson's run is called is a text, got 3"),
    ],
)
def test_what_cannot_stand_beside_is_refused_in_one_sentence(part: dict[str, Any], says: str) -> None:
    with pytest.raises(LessonError) as error:
        Lesson(None, "mine", xor(), **part)
    assert says in str(error.value)
    assert "\n" not in str(error.value)


def test_a_run_does_not_stand_beside_itself() -> None:
    run, twice = xor(), xor()
    for beside in ({"again": run}, {"one": twice, "other": twice}):
        with pytest.raises(LessonError, match="a run stands beside itself; give another run"):
            Lesson(None, "mine", run, beside=beside)


def test_a_saved_run_stands_beside_no_other_and_none_beside_it(tmp_path: Path) -> None:
    saved = Recorded(open_ledger(xor().train(batches=3).save(tmp_path / "run.piggy")))
    for run, other in ((saved, xor()), (xor(), saved)):
        with pytest.raises(LessonError, match="a saved run ends where its file does"):
            Lesson(None, "mine", run, beside={"other": other})
    saved.ledger.close()


def test_what_stands_beside_has_nothing_beside_itself() -> None:
    inner = Lesson(None, "inner", xor(), beside={"twos": xor(2)})
    with pytest.raises(LessonError, match="put all of them into one"):
        Lesson(None, "outer", xor(), beside={"inner": inner})


def test_all_runs_are_planned_for_the_same_number_of_samples() -> None:
    lesson = lesson_of(trio())
    assert [other.batches for other in lesson.family] == [12, 6, 3]
    odd = Lesson(None, "odd", xor(3), batches=3, beside={"twos": xor(2), "all": xor("all")})
    assert [other.batches for other in odd.family] == [3, 4, 2]  # 3 + 1 + 3 samples


def test_only_what_tells_runs_apart_is_said_of_them() -> None:
    lesson = lesson_of(trio())
    assert lesson.apart[0] == ("batch of 1", "learning rate 0.5")
    assert lesson.apart[1] == ("batch of 2", "learning rate 0.5")
    assert "Momentum" in lesson.apart[2]
    assert load_lesson("A").apart == ((), ("friction 0.5",), ("keep mean 0.5", "keep square 0.75", "epsilon 0"))


# The panel ------------------------------------------------------------------------------------------------------------


def test_a_lesson_with_runs_beside_opens_with_them_and_d_shows_the_network_in_their_place() -> None:
    session = trio()
    assert session.state.beside
    with_runs = session.scene(SIZE).step
    press(session, "d")
    assert not session.state.beside
    assert session.scene(SIZE).step != with_runs
    press(session, "d")
    assert session.scene(SIZE).step == with_runs


def test_escape_closes_the_panel_and_a_click_on_its_button_opens_it_again() -> None:
    session = trio()
    press(session, "escape")
    assert not session.state.beside
    clicked(session, hit_of(session, "beside"))
    assert session.state.beside
    assert COMMANDS[BESIDE[1][-2].lower()] == BESIDE[0]


@pytest.mark.parametrize("key", ["d", "2"])
def test_a_run_without_others_says_so_in_a_sentence(key: str) -> None:
    session = Session(Lesson(None, "alone", xor(), batches=4), course())
    press(session, key)
    assert (session.state.beside, session.state.notice) == (False, NOTHING)
    assert not [hit for hit in session.scene(SIZE).hits if hit.command in ("beside", "front")]


def test_what_opens_in_place_of_the_network_takes_the_panels_place() -> None:
    session = trio()
    session.command("neuron", "this sample")
    assert not session.state.beside
    press(session, "d")
    assert (session.state.beside, session.state.neuron) == (True, "")


def test_the_panel_stays_while_one_steps_plays_goes_back_and_seeks() -> None:
    session, seen = trio(), set()
    for command in ("forward", "next_sample", "toggle", "next_batch", "back", "home", "end", "previous_batch"):
        session.command(command, "")
        session.command("tick", "3.0")
        scene = session.scene(SIZE)
        assert session.state.beside
        assert len([hit for hit in scene.hits if hit.command == "front"]) == 2
        seen.add(scene.text())
    assert len(seen) > 5


@pytest.mark.parametrize("text", TEXT_SIZES)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_header_has_room_for_one_more_button(size: tuple[int, int], text: float) -> None:
    session = sitting("B")
    session.state = replace(session.state, look=replace(session.state.look, text=text))
    scene, at, painter = session.scene(size), regions(size, text), Painter(size)
    painter.paint(scene, pygame.Surface(size))
    names = [BESIDE[0], *dict(TOOLS)]
    hits = [hit.box for hit in scene.hits if hit.command in names and hit.box.y < at.stage.y]
    tools = [pygame.Rect(*(value * at.scale for value in (box.x, box.y, box.w, box.h))) for box in hits]
    assert len(tools) == len(TOOLS) + 1
    assert all(tool.collidelist(tools[place + 1 :]) == -1 for place, tool in enumerate(tools))
    words = [painter.label_box(label) for label in scene.labels() if label.y < at.stage.y]
    assert all(tool.collidelist(words) == -1 for tool in tools)
    chips = min(item.box.x for item in scene if isinstance(item, Panel) and item.box.bottom < at.stage.y)
    titles = [painter.label_box(label) for label in scene.still if isinstance(label, Label) and label.y < at.stage.y]
    assert titles
    assert all(title.right < chips * at.scale for title in titles)


# To the front ---------------------------------------------------------------------------------------------------------


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
    labels = [label for label in session.scene(SIZE).step if isinstance(label, Label) and label.side and label.ref]
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


# Labs -----------------------------------------------------------------------------------------------------------------


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
