"""A command lets go of the file that it looked into, whatever came of it, so that another can take its place."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from commands import trained

from piggybank.app.cli import main
from piggybank.ledger import reading

pytestmark = pytest.mark.usefixtures("elsewhere")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("receipt a.piggy --weight h2->y --batch 3 --sample 2", 0),
        ("receipt a.piggy --weight h9->y --batch 3", 2),
        ("receipt a.piggy --weight h2->y --batch 99", 2),
        ("summary a.piggy", 0),
        ("summary a.piggy --epoch 9", 2),
        ("snapshot a.piggy --at 1.1.1 --size 640x400 --out x.png", 0),
        ("snapshot a.piggy --at 99.1.1 --out x.png", 2),
        ("record a.piggy --to 1.1.1.loss --size 320x240 --fps 1 --hold 0 --out f.png", 0),
        ("export a.piggy --csv tables", 0),
        ("export a.piggy --csv tables --epoch 9", 2),
        ("export a.piggy --html page.html --to 1", 0),
        ("export a.txt --csv tables", 0),
        ("play a.piggy", 0),
        ("lesson a.piggy", 0),
    ],
)
def test_the_file_is_closed_when_a_command_ends(
    arguments: str, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    trained().close()
    Path("a.txt").write_bytes(Path("a.piggy").read_bytes())
    files: list[io.FileIO] = []
    opened = reading.opened

    def noted(path: Path) -> io.FileIO:
        files.append(opened(path))
        return files[-1]

    monkeypatch.setattr(reading, "opened", noted)
    monkeypatch.setattr("piggybank.app.window.show", lambda lesson: lesson.run.ledger.batch(2))
    assert main(arguments.split()) == code, capsys.readouterr().err
    assert len(files) == 1
    assert files[0].closed
