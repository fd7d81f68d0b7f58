"""The answer key: the sheet with its boxes filled, sealed, the same bytes for the same run."""

from __future__ import annotations

import re
from html import unescape

import pytest
from worksheets import LESSONS, lesson_of, of_run, page_of, sheet_of

from piggybank import Dense, Network, Run
from piggybank.app.course import load_lesson
from piggybank.app.worksheet import plan
from piggybank.app.worksheet.page import html
from piggybank.app.worksheet.script import script_of


@pytest.mark.parametrize("number", LESSONS)
def test_the_key_is_the_sheet_with_its_boxes_filled(number: int | str) -> None:
    key, sheet = (page_of(number, wanted).partition("<body>")[2] for wanted in (True, False))
    key, teachers, _ = key.partition("<tr class=turn><td><section><h2>For whoever teaches")
    assert teachers
    for filled, empty in (
        (r' class="box key[^"]*"([^>]*)>[^<]+<', r' class="box"\1><'),
        (r'<span class="key">[^<]*</span>', '<span class="key"></span>'),
        (r'class="option right">(.*?) <i>right</i>', r'class="option">\1'),
        (r'"badge">Answer key', '"badge plain">Worksheet'),
        ("· answer key ·", "· worksheet ·"),
    ):
        assert re.search(filled, key)
        key = re.sub(filled, empty, key)
    assert key.rstrip() == sheet[: sheet.rindex("</tbody>")].rstrip()


@pytest.mark.parametrize("number", LESSONS)
def test_right_answers_stand_in_the_key_alone(number: int | str) -> None:
    lesson, sheet = lesson_of(number), sheet_of(number)
    batches = {commit.batch for commit in sheet.commits}
    asked = sorted((lesson.timeline.find(question.at), question.at) for question in lesson.questions)
    beats = [beat for beat, _ in asked if lesson.timeline.batch_of(beat) in batches]
    assert len(beats) == len((*sheet.first, *sheet.later)) > 0
    marked = re.findall(r'class="option right"><b>\w</b> ([^ ]+) <i>right', page_of(number, True))
    typed = re.findall(r'Answer <span class="box key[^"]*">([^<]+)<', page_of(number, True))
    right = [found for beat in beats if (found := lesson.asked(beat))]
    assert marked == [found.text for found in right if found.options]
    assert typed == [found.text for found in right if not found.options]
    for found in right:
        because = "".join(span.text for span in found.because)
        assert not because or because in unescape(page_of(number, True))
        assert not because or because not in unescape(page_of(number, False))
    assert ">right<" not in page_of(number, False)


def test_what_a_task_comes_to_stands_in_the_key_alone() -> None:
    assert "lands the total on 2 in one commit." in page_of(3, False)
    assert "1/16" not in page_of(3, False)
    assert "1/16" in page_of(3, True)
    assert ("instead of -2" in page_of(2, True), "instead of -2" in page_of(2, False)) == (True, False)


def test_sheet_and_key_have_the_seal_of_the_last_commit_on_them() -> None:
    lesson = lesson_of(12)
    last = sheet_of(12).commits[-1].batch
    for key in (True, False):
        assert f'<b class="seal">{lesson.run.ledger.seal_at(last)}</b>' in page_of(12, key)
    assert last < lesson.batches
    assert "commits 1 to 3 of 18" in page_of(12, False)


@pytest.mark.parametrize("key", [False, True])
def test_the_same_run_gives_the_same_bytes(key: bool) -> None:
    lesson = load_lesson(9)
    lesson.run.ensure(7)
    assert html(plan.worksheet(lesson, range(1, 4), script_of("9"), cut=True), key).decode() == page_of(9, key)


def test_a_page_asks_for_nothing_and_runs_nothing() -> None:
    page = page_of(12, True)
    assert "default-src 'none'" in unescape(page)
    assert not re.search(r"<script|https?:|<link|url\(|@import|<img|style=", page)


def test_how_numbers_are_come_by_is_written_with_the_run_s_own_settings() -> None:
    hints = {column.head: column.hint for column in sheet_of(10).commits[0].steps.columns}
    assert hints["old savings"] == "0.5 × savings before"
    assert hints["savings now"] == "old savings + average"
    assert hints["adjustment"] == "−0.125 × savings now"
    assert "the learning rate, 0.125, that is 1/8" in page_of(10, False)


@pytest.mark.parametrize(("outputs", "hint"), [(1, "error × error ÷ 2"), (2, "error × error ÷ 2, of all outputs")])
def test_the_loss_says_of_how_many_outputs_it_is(outputs: int, hint: str) -> None:
    targets = [[1.0] * outputs, [2.0] * outputs]
    run = Run(Network(Dense(1, outputs)), ([[1.0], [2.0]], targets), batch_size=2).train(epochs=1)
    columns = of_run(run, range(1, 2)).commits[0].samples.columns
    assert {column.head: column.hint for column in columns}["loss"] == hint
