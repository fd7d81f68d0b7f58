"""Rules and losses of one's own: every number on the way opens, on the screen and in the receipts, with its bits."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hovering import looked_at, pointed_at
from nets import same

from piggybank import Dense, Network, Run
from piggybank.engine.losses import Loss
from piggybank.engine.rule import Rule
from piggybank.formula import Formula

Figure = Callable[[str, object], None]
AFTER = "after = before + adjustment"
RATE = {"learning_rate": 0.125}
RULES = (
    Rule("no | rate", ("extra = 0.1 * before", "pull = average + extra", "adjustment = -pull", AFTER)),
    Rule("rate on the way", ("step = -learning_rate * average", "adjustment = step + 0.1 * before", AFTER), RATE),
    Rule("rate twice", ("adjustment = -learning_rate * average * learning_rate", AFTER), RATE),
    Rule("largest", ("big = largest(abs(average))", "adjustment = -0.1 * average / (big + 1)", AFTER)),
    Rule("sum", ("term = sum(2 * average * before)", "adjustment = -0.1 * average / (term * term + 1)", AFTER)),
    Rule("choice", ("adjustment = -0.1 * average if average > 0 else 0.2 * max(average, -1)", AFTER)),
    Rule("shrinks", ("adjustment = 0 - average * 0.5", "after = 0.9 * before + adjustment")),
    Rule("one number", ("adjustment = 1", "after = 0.5")),
    Rule("cos and floor", ("adjustment = -cos(average) + floor(average * 7)", AFTER)),
    Rule("clock", ("adjustment = -average / (commit + epoch + batch_size + count)", AFTER)),
    Rule("negated", ("negated = -1 * average", "was_negated = -negated", "adjustment = -0.1 * was_negated", AFTER)),
    Rule("words", ("line = average", "out = line", "bias = out", "sample = bias", "adjustment = -sample", AFTER)),
    Rule(
        "remembers",
        ("trend = 0.5 * trend + average", "adjustment = -learning_rate * sign(trend)", AFTER),
        RATE,
        ("trend",),
        house={"trend": "Old | trend"},
    ),
    Rule(
        "remembers one",
        ("whole = sum(abs(average))", "seen = 0.5 * seen + whole", "adjustment = -average / (1 + seen)", AFTER),
        shared_memory=("seen",),
    ),
)
LOSSES = (
    Loss("no error", Formula("abs(t - a)"), Formula("sign(a - t)")),
    Loss("one | number", Formula("a"), Formula("1")),
    Loss("sums", Formula("z * z"), Formula("2 * z")),
    Loss("target", Formula("0 - a * t"), Formula("-t")),
)
FUSED = Loss("fused", Formula("z"), Formula("sigmoid(z) - t"), needs="sigmoid")


RUNS = {
    **{f"{rule.name}, {way}": (rule, LOSSES[0], way) for rule in RULES for way in ("average", "total")},
    **{loss.name: (RULES[5], loss, "average") for loss in (*LOSSES, FUSED)},
}


@pytest.mark.parametrize("name", RUNS)
def test_every_number_of_an_own_rule_or_loss_opens_and_is_what_it_says(name: str, figure: Figure) -> None:
    rule, loss, way = RUNS[name]
    network = Network(Dense(2, 1, "tanh"), Dense(1, 1, loss.needs or "linear"), seed=3)
    ledger = Run(network, "xor", rule=rule, loss=loss, batch_size=3, reduce=way).train(epochs=1).ledger
    receipts = looked_at(ledger)
    for ref, receipt in receipts.items():
        assert same(float(eval(receipt.python(), {"__builtins__": {}, "math": math})), receipt.value), ref
        for line in receipt.lines:
            assert line.value is None or (line.opens and same(receipts[line.opens].value, line.value)), (ref, line)
    places = pointed_at(ledger) if way == "average" else 0
    figure(f"T34 {name}: receipts, places pointed at", f"{len(receipts)}, {places}")
    assert len(receipts) > 200
