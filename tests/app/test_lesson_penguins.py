"""Lesson 12: all penguins right after six epochs, and a flipped one found by its coins."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from looks import lesson_named

from piggybank import SGD, Dense, Network, Run, load

Figure = Callable[[str, object], None]


def penguins(flipped: int | None = None) -> Run:
    data = load("penguins")
    targets = np.array(data.targets)
    if flipped is not None:
        targets[flipped] = 1 - targets[flipped]
    network = Network(Dense(2, 1, "sigmoid", weights=[0, 0]))
    settings = {"rule": SGD(1 / 2), "loss": "binary cross-entropy", "batch_size": 8}
    return Run(network, (data.inputs, targets), **settings).train(epochs=6)  # type: ignore[arg-type]


def total_coins(run: Run) -> list[float]:
    """Per row the sum of its coins' sizes over all epochs, from the ledger's inputs and blame."""
    header, totals = run.ledger.header, [0.0] * run.ledger.header.rows
    for record in run.ledger:
        for place, row in enumerate(record.rows):
            blame = abs(record.blame[0][place, 0].item())
            totals[row] += sum(abs(x) * blame for x in header.inputs[row].tolist()) + blame
    return totals


def test_lesson_12_gets_24_of_24_right_after_six_epochs(figure: Figure) -> None:
    lesson = lesson_named("lesson 12")
    header = lesson.run.ledger.header
    w1, w2, b = lesson.run.ledger.weights_at(lesson.batches)[0][:, 0].tolist()
    right = sum(
        (x1 * w1 + x2 * w2 + b > 0) == (target == 1)
        for (x1, x2), (target,) in zip(header.inputs.tolist(), header.targets.tolist(), strict=True)
    )
    figure("T32 lesson 12, rows right after six epochs", f"{right} of {header.rows}")
    assert (right, header.rows, lesson.batches) == (24, 24, 18)


def test_lesson_12_a_flipped_row_puts_in_most_for_21_of_24_flips(figure: Figure) -> None:
    found = 0
    for row in range(24):
        totals = total_coins(penguins(flipped=row))
        found += totals.index(max(totals)) == row
    figure("T32 lesson 12, flips found by the largest coins", f"{found} of 24")
    assert found == 21


def test_lesson_12_the_summary_of_epochs_adds_up_to_the_same_totals() -> None:
    run = penguins(flipped=5)
    summed = sum(run.ledger.epoch(epoch).contributions for epoch in range(1, 7))
    assert summed == pytest.approx(total_coins(run), rel=1e-12)
