"""Runs beside a lesson's own: which they are, what tells them apart, and which of them is in front."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from piggybank.ledger.ledger import Ledger
from piggybank.stage.in_step import held, in_step
from piggybank.stage.sides import Side, same_shape
from piggybank.stage.timeline import Cursor, Timeline
from piggybank.wording import quote

if TYPE_CHECKING:
    from piggybank.app.lessons import Lesson
    from piggybank.app.session import Session
    from piggybank.app.state import PlayerState, Track

MOST = 4
"""So many runs stand side by side at most, the lesson's own among them."""
CALLED = "this run"
NOTHING = "No run stands beside this one; labs have some, piggybank play takes several files, a script says beside={…}."
TRY = 'try beside={"momentum": run}'


def problem_of(lesson: Lesson) -> str:
    """What is wrong with what is to stand beside a lesson's run, in one sentence; "" for nothing."""
    beside, called = lesson.beside, lesson.called
    if not isinstance(called, str):
        return f"what a lesson's run is called is a text, got {quote(called)}"
    if not isinstance(beside, Mapping):
        return f"beside gives each run a name, got {quote(beside)}; {TRY}"
    if len(beside) >= MOST:
        return f"up to {MOST - 1} runs stand beside a lesson's own, got {len(beside)}; leave some out"
    unfit = (_unfit(name, run, called or CALLED) for name, run in beside.items())
    return next(filter(None, unfit), "") or _odd(lesson)


def _unfit(name: Any, run: Any, called: str) -> str:
    """What is wrong with one of them. called: the name of the lesson's own run."""
    if not isinstance(name, str) or not name.strip() or name == called:
        return f"the runs beside a lesson's own have names of their own, got {quote(name)}; {TRY}"
    if not isinstance(getattr(_run_of(run), "ledger", None), Ledger):
        return f"beside has {quote(run)} as {quote(name)}, which is no run; {TRY}"
    if getattr(run, "beside", None):
        return "a lesson that stands beside another has none beside itself; put all of them into one beside={…}"
    return ""


def _odd(lesson: Lesson) -> str:
    """What is wrong with all of them together."""
    ledgers = [lesson.run.ledger, *(_run_of(run).ledger for run in lesson.beside.values())]
    if len(set(map(id, ledgers))) < len(ledgers):
        return "a run stands beside itself; give another run"
    losses = list(dict.fromkeys(ledger.header.loss_name for ledger in ledgers))
    if len(losses) > 1 and not all(same_shape(ledger, ledgers[0]) for ledger in ledgers):
        return (
            f"networks of other shapes are compared by their losses, and these are two kinds, {losses[0]} and "
            f"{losses[1]}; give runs with one loss, or of one shape"
        )
    return ""


def _run_of(run: Any) -> Any:
    """The run itself, where it came as a lesson."""
    return getattr(run, "run", run)


def family_of(lesson: Lesson) -> tuple[Lesson, ...]:
    """The lesson and those of the runs beside it, each as something to play, planned for as many samples."""
    seen = lesson.timeline.seen_before(lesson.batches + 1)
    return (lesson, *(_other(lesson, name, run, seen) for name, run in lesson.beside.items()))


def _other(lesson: Lesson, name: str, run: Any, seen: int) -> Lesson:
    """A run beside a lesson's own, under the lesson's title; where it came as a lesson, with words of its own."""
    words: dict[str, Any] = {"about": lesson.about}
    if isinstance(run, type(lesson)):
        words = {"about": run.about or lesson.about, "cues": run.cues, "questions": run.questions}
        selected, run = run.selected, run.run
    else:
        selected = lesson.selected if same_shape(run.ledger, lesson.run.ledger) else ""
    planned = Timeline(run.ledger.header).place_of(seen)[0] if seen else 0
    batches = planned if run.grows else len(run.ledger)
    return type(lesson)(
        None, lesson.heading, run, batches, selected=selected, stops=lesson.stops, called=name, **words
    )  # fmt: skip


def sides_of(lesson: Lesson, selected: str) -> tuple[Side, ...]:
    """The runs as they stand side by side, this lesson's in front. selected: the weight that it shows; so do those of
    its shape, the others their own."""
    places = enumerate(zip(lesson.family, lesson.apart, strict=True), start=1)
    return tuple(
        Side(
            place,
            other.called or CALLED,
            apart,
            other.run.ledger,
            _selected(lesson, selected, other),
            other is lesson,
            other.batches,
        )
        for place, (other, apart) in places
    )


def _selected(lesson: Lesson, selected: str, other: Lesson) -> str:
    header = other.run.ledger.header
    if other is lesson or same_shape(other.run.ledger, lesson.run.ledger):
        return selected
    return other.selected or header.weights[0].name


def _in_front(lesson: Lesson, state: PlayerState, other: Lesson, left: PlayerState | None) -> PlayerState:
    """The player's state with another run in front, at its moment in step; what is open stays, where it has that.
    left: how that run was left, if it was in front before: from there on if this moment is in step with that one."""
    selected = _selected(lesson, state.selected, other)
    weights = other.run.ledger.header.weights_by_name
    open_ = state.inspecting if state.inspecting in weights and selected == state.inspecting else ""
    cursor = _there(lesson, state.cursor, other)
    if left is not None and _there(other, left.cursor, lesson) == state.cursor:
        cursor = left.cursor
    return replace(
        state, cursor=cursor, selected=selected, inspecting=open_, tab=0, held=0.0, trail=(), score=False,
        warning=False, warned=False, neuron="", page=0, focus=None, notice="", answers=left.answers if left else (),
    )  # fmt: skip


def _there(lesson: Lesson, cursor: Cursor, other: Lesson) -> Cursor:
    """The moment of another run in step with one of this run, or its last one."""
    return held(other.timeline, in_step(lesson.timeline, cursor, other.timeline), len(other.run.ledger))


def bring(session: Session, place: str, code: str) -> None:
    """A run beside this one comes to the front, at its moment in step, unless something is being asked of this one.
    code: of its number that opens there."""
    front, number = session.lesson, int(place)
    if front is None or session.state.gate is not None or session.state.dialog:
        return
    if len(front.family) == 1:
        session.state = replace(session.state, notice=NOTHING)
    elif 1 <= number <= len(front.family):
        other = front.family[number - 1]
        if other is not front:
            front.ensure(session.state.cursor.beat)
            session.apart[front] = session.state
            session.state = _in_front(front, session.state, other, session.apart.get(other))
            session.lesson = other
        if code:
            session.command("open", code)


def going_on(lesson: Lesson) -> int:
    """The place of a run that goes on where this one's recording ends; 0 where there is none."""
    if lesson.run.grows:
        return 0
    seen = lesson.timeline.seen_before(len(lesson.run.ledger) + 1)
    longer = (
        place
        for place, other in enumerate(lesson.family, 1)
        if other.run.grows or other.timeline.seen_before(len(other.run.ledger) + 1) > seen
    )
    return next(longer, 0)


def toggled(state: PlayerState, _: str, track: Track) -> PlayerState:
    """Side by side, or the network; a sentence where there is nothing beside."""
    if not track.compares:
        return replace(state, notice=NOTHING)
    return replace(state, beside=not state.beside, neuron="", page=0)
