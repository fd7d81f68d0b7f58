"""What is remembered from one time to the next, hints that go away, and measures for slow displays."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pygame
import pytest
from looks import lesson_named

from piggybank.app import settings as kept
from piggybank.app.course import course
from piggybank.app.display import FLIPS, SLOW, FlipWatch, before_the_first_window, too_slow, without_acceleration
from piggybank.app.hints import HINTS, hint_of
from piggybank.app.session import Session
from piggybank.app.settings import Settings, load_settings, save_settings, settings_path
from piggybank.app.window import remembering
from piggybank.stage.look import Look

SIZE = (1280, 720)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept.sys, "platform", "linux")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))


def written(text: str | bytes) -> None:
    path = settings_path()
    assert path is not None
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)


def test_settings_come_back_as_they_were_left() -> None:
    mine = Settings(Look("night", 1.15, True, True), True, frozenset({"play", "open"}))
    save_settings(mine)
    assert load_settings() == mine


def test_teacher_mode_ends_with_its_sitting_so_that_the_next_person_sees_the_lesson_s_words() -> None:
    save_settings(Settings(Look("night", teacher=True)))
    assert load_settings() == Settings(Look("night"))
    written(json.dumps({"look": {"theme": "night", "teacher": True}}))
    assert load_settings() == Settings(Look("night"))


@pytest.mark.parametrize(
    ("system", "variable", "ends"),
    [
        ("linux", "XDG_CONFIG_HOME", "piggybank/settings.json"),
        ("win32", "APPDATA", "piggybank/settings.json"),
        ("darwin", "HOME", "Library/Application Support/piggybank/settings.json"),
    ],
)
def test_settings_stand_where_the_system_keeps_such_things(
    system: str, variable: str, ends: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept.sys, "platform", system)
    monkeypatch.setenv(variable, str(tmp_path / "place"))
    path = settings_path()
    assert path is not None
    assert path.as_posix() == (tmp_path / "place" / ends).as_posix()


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "7", '"x"', b"\xff\xfe", "[" * 100_000, "x" * 70_000, json.dumps({"look": 7, "seen": 8}),
     json.dumps({"look": {"theme": "pink", "text": 99, "comma": "yes"}, "sound": "loud", "seen": [1, {}]})],
    ids=range(11),
)  # fmt: skip
def test_a_file_that_makes_no_sense_counts_as_none(text: str | bytes) -> None:
    written(text)
    assert load_settings() == Settings()


def test_what_is_sensible_in_a_strange_file_is_kept() -> None:
    written(json.dumps({"look": {"theme": "night", "text": "huge"}, "new": 1, "seen": ["play", 3]}))
    assert load_settings() == Settings(Look("night"), False, frozenset({"play"}))


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file where the folder should be")
    save_settings(Settings(Look("night")))
    assert load_settings() == Settings()


def test_a_failed_write_keeps_what_was_there_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    save_settings(Settings(Look("night")))

    def fails(*_: object) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr(os, "replace", fails)
    save_settings(Settings(Look("light"), True))
    path = settings_path()
    assert path is not None
    assert [entry.name for entry in path.parent.iterdir()] == ["settings.json"]
    assert load_settings() == Settings(Look("night"))


def test_a_new_sitting_begins_with_the_looks_that_were_left() -> None:
    save_settings(Settings(Look("high contrast", comma=True), True, frozenset({"play"})))
    session = remembering(Session(lesson_named("lesson 2"), []))
    assert session.scene(SIZE).look == Look("high contrast", comma=True)
    assert session.state.sound
    assert session.state.seen == {"play"}


# Hints ----------------------------------------------------------------------------------------------------------------


def texts(session: Session) -> set[str]:
    return {label.text for label in session.scene(SIZE).labels()}


def test_hints_come_one_at_a_time_and_go_once_they_are_followed() -> None:
    session = remembering(Session(lesson_named("xor 2-3-1"), []))
    words = [hint.words for hint in HINTS]
    for place, keys in enumerate((["right"], ["return", "escape"], ["left"], ["h", "escape"])):
        assert words[place] in texts(session)
        assert not set(words[:place] + words[place + 1 :]) & texts(session)
        for key in keys:
            session.key(key)
        while session.moving:
            session.command("tick", "1")
    assert not set(words) & texts(session)
    assert "H  help" in texts(session)


def test_hints_and_looks_stay_from_the_menu_to_a_lesson() -> None:
    save_settings(Settings(Look("night"), False, frozenset({"play"})))
    session = remembering(Session(None, course()))
    session.key("return")
    assert session.lesson is not None
    assert session.state.seen == {"play"}
    assert session.state.look.theme == "night"


def test_no_hint_stands_while_something_is_open_or_in_teacher_mode() -> None:
    for keys in (["return"], ["s"], ["g"], ["h"], ["t"]):
        session = remembering(Session(lesson_named("xor 2-3-1"), []))
        for key in keys:
            session.key(key, key)
        assert hint_of(session.state) == ""


def test_without_a_window_there_are_no_hints() -> None:
    session = Session(lesson_named("xor 2-3-1"), [])
    assert session.state.seen is None
    assert not {hint.words for hint in HINTS} & texts(session)
    session.key("right")
    assert session.state.seen is None


# Display --------------------------------------------------------------------------------------------------------------


def test_slow_flips_are_noticed_once_at_their_median() -> None:
    watch = FlipWatch()
    noted = [watch.note(2 * SLOW) for _ in range(3 * FLIPS)]
    assert noted.index(True) == FLIPS - 1
    assert noted.count(True) == 1


@pytest.mark.parametrize("failures", [0, 1, 5])
def test_a_screen_that_is_away_for_a_moment_is_reached_again(failures: int, monkeypatch: pytest.MonkeyPatch) -> None:
    left, waited = [failures], []

    def init() -> None:
        left[0] -= 1
        if left[0] >= 0:
            raise pygame.error("x11 not available")

    monkeypatch.setenv("SDL_FRAMEBUFFER_ACCELERATION", "1")
    monkeypatch.setattr(pygame.display, "init", init)
    monkeypatch.setattr("piggybank.app.display.time.sleep", waited.append)
    without_acceleration()
    assert len(waited) == failures
    assert os.environ["SDL_FRAMEBUFFER_ACCELERATION"] == "0"


def test_a_few_slow_flips_among_fast_ones_are_nothing() -> None:
    watch = FlipWatch()
    assert not any(watch.note(1.0 if place % 3 == 0 else SLOW / 10) for place in range(3 * FLIPS))
    assert not too_slow([SLOW])


def test_pixels_are_asked_for_as_they_are_before_the_first_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SDL_WINDOWS_DPI_AWARENESS", raising=False)
    before_the_first_window()
    assert os.environ["SDL_WINDOWS_DPI_AWARENESS"] == "permonitorv2"
    monkeypatch.setenv("SDL_WINDOWS_DPI_AWARENESS", "unaware")
    before_the_first_window()
    assert os.environ["SDL_WINDOWS_DPI_AWARENESS"] == "unaware"
