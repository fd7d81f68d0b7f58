"""What `snapshot` and `record` show: from the command's options to a player's state."""

from __future__ import annotations

import argparse
from dataclasses import replace

from piggybank.app.lessons import Lesson
from piggybank.app.options import UsageError, reach
from piggybank.app.player import PlayerState, start
from piggybank.app.screen import screen
from piggybank.ledger.lines import Ref
from piggybank.stage.known import known_at
from piggybank.stage.look import TEXT_SIZES, Look
from piggybank.stage.themes import THEMES
from piggybank.stage.timeline import AddressError, Cursor
from piggybank.wording import quote


def beat_at(lesson: Lesson, address: str) -> int:
    """The beat of a moment such as 1.1.3. Raises AddressError, and UsageError for an epoch that a saved run has not."""
    try:
        return lesson.timeline.find(address)
    except AddressError:
        ledger, epoch = lesson.run.ledger, address.strip().partition(".")[0]
        last = ledger.header.epoch(len(ledger))
        if lesson.run.grows or not epoch.isdecimal() or not len(ledger) or int(epoch) <= last:
            raise
        held = f"epochs 1 to {last}" if last > 1 else "epoch 1"
        raise UsageError(f"the recording holds {held}, got {quote(address)}") from None


def state_of(options: argparse.Namespace, lesson: Lesson, beat: int, progress: float = 1.0) -> PlayerState:
    """The player's state that the options ask for. Raises UsageError, and LedgerError for names there are not."""
    reach(lesson, lesson.timeline.batch_of(beat))
    lesson.ensure(beat)
    if options.beside and len(lesson.family) == 1:
        raise UsageError("--beside shows the runs of a lab side by side, and this run is alone; try it with lab a")
    ledger = lesson.run.ledger
    selected = ledger.weight(options.select).name if options.select else lesson.selected
    state = start(ledger.header, selected)
    state = replace(
        state,
        cursor=Cursor(beat, progress),
        look=_look(options),
        exact=options.exact,
        hindsight=options.hindsight,
        summary=options.summary,
        beside=options.beside or len(options.which) > 1,
        help=options.keys,
    )
    return _opened(options, lesson, state) if options.inspect or options.receipt else state


def _opened(options: argparse.Namespace, lesson: Lesson, state: PlayerState) -> PlayerState:
    """With the inspector, or a receipt on top of it."""
    moment, ledger = lesson.timeline.moment(state.cursor.beat), lesson.run.ledger
    name = options.inspect or state.selected
    ledger.receipt(name, batch=moment.batch, sample=moment.sample)
    is_weight = name in ledger.header.weights_by_name
    state = replace(state, inspecting=name, selected=name if is_weight else state.selected)
    return with_receipt(lesson, state) if options.receipt else state


def with_receipt(lesson: Lesson, state: PlayerState) -> PlayerState:
    """With the receipt of what is inspected, as far as it is known at this moment: of a weight its commit, of a neuron
    its blame, or its prediction until then."""
    known, header, name = known_at(lesson.timeline, state.cursor), lesson.run.ledger.header, state.inspecting
    if name in header.weights_by_name:
        ref = Ref("commit", name, known.batch, banked=None if state.hindsight else known.seen)
        return replace(state, trail=(ref,))
    layer = header.neurons[name][0]
    kind = "blame" if known.blame(layer) else "predict" if known.output(layer) else ""
    return replace(state, trail=(Ref(kind, name, known.batch, known.sample),) if kind else ())


def hovering(options: argparse.Namespace, lesson: Lesson, state: PlayerState, size: tuple[int, int]) -> PlayerState:
    """With the pointer on what --hover names."""
    if not options.hover:
        return state
    hits = [hit for hit in screen(lesson, state, size).hits if hit.argument == options.hover]
    if not hits:
        raise UsageError(f"there is no place for {options.hover!r} on this picture; try a weight such as 'x1->y'")
    return replace(state, pointer=(hits[-1].box.cx, hits[-1].box.cy))


def _look(options: argparse.Namespace) -> Look:

    if options.theme not in THEMES:
        raise UsageError(f"expected --theme {', '.join(THEMES)}, got {options.theme!r}")
    if options.text_size / 100 not in TEXT_SIZES:
        known = ", ".join(f"{text * 100:.0f}" for text in TEXT_SIZES)
        raise UsageError(f"expected --text-size {known}, got {options.text_size}")
    return Look(options.theme, options.text_size / 100, options.comma, False, options.teacher)
