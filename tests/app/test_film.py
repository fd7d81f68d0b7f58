"""Films: every frame off the simulated clock, in files of every kind."""

from __future__ import annotations

import stat
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np
import pygame
import pytest
from films import SIZE, film
from PIL import Image

from piggybank.app import film as films
from piggybank.app import reels
from piggybank.app.course import load_lesson
from piggybank.app.film import Film, record
from piggybank.app.lessons import Lesson
from piggybank.app.moments import with_receipt
from piggybank.app.player import PlayerState, reduce
from piggybank.app.screen import screen
from piggybank.app.state import PLAYING, Track
from piggybank.stage.painter import Painter
from piggybank.stage.themes import HUES

pytestmark = pytest.mark.usefixtures("elsewhere")


def painted(show: Film, place: int, size: tuple[int, int] = SIZE) -> np.ndarray:
    surface = pygame.Surface(size)
    state = replace(show.state, cursor=show.cursors()[place])
    Painter(size).paint(screen(show.lesson, state, size), surface)
    return pygame.surfarray.array3d(surface).swapaxes(0, 1)


# Frames ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("speed", [0.5, 1.0, 4.0])
def test_a_film_takes_as_long_as_the_player_does(speed: float) -> None:
    show = film("1.1.1.predict", "1.1.commit", rate=50.0, speed=speed, hold=0.0)
    lesson = show.lesson
    track = Track(lesson.timeline, lesson.run.ledger.header, 4, 1, reading=lesson.reading)
    state, seconds = PlayerState(motion=PLAYING, speed=speed), 0.0
    while state.motion == PLAYING:
        state = reduce(state, "tick", "0.005", track)
        seconds += 0.005
    last_words = lesson.reading(show.last) / speed  # the player stops there without waiting
    assert len(show.cursors()) / 50.0 == pytest.approx(seconds + last_words, abs=0.05)


def test_a_films_moments_only_go_forward_and_end_settled() -> None:
    cursors = film("1.1.1.predict", "2.2.commit").cursors()
    moments = [(cursor.beat, cursor.progress) for cursor in cursors]
    assert moments == sorted(moments)
    assert moments[-1] == (cursors[-1].beat, 1.0)
    assert {cursor.beat for cursor in cursors} == set(range(cursors[0].beat, cursors[-1].beat + 1))


def test_the_last_picture_is_held() -> None:
    short, long = film(hold=0.0).cursors(), film(hold=3.0).cursors()
    assert len(long) - len(short) == 30 - 1  # one is always there
    assert set(long[-30:]) == {long[-1]}


def test_the_same_film_twice_is_the_same_file() -> None:
    for name in ("a.gif", "b.gif"):
        record(film(), Path(name), SIZE)
    assert Path("a.gif").read_bytes() == Path("b.gif").read_bytes()


# Files ----------------------------------------------------------------------------------------------------------------


def test_an_mp4_has_the_films_frames_size_and_pictures() -> None:
    show = film()
    record(show, Path("x.mp4"), SIZE)
    frames, seconds = imageio_ffmpeg.count_frames_and_secs("x.mp4")
    assert frames == len(show.cursors())
    assert seconds == pytest.approx(frames / 10.0, abs=0.11)
    reader = imageio_ffmpeg.read_frames("x.mp4")
    assert next(reader)["size"] == SIZE
    first = np.frombuffer(next(reader), np.uint8).reshape(SIZE[1], SIZE[0], 3)
    assert np.abs(first.astype(int) - painted(show, 0)).mean() < 6
    assert np.abs(first.astype(int) - painted(show, -1)).mean() > np.abs(first.astype(int) - painted(show, 0)).mean()


def test_an_mp4_of_odd_size_loses_a_line_rather_than_failing() -> None:
    record(film(), Path("x.mp4"), (321, 241))
    assert next(imageio_ffmpeg.read_frames("x.mp4"))["size"] == (320, 240)


def test_a_gifs_lengths_add_up_to_the_films_and_its_pictures_are_the_screens() -> None:
    show = film("1.1.1.predict", "1.1.2.loss")
    record(show, Path("x.gif"), SIZE)
    with Image.open("x.gif") as picture:
        milliseconds, pictures = 0, 0
        for place in range(picture.n_frames):  # type: ignore[attr-defined]
            picture.seek(place)
            milliseconds += picture.info["duration"]
            pictures += 1
            if place == 0:
                found = np.asarray(picture.convert("RGB")).astype(int)
                assert np.abs(found - painted(show, 0)).mean() < 4
    assert milliseconds == pytest.approx(100 * len(show.cursors()), abs=20)
    assert pictures < len(show.cursors())  # what stays is written once


