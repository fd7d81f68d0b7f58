"""The data sets that come with piggybank: those of the curriculum, and the penguins as they were measured."""

import csv
import hashlib
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loading import refusal, says

from piggybank.engine.data import BUILT_IN_NAMES, load
from piggybank.shipped import asset_path, share_path


@pytest.mark.parametrize(
    ("name", "inputs", "targets", "input_names"),
    [
        ("xor", [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], ("x1", "x2")),
        ("one coin", [[2]], [3], ("apples",)),
        ("frozen", [[2], [2], [2], [2]], [1, 7, 5, 3], ("apples",)),
        ("shared blame", [[2, 0], [0, 2], [2, 2], [0, 0]], [8, 4, 12, 0], ("apples", "pears")),
    ],
)
def test_the_built_in_rows_are_those_of_the_curriculum(name, inputs, targets, input_names):
    data = load(name)
    assert data.name == name
    assert data.inputs.tolist() == inputs
    assert data.targets[:, 0].tolist() == targets
    assert data.input_names == input_names


@pytest.mark.parametrize("name", BUILT_IN_NAMES)
def test_every_built_in_set_has_a_source_and_loads_by_its_name(name):
    if name in ("iris", "digits"):
        pytest.importorskip("sklearn")
    data = load(name)
    assert data.name == name
    assert data.source


def test_an_unknown_name_is_answered_with_the_nearest_and_the_list():
    says(refusal("Pengiuns"), "found 'Pengiuns'", "did you mean 'penguins'?", *map(repr, BUILT_IN_NAMES), ".csv")


def test_a_name_in_capitals_finds_its_neighbour():
    says(refusal("XOR"), "did you mean 'xor'?")


def test_a_name_near_nothing_is_answered_with_the_list_only():
    message = refusal("qqqq")
    assert "did you mean" not in message
    says(message, *map(repr, BUILT_IN_NAMES))


@given(st.text(st.characters()))
def test_a_hostile_name_gets_a_one_line_answer(name):
    if name not in BUILT_IN_NAMES:
        refusal(name)


def penguin_lines():
    with asset_path("data/penguins.csv").open(encoding="utf-8", newline="") as file:
        return dict(enumerate(csv.reader(file), start=1))


def test_penguins_are_adelie_and_gentoo_in_turn_twelve_each():
    data = load("penguins")
    assert data.targets[:, 0].tolist() == [0.0, 1.0] * 12
    assert [name.split()[0] for name in data.row_names] == ["Adelie", "Gentoo"] * 12
    assert data.input_names == ("bill", "flipper")
    assert data.target_names == ("species: Adelie 0, Gentoo 1",)
    assert (data.row_names[0], data.row_names[1], data.row_names[-1]) == ("Adelie 2", "Gentoo 154", "Gentoo 264")


def test_penguin_inputs_are_exactly_the_fractions_of_the_line_that_the_row_is_named_after():
    data, lines = load("penguins"), penguin_lines()
    for row, name in zip(data.inputs.tolist(), data.row_names, strict=True):
        species, line = name.split()
        cells = lines[int(line)]
        assert cells[0] == species
        assert Fraction(row[0]) == (Fraction(cells[2]) * 10 - 440) / 64
        assert Fraction(row[1]) == (Fraction(cells[4]) - 200) / 16


def test_the_penguin_table_is_whole_and_keeps_its_missing_values():
    lines = penguin_lines()
    assert len(lines) == 1 + 344
    assert lines[5] == ["Adelie", "Torgersen", "NA", "NA", "NA", "NA", "NA", "2007"]


def test_the_penguin_citation_names_authors_licence_and_the_bytes_it_stands_for():
    text = asset_path("data/penguins-CITATION.txt").read_text(encoding="utf-8")
    says(text, "Gorman KB, Williams TD, Fraser WR (2014)", "e90081", "Horst AM, Hill AP, Gorman KB (2020)", "CC0")
    assert hashlib.sha256(asset_path("data/penguins.csv").read_bytes()).hexdigest() in text
    says(load("penguins").source, "Gorman", "CC0")


def test_a_file_of_piggybank_that_is_missing_is_told_with_what_to_do() -> None:
    with pytest.raises(FileNotFoundError, match=r"own file assets/data/gone.csv is missing; install the package again"):
        share_path("assets", "data/gone.csv")
