"""Saved runs side by side on the command line: `play`, `snapshot` and `record` of several files; what they refuse."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from commands import refused
from saved_sides import saved, three

from piggybank import Dense, Network, Run
from piggybank.app.cli import main
from piggybank.app.lessons import Lesson

pytestmark = pytest.mark.usefixtures("elsewhere")


def test_play_shows_the_files_that_it_is_given_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Lesson] = []
    monkeypatch.setattr("piggybank.app.window.show", shown.append)
    paths = three()
    for many in (2, 3):
        assert main(["play", *paths[:many]]) == 0
        assert [f"{other.title}.piggy" for other in shown.pop().family] == paths[:many]


def test_a_snapshot_and_a_film_of_several_files_show_them_side_by_side() -> None:
    paths = three()
    common = ["--size", "640x400", "--out"]
    for name, which in (("one", paths[:1]), ("two", paths[:2]), ("three", paths), ("turned", paths[::-1])):
        assert main(["snapshot", *which, "--at", "1.1.1", *common, f"{name}.png"]) == 0
    assert len({Path(f"{name}.png").read_bytes() for name in ("one", "two", "three", "turned")}) == 4
    film = ["--from", "1.1.1.bank", "--to", "1.1.commit", "--fps", "2", "--hold", "0"]
    assert main(["record", *paths, *film, *common, "film.png"]) == 0
    assert len(list(Path("film").glob("*.png"))) > 2


def test_without_a_screen_they_are_drawn(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("piggybank.app.film.GIF_SIZE", (320, 240))
    monkeypatch.setattr("piggybank.app.film.MOST_FRAMES", 8)
    assert main(["play", saved("a", 1), saved("b", 1, seed=2)]) == 0
    assert "so the first batch was drawn: " in capsys.readouterr().out


def test_what_a_damaged_file_no_longer_holds_is_said_of_each(capsys: pytest.CaptureFixture[str]) -> None:
    paths = [saved("a"), saved("b", seed=2)]
    for path in paths:
        lines = Path(path).read_bytes().splitlines(keepends=True)
        Path(path).write_bytes(b"".join(lines[:4]) + lines[4].replace(b"1", b"7", 3))
    capsys.readouterr()
    assert main(["snapshot", *paths, "--size", "640x400"]) == 0
    said = capsys.readouterr().err.splitlines()
    assert [line.split(",")[0] for line in said] == ["piggybank: a.piggy", "piggybank: b.piggy"]


@pytest.mark.parametrize("command", ["play", "snapshot", "record"])
@pytest.mark.parametrize(
    ("which", "sentence"),
    [
        (["a.piggy"] * 5, "up to 4 runs stand side by side, got 5; leave some out"),
        (["a.piggy", "a.piggy"], "'a.piggy' is given twice, and a run stands beside others; leave it out once"),
        (["a.piggy", "link.piggy"], "'link.piggy' is given twice, and a run stands beside others; leave it out once"),
        (["a.piggy", "2"], "side by side stand saved runs, whose names end in .piggy, got '2'"),
        (["mine.py", "a.piggy"], "side by side stand saved runs, whose names end in .piggy, got 'mine.py'"),
        (["a.piggy", "none.piggy"], "there is no file 'none.piggy'; check the name and the folder"),
        (["a.piggy", "x.piggy"], "'x.piggy' is not a piggybank file; give one that run.save(...) or save=... wrote"),
        (["a.piggy", "empty.piggy"], "empty.piggy holds no batch yet; train first"),
        (
            ["a.piggy", "other.piggy"],
            "networks of other shapes are compared by their losses, and these are two kinds, squared error and "
            "binary cross-entropy; give runs with one loss, or of one shape",
        ),
        (
            ["a.piggy", "b.piggy", "--data", "a.bin"],
            "all of the runs hold their data themselves; leave --data out",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_stand_side_by_side_is_refused_in_one_sentence(
    command: str, which: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    saved("a")
    saved("b", seed=2)
    os.link("a.piggy", "link.piggy")
    Path("x.piggy").write_text("hello", encoding="utf-8")
    Path("mine.py").write_text("", encoding="utf-8")
    Run(Network(Dense(2, 1)), "xor").save("empty.piggy")
    other = Run(Network(Dense(2, 1, "sigmoid")), "xor", loss="binary cross-entropy").train(batches=1)
    other.save("other.piggy")
    assert refused(capsys, command, *which) == sentence


def test_all_other_commands_take_one_run(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("summary", "lesson", "export --csv tables", "worksheet", "receipt --weight h2->y --batch 1"):
        name, *rest = command.split()
        with pytest.raises(SystemExit):
            main([name, "a.piggy", "b.piggy", *rest])
        assert "'b.piggy' is one too many" in capsys.readouterr().err
