"""The window under the dummy driver: pygame's events become keys and clicks, and the loop runs until it is closed."""

from __future__ import annotations

import gc
import io
import sys
from collections.abc import Iterator

import pygame
import pytest
from looks import MAKERS, SIZES

from piggybank.app import window
from piggybank.app.controls import COMMANDS
from piggybank.app.course import course
from piggybank.app.display import without_pauses
from piggybank.app.session import Session
from piggybank.stage.regions import regions
from piggybank.stage.scene import Scene
from piggybank.stage.timeline import Cursor

NOWHERE = Scene((), (), ())


@pytest.fixture(autouse=True)
def _pygame() -> Iterator[None]:
    pygame.display.init()
    pygame.event.clear()
    yield
    pygame.event.clear()
    pygame.display.quit()


def session_of(name: str = "lesson 2") -> Session:
    return Session(MAKERS[name](), course())


def key(code: int, text: str = "", mod: int = 0) -> pygame.event.Event:
    return pygame.event.Event(pygame.KEYDOWN, key=code, unicode=text, mod=mod, scancode=0)


def mouse(x: float, y: float, button: int = 1) -> pygame.event.Event:
    return pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=(x, y), button=button, touch=False)


@pytest.mark.parametrize(
    ("event", "command"),
    [
        (key(pygame.K_SPACE, " "), "toggle"),
        (key(pygame.K_RIGHT), "forward"),
        (key(pygame.K_PAGEDOWN), "forward"),
        (key(pygame.K_PAGEUP), "back"),
        (key(pygame.K_RIGHT, mod=pygame.KMOD_LSHIFT), "next_sample"),
        (key(pygame.K_LEFT, mod=pygame.KMOD_RSHIFT), "previous_sample"),
        (key(pygame.K_RIGHT, mod=pygame.KMOD_LCTRL), "next_batch"),
        (key(pygame.K_LEFT, mod=pygame.KMOD_META), "previous_batch"),
        (key(pygame.K_RIGHT, mod=pygame.KMOD_NUM | pygame.KMOD_CAPS), "forward"),
        (key(pygame.K_HOME), "home"),
        (key(pygame.K_END), "end"),
        (key(pygame.K_UP), "weight_up"),
        (key(pygame.K_RETURN, "\r"), "inspect"),
        (key(pygame.K_KP_ENTER, "\r"), "inspect"),
        (key(pygame.K_e, "e"), "exact"),
        (key(pygame.K_e, "E", pygame.KMOD_LSHIFT), "exact"),
        (key(pygame.K_RIGHTBRACKET, "]"), "faster"),
        (key(pygame.K_8, "[", pygame.KMOD_RALT), "slower"),
        (key(pygame.K_8, "[", pygame.KMOD_RALT | pygame.KMOD_LCTRL), "slower"),
        (key(pygame.K_SLASH, "?", pygame.KMOD_LSHIFT), "help"),
        (key(pygame.K_F11), "fullscreen"),
        (key(pygame.K_F5), "fullscreen"),
        (key(pygame.K_PERIOD, "."), "blank"),
        (key(pygame.K_ESCAPE, "\x1b"), "close"),
        (key(pygame.K_q, "\x11", pygame.KMOD_LCTRL), "quit"),
        (key(pygame.K_q, "q"), "question"),
        (key(pygame.K_z, "z"), None),
        (key(pygame.K_LSHIFT, mod=pygame.KMOD_LSHIFT), None),
        (key(0), None),
    ],
    ids=lambda x: x if isinstance(x, str) else "",
)
def test_a_key_is_called_what_the_key_table_calls_it(event: pygame.event.Event, command: str | None) -> None:
    assert COMMANDS.get(window.key_name(event)) == command


def test_every_named_key_of_the_table_is_one_that_pygame_knows() -> None:
    for name in COMMANDS:
        plain = name.removeprefix("shift+").removeprefix("ctrl+")
        if plain not in ("[", "]", ".", "?"):
            event = key(pygame.key.key_code(plain), mod=_modifiers(name))
            assert window.key_name(event) == name


def _modifiers(name: str) -> int:
    return pygame.KMOD_LSHIFT if name.startswith("shift+") else pygame.KMOD_LCTRL if name.startswith("ctrl+") else 0


