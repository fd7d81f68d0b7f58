"""The player: where the cursor is, whether it runs, what is open. `reduce` is pure: every session can be replayed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from piggybank.app.arriving import at_the_end, ending, planned_end, warned
from piggybank.app.controls import SPEEDS
from piggybank.app.gates import GATES, opened, skipped
from piggybank.app.opening import OPENING
from piggybank.app.passing import jumped, stepped
from piggybank.app.preferences import PREFERENCES
from piggybank.app.state import PLAYING, STEPPING, STILL, TOLD, PlayerState, Stage, moved_to
from piggybank.ledger.records import Header
from piggybank.stage.timeline import BANK, COMMIT, Cursor
from piggybank.stage.vault_pages import EACH

__all__ = ["PLAYING", "STEPPING", "STILL", "PlayerState", "Stage", "reduce", "start"]


def start(header: Header, selected: str = "") -> PlayerState:
    """Before the first beat, with a weight in focus."""
    return PlayerState(selected=selected or header.weights[0].name)


def reduce(state: PlayerState, command: str, argument: str, stage: Stage) -> PlayerState:
    """The state after a command; what is unknown or impossible changes nothing."""
    state = replace(state, notice="") if command not in ("tick", "pointer") and state.notice else state
    if command in PREFERENCES:
        return PREFERENCES[command](state)
    action = _ACTIONS.get(command)
    return at_the_end(state, action(state, argument, stage), stage) if action else state


def _tick(state: PlayerState, argument: str, stage: Stage) -> PlayerState:
    """argument: seconds that have passed."""
    seconds = float(argument) * state.speed
    while state.motion != STILL and seconds > 0:
        beat = state.cursor.beat
        if state.cursor.progress < 1:
            length = stage.timeline.seconds(beat)
            left = (1 - state.cursor.progress) * length
            if seconds < left:
                return replace(state, cursor=Cursor(beat, state.cursor.progress + seconds / length))
            seconds -= left
            state = replace(state, cursor=Cursor(beat, 1.0))
        if beat == stage.trouble and not state.warned:
            return warned(state, stage.trouble)
        if state.motion == STEPPING or _ends(stage, beat):
            return replace(state, motion=STILL)
        left = stage.reading(beat) - state.held
        if seconds < left:
            return replace(state, held=state.held + seconds)
        asking = opened(state, stage, beat + 1, PLAYING)
        if asking is not None:
            return asking
        seconds -= max(0.0, left)
        state = replace(state, cursor=Cursor(beat + 1, 0.0), tab=0, held=0.0, trail=())
    return state


def _ends(stage: Stage, beat: int) -> bool:
    """Whether playing stops by itself after that beat."""
    return beat in (planned_end(stage), stage.last_beat) or stage.timeline.moment(beat).phase in stage.stops


def _toggle(state: PlayerState, _: str, stage: Stage) -> PlayerState:
    if state.motion == PLAYING:
        return replace(state, motion=STILL)
    if state.cursor.progress >= 1:
        if state.cursor.beat == stage.last_beat:
            return replace(state, notice=ending(stage))
        return _entered(state, stage, state.cursor.beat + 1, PLAYING)
    return _entered(state, stage, state.cursor.beat, PLAYING)


def _forward(state: PlayerState, _: str, stage: Stage) -> PlayerState:
    if state.score:
        return replace(state, score=False)
    if 0 < state.cursor.progress < 1:
        return moved_to(state, stage, state.cursor.beat)
    if state.cursor.progress == 0:
        return _entered(state, stage, state.cursor.beat, STEPPING)
    return _entered(state, stage, state.cursor.beat + 1, STEPPING)


def _entered(state: PlayerState, stage: Stage, beat: int, motion: str) -> PlayerState:
    """Moving on into a beat, or on within it, unless a question stands before it."""
    if beat == state.cursor.beat and state.cursor.progress > 0:
        return replace(state, motion=motion)
    return opened(state, stage, beat, motion) or moved_to(state, stage, beat, 0.0, motion)


def _back(state: PlayerState, _: str, stage: Stage) -> PlayerState:
    """Away from a question too; it asks again on the way there, unless it has been told."""
    if state.gate is not None and state.gate.stage == TOLD:
        state = skipped(state)
    return moved_to(state, stage, state.cursor.beat - 1)


def _sample(step: int) -> Callable[[PlayerState, str, Stage], PlayerState]:
    """To the settled end of the next or previous sample; the commit counts as one."""

    def move(state: PlayerState, _: str, stage: Stage) -> PlayerState:
        timeline, moment = stage.timeline, stage.timeline.moment(state.cursor.beat)
        place = moment.sample + (1 if moment.phase == COMMIT else 0)
        done = state.cursor.progress >= 1 and moment.phase in (BANK, COMMIT)
        place += step if done or step < 0 else 0
        batch = moment.batch
        if place < 1:
            if batch == 1:
                return moved_to(state, stage, 0, 0.0)
            return moved_to(state, stage, timeline.commit_beat(batch - 1))
        if place > timeline.count(batch) + 1:
            batch, place = batch + 1, 1
        commit = place == timeline.count(batch) + 1
        beat = timeline.commit_beat(batch) if commit else timeline.beat(batch, place, BANK)
        return stepped(state, stage, beat) if step > 0 else moved_to(state, stage, beat)

    return move


def _batch(step: int) -> Callable[[PlayerState, str, Stage], PlayerState]:
    """To the settled commit of this batch when still ahead, else of the next or previous one."""

    def move(state: PlayerState, _: str, stage: Stage) -> PlayerState:
        batch = stage.timeline.moment(state.cursor.beat).batch
        here = stage.timeline.commit_beat(batch)
        done = state.cursor == Cursor(here, 1.0)
        batch += step if done or step < 0 else 0
        if step > 0:
            return stepped(state, stage, stage.timeline.commit_beat(batch))
        return moved_to(state, stage, stage.timeline.commit_beat(batch)) if batch else moved_to(state, stage, 0, 0.0)

    return move


def _home(state: PlayerState, _: str, stage: Stage) -> PlayerState:
    return moved_to(state, stage, 0, 0.0)


def _end(state: PlayerState, _: str, stage: Stage) -> PlayerState:
    last = max(1, stage.planned or stage.recorded)
    return jumped(state, stage, stage.timeline.commit_beat(last))


def _seek_sample(state: PlayerState, argument: str, stage: Stage) -> PlayerState:
    """argument: "batch.sample"."""
    batch, sample = (int(part) for part in argument.split("."))
    return jumped(state, stage, stage.timeline.beat(batch, sample, BANK))


def _seek_commit(state: PlayerState, argument: str, stage: Stage) -> PlayerState:
    return jumped(state, stage, stage.timeline.commit_beat(int(argument)))


def _seek_moment(state: PlayerState, argument: str, stage: Stage) -> PlayerState:
    """argument: an address; to the settled beat before it, where its question was asked."""
    return moved_to(state, stage, stage.timeline.find(argument) - 1)


def _weight(step: int) -> Callable[[PlayerState, str, Stage], PlayerState]:
    def move(state: PlayerState, _: str, stage: Stage) -> PlayerState:
        order = list(stage.order(state))
        if order:
            place = order.index(state.selected) + step if state.selected in order else 0
            place = min(max(place, 0), len(order) - 1)
            name, state = order[place], replace(state, page=place // EACH)
        else:
            weights, place = stage.header.weights, stage.header.weight_number.get(state.selected, 1) - 1
            name = weights[min(max(place + step, 0), len(weights) - 1)].name
        return replace(state, selected=name, inspecting=name if state.inspecting else "", trail=())

    return move


def _pointer(state: PlayerState, argument: str, stage: Stage) -> PlayerState:
    """argument: "x,y" in layout units, or "" when the pointer leaves."""
    if not argument:
        return replace(state, pointer=None)
    x, y = argument.split(",")
    return replace(state, pointer=(float(x), float(y)))


def _faster(step: int) -> Callable[[PlayerState, str, Stage], PlayerState]:
    def move(state: PlayerState, _: str, stage: Stage) -> PlayerState:
        place = SPEEDS.index(state.speed) if state.speed in SPEEDS else SPEEDS.index(1.0)
        return replace(state, speed=SPEEDS[min(max(place + step, 0), len(SPEEDS) - 1)])

    return move


_ACTIONS: dict[str, Callable[[PlayerState, str, Stage], PlayerState]] = {
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
    "hindsight": lambda state, _, stage: replace(state, hindsight=not state.hindsight),
    "fullscreen": lambda state, _, stage: replace(state, fullscreen=not state.fullscreen),
    "blank": lambda state, _, stage: replace(state, blank=not state.blank, motion=STILL),
    "pointer": _pointer,
    "notice": lambda state, argument, stage: replace(state, notice=argument),
}
