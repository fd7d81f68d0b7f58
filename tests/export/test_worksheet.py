"""The worksheet: the key's numbers are the ledger's, and the sheet tells nothing of what is to be computed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import cache
from html import unescape
from pathlib import Path
from typing import NamedTuple

import pytest
from nets import bits
from runs import RULES, run_of

from piggybank import SGD, Cue, Dense, Ledger, Lesson, Network, Question, Run
from piggybank.app.cli import main
from piggybank.app.course import load_lesson
from piggybank.app.export.files import ExportError
from piggybank.app.questions import Choice
from piggybank.app.worksheet import plan
from piggybank.app.worksheet.model import ALONE, HALF, Asked, Column, Commit, Worksheet
from piggybank.app.worksheet.page import html
from piggybank.app.worksheet.script import Script, script_of
from piggybank.ledger.lines import Ref
from piggybank.ledger.records import Weight
from piggybank.stage.digits import APPROXIMATELY, MINUS, reads_as, subscript, weight_title

LESSONS = (*range(13), "A", "B")
"""And labs."""
NO_WORDS = Script("", {})


@cache
def lesson_of(number: int | str) -> Lesson:
    lesson = load_lesson(number)
    lesson.ensure(0)
    return lesson


@cache
def sheet_of(number: int | str) -> Worksheet:
    lesson = lesson_of(number)
    return plan.worksheet(lesson, range(1, lesson.batches + 1), script_of(str(number)), cut=True)


@cache
def page_of(number: int | str, key: bool) -> str:
    return html(sheet_of(number), key).decode()


def of_run(run: Run | Lesson, batches: range) -> Worksheet:
    lesson = run if isinstance(run, Lesson) else Lesson(None, "A run", run, batches=len(run.ledger))
    return plan.worksheet(lesson, batches, NO_WORDS, cut=False)


class Cell(NamedTuple):
    """What a person reads in a box, and whether the sheet leaves it empty."""

    text: str
    blank: bool


class Printed(NamedTuple):
    """A table of a page: the words over its columns, and the cells of each row, those that rows share in each."""

    heads: list[str]
    rows: list[list[Cell]]
    foot: list[Cell]


def tables(page: str) -> list[list[Printed]]:
    """The tables of every commit of a page."""
    commits = re.findall(r'<section class="commit">(.*?)</section>', page, flags=re.DOTALL)
    return [[_table(text) for text in re.findall(r"<table.*?</table>", part, flags=re.DOTALL)] for part in commits]


def _table(text: str) -> Printed:
    heads = [unescape(head) for head in re.findall(r'<th scope="col"[^>]*>(.*?)<small>', text)]
    rows: list[list[Cell]] = []
    body, _, foot = text.partition("<tfoot>")
    for row in re.findall(r'<tr><th scope="row">.*?</tr>', body):
        cells = _cells(row)
        rows.append(cells if len(cells) == len(heads) else [])
    for place, cells in enumerate(rows):
        if not cells:  # it shares some
            own = _cells(re.findall(r'<tr><th scope="row">.*?</tr>', body)[place])
            spans = "rowspan" in body and re.findall(r"<td[^>]*>", re.findall(r"<tr><th scope.*?</tr>", body)[0])
            assert spans
            rows[place] = [rows[0][n] if "rowspan" in tag else own.pop(0) for n, tag in enumerate(spans)]
    return Printed(heads, rows, _cells(foot))


def _cells(text: str) -> list[Cell]:
    found = re.findall(r'<td(?: class="([^"]*)")?[^>]*>([^<]*)</td>', text)
    return [Cell(unescape(words), kind.startswith("box")) for kind, words in found]


def says(text: str, value: float) -> bool:
    """Whether a text is the number, exactly or rounded where it says so."""
    if APPROXIMATELY not in text:
        return bits(reads_as(text)) == bits(value + 0.0)
    written = Decimal(text.replace(APPROXIMATELY, "").replace(MINUS, "-").replace("+", ""))
    off = abs(Decimal(value) - written)
    return 0 < off <= Decimal(5).scaleb(int(written.as_tuple().exponent) - 1)


def test_reading_tells_a_rounded_number_from_an_exact_one() -> None:
    assert says("−0.5", -0.5)
    assert says("≈0.333", 1 / 3)
    assert not says("0.333", 1 / 3)
    assert not says("≈0.5", 0.5)
    assert not says("≈0.332", 1 / 3)


# The numbers ----------------------------------------------------------------------------------------------------------


def pass_values(ledger: Ledger, batch: int, sample: int) -> dict[str, float]:
    """What may stand over a column of the samples, and its number by the receipts."""
    header, row = ledger.header, ledger.batch(batch).rows[sample - 1]
    outputs = header.layers[-1].neurons
    value: Callable[[Ref], float] = lambda ref: ledger.open(ref).value  # noqa: E731
    found = {"loss": value(Ref("loss", "", batch, sample))}
    for name in header.neurons:
        found[f"output {subscript(name)}"] = value(Ref("predict", name, batch, sample))
        found[f"blame of {subscript(name)}"] = value(Ref("blame", name, batch, sample))
    for name in outputs:
        word = "" if len(outputs) == 1 else f" {subscript(name)}"
        target = value(Ref("target", name, 0, row + 1))
        found[f"prediction{word}"] = value(Ref("predict", name, batch, sample))
        found[f"target{word}"] = target
        found[f"error{word}"] = found[f"prediction{word}"] - target
    for place, name in enumerate(header.layers[0].sources):
        found[f"input {subscript(name)}"] = float(header.inputs[row, place])
    for weight in header.weights:
        found[coin_head(ledger, weight)] = value(Ref("slice", weight.name, batch, sample))
        if weight.layer:
            source = "of the bias" if weight.is_bias else subscript(weight.source)
            found[f"input {source}"] = 1.0 if weight.is_bias else value(Ref("predict", weight.source, batch, sample))
    return found


def coin_head(ledger: Ledger, weight: Weight) -> str:
    return "coin" if len(ledger.header.weights) == 1 else f"coin {weight_title(weight.source, weight.target)}"


def check_numbers(sheet: Worksheet, ledger: Ledger, weights: list[Weight]) -> int:
    """Every number of the key's tables against the receipts; gives how many there were."""
    seen = 0
    for commit, printed in zip(sheet.commits, tables(html(sheet, True).decode()), strict=True):
        record = ledger.batch(commit.batch)
        for table in printed:
            if len(table.rows) == record.count and table.heads[0] not in step_heads(commit):
                for sample, cells in enumerate(table.rows, 1):
                    values = pass_values(ledger, commit.batch, sample)
                    for head, cell in zip(table.heads, cells, strict=True):
                        assert says(cell.text, values[head]), (commit.batch, sample, head, cell)
                        seen += 1
                totals = {coin_head(ledger, w): Ref("bank", w.name, commit.batch, record.count) for w in weights}
                totals["loss"] = Ref("loss", "", commit.batch)
                for head, cell in zip(table.heads, table.foot, strict=bool(table.foot)):
                    if cell.text:
                        assert says(cell.text, ledger.open(totals[head]).value), (commit.batch, head, cell)
                        seen += 1
        seen += check_steps(commit, printed, ledger, weights)
    return seen