@pytest.mark.parametrize("size", SIZES)
def test_a_click_lands_where_it_was_made_at_any_size(size: tuple[int, int]) -> None:
    session, scale = session_of("xor 2-3-1"), regions(size).scale
    for name in ("x1->h1", "h3->y", "h2"):
        scene = session.scene(size)
        box = next(hit.box for hit in scene.hits if hit.command == "inspect" and hit.argument == name)
        window.handle(session, mouse(round(box.cx * scale), round(box.cy * scale)), scene, scale)
        assert session.state.inspecting == name
        session.key("escape")


@pytest.mark.parametrize("button", [2, 3, 4, 5])
def test_only_the_first_button_clicks(button: int) -> None:
    session, scale = session_of(), regions((1280, 720)).scale
    scene, before = session.scene((1280, 720)), session.state
    box = next(hit.box for hit in scene.hits if hit.command == "inspect")
    window.handle(session, mouse(box.cx * scale, box.cy * scale, button), scene, scale)
    assert session.state == before


def test_other_events_change_nothing() -> None:
    session = session_of()
    before = session.state
    for kind in (pygame.KEYUP, pygame.ACTIVEEVENT, pygame.VIDEORESIZE, pygame.USEREVENT):
        window.handle(session, pygame.event.Event(kind), NOWHERE, 1.0)
    assert session.state == before


def test_the_mouse_s_moves_and_wheel_reach_the_session() -> None:
    session = session_of()
    motion = pygame.event.Event(pygame.MOUSEMOTION, pos=(300, 200), rel=(1, 1), buttons=(0, 0, 0))
    window.handle(session, motion, NOWHERE, 0.5)
    assert session.state.pointer == (600.0, 400.0)
    window.handle(session, pygame.event.Event(pygame.WINDOWLEAVE), NOWHERE, 0.5)
    assert session.state.pointer is None
    names = [weight.name for weight in session.lesson.run.ledger.header.weights]  # type: ignore[union-attr]
    window.handle(session, pygame.event.Event(pygame.MOUSEWHEEL, y=-1), NOWHERE, 1.0)
    assert session.state.selected == names[min(1, len(names) - 1)]


def test_closing_the_window_quits() -> None:
    session = session_of()
    window.handle(session, pygame.event.Event(pygame.QUIT), NOWHERE, 1.0)
    assert session.quit


# The loop -------------------------------------------------------------------------------------------------------------


class Clock:
    """Time that passes as told."""

    def __init__(self, milliseconds: int) -> None:
        self.milliseconds, self.frames = milliseconds, 0

    def tick(self, _rate: int = 0) -> int:
        self.frames += 1
        return self.milliseconds


def looped(
    session: Session, *events: pygame.event.Event, milliseconds: int = 100, monkeypatch: pytest.MonkeyPatch
) -> Clock:
    """Run the loop over these events, each given once the picture stands still, and the window closed at last."""
    clock, waiting = Clock(milliseconds), [*events, pygame.event.Event(pygame.QUIT)]
    monkeypatch.setattr(window.pygame.time, "Clock", lambda: clock)

    def give(milliseconds: int = 0) -> pygame.event.Event:
        return waiting.pop(0)

    monkeypatch.setattr(window.pygame.event, "wait", give)
    window.run(session)
    assert waiting == []
    return clock


def test_the_loop_plays_what_is_asked_for_until_the_window_closes(monkeypatch: pytest.MonkeyPatch) -> None:
    session = session_of()
    looped(session, key(pygame.K_RIGHT), key(pygame.K_RIGHT), key(pygame.K_RIGHT), monkeypatch=monkeypatch)
    assert session.quit
    assert session.state.cursor == Cursor(2, 1.0)


def test_the_loop_takes_events_from_the_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    session = session_of()
    for event in (key(pygame.K_END), key(pygame.K_RETURN), key(pygame.K_q, mod=pygame.KMOD_LCTRL)):
        pygame.event.post(event)
    window.run(session)
    assert session.quit
    assert session.state.inspecting == "x1->y"
    assert session.state.cursor == Cursor(session.lesson.timeline.commit_beat(4), 1.0)  # type: ignore[union-attr]


class Unread(io.StringIO):
    """A terminal that was closed meanwhile."""

    def write(self, text: str) -> int:
        raise BrokenPipeError(32, "Broken pipe")


