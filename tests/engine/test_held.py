"""Rows held back for validation: which they are, that they never bank, and what is measured on them."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from piggybank import SGD, DataError, Dataset, Dense, Network, Run, load
from piggybank.engine.held import hold_back


def numbered(rows: int, source: str = "") -> Dataset:
    return Dataset("d", np.arange(1.0, rows + 1), np.arange(1.0, rows + 1), source=source)


@pytest.mark.parametrize(
    ("share", "rows", "held", "words"),
    [
        (0.25, 10, [4, 8], "every 4th row held back"),
        (1 / 3, 9, [3, 6, 9], "every 3rd row held back"),
        (0.5, 5, [2, 4], "every 2nd row held back"),
        (0.3, 10, [4, 7, 10], "3 of every 10 rows held back"),
        (0.75, 4, [2, 3, 4], "3 of every 4 rows held back"),
    ],
)
def test_rows_are_held_back_by_whole_numbers_and_the_rule_is_recorded(
    share: float, rows: int, held: list[int], words: str
) -> None:
    learned, back = hold_back(numbered(rows, "a book"), share)
    assert back.inputs.ravel().tolist() == held
    assert learned.inputs.ravel().tolist() == [row for row in range(1, rows + 1) if row not in held]
    assert back.row_names == tuple(f"row {row}" for row in held)
    assert learned.source == f"a book; {words} for validation"


def test_rows_of_large_data_are_held_back_in_one_pass() -> None:
    """Looking through the rows held back for each row that is not would take most of a minute."""
    learned, back = hold_back(numbered(50_000), 0.25)
    assert back.inputs.ravel().tolist() == list(range(4, 50_001, 4))
    assert len(learned) == 37_500


@pytest.mark.parametrize(
    ("build", "part"),
    [
        (lambda: hold_back(numbered(4), 0), "between 0 and 1, got 0; try 0.25"),
        (lambda: hold_back(numbered(4), 1.5), "got 1.5"),
        (lambda: hold_back(numbered(4), True), "got True"),
        (lambda: hold_back(numbered(4), math.nan), "got nan"),
        (lambda: hold_back(numbered(3), 0.25), "holds back 0 of 3 rows"),
        (lambda: hold_back(numbered(1), 0.999), "at least 2 rows to divide, got 1; give more data"),
        (lambda: Run(Network(Dense(2, 1)), "xor").validation_at(0), "try Run(…, validation=0.25)"),
    ],
)
def test_a_share_that_cannot_be_held_back_is_refused(build: Callable[[], object], part: str) -> None:
    with pytest.raises(DataError) as caught:
        build()
    assert part in str(caught.value)


def test_held_rows_never_bank_and_are_measured_with_the_weights_of_the_moment() -> None:
    network = Network(Dense(4, 3, "softmax"), seed=1)
    run = Run(network, "penguins 3", rule=SGD(0.5), batch_size=9, loss="cross-entropy", validation=0.25)
    run.train(epochs=10)
    assert run.held is not None
    assert len(run.held) == 9
    assert run.ledger.header.rows == 27
    assert not set(run.held.row_names) & set(run.ledger.header.row_names)
    alone = Run(network, (run.held.inputs, run.held.targets), batch_size=9, loss="cross-entropy").train(batches=1)
    assert run.validation_at(0).loss == alone.ledger.batch_loss(1)
    assert run.validation_at(0).accuracy == alone.ledger.accuracy(1)
    assert run.validation_at(30).loss < run.validation_at(0).loss
    before, after = run.validation_at(0).accuracy, run.validation_at(30).accuracy
    assert before is not None
    assert after is not None
    assert before.count == after.count == 9
    assert after.right > before.right


def test_without_classes_the_held_rows_have_a_loss_only() -> None:
    run = Run(Network(Dense(1, 1, weights=0.5, bias=False)), ([2.0, 2.0], [3.0, 5.0]), validation=0.5)
    assert run.validation_at(0).loss == 8.0
    assert run.validation_at(0).accuracy is None


def test_rows_held_back_are_told_as_every_nth_or_as_some_of_every_few() -> None:
    data = load(([[float(row)] for row in range(12)], [0.0] * 12))
    sources = [hold_back(data, share)[0].source for share in (0.25, 2 / 3)]
    assert sources[0].endswith("every 4th row held back for validation")
    assert sources[1].endswith("2 of every 3 rows held back for validation")
    with pytest.raises(DataError, match=r"a share of the rows between 0 and 1, got 1; try 0.25"):
        hold_back(data, 1)


@pytest.mark.parametrize(
    ("every", "spoken"),
    [(2, "2nd"), (3, "3rd"), (10, "10th"), (11, "11th"), (12, "12th"), (13, "13th"), (21, "21st"), (22, "22nd"),
     (23, "23rd"), (111, "111th"), (113, "113th")],
)  # fmt: skip
def test_the_row_that_is_held_back_is_counted_in_words_as_people_do(every: int, spoken: str) -> None:
    learned, _ = hold_back(load(([[float(row)] for row in range(120)], [0.0] * 120)), 1 / every)
    assert learned.source == f"every {spoken} row held back for validation"
