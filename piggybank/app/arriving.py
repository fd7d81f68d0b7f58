"""What opens by itself when a moment is reached, by whatever way: the card of trouble, once; at the end its words."""

from __future__ import annotations

from dataclasses import replace

from piggybank.app.state import PLAYING, STILL, PlayerState, Track
from piggybank.stage.timeline import Cursor


def has_come(cursor: Cursor, beat: int | None) -> bool:
    """Whether a beat has settled at a moment, or lies before it."""
    return beat is not None and (cursor.beat > beat or (cursor.beat == beat and cursor.progress >= 1))


def warned(state: PlayerState, trouble: int | None) -> PlayerState:
    """The state with the card of trouble open, where that has come and nobody was told yet, and no question or dialog
    is open. trouble: its beat."""
    busy = state.gate is not None or state.dialog
    if state.warned or busy or not has_come(state.cursor, trouble):
        return state
    return replace(state, motion=STILL, warning=True, warned=True)


def planned_end(track: Track) -> int | None:
    """The beat after which playing stops by itself; None without a plan."""
    return track.timeline.length(track.planned) - 1 if track.planned else None


def at_the_end(before: PlayerState, after: PlayerState, track: Track) -> PlayerState:
    """The state after a command that has reached the planned end from an earlier moment: at rest with the words of the
    end, and the score of what was answered."""
    end = planned_end(track)
    if end is None or after.cursor != Cursor(end, 1.0) or has_come(before.cursor, end) or after.gate is not None:
        return after
    if not track.grows and before.motion != PLAYING:  # steps to a recording's end leave room for what its file has lost
        return after
    said = f"{after.notice} {ending(track)}".strip()
    return replace(after, motion=STILL, notice=said, score=any(not answer.unseen for answer in after.answers))


def ending(track: Track) -> str:
    """The words at the end, with the seal that stands for everything up to there."""
    if track.grows:
        seal = track.seal(track.planned)
        ends = "The lesson ends here. Space plays on" if track.tells else "It was trained up to here. Space trains on"
        words = f"{ends}, Home goes back to the beginning."
    else:
        seal = track.seal(track.recorded)
        other = f"{track.going_on} shows one that goes on, " if track.going_on else ""
        words = f"This is the end of the recording; {other}Home goes back to the beginning."
    return f"{words} Seal {seal}" if seal else words
