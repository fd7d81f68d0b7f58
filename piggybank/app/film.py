"""Pictures of any moment or stretch, painted off the simulated clock: PNG files and animated GIFs, no screen needed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import pygame
from tqdm import tqdm

from piggybank.app.lessons import Lesson, course, load_lesson
from piggybank.app.player import PlayerState, start
from piggybank.app.screen import screen
from piggybank.stage.painter import Painter
from piggybank.stage.timeline import Cursor

GIF_SIZE = (960, 540)
FRAMES_A_SECOND = 10
MOST_FRAMES = 160


def snapshot(lesson: Lesson, state: PlayerState, size: tuple[int, int], path: Path) -> None:
    """Write the picture of a state as PNG. Raises OSError when the file cannot be written."""
    lesson.ensure(state.cursor.beat)
    surface = pygame.Surface(size)
    Painter(size).paint(screen(lesson, state, size), surface)
    save_png(surface, path)


def save_png(surface: pygame.Surface, path: Path) -> None:
    """Write a surface; a failure is an OSError that names the file."""
    try:
        pygame.image.save(surface, str(path))
    except pygame.error as error:
        raise OSError(f"could not write {path}: {error}") from None


def cursors(lesson: Lesson, first: int, last: int, rate: float) -> list[Cursor]:
    """Moments from beat `first` to `last`, `rate` a second, every beat settled once."""
    found: list[Cursor] = []
    for beat in range(first, last + 1):
        steps = max(1, round(lesson.timeline.seconds(beat) * rate))
        found += [Cursor(beat, step / steps) for step in range(1, steps + 1)]
    return found


def frames(lesson: Lesson, moments: list[Cursor], size: tuple[int, int]) -> Iterator[pygame.Surface]:
    """One painted surface after the other; the same surface each time."""
    state = start(lesson.run.ledger.header, lesson.selected)
    painter, surface = Painter(size), pygame.Surface(size)
    for cursor in moments:
        lesson.ensure(cursor.beat)
        painter.paint(screen(lesson, replace(state, cursor=cursor), size), surface)
        yield surface


def write_gif(lesson: Lesson, moments: list[Cursor], path: Path, size: tuple[int, int], rate: float) -> None:
    """An animated GIF of the moments; needs Pillow (the extra [video]), ImportError without."""
    from PIL import Image

    pictures = [
        Image.frombytes("RGB", size, pygame.image.tobytes(surface, "RGB")).quantize(96, dither=Image.Dither.NONE)
        for surface in tqdm(frames(lesson, moments, size), total=len(moments), unit="frame", delay=1.0, leave=False)
    ]
    pause = round(1000 / rate)
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=pause, loop=0, optimize=False)


def write_pngs(lesson: Lesson, moments: list[Cursor], folder: Path, size: tuple[int, int]) -> None:
    """One PNG a moment, numbered in order."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, surface in enumerate(frames(lesson, moments, size), 1):
        save_png(surface, folder / f"{number:03}.png")


def draw_without_screen(lesson: Lesson | None) -> str:
    """Draw a lesson (the first one for None) into the current folder; gives the sentence that says where."""
    lesson = lesson or load_lesson(course()[0].number)
    last = lesson.timeline.commit_beat(min(2, lesson.batches or 1))
    stem = f"piggybank-lesson-{lesson.number}" if lesson.number else "piggybank-run"
    path = Path(f"{stem}.gif").resolve()
    try:
        import PIL  # noqa: F401
    except ImportError:
        folder = path.with_suffix("")
        write_pngs(lesson, [Cursor(beat, 1.0) for beat in range(last + 1)], folder, GIF_SIZE)
        return f"There is no screen here, so the lesson was drawn: {last + 1} pictures in {folder}"
    seconds = sum(lesson.timeline.seconds(beat) for beat in range(last + 1))
    rate = min(FRAMES_A_SECOND, max(1.0, MOST_FRAMES / seconds))
    write_gif(lesson, cursors(lesson, 0, last, rate), path, GIF_SIZE, rate)
    return f"There is no screen here, so the lesson was drawn: {path}"
