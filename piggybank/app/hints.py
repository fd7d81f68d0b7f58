"""Hints for the first time: one at a time, a few words each, gone once somebody has done as they say.

Pure: which hint stands follows from the player's state; what has been seen is part of that state.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from piggybank.app.state import PlayerState
from piggybank.stage.known import known_at
from piggybank.stage.timeline import Cursor, Timeline

PLAY, OPEN, SCRUB, KEYS = "play", "open", "scrub", "keys"
LAST_COMMIT = 3
"""After so many commits a hint that does not insist goes by itself, with the next commit that it stood through."""


@dataclass(frozen=True)
class Hint:
    """name: under which it is remembered. commands: after one of these it is not needed any more. insists: it stays
    until then, however far the run is played."""

    name: str
    words: str
    commands: frozenset[str]
    insists: bool = True


HINTS = (
    Hint(PLAY, "Space plays, → steps", frozenset({"toggle", "forward", "next_sample", "next_batch", "end"})),
    Hint(OPEN, "Click any number or pig to see how it came about", frozenset({"inspect", "open", "neuron"})),
    Hint(
        SCRUB,
        "Drag along the batches to go back in time",
        frozenset({"sample", "commit", "back", "previous_sample", "previous_batch"}),
        insists=False,
    ),
    Hint(KEYS, "H shows all keys", frozenset({"help"}), insists=False),
)


def hint_of(state: PlayerState, timeline: Timeline) -> Hint | None:
    """The first hint that is still needed; none while something is open or to be read, and where hints are off."""
    if state.seen is None or state.look.teacher or _busy(state):
        return None
    needed = [hint for hint in HINTS if hint.name not in state.seen]
    if not needed or (needed[0].name == SCRUB and state.cursor.beat < timeline.beats_per_sample):
        return None  # there is no time yet to go back to
    if needed[0].name == SCRUB and timeline.batch_size == 1:
        return replace(needed[0], words=needed[0].words.replace("batches", "samples"))
    return needed[0]


def _busy(state: PlayerState) -> bool:
    """Whether something else asks for attention."""
    opened = state.inspecting or state.trail or state.summary or state.gate is not None
    return bool(opened or state.help or state.dialog or state.score or state.blank or state.notice)


def noted(before: PlayerState, after: PlayerState, command: str, timeline: Timeline) -> PlayerState:
    """The state after a command, with the hints that need not be given any more."""
    if after.seen is None:
        return after
    done = {hint.name for hint in HINTS if command in hint.commands}
    shown, commits = hint_of(before, timeline), _commits(timeline, after.cursor)
    if shown is not None and not shown.insists and LAST_COMMIT <= commits > _commits(timeline, before.cursor):
        done.add(shown.name)
    return replace(after, seen=after.seen | done) if done - after.seen else after


def _commits(timeline: Timeline, cursor: Cursor) -> int:
    """How many have been made at a moment."""
    known = known_at(timeline, cursor)
    return known.batch if known.committed else known.batch - 1
