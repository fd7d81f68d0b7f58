"""Words of the course that are about one run alone, and which run that is.

A lesson's script is there to be changed. What its words say of any run stays then, and what only the run they were
written for bears out is left out: it stands between bars, as in "The coin is {coin}. | It pulls the other way. | …".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from piggybank.app.cues import Cue
from piggybank.app.question_parts import Question
from piggybank.app.vocabulary import lacking, lacks, names_in
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.records import Header

BAR = "| "
WRITTEN_FOR: dict[int | str, tuple[str, ...]] = {
    0: ("9df8-31fb-5631",),
    1: ("e771-f372-8c6a",),
    2: ("42b2-07e2-ac6c",),
    3: ("5561-0b02-8350",),
    4: ("9879-224e-be24",),
    5: ("18a2-8fa6-5d18",),
    6: ("3c17-3445-c281",),
    7: ("6b56-dda6-415c",),
    8: ("2976-d19b-ef85",),
    9: ("02f5-e710-73ce",),
    10: ("4756-7c2e-2b44",),
    11: ("6da9-e515-3c2e",),
    12: ("b322-ca39-0084",),
    "A": ("42b2-07e2-ac6c", "a85f-d95d-3a2e", "4bc7-77df-2e16"),
    "B": ("b28f-f50e-1965", "eaee-44b8-9406", "dcda-9b5c-83ea"),
    "C": ("bb85-d3ba-f757",),
}
"""For every lesson the seals of its runs before their first batch, its own run's first: settings, data and weights."""


def is_changed(number: int | str, ledgers: Sequence[Ledger]) -> bool:
    """Whether a lesson of the course has other runs than its words were written for."""
    wanted = WRITTEN_FOR[number]
    return tuple(ledger.seal_at(0) for ledger in ledgers[: len(wanted)]) != wanted


def told(text: str, changed: Header | None) -> str:
    """A text without its bars. changed: of another run than it was written for; then without what stands between bars,
    and without what names a number that this run does not have."""
    parts = [part.strip() for part in f" {text}".split(f" {BAR}")]
    if changed is not None:
        parts = [part for part in parts[::2] if not names_in(part) & lacking(changed)]
    return " ".join(filter(None, parts))


def told_cues(cues: Iterable[Cue], changed: Header | None) -> list[Cue]:
    """The cues that have something to say of this run."""
    found = (replace(cue, says=told(cue.says, changed)) for cue in cues)
    return [cue for cue in found if cue.says]


def told_questions(questions: Iterable[Question], changed: Header | None) -> list[Question]:
    """The questions that can be asked of this run."""
    able = (part for part in questions if changed is None or part.of is not None or not lacks(part.answer, changed))
    found = (_told_question(question, changed) for question in able)
    return [question for question in found if question.asks]


def _told_question(question: Question, changed: Header | None) -> Question:
    hints = tuple(filter(None, (told(hint, changed) for hint in question.hints)))
    choices = tuple(replace(choice, says=told(choice.says, changed)) for choice in question.choices)
    asks, because = (told(text, changed) for text in (question.asks, question.because))
    return replace(question, asks=asks, because=because, hints=hints, choices=choices)
