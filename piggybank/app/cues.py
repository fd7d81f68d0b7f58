"""Cues: words that follow a lesson's beats, and what is refused of them where they are written."""

from __future__ import annotations

from dataclasses import dataclass

from piggybank.app.vocabulary import NUMBERS, names_in
from piggybank.spelling import spelled
from piggybank.wording import quote, suggestion


class LessonError(LookupError):
    """There is no such lesson, or the script is not one; the message says what would be."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


@spelled
@dataclass(frozen=True)
class Cue:
    """Words from a moment on: until the next cue, or the end of that sample or commit.

    at: an address such as "1.1.3.bank" or "1.1.commit". says: the words; {input}, {blame}, {coin}, {bank},
    {prediction}, {target}, {error}, {loss}, {total}, {count}, {average}, {adjustment}, {before} and {after} become
    the numbers of the selected weight at that moment, so that the words stay true when the script is changed. weight:
    whose numbers they are whatever is selected, for words that name it. LessonError for words that ask for a number
    which cues do not have.
    """

    at: str
    says: str
    weight: str = ""

    def __post_init__(self) -> None:
        for what, text in (("at", self.at), ("says", self.says), ("weight", self.weight)):
            if not isinstance(text, str):
                raise LessonError(f"{what} of a cue is a text, got {quote(text)}; try Cue('1.1.3.bank', 'It falls.')")
        unknown = sorted(names_in(self.says) - NUMBERS)
        if unknown:
            hint = suggestion(unknown[0], sorted(NUMBERS))
            raise LessonError(f"the cue at {self.at} names {quote(unknown[0])}, which cues cannot; {hint}")
