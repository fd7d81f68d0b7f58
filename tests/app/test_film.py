"""Films: every frame off the simulated clock, whole files or none, and one sentence for what cannot be made."""

from __future__ import annotations

import builtins
import stat
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np
import pygame
import pytest
from disk import room_for
from PIL import Image

from piggybank.app import film as films
from piggybank.app import reels
from piggybank.app.cli import main
from piggybank.app.course import load_lesson
from piggybank.app.film import Film, record
from piggybank.app.lessons import Lesson
from piggybank.app.moments import with_receipt
from piggybank.app.player import PlayerState, reduce, start
from piggybank.app.reels import FilmError
from piggybank.app.screen import screen
from piggybank.app.state import PLAYING, Stage
from piggybank.stage.painter import Painter
from piggybank.stage.themes import HUES

pytestmark = pytest.mark.usefixtures("elsewhere")

SIZE = (320, 240)


def film(begin: str = "1.1.3.bank", end: str = "1.1.commit", **changes: Any) -> Film:
    lesson = load_lesson(2)
    first, last = lesson.timeline.find(begin), lesson.timeline.find(end)
    lesson.ensure(last)
    return replace(Film(lesson, start(lesson.run.ledger.header), first, last, 10.0, hold=0.5), **changes)


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
    stage = Stage(lesson.timeline, lesson.run.ledger.header, 4, 1, reading=lesson.reading)
    state, seconds = PlayerState(motion=PLAYING, speed=speed), 0.0
    while state.motion == PLAYING:
        state = reduce(state, "tick", "0.005", stage)
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


# What cannot be made --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["x.mp4", "x.gif", "x.png"])
def test_an_interruption_leaves_nothing_and_keeps_what_was_there(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    record(film(), Path(name), SIZE)
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    painted_so_far = 0

    def interrupted(*arguments: Any, **named: Any) -> Any:
        nonlocal painted_so_far
        painted_so_far += 1
        if painted_so_far == 4:
            raise KeyboardInterrupt
        return screen(*arguments, **named)

    monkeypatch.setattr(films, "screen", interrupted)
    with pytest.raises(KeyboardInterrupt):
        record(film(), Path(name), SIZE, overwrite=True)
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before
    assert len([path for path in Path().iterdir() if path.name.startswith(".")]) == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--out", "x.avi"], "ending in .mp4, .gif or .png"),
        (["--out", "x"], "ending in .mp4, .gif or .png"),
        (["--out", "no/where/x.gif"], "there is no folder"),
        (["--out", "x.gif", "--from", "1.1.3", "--to", "1.1.2.loss"], "--from 1.1.2.loss --to 1.1.3.predict"),
        (["--out", "x.gif", "--from", "1.9.3"], "epoch 1 has batch 1"),
        (["--out", "x.gif", "--to", "1.1.99"], "samples 1 to 4"),
        (["--out", "x.gif", "--fps", "600"], "--fps from 1 to 60"),
        (["--out", "x.gif", "--fps", "0"], "--fps from 1 to 60, got 0"),
        (["--out", "x.gif", "--speed", "0"], "--speed from 0.1 to 64"),
        (["--out", "x.gif", "--hold", "-1"], "--hold from 0 to 60"),
        (["--out", "x.gif", "--size", "9x9"], "expected a size"),
        (["--out", "x.gif", "--theme", "pink"], "light, night, high contrast"),
        (["--out", "x.gif", "--text-size", "117"], "100, 115, 130"),
        (["--out", "x.gif", "--inspect", "h9->y"], "no weight or neuron called 'h9->y'"),
        (["--out", "x.gif", "--select", "h9"], "no weight called 'h9'"),
        (["--out", "x.gif", "--hover", "h9"], "no place for 'h9'"),
        (["--out", "x.mp4", "--to", "300.300.commit", "--fps", "60"], "the most is 20,000"),
        (["--out", "x.gif", "--to", "40.40.commit", "--fps", "60"], "the most is 2,000"),
    ],
)
def test_a_film_that_cannot_be_made_gets_one_sentence(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["record", "2", "--size", "320x240", *arguments]) == 2
    said = capsys.readouterr()
    assert says in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""
    assert list(Path().iterdir()) == []


