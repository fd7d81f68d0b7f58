"""Lesson 12: all penguins right after six epochs, and a flipped one found by its coins."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from looks import caption, lesson_named
from sitting import lesson_of, press, sitting, texts
from told import answers

from piggybank import SGD, Dense, Network, Run, load
from piggybank.app.course import load_lesson

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


# The second run, in which a label is wrong ----------------------------------------------------------------------------


def test_lesson_12_begins_with_all_labels_right_and_2_brings_the_run_with_a_wrong_one() -> None:
    session = sitting(12)
    assert not session.state.beside
    press(session, "end", "2")
    here = lesson_of(session)
    assert "one label wrong" in here.subtitle
    assert "One label is wrong." in caption(here, session.state.cursor.beat)
    press(session, "1")
    assert "Adelie or Gentoo" in lesson_of(session).subtitle


def test_lesson_12_asks_for_the_row_whose_coins_are_by_far_the_largest_and_whose_label_is_wrong() -> None:
    lesson = load_lesson(12)
    planted = lesson.family[1]
    lesson.ensure(lesson.timeline.length(lesson.batches) - 1)
    totals = sum(planted.run.ledger.epoch(epoch).contributions for epoch in range(1, 7)).tolist()
    first, second = sorted(totals, reverse=True)[:2]
    row = totals.index(first)
    assert first > 2 * second
    assert answers(planted) == {"6.18.commit": str(row + 1)}
    wrong = lesson.run.ledger.header.targets != planted.run.ledger.header.targets
    assert np.flatnonzero(wrong).tolist() == [row]
    assert set(planted.run.ledger.header.row_names) == {f"row {place}" for place in range(1, 25)}, (
        "no name gives it away"
    )


def test_lesson_12_the_question_of_the_second_run_is_asked_with_q_and_answered() -> None:
    session = sitting(12)
    press(session, "end", "2", "q")
    asked = lesson_of(session).asked(session.state.gate.beat)  # type: ignore[union-attr]
    assert asked is not None
    right = next(place for place, option in enumerate(asked.options) if option.right)
    press(session, "abcd"[right])
    assert "Suspicious, not guilty" in texts(session)
