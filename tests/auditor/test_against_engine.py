"""T6: the auditor against the engine, over random runs of every kind: not one disagreement."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from piggy import audit
from random_runs import RULES, random_run

from piggybank import Run
from piggybank.engine.data import DataError
from piggybank.engine.faults import FAULTS
from piggybank.engine.functions import ACTIVATIONS
from piggybank.engine.losses import LOSSES

Figure = Callable[[str, object], None]
RUNS, PARTS = 500, 5
OVERFLOWED = "PB305"
"""Not a disagreement: some of the runs leave the numbers on purpose."""


def forked(run: Run, numbers: random.Random) -> Run:
    """The run gone on from any of its commits, without some rows where its fault shows without them too."""
    options: dict[str, Any] = {"learning_rate": 0.25} if "learning_rate" in run.rule.constants else {}
    batch, rows = numbers.randint(1, len(run.ledger) + 1), len(run.dataset)
    without = numbers.sample(range(1, rows + 1), numbers.randint(0, rows - 1))
    try:
        return run.fork(batch, without=without, **options).train(epochs=2)
    except DataError:
        return run.fork(batch, **options).train(epochs=2)


@pytest.mark.parametrize("part", range(PARTS))
def test_the_auditor_agrees_with_the_engine_over_random_runs(part: int, tmp_path: Path, figure: Figure) -> None:
    path, coins, disagreements, without = tmp_path / "run.piggy", 0, [], 0
    for seed in range(part, RUNS, PARTS):
        run = random_run(seed).train(epochs=2)
        if seed % 4 == 0:
            run = forked(run, random.Random(seed))
            without += bool(run.ledger.header.parent.without)  # type: ignore[union-attr]
        run.save(path, overwrite=True)
        report = audit(str(path), "strict")
        assert report.batches == len(run.ledger)
        assert report.seal == run.ledger.seal
        coins += report.coins
        disagreements += [(seed, str(finding)) for finding in report.findings if finding.code != OVERFLOWED]
    figure(
        f"T6 random runs {part + 1} of {PARTS}: runs, of them forks without some rows, coins, disagreements",
        f"{RUNS // PARTS}, {without}, {coins}, {len(disagreements)}",
    )
    assert disagreements == []
    assert without > 5


def test_the_random_runs_leave_nothing_out() -> None:
    headers = [random_run(seed).ledger.header for seed in range(RUNS)]
    assert {header.rule_name for header in headers} == {"mine", *(rule.__name__ for rule in RULES)}
    assert {header.fault for header in headers} == {"", *FAULTS}
    assert {header.loss_name for header in headers} == set(LOSSES)
    assert {layer.activation for header in headers for layer in header.layers} == set(ACTIVATIONS)
    assert {name for header in headers for name in header.house} >= {"house", "old_savings"}
    assert {header.accumulate for header in headers} == {1, 2, 3}
    assert {constant for header in headers for constant in header.constants} >= {"clip_norm", "clip_value", "lowest"}
    assert any(header.rows % header.batch_size for header in headers)
    assert sum(header.shuffled for header in headers) > RUNS / 3
