"""Data comes in exactly as written, or a sentence says what was expected, what came and what to try."""

import csv
import hashlib
import math
import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from piggybank.engine.data import BUILT_IN_NAMES, DataError, Dataset, load
from piggybank.places import asset_path, share_path


@pytest.fixture
def table(tmp_path):
    """Writes text (or bytes) as table.csv and gives its path."""

    def write(content, name="table.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    return write


def refusal(*arguments, **options):
    """The message with which load refuses; always one line."""
    with pytest.raises(DataError) as caught:
        load(*arguments, **options)
    message = str(caught.value)
    assert message.isprintable(), message
    return message


def says(message, *parts):
    missing = [part for part in parts if part not in message]
    assert not missing, f"{missing} not in: {message}"


# --- a data set -----------------------------------------------------------------------------------------------------


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


# --- arrays that are refused ------------------------------------------------------------------------------------------


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


# --- built-in sets ----------------------------------------------------------------------------------------------------


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


# --- penguins ---------------------------------------------------------------------------------------------------------


def penguin_lines():
    with asset_path("data/penguins.csv").open(encoding="utf-8", newline="") as file:
        return dict(enumerate(csv.reader(file), start=1))


def train(inputs, targets):
    """Lesson 12 in plain Python: one logistic neuron from zero, batch 8, average, rate 1/2, 6 epochs, no shuffle.

    Returns the weights and, for each row, the total of |coin| over all epochs and the three weights, bias included.
    """
    rows, weights, totals = [[*row, 1.0] for row in inputs], [0.0, 0.0, 0.0], [0.0] * len(inputs)
    for _ in range(6):
        for first in range(0, len(rows), 8):
            banks = [0.0, 0.0, 0.0]
            for r in range(first, first + 8):
                weighted_sum = sum(x * w for x, w in zip(rows[r], weights, strict=True))
                blame = 1 / (1 + math.exp(-weighted_sum)) - targets[r]
                coins = [x * blame for x in rows[r]]
                banks = [bank + coin for bank, coin in zip(banks, coins, strict=True)]
                totals[r] += sum(map(abs, coins))
            weights = [w - bank / 8 / 2 for w, bank in zip(weights, banks, strict=True)]
    return weights, totals


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


def test_lesson_12_puts_all_24_penguins_right():
    data = load("penguins")
    weights, _ = train(data.inputs.tolist(), data.targets[:, 0].tolist())
    sums = data.inputs @ weights[:2] + weights[2]
    assert ((sums > 0) == (data.targets[:, 0] == 1)).all()


def test_lesson_12_finds_the_flipped_penguin_in_21_of_24():
    data = load("penguins")
    found = 0
    for flipped in range(24):
        targets = data.targets[:, 0].tolist()
        targets[flipped] = 1 - targets[flipped]
        _, totals = train(data.inputs.tolist(), targets)
        found += totals.index(max(totals)) == flipped
    assert found == 21


def test_the_penguin_table_is_whole_and_keeps_its_missing_values():
    lines = penguin_lines()
    assert len(lines) == 1 + 344
    assert lines[5] == ["Adelie", "Torgersen", "NA", "NA", "NA", "NA", "NA", "2007"]


def test_the_penguin_citation_names_authors_licence_and_the_bytes_it_stands_for():
    text = asset_path("data/penguins-CITATION.txt").read_text(encoding="utf-8")
    says(text, "Gorman KB, Williams TD, Fraser WR (2014)", "e90081", "Horst AM, Hill AP, Gorman KB (2020)", "CC0")
    assert hashlib.sha256(asset_path("data/penguins.csv").read_bytes()).hexdigest() in text
    says(load("penguins").source, "Gorman", "CC0")


# --- CSV files that load ----------------------------------------------------------------------------------------------


def test_a_csv_file_gives_its_columns_in_order_with_the_target_apart(table):
    data = load(table("a,cost,b\n1,5,2\n3,6,4\n"), target="cost")
    assert data.inputs.tolist() == [[1.0, 2.0], [3.0, 4.0]]
    assert data.targets.tolist() == [[5.0], [6.0]]
    assert (data.input_names, data.target_names, data.row_names) == (("a", "b"), ("cost",), ("row 1", "row 2"))
    assert (data.name, data.source) == ("table.csv", "table.csv")
    assert data.inputs.flags.c_contiguous


def test_text_that_ends_in_csv_is_a_path_in_any_case(table):
    assert len(load(str(table("a,b\n1,2\n", "T.CSV")), target="b")) == 1


def test_inputs_and_targets_can_be_chosen_in_any_order(table):
    data = load(table("a,b,c,d\n1,2,3,word\n"), target=["c", "a"], inputs="b")
    assert data.inputs.tolist() == [[2.0]]
    assert data.targets.tolist() == [[3.0, 1.0]]
    assert data.target_names == ("c", "a")


def test_every_number_is_the_float64_nearest_to_what_is_written(table):
    texts = ["0.1", "39.1", "-0.0", "1e-320", "179769313486231570e291", "0.30000000000000004", "9007199254740993"]
    data = load(table("x,y\n" + "".join(f"{text},0\n" for text in texts)), target="y")
    assert [float(x).hex() for x in data.inputs[:, 0]] == [float(text).hex() for text in texts]


@pytest.mark.parametrize(
    "content",
    [
        "x;y\n1.5;2\n",
        "x\ty\n1.5\t2\n",
        "\ufeffx,y\r\n1.5,2\r\n",
        "x,y\r1.5,2\r",
        '"x", "y"\n"1.5", 2',
        "\n\nx,y\n\n1.5,2\n   \n\n",
    ],
    ids=["semicolon", "tab", "byte order mark and CRLF", "CR only", "quotes and spaces", "empty lines"],
)
def test_the_dialects_that_spreadsheets_write_all_read_alike(table, content):
    data = load(table(content), target="y")
    assert (data.input_names, data.inputs.tolist(), data.targets.tolist()) == (("x",), [[1.5]], [[2.0]])


def test_a_delimiter_inside_a_column_name_is_not_taken_for_the_tables_own(table):
    assert load(table("long, mm;wide, mm;y\n1;2;3\n"), target="y").input_names == ("long, mm", "wide, mm")


def test_the_header_and_the_first_row_alone_say_what_the_delimiter_is(table):
    ragged = "a;b,c;y\n1;2;3\n1,2\n"  # the comma would split header and second row alike
    says(refusal(table(ragged), target="y"), "line 3: expected 3 cells as in the header, but found 1")


def test_a_column_without_a_name_is_called_after_its_place(table):
    assert load(table(",y\n1,2\n"), target="y").input_names == ("column 1",)


def test_two_words_become_0_and_1_by_first_appearance_and_stay_in_the_names(table):
    data = load(table("size,kind\n1,pear\n2,apple\n3,pear\n"), target="kind")
    assert data.targets[:, 0].tolist() == [0.0, 1.0, 0.0]
    assert data.target_names == ("kind: pear 0, apple 1",)
    assert data.row_names == ("pear 2", "apple 3", "pear 4")


def test_na_is_a_word_among_words(table):
    data = load(table("country,kind\nNA,null\nDE,pear\nNA,pear\nDE,null\n"), target="kind")
    assert data.input_names == ("country: NA 0, DE 1",)
    assert data.target_names == ("kind: null 0, pear 1",)
    assert data.inputs.tolist() == [[0.0], [1.0], [0.0], [1.0]]


def test_long_words_still_leave_room_for_0_1_and_the_line(table):
    data = load(table(f"x,{'kind' * 9}\n1,{'a' * 60}\n2,{'b' * 60}\n"), target="kind" * 9)
    assert re.fullmatch(r"\w{13}…: a{8}… 0, b{8}… 1", data.target_names[0])
    assert data.row_names[1] == "b" * 27 + "… 3"


# --- CSV files that are refused ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "options", "parts"),
    [
        ("", {}, ["table.csv: expected a header line", "the file is empty", "column names"]),
        ("\ufeff \n\n", {}, ["the file is empty"]),
        ("x,y\n", {}, ["table.csv: expected rows below the header", "there are none", "add at least one"]),
        ("x,cost\n1,2\n", {"target": "Costs"}, ["target", "no 'Costs'", "did you mean 'cost'?", "'x', 'cost'"]),
        ("x,COST\n1,2\n", {"target": "cost"}, ["no 'cost'", "did you mean 'COST'?"]),
        ("x,y\n1,2\n", {"inputs": ["xx"]}, ["inputs", "no 'xx'", "did you mean 'x'?"]),
        ("x,y\n1,2\n", {"target": None}, ["expected target=", "one of 'x', 'y'"]),
        ("x,y\n1,2\n", {"inputs": ["x", "y"]}, ["different columns", "'y' is in both", "take it out"]),
        ("x,y\n1,2\n", {"inputs": ["x", "x"]}, ["each column once in inputs", "'x' comes twice"]),
        ("y\n1\n", {}, ["at least one column for inputs"]),
        ("x,y\n1,2\n", {"target": []}, ["at least one column for target"]),
        ("x,y, x\n1,2,3\n", {}, ["line 1", "different name", "'x' names columns 1 and 3", "rename"]),
        ("x,y\n1,2\n\n1,2,3\n", {}, ["line 4", "expected 2 cells", "found 3", "add or remove"]),
        ("x,y\n1\n", {}, ["line 2", "expected 2 cells", "found 1"]),
        ("x,y\n1,2\nbig,2\n", {}, ["line 3, column 'x'", "a number", "the text 'big'", "inputs=[...]"]),
        ("x,y\n1_000,2\n", {}, ["line 2, column 'x'", "'1_000'"]),
        ("x;y\n1.5;2\n1,5;2\n", {}, ["line 3, column 'x'", "'1,5'", "decimals with a point"]),
        ("x;y\n1;2,5\n1;3,5\n", {}, ["line 2, column 'y'", "'2,5'", "decimals with a point"]),
        ("x,y\n1,2\n,2\n", {}, ["line 3, column 'x'", "an empty cell", "delete the line"]),
        ("x,y\nNA,2\n", {}, ["line 2, column 'x'", "found 'NA'", "fill in the value"]),
        ("x,y\n1,a\n2,\n3,b\n", {}, ["line 3, column 'y'", "expected a word", "an empty cell", "delete the line"]),
        ("x,y\na,1\nb,2\n ,3\n", {}, ["line 4, column 'x'", "expected a word", "an empty cell", "fill in the word"]),
        ("x,y\n1,\n2,NA\n", {}, ["line 2, column 'y'", "expected a number", "an empty cell"]),
        ("x,y\n1,NA\n2,3\n", {}, ["line 2, column 'y'", "expected a number", "found 'NA'"]),
        ("x,y\n1,2\nnan,2\n", {}, ["line 3, column 'x'", "float64's range", "'nan'"]),
        ("x,y\n1,-inf\n", {}, ["line 2, column 'y'", "'-inf'"]),
        ("x,y\n1e999,1\n", {}, ["line 2, column 'x'", "'1e999'"]),
        (
            "x,y\n1,a\n2,b\n3,c\n",
            {},
            ["column 'y'", "that come again", "3 different ones in 3 rows ('a', 'b',"],
        ),
        ("x,y\n1,a\n2,a\n", {}, ["at least two different words", "every row says 'a'"]),
        ("x,y\n1,2\n2,b\n", {}, ["line 3, column 'y'", "numbers only, or words only"]),
        ('x,y\n1,2\n"3,4\n5,6\n', {}, ["line 3", "paired quotation marks", "correct that line"]),
        ("x,y\n1,caf\xe9\n".encode("latin-1"), {}, ["table.csv", "UTF-8", "save the table"]),
    ],
)
def test_a_csv_file_that_cannot_be_learned_from_is_refused_with_file_line_and_column(table, content, options, parts):
    says(refusal(table(content), **{"target": "y", **options}), "table.csv", *parts)


