"""Arrays come in exactly as they are, or a sentence says what was expected, what came and what to try."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from loading import refusal, says

from piggybank.engine.data import DataError, Dataset, load


def test_arrays_become_read_only_float64_in_c_order_with_their_shape():
    data = load((np.asfortranarray([[1, 2], [3, 4], [5, 6]], dtype=np.float32), np.array([[1], [0], [1]])))
    for array, shape in ((data.inputs, (3, 2)), (data.targets, (3, 1))):
        assert (array.dtype, array.shape) == (np.float64, shape)
        assert array.flags.c_contiguous
        assert not array.flags.writeable
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 9.0
    assert len(data) == 3


def test_a_data_set_keeps_its_numbers_when_the_callers_array_changes_later():
    inputs = np.array([[1.0], [2.0]])
    data = load((inputs, [0, 1]))
    inputs[0, 0] = 99.0
    assert data.inputs.tolist() == [[1.0], [2.0]]
    assert inputs.flags.writeable


def test_one_dimension_is_one_column():
    data = load(([2, 2], [3, 4]))
    assert data.inputs.tolist() == [[2.0], [2.0]]
    assert data.targets.tolist() == [[3.0], [4.0]]


def test_nested_lists_and_truth_values_are_numbers():
    assert load([[[1, 2], [3, 4]], [True, False]]).targets.tolist() == [[1.0], [0.0]]


def test_names_left_out_are_x1_y_and_row_1():
    data = load(([[1, 2], [3, 4]], [1, 2]))
    assert (data.input_names, data.target_names, data.row_names) == (("x1", "x2"), ("y",), ("row 1", "row 2"))
    assert data.source == ""
    assert load(([1], [[1, 2]])).target_names == ("y1", "y2")


def test_a_dataset_is_returned_as_it_is():
    data = load("xor")
    assert load(data) is data


def test_a_single_word_names_a_single_column():
    assert Dataset("shop", np.ones(2), np.ones(2), "apples", "cost").input_names == ("apples",)


def test_names_that_do_not_fit_the_columns_are_refused():
    with pytest.raises(DataError, match=r"expected 2 input names, but found 1; name all of them, or none"):
        Dataset("shop", np.ones((3, 2)), np.ones(3), ("apples",))


def test_names_are_cleaned_of_control_characters_and_cut_at_forty():
    data = Dataset(
        "a\nb\x1b[31m\u202e", np.ones((1, 3)), np.ones(1), ("  bill\tlength ", "\x00", "z" * 90), source="a\nb"
    )
    assert data.name == "a b [31m"
    assert data.input_names == ("bill length", "x2", "z" * 39 + "…")
    assert data.source == "a b"


def test_columns_that_would_look_alike_once_cut_carry_their_number():
    data = Dataset("long", np.ones((1, 2)), np.ones(1), ("z" * 50, "z" * 51))
    assert data.input_names == ("z" * 39 + "…", "z" * 31 + "… (2)")


@given(st.lists(st.text(st.characters(), max_size=60), min_size=4, max_size=4))
def test_hostile_names_never_raise_and_always_fit_the_screen(words):
    data = Dataset(words[0], np.ones((1, 2)), np.ones(1), (words[1], words[2]), (words[3],), (words[0],))
    for name in (*data.input_names, *data.target_names, *data.row_names):
        assert 1 <= len(name) <= 40
        assert name.isprintable()
    assert len(set(data.input_names)) == 2


@pytest.mark.parametrize(
    ("pair", "parts"),
    [
        (([[[1]]], [1]), ["inputs: expected rows and columns", "found 3 dimensions", "reshape to (rows, columns)"]),
        ((5, [1]), ["inputs", "found 0 dimensions"]),
        (([[1], [2, 3]], [1, 2]), ["inputs: expected rows of equal length", "same number of values"]),
        (([1, 2, 3], [1, 2]), ["3 rows of inputs and 2 of targets", "its own target"]),
        (([[1, 2], [3, math.nan]], [1, 2]), ["inputs, row 2, column 2", "finite", "found nan", "leave out the row"]),
        (([1, 2], [[0, 1], [-math.inf, 0]]), ["targets, row 2, column 1", "found -inf"]),
        (([], []), ["inputs: expected at least one row", "empty", "add a row"]),
        (([[], []], [1, 2]), ["inputs", "empty"]),
        ((["2", "3"], [1, 2]), ["inputs: expected real numbers", "the text '2'", "into a float"]),
        (([None], [1]), ["values of type object, such as None"]),
        (([1j], [1]), ["inputs: expected real numbers", "complex numbers"]),
        ((np.ma.masked_equal([1, 2], 2), [1, 2]), ["inputs", "some values are masked", "leave out those rows"]),
    ],
)
def test_arrays_that_cannot_be_learned_from_are_refused_by_name_and_place(pair, parts):
    says(refusal(pair), *parts)


@pytest.mark.parametrize("error", [ValueError, TypeError, RecursionError, OverflowError])
def test_what_numpy_can_make_no_array_of_is_refused_in_a_sentence(error):
    class Unwilling:
        def __array__(self, *_, **__):
            raise error("such as numbers on a graphics card")

    says(refusal((Unwilling(), [1.0])), "inputs: expected rows of equal length")


@pytest.mark.parametrize(
    ("thing", "parts"),
    [
        (42, ["found int", "a pair (inputs, targets)"]),
        (([1], [2], [3]), ["found tuple of length 3", "one pair"]),
        (np.ones((2, 3)), ["found ndarray"]),
        (None, ["found NoneType"]),
    ],
)
def test_a_thing_that_is_no_data_is_refused_by_its_type(thing, parts):
    says(refusal(thing), *parts)


@pytest.mark.parametrize("thing", ["xor", ([1], [2])])
def test_columns_can_only_be_named_for_a_csv_file(thing):
    says(refusal(thing, target="y"), "only together with a CSV file", "load((inputs, targets))")
    says(refusal(thing, inputs=["x"]), "only together with a CSV file")
