"""The player: where the cursor is, whether it runs, what is open. `reduce` is pure: every session can be replayed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from piggybank.app.controls import SPEEDS
from piggybank.ledger.lines import Ref
from piggybank.ledger.records import Header
from piggybank.stage.timeline import BANK, COMMIT, Cursor, Timeline

STILL, STEPPING, PLAYING = "still", "stepping", "playing"


@dataclass(frozen=True)
class PlayerState:
    """selected: the weight in focus. inspecting: the weight or neuron whose inspector is open, "" for none.
    tab: the sample the inspector shows, 0 to follow the cursor. trail: the receipts opened one from another.
    hindsight: the final adjustment is shown on every sample of its batch. notice: one sentence to read, or ""."""

    cursor: Cursor = field(default_factory=Cursor)
    motion: str = STILL
    speed: float = 1.0
    selected: str = ""
    inspecting: str = ""
    tab: int = 0
    trail: tuple[Ref, ...] = ()
    exact: bool = False
    hindsight: bool = False
    help: bool = False
    blank: bool = False
    fullscreen: bool = False
    notice: str = ""

    @property
    def playing(self) -> bool:
        return self.motion == PLAYING


@dataclass(frozen=True, eq=False)
class Stage:
    """What a player plays on. recorded: batches there are now; planned: where playing stops by itself, 0 for nowhere;
    grows: whether playing on trains further."""

    timeline: Timeline
    header: Header
    recorded: int
    planned: int = 0
    grows: bool = True

    @property
    def last_beat(self) -> int | None:
        """The last beat that can be reached; None when the run grows on demand."""
        return None if self.grows else self.timeline.length(self.recorded) - 1


def start(header: Header, selected: str = "") -> PlayerState:
    """Before the first beat, with a weight in focus."""
    return PlayerState(selected=selected or header.weights[0].name)


def reduce(state: PlayerState, command: str, argument: str, stage: Stage) -> PlayerState:
    """The state after a command; what is unknown or impossible changes nothing."""
    state = replace(state, notice="") if command != "tick" and state.notice else state
    action = _ACTIONS.get(command)
    return action(state, argument, stage) if action else state


def _at(state: PlayerState, stage: Stage, beat: int, progress: float = 1.0, motion: str = STILL) -> PlayerState:
    last = stage.last_beat
    if last is not None and beat > last:
        beat, progress, motion = last, 1.0, STILL
    if beat < 0:
        beat, progress, motion = 0, 0.0, STILL
    return replace(state, cursor=Cursor(beat, progress), motion=motion, tab=0, trail=())


def _tick(state: PlayerState, argument: str, stage: Stage) -> PlayerState:
    """argument: seconds that have passed."""
    seconds = float(argument) * state.speed
    beat, progress = state.cursor.beat, state.cursor.progress
    while state.motion != STILL and seconds > 0:
        length = stage.timeline.seconds(beat)
        left = (1 - progress) * length
        if seconds < left:
            return replace(state, cursor=Cursor(beat, progress + seconds / length))
        seconds -= left
        if state.motion == STEPPING or _ends(stage, beat, state):
            return replace(state, cursor=Cursor(beat, 1.0), motion=STILL)
        beat, progress = beat + 1, 0.0
        state = replace(state, cursor=Cursor(beat, progress), tab=0, trail=())
    return state


def _ends(stage: Stage, beat: int, state: PlayerState) -> bool:
    planned = stage.timeline.length(stage.planned) - 1 if stage.planned else None
    return beat in (planned, stage.last_beat) and state.cursor.beat <= beat


def _toggle(state: PlayerState, _: str, stage: Stage) -> PlayerState:
    if state.motion == PLAYING:
        return replace(state, motion=STILL)
    if state.cursor.progress >= 1:
        if state.cursor.beat == stage.last_beat:
            return replace(state, notice="This is the end of the recording; Home goes back to the beginning.")
        return _at(state, stage, state.cursor.beat + 1, 0.0, PLAYING)
    return replace(state, motion=PLAYING)


def _forward(state: PlayerState, _: str, stage: Stage) -> PlayerState:
    if 0 < state.cursor.progress < 1:
        return _at(state, stage, state.cursor.beat)
    if state.cursor.progress == 0:
        return replace(state, motion=STEPPING)
    return _at(state, stage, state.cursor.beat + 1, 0.0, STEPPING)


def _back(state: PlayerState, _: str, stage: Stage) -> PlayerState:
    return _at(state, stage, state.cursor.beat - 1)


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
                return _at(state, stage, 0, 0.0)
            return _at(state, stage, timeline.commit_beat(batch - 1))
        if place > timeline.count(batch) + 1:
            batch, place = batch + 1, 1
        if place == timeline.count(batch) + 1:
            return _at(state, stage, timeline.commit_beat(batch))
        return _at(state, stage, timeline.beat(batch, place, BANK))

    return move


def _batch(step: int) -> Callable[[PlayerState, str, Stage], PlayerState]:
    """To the settled commit of this batch when still ahead, else of the next or previous one."""

    def move(state: PlayerState, _: str, stage: Stage) -> PlayerState:
        batch = stage.timeline.moment(state.cursor.beat).batch
        here = stage.timeline.commit_beat(batch)
        done = state.cursor == Cursor(here, 1.0)
        batch += step if done or step < 0 else 0
        return _at(state, stage, stage.timeline.commit_beat(batch)) if batch else _at(state, stage, 0, 0.0)

    return move


def _home(state: PlayerState, _: str, stage: Stage) -> PlayerState:
    return _at(state, stage, 0, 0.0)


def _end(state: PlayerState, _: str, stage: Stage) -> PlayerState:
    last = max(1, stage.planned or stage.recorded)
    return _at(state, stage, stage.timeline.commit_beat(last))


def _seek_sample(state: PlayerState, argument: str, stage: Stage) -> PlayerState:
    """argument: "batch.sample"."""
    batch, sample = (int(part) for part in argument.split("."))
    return _at(state, stage, stage.timeline.beat(batch, sample, BANK))


def _seek_commit(state: PlayerState, argument: str, stage: Stage) -> PlayerState:
    return _at(state, stage, stage.timeline.commit_beat(int(argument)))


def _weight(step: int) -> Callable[[PlayerState, str, Stage], PlayerState]:
    def move(state: PlayerState, _: str, stage: Stage) -> PlayerState:
        names = [weight.name for weight in stage.header.weights]
        place = names.index(state.selected) if state.selected in names else 0
        name = names[min(max(place + step, 0), len(names) - 1)]
        return replace(state, selected=name, inspecting=name if state.inspecting else "", trail=())

    return move


def _inspect(state: PlayerState, argument: str, stage: Stage) -> PlayerState:
    name = argument or state.selected
    known = name in stage.header.weights_by_name
    return replace(state, inspecting=name, selected=name if known else state.selected, help=False, tab=0, trail=())


def _exact(state: PlayerState, argument: str, stage: Stage) -> PlayerState:
    if not state.inspecting and not state.trail:
        return replace(_inspect(state, "", stage), exact=True)
    return replace(state, exact=not state.exact)


def _open(state: PlayerState, argument: str, stage: Stage) -> PlayerState:
    """argument: the code of a number's reference. Opening what stands open already goes back to it."""
    ref = Ref.from_code(argument)
    trail = state.trail[: state.trail.index(ref)] if ref in state.trail else state.trail
    return replace(state, trail=(*trail, ref), motion=STILL, help=False)


