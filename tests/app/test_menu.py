"""The menu of lessons: by keys, by the pointer, and the way back to it."""

from __future__ import annotations

import pytest
from looks import lesson_named
from pressing import SIZE, click, press

from piggybank.app.controls import COMMANDS
from piggybank.app.course import course
from piggybank.app.session import Session
from piggybank.stage import palette as p
from piggybank.stage.scene import Panel
from piggybank.stage.timeline import Cursor

TO_MENU = next(key for key, command in COMMANDS.items() if command == "menu")


def test_the_menu_shows_every_lesson_and_opens_the_chosen_one() -> None:
    session = Session(None, course())
    texts = [label.text for label in session.scene(SIZE).labels()]
    assert {entry.title for entry in course()} <= set(texts)
    press(session, "down", "return")
    assert session.lesson is not None
    assert session.lesson.number == course()[1].number


def test_home_and_end_go_to_the_first_and_the_last_entry_of_the_menu() -> None:
    session = Session(None, course())
    press(session, "end")
    assert session.chosen == len(course()) - 1
    press(session, "home", "return")
    assert session.lesson is not None
    assert session.lesson.number == course()[0].number


def test_the_menus_choice_stops_at_its_ends() -> None:
    session = Session(None, course())
    press(session, *["down"] * 50)
    assert session.chosen == len(course()) - 1
    press(session, *["up"] * 50)
    assert session.chosen == 0


@pytest.mark.parametrize("place", range(len(course())))
def test_a_click_on_a_lesson_opens_it_and_its_key_returns_to_the_menu(place: int) -> None:
    session = Session(None, course())
    click(session, "open", str(place))
    assert session.lesson is not None
    assert (session.lesson.number, session.state.cursor) == (course()[place].number, Cursor())
    press(session, TO_MENU)
    assert session.lesson is None


def test_tab_goes_through_the_menu_too() -> None:
    session = Session(None, course())
    chosen = []
    for name in ("tab", "tab", "shift+tab", "return"):
        session.scene(SIZE)
        chosen.append(session.chosen)
        session.key(name)
    assert chosen == [0, 1, 2, 1]
    assert session.lesson is not None
    assert session.lesson.number == course()[1].number


def test_tab_reaches_the_keys_button_of_the_menu_and_comes_round_to_the_lessons() -> None:
    session = Session(None, course())
    session.scene(SIZE)
    session.key("shift+tab")
    assert session.state.focus == ("help", "")
    assert p.FOCUS in {item.edge for item in session.scene(SIZE).over if isinstance(item, Panel)}
    session.key("return")
    assert session.state.help
    session.scene(SIZE)
    session.key("escape")
    session.scene(SIZE)
    session.key("tab")
    assert not session.state.help
    assert (session.state.focus, session.chosen) == (("open", "0"), 0)


def test_tab_over_the_keys_of_the_menu_changes_nothing_behind_them() -> None:
    session = Session(None, course())
    for name in ("h", "tab", "shift+tab"):
        session.scene(SIZE)
        session.key(name)
    assert (session.chosen, session.lesson, session.state.help) == (0, None, True)


def test_an_arrow_takes_the_focus_back_to_the_list_of_the_menu() -> None:
    session = Session(None, course())
    for name in ("shift+tab", "down", "return"):
        session.scene(SIZE)
        session.key(name)
    assert not session.state.help
    assert session.lesson is not None
    assert session.lesson.number == course()[1].number


@pytest.mark.parametrize("back", ["b", ".", "escape", "click"])
def test_the_menu_can_be_blanked_and_comes_back(back: str) -> None:
    session = Session(None, course())
    before = session.scene(SIZE)
    session.key("b", "b")
    blank = session.scene(SIZE)
    assert isinstance(blank.over[0], Panel)
    assert blank.over[0].box.w >= blank.hits[0].box.w > max(hit.box.w for hit in before.hits)
    if back == "click":
        session.click(blank, 100, 100)
    else:
        session.key(back)
    assert session.scene(SIZE) == before


def test_a_run_of_ones_own_has_no_menu_to_go_to() -> None:
    session = Session(lesson_named("xor 2-3-1"), [])
    press(session, TO_MENU)
    assert session.lesson is lesson_named("xor 2-3-1")


def test_every_key_works_in_an_empty_menu() -> None:
    session = Session(None, [])
    press(session, *(key for key in COMMANDS if COMMANDS[key] != "quit"))
    assert session.lesson is None
    session.scene(SIZE)
