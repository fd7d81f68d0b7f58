"""What questions are made of: texts, choices, hints, each checked to be of its kind where it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from piggybank.ledger.ledger import Ledger
from piggybank.spelling import spelled
from piggybank.wording import quote

if TYPE_CHECKING:
    from piggybank.training import Run


class QuestionError(ValueError):
    """A question that cannot be asked; the message says what was expected."""


@spelled
@dataclass(frozen=True)
class Choice:
    """One of the answers to choose from, or a usual mistake where a number is typed.

    value: a formula, such as "-adjustment". says: a sentence to whoever gives this answer. leaves_out: which of the
    explanation's numbers it forgets or turns round, such as "count"; "" for the right answer.
    """

    value: str
    says: str = ""
    leaves_out: str = ""

    def __post_init__(self) -> None:
        for what, text in (("value", self.value), ("says", self.says), ("leaves_out", self.leaves_out)):
            if not isinstance(text, str):
                raise QuestionError(f"{what} of a choice is a text, got {quote(text)}; try Choice('coin', 'It fell.')")


@spelled
@dataclass(frozen=True)
class Question:
    """A question before the beat `at`; playing waits there for an answer.

    at: an address, as in a cue. asks: one sentence. answer: a formula over the numbers that cues know, such as
    "adjustment", taken at that moment of `weight` (the lesson's selected one when left out). choices: up to four, the
    right one among them; without choices a number is typed. mistakes: usual wrong numbers, recognised when typed.
    hints: shown one by one. because: the explanation, with numbers in braces as in cues. of: another run, and the
    address of the moment in it whose numbers are asked for.
    Raises QuestionError for parts of another kind; what does not fit the run is refused when a `Lesson` takes it.
    """

    at: str
    asks: str
    answer: str
    choices: Sequence[Choice] = ()
    mistakes: Sequence[Choice] = ()
    hints: Sequence[str] = ()
    because: str = ""
    weight: str = ""
    of: tuple[Run, str] | None = None

    def __post_init__(self) -> None:
        problem = _of_another_kind(self)
        if problem:
            raise QuestionError(problem)

    @classmethod
    @spelled
    def how_far(
        cls, at: str, asks: str, *, choose: bool = False, hints: Sequence[str] = (), weight: str = ""
    ) -> Question:
        """The question how far a weight moves in the commit `at`. choose: the answer is chosen among the usual
        mistakes, otherwise typed; the other arguments as for a `Question`."""
        choices = (*MOVES[:2], Choice("adjustment"), MOVES[2]) if choose else ()
        return cls(at, asks, "adjustment", choices, MOVES, hints, weight=weight)


MOVES = (
    Choice("-adjustment", "The hammer turns the sign.", "hammer"),
    Choice("hammer * total", "That is without the division: the samples share one move.", "count"),
    Choice("adjustment / hammer", "That is without the hammer.", "hammer"),
    Choice("0", "The bank is not empty, so the weight moves.", "total"),
)


def _of_another_kind(question: Question) -> str:
    """Which part is not what it should be, in one sentence; "" for none."""
    texts = {"at": question.at, "asks": question.asks, "answer": question.answer, "because": question.because}
    for what, text in texts.items():
        if not isinstance(text, str):
            example = "Question('1.1.commit', 'How far does it move?', 'adjustment')"
            return f"{what} of a question is a text, got {quote(text)}; try {example}"
    if question.of is not None and not _is_moment(question.of):
        return f"of is a run and an address in it, got {quote(question.of)}; try of=(run, '1.1.commit')"
    choices = _list("choices", question.choices, Choice) or _list("mistakes", question.mistakes, Choice)
    return choices or _list("hints", question.hints, str)


def _list(what: str, parts: Any, kind: type) -> str:
    """What is wrong with a list of choices or texts."""
    if isinstance(parts, str) or not isinstance(parts, Sequence):
        return f"{what} of a question is a list, got {quote(parts)}; put it in brackets"
    for part in parts:
        if not isinstance(part, kind):
            example = part if isinstance(part, str) else "coin"
            meant = "text" if kind is str else f"Choice; try Choice({quote(example)})"
            return f"{what} of a question holds {quote(part)}, which is no {meant}"
    return ""


def _is_moment(of: Any) -> bool:
    """Whether it is a run and an address."""
    if not (isinstance(of, tuple) and len(of) == 2):
        return False
    return isinstance(getattr(of[0], "ledger", None), Ledger) and isinstance(of[1], str)
