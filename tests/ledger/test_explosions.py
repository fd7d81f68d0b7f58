"""T20, wide: every rule with every loss and every activation, at rates up to 1e308 and on rows that are too large.

No run ends in a traceback: it goes on with finite numbers, or it stops and names the first culprit.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest

from piggybank import SGD, AdaGrad, Adam, AdamW, Dense, Momentum, Nesterov, Network, RMSProp, Rule, Run, Step
from piggybank.engine.functions import ACTIVATIONS
from piggybank.engine.losses import LOSSES
from piggybank.ledger.trouble import is_troubled

Figure = Callable[[str, object], None]
RULES: dict[str, Callable[[float], Rule]] = {
    "SGD": SGD,
    "SGD, decayed": lambda rate: SGD(rate, weight_decay=1e10),
    "SGD, clipped by norm": lambda rate: SGD(rate, clip_norm=1e300),
    "Momentum": Momentum,
    "Momentum, clipped": lambda rate: Momentum(rate, 0.5, clip_value=1e200),
    "Nesterov": lambda rate: Nesterov(rate, schedule=Step(2, factor=0.5)),
    "AdaGrad": AdaGrad,
    "RMSProp": lambda rate: RMSProp(rate, epsilon=0.0),
    "Adam": Adam,
    "Adam, no epsilon": lambda rate: Adam(rate, epsilon=0.0),
    "AdamW": lambda rate: AdamW(rate, weight_decay=1.0),
}
RATES = [10.0**power for power in (2, 100, 200, 300, 308)]
HIDDEN = [name for name, activation in ACTIVATIONS.items() if not activation.is_joint]
ROWS = ([[1.0, -2.0], [0.5, 3.0], [0.0, 0.0]], [[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]])


def run_of(rule: Rule, loss: str, hidden: str, rows: Any = ROWS) -> Run:
    last = LOSSES[loss].needs or "linear"
    return Run(Network(Dense(2, 3, hidden), Dense(3, 2, last), seed=5), rows, rule=rule, loss=loss, batch_size=2)


def outcome(run: Run) -> str:
    """How a run went that has stopped or come to its end: finite, exploded or vanished, each looked through."""
    ledger, trouble = run.ledger, run.trouble
    assert not any(is_troubled(ledger, batch) for batch in range(1, len(ledger)))
    if trouble is None:
        assert not is_troubled(ledger, len(ledger))
        assert all(np.isfinite(matrix).all() for matrix in ledger.weights_at(len(ledger)))
        return "finite"
    assert trouble.batch == len(ledger)
    assert "\n" not in str(trouble)
    found = ledger.open(trouble.ref).value
    assert found == trouble.value or (math.isnan(found) and math.isnan(trouble.value))
    if math.isfinite(found):
        assert found == 0
        return "vanished"
    return "exploded"


@pytest.mark.parametrize("name", RULES)
def test_a_rule_at_rates_of_every_size_explodes_without_a_traceback_under_every_loss(
    name: str, figure: Figure, capsys: pytest.CaptureFixture[str]
) -> None:
    outcomes: Counter[str] = Counter()
    turn = list(RULES).index(name)
    for place, (loss, rate) in enumerate(product(LOSSES, RATES)):
        for hidden in (HIDDEN[(place + turn) % len(HIDDEN)], HIDDEN[(2 * place + turn + 4) % len(HIDDEN)]):
            outcomes[outcome(run_of(RULES[name](rate), loss, hidden).train(epochs=8))] += 1
    assert capsys.readouterr().err.count("training stopped") == outcomes["exploded"] + outcomes["vanished"]
    figure(
        f"T20 wide, {name}: finite, exploded, vanished", f"{[outcomes[k] for k in ('finite', 'exploded', 'vanished')]}"
    )
    assert outcomes["exploded"] > 0


EXTREME = [
    ("rows of nothing", [[0.0, 0.0]] * 3),
    ("rows of the largest numbers", [[1e308, -1e308], [1e308, 1e308], [-1e308, 0.0]]),
    ("rows of the smallest numbers", [[5e-324, -5e-324], [5e-324, 0.0], [1e-310, 1e-310]]),
]


@pytest.mark.parametrize(("what", "inputs"), EXTREME, ids=[what for what, _ in EXTREME])
def test_extreme_rows_give_no_traceback_under_any_loss_and_activation(
    what: str, inputs: list[list[float]], figure: Figure
) -> None:
    outcomes: Counter[str] = Counter()
    for place, (loss, hidden) in enumerate(product(LOSSES, HIDDEN)):
        rule = list(RULES.values())[place % len(RULES)](0.1)
        outcomes[outcome(run_of(rule, loss, hidden, (inputs, ROWS[1])).train(epochs=3))] += 1
    figure(f"T20 wide, {what}", dict(sorted(outcomes.items())))
    assert sum(outcomes.values()) == len(LOSSES) * len(HIDDEN)


def test_every_loss_was_tried_with_every_activation() -> None:
    """Over the rules' turns."""
    cases = list(enumerate(product(LOSSES, RATES)))
    tried = {
        (loss, HIDDEN[number % len(HIDDEN)])
        for turn in range(len(RULES))
        for place, (loss, _) in cases
        for number in (place + turn, 2 * place + turn + 4)
    }
    assert tried == set(product(LOSSES, HIDDEN))
