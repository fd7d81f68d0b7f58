"""What a player knows: where the cursor is, whether it runs, what is open, and what it plays on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from piggybank.ledger.lines import Ref
from piggybank.ledger.records import Header
from piggybank.stage.look import Look
from piggybank.stage.timeline import Cursor, Timeline

STILL, STEPPING, PLAYING = "still", "stepping", "playing"


@dataclass(frozen=True)
class PlayerState:
    """selected: the weight in focus. inspecting: the weight or neuron whose inspector is open, "" for none.
    tab: the sample the inspector shows, 0 to follow the cursor. held: seconds that a settled beat has been left to
    be read while playing. trail: the receipts opened one from another. hindsight: the final adjustment is shown on
    every sample of its batch. summary: the epoch summary is open. notice: one sentence to read, or "".
    pointer: where the mouse is, in layout units; None while it is elsewhere. dialog: what asks for text, "" for
    nothing; typed: the text so far. focus: command and argument of what the keyboard has gone to. look: how the person
    likes the screen. neuron, page: what the vault view shows."""

    cursor: Cursor = field(default_factory=Cursor)
    motion: str = STILL
    speed: float = 1.0
    selected: str = ""
    inspecting: str = ""
    tab: int = 0
    held: float = 0.0
    trail: tuple[Ref, ...] = ()
    exact: bool = False
    hindsight: bool = False
    summary: bool = False
    summary_all: bool = False
    look: Look = field(default_factory=Look)
    sound: bool = False
    neuron: str = ""
    page: int = 0
    help: bool = False
    blank: bool = False
    fullscreen: bool = False
    dialog: str = ""
    typed: str = ""
    focus: tuple[str, str] | None = None
    notice: str = ""
    pointer: tuple[float, float] | None = None

    @property
    def playing(self) -> bool:
        return self.motion == PLAYING


@dataclass(frozen=True, eq=False)
class Stage:
    """What a player plays on. recorded: batches there are now; planned: where playing stops by itself, 0 for nowhere;
    grows: whether playing on trains further. stops: phases after whose beats playing waits for the person.
    reading: seconds that the words at a beat take; playing stays there for so long."""

    timeline: Timeline
    header: Header
    recorded: int
    planned: int = 0
    grows: bool = True
    stops: frozenset[str] = frozenset()
    reading: Callable[[int], float] = lambda beat: 0.0

    @property
    def last_beat(self) -> int | None:
        """The last beat that can be reached; None when the run grows on demand."""
        return None if self.grows else self.timeline.length(self.recorded) - 1


def moved_to(state: PlayerState, stage: Stage, beat: int, progress: float = 1.0, motion: str = STILL) -> PlayerState:
    """The state at another beat: settled there unless said otherwise, within what can be reached."""
    last = stage.last_beat
    if last is not None and beat > last:
        beat, progress, motion = last, 1.0, STILL
    if beat < 0:
        beat, progress, motion = 0, 0.0, STILL
    return replace(state, cursor=Cursor(beat, progress), motion=motion, tab=0, held=0.0, trail=())
