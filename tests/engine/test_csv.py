"""CSV files: their numbers come in exactly as written, whatever program wrote them."""

import re

import pytest
from loading import refusal, says

from piggybank.engine.data import load


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
