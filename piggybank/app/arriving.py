"""What comes to meet whoever arrives at a moment, by whatever way: the card of trouble, once."""

from __future__ import annotations

from dataclasses import replace

from piggybank.app.state import STILL, PlayerState
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
