"""From a lesson to its worksheet: which commits stand on it, which weights, and how much help each commit gives."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from piggybank.app.course import course
from piggybank.app.export.files import ExportError
from piggybank.app.lessons import Lesson
from piggybank.app.worksheet import paper
from piggybank.app.worksheet.asking import questions_of
from piggybank.app.worksheet.model import ALONE, DATA, HALF, Column, Commit, Row, Table, Worksheet
from piggybank.app.worksheet.samples import Excerpt, row_words, samples_table
from piggybank.app.worksheet.script import Script
from piggybank.app.worksheet.settings import settings_of
from piggybank.app.worksheet.steps import steps_table
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.records import Header
from piggybank.ledger.sources import weight_value
from piggybank.stage.digits import column, shown, subscript, weight_title

FEW_WEIGHTS, FEW_COINS = 4, 16
"""Up to so many weights, and coins in a commit, every weight is computed; beyond, the selected one alone."""
FEW_ROWS = 8
"""Up to so many rows of the data have a table of their own."""
MOST_COMMITS = 24
PLANNED = 4
"""Commits of a run that plans none."""


def planned(lesson: Lesson) -> int:
    """How many commits a lesson is planned to be played."""
    return lesson.batches or PLANNED


def worksheet(lesson: Lesson, batches: range, script: Script, cut: bool) -> Worksheet:
    """The sheet for some batches; cut: whether as many of them from the first on as there is room for. ExportError for
    what nobody can compute by hand."""
    if len(batches) > MOST_COMMITS and not cut:
        raise ExportError(
            f"a worksheet has up to {MOST_COMMITS} commits, got {len(batches):,}; "
            f"try --from {batches[0]} --to {batches[0] + MOST_COMMITS - 1}"
        )
    excerpt = _excerpt(lesson, batches[:MOST_COMMITS])
    commits: list[Commit] = []
    sheet: Worksheet | None = None
    for place, batch in enumerate(batches[:MOST_COMMITS]):
        _check_finite(excerpt.ledger, batch, batches[0])
        commits.append(_commit(excerpt, batch, min(place + 1, ALONE) if len(batches) > 1 else HALF))
        longer = _sheet(excerpt, lesson, script, commits, len(batches))
        if sheet and cut and place >= ALONE and not paper.fits(longer):
            break
        paper.check(commits[-1])
        sheet = longer
    assert sheet is not None
    return sheet


def _sheet(excerpt: Excerpt, lesson: Lesson, script: Script, commits: Sequence[Commit], wanted: int) -> Worksheet:
    """With so many commits; wanted: how many there would be."""
    asked = questions_of(lesson, {commit.batch: commit for commit in commits})
    make, make_answer = script.task("MAKE")
    first = commits[0].batch
    return Worksheet(
        f"{lesson.heading} · {lesson.called}" if lesson.beside and lesson.called else lesson.heading,
        _about(lesson, script),
        settings_of(excerpt),
        _data(excerpt, [commit.batch for commit in commits]) if excerpt.listed else None,
        tuple(question for question in asked if question.batch == first),
        tuple(commits),
        tuple(question for question in asked if question.batch != first),
        make,
        make_answer,
        script.tasks.get("MODIFY", ""),
        _recorded(commits, wanted),
        lesson.run.ledger.seal_at(commits[-1].batch),
    )


def _about(lesson: Lesson, script: Script) -> str:
    """The script's first words, unless they are still those of the course while its run is another one by now."""
    stale = lesson.is_changed and script.about in [entry.about for entry in course()]
    return lesson.about if stale else script.about or lesson.about


def _recorded(commits: Sequence[Commit], wanted: int) -> str:
    first, last = commits[0].batch, commits[-1].batch
    words = f"commit {first}" if first == last else f"commits {first} to {last}"
    return words if len(commits) == wanted else f"{words} of {wanted}"


def _excerpt(lesson: Lesson, batches: range) -> Excerpt:
    header = lesson.run.ledger.header
    most = max(header.count(batch) for batch in batches)
    whole = len(header.weights) <= FEW_WEIGHTS and len(header.weights) * most <= FEW_COINS
    weights = tuple(header.weights) if whole else (lesson.run.ledger.weight(lesson.selected or _first(header)),)
    rows = {row for batch in batches for row in lesson.run.ledger.batch(batch).rows}
    short = whole and all(row_words(lesson.run.ledger, row) for row in rows)
    return Excerpt(lesson.run.ledger, weights, whole, whole and len(rows) <= FEW_ROWS, short)


def _first(header: Header) -> str:
    """The weight in focus where a lesson names none: the first into the last layer, whose error a learner can see."""
    return header.weights_into(header.layers[-1].neurons[0])[0].name


def _commit(excerpt: Excerpt, batch: int, help_given: int) -> Commit:
    before = tuple(
        Column(
            weight_title(weight.source, weight.target), "", DATA,
            (shown(weight_value(excerpt.ledger, weight, batch)[1]),), help_given == ALONE,
        )
        for weight in excerpt.weights
    )  # fmt: skip
    tables = samples_table(excerpt, batch, help_given), steps_table(excerpt, batch, help_given)
    return Commit(batch, excerpt.header.epoch(batch), help_given, before, *tables)


def _check_finite(ledger: Ledger, batch: int, first: int) -> None:
    """first: of the sheet."""
    record, values = ledger.batch(batch), ledger.commit_at(batch)
    parts = [*record.outputs, *record.blame, *(values[name] for name, _ in ledger.header.recipe.lines)]
    if not all(np.isfinite(part).all() for part in (*parts, ledger.batch_loss(batch))):
        advice = f"--to {batch - 1}" if batch > first else "earlier ones"
        raise ExportError(
            f"batch {batch} has numbers that are infinite or no numbers, which nobody can compute; try {advice}"
        )


def _data(excerpt: Excerpt, batches: Sequence[int]) -> Table:
    """The rows of the data that the commits use, in their order."""
    header = excerpt.header
    rows = sorted({row for batch in batches for row in excerpt.ledger.batch(batch).rows})
    inputs = zip(header.layers[0].sources, header.input_names, header.inputs[rows].T, strict=True)
    columns = [
        Column(subscript(source), "" if name == source else name, DATA, tuple(column(values)))
        for source, name, values in inputs
    ]
    outputs = header.layers[-1].neurons
    for neuron, name, values in zip(outputs, header.target_names, header.targets[rows].T, strict=True):
        head = "target" if len(outputs) == 1 else f"target {subscript(neuron)}"
        columns.append(Column(head, "" if name == neuron else name, DATA, tuple(column(values))))
    return Table("row", tuple(Row(header.row_names[row]) for row in rows), tuple(columns))
