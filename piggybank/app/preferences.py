"""Commands that change how the screen looks, reads or sounds, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from piggybank.app.state import PlayerState
from piggybank.stage.look import Look

Change = Callable[[PlayerState], PlayerState]


def _look(change: Callable[[Look], Look], words: Callable[[Look], str]) -> Change:
    """A change of the look, and the sentence that says so."""

    def made(state: PlayerState) -> PlayerState:
        look = change(state.look)
        return replace(state, look=look, notice=words(look), pointer=None)

    return made


def _sound(state: PlayerState) -> PlayerState:
    return replace(state, sound=not state.sound, notice="Sound off." if state.sound else "Sound on.")


def _text_size(look: Look) -> str:
    return f"Text at {look.text * 100:.0f} % of its usual size, where the window has room."


PREFERENCES: dict[str, Change] = {
    "larger": _look(lambda look: look.resized(+1), _text_size),
    "smaller": _look(lambda look: look.resized(-1), _text_size),
    "theme": _look(Look.next_theme, lambda look: f"Colours: {look.theme}."),
    "reduced": _look(
        lambda look: replace(look, reduced=not look.reduced),
        lambda look: "Less movement: nothing flies, the numbers come as they are." if look.reduced else "All movement.",
    ),
    "comma": _look(
        lambda look: replace(look, comma=not look.comma),
        lambda look: "Numbers have a decimal comma." if look.comma else "Numbers have a decimal point.",
    ),
    "teacher": _look(
        lambda look: replace(look, teacher=not look.teacher),
        lambda look: "Teacher mode: the words are yours." if look.teacher else "The lesson's words are back.",
    ),
    "sound": _sound,
}
