"""Runs beside a lesson's own: which they are, what tells them apart, and which of them is in front."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from piggybank.app.naming import settings
from piggybank.ledger.ledger import Ledger
from piggybank.stage.in_step import in_step
from piggybank.stage.sides import Side, same_shape
from piggybank.stage.timeline import Timeline
from piggybank.wording import quote

if TYPE_CHECKING:
    from piggybank.app.lessons import Lesson
    from piggybank.app.session import Session
    from piggybank.app.state import PlayerState, Track

MOST = 4
"""So many runs stand side by side at most, the lesson's own among them."""
CALLED = "this run"
NOTHING = "No run stands beside this one; the labs of the menu have some, and a script says beside={…}."
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
    runs = [lesson.run, *map(_run_of, lesson.beside.values())]
    if len(runs) > 1 and not all(run.grows for run in runs):
        return "a saved run ends where its file does and stands beside no other; give the run itself"
    if len({id(run.ledger) for run in runs}) < len(runs):
        return "a run stands beside itself; give another run"
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
    batches = Timeline(run.ledger.header).place_of(seen)[0] if seen else 0
    return type(lesson)(
        None, lesson.heading, run, batches, selected=selected, stops=lesson.stops, called=name, **words
    )  # fmt: skip


def told_apart(family: tuple[Lesson, ...]) -> tuple[tuple[str, ...], ...]:
    """Of each run the settings that not all of them have."""
    parts = [settings(lesson.run.ledger.header).split(" · ") for lesson in family]
    shared = set(parts[0]).intersection(*parts)
    return tuple(
        tuple(part for part in own if part not in shared and part.lower() != lesson.called.lower())
        for lesson, own in zip(family, parts, strict=True)
    )


def sides_of(lesson: Lesson, selected: str) -> tuple[Side, ...]:
    """The runs as they stand side by side, this lesson's in front. selected: the weight that it shows; so do those of
    its shape, the others their own."""
    places = enumerate(zip(lesson.family, lesson.apart, strict=True), start=1)
    return tuple(
        Side(
            place, other.called or CALLED, apart, other.run.ledger, _selected(lesson, selected, other), other is lesson
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
    cursor = in_step(lesson.timeline, state.cursor, other.timeline)
    if left is not None and in_step(other.timeline, left.cursor, lesson.timeline) == state.cursor:
        cursor = left.cursor
    return replace(
        state, cursor=cursor, selected=selected, inspecting=open_, tab=0, held=0.0, trail=(), score=False,
        warning=False, warned=False, neuron="", page=0, focus=None, notice="", answers=left.answers if left else (),
    )  # fmt: skip


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


def toggled(state: PlayerState, _: str, track: Track) -> PlayerState:
    """Side by side, or the network; a sentence where there is nothing beside."""
    if not track.compares:
        return replace(state, notice=NOTHING)
    return replace(state, beside=not state.beside, neuron="", page=0)
