"""What a player knows: where the cursor is, whether it runs, what is open, and what it plays on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from piggybank.app.questions import Asked
from piggybank.ledger.lines import Ref
from piggybank.ledger.records import Header
from piggybank.stage.look import Look
from piggybank.stage.timeline import Cursor, Timeline

STILL, STEPPING, PLAYING = "still", "stepping", "playing"


ASK, WRONG, TALLY, TOLD = "ask", "wrong", "tally", "told"


@dataclass(frozen=True)
class Gate:
    """A question that is open. stage: being asked, answered wrongly, its votes shown, or told. said: the last answer
    as text; chosen: its place; feedback: what was mixed up; leaves_out: the number it left out; tries: wrong answers
    so far; hints: hints shown; right: whether it was answered rightly; votes: of this round; earlier: of the round
    before; resume: how the cursor moved before."""

    beat: int
    stage: str = ASK
    said: str = ""
    chosen: int = -1
    feedback: str = ""
    leaves_out: str = ""
    tries: int = 0
    hints: int = 0
    right: bool = False
    votes: tuple[int, ...] = (0, 0, 0, 0)
    earlier: tuple[int, ...] = ()
    resume: str = STEPPING


@dataclass(frozen=True)
class Answer:
    """How a question went. tries: wrong answers before; right: answered, not shown; skipped: closed unanswered; unseen:
    only jumped over; voted: asked in a class."""

    beat: int
    tries: int = 0
    right: bool = False
    skipped: bool = False
    unseen: bool = False
    voted: bool = False

    @property
    def words(self) -> str:
        if self.voted:
            return "voted on"
        if self.skipped:
            return "skipped"
        if not self.right:
            return "shown"
        return "right at the first try" if not self.tries else f"right after {self.tries} wrong"


@dataclass(frozen=True)
class WhatIf:
    """What is asked of a fork: of which batch and sample it was asked; place: where one types; rate, size: the texts
    typed, "" to leave a setting as it is; without: the sample's row is left out."""

    batch: int
    sample: int
    place: int = 0
    rate: str = ""
    size: str = ""
    without: bool = False


@dataclass(frozen=True)
class PlayerState:
    """selected: the weight in focus. inspecting: the weight or neuron whose inspector is open, "" for none.
    tab: the sample the inspector shows, 0 to follow the cursor. held: seconds that a settled beat has been left to
    be read while playing. trail: the receipts opened one from another; lines_from: a receipt's code and which of its
    lines stands first, where it is long. hindsight: the final adjustment is shown on every sample of its batch.
    course: the weight over the commits is open; beside: the runs side by side are; summary: the epoch summary is open;
    summary_all: of all weights together; summary_run: of the whole run so far; summary_moved: there, how far rows moved
    weights. look: how the person likes the screen. neuron, page: what the vault view shows. gate: the question that is
    open; answers: how the others went; class_mode: questions are voted on; score: the answers are listed.
    warning: the card of trouble is open; warned: it has come by itself, as it does once.
    dialog: what asks for text, "" for nothing; typed: the text so far; what_if:
    what is filled in where a fork is asked for. focus: command and argument of what the keyboard has gone to. notice:
    one sentence to read, or "". seen: hints that are not needed any more, None where there are none.
    pointer: where the mouse is, in layout units; None while it is elsewhere. sealed: the batch after whose commit the
    seal is shown, besides the last one that is planned: where a film ends. menu: there is a menu to go back
    to, whatever is played; following: the title of the course's next lesson."""

    cursor: Cursor = field(default_factory=Cursor)
    motion: str = STILL
    speed: float = 1.0
    selected: str = ""
    inspecting: str = ""
    tab: int = 0
    held: float = 0.0
    trail: tuple[Ref, ...] = ()
    lines_from: tuple[str, int] = ("", 0)
    exact: bool = False
    hindsight: bool = False
    course: bool = False
    beside: bool = False
    summary: bool = False
    summary_all: bool = False
    summary_run: bool = False
    summary_moved: bool = False
    look: Look = field(default_factory=Look)
    sound: bool = False
    neuron: str = ""
    page: int = 0
    help: bool = False
    blank: bool = False
    fullscreen: bool = False
    gate: Gate | None = None
    answers: tuple[Answer, ...] = ()
    class_mode: bool = False
    score: bool = False
    warning: bool = False
    warned: bool = False
    dialog: str = ""
    typed: str = ""
    what_if: WhatIf | None = None
    focus: tuple[str, str] | None = None
    notice: str = ""
    seen: frozenset[str] | None = None
    pointer: tuple[float, float] | None = None
    sealed: int = 0
    menu: bool = False
    following: str = ""

    @property
    def playing(self) -> bool:
        return self.motion == PLAYING

    @property
    def first_line(self) -> int:
        """Which line of the open receipt stands first, from 1."""
        code, first = self.lines_from
        return first if self.trail and self.trail[-1].code == code else 1


@dataclass(frozen=True, eq=False)
class Stage:
    """What a player plays on. recorded: batches there are now; planned: where playing stops by itself, 0 for nowhere;
    grows: whether playing on trains further. stops: phases after whose beats playing waits for the person.
    reading: seconds that the words at a beat take; playing stays there for so long. questions: beats that a question
    stands before; asked: the question before a beat. seal: of the run after so many batches. trouble:
    the beat of the first number that is infinite or not a number. order: the
    weights that ↑ and ↓ go through, in a state of the player; all of them, in theirs, where it gives none.
    compares: whether there are runs beside."""

    timeline: Timeline
    header: Header
    recorded: int
    planned: int = 0
    grows: bool = True
    stops: frozenset[str] = frozenset()
    reading: Callable[[int], float] = lambda beat: 0.0
    questions: frozenset[int] = frozenset()
    asked: Callable[[int], Asked | None] = lambda beat: None
    seal: Callable[[int], str] = lambda batch: ""
    trouble: int | None = None
    order: Callable[[PlayerState], Sequence[str]] = lambda state: ()
    compares: bool = False

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
    closed: dict[str, Any] = {"gate": None, "dialog": "", "typed": ""} if state.gate is not None else {}
    closed.update(warning=False, score=False)
    return replace(state, cursor=Cursor(beat, progress), motion=motion, tab=0, held=0.0, trail=(), **closed)
