"""The numbers of a worksheet's key are the ledger's, and a learner who fills every box comes to them."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from nets import bits
from runs import RULES, run_of
from worksheets import LESSONS, Printed, lesson_of, of_run, page_of, sheet_of, tables

from piggybank import SGD, Dense, Ledger, Lesson, Network, Run
from piggybank.app.worksheet.model import Commit, Worksheet
from piggybank.app.worksheet.page import html
from piggybank.ledger.lines import Ref
from piggybank.ledger.records import Weight
from piggybank.stage.digits import APPROXIMATELY, MINUS, reads_as, subscript, weight_title


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
