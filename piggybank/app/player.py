"""The player: where the cursor is, whether it runs, what is open. `reduce` is pure: every session can be replayed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from piggybank.app.arriving import at_the_end, ending, planned_end, warned
from piggybank.app.controls import SPEEDS
from piggybank.app.gates import GATES, skipped, with_question
from piggybank.app.opening import OPENING
from piggybank.app.passing import jumped, stepped
from piggybank.app.preferences import PREFERENCES
from piggybank.app.state import PLAYING, STEPPING, STILL, TOLD, PlayerState, Track, moved_to
from piggybank.ledger.records import Header
from piggybank.stage.timeline import BANK, COMMIT, Cursor
from piggybank.stage.vault_pages import EACH

__all__ = ["PLAYING", "STEPPING", "STILL", "PlayerState", "Track", "reduce", "start"]


def start(header: Header, selected: str = "") -> PlayerState:
    """Before the first beat, with a weight in focus."""
    return PlayerState(selected=selected or header.weights[0].name)


def reduce(state: PlayerState, command: str, argument: str, track: Track) -> PlayerState:
    """The state after a command; what is unknown or impossible changes nothing."""
    state = replace(state, notice="") if command not in ("tick", "pointer") and state.notice else state
    if command in PREFERENCES:
        return PREFERENCES[command](state)
    action = _ACTIONS.get(command)
    return at_the_end(state, action(state, argument, track), track) if action else state


def _tick(state: PlayerState, argument: str, track: Track) -> PlayerState:
    """argument: seconds that have passed."""
    seconds = float(argument) * state.speed
    while state.motion != STILL and seconds > 0:
        beat = state.cursor.beat
        if state.cursor.progress < 1:
            length = track.timeline.seconds(beat)
            left = (1 - state.cursor.progress) * length
            if seconds < left:
                return replace(state, cursor=Cursor(beat, state.cursor.progress + seconds / length))
            seconds -= left
            state = replace(state, cursor=Cursor(beat, 1.0))
        if beat == track.trouble and not state.warned:
            return warned(state, track.trouble)
        if state.motion == STEPPING or _ends(track, beat):
            return replace(state, motion=STILL)
        left = track.reading(beat) - state.held
        if seconds < left:
            return replace(state, held=state.held + seconds)
        asking = with_question(state, track, beat + 1, PLAYING)
        if asking is not None:
            return asking
        seconds -= max(0.0, left)
        state = replace(state, cursor=Cursor(beat + 1, 0.0), tab=0, held=0.0, trail=())
    return state


def _ends(track: Track, beat: int) -> bool:
    """Whether playing stops by itself after that beat."""
    return beat in (planned_end(track), track.last_beat) or track.timeline.moment(beat).phase in track.stops


def _toggle(state: PlayerState, _: str, track: Track) -> PlayerState:
    if state.motion == PLAYING:
        return replace(state, motion=STILL)
    if state.cursor.progress >= 1:
        if state.cursor.beat == track.last_beat:
            return replace(state, notice=ending(track))
        return _entered(state, track, state.cursor.beat + 1, PLAYING)
    return _entered(state, track, state.cursor.beat, PLAYING)


def _forward(state: PlayerState, _: str, track: Track) -> PlayerState:
    if state.score:
        return replace(state, score=False)
    if 0 < state.cursor.progress < 1:
        return moved_to(state, track, state.cursor.beat)
    if state.cursor.progress == 0:
        return _entered(state, track, state.cursor.beat, STEPPING)
    return _entered(state, track, state.cursor.beat + 1, STEPPING)


def _entered(state: PlayerState, track: Track, beat: int, motion: str) -> PlayerState:
    """Moving on into a beat, or on within it, unless a question stands before it."""
    if beat == state.cursor.beat and state.cursor.progress > 0:
        return replace(state, motion=motion)
    return with_question(state, track, beat, motion) or moved_to(state, track, beat, 0.0, motion)


def _back(state: PlayerState, _: str, track: Track) -> PlayerState:
    """Away from a question too; it asks again on the way there, unless it has been told."""
    if state.gate is not None and state.gate.stage == TOLD:
        state = skipped(state)
    return moved_to(state, track, state.cursor.beat - 1)


def _sample(step: int) -> Callable[[PlayerState, str, Track], PlayerState]:
    """To the settled end of the next or previous sample; the commit counts as one."""

    def move(state: PlayerState, _: str, track: Track) -> PlayerState:
        timeline, moment = track.timeline, track.timeline.moment(state.cursor.beat)
        place = moment.sample + (1 if moment.phase == COMMIT else 0)
        done = state.cursor.progress >= 1 and moment.phase in (BANK, COMMIT)
        place += step if done or step < 0 else 0
        batch = moment.batch
        if place < 1:
            if batch == 1:
                return moved_to(state, track, 0, 0.0)
            return moved_to(state, track, timeline.commit_beat(batch - 1))
        if place > timeline.count(batch) + 1:
            batch, place = batch + 1, 1
        commit = place == timeline.count(batch) + 1
        beat = timeline.commit_beat(batch) if commit else timeline.beat(batch, place, BANK)
        return stepped(state, track, beat) if step > 0 else moved_to(state, track, beat)

    return move


def _batch(step: int) -> Callable[[PlayerState, str, Track], PlayerState]:
    """To the settled commit of this batch when still ahead, else of the next or previous one."""

    def move(state: PlayerState, _: str, track: Track) -> PlayerState:
        batch = track.timeline.moment(state.cursor.beat).batch
        here = track.timeline.commit_beat(batch)
        done = state.cursor == Cursor(here, 1.0)
        batch += step if done or step < 0 else 0
        if step > 0:
            return stepped(state, track, track.timeline.commit_beat(batch))
        return moved_to(state, track, track.timeline.commit_beat(batch)) if batch else moved_to(state, track, 0, 0.0)

    return move


def _home(state: PlayerState, _: str, track: Track) -> PlayerState:
    return moved_to(state, track, 0, 0.0)


def _end(state: PlayerState, _: str, track: Track) -> PlayerState:
    last = max(1, track.planned or track.recorded)
    return jumped(state, track, track.timeline.commit_beat(last))


def _seek_sample(state: PlayerState, argument: str, track: Track) -> PlayerState:
    """argument: "batch.sample"."""
    batch, sample = (int(part) for part in argument.split("."))
    return jumped(state, track, track.timeline.beat(batch, sample, BANK))


def _seek_commit(state: PlayerState, argument: str, track: Track) -> PlayerState:
    return jumped(state, track, track.timeline.commit_beat(int(argument)))


def _seek_moment(state: PlayerState, argument: str, track: Track) -> PlayerState:
    """argument: an address; to the settled beat before it, where its question was asked."""
    return moved_to(state, track, track.timeline.find(argument) - 1)


def _weight(step: int) -> Callable[[PlayerState, str, Track], PlayerState]:
    def move(state: PlayerState, _: str, track: Track) -> PlayerState:
        order = list(track.order(state))
        if order:
            place = order.index(state.selected) + step if state.selected in order else 0
            place = min(max(place, 0), len(order) - 1)
            name, state = order[place], replace(state, page=place // EACH)
        else:
            weights, place = track.header.weights, track.header.weight_number.get(state.selected, 1) - 1
            name = weights[min(max(place + step, 0), len(weights) - 1)].name
        return replace(state, selected=name, inspecting=name if state.inspecting else "", trail=())

    return move


def _pointer(state: PlayerState, argument: str, track: Track) -> PlayerState:
    """argument: "x,y" in layout units, or "" when the pointer leaves."""
    if not argument:
        return replace(state, pointer=None)
    x, y = argument.split(",")
    return replace(state, pointer=(float(x), float(y)))


def _faster(step: int) -> Callable[[PlayerState, str, Track], PlayerState]:
    def move(state: PlayerState, _: str, track: Track) -> PlayerState:
        place = SPEEDS.index(state.speed) if state.speed in SPEEDS else SPEEDS.index(1.0)
        return replace(state, speed=SPEEDS[min(max(place + step, 0), len(SPEEDS) - 1)])

    return move


_ACTIONS: dict[str, Callable[[PlayerState, str, Track], PlayerState]] = {
    **OPENING,
    **GATES,
    "tick": _tick,
    "toggle": _toggle,
    "forward": _forward,
    "back": _back,
    "next_sample": _sample(+1),
    "previous_sample": _sample(-1),
    "next_batch": _batch(+1),
    "previous_batch": _batch(-1),
    "home": _home,
    "end": _end,
    "sample": _seek_sample,
    "commit": _seek_commit,
    "loss": _seek_commit,
    "moment": _seek_moment,
    "weight_up": _weight(-1),
    "weight_down": _weight(+1),
    "faster": _faster(+1),
    "slower": _faster(-1),
    "hindsight": lambda state, _, track: replace(state, hindsight=not state.hindsight),
    "fullscreen": lambda state, _, track: replace(state, fullscreen=not state.fullscreen),
    "blank": lambda state, _, track: replace(state, blank=not state.blank, motion=STILL),
    "pointer": _pointer,
    "notice": lambda state, argument, track: replace(state, notice=argument),
}
