"""Accuracy: k of n, counted exactly, with a receipt down to the predictions and targets."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from nets import trained

from piggybank import Dense, LedgerError, Network, Run
from piggybank.ledger.accuracy import accuracy, class_name
from piggybank.ledger.counting import Accuracy
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Ref

SOFTMAX, SIGMOID = "4-3-3 gelu, softmax", "penguins 2-1 sigmoid"


def counted_by_hand(ledger: Ledger, batch: int) -> int:
    record, right = ledger.batch(batch), 0
    for row, outputs in zip(record.rows, record.outputs[-1].tolist(), strict=True):
        targets = ledger.header.targets[row].tolist()
        if len(outputs) == 1:
            right += (outputs[0] >= 0.5) == (targets[0] == 1.0)
        else:
            right += outputs.index(max(outputs)) == targets.index(1.0)
    return right


@pytest.mark.parametrize("name", [SOFTMAX, SIGMOID])
def test_it_counts_the_samples_whose_class_was_said(name: str) -> None:
    ledger = trained(name).ledger
    found = [ledger.accuracy(batch) for batch in range(1, len(ledger) + 1)]
    assert [one.right for one in found] == [counted_by_hand(ledger, batch) for batch in range(1, len(ledger) + 1)]
    assert [one.count for one in found] == [record.count for record in ledger]
    assert 0 < sum(one.right for one in found) < sum(one.count for one in found)


@pytest.mark.parametrize("name", [SOFTMAX, SIGMOID])
def test_its_receipt_adds_ones_for_right_samples_and_evaluates_to_the_count(name: str) -> None:
    ledger = trained(name).ledger
    for batch in (1, 2, len(ledger), -1, -2):
        whole = ledger.open(Ref("accuracy", "", batch, 0))
        assert whole.value == accuracy(ledger, batch).right == eval(whole.python(), {"math": math})
        for sample, line in enumerate(whole.lines[1:-1], 1):
            assert line.origin == Ref("accuracy", "", batch, sample)
            one = ledger.open(line.origin)
            assert line.value == one.value == eval(one.python()) in (0.0, 1.0)
            assert one.lines[-1].label.endswith("right" if one.value else "wrong")
            assert all(part.opens is not None for part in one.lines)


def test_an_epochs_accuracy_is_that_of_all_its_batches() -> None:
    ledger = trained(SOFTMAX).ledger
    batches = [ledger.accuracy(batch) for batch in ledger.epoch(3).batches]
    assert ledger.epoch(3).accuracy == Accuracy(sum(one.right for one in batches), ledger.header.rows)


def test_it_reads_as_k_of_n() -> None:
    assert str(Accuracy(3, 8)) == "3 of 8"


def test_classes_are_called_by_their_names() -> None:
    network = Network(Dense(1, 2, "softmax", weights=[[0.0, 0.0]], bias=False))
    run = Run(network, ([1.0, 2.0, 3.0], ["owl", "ant", "owl"]), loss="cross-entropy").train(epochs=1)
    receipt = run.ledger.open(Ref("accuracy", "", 1, 1))
    assert receipt.lines[0].label == "Prediction for owl"
    assert receipt.lines[-1].label == "Says owl, is owl: right"  # equal outputs: the first is said


def test_a_sigmoid_says_1_from_one_half_on() -> None:
    network = Network(Dense(1, 1, "sigmoid", weights=0.0, bias=False))
    run = Run(network, ([1.0, 2.0], [1.0, 0.0]), loss="binary cross-entropy", batch_size=2).train()
    assert run.ledger.batch(1).outputs[0].tolist() == [[0.5], [0.5]]
    assert run.ledger.accuracy(1) == Accuracy(1, 2)


@pytest.mark.parametrize("name", ["xor 2-3-1 tanh", "4-8-3 tanh, sigmoid"])
def test_targets_that_are_no_classes_have_no_accuracy(name: str) -> None:
    ledger = trained(name).ledger
    assert ledger.epoch(1).accuracy is None
    with pytest.raises(LedgerError, match="targets are numbers and not classes; look at its loss"):
        ledger.accuracy(1)
    with pytest.raises(LedgerError, match="no accuracy"):
        ledger.open(Ref("accuracy", "", 1, 0))


def test_classes_without_names_are_called_by_their_column_or_by_their_number() -> None:
    two = Run(Network(Dense(1, 2, "sigmoid")), ([1.0, 2.0], [[1.0, 0.0], [0.0, 1.0]]), loss="binary cross-entropy")
    one = Run(Network(Dense(1, 1, "sigmoid")), ([1.0, 2.0], [1.0, 0.0]), loss="binary cross-entropy")
    assert [class_name(replace(two.ledger.header, classes=()), place) for place in (0, 1)] == ["y1", "y2"]
    assert [class_name(one.ledger.header, place) for place in (0, 1)] == ["0", "1"]