def test_numbered_pictures_are_the_screens_own() -> None:
    show = film(hold=0.1)
    folder = record(show, Path("x.png"), SIZE)
    names = sorted(path.name for path in folder.iterdir())
    assert names == [f"{number:03}.png" for number in range(1, len(show.cursors()) + 1)]
    found = pygame.surfarray.array3d(pygame.image.load(str(folder / "002.png"))).swapaxes(0, 1)
    assert (found == painted(show, 1)).all()


@pytest.mark.skipif(sys.platform == "win32", reason="everybody may read there")
def test_a_folder_of_pictures_may_be_read_as_the_one_it_replaces() -> None:
    folder = record(film(hold=0.1), Path("x.png"), SIZE)
    Path("new").mkdir()
    assert folder.stat().st_mode == Path("new").stat().st_mode
    folder.chmod(0o700)
    record(film(hold=0.1), Path("x.png"), SIZE, overwrite=True)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_gif_shows_every_coin_in_its_samples_colour() -> None:
    show = film("1.1.1.predict", "1.1.4.bank", rate=2.0)
    size = (960, 540)
    record(show, Path("x.gif"), size)
    truth = painted(show, -1, size)
    with Image.open("x.gif") as picture:
        picture.seek(picture.n_frames - 1)  # type: ignore[attr-defined]
        found = np.asarray(picture.convert("RGB")).astype(int)
    for sample in range(1, 5):
        places = (truth == tuple(bytes.fromhex(HUES[sample - 1][1:]))).all(axis=2)
        assert places.sum() > 10, f"coin {sample} is not on the picture"
        assert (found == truth)[places].all()


def test_a_receipt_in_a_film_tells_what_is_known_at_each_moment() -> None:
    states = {}
    show = film("1.1.1.predict", "1.1.commit")
    for cursor in show.cursors():
        state = with_receipt(show.lesson, replace(show.state, cursor=cursor, inspecting="x1->y"))
        states[show.lesson.timeline.moment(cursor.beat).phase] = show.lesson.run.ledger.open(state.trail[0]).state
    assert states == {"predict": "pending", "loss": "pending", "blame": "pending", "bank": "pending", "commit": "final"}


def test_a_film_is_painted_with_the_receipt_of_its_own_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    trails = []

    def seen(lesson: Lesson, state: PlayerState, size: tuple[int, int]) -> Any:
        trails.append(state.trail[0].banked)
        return screen(lesson, state, size)

    monkeypatch.setattr(films, "screen", seen)
    show = film("1.1.4.bank", "1.1.commit", receipt=True, rate=2.0)
    record(replace(show, state=replace(show.state, inspecting="x1->y")), Path("x.png"), SIZE)
    assert (trails[0], trails[-1]) == (3, None)


def test_the_last_picture_of_a_film_has_the_seal_of_all_that_came_before(monkeypatch: pytest.MonkeyPatch) -> None:
    told = []

    def seen(lesson: Lesson, state: PlayerState, size: tuple[int, int]) -> Any:
        scene = screen(lesson, state, size)
        told.append(any(f"seal {lesson.run.ledger.seal_at(1)}" in label.text for label in scene.labels()))
        return scene

    monkeypatch.setattr(films, "screen", seen)
    show = film("1.1.4.bank", "1.1.commit", rate=2.0)
    assert show.lesson.batches > 1
    record(show, Path("x.png"), (640, 400))
    assert (told[0], told[-1]) == (False, True)


# What cannot be made --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pillow", [True, False])
def test_a_lesson_drawn_without_a_screen_takes_a_name_that_is_free(
    pillow: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("piggybank-lesson-1").mkdir()
    Path("piggybank-lesson-1", "001.png").write_text("mine")
    Path("piggybank-lesson-1-2.gif").write_text("mine")
    if not pillow:
        monkeypatch.setitem(sys.modules, "PIL", None)
    assert "piggybank-lesson-1-3" in films.draw_without_screen(load_lesson(1))
    assert Path("piggybank-lesson-1-3.gif" if pillow else "piggybank-lesson-1-3/001.png").is_file()
    assert [path.read_text() for path in Path("piggybank-lesson-1").iterdir()] == ["mine"]
    assert Path("piggybank-lesson-1-2.gif").read_text() == "mine"


def test_durations_add_up_to_the_whole_without_drifting() -> None:
    lengths = [1] * 37 + [5, 1, 1, 30]
    for rate in (7.0, 12.0, 30.0):
        found = reels._durations(lengths, rate)
        assert sum(found) == pytest.approx(1000 * sum(lengths) / rate, abs=6)
        assert min(found) >= 20
