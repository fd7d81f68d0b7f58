"""Columns of a file: words as inputs, numbers scaled without losing a digit."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from one_sentence import refuses

from piggybank import DataError, Dataset, Dense, Network, Run, load
from piggybank.ledger.lines import Receipt, Ref
from piggybank.scaling import Scaling

BIRDS = """island,mass_g,bill,sex,species
Biscoe,3750,39.1,male,Adelie
Dream,3800,39.5,female,Adelie
Torgersen,4675,46.15,male,Gentoo
Biscoe,5200,48,female,Gentoo
"""


@pytest.fixture
def birds(tmp_path: Path) -> Path:
    path = tmp_path / "birds.csv"
    path.write_text(BIRDS, encoding="utf-8")
    return path


# Words ----------------------------------------------------------------------------------------------------------------


def test_words_as_inputs_become_a_column_a_word_and_of_two_words_one_column(birds: Path) -> None:
    data = load(birds, target="species", inputs=["island", "sex", "bill"])
    assert data.input_names == ("island: Biscoe", "island: Dream", "island: Torgersen", "sex: male 0, female 1", "bill")
    assert data.inputs.tolist() == [
        [1, 0, 0, 0, 39.1], [0, 1, 0, 1, 39.5], [0, 0, 1, 0, 46.15], [1, 0, 0, 1, 48],
    ]  # fmt: skip
    assert data.scaling == ()


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        ("name,y\nann,1\nbob,0\ncid,1\n", ["column 'name'", "words that come again", "leave the column out"]),
        ("name,y\nann,1\nann,0\n", ["column 'name'", "every row says 'ann'", "leave the column out"]),
        ("size,y\n1,1\nbig,0\n", ["line 3, column 'size'", "expected a number", "the text 'big'"]),
    ],
)
def test_words_that_are_no_classes_and_mixed_columns_are_refused(
    tmp_path: Path, content: str, parts: list[str]
) -> None:
    path = tmp_path / "table.csv"
    path.write_text(content, encoding="utf-8")
    refuses(DataError, lambda: load(path, target="y"), parts)


# Scaling --------------------------------------------------------------------------------------------------------------


def test_scaled_columns_are_exact_and_say_how_they_were_made(birds: Path) -> None:
    data = load(birds, target="species", inputs=["mass_g", "sex", "bill"], scale=True)
    assert data.scaling == ("(mass_g - 4356) / 512", "", "(bill * 100 - 4319) / 512")
    raw = {0: ["3750", "3800", "4675", "5200"], 2: ["39.1", "39.5", "46.15", "48"]}
    for column, texts in raw.items():
        scaling = Scaling.of(data.scaling[column])
        assert scaling is not None
        for text, value in zip(texts, data.inputs[:, column].tolist(), strict=True):
            assert Fraction(value) == (Fraction(text) * scaling.unit - scaling.centre) / scaling.power
    assert np.abs(data.inputs).max() < 4


def test_a_scaling_stands_in_the_header_of_the_run(birds: Path) -> None:
    data = load(birds, target="species", inputs=["mass_g"], scale=True)
    assert Run(Network(Dense(1, 1)), data).ledger.header.scaling == ("(mass_g - 4356) / 512",)


def opened(path: Path) -> Receipt:
    """The receipt of the first input of the file's first row, both scaled."""
    run = Run(Network(Dense(1, 1)), load(path, target="y", scale=True), batch_size="all").train(epochs=1)
    return run.ledger.open(Ref("data", "x1", 0, 1))


def test_a_receipt_says_what_was_measured_in_a_column_whose_name_looks_like_a_unit(tmp_path: Path) -> None:
    path = tmp_path / "sizes.csv"
    path.write_text("size * 10,y\n391,1\n440,0\n395,1\n", encoding="utf-8")
    assert opened(path).lines[0].label == "size * 10 of row 1: 391"


def test_a_receipt_says_what_was_measured_however_long_name_and_numbers_are(tmp_path: Path) -> None:
    path, name = tmp_path / "long.csv", "a column with a rather long name in mm"
    path.write_text(f"{name},y\n0.123456789012345,1\n0.423456789012341,0\n", encoding="utf-8")
    assert opened(path).lines[0].label.startswith(f"{name} of row 1: 0.123456789012345,")
    path.write_text("x,y\n4400000000000001,1\n4300000000000001,0\n", encoding="utf-8")
    assert opened(path).lines[0].label == "x of row 1: 4400000000000001"


def test_a_scaling_by_which_no_whole_number_was_measured_is_not_shown() -> None:
    data = Dataset("d", [0.3, 0.5], [0.0, 1.0], scaling=["(x - 3) / 4"])  # type: ignore[arg-type]
    ledger = Run(Network(Dense(1, 1)), data).train(epochs=1).ledger
    assert [len(ledger.open(Ref("data", "x1", 0, row)).lines) for row in (1, 2)] == [1, 4]


def test_more_digits_than_stay_exact_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("x,y\n0.12345678901234567,1\n1,0\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"long.csv, column 'x': expected at most 15 digits.*leave scale out"):
        load(path, target="y", scale=True)


@pytest.mark.parametrize("scale", ["minmax", 2.5, None, [True]])
def test_scale_is_said_or_not(scale: Any, birds: Path) -> None:
    with pytest.raises(DataError, match=r"scale should be True or False, got .*; how far to scale follows"):
        load(birds, target="species", scale=scale)


def test_scale_belongs_to_a_file() -> None:
    with pytest.raises(DataError, match=r"scale= only together with a CSV file"):
        load("xor", scale=True)
