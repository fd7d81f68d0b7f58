"""A lesson's questions on paper. Their words name no number that the sheet leaves to be computed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from piggybank.app.lessons import Lesson
from piggybank.app.question_parts import Question
from piggybank.app.vocabulary import NUMBERS, SETTINGS, names_in, spans
from piggybank.app.worksheet.model import ALONE, HALF, Asked, Commit, Option
from piggybank.ledger.records import Header
from piggybank.stage.digits import reads_as

GAP = "____"
PASSED = frozenset({"coin", "bank", "total", "prediction", "error", "blame", "loss", "before"})
"""Numbers of a commit that are known before its banks break."""
_NUMBER = re.compile(r"≈?[+−-]?\d+(?:\.\d+)?")


def questions_of(lesson: Lesson, commits: Mapping[int, Commit]) -> list[Asked]:
    """The questions about the commits of a sheet, in the order in which they are met."""
    found: list[Asked] = []
    for beat, question in _in_order(lesson):
        batch = lesson.timeline.batch_of(beat)
        if batch in commits:
            found.append(_on_paper(lesson, question, beat, commits[batch], [asked.answer for asked in found]))
    return found


def _in_order(lesson: Lesson) -> list[tuple[int, Question]]:
    found = [(lesson.timeline.find(question.at), question) for question in lesson.questions]
    return sorted(found, key=lambda pair: pair[0])


def _on_paper(lesson: Lesson, question: Question, beat: int, commit: Commit, answered: Sequence[str]) -> Asked:
    asked = lesson.asked(beat)
    assert asked is not None
    options = tuple(Option(option.text, option.right, option.says) for option in asked.options)
    because = "".join(span.text for span in asked.because)
    words = _words(lesson, question, beat, commit, answered)
    return Asked(commit.batch, words, asked.text, options, because, asked.hints)


def _words(lesson: Lesson, question: Question, beat: int, commit: Commit, answered: Sequence[str]) -> str:
    """What is asked, with gaps for what the sheet asks for too. answered: what earlier questions ask for."""
    says, hidden = question.asks, _hidden(lesson.run.ledger.header, commit.help)
    for name in names_in(says) & hidden:
        says = says.replace(f"{{{name}}}", GAP)
    ledger, moment = lesson.run.ledger, lesson.timeline.moment(beat)
    parts = spans(says, ledger, moment, question.weight or lesson.selected)
    blanks = {reads_as(text) for text in (*commit.blanks, *answered)}

    def without(found: re.Match[str]) -> str:
        plain = found[0].isdecimal()
        return found[0] if plain or reads_as(found[0].replace("-", "−")) not in blanks else GAP

    return "".join(part.text if part.ref is not None else _NUMBER.sub(without, part.text) for part in parts)


def _hidden(header: Header, help_given: int) -> frozenset[str]:
    """Names of the vocabulary whose numbers the sheet may leave out."""
    lines = NUMBERS & {name for name, _ in header.recipe.lines} - SETTINGS if help_given >= HALF else frozenset()
    return frozenset(lines) | (PASSED if help_given == ALONE else frozenset())