def step_heads(commit: Commit) -> list[str]:
    return [column.head for column in commit.steps.columns]


def check_steps(commit: Commit, printed: list[Printed], ledger: Ledger, weights: list[Weight]) -> int:
    """Every line of the rule has a column, the last ones of the commit, and before them is what it kept."""
    lines = [name for name, _ in ledger.header.recipe.lines]
    for number, weight in enumerate(weights):
        heads: list[str] = []
        texts: list[str] = []
        for table in printed:
            if set(table.heads) <= set(step_heads(commit)) and len(table.rows) == len(weights):
                heads += table.heads
                texts += [cell.text for cell in table.rows[number]]
        assert heads == step_heads(commit)
        for name, text in zip(lines, texts[-len(lines) :], strict=True):
            part = "" if name == "after" else name
            assert says(text, ledger.open(Ref("commit", weight.name, commit.batch, part=part)).value), (name, text)
        kept = ledger.memory_at(commit.batch - 1), ledger.shared_memory_at(commit.batch - 1)
        for name, text in zip((*kept[0], *kept[1]), texts, strict=False):
            value = kept[0][name][weight.layer][weight.row, weight.column] if name in kept[0] else kept[1][name]
            assert says(text, float(value)), (name, text)
    return len(lines) * len(weights)


@pytest.mark.parametrize("number", LESSONS)
def test_the_key_s_numbers_are_the_ledger_s(number: int | str) -> None:
    ledger = lesson_of(number).run.ledger
    weights = list(ledger.header.weights) if number != 12 else [ledger.weight("x2->y")]
    commits = len(sheet_of(number).commits)
    assert check_numbers(sheet_of(number), ledger, weights) >= commits * 6
    for commit in sheet_of(number).commits:
        for weight, column in zip(weights, commit.before, strict=True):
            matrix = ledger.weights_at(commit.batch - 1)[weight.layer]
            assert says(column.texts[0], float(matrix[weight.row, weight.column]))


