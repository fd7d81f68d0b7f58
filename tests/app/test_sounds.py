"""Sounds: what is heard follows from two moments, the waves are soft, and without a device all is silent."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import numpy as np
import pygame
import pytest
from looks import lesson_named

from piggybank.app import sounds
from piggybank.app.session import Session
from piggybank.app.sounds import CHIME, COIN, COIN_EMPTY, COIN_MINUS, CRACK, PEAK, Speaker, sounds_between, wave
from piggybank.stage.known import LANDED, MOVED, STRUCK
from piggybank.stage.timeline import Cursor

LESSON = lesson_named("lesson 2")
BANK, COMMIT = LESSON.timeline.find("1.1.2.bank"), LESSON.timeline.commit_beat(1)
ALL = (COIN, COIN_MINUS, COIN_EMPTY, CRACK, CHIME)


def heard(before: Cursor, after: Cursor, sign: int = 1) -> tuple[str, ...]:
    return sounds_between(LESSON.timeline, before, after, sign)


@pytest.mark.parametrize(("sign", "sound"), [(1, COIN), (-1, COIN_MINUS), (0, COIN_EMPTY)])
def test_a_coin_is_heard_when_it_lands_and_only_then(sign: int, sound: str) -> None:
    steps = [Cursor(BANK, place / 50) for place in range(51)]
    found = [heard(a, b, sign) for a, b in pairwise(steps)]
    assert [sound for sounds in found for sound in sounds] == [sound]
    place = next(place for place, sounds in enumerate(found) if sounds)
    assert steps[place].progress < LANDED <= steps[place + 1].progress


def test_a_commit_cracks_and_then_chimes() -> None:
    assert heard(Cursor(COMMIT, 0.0), Cursor(COMMIT, STRUCK)) == (CRACK,)
    assert heard(Cursor(COMMIT, STRUCK), Cursor(COMMIT, MOVED)) == (CHIME,)
    assert heard(Cursor(COMMIT, 0.0), Cursor(COMMIT, 1.0)) == (CRACK, CHIME)


def test_running_on_into_the_next_beat_is_heard_too() -> None:
    assert heard(Cursor(BANK - 1, 1.0), Cursor(BANK, LANDED)) == (COIN,)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Cursor(BANK, 1.0), Cursor(BANK, 0.0)),
        (Cursor(COMMIT, 1.0), Cursor(BANK, 1.0)),
        (Cursor(0, 0.0), Cursor(COMMIT, 1.0)),
        (Cursor(BANK - 1, 0.5), Cursor(BANK, 1.0)),
        (Cursor(BANK, LANDED), Cursor(BANK, 1.0)),
        (Cursor(0, 0.0), Cursor(0, 1.0)),
    ],
)
def test_jumps_going_back_and_beats_without_coins_are_silent(before: Cursor, after: Cursor) -> None:
    assert heard(before, after) == ()


@pytest.mark.parametrize("sound", ALL)
def test_a_wave_is_soft_begins_and_ends_at_rest_and_is_the_same_every_time(sound: str) -> None:
    samples = wave(sound).astype(float) / 32767
    assert np.abs(samples).max() == pytest.approx(PEAK, abs=0.001)
    assert abs(samples[0]) < 0.01
    assert np.abs(samples[-20:]).max() < 0.01
    assert 0.03 < samples.size / sounds.RATE < 1.5
    assert (wave(sound) == wave(sound)).all()


def test_a_negative_coin_is_lower_than_a_positive_one() -> None:
    def pitch(sound: str) -> float:
        samples = wave(sound).astype(float)
        return float(np.argmax(np.abs(np.fft.rfft(samples))) / samples.size * sounds.RATE)

    assert pitch(COIN_MINUS) < pitch(COIN)


def test_a_session_is_silent_until_sound_is_on_and_hears_its_own_weights_coin() -> None:
    session = Session(lesson_named("lesson 2"), [])
    session.command("sample", "1.1")
    before = session.state.cursor
    session.command("commit", "1")
    assert session.sounds(Cursor(COMMIT, 0.0)) == ()
    session.key("m", "m")
    assert session.sounds(Cursor(COMMIT, 0.0)) == (CRACK, CHIME)
    assert session.sounds(before) == ()
    session.command("sample", "1.2")  # its coin is −10
    assert session.sounds(Cursor(BANK, 0.0)) == (COIN_MINUS,)


def test_the_speaker_plays_what_the_device_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    played: list[pygame.mixer.Sound] = []
    monkeypatch.setattr(Speaker, "_made", _counted(Speaker._made, played))
    speaker = Speaker()
    speaker.play(ALL)
    assert len(played) == len(ALL)
    assert all(0.03 < sound.get_length() < 1.5 for sound in played)
    pygame.mixer.quit()


def _counted(made, played):  # type: ignore[no-untyped-def]
    def wrapped(self: Speaker, name: str) -> pygame.mixer.Sound | None:
        sound = made(self, name)
        played.append(sound)
        return sound

    return wrapped


def test_without_a_device_it_is_silent_and_asks_only_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def no_device(*_: object) -> None:
        asked.append(1)
        raise pygame.error("no audio here")

    pygame.mixer.quit()
    monkeypatch.setattr(pygame.mixer, "init", no_device)
    speaker = Speaker()
    speaker.play(ALL)
    speaker.play(ALL)
    assert len(asked) == 1


def test_starting_a_window_without_sound_opens_no_device() -> None:
    code = "import pygame, piggybank.app.window; print(pygame.mixer.get_init())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().splitlines()[-1] == "None"
