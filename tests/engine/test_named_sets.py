"""Penguins of three species, irises and digits: their rows, that scaling them lost nothing, and what it says."""

from __future__ import annotations

import csv
import sys
import types
from fractions import Fraction

import numpy as np
import pytest

from piggybank import SGD, DataError, Dense, Network, Run, load
from piggybank.ledger.lines import Ref
from piggybank.scaling import Scaling, as_counts, fitting
from piggybank.shipped import asset_path

COLUMNS = ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g")


def table() -> dict[int, dict[str, str]]:
    with asset_path("data/penguins.csv").open(encoding="utf-8", newline="") as file:
        return dict(enumerate(csv.DictReader(file), start=2))


def test_three_species_come_in_turn_twelve_of_each_with_a_column_a_class() -> None:
    data = load("penguins 3")
    assert data.classes == data.target_names == ("Adelie", "Chinstrap", "Gentoo")
    assert data.targets.tolist() == np.eye(3).tolist() * 12
    lines = [int(name.split()[1]) for name in data.row_names]
    assert len(set(lines)) == 36
    assert [table()[line]["species"] for line in lines] == ["Adelie", "Chinstrap", "Gentoo"] * 12


@pytest.mark.parametrize("name", ["penguins", "penguins 3"])
def test_an_input_scaled_back_is_exactly_what_the_table_says(name: str) -> None:
    data, rows = load(name), table()
    columns = COLUMNS if name == "penguins 3" else (COLUMNS[0], COLUMNS[2])
    for row, values in zip(data.row_names, data.inputs.tolist(), strict=True):
        for column, text, value in zip(columns, data.scaling, values, strict=True):
            scaling = Scaling.of(text)
            assert scaling is not None
            measured = rows[int(row.split()[1])][column]
            assert Fraction(value) == (Fraction(measured) * scaling.unit - scaling.centre) / scaling.power
            assert scaling.measured(value) == measured


@pytest.mark.parametrize("name", ["penguins", "penguins 3"])
def test_measures_are_centred_on_round_numbers_and_shrunk_by_a_power_of_two_to_a_few(name: str) -> None:
    data = load(name)
    for text, column in zip(data.scaling, data.inputs.T, strict=True):
        scaling = Scaling.of(text)
        assert scaling is not None
        assert scaling.centre % 10 == 0
        assert -4 < min(column) < -0.5 < 0.5 < max(column) < 4


def test_a_softmax_tells_the_three_species_apart() -> None:
    network = Network(Dense(4, 8, "tanh"), Dense(8, 3, "softmax"), seed=1)
    run = Run(network, "penguins 3", rule=SGD(0.5), batch_size=12, loss="cross-entropy").train(epochs=20)
    assert run.ledger.epoch(20).accuracy is not None
    assert run.ledger.epoch(20).accuracy.right == 36  # type: ignore[union-attr]
    assert run.ledger.accuracy(1).right < 10
    assert run.ledger.header.classes == ("Adelie", "Chinstrap", "Gentoo")


def test_the_receipt_of_an_input_shows_what_was_measured_and_how_it_was_scaled() -> None:
    run = Run(Network(Dense(4, 3, "softmax")), "penguins 3", loss="cross-entropy").train(batches=1)
    receipt = run.ledger.open(Ref("data", "x1", 0, 1))
    assert [(line.operator, line.value) for line in receipt.lines] == [
        ("", 391.0), ("-", 440.0), ("/", 64.0), ("=", -0.765625),
    ]  # fmt: skip
    assert receipt.lines[0].label == "bill of Adelie 2: 39.1, in tenths"
    assert receipt.lines[3].formula == "(bill_mm * 10 - 440) / 64"
    assert eval(receipt.python()) == receipt.value == run.dataset.inputs[0, 0]
    for line in receipt.lines[:3]:
        assert line.origin is not None
        assert run.ledger.open(line.origin).value == line.value


# Scaling --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scaling", "text"),
    [
        (Scaling(10, 440, 64), "(bill * 10 - 440) / 64"),
        (Scaling(1, 200, 16), "(bill - 200) / 16"),
        (Scaling(100, -1, 1), "(bill * 100 + 1) / 1"),
        (Scaling(1, 0, 16), "(bill - 0) / 16"),
        (Scaling(10**15, 2**52, 2**51), f"(bill * {10**15} - {2**52}) / {2**51}"),
    ],
)
def test_a_scalings_text_can_be_read_back(scaling: Scaling, text: str) -> None:
    assert scaling.text("bill") == text
    assert Scaling.of(text) == scaling


