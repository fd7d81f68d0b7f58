"""Questions: "predict before it breaks". What is asked, what would be right, and what a wrong answer left out.

Answers and choices are formulas over the run's numbers, so they stay true when a learner changes the script.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from piggybank.app.question_parts import Choice, Question, QuestionError
from piggybank.app.vocabulary import NUMBERS, lacks, names_in, spans, values_at
from piggybank.formula import Formula, FormulaError
from piggybank.stage.digits import APPROXIMATELY, MINUS, full, shown
from piggybank.stage.spans import Span
from piggybank.stage.timeline import Timeline
from piggybank.wording import quote, suggestion

if TYPE_CHECKING:
    from piggybank.ledger.ledger import Ledger
    from piggybank.ledger.records import Header

LETTERS = "ABCD"
WORKED = "{total} ÷ {count} is {average}, × {hammer} is {adjustment}."
WORKED_TOTAL = "{total} × {hammer} is {adjustment}."
"""The arithmetic of a commit, for questions without an explanation of their own."""


@dataclass(frozen=True)
class Option:
    """A choice with its number."""

    text: str
    value: float
    right: bool
    says: str
    leaves_out: str


@dataclass(frozen=True)
class Asked:
    """A question with the run's numbers in it. options: none where a number is typed. because: named spans, so that
    the one that an answer left out can be marked. text: the answer as people read it."""

    beat: int
    asks: str
    answer: float
    options: tuple[Option, ...]
    mistakes: tuple[Option, ...]
    hints: tuple[str, ...]
    because: tuple[Span, ...]
    names: tuple[str, ...]
    text: str

    def verdict(self, value: float) -> Option | None:
        """The known mistake that a typed number is; None when it is none of them."""
        return next((option for option in self.mistakes if _agree(value, option.value, option.text)), None)

    def is_right(self, value: float) -> bool:
        """Whether a typed number is the answer."""
        return _agree(value, self.answer, self.text)


def _agree(typed: float, number: float, text: str) -> bool:
    """Whether a typed number is another, or where people are shown that one rounded, is within the rounding."""
    if typed == number or not text.startswith(APPROXIMATELY):
        return typed == number
    rounded = Decimal(text.removeprefix(APPROXIMATELY).replace(MINUS, "-"))
    return abs(Decimal(typed) - rounded) <= Decimal(5).scaleb(int(rounded.as_tuple().exponent) - 1)


def check(question: Question, timeline: Timeline, header: Header) -> int:
    """The beat of a question. Raises QuestionError or AddressError."""
    beat = timeline.find(question.at)
    for text in (question.answer, *(choice.value for choice in (*question.choices, *question.mistakes))):
        try:
            unknown = [name for name in Formula(text).names if name not in NUMBERS]
        except FormulaError as error:
            raise QuestionError(f"the question at {question.at}: {error}") from None
        if unknown:
            hint = suggestion(unknown[0], sorted(NUMBERS))
            raise QuestionError(f"the question at {question.at} asks for {quote(unknown[0])}, which it cannot; {hint}")
    for text in (question.asks, question.because, *question.hints):
        missing = sorted(names_in(text) - NUMBERS)
        if missing:
            hint = suggestion(missing[0], sorted(NUMBERS))
            raise QuestionError(f"the words at {question.at} name {quote(missing[0])}, which they cannot; {hint}")
    if len(question.choices) > len(LETTERS):
        raise QuestionError(f"the question at {question.at} has {len(question.choices)} choices; give up to four")
    if question.choices and question.answer not in [choice.value for choice in question.choices]:
        raise QuestionError(f"the question at {question.at} has no right choice; one should be {question.answer!r}")
    there = header if question.of is None else question.of[0].ledger.header
    if lacks(question.answer, there):
        what = f"the question at {question.at} asks for {quote(lacks(question.answer, there))}"
        raise QuestionError(f"{what}, which a run with {there.rule_name} does not have; try adjustment")
    return beat


def resolve(question: Question, ledger: Ledger, timeline: Timeline, selected: str) -> Asked:
    """The question with its numbers; the ledger must hold its batch."""
    beat = timeline.find(question.at)
    moment = timeline.moment(beat)
    weight = question.weight or selected or ledger.header.weights[0].name
    here = values_at(ledger, moment, weight)
    asked = here
    if question.of is not None:
        run, address = question.of
        other = Timeline(run.ledger.header)
        there = other.moment(other.find(address))
        run.ensure(there.batch)
        asked = values_at(run.ledger, there, weight)
    answer = Formula(question.answer).on_floats(asked)

    def options(choices: Sequence[Choice]) -> list[Option]:
        """Those that this run can reckon."""
        found = []
        for choice in choices:
            right = choice.value == question.answer
            if right or not lacks(choice.value, ledger.header):
                value = answer if right else Formula(choice.value).on_floats(here)
                found.append(Option(_text(value, choice.value), value, right, choice.says, choice.leaves_out))
        return found

    choices = _distinct(options(question.choices))
    worked = WORKED if "average" in here and here["count"] > 1 else WORKED_TOTAL
    explains_itself = question.answer == "adjustment" and ledger.header.is_plain
    because = question.because or (worked if explains_itself else "")
    words = tuple(span.text for span in spans(question.asks, ledger, moment, weight))
    explained = spans(because, ledger, moment, weight) if because else ()
    return Asked(
        beat,
        "".join(words),
        answer,
        choices,
        tuple(found for found in options((*question.choices, *question.mistakes)) if not found.right),
        tuple("".join(span.text for span in spans(hint, ledger, moment, weight)) for hint in question.hints),
        explained,
        _names(because),
        _text(answer, question.answer),
    )


LONGEST = 10
"""A number up to so many characters is shown in full."""
UNSIGNED = frozenset({"before", "after", "prediction", "target", "input", "count", "loss"})


def _text(value: float, formula: str) -> str:
    """A choice as people read it: with its sign, unless it is a weight, a count or a number that stands by itself."""
    signed = formula not in UNSIGNED and bool(Formula(formula).names)
    text = full(value, signed=signed)
    return text if len(text) <= LONGEST else shown(value, signed=signed)


def _names(text: str) -> tuple[str, ...]:
    """For every span of an explanation the name of its number, "" for words."""
    parts = re.split(r"\{(\w+)\}", text)
    return tuple(part if place % 2 else "" for place, part in enumerate(parts) if place % 2 or part)


def _distinct(options: list[Option]) -> tuple[Option, ...]:
    """After a change of the script two choices may be the same number: the right one of them stays."""
    kept: list[Option] = []
    for option in options:
        twin = next((place for place, other in enumerate(kept) if other.text == option.text), None)
        if twin is None:
            kept.append(option)
        elif option.right:
            kept[twin] = option
    return tuple(kept)


_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?"


def read_number(text: str) -> float | None:
    """A typed number: 0.5, 0,5, −2, +4, 1/8 or 1e-3; None for anything else, infinity included."""
    plain = text.strip().lower().replace("−", "-").replace(" ", "")
    plain = plain.replace(",", ".") if plain.count(",") == 1 and "." not in plain else plain
    parts = plain.split("/")
    if len(plain) > 40 or len(parts) > 2 or not all(re.fullmatch(_NUMBER, part) for part in parts):
        return None
    values = [float(part) for part in parts]
    if len(values) == 2 and values[1] == 0:
        return None
    value = values[0] / values[1] if len(values) == 2 else values[0]
    return value if abs(value) < float("inf") else None
