"""Settings of a run: which are taken, and which are refused in one sentence."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from nets import RUNS
from one_sentence import refuses

from piggybank import SGD, DataError, Dense, LedgerError, Network, Run
from piggybank.engine.rule import Rule

NETWORK = Network(Dense(2, 1))


@pytest.mark.parametrize(
    ("build", "parts"),
    [
        (lambda: Run(Network(Dense(3, 1)), "xor"), ["expects 3 inputs", "'xor' has 2", "try Dense(2, 1) as the first"]),
        (lambda: Run(Network(Dense(2, 4)), "xor"), ["gives 4 outputs", "has 1 target", "try Dense(2, 1) as the last"]),
        (lambda: Run(NETWORK, "xor", loss="squared eror"), ["'squared eror'", "did you mean 'squared error'?"]),
        (lambda: Run(NETWORK, "xor", loss="binary cross-entropy"), ["'sigmoid'", "'linear'", "Dense(2, 1, 'sigmoid')"]),
        (lambda: Run(NETWORK, "xor", batch_size=0), ["batch_size", "whole number from 1, or 'all'", "got 0", "try 4"]),
        (lambda: Run(NETWORK, "xor", batch_size=-2), ["batch_size", "got -2"]),
        (lambda: Run(NETWORK, "xor", batch_size=2.0), ["batch_size", "got 2.0"]),  # type: ignore[arg-type]
        (lambda: Run(NETWORK, "xor", batch_size=True), ["batch_size", "got True"]),
        (lambda: Run(NETWORK, "xor", batch_size="ALL"), ["batch_size", "got 'ALL'"]),
        (lambda: Run(NETWORK, "xor", reduce="mean"), ["reduce", "'average' or 'total'", "got 'mean'", "try 'average'"]),
        (lambda: Run(NETWORK, "xor", rule=0.1), ["rule", "SGD(learning_rate=0.1)", "got 0.1"]),  # type: ignore[arg-type]
        (lambda: Run(NETWORK, "xro"), ["'xro'", "did you mean 'xor'?"]),
        (lambda: SGD("0.1"), ["learning_rate", "got '0.1'", "try 0.1"]),  # type: ignore[arg-type]
        (lambda: SGD(math.nan), ["learning_rate", "finite", "got nan"]),
        (lambda: SGD(math.inf), ["learning_rate", "finite", "got inf"]),
        (lambda: SGD(True), ["learning_rate", "got True"]),
        (lambda: Run(NETWORK, "xor").train(epochs=-1), ["whole number of epochs", "got -1", "try train(epochs=10)"]),
        (lambda: Run(NETWORK, "xor").train(epochs=1.5), ["whole number of epochs", "got 1.5"]),  # type: ignore[arg-type]
        (lambda: Run(NETWORK, "xor").train(batches="3"), ["whole number of batches", "got '3'"]),  # type: ignore[arg-type]
    ],
)  # fmt: skip
def test_settings_that_do_not_fit_are_refused_in_one_sentence(build: Callable[[], object], parts: list[str]) -> None:
    refuses(DataError, build, parts)


def test_a_refused_training_leaves_the_run_as_it_was() -> None:
    run = Run(NETWORK, "xor").train()
    with pytest.raises(DataError):
        run.train(batches=-3)
    assert len(run.ledger) == 4


@pytest.mark.parametrize("lines", [("adjustment = -0.1 * average",), ("after = before - rat * average",)])
def test_a_rule_that_cannot_work_is_refused_in_one_sentence(lines: tuple[str, ...]) -> None:
    with pytest.raises(DataError):
        Run(NETWORK, "xor", rule=Rule("mine", lines, {"rate": 0.1})).train()


def test_a_csv_file_can_be_learned_from(tmp_path: Path) -> None:
    path = tmp_path / "pears.csv"
    path.write_text("pears,apples,cost\n1,2,5\n3,4,11\n", encoding="utf-8")
    run = Run(Network(Dense(2, 1, weights=[1, 2], bias=False)), path, target="cost").train()
    assert run.ledger.header.input_names == ("pears", "apples")
    assert [record.blame[0].item() for record in run.ledger] == [0.0, 0.0]


def test_training_takes_epochs_or_batches_but_not_both() -> None:
    run = Run(NETWORK, "xor")
    with pytest.raises(DataError, match="epochs or batches"):
        run.train(epochs=1, batches=1)
    assert len(run.ledger) == 0


def test_a_whole_number_of_numpy_serves_as_batch_size() -> None:
    assert Run(NETWORK, "xor", batch_size=np.int64(2)).ledger.header.batch_size == 2


def test_an_epoch_that_is_not_there_is_refused_in_a_sentence() -> None:
    ledger = RUNS["xor 2-3-1 tanh"]().train(epochs=5).ledger
    for epoch in (0, 6):
        with pytest.raises(LedgerError, match=f"the ledger holds epochs 1 to 5, got epoch {epoch}"):
            ledger.epoch(epoch)
