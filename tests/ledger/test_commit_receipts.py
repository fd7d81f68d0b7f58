"""Receipts of rules with memory, clipping, schedules and faults: every chain evaluates, and ends where it should."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from nets import bits

from piggybank import SGD, Adam, AdamW, Cosine, Dense, Momentum, Network, Rule, Run, Step, WarmUp
from piggybank.ledger.leaf_receipts import LEAVES
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Line, Receipt, Ref
from piggybank.ledger.weights import place_of, weight_at

Figure = Callable[[str, object], None]
SEVEN = ([[1.0], [2.0], [-1.0], [0.5], [3.0], [1.5], [-2.0]], [[1.0], [0.0], [2.0], [1.0], [-1.0], [0.5], [1.0]])
TOP = ("top = largest(average)", "adjustment = -learning_rate * average / top", "after = before + adjustment")


def small(rule: Rule, **settings: Any) -> Run:
    return Run(Network(Dense(1, 2, "tanh"), Dense(2, 1), seed=4), SEVEN, rule=rule, **{"batch_size": 3, **settings})


RUNS: dict[str, Callable[[], Run]] = {
    "Adam, all options": lambda: small(
        Adam(0.1, clip_norm=0.5, weight_decay=0.01, schedule=[WarmUp(3), Step(2), Cosine(3)])
    ),
    "AdamW, clipped by value": lambda: small(AdamW(0.1, clip_value=0.25), shuffle=1),
    "SGD, clipped total": lambda: small(SGD(0.1, clip_norm=0.5), reduce="total"),
    "largest": lambda: small(Rule("largest", TOP, {"learning_rate": 0.1})),
    "average of averages": lambda: small(SGD(0.1), batch_size=2, accumulate=2, fault="average-of-averages"),
    "stale last batch": lambda: small(Momentum(0.1, 0.5), fault="stale-last-batch"),
    "bias per input": lambda: small(SGD(0.1), fault="bias-updated-per-input"),
}


def trained(name: str) -> Ledger:
    return RUNS[name]().train(epochs=2).ledger


def crawl(ledger: Ledger) -> dict[Ref, Receipt]:
    """Every receipt that can be reached from the last batch's commits."""
    found: dict[Ref, Receipt] = {}
    waiting = [Ref("commit", weight.name, len(ledger)) for weight in ledger.header.weights]
    while waiting:
        ref = waiting.pop()
        if ref not in found:
            found[ref] = ledger.open(ref)
            waiting += [line.origin for line in found[ref].lines if line.origin is not None]
    return found


def same(left: float, right: float) -> bool:
    return bits(left) == bits(right)


def test_every_weight_has_one_place_in_the_vector_of_all_weights_and_its_number_stands_there() -> None:
    network = Network(Dense(1, 3, bias=False), Dense(3, 2), Dense(2, 1), seed=4)
    ledger = Run(network, SEVEN, batch_size=3).train(epochs=1).ledger
    after, layers = ledger.commit_at(2)["after"], ledger.header.layers
    found = [weight_at(layers, place) for place in range(len(after))]
    assert sorted(weight.name for weight in found) == sorted(weight.name for weight in ledger.header.weights)
    assert [place_of(layers, weight) for weight in found] == list(range(len(after)))
    numbers = [ledger.weights_at(2)[weight.layer][weight.row, weight.column] for weight in found]
    assert bits(numbers) == bits(after)


@pytest.mark.parametrize("name", RUNS)
def test_every_receipt_behind_a_commit_evaluates_and_shows_the_number_it_explains(name: str, figure: Figure) -> None:
    ledger = trained(name)
    found = crawl(ledger)
    assert [
        ref for ref, receipt in found.items() if not same(eval(receipt.python(), {"math": math}), receipt.value)
    ] == []
    edges = [(line, found[line.origin]) for receipt in found.values() for line in receipt.lines if line.origin]
    wrong = [line for line, behind in edges if not any(same(line.value or 0.0, x.value or 0.0) for x in behind.lines)]
    assert wrong == []
    ends = {receipt.kind for receipt in found.values() if all(line.origin is None for line in receipt.lines)}
    assert ends == set(LEAVES) & ends
    assert {"data", "target", "initial", "setting"} <= ends
    figure(f"P2 commits, {name}: receipts opened", len(found))


@pytest.mark.parametrize("name", RUNS)
def test_a_commits_value_is_the_recorded_weight(name: str) -> None:
    ledger = trained(name)
    for batch in range(1, len(ledger) + 1):
        after = ledger.weights_at(batch)
        for weight in ledger.header.weights:
            assert same(ledger.receipt(weight.name, batch=batch).value, after[weight.layer][weight.row, weight.column])


def labels(receipt: Receipt) -> list[str]:
    return [line.label for line in receipt.lines if line.operator == "="]


def behind(ledger: Ledger, receipt: Receipt, label: str) -> Receipt:
    line = next(line for line in receipt.lines if line.label == label and line.origin is not None)
    assert line.origin is not None
    return ledger.open(line.origin)


def test_what_todays_samples_did_not_cause_has_a_line_and_words_of_its_own() -> None:
    ledger = trained("Adam, all options")
    assert {"Weight decay, the house coin", "Old savings"} <= set(labels(ledger.receipt("h1->y", batch=4)))


