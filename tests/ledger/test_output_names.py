"""Receipts call an output that stands for a class by the class's name."""

from __future__ import annotations

from functools import cache

import pytest

from piggybank import SGD, Dense, Ledger, Network, Run
from piggybank.app.run_summary import summary_lines
from piggybank.ledger.lines import Ref


@cache
def penguins() -> Ledger:
    network = Network(Dense(4, 3, "softmax"), seed=3)
    run = Run(network, "penguins 3", rule=SGD(0.25), loss="cross-entropy", batch_size=12).train(epochs=2)
    return run.ledger


@pytest.mark.parametrize("kind", ["predict", "blame", "target"])
def test_the_title_of_an_output_s_receipt_names_its_class(kind: str) -> None:
    ref = Ref("target", "y2", 0, 5) if kind == "target" else Ref(kind, "y2", 1, 5)
    assert "y2 · Chinstrap" in penguins().open(ref).title


def test_the_receipt_that_is_asked_for_by_name_says_the_class_at_each_of_its_ends() -> None:
    receipt = penguins().receipt("y3", batch=2, sample=4)
    assert receipt.title.startswith("Neuron y3 · Gentoo,")
    labels = [line.label for line in receipt.lines]
    assert {"Output of y3 · Gentoo", "Prediction y3 · Gentoo", "Target Gentoo", "Blame of y3 · Gentoo"} <= set(labels)


def test_the_loss_names_the_class_of_each_part() -> None:
    labels = [line.label for line in penguins().open(Ref("loss", "", 1, 2)).lines]
    assert {"Loss of y1 · Adelie", "Loss of y2 · Chinstrap", "Loss of y3 · Gentoo"} <= set(labels)


def test_an_output_that_is_no_class_keeps_its_bare_name() -> None:
    run = Run(Network(Dense(2, 1), seed=7), "xor", rule=SGD(0.5), batch_size=4).train(epochs=1)
    assert run.ledger.open(Ref("predict", "y", 1, 2)).title == "Prediction of y, batch 1, sample 2"
    labels = [line.label for line in run.ledger.receipt("y", batch=1, sample=2).lines]
    assert {"Output of y", "Target", "Blame of y"} <= set(labels)


def test_the_summary_names_the_classes_and_counts_what_is_right() -> None:
    ledger = penguins()
    lines = list(summary_lines(ledger, 2))
    assert "classes   y1 · Adelie, y2 · Chinstrap, y3 · Gentoo" in lines
    found = [line for line in lines if line.startswith("  batch ")]
    assert [line.split(", ")[1] for line in found] == [f"{ledger.accuracy(batch)} right" for batch in (4, 5, 6)]
    right = sum(ledger.accuracy(batch).right for batch in (4, 5, 6))
    assert f"  in all {right} of 36 right, each said with the weights that its batch met" in lines


def test_the_summary_of_numbers_counts_nothing_right() -> None:
    run = Run(Network(Dense(2, 1), seed=7), "xor", rule=SGD(0.5), batch_size=4).train(epochs=1)
    assert "right" not in "\n".join(summary_lines(run.ledger))
