"""Gates: playing waits before a beat until its question is answered, shown or skipped. All of it pure.

Alone one answers, gets told what was mixed up, tries again or has it shown; a class votes, sees its votes, talks,
votes again, and then sees the answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from piggybank.app.questions import LETTERS, Asked, read_number
from piggybank.app.state import ASK, TALLY, TOLD, WRONG, Answer, Gate, PlayerState, Track, moved_to


def with_question(state: PlayerState, track: Track, beat: int, motion: str) -> PlayerState | None:
    """The state with the question before a beat open; None when there is none left to ask."""
    if beat not in track.questions or _was_asked(state, beat):
        return None
    return _with(state, Gate(beat, resume=motion))


def _was_asked(state: PlayerState, beat: int) -> bool:
    return any(answer.beat == beat and not answer.unseen for answer in state.answers)


def _with(state: PlayerState, gate: Gate | None) -> PlayerState:
    dialog = "answer" if gate is not None else ""
    return replace(
        state, gate=gate, dialog=dialog, typed="", motion="still", inspecting="", trail=(), summary=False,
        history=False, help=False, focus=None, pointer=None,
    )  # fmt: skip


ALWAYS = {"escape": "close", "ctrl+q": "quit", "f11": "fullscreen", "f5": "fullscreen"}
ON = ("right", "page down", "return", "enter", "space")
CHOOSING = {
    **{letter.lower(): ("choose", str(place)) for place, letter in enumerate(LETTERS)},
    **{str(place + 1): ("choose", str(place)) for place in range(len(LETTERS))},
    "backspace": ("unvote", ""),
    "k": ("class", ""),
    "h": ("hint", ""),
}


def keys(state: PlayerState, asked: Asked, name: str, character: str) -> tuple[str, str]:
    """What a key does while a question is open: a command and its argument."""
    typing, gate = _is_typing(state, asked), state.gate
    if name in ALWAYS or character == "?":
        return ALWAYS.get(name, "hint"), ""
    if name in ON:
        entered = typing and (state.typed or name in ("return", "enter"))
        return ("submit", "") if entered else ("answer_on", "")
    if name == "page up" or (name == "left" and not typing):
        return "back", ""
    if typing:
        return ("erase", "") if name == "backspace" else ("type", character)
    if character == "." or (name == "b" and gate is not None and gate.stage == TOLD):  # a clicker's key
        return "blank", ""
    return CHOOSING.get(name, ("", ""))


def _is_typing(state: PlayerState, asked: Asked) -> bool:
    gate = state.gate
    return not asked.options and gate is not None and gate.stage in (ASK, WRONG) and not state.class_mode


def _choose(state: PlayerState, argument: str, track: Track) -> PlayerState:
    """argument: the place of an option."""
    gate, asked = state.gate, _asked(state, track)
    if gate is None or asked is None or gate.stage not in (ASK, WRONG) or int(argument) >= len(asked.options):
        return state
    place = int(argument)
    if state.class_mode:
        votes = tuple(count + (at == place) for at, count in enumerate(gate.votes))
        return replace(state, gate=replace(gate, votes=votes, chosen=place))
    option = asked.options[place]
    if option.right:
        return _told(state, gate, option.text, place, right=True)
    wrong = replace(gate, stage=WRONG, said=option.text, chosen=place, tries=gate.tries + 1)
    return replace(state, gate=replace(wrong, feedback=option.says, leaves_out=option.leaves_out))


def _told(state: PlayerState, gate: Gate, said: str, place: int, right: bool) -> PlayerState:
    told = replace(gate, stage=TOLD, said=said, chosen=place, right=right, leaves_out="" if right else gate.leaves_out)
    return replace(state, gate=told, typed="")


def submitted(state: PlayerState, track: Track) -> PlayerState:
    """A number was typed."""
    gate, asked = state.gate, _asked(state, track)
    if gate is None or asked is None:
        return state
    value = read_number(state.typed)
    if not state.typed.strip():
        return replace(state, notice="Type a number first, such as 0.5, −2 or 1/8; → shows the answer.", typed="")
    if value is None:
        return replace(state, notice="Expected a number such as 0.5, −2 or 1/8; type it again.", typed="")
    if asked.is_right(value):
        return _told(state, gate, state.typed, -1, right=True)
    mistake = asked.verdict(value)
    feedback = mistake.says if mistake else _general(value, asked.answer)
    leaves_out = mistake.leaves_out if mistake else ""
    wrong = replace(gate, stage=WRONG, said=state.typed.strip(), tries=gate.tries + 1, feedback=feedback)
    return replace(state, gate=replace(wrong, leaves_out=leaves_out), typed="")


def _general(value: float, answer: float) -> str:
    """What can be said of a wrong number that is not a known mistake, without giving the answer away."""
    if value == -answer:
        return "The size is right, the sign is not."
    if (value > 0) != (answer > 0) and answer and value:
        return "The sign is not right."
    return "Too large." if abs(value) > abs(answer) else "Too small."


def _on(state: PlayerState, _: str, track: Track) -> PlayerState:
    """The next step of a question: show, talk, vote again, tell, go on."""
    gate = state.gate
    if gate is None:
        return state
    if gate.stage == TOLD:
        answer = Answer(gate.beat, gate.tries, gate.right, voted=state.class_mode and not gate.right)
        return passed(_answered(state, answer), track, gate)
    if not state.class_mode or not any(gate.votes):
        return _told(state, gate, gate.said, -1, right=False)
    if gate.stage == ASK:
        return replace(state, gate=replace(gate, stage=TALLY))
    if not gate.earlier:
        again = replace(gate, stage=ASK, earlier=gate.votes, votes=(0,) * len(gate.votes), chosen=-1)
        return replace(state, gate=again)
    return _told(state, gate, gate.said, -1, right=False)


def _answered(state: PlayerState, answer: Answer) -> PlayerState:
    kept = tuple(other for other in state.answers if other.beat != answer.beat)
    return replace(_with(state, None), answers=(*kept, answer))


def passed(state: PlayerState, track: Track, gate: Gate) -> PlayerState:
    """The cursor enters the beat that the question stood before, if it still stands there."""
    if state.cursor.beat != gate.beat - 1 and not (gate.beat == 0 and state.cursor.beat == 0):
        return state
    return moved_to(state, track, gate.beat, 0.0, gate.resume)


def skipped(state: PlayerState) -> PlayerState:
    """Closed without an answer; it does not ask again by itself."""
    gate = state.gate
    if gate is None:
        return state
    if gate.stage == TOLD or _was_asked(state, gate.beat):
        return _answered(state, Answer(gate.beat, gate.tries, gate.right, voted=state.class_mode and not gate.right))
    return _answered(state, Answer(gate.beat, gate.tries, skipped=True))


def _hint(state: PlayerState, _: str, track: Track) -> PlayerState:
    gate, asked = state.gate, _asked(state, track)
    if gate is None or asked is None or gate.hints >= len(asked.hints) or gate.stage == TOLD:
        return state
    stage = ASK if gate.stage == WRONG else gate.stage
    return replace(state, gate=replace(gate, stage=stage, hints=gate.hints + 1))


def _unvote(state: PlayerState, _: str, track: Track) -> PlayerState:
    """The last vote is taken back."""
    gate = state.gate
    if gate is None or not state.class_mode or gate.stage != ASK or gate.chosen < 0 or not gate.votes[gate.chosen]:
        return state
    votes = tuple(count - (at == gate.chosen) for at, count in enumerate(gate.votes))
    return replace(state, gate=replace(gate, votes=votes))


def _class(state: PlayerState, _: str, track: Track) -> PlayerState:
    """A class votes, or one learns alone; an open question begins again."""
    words = "Alone: answer, with hints." if state.class_mode else "Class: press A to D for every hand; → goes on."
    gate = replace(Gate(state.gate.beat), resume=state.gate.resume) if state.gate is not None else None
    return replace(state, class_mode=not state.class_mode, notice=words, gate=gate, typed="")


def _again(state: PlayerState, _: str, track: Track) -> PlayerState:
    """The question of this moment once more, or the last one before it; where it was not asked yet from the moment
    before it, which does not show the answer."""
    earlier = [beat for beat in track.questions if beat <= state.cursor.beat + 1]
    if not earlier:
        return replace(state, notice="There is no question up to here.")
    beat = max(earlier)
    fresh = beat > 0 and not _was_asked(state, beat)
    return _with(moved_to(state, track, beat - 1) if fresh else state, Gate(beat))


def _score(state: PlayerState, _: str, track: Track) -> PlayerState:
    return replace(state, score=not state.score)


def _asked(state: PlayerState, track: Track) -> Asked | None:
    return track.asked(state.gate.beat) if state.gate is not None else None


GATES: dict[str, Callable[[PlayerState, str, Track], PlayerState]] = {
    "choose": _choose,
    "answer_on": _on,
    "hint": _hint,
    "unvote": _unvote,
    "class": _class,
    "question": _again,
    "score": _score,
}
