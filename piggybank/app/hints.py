"""Hints for the first time: one at a time, a few words in the strip below, gone once somebody has done as they say."""

from __future__ import annotations

from dataclasses import dataclass, replace

from piggybank.app.state import PlayerState


@dataclass(frozen=True)
class Hint:
    """name: under which it is remembered; commands: after one of these it is not needed any more."""

    name: str
    words: str
    commands: frozenset[str]


HINTS = (
    Hint("play", "Space plays, → steps", frozenset({"toggle", "forward", "next_sample", "next_batch"})),
    Hint("open", "Click a number or a pig", frozenset({"inspect", "open", "exact"})),
    Hint("scrub", "Drag along the dots", frozenset({"sample", "commit", "back", "previous_sample", "previous_batch"})),
    Hint("keys", "H shows all keys", frozenset({"help"})),
)


def hint_of(state: PlayerState) -> str:
    """The words of the first hint that is still needed; "" while something is open, and where hints are off."""
    busy = state.inspecting or state.trail or state.help or state.dialog or state.summary or state.look.teacher
    if state.seen is None or busy:
        return ""
    return next((hint.words for hint in HINTS if hint.name not in state.seen), "")


def noted(state: PlayerState, command: str) -> PlayerState:
    """The state after a command was given: what it did needs no hint any more."""
    if state.seen is None:
        return state
    done = {hint.name for hint in HINTS if command in hint.commands}
    return replace(state, seen=state.seen | done) if done - state.seen else state
