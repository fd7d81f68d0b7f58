"""Receipts: each evaluates to its number, also where a run overflows; for what is not there stands a sentence."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any

import pytest
from nets import RUNS, bits, plain_run, trained
from one_sentence import refuses
from strips import Calculator, evaluates, popups, refs, samples_of, with_savings

from piggybank import SGD, Dense, LedgerError, Network, Run
from piggybank.ledger.lines import Ref

Figure = Callable[[str, object], None]


# Values ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", RUNS)
def test_python_of_every_popup_and_commit_evaluates_to_the_bits_of_its_value(name: str, figure: Figure) -> None:
    results = [evaluates(receipt) for receipt in popups(trained(name).ledger)]
    figure(f"P2 receipts, {name}: popups and commits evaluated", len(results))
    figure(f"P2 receipts, {name}: popups and commits that differ", results.count(False))
    assert all(results)


@pytest.mark.parametrize("name", RUNS)
def test_python_of_every_prediction_blame_loss_and_bank_evaluates_to_the_bits_of_its_value(name: str) -> None:
    ledger = trained(name).ledger
    assert [ref for ref in refs(ledger) if not evaluates(ledger.open(ref))] == []


@pytest.mark.parametrize("name", RUNS)
def test_a_receipts_value_is_the_number_of_the_plain_loop(name: str) -> None:
    ledger, records = trained(name).ledger, plain_run(name)
    for batch, sample in samples_of(ledger):
        theirs = records[batch - 1]
        for neuron, (layer, column) in ledger.header.neurons.items():
            predict = ledger.open(Ref("predict", neuron, batch, sample)).value
            blame = ledger.open(Ref("blame", neuron, batch, sample)).value
            assert bits(predict) == bits(theirs.outputs[sample - 1][layer][column])
            assert bits(blame) == bits(theirs.blame[sample - 1][layer][column])
        for weight in ledger.header.weights[:: len(ledger.header.weights) // 3]:
            at = weight.layer, weight.row, weight.column
            coin = theirs.slices[sample - 1][at[0]][at[1]][at[2]]
            assert bits(ledger.receipt(weight.name, batch=batch, sample=sample).value) == bits(coin)
            assert bits(ledger.open(Ref("slice", weight.name, batch, sample)).value) == bits(coin)
            banked = theirs.running[sample][at[0]][at[1]][at[2]]
            assert bits(ledger.open(Ref("bank", weight.name, batch, sample)).value) == bits(banked)
            after = theirs.after[at[0]][at[1]][at[2]]
            assert bits(ledger.receipt(weight.name, batch=batch).value) == bits(after)
            adjustment = ledger.open(Ref("commit", weight.name, batch, part="adjustment"))
            assert bits(adjustment.value) == bits(theirs.adjustments[at[0]][at[1]][at[2]])
            assert evaluates(adjustment)


def test_a_rule_with_memory_has_receipts_that_evaluate_and_add_up() -> None:
    """Lesson 10's table: savings and weights, written there and not copied from here."""
    ledger = with_savings().ledger
    savings = [ledger.memory_at(batch)["savings"][0].item() for batch in range(1, 8)]
    assert savings == [-4, -4, -2, 0, 1, 1, 0.5]
    assert [matrix.item() for batch in range(8) for matrix in ledger.weights_at(batch)] == [
        0.5, 1, 1.5, 1.75, 1.75, 1.625, 1.5, 1.4375,
    ]  # fmt: skip
    for batch in range(1, 9):
        receipt = ledger.receipt("x1->y", batch=batch)
        assert evaluates(receipt)
        assert Calculator.over(receipt).wrong_values == []
        assert bits(receipt.value) == bits(ledger.weights_at(batch)[0])


def test_an_inputs_receipt_is_the_cell_of_the_data_that_the_batch_met() -> None:
    run = trained("4-8-3 tanh, sigmoid")  # shuffled
    for batch, sample, column in ((1, 1, 0), (2, 3, 1), (4, 2, 3)):
        row = run.ledger.batch(batch).rows[sample - 1]
        receipt = run.ledger.receipt(f"x{column + 1}", batch=batch, sample=sample)
        assert receipt.title == f"x{column + 1} of row {row + 1} of your data"
        assert bits(receipt.value) == bits(run.dataset.inputs[row, column])


