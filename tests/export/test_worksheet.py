"""What a worksheet leaves out: it tells nothing of what is to be computed."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from worksheets import LESSONS, blanks, columns_of, lesson_of, of_run, page_of, sheet_of

from piggybank import SGD, Dense, Lesson, Network, Run
from piggybank.app.course import course, load_lesson
from piggybank.app.worksheet import plan
from piggybank.app.worksheet.model import Asked, Column, Commit, Worksheet
from piggybank.app.worksheet.page import html
from piggybank.app.worksheet.script import script_of
from piggybank.stage.digits import MINUS


@pytest.mark.parametrize("number", LESSONS)
def test_the_help_fades_from_commit_to_commit(number: int | str) -> None:
    first, second, *rest = sheet_of(number).commits
    assert not any(column.blank for column in columns_of(first))
    lines = len(lesson_of(number).run.ledger.header.recipe.lines)
    assert not any(column.blank for column in (*second.before, *second.samples.columns))
    assert all(column.blank for column in second.steps.columns[-lines:])
    assert rest or number in (0, 7)
    for commit in rest:
        given = {column.head for column in columns_of(commit) if not column.blank}
        assert given == ({"input x₂", "target", "prediction", "loss"} if number == 12 else set())


def test_what_no_pencil_can_do_is_given() -> None:
    """A sigmoid, its loss, and in a network with more weights than the sheet shows what reaches the weight."""
    run = Run(Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7), "xor", rule=SGD(0.5), batch_size=4).train(batches=3)
    for selected, given in (
        ("h2->y", {"input h₂", "prediction", "target"}),
        ("x1->h2", {"input x₁", "blame of h₂", "loss"}),
    ):
        commit = of_run(Lesson(None, "A run", run, batches=3, selected=selected), range(1, 4)).commits[-1]
        assert {column.head for column in columns_of(commit) if not column.blank} == given


def test_what_all_weights_make_together_is_given_where_not_all_are_there() -> None:
    def run(outputs: int) -> Run:
        network = Network(Dense(1, outputs, weights=[[0.5] * outputs], bias=False))
        data = [[1.0], [2.0]], [[0.0] * outputs, [1.0] * outputs]
        return Run(network, data, rule=SGD(0.5, clip_norm=0.25), batch_size=2).train(batches=2)

    assert "squares of all average coins" in blanks(of_run(run(2), range(1, 3)), 2)
    alone = blanks(of_run(run(9), range(1, 3)), 2)
    assert "squares of all average coins" not in alone
    assert {"clipped coin", "adjustment", "new weight"} <= alone


def test_the_averages_of_micro_batches_are_taken_when_the_bank_breaks() -> None:
    assert blanks(sheet_of(7), 2) == {"sum of averages", "average", "adjustment", "new weight"}


@pytest.mark.parametrize(("activation", "can"), [("tanh", True), ("softplus", False)])
def test_blame_is_asked_for_where_its_slope_is_arithmetic(activation: str, can: bool) -> None:
    network = Network(Dense(1, 1, activation, weights=0.5, bias=False))
    run = Run(network, ([[1.0], [2.0]], [[0.0], [1.0]]), rule=SGD(0.5), batch_size=2).train(batches=3)
    assert ("blame of y" in blanks(of_run(run, range(1, 4)), 3)) is can


def otherwise(sheet: Worksheet) -> Worksheet:
    """The same sheet with every number that it leaves out changed to another of another length and sign."""

    def column(old: Column) -> Column:
        texts = tuple(f"{MINUS}98765.{place}" for place in range(len(old.texts)))
        return replace(old, texts=texts, foot="+4321" if old.foot else "") if old.blank else old

    def commit(old: Commit) -> Commit:
        before = tuple(map(column, old.before))
        samples = replace(old.samples, columns=tuple(map(column, old.samples.columns)))
        steps = replace(old.steps, columns=tuple(map(column, old.steps.columns)))
        return replace(old, before=before, samples=samples, steps=steps)

    def asked(old: Asked) -> Asked:
        options = tuple(replace(option, right=False, says="no") for option in old.options)
        return replace(old, answer="98765", options=options, because="another", hints=("none",))

    return replace(
        sheet,
        commits=tuple(map(commit, sheet.commits)),
        first=tuple(map(asked, sheet.first)),
        later=tuple(map(asked, sheet.later)),
        make_answer="another",
        modify="another",
    )


@pytest.mark.parametrize("number", LESSONS)
def test_the_sheet_is_the_same_whatever_its_answers_are(number: int | str) -> None:
    """So that nothing of it, not the width of a box either, tells of a number, an answer or an explanation."""
    other = otherwise(sheet_of(number))
    assert html(other, False) == html(sheet_of(number), False)
    assert html(other, True) != html(sheet_of(number), True)


NUMBER = re.compile(r"≈?[+−-]?\d+(?:\.\d+)?")


@pytest.mark.parametrize("number", LESSONS)
def test_no_word_of_the_sheet_holds_a_number_that_is_to_be_computed(number: int | str) -> None:
    sheet, page = sheet_of(number), page_of(number, False)
    blanks = {text for commit in sheet.commits for text in commit.blanks}
    assert blanks
    given = {text for commit in sheet.commits for column in columns_of(commit) if not column.blank
             for text in (*column.texts, column.foot)}  # fmt: skip
    given |= {text for column in sheet.data.columns for text in column.texts} if sheet.data else set()
    questions = (*sheet.first, *sheet.later)
    given |= {option.text for asked in questions for option in asked.options}
    given |= set(NUMBER.findall(" ".join(line for _, lines in sheet.settings for line in lines)))
    words = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    words = unescape(re.sub(r"<(?:td|span|li)[^>]*>(?:<b>\w</b> )?[≈+−]?[\d.]+</", "", words))
    found = set(NUMBER.findall(words)) - given
    small = {str(n) for n in range(100)}  # samples, commits and the like are counted in words, too
    told = set(NUMBER.findall(sheet.about + sheet.make))
    assert not (found - small - told) & blanks


def test_a_question_s_words_leave_gaps_for_what_the_sheet_asks_for() -> None:
    asks = {
        number: [asked.asks for asked in (*sheet_of(number).first, *sheet_of(number).later)] for number in (4, 6, 7)
    }
    assert asks[4][0] == "Two apples, no pears, an error of −8. What coin do the pears get?"
    assert asks[4][2] == "The pears' coins: ____ and ____. How far now?"
    assert asks[6] == [
        "The new coin is −2. What does the bank hold then?",
        "The coin, ____, says: too large. How far does the weight move?",
    ]
    assert asks[7][1] == "Total ____, four samples. How far should the weight move?"  # the question before asks for it


def test_questions_about_the_worked_commit_come_before_it() -> None:
    page = page_of(4, False)
    first, worked, later = (
        page.index("Two apples, no pears"),
        page.index("<h2>Commit 1"),
        page.index("The pears&#x27; price"),
    )
    assert first < worked < later
    assert '<tr class=turn><td><section class="commit">' in page[first:later]


def test_a_changed_script_s_sheet_keeps_its_first_words_only_if_they_are_changed_too(tmp_path: Path) -> None:
    text = next(entry.path for entry in course() if entry.number == 2).read_text("utf-8")
    mine = text.replace("rate=1 / 8", "rate=1 / 4")
    mine_too = mine.replace("Four shoppers bought", "Four friends bought")
    found = []
    for words in (text, mine, mine_too):
        script = tmp_path / "mine.py"
        script.write_text(words, encoding="utf-8")
        lesson = load_lesson(script)
        lesson.ensure(0)
        found.append(plan.worksheet(lesson, range(1, 3), script_of(str(script)), cut=True).about)
    assert [about.partition(" bought")[0] for about in found] == ["Four shoppers", "", "Four friends"]