@pytest.mark.parametrize("name", RULES)
def test_so_are_those_of_every_rule_and_of_a_large_network(name: str) -> None:
    """A network of 24 weights and three outputs: one weight of it, and its neuron."""
    run = run_of(name)
    sheet = of_run(Lesson(None, "A run", run, batches=7, selected="h2->y3"), range(2, 7))
    assert check_numbers(sheet, run.ledger, [run.ledger.weight("h2->y3")]) > 100


@pytest.mark.parametrize("selected", ["x1->h2", "bias->h1", "bias->y"])
def test_so_are_those_of_any_weight(selected: str) -> None:
    run = Run(Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7), "xor", rule=SGD(0.5), batch_size=4).train(batches=4)
    sheet = of_run(Lesson(None, "A run", run, batches=4, selected=selected), range(1, 5))
    assert check_numbers(sheet, run.ledger, [run.ledger.weight(selected)]) > 40


def test_rows_without_a_table_of_their_own_have_their_numbers_beside_the_predictions() -> None:
    rows = [[place / 4, 1 - place / 8] for place in range(12)], [[place / 2] for place in range(12)]
    run = Run(Network(Dense(2, 1, weights=[0, 0], bias=False)), rows, rule=SGD(0.25), batch_size=4).train(batches=3)
    sheet = of_run(run, range(1, 4))
    assert sheet.data is None
    for commit in sheet.commits:
        names, columns = [row.words for row in commit.samples.rows], commit.samples.columns
        numbers = [run.ledger.header.row_names.index(name) for name in names]
        assert [column.head for column in columns[:3]] == ["x₁", "x₂", "target"]
        assert not any(column.blank for column in columns[:3])
        for place, number in enumerate(numbers):
            texts = [column.texts[place] for column in columns[:3]]
            assert [reads_as(text) for text in texts] == [*rows[0][number], *rows[1][number]]


LABEL = re.compile(r"</span>\(?(−?[\d.]+)(?:, (−?[\d.]+)\))? → (−?[\d.]+)</th>")


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 8])
def test_a_learner_who_fills_every_box_comes_to_the_key(number: int | str) -> None:
    """Reads the sheet alone, and the hammer: from the weights of the first commit and the rows' words."""
    header = lesson_of(number).run.ledger.header
    key = tables(page_of(number, True))
    parts = page_of(number, False).split('<section class="commit">')[1:]
    weights = [reads_as(text) for text in re.findall(r'<span>x. → y <span class="given[^"]*">([^<]+)<', parts[0])]
    for place, part in enumerate(parts):
        rows = [[reads_as(text) for text in found if text] for found in LABEL.findall(part)]
        made: list[list[float]] = []
        for *inputs, target in rows:
            prediction = sum(x * w for x, w in zip(inputs, weights, strict=True))
            error = prediction - target
            made.append([prediction, error, error * error / 2, *(x * error for x in inputs)])
        totals = [sum(column) for column in list(zip(*made, strict=True))[3:]]
        steps = []
        for n, total in enumerate(totals):
            moves = [total, len(rows), total / len(rows)] if len(rows) == 1 else [len(rows), total / len(rows)]
            moves = moves if header.reduce == "average" else []
            by = total / len(rows) if header.reduce == "average" else total
            adjustment = -header.constants["learning_rate"] * by
            weights[n] += adjustment
            steps.append([*moves, adjustment, weights[n]])
        samples, last = key[place]
        for found, wanted in ((samples.rows, made), (last.rows, steps)):
            assert len(found) == len(wanted)
            for cells, numbers in zip(found, wanted, strict=True):
                assert all(says(cell.text, value) for cell, value in zip(cells, numbers, strict=True)), (cells, numbers)


