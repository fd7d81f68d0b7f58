"""What the vault's colours stand for: the amounts of a layer, which are those of its weights' receipts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from looks import as_lesson, table
from nets import bits
from vaults import known, lesson_of

from piggybank import Dense, Lesson, Network, Run
from piggybank.engine.rule import Rule
from piggybank.ledger import bank
from piggybank.ledger.commit_receipts import commit_values
from piggybank.stage.amounts import layer_amounts, neuron_amounts


def with_momentum() -> Lesson:
    rows = table(8, 6, 1), table(8, 2, 2)
    lines = "savings = friction * savings + average", "adjustment = -rate * savings", "after = before + adjustment"
    rule = Rule("momentum", lines, {"friction": 0.5, "rate": 0.1}, ("savings",))
    run = Run(Network(Dense(6, 5, "tanh"), Dense(5, 2), seed=2), rows, rule=rule, batch_size=4)
    return as_lesson(run, 3)


@pytest.mark.parametrize("make", [lambda: lesson_of("36-16-5"), with_momentum], ids=["SGD", "momentum"])
def test_the_amounts_of_a_layer_are_bit_for_bit_those_of_each_weights_receipt(make: Callable[[], Lesson]) -> None:
    lesson = make()
    ledger, compared = lesson.run.ledger, 0
    commit = lesson.timeline.commit_beat(2)
    for beat, progress, part in ((commit - 1, 1.0, ""), (commit, 0.7, "average"), (commit, 1.0, "adjustment")):
        now = known(lesson, beat, progress)
        layers = [layer_amounts(ledger, now, layer) for layer in range(len(ledger.header.layers))]
        for weight in ledger.header.weights:
            layer, own = layers[weight.layer], neuron_amounts(ledger, now, weight.target)
            assert layer is not None
            assert own is not None
            record = ledger.batch(2)
            total = float(bank.running_totals(ledger.header, record, weight)[now.banked])
            wanted = commit_values(ledger, weight, 2)[part] if part else total
            assert bits(layer[weight.row, weight.column]) == bits(own[weight.row]) == bits(wanted)
            compared += 1
    assert compared == 3 * len(ledger.header.weights)


def test_empty_banks_have_no_amounts() -> None:
    lesson = lesson_of("36-16-5")
    for beat in range(lesson.timeline.beat(1, 1, "bank")):
        assert layer_amounts(lesson.run.ledger, known(lesson, beat), 0) is None
        assert neuron_amounts(lesson.run.ledger, known(lesson, beat), "h1") is None