def test_the_norm_leads_to_every_weights_term_and_that_to_its_average() -> None:
    ledger = trained("Adam, all options")
    squares = behind(ledger, ledger.receipt("h1->y", batch=4), "Squares of all average coins")
    assert [line.label for line in squares.lines[1:-1]] == [
        "x1->h1", "x1->h2", "bias->h1", "bias->h2", "h1->y", "h2->y", "bias->y",
    ]  # fmt: skip
    term = behind(ledger, squares, "bias->h2")
    assert labels(term)[0] == "Average coin"
    average = ledger.open(Ref("commit", "bias->h2", 4, part="average")).value
    assert same(term.value, average * average)


def test_a_line_of_all_weights_opens_the_same_from_any_weights_commit() -> None:
    ledger = trained("SGD, clipped total")
    whole = ledger.open(Ref("whole", "sum_of_squares", 2))
    for weight in ledger.header.weights:
        assert ledger.open(Ref("commit", weight.name, 2, part="sum_of_squares")).lines == whole.lines


def test_the_learning_rate_leads_to_the_schedule_and_that_to_the_settings() -> None:
    ledger = trained("Adam, all options")
    rate = behind(ledger, ledger.receipt("h1->y", batch=4), "−Learning rate")
    assert same(rate.value, -ledger.learning_rate_at(4))
    plain = behind(ledger, rate, "Learning rate")
    assert {"Warm up", "Step", "Cosine"} <= set(labels(plain))
    assert behind(ledger, plain, "Number of the commit").value == 4


def test_how_full_a_jar_is_leads_back_to_the_commit_before() -> None:
    ledger = trained("Adam, all options")
    fill = behind(ledger, ledger.receipt("h1->y", batch=4), "How full the jar of coins was")
    assert same(fill.value, ledger.shared_memory_at(3)["mean_fill"])
    assert abs(ledger.shared_memory_at(3)["mean_fill"] - (1 - 0.9**3)) < 1e-15


def test_memory_of_a_weight_opens_the_commit_that_filled_it() -> None:
    ledger = trained("stale last batch")
    left = behind(ledger, ledger.receipt("h1->y", batch=4), "Left in the bank before")
    assert same(left.value, ledger.memory_at(3)["left"][1][0, 0])
    assert labels(left)[-1] == "Left in the bank now"


def test_a_sum_over_many_weights_comes_in_pages_that_go_on_from_one_another() -> None:
    inputs = [[float((row * 7 + i) % 5 - 2) for i in range(30)] for row in range(3)]
    network = Network(Dense(30, 5, "tanh"), Dense(5, 1), seed=2)
    ledger = Run(network, (inputs, [1.0, 0.0, -1.0]), rule=SGD(0.1, clip_norm=0.1), batch_size=3).train().ledger
    receipt = ledger.open(Ref("whole", "sum_of_squares", 1))
    pages: list[Receipt] = [receipt]
    while pages[-1].lines[0].label == "So far":
        pages.append(behind(ledger, pages[-1], "So far"))
    assert len(pages) == -(-len(ledger.header.weights) // 64) == 3
    assert sum(len(page.lines) - 2 for page in pages) == len(ledger.header.weights)
    assert all(same(eval(page.python(), {"math": math}), page.value) for page in pages)
    assert same(receipt.value, ledger.commit_at(1)["sum_of_squares"])


def test_before_the_commit_settings_are_known_and_what_all_weights_make_is_not() -> None:
    ledger = trained("Adam, all options")
    pending: list[Line] = list(ledger.receipt("h1->y", batch=4, banked=1).lines)
    known = {line.label for line in pending if line.value is not None}
    assert {"−Learning rate", "Jar of coins before", "Clip norm", "How full the jar of coins was"} <= known
    assert not known & {"Squares of all average coins", "Clipped coin", "Final adjustment", "Total in the bank"}


@pytest.mark.parametrize("name", RUNS)
def test_no_two_numbers_of_a_commit_go_by_the_same_words(name: str) -> None:
    ledger = trained(name)
    for batch in (1, 3, 4):
        said: dict[str, float] = {}
        for line in ledger.receipt("h1->y", batch=batch).lines:
            assert line.value is not None
            assert same(said.setdefault(line.label, line.value), line.value), line.label


def test_where_old_coins_are_in_the_bank_too_a_batch_s_own_are_the_new_ones() -> None:
    ledger = Run(Network(Dense(1, 1, weights=0.5, bias=False)), "one coin", rule=SGD(1 / 8), batch_size=1,
                 fault="forgot-to-empty").train(batches=2).ledger  # fmt: skip
    said = [(line.label, line.value) for line in ledger.receipt("x1->y", batch=2).lines[:3]]
    assert said == [("In the bank before", -4.0), ("New coins", -2.0), ("In the bank now", -6.0)]
    of_sample = {line.label: line.value for line in ledger.receipt("x1->y", batch=2, sample=1).lines}
    assert of_sample["New coins before"] == 0
    assert of_sample["New coins now"] == -2


def test_micro_batches_are_named_in_the_bank() -> None:
    ledger = trained("average of averages")
    said = [line.label for line in ledger.open(Ref("bank", "h1->y", 1, 4)).lines[1:-1]]
    assert said == [f"Sample {n}'s coin, micro-batch {(n + 1) // 2}" for n in range(1, 5)]