def _close(state: PlayerState, _: str, stage: Stage) -> PlayerState:
    """The topmost thing closes; there is nothing to close that ends the program."""
    if state.blank:
        return replace(state, blank=False)
    if state.help:
        return replace(state, help=False)
    if state.trail:
        return replace(state, trail=())
    if state.inspecting:
        return replace(state, inspecting="", tab=0)
    return replace(state, fullscreen=False)


def _faster(step: int) -> Callable[[PlayerState, str, Stage], PlayerState]:
    def move(state: PlayerState, _: str, stage: Stage) -> PlayerState:
        place = SPEEDS.index(state.speed) if state.speed in SPEEDS else SPEEDS.index(1.0)
        return replace(state, speed=SPEEDS[min(max(place + step, 0), len(SPEEDS) - 1)])

    return move


_ACTIONS: dict[str, Callable[[PlayerState, str, Stage], PlayerState]] = {
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
    "weight_up": _weight(-1),
    "weight_down": _weight(+1),
    "inspect": _inspect,
    "open": _open,
    "return": lambda state, _, stage: replace(state, trail=state.trail[:-1]),
    "crumb": lambda state, argument, stage: replace(state, trail=state.trail[: int(argument)]),
    "tab": lambda state, argument, stage: replace(state, tab=int(argument)),
    "exact": _exact,
    "close": _close,
    "faster": _faster(+1),
    "slower": _faster(-1),
    "hindsight": lambda state, _, stage: replace(state, hindsight=not state.hindsight),
    "fullscreen": lambda state, _, stage: replace(state, fullscreen=not state.fullscreen),
    "blank": lambda state, _, stage: replace(state, blank=not state.blank, motion=STILL),
    "help": lambda state, _, stage: replace(state, help=not state.help),
    "notice": lambda state, argument, stage: replace(state, notice=argument),
}