def test_a_film_that_is_there_is_not_written_over_unless_asked(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["record", "2", "--from", "1.1.3.bank", "--to", "1.1.3.bank", "--size", "320x240", "--out", "x.gif"]
    assert main(arguments) == 0
    assert main(arguments) == 2
    assert "x.gif is there already" in capsys.readouterr().err
    assert main([*arguments, "--overwrite"]) == 0


def test_a_new_film_takes_the_place_of_a_longer_ones_pictures() -> None:
    record(film(hold=1.0), Path("x.png"), SIZE)
    short = film(hold=0.1)
    record(short, Path("x.png"), SIZE, overwrite=True)
    assert len(list(Path("x").iterdir())) == len(short.cursors())
    assert [path.name for path in Path().iterdir()] == ["x"]


@pytest.mark.parametrize("name", ["holiday.jpg", "001.png", ".hidden", "002.png/deep.png", "002.png"])
def test_a_folder_that_holds_anything_but_a_film_stays_as_it_is(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    record(film(hold=0.1, rate=2.0), Path("photos.png"), SIZE)
    mine = Path("photos", name)
    if len(Path(name).parts) > 1:
        mine.parent.unlink()
        mine.parent.mkdir()
    pygame.image.save(pygame.Surface((4, 4)), str(mine), "x.png")
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    assert main(["record", "2", "--size", "320x240", "--out", "photos.png", "--overwrite"]) == 2
    assert f"the folder photos holds {Path(name).parts[0]}" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before


def test_pictures_put_there_while_a_film_is_made_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    record(film(hold=0.1), Path("x.png"), SIZE, overwrite=True)

    def meanwhile(*arguments: Any) -> Any:
        Path("x", "holiday.jpg").write_bytes(b"mine")
        return screen(*arguments)

    monkeypatch.setattr(films, "screen", meanwhile)
    with pytest.raises(FilmError, match=r"holds holiday\.jpg"):
        record(film(), Path("x.png"), SIZE, overwrite=True)
    assert Path("x", "holiday.jpg").read_bytes() == b"mine"
    assert Path("x", "001.png").is_file()


@pytest.mark.parametrize("kind", ["file", "link"])
def test_what_is_no_folder_of_pictures_is_not_taken_for_one(kind: str) -> None:
    Path("elsewhere").mkdir()
    if kind == "file":
        Path("x").write_bytes(b"mine")
    else:
        Path("x").symlink_to("elsewhere")
    with pytest.raises(FilmError, match="no folder of pictures"):
        record(film(), Path("x.png"), SIZE, overwrite=True)


@pytest.mark.parametrize("name", ["x.gif", "x.mp4"])
def test_a_folder_is_not_taken_for_a_film(name: str) -> None:
    Path(name).mkdir()
    with pytest.raises(FilmError, match="a film is a file"):
        record(film(), Path(name), SIZE, overwrite=True)


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


@pytest.mark.parametrize(("package", "name"), [("PIL", "x.gif"), ("imageio_ffmpeg", "x.mp4")])
def test_a_missing_package_gets_the_command_that_brings_it(
    package: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(wanted: str, *arguments: Any, **named: Any) -> Any:
        if wanted.split(".")[0] == package:
            raise ImportError("not here")
        return real(wanted, *arguments, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(FilmError, match="piggybank\\[video\\]"):
        record(film(), Path(name), SIZE)
    assert list(Path().iterdir()) == []


def test_a_snapshot_with_another_ending_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["snapshot", "2", "--out", "x.xyz"]) == 2
    assert "ending in .png" in capsys.readouterr().err
    assert list(Path().iterdir()) == []


def test_a_snapshot_that_is_there_is_not_written_over_unless_asked(capsys: pytest.CaptureFixture[str]) -> None:
    Path("piggybank.png").write_text("mine")
    assert main(["snapshot", "2", "--size", "320x240"]) == 2
    assert capsys.readouterr().err == "piggybank: piggybank.png is there already; give another name, or --overwrite\n"
    assert Path("piggybank.png").read_text() == "mine"
    assert main(["snapshot", "2", "--size", "320x240", "--overwrite"]) == 0
    assert pygame.image.load("piggybank.png").get_size() == (320, 240)


ONE_MOMENT = ["record", "2", "--from", "1.1.3.bank", "--to", "1.1.3.bank", "--size", "320x240"]


@pytest.mark.parametrize(
    ("command", "name", "written"),
    [
        (["snapshot", "2", "--size", "320x240"], "x.png", "x.png"),
        (ONE_MOMENT, "x.gif", "x.gif"),
        (ONE_MOMENT, "x.mp4", "x.mp4"),
        (ONE_MOMENT, "x.png", "x"),
    ],
)
def test_a_picture_or_film_that_finds_no_room_is_refused_and_leaves_nothing(
    command: list[str], name: str, written: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with room_for(1_000):
        assert main([*command, "--out", name]) == 2
    said = capsys.readouterr()
    why = "the film was cut off" if name == "x.mp4" else "File too large"
    assert said.out == ""
    assert said.err.splitlines()[-1] == (
        f"piggybank: {written} could not be written ({why}); make room there, or write to another folder"
    )
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize("arrived", [0, 5])
def test_a_film_with_fewer_pictures_than_were_sent_is_refused(arrived: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imageio_ffmpeg, "count_frames_and_secs", lambda path: (arrived, 1.0))
    with pytest.raises(OSError, match=r"x\.mp4 could not be written \(the film was cut off\)"):
        record(film(), Path("x.mp4"), SIZE)
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize(
    "options",
    [
        ["--inspect", "x1->y", "--receipt"],
        ["--inspect", "y", "--receipt"],
        ["--summary"],
        ["--keys"],
        ["--hover", "x1->y"],
        ["--hindsight"],
        ["--theme", "night"],
        ["--theme", "high contrast"],
        ["--text-size", "130"],
        ["--teacher"],
    ],
)
def test_a_snapshot_shows_every_overlay(options: list[str]) -> None:
    usual = ["snapshot", "2", "--at", "1.1.3", "--size", "1280x720"]
    assert main([*usual, "--out", "plain.png"]) == 0
    assert main([*usual, *options, "--out", "open.png"]) == 0
    pictures = [pygame.surfarray.array3d(pygame.image.load(name)).astype(int) for name in ("plain.png", "open.png")]
    assert (np.abs(pictures[0] - pictures[1]).max(axis=2) > 40).mean() > 0.0005


def test_durations_add_up_to_the_whole_without_drifting() -> None:
    lengths = [1] * 37 + [5, 1, 1, 30]
    for rate in (7.0, 12.0, 30.0):
        found = reels._durations(lengths, rate)
        assert sum(found) == pytest.approx(1000 * sum(lengths) / rate, abs=6)
        assert min(found) >= 20
