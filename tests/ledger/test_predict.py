"""What a trained network says of any rows: those of its own it says again, bit for bit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from nets import RUNS
from opening import run_of

from piggybank import SGD, Dense, LedgerError, Network, Run, load, open_ledger
from piggybank.scaling import Scaling


@pytest.mark.parametrize("name", RUNS)
def test_of_a_batchs_rows_it_says_what_the_batch_recorded(name: str) -> None:
    ledger = run_of(name)
    for record in ledger:
        rows = ledger.header.inputs[list(record.rows)]
        assert ledger.predict(rows, batch=record.batch - 1).tobytes() == record.outputs[-1].tobytes()


def xor(batches: int) -> Run:
    return Run(Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7), "xor", rule=SGD(0.5), batch_size=4).train(
        batches=batches
    )


def test_it_takes_the_last_weights_unless_a_batch_is_given() -> None:
    ledger = xor(3).ledger
    said = [ledger.predict([[0, 1]], batch=batch)[0, 0] for batch in range(4)]
    assert ledger.predict([[0, 1]])[0, 0] == said[3]
    assert len(set(said)) == 4


def test_a_row_alone_is_answered_as_among_others_and_one_that_was_never_seen_too() -> None:
    ledger = xor(3).ledger
    rows = [[0.25, 1], [1, 0], [-3, 0.5]]
    together = ledger.predict(rows)
    assert together.shape == (3, 1)
    assert [ledger.predict([row]).tobytes() for row in rows] == [row.tobytes() for row in together]
    assert len(set(together[:, 0].tolist())) == 3


def test_measured_numbers_are_scaled_as_the_data_were() -> None:
    data = load("penguins 3")
    run = Run(Network(Dense(4, 3, "softmax")), data, rule=SGD(0.5), loss="cross-entropy", batch_size=16).train(epochs=1)
    scalings = [Scaling.of(text, name) for text, name in zip(data.scaling, data.input_names, strict=True)]
    measured = [
        [float(scaling.measured(value)) for scaling, value in zip(scalings, row, strict=True) if scaling]
        for row in data.inputs.tolist()
    ]
    assert not np.array_equal(measured, data.inputs)
    assert run.ledger.predict(measured, measured=True).tobytes() == run.ledger.predict(data.inputs).tobytes()


def test_a_run_says_what_its_ledger_says_with_the_weights_of_any_batch_and_of_measured_rows() -> None:
    network = Network(Dense(4, 3, "softmax"), seed=7)
    run = Run(network, "penguins 3", rule=SGD(0.5), loss="cross-entropy", batch_size=16).train(batches=3)
    rows, said = run.dataset.inputs[:5].tolist(), set()
    for batch in (None, 0, 2):
        for measured in (False, True):
            answer = run.predict(rows, batch=batch, measured=measured)
            assert answer.tobytes() == run.ledger.predict(rows, batch=batch, measured=measured).tobytes()
            said.add(answer.tobytes())
    assert len(said) == 6
    with pytest.raises(LedgerError, match="expected rows of 4 numbers each"):
        run.predict([1.0, 2.0])


def test_where_nothing_was_scaled_measured_numbers_are_the_inputs() -> None:
    ledger = xor(2).ledger
    assert ledger.predict([[0, 1]], measured=True) == ledger.predict([[0, 1]])


def test_a_saved_run_answers_like_the_run(tmp_path: Path) -> None:
    run = xor(3)
    with open_ledger(run.save(tmp_path / "a.piggy")) as saved:
        assert saved.predict([[0.1, 0.7]]).tobytes() == run.ledger.predict([[0.1, 0.7]]).tobytes()


def test_what_it_says_and_what_was_given_are_apart_from_the_record() -> None:
    ledger, rows = xor(2).ledger, np.array([[0.0, 1.0]])
    ledger.predict(rows)
    assert rows.tolist() == [[0.0, 1.0]]
    assert len(ledger) == 2


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([0, 1], ["rows of 2 numbers each (x1, x2)", "got an array of shape (2,); try [[0, 0]]"]),
        ([[0, 1, 2]], ["got an array of shape (1, 3)"]),
        ([[0, 1], [1]], ["got [[0, 1], [1]]"]),
        ([["a", 1]], ["got [['a', 1]]; try [[0, 0]]"]),
        (iter([[0, 1]]), ["got <list_iterator object>; try [[0, 0]]"]),
        ([[float("nan"), 1]], ["infinite or not a number", "leave those rows out"]),
    ],
)
def test_rows_that_it_cannot_take_are_refused_in_one_sentence(rows: object, words: list[str]) -> None:
    with pytest.raises(LedgerError) as caught:
        xor(1).ledger.predict(rows)
    assert all(word in str(caught.value) for word in words)


def test_a_batch_that_is_still_to_come_is_refused() -> None:
    with pytest.raises(LedgerError, match="batches 0 to 1, got batch 2"):
        xor(1).ledger.predict([[0, 1]], batch=2)


def test_a_measured_number_too_large_to_be_scaled_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("size,y\n0.1,1\n0.2,2\n0.4,3\n", encoding="utf-8")
    run = Run(Network(Dense(1, 1)), load(tmp_path / "a.csv", target="y", scale=True))
    with pytest.raises(LedgerError, match="'size' cannot be scaled, a number is too large"):
        run.ledger.predict([[1e308]], measured=True)
