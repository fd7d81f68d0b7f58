"""Opening and closing: the inspector, receipts, dialogs and what is typed into them, the keyboard's focus."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from piggybank.app.beside import toggled
from piggybank.app.gates import skipped, submitted
from piggybank.app.passing import jumped
from piggybank.app.state import STILL, PlayerState, Track
from piggybank.app.what_if import WHAT_IF, erased, typed
from piggybank.ledger.lines import Ref
from piggybank.stage.timeline import AddressError

LONGEST_TEXT = 60
FURTHEST = 10_000
"""So many batches beyond what is recorded can be gone to at once; they are trained on the way."""


def _inspect(state: PlayerState, argument: str, track: Track) -> PlayerState:
    name = argument or state.selected
    known = name in track.header.weights_by_name
    return replace(state, inspecting=name, selected=name if known else state.selected, help=False, tab=0, trail=())


def _exact(state: PlayerState, argument: str, track: Track) -> PlayerState:
    if not state.inspecting and not state.trail:
        return replace(_inspect(state, "", track), exact=True)
    return replace(state, exact=not state.exact)


def _tab(state: PlayerState, argument: str, track: Track) -> PlayerState:
    """argument: a sample of the batch."""
    sample = int(argument)
    count = track.timeline.count(track.timeline.batch_of(state.cursor.beat))
    return replace(state, tab=sample) if sample <= count else state


OF_A_SAMPLE = ("predict", "loss", "blame", "slice", "bank", "kept")
"""Kinds of numbers whose sample is a place in a batch."""


def _is_of_another_run(ref: Ref, track: Track) -> bool:
    """Whether a picture was drawn of another run since: this one has no such batch, or no such sample in it."""
    so_far = ref.banked if ref.kind in ("share", "lasting") else None  # batches
    if max(ref.batch, so_far or 0) > track.recorded:
        return True
    return ref.kind in OF_A_SAMPLE and ref.batch > 0 and ref.sample > track.timeline.count(ref.batch)


def _open(state: PlayerState, argument: str, track: Track) -> PlayerState:
    """argument: the code of a number's reference. Opening what stands open already goes back to it."""
    ref = Ref.from_code(argument)
    if _is_of_another_run(ref, track):
        return state
    trail = state.trail[: state.trail.index(ref)] if ref in state.trail else state.trail
    return replace(state, trail=(*trail, ref), motion=STILL, help=False)


def _lines(state: PlayerState, argument: str, track: Track) -> PlayerState:
    """argument: which line of the open receipt, from 1, is to be seen."""
    return replace(state, lines_from=(state.trail[-1].code, int(argument))) if state.trail else state


def _trouble(state: PlayerState, _: str, track: Track) -> PlayerState:
    return state if track.trouble is None else replace(state, warning=True, motion=STILL)


def _goto(state: PlayerState, _: str, track: Track) -> PlayerState:
    return replace(state, dialog="goto", typed="", motion=STILL, help=False, focus=None)


Action = Callable[[PlayerState, str, Track], PlayerState]


def _unasked(action: Action) -> Action:
    """Nothing opens over a question: a picture from before it was asked may still be clicked."""
    return lambda state, argument, track: state if state.gate is not None else action(state, argument, track)


def _type(state: PlayerState, argument: str, track: Track) -> PlayerState:
    """argument: what was typed; only what can be read back is kept."""
    kept = "".join(character for character in argument if character.isprintable())
    if state.what_if is not None:
        return replace(state, what_if=typed(state.what_if, kept))
    return replace(state, typed=(state.typed + kept)[:LONGEST_TEXT], focus=None) if state.dialog else state


def _erase(state: PlayerState, _: str, track: Track) -> PlayerState:
    if state.what_if is not None:
        return replace(state, what_if=erased(state.what_if))
    return replace(state, typed=state.typed[:-1])


def _submit(state: PlayerState, _: str, track: Track) -> PlayerState:
    """What is typed is carried out; when it cannot be, it stays, with a sentence that helps."""
    if state.gate is not None:
        return submitted(state, track)
    if state.dialog != "goto" or not state.typed.strip():
        return replace(state, dialog="", what_if=None)
    try:
        beat = track.timeline.find(state.typed)
    except AddressError as error:
        return replace(state, notice=sentence(str(error)))
    last = track.last_beat
    if last is not None and beat > last:
        return replace(state, notice=f"The recording ends at {track.timeline.address(last)}; type an earlier moment.")
    if track.timeline.batch_of(beat) > track.recorded + FURTHEST:
        return replace(state, notice=f"That is more than {FURTHEST:,} batches ahead; go there in smaller steps.")
    return jumped(replace(state, dialog="", typed=""), track, beat)


def sentence(text: str) -> str:
    """As it stands alone: with a capital and a full stop."""
    return f"{text[:1].upper()}{text[1:].removesuffix('.')}."


def _focus(state: PlayerState, argument: str, track: Track) -> PlayerState:
    """argument: a command and its argument, as of a place that reacts; "" for none."""
    command, _, rest = argument.partition(" ")
    return replace(state, focus=(command, rest) if command else None)


CLOSED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("blank", {"blank": False}),
    ("score", {"score": False}),
    ("dialog", {"dialog": "", "typed": "", "what_if": None}),
    ("help", {"help": False}),
    ("trail", {"trail": ()}),
    ("inspecting", {"inspecting": "", "tab": 0}),
    ("warning", {"warning": False}),
    ("summary", {"summary": False}),
    ("history", {"history": False}),
    ("beside", {"beside": False}),
    ("neuron", {"neuron": "", "page": 0}),
    ("focus", {"focus": None}),
    ("fullscreen", {"fullscreen": False}),
)
"""What can be open, the topmost first, and how it closes."""


def _close(state: PlayerState, _: str, track: Track) -> PlayerState:
    """The topmost thing closes; there is nothing to close that ends the program."""
    if state.gate is not None and not state.blank:
        return skipped(state)
    for name, changes in CLOSED:
        if getattr(state, name):
            return replace(state, **changes)
    return state


OPENING: dict[str, Action] = {
    "inspect": _inspect,
    "open": _open,
    "return": lambda state, _, track: replace(state, trail=state.trail[:-1]),
    "lines": _lines,
    "crumb": lambda state, argument, track: replace(state, trail=state.trail[: int(argument)]),
    "tab": _tab,
    "exact": _exact,
    "trouble": _unasked(_trouble),
    "goto": _unasked(_goto),
    "type": _type,
    "erase": _erase,
    **WHAT_IF,
    "what_if": _unasked(WHAT_IF["what_if"]),
    "submit": _submit,
    "focus": _focus,
    "neuron": lambda state, argument, track: replace(
        state, neuron=argument, page=0, beside=state.beside and not argument
    ),
    "page": lambda state, argument, track: replace(state, page=max(0, int(argument))),
    "close": _close,
    "summary": _unasked(lambda state, _, track: replace(state, summary=not state.summary, history=False)),
    "beside": _unasked(toggled),
    "history": lambda state, _, track: replace(state, history=not state.history, summary=False),
    "summary_all": lambda state, _, track: replace(state, summary_all=not state.summary_all),
    "summary_run": lambda state, _, track: replace(state, summary_run=not state.summary_run),
    "summary_moved": lambda state, _, track: replace(state, summary_moved=not state.summary_moved),
    "help": _unasked(lambda state, _, track: replace(state, help=not state.help)),
}
