"""Snapshots: a moment as a picture, whatever is open in it, and never over one that is there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pygame
import pytest

from piggybank.app.cli import main

pytestmark = pytest.mark.usefixtures("elsewhere")


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
