"""Questions on the way: stepping stops at the first that is unanswered, a jump says how many it has passed."""

from __future__ import annotations

from dataclasses import replace

from piggybank.app.gates import with_question
from piggybank.app.state import STEPPING, Answer, PlayerState, Track, moved_to
from piggybank.stage.timeline import Cursor


def stepped(state: PlayerState, track: Track, beat: int) -> PlayerState:
    """On to the settled end of a later beat, or to the first question before that which is still to be asked."""
    first = 0 if state.cursor == Cursor(0, 0.0) else state.cursor.beat + 1
    for gate in sorted(track.questions):
        if first <= gate <= beat:
            here = moved_to(state, track, gate - 1) if gate else state
            asking = with_question(here, track, gate, STEPPING)
            if asking is not None:
                return asking
    return moved_to(state, track, beat)


def jumped(state: PlayerState, track: Track, beat: int) -> PlayerState:
    """To the settled end of any beat; questions that nobody has seen on the way count as skipped, and it is said."""
    moved = moved_to(state, track, beat)
    known = {answer.beat for answer in state.answers}
    passed = [gate for gate in sorted(track.questions) if gate <= moved.cursor.beat and gate not in known]
    if not passed:
        return moved
    words = f"{len(passed)} questions are skipped: Q asks the last."
    words = words if len(passed) > 1 else "One question is skipped: Q asks it."
    answers = tuple(Answer(gate, skipped=True, unseen=True) for gate in passed)
    return replace(moved, answers=(*state.answers, *answers), notice=words)
