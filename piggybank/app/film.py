"""Pictures of any moment or stretch, painted off a simulated clock: no screen needed, and the same every time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import pygame

from piggybank.app import reels
from piggybank.app.aside import aside, writing
from piggybank.app.course import course, load_lesson
from piggybank.app.lessons import Lesson
from piggybank.app.moments import with_receipt
from piggybank.app.naming import numbered
from piggybank.app.player import PlayerState, start
from piggybank.app.reels import FilmError
from piggybank.app.screen import screen
from piggybank.progress import progress
from piggybank.stage import palette as p
from piggybank.stage.painter import Painter
from piggybank.stage.themes import THEMES, colour
from piggybank.stage.timeline import Cursor

GIF_SIZE = (960, 540)
FRAMES_A_SECOND = 10
MOST_FRAMES = 160
LONGEST, LONGEST_GIF = 20_000, 2_000
"""A film of more pictures than this is refused: it is a mistake, and would take hours, or all memory."""


@dataclass(frozen=True)
class Film:
    """A stretch from beat `first` to `last`: at `rate` frames a second, `speed` times as fast as the player, the last
    picture held for `hold` seconds more. state: what is open while it plays; receipt: with the receipt of what is
    inspected, as it stands at each moment."""

    lesson: Lesson
    state: PlayerState
    first: int
    last: int
    rate: float = 30.0
    speed: float = 1.0
    hold: float = 1.0
    receipt: bool = False

    def cursors(self) -> list[Cursor]:
        """The moment of every frame. A beat whose words need reading stays for as long as in the player."""
        found: list[Cursor] = []
        clock = 0.0
        for beat in range(self.first, self.last + 1):
            seconds = self.lesson.timeline.seconds(beat)
            end = clock + (seconds + self.lesson.reading(beat)) / self.speed
            for frame in range(round(clock * self.rate), round(end * self.rate)):
                progress = ((frame + 1) / self.rate - clock) * self.speed / seconds
                found.append(Cursor(beat, min(1.0, max(0.0, progress))))
            clock = end
        return found + [Cursor(self.last, 1.0)] * max(1, round(self.hold * self.rate))


def snapshot(lesson: Lesson, state: PlayerState, size: tuple[int, int], path: Path, overwrite: bool = False) -> None:
    """Write the picture of a state as PNG. Raises FilmError for another kind of file and one that is there already,
    OSError when it cannot be written."""
    if path.suffix.lower() != ".png":
        raise FilmError(f"a snapshot is a file ending in .png, got {path.name!r}; try {path.stem or 'moment'}.png")
    reels.check_file(path, overwrite)
    lesson.ensure(state.cursor.beat)
    surface = pygame.Surface(size)
    Painter(size).paint(screen(lesson, state, size), surface)
    with writing(path), aside(path) as file:
        file.write(reels.png(surface))


def record(film: Film, path: Path, size: tuple[int, int], overwrite: bool = False) -> Path:
    """Write a film as MP4, GIF or numbered PNGs by the name's ending; gives what was written. FilmError, OSError."""
    reels.check_target(path, overwrite)
    if film.last < film.first:
        begin, end = (film.lesson.timeline.address(beat) for beat in (film.last, film.first))
        raise FilmError(f"the film ends before it begins; try --from {begin} --to {end}")
    cursors = film.cursors()
    most = LONGEST_GIF if path.suffix.lower() == ".gif" else LONGEST
    if len(cursors) > most:
        raise FilmError(f"that would be {len(cursors):,} pictures, the most is {most:,}; shorten it or use --speed")
    return reels.write(_frames(film, cursors, size), path, size, film.rate, _colours(film.state.look.theme))


def _colours(theme: str) -> list[str]:
    """What a GIF must show as it is: the colours of the theme and of the samples."""
    roles = [*THEMES[theme], *(p.hue(sample) for sample in range(1, p.HUES + 1))]
    return [colour(theme, role) for role in roles if " low" not in role and " high" not in role]


def _frames(film: Film, cursors: list[Cursor], size: tuple[int, int]) -> Iterator[pygame.Surface]:
    """One painted surface after the other; the same surface each time."""
    painter, surface = Painter(size), pygame.Surface(size)
    film.lesson.ensure(film.last)
    for cursor in progress(cursors, "picture"):
        state = replace(film.state, cursor=cursor, sealed=film.lesson.timeline.batch_of(film.last))
        state = with_receipt(film.lesson, state) if film.receipt else state
        painter.paint(screen(film.lesson, state, size), surface)
        yield surface


def draw_without_screen(lesson: Lesson | None) -> str:
    """Draw a lesson (the first one for None) into the current folder, under a name that is free; gives the sentence
    that says where."""
    lesson = lesson or load_lesson(course()[0].number)
    batches = min(2, lesson.batches or 1)
    last = lesson.timeline.commit_beat(batches)
    stem = _free("piggybank-run" if lesson.number is None else f"piggybank-{numbered(lesson.number).replace(' ', '-')}")
    state = replace(start(lesson.run.ledger.header, lesson.selected), beside=len(lesson.family) > 1)
    film = Film(lesson, state, 0, last, FRAMES_A_SECOND)
    film = replace(film, speed=max(1.0, len(film.cursors()) / MOST_FRAMES))
    drawn = "the first batch was drawn" if batches == 1 else f"the first {batches} batches were drawn"
    said = f"There is no screen here, so {drawn}"
    try:
        path = record(film, Path(f"{stem}.gif").resolve(), GIF_SIZE)
    except FilmError:  # without Pillow
        settled = [Cursor(beat, 1.0) for beat in range(last + 1)]
        path = reels.write(_frames(film, settled, GIF_SIZE), Path(f"{stem}.png").resolve(), GIF_SIZE, 1.0)
        return f"{said}: pictures in {path}"
    return f"{said}: {path}"


def _free(stem: str) -> str:
    """The name, or the name with a number from 2 on, which neither a film nor a folder of pictures has here."""
    names = chain([stem], (f"{stem}-{number}" for number in count(2)))
    return next(name for name in names if not (os.path.lexists(name) or os.path.lexists(f"{name}.gif")))
