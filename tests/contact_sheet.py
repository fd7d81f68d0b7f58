"""Every look at once: moments × sizes × networks on one sheet per theme. Run it: python tests/contact_sheet.py FOLDER

Rows are networks and sizes, columns are moments; `--only NET` or `--full` (each picture at its own size) look closer.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import pygame
from looks import SIZES, as_lesson, fresh, run_of
from tqdm import tqdm

from piggybank import Lesson
from piggybank.app.player import PlayerState
from piggybank.app.screen import screen
from piggybank.stage.look import Look
from piggybank.stage.painter import Painter
from piggybank.stage.themes import THEMES
from piggybank.stage.timeline import Cursor

NETS = {"1-1": (1, 1), "2-3-1": (2, 3, 1), "4-8-3": (4, 8, 3), "8-16-3": (8, 16, 3), "64-32-10": (64, 32, 10)}
CELL, GAP = (480, 270), 8


@dataclass(frozen=True)
class Moment:
    """An address, how far its beat has played, and what is open."""

    address: str
    progress: float = 1.0
    open: str = ""


MOMENTS = (
    Moment("1.1.1.predict1", 0.4),
    Moment("1.1.2.loss"),
    Moment("1.1.2.blame", 0.4),
    Moment("1.1.3.bank", 0.45),
    Moment("1.1.3.bank"),
    Moment("1.1.commit", 0.15),
    Moment("1.1.commit", 0.35),
    Moment("1.1.commit", 0.55),
    Moment("1.1.commit", 0.9),
    Moment("1.2.1.blame"),
    Moment("1.1.3.bank", 1.0, "inspecting"),
    Moment("1.2.commit", 1.0, "summary"),
)


def lesson_of(net: str) -> Lesson:
    """A run of that shape, far enough for every moment."""
    return as_lesson(run_of(*NETS[net]), title=net)


def state_at(lesson: Lesson, moment: Moment, look: Look) -> PlayerState:
    state = fresh(lesson, cursor=Cursor(lesson.timeline.find(moment.address), moment.progress), look=look)
    if moment.open == "inspecting":
        return replace(state, inspecting=state.selected)
    return replace(state, summary=moment.open == "summary")


def pictures(net: str, look: Look) -> Iterator[tuple[tuple[int, int], Moment, pygame.Surface]]:
    """Size, moment and picture; the surface is used again for the next of its size."""
    lesson = lesson_of(net)
    for size in SIZES:
        painter, surface = Painter(size), pygame.Surface(size)
        for moment in MOMENTS:
            painter.paint(screen(lesson, state_at(lesson, moment, look), size), surface)
            yield size, moment, surface


def sheet(nets: list[str], look: Look) -> pygame.Surface:
    """All pictures, each fitted into a cell."""
    rows = [(net, size) for net in nets for size in SIZES]
    across, down = CELL[0] + GAP, CELL[1] + GAP
    found = pygame.Surface((across * len(MOMENTS) + GAP, down * len(rows) + GAP))
    found.fill("#777777")
    with tqdm(total=len(rows) * len(MOMENTS), unit="picture") as bar:
        for net in nets:
            for size, moment, picture in pictures(net, look):
                scale = min(CELL[0] / size[0], CELL[1] / size[1])
                small = pygame.transform.smoothscale(picture, (round(size[0] * scale), round(size[1] * scale)))
                place = GAP + MOMENTS.index(moment) * across, GAP + rows.index((net, size)) * down
                found.blit(small, small.get_rect(center=(place[0] + CELL[0] // 2, place[1] + CELL[1] // 2)))
                bar.update()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--theme", choices=THEMES, action="append")
    parser.add_argument("--only", choices=NETS, action="append", help="this network")
    parser.add_argument("--full", action="store_true", help="each picture as a file of its own size")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for theme in options.theme or THEMES:
        look, name = Look(theme=theme), theme.replace(" ", "-")
        if not options.full:
            pygame.image.save(sheet(options.only or list(NETS), look), str(options.folder / f"{name}.png"))
            continue
        for net in options.only or NETS:
            for size, moment, picture in pictures(net, look):
                at = f"{MOMENTS.index(moment) + 1:02}"
                pygame.image.save(picture, str(options.folder / f"{name}_{net}_{size[0]}x{size[1]}_{at}.png"))


if __name__ == "__main__":
    main()
