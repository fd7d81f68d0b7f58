"""Changing the look of the screen: themes, size of text, less movement, teacher mode; never a number."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from looks import SIZES
from sitting import SIZE, lesson_of, session_of

from piggybank.app.controls import COMMANDS
from piggybank.stage.look import TEXT_SIZES
from piggybank.stage.scene import Label
from piggybank.stage.themes import THEMES
from piggybank.stage.timeline import Cursor

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
    session.command("commit", "1")
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
    usual, calm = session_of("xor 2-3-1"), session_of("xor 2-3-1")
    calm.key("r", "r")
    timeline = lesson_of(calm).timeline
    for beat, progress in product(range(timeline.length(1)), (0.1, 0.4, 0.5, 0.9, 1.0)):
        scenes = []
        for session in (usual, calm):
            session.state = replace(session.state, cursor=Cursor(beat, progress), notice="")
            scenes.append(session.scene(SIZE))
        assert [type(item).__name__ for item in scenes[1].moving] == ["Line", "Disc", "Label"]  # the playhead
        shown = [{(label.ref, label.text) for label in scene.labels() if label.ref is not None} for scene in scenes]
        flying = {(label.ref, label.text) for label in scenes[0].moving if isinstance(label, Label) and label.ref}
        assert {ref.kind for ref, _ in shown[0] ^ shown[1]} <= {"slice"}  # the number that flies with a coin
        assert shown[0] ^ shown[1] <= flying
