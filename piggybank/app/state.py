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
    """A question that is open."""

    beat: int  # it stands before this one
    stage: str = ASK  # being asked, answered wrongly, its votes shown, or told
    said: str = ""  # the last answer as text
    chosen: int = -1  # the place of the last answer among the choices, from 0
    feedback: str = ""  # what the last answer mixed up
    leaves_out: str = ""  # the number of the explanation that it left out
    tries: int = 0  # wrong answers so far
    hints: int = 0  # hints shown so far
    right: bool = False
    votes: tuple[int, ...] = (0, 0, 0, 0)  # of a class, in this round
    earlier: tuple[int, ...] = ()  # votes of the round before
    resume: str = STEPPING  # how the cursor moved before the question


@dataclass(frozen=True)
class Answer:
    """How a question went."""

    beat: int  # the question stands before this one
    tries: int = 0  # wrong answers
    right: bool = False  # answered, and not shown
    skipped: bool = False  # closed unanswered
    unseen: bool = False  # only jumped over
    voted: bool = False  # asked in a class

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
    """What is filled in where a fork is asked for."""

    batch: int  # where it was asked for; the fork begins before it
    sample: int  # of that batch
    place: int = 0  # the field that one types into, from 0
    rate: str = ""  # the learning rate as typed; "" leaves it as it is
    size: str = ""  # the batch size as typed; "" leaves it as it is
    without: bool = False  # the sample's row is left out


@dataclass(frozen=True)
class PlayerState:
    """A player at one moment: where the cursor is, what is open, and how the person likes the screen."""

    # the moment
    cursor: Cursor = field(default_factory=Cursor)
    motion: str = STILL
    speed: float = 1.0
    held: float = 0.0  # seconds that a settled beat has been left to be read while playing

    # what is looked at
    selected: str = ""  # the weight in focus
    neuron: str = ""  # whose banks the vault view shows
    page: int = 0  # which of these banks, from 0
    hindsight: bool = False  # the final adjustment is shown on every sample of its batch
    exact: bool = False  # the inspector shows all digits

    # what is open
    inspecting: str = ""  # the weight or neuron in the inspector, "" while that is closed
    tab: int = 0  # the sample that the inspector shows, 0 to follow the cursor
    trail: tuple[Ref, ...] = ()  # the receipts opened one from another
    lines_from: tuple[str, int] = ("", 0)  # a long receipt's code, and which of its lines stands first
    history: bool = False  # the weight over all commits
    beside: bool = False  # the runs side by side
    summary: bool = False  # the epoch summary
    summary_all: bool = False  # … of all weights together
    summary_run: bool = False  # … of the whole run so far
    summary_moved: bool = False  # … and there, how far rows moved weights
    help: bool = False
    blank: bool = False
    notice: str = ""  # one sentence to read
    dialog: str = ""  # what asks for text, "" for nothing
    typed: str = ""  # the text so far
    what_if: WhatIf | None = None

    # questions and trouble
    gate: Gate | None = None  # the question that is open
    answers: tuple[Answer, ...] = ()  # how the others went
    score: bool = False  # they are listed
    class_mode: bool = False  # questions are voted on
    warning: bool = False  # the card of trouble is open
    warned: bool = False  # it has opened by itself, as it does once

    # the person and the window
    look: Look = field(default_factory=Look)
    sound: bool = False
    fullscreen: bool = False
    focus: tuple[str, str] | None = None  # command and argument of what the keyboard has gone to
    pointer: tuple[float, float] | None = None  # where the mouse is, in layout units; None while it is elsewhere
    seen: frozenset[str] | None = None  # hints that are not needed any more; None where there are no hints

    # what is played
    sealed: int = 0  # a batch after whose commit the seal is shown, besides the last planned one: where a film ends
    menu: bool = False  # there is a menu to go back to, whatever is played
    following: str = ""  # the title of the course's next lesson

    @property
    def playing(self) -> bool:
        return self.motion == PLAYING

    @property
    def first_line(self) -> int:
        """Which line of the open receipt stands first, from 1."""
        code, first = self.lines_from
        return first if self.trail and self.trail[-1].code == code else 1


@dataclass(frozen=True, eq=False)
class Track:
    """What a player plays: the run, as far as stepping and seeking need to know it, and the lesson's plan."""

    timeline: Timeline
    header: Header
    recorded: int  # batches that there are now
    planned: int = 0  # batches after which playing stops by itself, 0 for nowhere
    grows: bool = True  # playing on trains further
    stops: frozenset[str] = frozenset()  # phases after whose beats playing waits for the person
    reading: Callable[[int], float] = lambda beat: 0.0  # seconds that the words at a beat take; playing waits for them
    questions: frozenset[int] = frozenset()  # beats that a question stands before
    asked: Callable[[int], Asked | None] = lambda beat: None  # the question before a beat
    seal: Callable[[int], str] = lambda batch: ""  # of the run after so many batches
    trouble: int | None = None  # the beat of the first number that is infinite or not a number
    order: Callable[[PlayerState], Sequence[str]] = lambda state: ()  # what ↑ and ↓ go through; (): all, in their order
    compares: bool = False  # there are runs beside this one
    going_on: int = 0  # the place of one of these that goes on where this recording ends, 0 for none
    tells: bool = True  # it is a lesson, with words or questions, and not a run alone

    @property
    def last_beat(self) -> int | None:
        """The last beat that can be reached; None when the run grows on demand."""
        return None if self.grows else self.timeline.length(self.recorded) - 1


def moved_to(state: PlayerState, track: Track, beat: int, progress: float = 1.0, motion: str = STILL) -> PlayerState:
    """The state at another beat: settled there unless said otherwise, within what can be reached."""
    last = track.last_beat
    if last is not None and beat > last:
        beat, progress, motion = last, 1.0, STILL
    if beat < 0:
        beat, progress, motion = 0, 0.0, STILL
    closed: dict[str, Any] = {"gate": None, "dialog": "", "typed": ""} if state.gate is not None else {}
    closed.update(warning=False, score=False)
    return replace(state, cursor=Cursor(beat, progress), motion=motion, tab=0, held=0.0, trail=(), **closed)
