"""Targets as classes: from words, from class numbers and from one-hot columns; and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from one_sentence import refuses

from piggybank import DataError, Dataset, Dense, Network, Run, load
from piggybank.engine.classes import as_classes
from piggybank.engine.losses import huber

ROWS = [[0.0, 1.0], [1.0, 0.0], [0.5, 0.5], [0.25, 0.0]]


def run(targets: Any, outputs: int = 3, **options: Any) -> Run:
    network = Network(Dense(2, outputs, "softmax"))
    return Run(network, (ROWS, targets), loss="cross-entropy", batch_size=2, **options)


def weights_after(found: Run) -> list[float]:
    return found.train(epochs=2).ledger.weights_at(4)[0].ravel().tolist()


def test_words_become_a_column_a_class_in_the_order_in_which_they_appear() -> None:
    data = load((ROWS, ["owl", "ant", "owl", "bee"]))
    assert data.targets.tolist() == [[1, 0, 0], [0, 1, 0], [1, 0, 0], [0, 0, 1]]
    assert data.classes == data.target_names == ("owl", "ant", "bee")


def test_two_words_become_one_column_of_0_and_1() -> None:
    data = load((ROWS, ["owl", "ant", "owl", "ant"]))
    assert data.targets.tolist() == [[0], [1], [0], [1]]
    assert data.classes == ("owl", "ant")
    assert data.target_names == ("class: owl 0, ant 1",)


def test_words_class_numbers_and_one_hot_columns_are_the_same_run() -> None:
    words = run(["owl", "ant", "owl", "bee"])
    numbers = run([0, 1, 0, 2])
    columns = run([[1, 0, 0], [0, 1, 0], [1, 0, 0], [0, 0, 1]])
    assert weights_after(words) == weights_after(numbers) == weights_after(columns)
    assert words.ledger.header.classes == ("owl", "ant", "bee")
    assert numbers.ledger.header.classes == ("class 0", "class 1", "class 2")
    assert columns.ledger.header.classes == ("y1", "y2", "y3")


def test_two_words_are_two_classes_for_a_softmax_of_two() -> None:
    found = run(["owl", "ant", "owl", "ant"], outputs=2)
    assert found.ledger.header.targets.tolist() == [[1, 0], [0, 1], [1, 0], [0, 1]]
    assert found.ledger.header.classes == ("owl", "ant")


def test_an_output_may_be_there_for_a_class_that_no_row_has() -> None:
    assert run([0, 1, 1, 0], outputs=4).ledger.header.targets.tolist()[1] == [0, 1, 0, 0]


def test_shares_of_one_whole_are_targets_too_but_no_classes() -> None:
    found = run([[0.5, 0.25, 0.25]] * 4)
    assert found.train().ledger.header.classes == ()


def test_a_column_of_words_in_a_file_becomes_classes(tmp_path: Path) -> None:
    path = tmp_path / "animals.csv"
    path.write_text("legs,wings,animal\n2,2,owl\n6,0,ant\n6,4,bee\n2,2,owl\n", encoding="utf-8")
    data = load(path, target="animal")
    assert data.classes == data.target_names == ("owl", "ant", "bee")
    assert data.row_names == ("owl 2", "ant 3", "bee 4", "owl 5")
    assert data.targets.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]]


def test_words_of_two_target_columns_are_both_learned_and_name_the_row(tmp_path: Path) -> None:
    path = tmp_path / "animals.csv"
    path.write_text("legs,animal,size\n2,owl,big\n6,ant,small\n6,bee,small\n2,owl,big\n", encoding="utf-8")
    data = load(path, target=["animal", "size"])
    assert data.target_names == ("owl", "ant", "bee", "size: big 0, small 1")
    assert data.targets.tolist()[2] == [0, 0, 1, 1]
    assert data.row_names[1] == "ant small 3"
    assert data.classes == ()


def test_long_words_that_begin_alike_stay_different_classes() -> None:
    long = "a word that is far longer than what the screen shows, number "
    data = load((ROWS, [f"{long}1", f"{long}2", "short", f"{long}2"]))
    assert data.targets.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 0]]
    assert data.classes == data.target_names
    assert len(set(data.classes)) == 3
    assert all(len(name) <= 40 for name in data.classes)
    pair = load((ROWS, [f"{long}1", f"{long}2"] * 2))
    assert pair.targets.tolist() == [[0], [1], [0], [1]]
    assert pair.classes == data.classes[:2]


@pytest.mark.parametrize("target", ["kind", "y"])
def test_long_words_of_a_file_that_begin_alike_stay_different(tmp_path: Path, target: str) -> None:
    path, long = tmp_path / "long.csv", "a word that is far longer than what the screen shows, number "
    path.write_text(f'kind,y\n"{long}1",1\n"{long}2",2\n"{long}3",3\n"{long}1",4\n', encoding="utf-8")
    data = load(path, target=target)
    columns, names = (data.targets, data.classes) if target == "kind" else (data.inputs, data.input_names)
    assert columns.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]]
    assert len(set(names)) == 3


@pytest.mark.parametrize(
    ("build", "parts"),
    [
        (lambda: run([0, 1, 3, 2]), ["row 3", "from 0 to 2", "found 3;", "an output for every class"]),
        (lambda: run([0, 3, 1, 4]), ["row 2", "found 3;"]),
        (lambda: run([0, 1, -1, 2]), ["row 3", "found -1;"]),
        (lambda: run([0, 1, 0.5, 2]), ["row 3", "found 0.5;", "correct the number"]),
        (lambda: run([[1, 0, 0], [1, 1, 0], [1, 0, 0], [1, 0, 0]]), ["row 2", "one 1 among 0s", "found 1, 1, 0"]),
        (lambda: run([[1, 0, 0], [2, -1, 0], [1, 0, 0], [1, 0, 0]]), ["row 2", "found 2, -1, 0"]),
        (lambda: run([[0, 0, 0]] * 4), ["row 1", "add up to 1", "found 0, 0, 0"]),
        (lambda: run([[1, 0]] * 4), ["gives 3 outputs", "has 2 targets a row", "try Dense(2, 2, 'softmax')"]),
        (lambda: run(["owl"] * 4), ["targets", "at least two different words", "every row says 'owl'"]),
        (lambda: run(["a", "b", "c", "d"]), ["words that come again", "4 different ones in 4 rows ('a', 'b', 'c', …)"]),
        (lambda: run(["owl", "ant", "owl", "bee"], outputs=2), ["gives 2 outputs", "has 3 targets a row"]),
        (
            lambda: Run(Network(Dense(2, 1)), (ROWS, ["owl", "ant", "owl", "bee"])),
            ["has 3 targets a row, one for each class", "Dense(2, 3, 'softmax')", "and loss='cross-entropy'"],
        ),
        (
            lambda: Run(Network(Dense(2, 1)), (ROWS, ["owl", "ant", "owl", "bee"]), loss="cross-entropy"),
            ["last layer with activation 'softmax'", "try Dense(2, 3, 'softmax')"],
        ),
        (
            lambda: Run(Network(Dense(2, 1)), (ROWS, [0, 3, 1, 2]), loss="cross-entropy"),
            ["last layer with activation 'softmax'", "try Dense(2, 4, 'softmax')"],
        ),
        (
            lambda: Dataset("d", ROWS, np.eye(4), classes=("owl", "ant")),  # type: ignore[arg-type]
            ["expected 4 class names", "found 2"],
        ),
        (
            lambda: Dataset("d", ROWS, [0.0] * 4, scaling=("x / 4",)),  # type: ignore[arg-type]
            ["expected 2 scalings", "found 1"],
        ),
    ],
)
def test_targets_that_are_no_classes_are_refused_in_one_sentence(build: Callable[[], object], parts: list[str]) -> None:
    refuses(DataError, build, parts)


def test_shares_of_a_target_that_are_less_than_a_whole_are_refused() -> None:
    data = load(([[1.0], [2.0]], [[0.5, 0.5], [0.5, 0.45]]))
    with pytest.raises(DataError, match=r"targets, row 2: .* but found 0.5, 0.45"):
        as_classes(data, 2)


@pytest.mark.parametrize("delta", [0, -1.0, float("inf"), True, "1", None])
def test_a_delta_of_huber_that_is_no_size_is_refused(delta: Any) -> None:
    with pytest.raises(DataError, match=r"huber expects a delta above 0, got .*; try huber\(1.0\)"):
        huber(delta)
