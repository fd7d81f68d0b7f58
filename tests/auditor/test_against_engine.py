"""T6: the auditor against the engine, over random runs of every kind: not one disagreement."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from piggybank import SGD, Dense, Network, Run
from piggybank.auditor import audit
from piggybank.engine.functions import ACTIVATIONS
from piggybank.engine.losses import LOSSES
from piggybank.engine.rules import Rule

Figure = Callable[[str, object], None]
RUNS, PARTS = 500, 5


def dyadic(numbers: random.Random) -> float:
    return numbers.randint(-12, 12) / 2 ** numbers.randint(0, 4)


def rate(numbers: random.Random) -> float:
    return numbers.choice([0.5, 0.125, 0.1, 0.003, 2.0, -0.25])


def momentum(numbers: random.Random) -> Rule:
    lines = (
        "savings = friction * savings + average",
        "adjustment = -learning_rate * savings",
        "after = before + adjustment",
    )
    return Rule("mine", lines, {"learning_rate": rate(numbers), "friction": numbers.random()}, ("savings",))


def rmsprop(numbers: random.Random) -> Rule:
    lines = (
        "jar = keep * jar + (1 - keep) * (average * average)",
        "adjustment = -learning_rate * average / (sqrt(jar) + epsilon)",
        "after = before + adjustment",
    )
    return Rule("mine", lines, {"learning_rate": rate(numbers), "keep": numbers.random(), "epsilon": 1e-8}, ("jar",))


def without_a_rate(numbers: random.Random) -> Rule:
    return Rule("mine", ("adjustment = -sign(average) / 8", "after = before + adjustment"))


RULES: list[Callable[[random.Random], Rule]] = [lambda numbers: SGD(rate(numbers)), momentum, rmsprop, without_a_rate]


def settings(numbers: random.Random, rows: int) -> dict[str, Any]:
    """Of a run: batch size (one, some, all, more than there are), reduce, shuffle."""
    return {
        "batch_size": numbers.choice([1, 2, 3, rows, "all", rows + 2]),
        "reduce": numbers.choice(["average", "total"]),
        "shuffle": numbers.choice([False, True, numbers.randint(2, 99)]),
    }


def random_run(seed: int) -> Run:
    """Shapes, activations, losses, rules, batch sizes, a short last batch, a shuffle, dead and overflowing neurons."""
    numbers = random.Random(seed)
    loss = numbers.choice(list(LOSSES.values()))
    free = [name for name, activation in ACTIVATIONS.items() if not getattr(activation, "is_joint", False)]
    widths = [numbers.randint(1, 4) for _ in range(numbers.randint(2, 4))]
    if loss.needs and loss.needs not in free:
        widths[-1] = numbers.randint(2, 4)
    layers = []
    for place, (inputs, outputs) in enumerate(pairwise(widths)):
        last = place == len(widths) - 2
        name = loss.needs if last and loss.needs else numbers.choice(free)
        initial = [[dyadic(numbers) for _ in range(outputs)] for _ in range(inputs)]
        given = {"weights": initial} if numbers.random() < 0.5 else {}
        layers.append(Dense(inputs, outputs, name, bias=numbers.choice([None, False]), **given))
    rows = numbers.randint(1, 7)
    scale = numbers.choice([1.0, 1.0, 1.0, 1e100])
    inputs = [[dyadic(numbers) * scale for _ in range(widths[0])] for _ in range(rows)]
    targets = [[dyadic(numbers) for _ in range(widths[-1])] for _ in range(rows)]
    if loss.needs:
        targets = np.eye(widths[-1])[[numbers.randrange(widths[-1]) for _ in range(rows)]].tolist()
    rule = numbers.choice(RULES)(numbers)
    chosen = settings(numbers, rows)
    return Run(Network(*layers, seed=seed), (inputs, targets), rule=rule, loss=loss.name, **chosen)


@pytest.mark.parametrize("part", range(PARTS))
def test_the_auditor_agrees_with_the_engine_over_random_runs(part: int, tmp_path: Path, figure: Figure) -> None:
    path, coins, disagreements = tmp_path / "run.piggy", 0, []
    for seed in range(part, RUNS, PARTS):
        run = random_run(seed)
        run.train(epochs=2, batches=None)
        run.save(path, overwrite=True)
        report = audit(str(path))
        assert report.batches == len(run.ledger)
        assert report.seal == run.ledger.seal
        coins += report.coins
        disagreements += [(seed, str(finding)) for finding in report.findings]
    figure(
        f"T6 random runs {part + 1} of {PARTS}: runs, coins, disagreements",
        f"{RUNS // PARTS}, {coins}, {len(disagreements)}",
    )
    assert disagreements == []
