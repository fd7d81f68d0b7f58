"""One sitting: keys and clicks as they arrive, from the picture to the new state."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from pressing import SIZE, click, press, session_of, settle

from piggybank.app.controls import COMMANDS
from piggybank.app.course import course
from piggybank.app.player import PLAYING, STILL
from piggybank.app.session import Session
from piggybank.stage.scene import Label
from piggybank.stage.timeline import BANK, Cursor

Figure = Callable[[str, object], None]


@pytest.mark.parametrize(("least", "most"), [(0, 20), (40, 300), (400, 900)], ids=["connection", "pig", "row"])
@pytest.mark.parametrize("weight", ["x1->h1", "bias->h3", "h2->y"])
def test_a_click_on_a_weights_connection_pig_or_row_opens_its_inspector(weight: str, least: int, most: int) -> None:
    session = session_of("xor 2-3-1")
    scene = session.scene(SIZE)
    places = [h.box for h in scene.hits if (h.command, h.argument) == ("inspect", weight) and least < h.box.w < most]
    assert places
    place = places[len(places) // 2]
    session.click(scene, place.cx, place.cy)
    assert (session.state.inspecting, session.state.selected) == (weight, weight)
    assert session.scene(SIZE).over


def test_a_click_on_a_neuron_opens_its_inspector() -> None:
    session = session_of("xor 2-3-1")
    click(session, "inspect", "h2")
    assert session.state.inspecting == "h2"
    assert "neuron" in " ".join(label.text for label in session.scene(SIZE).labels())


def test_a_click_on_the_timeline_goes_to_that_sample_or_commit_settled() -> None:
    session = session_of()
    click(session, "sample", "3.2", which=0)
    timeline = session.lesson.timeline  # type: ignore[union-attr]
    assert session.state.cursor == Cursor(timeline.beat(3, 2, BANK), 1.0)
    click(session, "commit", "2")
    assert session.state.cursor == Cursor(timeline.commit_beat(2), 1.0)


def test_the_transports_buttons_step_and_play() -> None:
    session = session_of()
    click(session, "forward", "")
    settle(session)
    assert session.state.cursor == Cursor(0, 1.0)
    click(session, "forward", "")
    settle(session)
    click(session, "back", "")
    assert session.state.cursor == Cursor(0, 1.0)
    click(session, "toggle", "")
    assert session.state.motion == PLAYING
    click(session, "toggle", "")
    assert session.state.motion == STILL


def test_tabs_show_another_sample_and_a_click_beside_the_inspector_closes_it() -> None:
    session = session_of()
    press(session, "end", "return")
    click(session, "tab", "2")
    assert "Sample 2's blame slice" in [label.text for label in session.scene(SIZE).labels()]
    scene = session.scene(SIZE)
    session.click(scene, 1, 1)
    assert session.state.inspecting == ""


def test_a_click_inside_the_inspector_reaches_nothing_below_it() -> None:
    session = session_of()
    press(session, "return")
    state, scene = session.state, session.scene(SIZE)
    session.click(scene, scene.hits[-1].box.cx, 100 + 5)
    assert session.state.inspecting == state.inspecting == "x1->y"


def test_help_lists_every_key_and_escape_closes_it() -> None:
    session = session_of()
    press(session, "h")
    texts = [label.text for label in session.scene(SIZE).labels()]
    assert {"Space", "→  Page Down", "Ctrl Q"} <= set(texts)
    press(session, "escape")
    assert not session.state.help


def test_escape_never_quits() -> None:
    for session in (session_of(), Session(None, course())):
        press(session, *["escape"] * 10, "return", *["escape"] * 10)
        assert not session.quit


def test_only_control_q_quits() -> None:
    keys = [key for key, command in COMMANDS.items() if command != "quit"]
    session = session_of()
    press(session, *keys, "q")
    assert not session.quit
    press(session, "ctrl+q")
    assert session.quit


# Copying --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["lesson 1", "lesson 2", "lesson 12", "xor 2-3-1"])
def test_copied_text_evaluates_to_the_number_in_focus(name: str, figure: Figure) -> None:
    session, numbers, copied = session_of(name), random.Random(4), 0
    lesson = session.lesson
    assert lesson is not None
    ledger, header = lesson.run.ledger, lesson.run.ledger.header
    for _ in range(40):
        beat = numbers.randrange(lesson.timeline.length(2))
        moment = lesson.timeline.moment(beat)
        press(session, "home")
        session.command("commit", str(moment.batch))
        if moment.phase != "commit":
            session.command("sample", f"{moment.batch}.{moment.sample}")
        focus = numbers.choice([*header.weights_by_name, *header.neurons])
        session.command("inspect", focus)
        session.key("c")
        committed = moment.phase == "commit" and focus in header.weights_by_name
        receipt = ledger.receipt(focus, batch=moment.batch, sample=None if committed else moment.sample)
        value = eval(session.copied, {"__builtins__": {}, "math": math, **_functions()})
        assert value == receipt.value
        assert receipt.title in session.state.notice
        copied += 1
    figure(f"T33 copied expressions equal to their number, {name}", copied)


@pytest.mark.parametrize("address", ["1.1.4.bank", "1.1.commit"])
def test_what_is_copied_is_of_the_sample_whose_tab_the_inspector_shows(address: str) -> None:
    session = session_of("lesson 2")
    assert session.lesson is not None
    session.state = replace(session.state, cursor=Cursor(session.lesson.timeline.find(address), 1.0))
    session.command("inspect", "x1->y")
    session.command("tab", "2")
    session.key("c")
    assert eval(session.copied) == session.lesson.run.ledger.receipt("x1->y", batch=1, sample=2).value


def _functions() -> dict[str, object]:
    """What a copied text may call besides arithmetic; nothing, where it is plain Python."""
    return {"max": max, "abs": abs, "min": min}


# Numbers open their receipts ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["lesson 1", "lesson 2", "lesson 12", "xor 2-3-1", "4-8-3"])
def test_every_number_can_be_clicked_down_to_the_data_and_back_again(name: str, figure: Figure) -> None:
    session, numbers, opened = session_of(name), random.Random(6), 0
    lesson = session.lesson
    assert lesson is not None
    for _ in range(25):
        press(session, "home")
        session.command("sample", f"{numbers.randint(1, lesson.batches)}.1")
        for _ in range(numbers.randrange(6)):
            press(session, "right")
        if session.state.gate is not None or session.state.score:  # they cover numbers: close them first
            press(session, "escape")
        if numbers.random() < 0.5:
            session.command("inspect", numbers.choice([*lesson.run.ledger.header.weights_by_name]))
        start = session.state
        depth = 0
        while depth < 60:
            scene = session.scene(SIZE)
            shown = scene.over if session.state.trail or session.state.inspecting else scene
            codes = {x.ref.code: x.text for x in shown if isinstance(x, Label) and x.ref is not None}
            codes = {code: text for code, text in codes.items() if code not in {r.code for r in session.state.trail}}
            if not codes:
                break
            code = numbers.choice(sorted(codes))
            click(session, "open", code, which=-1)
            assert session.state.trail[-1].code == code, codes[code]
            depth, opened = depth + 1, opened + 1
        assert lesson.run.ledger.open(session.state.trail[-1]).kind in ("data", "target", "initial", "setting")
        press(session, *["backspace"] * depth)
        assert session.state == start
    figure(f"T34 numbers clicked, dead ends 0, {name}", opened)
