"""What coins do beyond their own commit: adjustments split into all coins so far, and the account of a row."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest
from interrupting import stopped_everywhere
from nets import bits

from piggybank import (
    SGD,
    AdaGrad,
    Adam,
    AdamW,
    Cosine,
    Dense,
    Ledger,
    LedgerError,
    Momentum,
    Nesterov,
    Network,
    RMSProp,
    Rule,
    Run,
)
from piggybank.app.course import load_lesson
from piggybank.ledger.commit_receipts import commit_values
from piggybank.ledger.lasting import History
from piggybank.ledger.lines import Receipt, Ref

RULES = {
    "SGD": SGD(0.3),
    "SGD, clipped": SGD(0.3, clip_norm=0.05),
    "Momentum": Momentum(0.125, 0.5),
    "Momentum, all options": Momentum(0.1, 0.9, weight_decay=0.01, clip_value=0.05, schedule=Cosine(3)),
    "Nesterov": Nesterov(0.1, 0.7),
    "AdaGrad": AdaGrad(0.1),
    "RMSProp": RMSProp(0.1, 0.9),
    "Adam": Adam(0.1),
    "AdamW": AdamW(0.1, weight_decay=0.1),
}


def trained(rule: Rule, epochs: int = 4, **settings: Any) -> Ledger:
    network = Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7)
    return Run(network, "xor", rule=rule, batch_size=3, **settings).train(epochs=epochs).ledger


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("reduce", ["average", "total"])
def test_an_adjustment_is_the_sum_of_all_coins_so_far_and_of_what_was_rounded_away(name: str, reduce: str) -> None:
    ledger = trained(RULES[name], reduce=reduce)
    for weight in ledger.header.weights:
        for batch in (1, 2, len(ledger)):
            shares, total = ledger.lasting(weight.name, batch=batch), 0.0
            for share in shares:
                total = total + share.value
            assert total == commit_values(ledger, weight, batch)["adjustment"]  # a sum from +0 is never -0
            largest = max(abs(share.value) for share in shares)
            assert shares[-1].what == "Rounded away"
            assert abs(shares[-1].value) <= 1e-13 * largest


def nearly_cancelling(seed: int) -> Ledger:
    """One batch of nine coins whose sum is a few roundings large."""
    numbers = random.Random(seed)
    inputs, targets = ([numbers.uniform(low, 1) for _ in range(9)] for low in (0.5, -1))
    targets[-1] = -sum(x * t for x, t in zip(inputs[:-1], targets, strict=False)) / inputs[-1]
    network = Network(Dense(1, 1, weights=0.0, bias=False))
    return Run(network, (inputs, targets), rule=SGD(0.1), batch_size=9).train().ledger


def test_an_adjustment_of_coins_that_nearly_cancel_is_their_sum_to_the_last_bit() -> None:
    """Even what was rounded away may have to be rounded then, and stands in two parts."""
    parts = []
    for seed in range(100):
        ledger, total = nearly_cancelling(seed), 0.0
        shares = ledger.lasting("x1->y", batch=1)
        for share in shares:
            total = total + share.value
        wanted = commit_values(ledger, ledger.weight("x1->y"), 1)["adjustment"]
        assert total == wanted
        parts.append([share.what for share in shares].count("Rounded away"))
        for ref, receipt in crawl(ledger, Ref("lasting", "x1->y", 1)).items():
            assert same(eval(receipt.python(), {"math": math}), receipt.value), ref
        assert ledger.open(Ref("lasting", "x1->y", 1)).value == wanted
    assert set(parts) == {1, 2}


@pytest.mark.parametrize("rule", [SGD(0.3, clip_value=0.05), SGD(0.3, clip_norm=0.05), Adam(0.1, clip_value=0.05)])
def test_receipts_of_lasting_coins_of_totals_and_of_coins_of_nothing_evaluate(rule: Rule) -> None:
    """A total has no count to divide by; of an average of 0 clipping leaves all."""
    for data in ("xor", ([[0.0, 1.0], [0.0, 2.0], [0.0, 3.0], [0.0, 1.0]], [1.0, 0.0, 1.0, 0.0])):
        network = Network(Dense(2, 1, weights=[0.5, -0.25]))
        ledger = Run(network, data, rule=rule, batch_size=3, reduce="total").train(epochs=2).ledger
        for name in ("x1->y", "x2->y"):
            wanted = ledger.commit_at(4)["adjustment"][ledger.weight(name).row]
            found = crawl(ledger, Ref("lasting", name, 4))
            assert same(found[Ref("lasting", name, 4)].value, float(wanted))
            for receipt in found.values():
                assert same(eval(receipt.python(), {"math": math}), receipt.value), receipt


def test_what_a_rule_had_saved_before_the_run_is_a_part_of_its_adjustments() -> None:
    network = Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7)
    fork = Run(network, "xor", rule=Momentum(0.125, 0.5), batch_size=3).train(epochs=2).fork(4).train(batches=3)
    kept = float(fork.ledger.memory_at(0)["savings"][1][1, 0])
    for batch in (1, 2, 3):
        first = fork.ledger.lasting("h2->y", batch=batch)[0]
        assert (first.batch, first.what, first.value) == (0, "Kept before the run", kept * (-0.125 * 0.5**batch))
        found = crawl(fork.ledger, Ref("lasting", "h2->y", batch))
        assert Ref("initial", "h2->y", part="savings") in found
        for receipt in found.values():
            assert same(eval(receipt.python(), {"math": math}), receipt.value), receipt


def test_lesson_10s_third_adjustment_is_made_of_the_first_two_coins() -> None:
    """Coins -4, -2 and 0; friction 1/2, rate 1/8: a quarter of the first and half of the second, × -1/8."""
    run = load_lesson(10).run.train(batches=3)
    found = [(share.batch, share.value) for share in run.ledger.lasting("x1->y", batch=3)]
    assert found == [(1, 0.125), (2, 0.125), (3, 0.0), (3, 0.0)]


def crawl(ledger: Ledger, start: Ref) -> dict[Ref, Receipt]:
    found: dict[Ref, Receipt] = {}
    waiting = [start]
    while waiting:
        ref = waiting.pop()
        if ref not in found:
            found[ref] = ledger.open(ref)
            if ref.kind in ("lasting", "lifetime"):
                waiting += [line.origin for line in found[ref].lines if line.origin is not None]
    return found


def same(left: float, right: float) -> bool:
    return bits(left) == bits(right) or left == right == 0


@pytest.mark.parametrize("name", RULES)
def test_receipts_of_lasting_coins_and_of_a_rows_account_evaluate_and_show_what_they_explain(name: str) -> None:
    ledger = trained(RULES[name])
    weight, last = ledger.weight("h2->y"), len(ledger)
    whole = ledger.open(Ref("lasting", "h2->y", last))
    assert bits(whole.value) == bits(commit_values(ledger, weight, last)["adjustment"])
    for start in (Ref("lasting", "h2->y", last), Ref("lifetime", "h2->y", 0, 3), Ref("lifetime", "", 0, 2, 4)):
        found = crawl(ledger, start)
        for receipt in found.values():
            assert same(eval(receipt.python(), {"math": math}), receipt.value), receipt
            for line in receipt.lines:
                if receipt.kind in ("lasting", "lifetime") and line.origin is not None:
                    behind = [other.value for other in found[line.origin].lines]
                    assert any(same(line.value or 0.0, value or 0.0) for value in behind), (line, found[line.origin])


def test_a_long_past_comes_in_pages() -> None:
    ledger = Run(Network(Dense(1, 1, weights=0.5)), "one coin", rule=Momentum(0.01, 0.9)).train(epochs=80).ledger
    first = ledger.open(Ref("lasting", "x1->y", 80))
    assert first.lines[1].label == "Batches up to 48"
    assert first.lines[1].origin is not None
    before = ledger.open(first.lines[1].origin)
    assert before.lines[1].label == "Batches up to 16"
    assert bits(before.value) == bits(first.lines[1].value or 0.0)
    assert bits(first.value) == bits(ledger.commit_at(80)["adjustment"][0])


@pytest.mark.parametrize("name", ["SGD", "Momentum", "Nesterov", "AdaGrad", "RMSProp", "Adam"])
def test_all_rows_together_moved_a_weight_as_far_as_it_went(name: str) -> None:
    ledger = trained(RULES[name])
    for weight in ledger.header.weights:
        at = weight.layer, (weight.row, weight.column)
        went = ledger.weights_at(len(ledger))[at[0]][at[1]] - ledger.weights_at(0)[at[0]][at[1]]
        moved = math.fsum(share.value for share in ledger.lifetime(weight.name))
        assert abs(moved - went) < 1e-13


def test_the_account_of_sgd_is_minus_rate_times_the_rows_coins() -> None:
    ledger = load_lesson(2).run.train(batches=4).ledger
    coins = {0: 2 + 4 + 5 + 5.5, 1: -10 - 8 - 7 - 6.5, 2: -6 - 4 - 3 - 2.5, 3: -2 + 0 + 1 + 1.5}
    assert {share.row: share.value for share in ledger.lifetime("x1->y")} == {
        row: -0.125 * total / 4 for row, total in coins.items()
    }
    assert [share.row for share in ledger.lifetime("x1->y")] == [1, 0, 2, 3]


@pytest.mark.parametrize("name", RULES)
def test_each_rows_movement_is_its_receipts_to_the_last_bit_at_any_commit(name: str) -> None:
    ledger = trained(RULES[name])
    for last, weight in ((len(ledger), "h2->y"), (5, "x1->h1"), (5, ""), (len(ledger), "")):
        for share in ledger.lifetime(weight, batch=last):
            for banked in (last, None) if last == len(ledger) else (last,):
                receipt = ledger.open(Ref("lifetime", weight, 0, share.row + 1, banked))
                assert bits(receipt.value) == bits(share.value)
                assert receipt.title.endswith("over the whole run" if banked is None else f"up to batch {last}")


@pytest.mark.parametrize("name", ["SGD", "Momentum, all options", "Nesterov", "AdamW"])
def test_up_to_a_commit_rows_moved_what_they_had_moved_when_the_run_was_that_long(name: str) -> None:
    long, short = trained(RULES[name]), trained(RULES[name], 2)
    for weight in ("h2->y", "bias->h1", ""):
        assert long.lifetime(weight, batch=len(short)) == short.lifetime(weight)
        assert long.lifetime(weight) != short.lifetime(weight)


def test_a_run_that_trains_on_goes_on_with_its_account() -> None:
    run = Run(Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7), "xor", rule=Adam(0.1), batch_size=3)
    first = run.train(epochs=1).ledger.lifetime("h2->y")
    run.train(epochs=3)
    assert run.ledger.lifetime("h2->y", batch=2) == first
    assert run.ledger.lifetime("h2->y") == trained(Adam(0.1)).lifetime("h2->y")


@pytest.mark.parametrize(
    ("ref", "words"),
    [
        (Ref("lifetime", "h2->y", 0, 5), "the data has rows 1 to 4, got 5; an account is that of one of them"),
        (Ref("lifetime", "", 0, 0), "the data has rows 1 to 4, got 0; an account is that of one of them"),
        (Ref("lifetime", "", 2, 2), "batch 2 has samples 1 to 1, got 2; an account is that of one of them"),
        (Ref("lifetime", "h2->y", 4, 1, 3), "this account has batches 1 to 3, got batch 4"),
        (Ref("lifetime", "h2->y", 0, 1, 9), "the ledger holds batches 1 to 8, got an account up to batch 9"),
        (Ref("lifetime", "", 1, 0, part="part"), "what gets through is that of one weight's coins in one batch; give"),
        (Ref("lifetime", "h2->y", 8, 0, part="left"), "batch 8 is the last of this account, and keeps nothing for"),
        (Ref("lifetime", "h9->y", 0, 1), "there is no weight called 'h9->y'"),
    ],
)
def test_an_account_that_there_is_not_is_refused_in_one_sentence(ref: Ref, words: str) -> None:
    with pytest.raises(LedgerError, match=words):
        trained(Momentum(0.1)).open(ref)


def test_without_a_weight_rows_are_ranked_by_the_sizes_of_all_their_movements() -> None:
    ledger = trained(SGD(0.3))
    sizes = {share.row: share.value for share in ledger.lifetime()}
    for row in range(4):
        moved = 0.0
        for weight in ledger.header.weights:
            for record in ledger:
                for place, found in enumerate(record.rows):
                    if found == row:
                        coin = ledger.open(Ref("slice", weight.name, record.batch, place + 1)).value
                        moved += abs(coin / record.count * -0.3)
        assert abs(sizes[row] - moved) < 1e-13
    assert list(sizes.values()) == sorted(sizes.values(), reverse=True)


def test_a_recipe_of_ones_own_or_a_fault_is_not_split() -> None:
    own = Rule("own", ("adjustment = -0.1 * average * average", "after = before + adjustment"))
    for ledger in (trained(own, 1), trained(SGD(0.1), 1, fault="sum-for-mean")):
        with pytest.raises(LedgerError, match="coins can be followed from commit to commit under the"):
            ledger.lasting("h2->y", batch=1)


def followed(found: History) -> str:
    """Every number of a history as text, so that two can be compared to the bit."""
    return repr((found.keep, found.take, found.give, found.now, found.coins))


def test_following_coins_stopped_at_any_instant_and_asked_for_again_gives_the_same_numbers() -> None:
    ledger = trained(Adam(0.1), epochs=1)
    weight, last, stops = ledger.weight("x1->h1"), len(ledger), 0
    undisturbed = followed(History(ledger, weight).until(last))
    for found in stopped_everywhere(lambda: History(ledger, weight), lambda found: found.until(last)):
        stops += 1
        assert followed(found.until(last)) == undisturbed
    assert stops > 100
