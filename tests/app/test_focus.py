"""The keyboard's focus: Tab comes to everything that can be pressed, and Enter presses it."""

from __future__ import annotations

from sitting import SIZE, session_of

from piggybank.app.focus import by_focus, focus_ring, pressable
from piggybank.stage.scene import Box, Hit, Panel


def test_tab_visits_everything_that_can_be_pressed_and_comes_round() -> None:
    session = session_of()
    places = {(hit.command, hit.argument) for hit in pressable(session.scene(SIZE).hits)}
    visited = []
    for _ in range(len(places)):
        session.key("tab", "\t")
        visited.append(session.state.focus)
        session.scene(SIZE)
    assert set(visited) == places
    assert len(visited) == len(places)
    session.key("tab", "\t")
    assert session.state.focus == visited[0]


def test_shift_tab_goes_back() -> None:
    session = session_of()
    session.scene(SIZE)
    for name in ("tab", "tab", "shift+tab"):
        session.key(name)
    first = session.state.focus
    session.key("shift+tab")
    session.key("tab")
    assert session.state.focus == first


def test_enter_presses_what_has_the_focus() -> None:
    session = session_of()
    scene = session.scene(SIZE)
    number = next(hit for hit in pressable(scene.hits) if hit.command == "open")
    while session.state.focus != (number.command, number.argument):
        session.key("tab")
        session.scene(SIZE)
    session.key("return", "\r")
    assert session.state.trail[-1].code == number.argument


def test_what_has_the_focus_has_a_ring() -> None:
    session = session_of()
    session.scene(SIZE)
    session.key("tab")
    rings = [item for item in session.scene(SIZE).over if isinstance(item, Panel) and item.edge == "focus"]
    assert len(rings) == 1


def test_what_lies_wholly_under_something_cannot_be_pressed() -> None:
    under, beside = Hit(Box(10, 10, 5, 5), "inspect", "a"), Hit(Box(50, 10, 5, 5), "inspect", "b")
    assert pressable([under, beside, Hit(Box(0, 0, 20, 20), "")]) == [beside]


def test_only_the_open_overlay_can_be_reached_by_tab() -> None:
    session = session_of()
    session.key("g", "g")
    commands = {hit.command for hit in pressable(session.scene(SIZE).hits)}
    assert commands == {"submit", "close"}


def test_a_focus_under_what_it_has_opened_draws_no_ring_and_enter_presses_it_no_more() -> None:
    pig, card = Hit(Box(10, 10, 5, 5), "inspect", "a"), Hit(Box(0, 0, 20, 20), "")
    assert focus_ring([pig], ("inspect", "a"))
    assert by_focus([pig], ("inspect", "a"), "inspect") == ("inspect", "a")
    assert focus_ring([pig, card], ("inspect", "a")) == []
    assert by_focus([pig, card], ("inspect", "a"), "inspect") is None


def test_a_focus_that_has_gone_draws_no_ring() -> None:
    assert focus_ring([Hit(Box(0, 0, 5, 5), "inspect", "a")], ("inspect", "b")) == []
