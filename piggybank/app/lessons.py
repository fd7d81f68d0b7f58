"""Lessons: a run with a title and words that follow its beats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from piggybank.app.beside import family_of, problem_of
from piggybank.app.cues import Cue, LessonError, by_beat
from piggybank.app.differing import told_apart
from piggybank.app.naming import LETTERS, numbered, settings
from piggybank.app.own_words import WRITTEN_FOR, is_changed, told, told_cues, told_questions
from piggybank.app.question_parts import Question
from piggybank.app.questions import Asked, check, resolve
from piggybank.app.recorded import Recorded
from piggybank.app.scripts import is_kept_back
from piggybank.app.vocabulary import LATER, spans
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.trouble import Trouble
from piggybank.spelling import spelled
from piggybank.stage.in_step import in_step
from piggybank.stage.known import known_at
from piggybank.stage.spans import Span
from piggybank.stage.timeline import PHASES, Cursor, Timeline, beat_of
from piggybank.stage.vault_pages import names_of
from piggybank.wording import quote, suggestion

if TYPE_CHECKING:
    from piggybank.training import Run


__all__ = ["Cue", "Lesson", "LessonError", "settings"]


@spelled
@dataclass(eq=False)
class Lesson:
    """A run to be played, with words and questions.

    number: a whole number from 0 in the course, a capital letter for a lab, None outside the course. title, about: its
    heading and a few words under it. run: what is played. batches: where playing stops by itself; 0: nowhere. Playing
    on trains further. cues: words that follow its beats. selected: the weight in focus, such as "h2->y"; the first
    one when left out.
    stops: the phases after which playing waits, such as ("bank", "commit"): at every coin and every commit.
    questions: where playing waits for an answer. beside: up to three more runs, by name, that are played in step with
    this one; a Lesson in place of a Run brings its own words. called: the name of this run beside them.
    A lesson of the course whose batches were changed, as its script asks for, is played without words and questions;
    where anything else of its run was changed, without what is true of its own run alone: that stands between bars, see
    `own_words`. is_told, is_changed and is_cut say so.
    Raises LessonError, QuestionError, AddressError or LedgerError for parts that do not fit the run.
    """

    number: int | str | None
    title: str
    run: Run | Recorded
    batches: int = 0
    cues: Sequence[Cue] = ()
    selected: str = ""
    about: str = ""
    stops: Sequence[str] = ()
    questions: Sequence[Question] = ()
    beside: Mapping[str, Run | Recorded | Lesson] = field(default_factory=dict)
    called: str = ""
    _asked: dict[int, Asked] = field(init=False, default_factory=dict, repr=False)
    _found: dict[int, Cue] = field(init=False, default_factory=dict, repr=False)
    is_changed: bool = field(init=False, default=False, repr=False)
    is_cut: bool = field(init=False, default=False, repr=False)

    def __post_init__(self) -> None:
        self._check_kinds()
        self.timeline = Timeline(self.run.ledger.header)
        places = [*(cue.at for cue in self.cues), *(question.at for question in self.questions)]
        self.is_told = self.number is None or all(map(self.timeline.has, places))
        if not self.is_told:  # a script of the course with other batches, as it asks for: its words would be false
            self.cues, self.questions = (), ()
        if self.number in WRITTEN_FOR:
            self._tell_what_is_so(self.number)
        named = [*(cue.weight for cue in self.cues), *(question.weight for question in self.questions)]
        for name in (self.selected, *named):
            if name:
                self.run.ledger.weight(name)
        self._found = by_beat("cues", [(self.timeline.find(cue.at), cue) for cue in self.cues])
        header = self.run.ledger.header
        self._questions = by_beat("questions", [(check(part, self.timeline, header), part) for part in self.questions])
        self.gated = frozenset(self._questions)
        self.family = family_of(self)
        self.apart = told_apart(
            [other.run.ledger.header for other in self.family], [other.called for other in self.family]
        )
        for other in self.family[1:]:
            other.family, other.apart = self.family, self.apart

    def _tell_what_is_so(self, number: int | str) -> None:
        """Of words written for another run than this one only those stay that are true of any."""
        runs = [self.run, *(run.run if isinstance(run, Lesson) else run for run in self.beside.values())]
        self.is_changed = is_changed(number, [run.ledger for run in runs])
        header = self.run.ledger.header if self.is_changed else None
        whole = told_cues(self.cues, None), told_questions(self.questions, None)
        self.cues, self.questions = told_cues(self.cues, header), told_questions(self.questions, header)
        self.is_cut, self.about = (self.cues, self.questions) != whole, told(self.about, header)

    def _check_kinds(self) -> None:
        """LessonError for parts of another kind."""
        if not isinstance(getattr(self.run, "ledger", None), Ledger):
            raise LessonError(f"a lesson needs a run, got {quote(self.run)}; try Run(Network(Dense(2, 1)), 'xor')")
        is_lab = isinstance(self.number, str) and self.number in LETTERS
        if self.number is not None and not is_lab and (type(self.number) is not int or self.number < 0):
            raise LessonError(
                f"a lesson's number is a whole number from 0, a capital letter for a lab, or None outside the course, "
                f"got {quote(self.number)}"
            )
        for what, text in (("title", self.title), ("about", self.about)):
            if not isinstance(text, str):
                raise LessonError(f"a lesson's {what} is a text, got {quote(text)}")
        if type(self.batches) is not int or self.batches < 0:
            raise LessonError(f"batches is a whole number from 0, got {quote(self.batches)}")
        self._check_lists()

    def _check_lists(self) -> None:
        """LessonError for cues, questions or stops that are not lists of such."""
        kinds = ("cues", self.cues, Cue), ("questions", self.questions, Question), ("stops", self.stops, str)
        for what, parts, kind in kinds:
            if isinstance(parts, str) or not isinstance(parts, Sequence):
                raise LessonError(f"{what} is a list, got {quote(parts)}; put it in brackets")
            for part in parts:
                if not isinstance(part, kind):
                    raise LessonError(f"{what} holds {quote(part)}, which is no {kind.__name__}")
        for stop in self.stops:
            if stop not in PHASES:
                raise LessonError(f"playing cannot stop at {quote(stop)}; {suggestion(stop, PHASES)}")
        problem = problem_of(self)
        if problem:
            raise LessonError(problem)

    @property
    def heading(self) -> str:
        if self.number is None:
            return self.title
        number = numbered(self.number)
        return f"{number[0].upper()}{number[1:]} · {self.title}"

    @property
    def subtitle(self) -> str:
        said = settings(self.run.ledger.header)
        about = "" if self.about.lower() in said.lower().split(" · ") else self.about
        return " · ".join(part for part in (about, said) if part)

    def ensure(self, beat: int) -> None:
        """Train as far as a beat needs and the lesson is planned, and the runs beside it as far as they are in step."""
        self.run.ensure(max(self.batches, self.timeline.batch_of(beat)))
        if isinstance(self.run, Recorded):
            self.run.look(self.timeline.batch_of(beat))
        for other in self.family if len(self.family) > 1 else ():
            if other.run.grows:
                there = in_step(self.timeline, Cursor(beat, 1.0), other.timeline)
                other.run.ensure(max(other.batches, other.timeline.batch_of(there.beat)))

    def in_order(self, neuron: str, cursor: Cursor) -> list[str]:
        """The weights into a neuron, in the order of the vault's pages; none for "", when no neuron is open there."""
        ledger = self.run.ledger
        if neuron not in ledger.header.neurons:
            return []
        self.ensure(cursor.beat)
        return names_of(ledger, known_at(self.timeline, cursor), neuron)

    def seal_at(self, batch: int) -> str:
        """The run's seal after a batch; trains that far if need be."""
        self.run.ensure(batch)
        return self.run.ledger.seal_at(batch)

    def refresh(self) -> None:
        """Take in what another program has added to recordings' files meanwhile, or has cut off."""
        for other in self.family:
            ledger = other.run.ledger
            if not other.run.grows and (ledger.refresh() or other.batches > len(ledger)):
                other.batches = len(ledger)

    @property
    def trouble(self) -> Trouble | None:
        """The first number of the run that is infinite or not a number; see `Run.trouble`."""
        return self.run.trouble

    @property
    def trouble_beat(self) -> int | None:
        """The beat in which `trouble` comes to be; None while there is none."""
        return None if self.trouble is None else beat_of(self.timeline, self.trouble.ref)

    @property
    def problem(self) -> str:
        """One sentence about the run's file: why it is not being saved, or what it lost; "" while all is well. Of a run
        beside it, where its own is whole."""
        runs = [self.run, *(other.run for other in self.family)]
        return next((said for run in runs if (said := run.save_problem or run.ledger.problem)), "")

    def asked(self, beat: int) -> Asked | None:
        """The question before a beat with the run's numbers in it; None where there is none."""
        if beat in self._questions and beat not in self._asked:
            self.ensure(beat)
            found = resolve(self._questions[beat], self.run.ledger, self.timeline, self.selected)
            one = self.is_changed and len(found.options) == 1  # then its number is typed instead
            self._asked[beat] = replace(found, options=()) if one else found
        return self._asked.get(beat)

    @property
    def asking(self) -> dict[int, tuple[str, str]]:
        """For every beat with a question its address and the question's words, with the run's numbers in them."""
        resolved = [(beat, question.at, self.asked(beat)) for beat, question in self._questions.items()]
        return {beat: (address, asked.asks) for beat, address, asked in resolved if asked is not None}

    def reading(self, beat: int) -> float:
        """Seconds to read the words that begin at a beat, at some four words a second; 0 where none begin."""
        return len(self._found[beat].says.split()) / 4 if beat in self._found else 0.0

    def words(self, beat: int, selected: str = "", revealed: bool = True) -> tuple[Span, ...]:
        """The words at a beat; none where the lesson leaves them to the stage. revealed: whether the beat's own
        numbers are known yet; until then the words have gaps."""
        moment = self.timeline.moment(beat)
        earlier = [start for start in self._found if start <= beat]
        if not earlier:
            return ()
        start = max(earlier)
        spoken = self.timeline.moment(start)
        here = (spoken.batch, spoken.sample, spoken.phase == "commit")
        if here != (moment.batch, moment.sample, moment.phase == "commit"):
            return ()
        says, weight = self._found[start].says, self._found[start].weight or selected or self.selected
        self.ensure(start)
        if start == beat and not revealed:
            for name in LATER[spoken.phase]:
                says = says.replace(f"{{{name}}}.", "…").replace(f"{{{name}}}", "…")
        return spans(says, self.run.ledger, spoken, weight)

    def play(self) -> None:
        """Open the window; with no screen, draw the lesson to a file and say where. In a script that a command carries
        out, the command does so, where it was asked to."""
        if is_kept_back(self):
            return
        from piggybank.app.window import show

        show(self)
