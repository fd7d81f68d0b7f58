"""Runs beside a lesson's own: what may stand there, and the panel that shows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pygame
import pytest
from looks import SIZES
from side_runs import clicked, hit_of, trio, xor
from sitting import SIZE, lesson_of, press, sitting

from piggybank import SGD, Dense, Lesson, Network, Run, open_ledger
from piggybank.app.beside import NOTHING
from piggybank.app.controls import COMMANDS
from piggybank.app.course import course, load_lesson
from piggybank.app.lessons import LessonError
from piggybank.app.recorded import Recorded
from piggybank.app.session import Session
from piggybank.stage.header import BESIDE, TOOLS
from piggybank.stage.look import TEXT_SIZES
from piggybank.stage.painter import Painter
from piggybank.stage.regions import regions
from piggybank.stage.scene import Label, Panel

Figure = Callable[[str, object], None]


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


def test_a_saved_run_and_one_that_trains_on_stand_beside_each_other(tmp_path: Path) -> None:
    saved = Recorded(open_ledger(xor().train(batches=3).save(tmp_path / "run.piggy")))
    for run, other, held in ((saved, xor(2), [3, 2]), (xor(2), saved, [3, 3])):
        lesson = Lesson(None, "mine", run, batches=3, beside={"other": other})
        lesson.ensure(0)
        assert [len(one.run.ledger) for one in lesson.family] == held
    saved.ledger.close()


def test_networks_of_other_shapes_with_losses_of_two_kinds_have_nothing_to_be_compared_by() -> None:
    small, large = Network(Dense(2, 1, "sigmoid")), Network(Dense(2, 2, "tanh"), Dense(2, 1, "sigmoid"))
    crossed, squared = (Run(large, "xor", loss=loss) for loss in ("binary cross-entropy", "squared error"))
    with pytest.raises(
        LessonError, match="compared by their losses, and these are two kinds, squared error and binary"
    ):
        Lesson(None, "mine", Run(small, "xor"), beside={"large": crossed})
    assert Lesson(None, "mine", Run(small, "xor"), beside={"large": squared}).family
    assert Lesson(None, "mine", squared, beside={"other loss": crossed}).family


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
    other = Run(Network(Dense(2, 3, "relu"), Dense(3, 1), seed=3), ([[0, 1]] * 4, [1] * 4), rule=SGD(0.5), batch_size=1)
    assert Lesson(None, "mine", xor(1), beside={"other data": other}).apart == ((), ())
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
