"""What C copies: the receipt of the number in focus."""

from __future__ import annotations

from piggybank.app.lessons import Lesson
from piggybank.app.state import PlayerState
from piggybank.ledger.lines import Receipt
from piggybank.stage.timeline import COMMIT


def in_focus(lesson: Lesson, state: PlayerState) -> Receipt:
    """The receipt that is open; else the commit's once it is made, before that the sample's slice."""
    ledger = lesson.run.ledger
    if state.trail:
        return ledger.open(state.trail[-1])
    moment = lesson.timeline.moment(state.cursor.beat)
    name = state.inspecting or state.selected
    committed = moment.phase == COMMIT and state.cursor.progress >= 1 and name in ledger.header.weights_by_name
    sample = None if committed and not state.tab else state.tab or moment.sample
    return ledger.receipt(name, batch=moment.batch, sample=sample)
