"""Cues: words that follow a lesson's beats, checked where they are written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from piggybank.app.vocabulary import NUMBERS, names_in
from piggybank.spelling import spelled
from piggybank.wording import quote, suggestion


class LessonError(LookupError):
    """There is no such lesson, or it cannot be made so; the message says what was expected."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


@spelled
@dataclass(frozen=True)
class Cue:
    """Words that are shown from a moment on, until the next cue or the end of that sample or commit.

    at: an address, epoch.batch.sample.phase or epoch.batch.commit, such as "1.1.3.bank". says: the words; {input},
    {blame}, {coin}, {bank}, {prediction}, {target}, {error}, {loss}, {total}, {count}, {average}, {adjustment},
    {before} and {after} become the numbers of a weight at that moment, so that the words stay true when the script is
    changed. weight: which weight's, for words that name it; the selected one when left out.
    Raises LessonError for a name in braces that cues do not know.
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


class _Placed(Protocol):
    @property
    def at(self) -> str: ...


Part = TypeVar("Part", bound=_Placed)


def by_beat(what: str, parts: Sequence[tuple[int, Part]]) -> dict[int, Part]:
    """What stands at which beat. LessonError where two would stand at the same."""
    found: dict[int, Part] = {}
    for beat, part in parts:
        if beat in found:
            raise LessonError(f"two {what} stand at {part.at}; a moment has one, so make them one or move one")
        found[beat] = part
    return found