# Refusals -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "where", "parts"),
    [
        ("h2-y", {"batch": 1, "sample": 1}, ["'h2-y'", "did you mean 'h2->y'?"]),
        ("H2->Y", {"batch": 1}, ["'H2->Y'", "did you mean 'h2->y'?"]),
        ("hh2", {"batch": 1, "sample": 1}, ["'hh2'", "did you mean 'h2'?"]),
        ("nonsense", {"batch": 1}, ["'nonsense'", "known: ", "'x1->h1'"]),
        ("h2", {"batch": 1}, ["'h2' is a neuron", "add sample=1"]),
        ("x1", {"batch": 1}, ["'x1' is an input", "add sample=1"]),
        ("xx2", {"batch": 1, "sample": 1}, ["'xx2'", "did you mean 'x2'?"]),
        ("h2->y", {"batch": 1, "sample": 5}, ["samples 1 to 4", "got sample 5"]),
        ("h2->y", {"batch": 1, "sample": 0}, ["samples 1 to 4", "got sample 0"]),
        ("h2", {"batch": 1, "sample": -1}, ["samples 1 to 4", "got sample -1"]),
        ("h2->y", {"batch": 0}, ["batches 1 to 10", "got batch 0; try batch 1"]),
        ("h2->y", {"batch": 11, "sample": 1}, ["batches 1 to 10", "got batch 11", "train further"]),
    ],
)
def test_asking_for_what_is_not_there_gives_one_sentence_that_helps(
    name: str, where: dict[str, Any], parts: list[str]
) -> None:
    refuses(LedgerError, lambda: trained("xor 2-3-1 tanh").ledger.receipt(name, **where), parts)


def test_an_empty_ledger_says_that_it_holds_no_batch_yet() -> None:
    with pytest.raises(LedgerError, match="holds no batch yet, got batch 1"):
        RUNS["xor 2-3-1 tanh"]().ledger.receipt("h2->y", batch=1)


# Trouble --------------------------------------------------------------------------------------------------------------


def exploding() -> Run:
    network = Network(Dense(1, 1, weights=0.5, bias=False))
    return Run(network, "one coin", rule=SGD(1.0)).train(epochs=700, past_trouble=True)


def test_receipts_of_a_run_that_overflows_to_inf_and_nan_still_evaluate_to_their_value() -> None:
    """Lesson 8: the loss overflows at commit 324, the coin at 646, the weight at 647, then nan."""
    ledger = exploding().ledger
    losses = [ledger.batch_loss(batch) for batch in range(1, 701)]
    assert next(batch for batch, loss in enumerate(losses, 1) if math.isinf(loss)) == 324
    coins = [ledger.receipt("x1->y", batch=batch, sample=1).value for batch in range(1, 701)]
    assert next(batch for batch, coin in enumerate(coins, 1) if math.isinf(coin)) == 646
    weights = [ledger.weights_at(batch - 1)[0].item() for batch in range(1, 701)]  # as the batch met them
    assert next(batch for batch, weight in enumerate(weights, 1) if math.isinf(weight)) == 647
    assert math.isnan(weights[-1])
    for batch in [*random.Random(1).sample(range(1, 701), 30), *range(320, 328), *range(640, 655)]:
        for receipt in (
            ledger.receipt("x1->y", batch=batch, sample=1),
            ledger.receipt("x1->y", batch=batch),
            ledger.receipt("y", batch=batch, sample=1),
            ledger.open(Ref("blame", "y", batch, 1)),
            ledger.open(Ref("loss", "", batch, 1)),
            ledger.open(Ref("loss", "", batch, 0)),
        ):
            result = eval(receipt.python(), {"math": math})
            assert bits(result) == bits(receipt.value) or (math.isnan(result) and math.isnan(receipt.value))
            assert str(receipt)


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_looking_at_a_run_that_overflowed_prints_no_warning() -> None:
    run = exploding()
    for batch in range(640, 700):
        run.ledger.receipt("x1->y", batch=batch, sample=1)
        run.ledger.epoch(batch)
