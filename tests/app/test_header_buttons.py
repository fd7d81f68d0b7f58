"""The buttons of the header and of the menu, the words beside them, and those of the help."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pygame
import pytest
from looks import MAKERS, SIZES
from sitting import SIZE, session_of

from piggybank.app.controls import COMMANDS, CONTROLS
from piggybank.app.course import course
from piggybank.app.session import Session
from piggybank.stage import palette as p
from piggybank.stage.header import TOOLS
from piggybank.stage.look import TEXT_SIZES
from piggybank.stage.measure import text_width
from piggybank.stage.painter import Painter
from piggybank.stage.regions import regions
from piggybank.stage.scene import Hit, Label, Panel


@pytest.mark.parametrize("size", SIZES)
def test_no_words_of_the_help_are_cut_off(size: tuple[int, int]) -> None:
    session, painter = session_of(), Painter(size)
    session.key("h", "h")
    scale = regions(size).scale
    limited = [item for item in session.scene(size).over if isinstance(item, Label) and item.room]
    smallest = max(9, round(size[1] / 50)) / scale
    wide = {label.text: painter.label_box(replace(label, room=0, size=min(label.size, smallest))) for label in limited}
    assert {control.words for control in CONTROLS} <= set(wide)
    assert [label.text for label in limited if wide[label.text].width > round(label.room * scale)] == []


def tool(session: Session, command: str) -> Hit:
    return next(hit for hit in session.scene(SIZE).hits if hit.command == command)


@pytest.mark.parametrize("command", [command for command, _ in TOOLS])
def test_a_button_in_the_header_does_what_its_key_does(command: str) -> None:
    pressed, clicked = (Session(MAKERS["lesson 1"](), course()) for _ in range(2))
    key = next(control.keys[0] for control in CONTROLS if control.command == command)
    hit = tool(clicked, command)
    clicked.click(clicked.scene(SIZE), hit.box.cx, hit.box.cy)
    pressed.key(key, key)
    assert clicked.state == pressed.state
    assert (clicked.lesson is None) == (pressed.lesson is None) == (command == "menu")
    assert clicked.state != Session(MAKERS["lesson 1"](), course()).state or command == "menu"


def test_a_button_of_the_header_says_its_key() -> None:
    for command, tip in TOOLS:
        key = tip[tip.index("(") + 1 : tip.index(")")]
        assert COMMANDS[key.lower()] == command


def test_without_a_menu_to_go_back_to_there_is_no_button_for_it() -> None:
    alone, course_of = Session(MAKERS["xor 2-3-1"](), []), Session(MAKERS["xor 2-3-1"](), course())
    commands = [{hit.command for hit in session.scene(SIZE).hits} for session in (alone, course_of)]
    assert "menu" not in commands[0]
    assert "menu" in commands[1]


@pytest.mark.parametrize("text", TEXT_SIZES)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_buttons_of_the_header_cover_nothing(size: tuple[int, int], text: float) -> None:
    session = Session(MAKERS["lesson 2"](), course())
    session.state = replace(session.state, look=replace(session.state.look, text=text))
    scene, scale = session.scene(size), regions(size, text).scale
    painter, bottom = Painter(size), regions(size, text).stage.y
    painter.paint(scene, pygame.Surface(size))
    boxes = [hit.box for hit in scene.hits if hit.command in dict(TOOLS) and hit.box.y < bottom]
    tools = [pygame.Rect(box.x * scale, box.y * scale, box.w * scale, box.h * scale) for box in boxes]
    assert len(tools) == len(TOOLS)
    assert all(tool.collidelist(tools[place + 1 :]) == -1 for place, tool in enumerate(tools))
    assert all(box.y >= 8 and box.bottom <= bottom - 8 for box in boxes)
    words = [painter.label_box(label) for label in scene.labels() if label.y < bottom]
    chips = [item.box for item in scene if isinstance(item, Panel) and item.box.bottom < bottom]
    phases = [pygame.Rect(box.x * scale, box.y * scale, box.w * scale, box.h * scale) for box in chips]
    assert len(phases) == 4
    for tool in tools:
        assert tool.collidelist(words + phases) == -1
    counters = [box for box in words if box.x > max(phase.right for phase in phases) - 1]
    assert len(counters) == 6


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_words_of_the_counters_are_whole_and_apart(size: tuple[int, int]) -> None:
    session = Session(MAKERS["lesson 1"](), course())
    scene, painter = session.scene(size), Painter(size)
    words = [next(label for label in scene.labels() if label.text == word) for word in ("epoch", "commit", "sample")]
    boxes = [painter.label_box(label) for label in words]
    for label, box in zip(words, boxes, strict=True):
        assert box.w == painter.label_box(replace(label, room=0)).w
    assert all(left.right + 4 <= right.left for left, right in pairwise(boxes))


def test_a_click_on_a_picture_from_before_a_question_opens_nothing_over_it() -> None:
    session = Session(MAKERS["lesson 1"](), course())
    before = session.scene(SIZE)
    for _ in range(40):
        if session.state.gate is None:
            session.key("right")
            session.command("tick", "60")
    asked = session.state
    assert asked.gate is not None
    for command, _ in TOOLS[1:]:
        hit = next(hit for hit in before.hits if hit.command == command)
        session.click(before, hit.box.cx, hit.box.cy)
        assert session.state == asked


@pytest.mark.parametrize("text", TEXT_SIZES)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_every_title_of_the_menu_fits_into_its_row(size: tuple[int, int], text: float) -> None:
    session = Session(None, course())
    session.state = replace(session.state, look=replace(session.state.look, text=text))
    scene, area = session.scene(size), regions(size, text)
    rows = [hit.box for hit in scene.hits if hit.command == "open"]
    assert len(rows) == len(course())
    for row, entry in zip(rows, course(), strict=True):
        assert row.h >= 1.2 * p.TITLE
        assert 0 <= row.x < row.right <= area.width
        assert row.bottom <= area.height - 60
        title = next(label for label in scene.labels() if label.text == entry.title)
        assert row.contains(title.x, title.y)
        assert title.x + text_width(title.text, title.size, title.font) <= row.right


def test_the_menu_has_a_button_for_the_keys() -> None:
    session = Session(None, course())
    hit = tool(session, "help")
    session.click(session.scene(SIZE), hit.box.cx, hit.box.cy)
    assert session.state.help