@pytest.mark.parametrize("output", [None, Unread(), io.StringIO()], ids=["none", "closed meanwhile", "a terminal"])
def test_what_is_copied_is_printed_where_somebody_can_read_it_and_the_window_stays_in_any_case(
    output: io.StringIO | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = session_of()
    monkeypatch.setattr(sys, "stdout", output)
    looped(session, key(pygame.K_c, "c"), key(pygame.K_RIGHT), monkeypatch=monkeypatch)
    assert session.state.cursor == Cursor(0, 1.0)
    if type(output) is io.StringIO:
        copied = session.lesson.run.ledger.receipt("x1->y", batch=1, sample=1)  # type: ignore[union-attr]
        assert output.getvalue() == f"{copied.python()}\n"


def test_nothing_is_swept_while_the_picture_moves_and_all_of_it_when_it_stands_still(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session, swept, quiet = session_of(), [], pygame.event.Event(pygame.NOEVENT)
    monkeypatch.setattr("piggybank.app.display.gc.collect", lambda: swept.append((session.moving, gc.isenabled())))
    looped(session, key(pygame.K_RIGHT), key(pygame.K_RIGHT), quiet, key(pygame.K_LEFT), monkeypatch=monkeypatch)
    assert swept == [(False, False)]
    assert gc.isenabled()


def test_where_nothing_was_swept_before_nothing_is_after() -> None:
    gc.disable()
    try:
        with without_pauses():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_time_spent_waiting_does_not_play(monkeypatch: pytest.MonkeyPatch) -> None:
    session = session_of()
    looped(session, key(pygame.K_RIGHT), key(pygame.K_HOME), milliseconds=60_000, monkeypatch=monkeypatch)
    assert session.state.cursor == Cursor(0, 0.0)


def test_a_frame_that_took_long_plays_no_more_than_a_tenth_of_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    session = session_of()
    clock = looped(session, key(pygame.K_RIGHT), milliseconds=60_000, monkeypatch=monkeypatch)
    assert clock.frames >= session.lesson.timeline.seconds(0) / 0.1  # type: ignore[union-attr]


def test_copying_prints_the_text(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    session = session_of()
    looped(session, key(pygame.K_END), key(pygame.K_c, "c"), monkeypatch=monkeypatch)
    printed = capsys.readouterr().out.strip()
    lesson = session.lesson
    assert lesson is not None
    assert eval(printed) == lesson.run.ledger.receipt("x1->y", batch=4).value
    assert session.copied == ""


def test_full_screen_and_back(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[bool] = []
    whole = window.open_window
    monkeypatch.setattr(window, "open_window", lambda size, full: (opened.append(full), whole(size, full))[1])
    looped(session_of(), key(pygame.K_F11), key(pygame.K_ESCAPE), monkeypatch=monkeypatch)
    assert opened[:3] == [False, True, False]


@pytest.mark.parametrize("meanwhile", [key(pygame.K_RIGHT), key(pygame.K_F11)], ids=["as it is", "full screen"])
def test_a_window_that_is_opened_again_without_acceleration_keeps_the_size_it_was_given_meanwhile(
    meanwhile: pygame.event.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[tuple[int, int], bool]] = []
    whole, slow = window.open_window, iter([False, True, *[False] * 1000])
    monkeypatch.setattr(window, "open_window", lambda size, full: (asked.append((size, full)), whole(size, full))[1])
    monkeypatch.setattr(window.FlipWatch, "note", lambda self, seconds: next(slow))
    monkeypatch.setenv("SDL_FRAMEBUFFER_ACCELERATION", "1")
    real, session = window.handle, session_of()

    def handle(session: Session, event: pygame.event.Event, scene: Scene, scale: float) -> None:
        if event.type == pygame.USEREVENT:  # somebody pulls at the window's corner
            pygame.display.set_mode((900, 700), pygame.RESIZABLE)
        real(session, event, scene, scale)

    monkeypatch.setattr(window, "handle", handle)
    looped(session, pygame.event.Event(pygame.USEREVENT), meanwhile, monkeypatch=monkeypatch)
    assert asked[1:] == [((900, 700), session.state.fullscreen)]


def test_the_menu_runs_in_the_window_too(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(None, course())
    looped(session, key(pygame.K_DOWN), key(pygame.K_RETURN), monkeypatch=monkeypatch)
    assert session.lesson is not None
    assert session.lesson.number == course()[1].number


def test_the_dummy_driver_is_no_screen() -> None:
    assert not window.has_screen()
