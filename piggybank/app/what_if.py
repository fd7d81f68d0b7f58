"""What if: the settings to change are typed, and a fork of the run takes its place until W leads back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from piggybank.app.naming import numbered
from piggybank.app.state import STILL, PlayerState, Track, WhatIf
from piggybank.ledger.records import Header
from piggybank.stage.digits import shown

if TYPE_CHECKING:
    from piggybank.app.lessons import Lesson
    from piggybank.training import Run

DIALOG = "what if"
RATE, SIZE, ROW = range(3)
"""The places of the dialog: two that are typed into, and the row that can be left out."""
LONGEST = 24
RECORDED = "A saved run does not train; open the script or the lesson that made it to ask what if."
NOTHING = "Nothing is changed yet: type a learning rate or a batch size, or leave the row out."


@dataclass(frozen=True)
class Origin:
    """Where a fork was asked for: W leads back there."""

    lesson: Lesson
    state: PlayerState


def _ask(state: PlayerState, _: str, track: Track) -> PlayerState:
    if not track.grows:
        return replace(state, notice=RECORDED)
    moment = track.timeline.moment(state.cursor.beat)
    what_if = WhatIf(moment.batch, moment.sample)
    return replace(state, dialog=DIALOG, what_if=what_if, motion=STILL, help=False, focus=None)


def _go(state: PlayerState, argument: str, track: Track) -> PlayerState:
    """argument: a place of the dialog."""
    return replace(state, what_if=replace(state.what_if, place=int(argument))) if state.what_if else state


def _step(step: int) -> Callable[[PlayerState, str, Track], PlayerState]:
    def move(state: PlayerState, _: str, track: Track) -> PlayerState:
        form = state.what_if
        return replace(state, what_if=replace(form, place=(form.place + step) % 3)) if form else state

    return move


def _leave_out(state: PlayerState, _: str, track: Track) -> PlayerState:
    form = state.what_if
    return replace(state, what_if=replace(form, without=not form.without, place=ROW)) if form else state


def typed(form: WhatIf, text: str) -> WhatIf:
    """The form after something was typed at its place; a blank leaves the row out, or takes it in again."""
    if form.place == ROW:
        return replace(form, without=not form.without) if text == " " else form
    return _written(form, (_text(form) + text.strip())[:LONGEST])


def erased(form: WhatIf) -> WhatIf:
    """The form without the last thing typed."""
    return _written(form, _text(form)[:-1]) if form.place != ROW else form


def _text(form: WhatIf) -> str:
    return form.rate if form.place == RATE else form.size


def _written(form: WhatIf, text: str) -> WhatIf:
    return replace(form, rate=text) if form.place == RATE else replace(form, size=text)


def _number(text: str, kind: Callable[[str], Any]) -> Any:
    """What was typed as a number; the text itself where it is not one, so that the run says what it expects."""
    try:
        return kind(text)
    except ValueError:
        return text


def forked(lesson: Lesson, form: WhatIf, origin: Origin | None = None) -> Lesson:
    """The lesson that goes on from before the form's batch with what it changes. origin: where W leads
    back to, if anywhere yet. ValueError, in one sentence, for settings that do not fit."""
    record, ledger = lesson.run.ledger.batch(form.batch), lesson.run.ledger
    changes: dict[str, Any] = {}
    left_out = ""
    if form.rate:
        changes["learning_rate"] = _number(form.rate.replace(",", ".").replace("−", "-"), float)
    if form.size:
        changes["batch_size"] = _number(form.size, int) if re.fullmatch(r"\d+", form.size) else form.size
    if form.without:
        row = record.rows[form.sample - 1]
        changes["without"] = [row + 1]
        left_out = f"without {ledger.header.row_names[row]}"
    if not changes:
        raise ValueError(NOTHING)
    fork = getattr(lesson.run, "fork", None)
    if fork is None:
        raise ValueError(RECORDED)
    batches = max(1, lesson.batches - form.batch + 1)
    return lesson_of(fork(form.batch, **changes), lesson, batches, origin, left_out)


def lesson_of(run: Run, lesson: Lesson, batches: int, origin: Origin | None = None, left_out: str = "") -> Lesson:
    """A fork as something to play: its title says of which lesson, what is other, and from which batch on."""
    parent = run.ledger.header.parent
    assert parent is not None
    first = origin.lesson if origin is not None else lesson
    called = first.title if first.number is None else numbered(first.number)
    changed = [*_other(lesson.run.ledger.header, run.ledger.header), *([left_out] if left_out else [])]
    without = [left_out] if left_out and len(changed) > 1 else []  # the rest of it stands in the settings
    about = " · ".join([*without, "W goes back"])
    title = f"What if: {', '.join([called, *changed[:1], f'batch {parent.batch + 1}'])}"
    made = type(lesson)(None, title, run, batches, selected=lesson.selected, about=about, stops=lesson.stops)
    made.ensure(0)
    return made


def _other(before: Header, now: Header) -> list[str]:
    """The learning rate and the size of a batch where they are others."""
    rates = [header.constants.get("learning_rate") for header in (before, now)]
    found = [f"rate {shown(rates[1])}"] if rates[1] is not None and rates[0] != rates[1] else []
    return found + ([f"batches of {now.micro_size}"] if now.micro_size != before.micro_size else [])


def hints(lesson: Lesson, form: WhatIf) -> tuple[str, str, str]:
    """What stands in the dialog's three places while nothing is typed."""
    header, record = lesson.run.ledger.header, lesson.run.ledger.batch(form.batch)
    rate = header.constants.get("learning_rate")
    row = header.row_names[record.rows[form.sample - 1]]
    now = "this rule has none" if rate is None else f"now {shown(rate)}"
    return now, f"now {header.micro_size}", f"without sample {form.sample}: {row}"


WHAT_IF: dict[str, Callable[[PlayerState, str, Track], PlayerState]] = {
    "what_if": _ask,
    "field": _go,
    "next_field": _step(+1),
    "previous_field": _step(-1),
    "leave_out": _leave_out,
}
