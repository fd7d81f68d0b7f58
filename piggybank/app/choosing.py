"""The menu's own commands: choosing a lesson, by keys or the pointer, and what came of those that were seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from piggybank.app.course import Entry, load_lesson
from piggybank.app.preferences import PREFERENCES
from piggybank.app.screen import hit_under
from piggybank.app.state import Answer

if TYPE_CHECKING:
    from piggybank.app.session import Session


def result(answers: Sequence[Answer]) -> str:
    """What came of a lesson in a few words: how many questions were answered rightly, where any were."""
    alone = [answer for answer in answers if not answer.voted]
    if all(answer.unseen for answer in alone):
        return "seen"
    return f"{sum(answer.right for answer in alone)} of {len(alone)} right"


def following(entries: Sequence[Entry], number: int | str | None) -> str:
    """The title of what comes after a lesson in the menu; "" where nothing does."""
    places = [place for place, entry in enumerate(entries, start=1) if entry.number == number]
    return entries[places[0]].title if places and places[0] < len(entries) else ""


def _place(argument: str) -> tuple[float, float] | None:
    x, _, y = argument.partition(",")
    return (float(x), float(y)) if y else None


def in_menu(session: Session, command: str, argument: str) -> None:
    """Carry out a command while the menu is open."""
    if command == "pointer":
        hit = hit_under(session.shown.hits, _place(argument)) if session.shown is not None else None
        session.chosen = int(hit.argument) if hit is not None and hit.command == "open" else session.chosen
    elif command in PREFERENCES:
        session.state = PREFERENCES[command](session.state)
    elif command == "blank":
        session.state = replace(session.state, blank=not session.state.blank)
    elif command in ("help", "close") and (session.state.help or command == "help"):
        session.state = replace(session.state, help=not session.state.help)
    elif command in ("fullscreen", "close"):
        session.state = replace(session.state, fullscreen=command == "fullscreen" and not session.state.fullscreen)
    elif command in ("weight_down", "weight_up"):
        session.chosen = min(max(session.chosen + (1 if command == "weight_down" else -1), 0), len(session.entries) - 1)
        session.state = replace(session.state, focus=None)
    elif command in ("home", "end"):
        session.chosen = 0 if command == "home" else len(session.entries) - 1
        session.state = replace(session.state, focus=None)
    elif command == "focus":
        pressed, _, place = argument.partition(" ")
        session.chosen = int(place) if pressed == "open" else session.chosen
        session.state = replace(session.state, focus=(pressed, place) if pressed else None)
    elif command in ("inspect", "open", "toggle", "forward") and session.entries:
        session.chosen = int(argument) if argument else session.chosen
        session.enter(load_lesson(session.entries[session.chosen].path))