# What is left out -----------------------------------------------------------------------------------------------------


def columns_of(commit: Commit) -> list[Column]:
    return [*commit.before, *commit.samples.columns, *commit.steps.columns]


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


def blanks(sheet: Worksheet, batch: int) -> set[str]:
    return {column.head for column in columns_of(sheet.commits[batch - 1]) if column.blank}


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
        "The coin is ____: too large. How far does the weight move?",
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


# The key --------------------------------------------------------------------------------------------------------------


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


# Which commits --------------------------------------------------------------------------------------------------------


def test_a_sheet_begins_where_it_is_asked_to_and_the_first_commit_is_worked() -> None:
    run = lesson_of(10).run
    sheet = of_run(Lesson(None, "A run", run, batches=7), range(3, 6))
    assert [(commit.batch, commit.help) for commit in sheet.commits] == [(3, 1), (4, HALF), (5, ALONE)]
    assert sheet.commits[0].steps.columns[0] == Column("savings before", "", "data", ("−4",))
    assert sheet.seal == run.ledger.seal_at(5)


def test_of_a_commit_alone_the_bank_is_left_to_be_broken() -> None:
    sheet = of_run(Lesson(None, "A run", lesson_of(2).run, batches=4), range(3, 4))
    assert [(commit.batch, commit.help) for commit in sheet.commits] == [(3, HALF)]
    assert blanks(sheet, 1) == {"average", "adjustment", "new weight"}
    assert "worked" not in unescape(html(sheet, False).decode())


def test_what_does_not_fit_is_cut_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "sheet.html")
    assert main(["worksheet", "12", "--out", out]) == 0
    said = capsys.readouterr()
    assert said.err.startswith("piggybank: the sheet has 3 of 18 commits, which is what fits on three pages; --to 18")
    assert said.out.strip() == out
    assert main(["worksheet", "12", "--out", out, "--overwrite", "--to", "18"]) == 0
    assert capsys.readouterr().err == ""
    assert len(tables(Path(out).read_text("utf-8"))) == 18


def test_a_lab_s_sheet_says_which_of_its_runs_it_is_of() -> None:
    assert "<h1>Lab A · One batch, three rules · SGD</h1>" in page_of("A", False)
    assert "Give each rule the rate that suits it best." in page_of("A", False)


def test_files_are_called_what_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text("from piggybank import *\nrun = Run(Network(Dense(1, 1)), 'frozen')\n", "utf-8")
    for arguments in (["2"], ["2", "--key"], ["mine.py", "--key"]):
        assert main(["worksheet", *arguments]) == 0, capsys.readouterr().err
    assert main(["worksheet", "a"]) == 0
    names = {
        "lab-A-worksheet.html",
        "lesson-2-worksheet.html",
        "lesson-2-answer-key.html",
        "mine-answer-key.html",
        "mine.py",
    }
    assert {path.name for path in tmp_path.iterdir()} == names


def test_a_saved_run_gives_the_sheet_that_the_run_gives(tmp_path: Path) -> None:
    run = run_of("adam")
    run.save(tmp_path / "adam.piggy")
    assert main(["worksheet", str(tmp_path / "adam.piggy"), "--to", "3", "--out", str(tmp_path / "a.html")]) == 0
    lesson = Lesson(None, "adam", run, batches=7)
    assert (tmp_path / "a.html").read_bytes() == html(of_run(lesson, range(1, 4)), False)