def test_a_line_number_counts_lines_inside_quoted_cells_as_an_editor_does(table):
    says(refusal(table('note,x,y\n"two\nlines",1,2\n"z",big,3\n'), target="y", inputs=["x"]), "line 4, column 'x'")


def test_a_missing_file_is_named_with_its_path(tmp_path):
    says(refusal(tmp_path / "gone.csv", target="y"), "gone.csv: expected a CSV file", "there is none at", "the folder")


def test_a_folder_or_an_impossible_path_is_refused_too(tmp_path):
    says(refusal(tmp_path, target="y"), "expected a file to read", "check the path")
    says(refusal("a\0b.csv", target="y"), "expected a file to read", "check the path")


def test_a_refusal_lists_at_most_twelve_columns(table):
    header = ",".join(f"c{k}" for k in range(40))
    path = table(header + "\n" + ",".join("1" * 40) + "\n")
    for target in ("zzzzzz", None):
        message = refusal(path, target=target)
        says(message, "'c11', …")
        assert "'c12'" not in message


def data_or_refusal(path):
    """The data set in the file, or the one-line message of its refusal; any other exception is a failed test."""
    try:
        return load(path, target="y")
    except DataError as problem:
        return str(problem)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_hostile_text_is_a_data_set_or_a_one_line_refusal(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "hostile.csv"
    path.write_bytes(("x,y\n1,2\n" + text).encode())
    result = data_or_refusal(path)
    assert isinstance(result, Dataset) or result.isprintable()


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters='",;\t\r\n\0'), min_size=1))
def test_hostile_words_in_header_and_cells_become_names_that_fit_the_screen(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "words.csv"
    path.write_bytes(f"x{text},y\n1,a{text}\n2,b{text}\n".encode())
    data = data_or_refusal(path)
    assert isinstance(data, Dataset), data
    for name in data.input_names + data.target_names + data.row_names:
        assert 1 <= len(name) <= 40
        assert name.isprintable()


@pytest.mark.parametrize("line", [1, 2, 3])
def test_a_cell_longer_than_any_is_told_with_its_line(line: int, tmp_path: Path) -> None:
    lines = ["x,y", "1,2", "3,4"]
    lines[line - 1] = "1" * 200_000 + ",2"
    path = tmp_path / "long.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(
        DataError, match=rf"long.csv, line {line}: expected cells and paired quotation marks, but found: "
    ):
        load(path, target="y")


def test_a_file_of_piggybank_that_is_missing_is_told_with_what_to_do() -> None:
    with pytest.raises(FileNotFoundError, match=r"own file assets/data/gone.csv is missing; install the package again"):
        share_path("assets", "data/gone.csv")
