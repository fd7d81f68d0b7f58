"""The window: the only reader of the clock, and of pygame's events. It turns both into names and shows the scene."""

from __future__ import annotations

import contextlib
import os
import time
import warnings
from collections.abc import Iterator
from dataclasses import replace

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import pygame

from piggybank.app.course import course
from piggybank.app.display import FlipWatch, before_the_first_window, sweep, without_acceleration, without_pauses
from piggybank.app.lessons import Lesson
from piggybank.app.session import Session
from piggybank.app.settings import Settings, load_settings, save_settings
from piggybank.app.sounds import Speaker
from piggybank.shipped import asset_path
from piggybank.stage.painter import Painter
from piggybank.stage.scene import Scene

FRAMES = 60
SIZE = (1280, 720)
QUIET = 2000
"""Milliseconds without an event after which nobody minds a short pause."""
RESIZINGS = 10
"""So many times a window asks for its size."""
NO_SCREEN = ("dummy", "offscreen", "")


def has_screen() -> bool:
    """Whether a window can be opened here."""
    before_the_first_window()
    try:
        pygame.display.init()
        return pygame.display.get_driver() not in NO_SCREEN and bool(pygame.display.get_desktop_sizes())
    except pygame.error:
        return False


def show(lesson: Lesson | None) -> None:
    """Play a lesson, or open the menu for None, in a window; without a screen draw it to a file and say where."""
    if has_screen():
        try:
            run(remembering(Session(lesson, [] if lesson is not None and lesson.number is None else course())))
        finally:
            pygame.quit()
        return
    from piggybank.app.film import draw_without_screen
    from piggybank.app.saying import say

    say(draw_without_screen(lesson))


def remembering(session: Session) -> Session:
    """With the looks, the sound and the hints as this person left them."""
    kept = load_settings()
    session.state = replace(session.state, look=kept.look, sound=kept.sound, seen=kept.seen)
    return session


def _settings_of(session: Session) -> Settings:
    state = session.state
    return Settings(state.look, state.sound, state.seen or frozenset())


def open_window(size: tuple[int, int], fullscreen: bool) -> pygame.Surface:
    """The display surface, as large as asked for or as the screen. Leaving full screen, a window manager may first give
    the whole screen once more, so it is asked again for a moment."""
    flags = pygame.FULLSCREEN if fullscreen else pygame.RESIZABLE
    with warnings.catch_warnings():  # pygame's own, about the size that is not the one asked for
        warnings.simplefilter("ignore", RuntimeWarning)
        surface = pygame.display.set_mode((0, 0) if fullscreen else size, flags)
        for _ in range(RESIZINGS):
            if fullscreen or surface.get_size() == size:
                break
            time.sleep(0.05)
            pygame.event.pump()
            surface = pygame.display.set_mode(size, flags)
    pygame.display.set_caption("piggybank")
    return surface


def first_size() -> tuple[int, int]:
    """The usual size, or what the screen has room for."""
    sizes = pygame.display.get_desktop_sizes()
    wide, high = sizes[0] if sizes else SIZE
    return (1600, 900) if wide >= 1900 and high >= 1050 else (min(SIZE[0], wide), min(SIZE[1], high))


@without_pauses()
def run(session: Session) -> None:
    """The loop: until the window closes."""
    pygame.display.init()
    with contextlib.suppress(pygame.error, FileNotFoundError):
        pygame.display.set_icon(pygame.image.load_sized_svg(asset_path("art/logo.svg"), (64, 64)))
    size = first_size()
    surface = open_window(size, False)
    painter, clock, fullscreen = Painter(surface.get_size()), pygame.time.Clock(), False
    speaker, flips, kept = Speaker(), FlipWatch(), _settings_of(session)
    while not session.quit:
        scene = session.scene(surface.get_size())
        painter.paint(scene, surface)
        began = time.perf_counter()
        pygame.display.flip()
        reopen = flips.note(time.perf_counter() - began)
        for event in _events(session.moving):
            handle(session, event, scene, painter.scale)
        milliseconds = clock.tick(FRAMES) if session.moving else _restart(clock)
        cursor = session.state.cursor
        session.command("tick", str(min(milliseconds, 100) / 1000))
        speaker.play(session.sounds(cursor))
        if session.copied:
            _to_clipboard(session)
        if session.state.seen is not None and _settings_of(session) != kept:
            kept = _settings_of(session)
            save_settings(kept)
        if reopen or session.state.fullscreen != fullscreen:
            size = size if fullscreen else (pygame.display.get_surface() or surface).get_size()
            if reopen:
                without_acceleration()
            fullscreen = session.state.fullscreen
            surface = open_window(size, fullscreen)
        surface = pygame.display.get_surface() or surface
        if surface.get_size() != painter.size:
            painter = Painter(surface.get_size())


def _restart(clock: pygame.time.Clock) -> int:
    """Forget the time that passed while waiting."""
    clock.tick()
    return 0


def _events(moving: bool) -> Iterator[pygame.event.Event]:
    """What has come in; when nothing moves, wait for something."""
    if not moving:
        event = pygame.event.wait(QUIET)
        if event.type == pygame.NOEVENT:
            sweep(quiet=True)
            event = pygame.event.wait()
        yield event
    sweep(quiet=False)
    yield from pygame.event.get()


def handle(session: Session, event: pygame.event.Event, scene: Scene, scale: float) -> None:
    """One event to the session."""
    if event.type == pygame.QUIT:
        session.command("quit", "")
    elif event.type == pygame.KEYDOWN:
        session.key(key_name(event), event.unicode)
    elif event.type == pygame.MOUSEMOTION:
        session.command("pointer", f"{event.pos[0] / scale},{event.pos[1] / scale}")
        if event.buttons[0]:
            session.drag(scene, event.pos[0] / scale, event.pos[1] / scale)
    elif event.type == pygame.MOUSEWHEEL and event.y:
        session.command("weight_up" if event.y > 0 else "weight_down", "")
    elif event.type == pygame.WINDOWLEAVE:
        session.command("pointer", "")
    elif event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
        session.click(scene, event.pos[0] / scale, event.pos[1] / scale)


def key_name(event: pygame.event.Event) -> str:
    """The key as the key table names it; characters by what they print, so that layouts do not matter."""
    name = pygame.key.name(event.key)
    if event.unicode and event.unicode in "[].?+-=,":
        return str(event.unicode)
    modifiers = getattr(event, "mod", 0)
    if modifiers & (pygame.KMOD_CTRL | pygame.KMOD_META):
        return f"ctrl+{name}"
    return f"shift+{name}" if modifiers & pygame.KMOD_SHIFT and len(name) > 1 else name


def _to_clipboard(session: Session) -> None:
    """Put the text on the clipboard, and print it too: a projector's machine may have no clipboard, and nobody need be
    there to read it either."""
    with contextlib.suppress(pygame.error, AttributeError):
        pygame.scrap.put_text(session.copied)
    with contextlib.suppress(OSError, ValueError):
        print(session.copied)
    session.copied = ""