# What is refused ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["2", "--out", "sheet.pdf"], "expected a file ending in .html, got 'sheet.pdf'; try run.html"),
        (["2", "--from", "9"], "the ledger holds batches 1 to 4, got 9 to 4"),
        (["1", "--to", "40"], "a worksheet has up to 24 commits, got 40; try --from 1 --to 24"),
        (["2", "--epoch", "1", "--to", "2"],
         "expected an epoch, or a first and a last batch, got both; leave one out"),
        (["8", "--from", "640", "--to", "646"],
         "batch 640 has numbers that are infinite or no numbers, which nobody can compute; try earlier ones"),
        (["8", "--from", "322", "--to", "330"],
         "batch 324 has numbers that are infinite or no numbers, which nobody can compute; try --to 323"),
        (["13"], "there is no lesson 13 (known: '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', …)"),
    ],
)  # fmt: skip
def test_what_cannot_be_made_is_refused_in_one_sentence(
    arguments: list[str],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["worksheet", *arguments]) == 2
    assert capsys.readouterr().err == f"piggybank: {sentence}\n"
    assert list(tmp_path.iterdir()) == []


def test_a_batch_that_fits_on_no_page_is_refused_with_one_that_fits() -> None:
    data = [[row / 8] for row in range(80)], [[0.5]] * 80
    run = Run(Network(Dense(1, 1)), data, rule=SGD(1 / 8), batch_size=80).train(batches=1)
    with pytest.raises(ExportError) as caught:
        of_run(run, range(1, 2))
    found = re.fullmatch(
        r"a commit of 80 samples does not fit on a page; try a run with batch_size=(\d+) or less", str(caught.value)
    )
    assert found
    size = int(found[1])
    fitting = Run(Network(Dense(1, 1)), data, rule=SGD(1 / 8), batch_size=size).train(batches=1)
    assert len(of_run(fitting, range(1, 2)).commits[0].samples.rows) == size


def test_a_sheet_that_is_there_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "sheet.html"
    path.write_text("mine", "utf-8")
    assert main(["worksheet", "2", "--out", str(path)]) == 2
    assert capsys.readouterr().err == "piggybank: sheet.html is there already; give another name, or --overwrite\n"
    assert path.read_text("utf-8") == "mine"
    assert main(["worksheet", "2", "--out", str(path), "--overwrite"]) == 0
    assert path.read_text("utf-8") == page_of(2, False)


def test_hostile_names_are_words_and_nothing_else() -> None:
    evil = '<script>alert("1")</script>&amp;\u202e'
    run = Run(
        Network(Dense(1, 1, weights=0.5, bias=False)), ([[1.0], [2.0]], [[1.0], [2.0]]), rule=SGD(1 / 8), batch_size=2
    )
    choices = (Choice("adjustment", evil), Choice("0", evil))
    question = Question("1.1.commit", evil, "adjustment", choices, hints=(evil,), because=evil)
    lesson = Lesson(None, evil, run, batches=3, about=evil, questions=[question], cues=[Cue("1.1.commit", "x")])
    script = Script(evil, {"MAKE": f"{evil} ({evil})", "MODIFY": evil})
    lesson.run.ensure(3)
    for key in (False, True):
        page = html(plan.worksheet(lesson, range(1, 4), script, cut=True), key).decode()
        assert "<script" not in page
        assert page.count("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;amp;\\u202e") == (12 if key else 7)


# Words of scripts -----------------------------------------------------------------------------------------------------


def test_a_script_s_tasks_are_its_comments(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text(
        '"""Mine\n\nAbout two\nlines.\n\nMore.\n"""\n# MAKE   A task\n#        of two lines. (And its answer.)\n'
        "\n# other\n# MODIFY f(x) stays (here) as it is.\n",
        "utf-8",
    )
    script = script_of(str(path))
    assert script.about == "About two lines."
    assert script.task("MAKE") == ("A task of two lines.", "And its answer.")
    assert script.task("MODIFY") == ("f(x) stays (here) as it is.", "")
    assert script.task("PREDICT") == ("", "")
