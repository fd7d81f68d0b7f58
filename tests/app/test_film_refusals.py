"""Films that cannot be made: one sentence, nothing left behind, and what was there stays."""

from __future__ import annotations

import builtins
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import pygame
import pytest
from disk import room_for
from films import SIZE, film

from piggybank.app import film as films
from piggybank.app.cli import main
from piggybank.app.film import record
from piggybank.app.reels import FilmError
from piggybank.app.screen import screen

pytestmark = pytest.mark.usefixtures("elsewhere")


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
        (["--out", "x.gif", "--from", "1.9.3"], "epoch 1 has batch 1, got '1.9.3'\n"),
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
