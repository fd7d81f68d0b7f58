"""Going to a typed moment, moving the keyboard's focus, and changing the look of the screen."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pygame
import pytest
from looks import MAKERS, SIZES

from piggybank.app.controls import COMMANDS, CONTROLS
from piggybank.app.course import course, load_lesson
from piggybank.app.focus import by_focus, focus_ring, pressable
from piggybank.app.overlays.goto import EXAMPLES
from piggybank.app.session import Session
from piggybank.stage import palette as p
from piggybank.stage.header import TOOLS
from piggybank.stage.look import TEXT_SIZES
from piggybank.stage.measure import text_width
from piggybank.stage.painter import Painter
from piggybank.stage.regions import regions
from piggybank.stage.scene import Box, Hit, Label, Panel
from piggybank.stage.themes import THEMES
from piggybank.stage.timeline import Cursor

SIZE = (1280, 720)
HOSTILE = (
    "\x00\x1b[31m",
    "1.1.1; rm",
    "'; DROP TABLE",
    "1" * 5000,
    "1.1." + "9" * 400,
    "-1.1.1",
    "1e3.1.1",
    "\u202e1.1.x",
    "💥.💥.💥",
    "1.1.1.bank99999999999999999999",
    "nan.inf.1",
    "..",
    "1.1.commit.commit",
    "{x}",
    "%s%n",
    " ",
)


def session_of(name: str = "lesson 2") -> Session:
    return Session(MAKERS[name](), course())


def type_in(session: Session, text: str) -> None:
    for character in text:
        session.key(character.lower(), character)


def texts(session: Session) -> list[str]:
    return [label.text for label in session.scene(SIZE).labels()]


# Help -----------------------------------------------------------------------------------------------------------------


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


# Go to ----------------------------------------------------------------------------------------------------------------


def test_g_asks_for_a_moment_and_enter_goes_there() -> None:
    session = session_of()
    session.key("g", "g")
    assert "Go to a moment" in texts(session)
    type_in(session, "2.2.3")
    session.key("return", "\r")
    assert session.state.cursor == Cursor(session.lesson.timeline.find("2.2.3"), 1.0)  # type: ignore[union-attr]
    assert session.state.dialog == ""


def test_the_button_goes_there_too() -> None:
    session = session_of()
    session.key("g", "g")
    type_in(session, "1.1.commit")
    scene = session.scene(SIZE)
    go = next(hit for hit in scene.hits if hit.command == "submit")
    session.click(scene, go.box.cx, go.box.cy)
    assert session.state.cursor == Cursor(session.lesson.timeline.commit_beat(1), 1.0)  # type: ignore[union-attr]


def test_what_is_typed_is_shown_and_backspace_takes_it_back() -> None:
    session = session_of()
    session.key("g", "g")
    type_in(session, "1.2")
    assert "1.2" in texts(session)
    session.key("backspace", "\b")
    assert session.state.typed == "1."


def test_keys_type_and_do_nothing_else_while_text_is_asked_for() -> None:
    session = session_of()
    session.key("g", "g")
    before = session.state
    for control in CONTROLS:
        for name in control.keys:
            if len(name) == 1:
                session.key(name, name)
    after = session.state
    assert (after.cursor, after.look, after.blank, after.summary, after.hindsight) == (
        before.cursor,
        before.look,
        before.blank,
        before.summary,
        before.hindsight,
    )
    assert after.typed


def test_escape_closes_the_question_where_to_go_and_nothing_moves() -> None:
    session = session_of()
    session.key("g", "g")
    type_in(session, "2.2.2")
    session.key("escape", "\x1b")
    assert (session.state.dialog, session.state.typed, session.state.cursor) == ("", "", Cursor(0, 0.0))


@pytest.mark.parametrize(
    ("typed", "helps"),
    [
        ("7", "such as 1.1.3"),
        ("1.9.1", "Epoch 1 has batch 1"),
        ("0.1.1", "Epochs count from 1"),
        ("1.1.9", "samples 1 to 4 and commit"),
        ("1.1.1.blime", "predict, loss, blame and bank"),
        ("99999999.99999999.1", "smaller steps"),
    ],
)
def test_a_moment_that_is_not_there_gets_a_sentence_and_stays_to_be_mended(typed: str, helps: str) -> None:
    session = session_of()
    session.key("g", "g")
    type_in(session, typed)
    session.key("return", "\r")
    assert helps in session.state.notice
    assert session.state.typed == typed
    assert session.state.cursor == Cursor(0, 0.0)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_in_the_field_is_shown_or_refused_in_one_sentence(text: str) -> None:
    session = session_of()
    session.key("g", "g")
    type_in(session, text)
    assert len(session.state.typed) <= 60
    assert session.state.typed.isprintable()
    session.scene(SIZE)
    session.key("return", "\r")
    assert session.state.cursor == Cursor(0, 0.0)
    assert session.state.dialog == "" or "\n" not in session.state.notice != ""
    session.scene(SIZE)


def test_digits_of_any_script_name_a_moment() -> None:
    session = session_of()
    session.key("g", "g")
    type_in(session, "١.١.٢")
    session.key("return", "\r")
    assert session.state.cursor == Cursor(session.lesson.timeline.find("1.1.2"), 1.0)  # type: ignore[union-attr]


# Focus ----------------------------------------------------------------------------------------------------------------


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
    assert commands == {"submit"}


def test_a_focus_under_what_it_has_opened_draws_no_ring_and_enter_presses_it_no_more() -> None:
    pig, card = Hit(Box(10, 10, 5, 5), "inspect", "a"), Hit(Box(0, 0, 20, 20), "")
    assert focus_ring([pig], ("inspect", "a"))
    assert by_focus([pig], ("inspect", "a"), "inspect") == ("inspect", "a")
    assert focus_ring([pig, card], ("inspect", "a")) == []
    assert by_focus([pig, card], ("inspect", "a"), "inspect") is None


def test_a_focus_that_has_gone_draws_no_ring() -> None:
    assert focus_ring([Hit(Box(0, 0, 5, 5), "inspect", "a")], ("inspect", "b")) == []


# Looks ----------------------------------------------------------------------------------------------------------------

TOGGLES = {"r": "reduced", ",": "comma", "t": "teacher"}


@pytest.mark.parametrize(("key", "name"), TOGGLES.items())
def test_a_key_turns_a_look_on_and_off_and_says_so(key: str, name: str) -> None:
    session = session_of()
    session.key(key, key)
    assert getattr(session.state.look, name) is True
    assert session.state.notice.endswith(".")
    session.key(key, key)
    assert getattr(session.state.look, name) is False


def test_n_goes_through_all_themes() -> None:
    session, seen = session_of(), []
    for _ in THEMES:
        seen.append(session.state.look.theme)
        session.key("n", "n")
    assert seen == list(THEMES)
    assert session.state.look.theme == "light"


def test_plus_and_minus_change_the_size_of_text_within_bounds() -> None:
    session = session_of()
    usual = session.scene(SIZE).look.text
    for _ in range(9):
        session.key("+", "+")
    assert session.state.look.text == TEXT_SIZES[-1] > usual
    for _ in range(9):
        session.key("-", "-")
    assert session.state.look.text == TEXT_SIZES[0] == usual


def test_the_look_and_the_sound_stay_when_another_lesson_is_opened() -> None:
    session = session_of()
    for key in ("n", "m", "r"):
        session.key(key, key)
    mine = session.state.look
    session.key(next(key for key, command in COMMANDS.items() if command == "menu"))
    assert session.scene(SIZE).look == mine
    session.key("return", "\r")
    assert session.lesson is not None
    assert (session.state.look, session.state.sound) == (mine, True)


def test_no_look_changes_a_number() -> None:
    numbers = []
    for keys in ((), ("n",), ("r",), (",",), ("n", "n", "r", ",")):
        session = session_of("xor 2-3-1")
        session.key("end")
        for key in keys:
            session.key(key, key)
        found = session.scene(SIZE).labels()
        numbers.append(sorted((label.text, label.ref.code) for label in found if label.ref is not None))
    assert all(others == numbers[0] for others in numbers[1:])


def test_teacher_mode_keeps_the_numbers_and_hides_the_words() -> None:
    session = session_of()
    session.key("ctrl+right")
    box = session.scene(SIZES[1])
    words = [label.text for label in box.labels() if "breaks:" in label.text or "hammer" in label.text]
    assert words
    numbers = {label.ref for label in box.step if isinstance(label, Label) and label.ref is not None}
    session.key("t", "t")
    after = session.scene(SIZES[1])
    assert not [label for label in after.labels() if label.text in words]
    kept = {label.ref for label in after.step if isinstance(label, Label) and label.ref is not None}
    assert kept == numbers


def test_with_less_movement_nothing_flies_and_the_numbers_come_at_the_same_moments() -> None:
    session = session_of("xor 2-3-1")
    lesson = session.lesson
    assert lesson is not None
    session.key("r", "r")
    for beat in range(lesson.timeline.length(1)):
        for progress in (0.1, 0.4, 0.5, 0.9):
            session.state = replace(session.state, cursor=Cursor(beat, progress), notice="")
            reduced = session.scene(SIZE)
            assert [type(item).__name__ for item in reduced.moving] == ["Line", "Disc", "Label"]  # the playhead


def test_every_example_of_go_to_is_a_moment_of_every_lesson() -> None:
    examples = re.findall(r"\d[.\w]*", EXAMPLES)
    assert len(examples) == 3
    for entry in course():
        timeline = load_lesson(entry.number).timeline
        assert all(timeline.address(timeline.find(example)).startswith("1.1.") for example in examples)


# Buttons in the header ------------------------------------------------------------------------------------------------


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
        assert row.h >= p.TITLE
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