@pytest.mark.parametrize(
    "text",
    ["", "x", "(x - 3)", "x / 4", "(x - 1.5) / 4", "(x * 3 - 1) / 4", "(x - 9) / 4 + 1", "(x - 9) / 6", "(x - 9) / 0"],
)
def test_another_text_is_no_scaling(text: str) -> None:
    assert Scaling.of(text) is None


@pytest.mark.parametrize("name", ["size * 10", "x - 3) / 4", "(a", "size * 100 + 5", "x"])
@pytest.mark.parametrize("scaling", [Scaling(1, 402, 32), Scaling(10, -402, 32)])
def test_a_columns_name_is_no_part_of_its_scaling(name: str, scaling: Scaling) -> None:
    assert Scaling.of(scaling.text(name), name) == scaling


def test_decimals_are_counted_in_their_smallest_unit() -> None:
    assert as_counts(["39.1", "40", "-2.50", "1e2"]) == ([391, 400, -25, 1000], 10)
    assert as_counts(["7", "12"]) == ([7, 12], 1)
    for texts in (["0.1234567890123456"], ["1e40", "0.5"]):
        with pytest.raises(OverflowError):
            as_counts(texts)


def test_a_fitting_scaling_moves_by_the_mean_and_divides_by_a_power_of_two_near_the_spread() -> None:
    assert fitting([391, 400, 409], 10) == Scaling(10, 400, 8)
    assert fitting([5, 5, 5], 1) == Scaling(1, 5, 1)
    wide = fitting([0, 1000], 1)
    assert (wide.centre, wide.power) == (500, 512)


# What scikit-learn brings ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["iris", "digits"])
def test_without_scikit_learn_its_sets_are_refused_with_the_way_to_get_them(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(DataError, match=rf"'{name}' comes with scikit-learn.*pip install 'piggybank\[data\]'"):
        load(name)


def stand_in(monkeypatch: pytest.MonkeyPatch, **tables: object) -> None:
    """In place of scikit-learn, a module with these load functions."""
    module = types.ModuleType("sklearn.datasets")
    for name, found in tables.items():
        setattr(module, f"load_{name}", lambda found=found: found)
    monkeypatch.setitem(sys.modules, "sklearn", types.ModuleType("sklearn"))
    monkeypatch.setitem(sys.modules, "sklearn.datasets", module)


def test_digits_are_ink_over_16_and_ten_classes(monkeypatch: pytest.MonkeyPatch) -> None:
    ink, labels = np.arange(128.0).reshape(2, 64) % 17, np.array([3, 0])
    stand_in(monkeypatch, digits=types.SimpleNamespace(data=ink, target=labels))
    data = load("digits")
    assert (data.inputs * 16).tolist() == ink.tolist()
    assert [data.classes[int(np.argmax(row))] for row in data.targets] == ["digit 3", "digit 0"]
    assert data.input_names[:2] + data.input_names[-1:] == ("dot 1.1", "dot 1.2", "dot 8.8")
    assert Scaling.of(data.scaling[5]) == Scaling(1, 0, 16)


def test_irises_come_with_the_species_in_turn_and_scale_back_to_their_millimetres(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lengths = np.array([[5.1, 3.5, 1.4, 0.2], [4.9, 3.0, 1.4, 0.2], [7.0, 3.2, 4.7, 1.4]])
    found = types.SimpleNamespace(data=lengths, target=np.array([0, 1, 2]), target_names=["a", "b", "c"])
    stand_in(monkeypatch, iris=found)
    data = load("iris")
    assert data.row_names == ("a 1", "b 2", "c 3")
    for column, text in enumerate(data.scaling):
        scaling = Scaling.of(text)
        assert scaling is not None
        assert [float(scaling.measured(v)) for v in data.inputs[:, column].tolist()] == lengths[:, column].tolist()


def test_the_real_irises_and_digits_are_whole_when_scikit_learn_is_there() -> None:
    pytest.importorskip("sklearn")
    iris, digits = load("iris"), load("digits")
    assert iris.inputs.shape == (150, 4)
    assert iris.targets.tolist() == np.eye(3).tolist() * 50
    assert digits.inputs.shape == (1797, 64)
    assert np.all(digits.inputs * 16 == np.floor(digits.inputs * 16))
    assert digits.targets.sum(axis=1).tolist() == [1.0] * 1797
