"""CSV files that cannot be learned from are refused with file, line and column."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loading import refusal, says

from piggybank.engine.data import DataError, Dataset, load


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
        ("y\n1\n", {}, ["at least one column for inputs", "the file needs another"]),
        ("x,y\n1,2\n", {"target": []}, ["at least one column for target"]),
        ("x,y, x\n1,2,3\n", {}, ["line 1", "different name", "'x' names columns 1 and 3", "rename"]),
        ("x,y\n1,2\n\n1,2,3\n", {}, ["line 4", "expected 2 cells", "found 3", "add or remove"]),
        ("x,y\n1\n", {}, ["line 2", "expected 2 cells", "found 1"]),
        ("x,y\n1,2\nbig,2\n", {}, ["line 3, column 'x'", "a number", "the text 'big'", "inputs=[...]"]),
        ("x,y\n1_000,2\n", {}, ["line 2, column 'x'", "'1_000'"]),
        ("x;y\n1.5;2\n1,5;2\n", {}, ["line 3, column 'x'", "'1,5'", "decimals with a point"]),
        ("x;y\n1;2,5\n1;3,5\n", {}, ["line 2, column 'y'", "'2,5'", "decimals with a point"]),
        ("x;y\n1;1,200\n2;2,400\n", {}, ["line 2, column 'y'", "'1,200'", "thousands without a mark: 1200.5"]),
        ("x;y\n1;3\n2;1.200,50\n", {}, ["line 3, column 'y'", "'1.200,50'", "thousands without a mark"]),
        ("1,2\n3,4\n", {}, ["no 'y'", "the first line holds numbers (1, 2)", "the columns' names above it"]),
        ("x,y\n1,2\n,2\n", {}, ["line 3, column 'x'", "an empty cell", "delete the line"]),
        ("x,y\nNA,2\n", {}, ["line 2, column 'x'", "found 'NA'", "fill in the value"]),
        ("x,y\n1,a\n2,\n3,b\n", {}, ["line 3, column 'y'", "expected a word", "an empty cell", "delete the line"]),
        ("x,y\na,1\nb,2\n ,3\n", {}, ["line 4, column 'x'", "expected a word", "an empty cell", "fill in the word"]),
        ("x,w,y\n1,,0\n3,4,1\n,5,1\n", {}, ["line 2, column 'w'", "an empty cell"]),
        ("x,w,y\n1,a,\n3,,1\n,b,1\n", {}, ["line 2, column 'y'", "an empty cell"]),
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


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes and devices here")
def test_a_pipe_or_a_device_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "zero.csv").symlink_to("/dev/zero")
    for name in ("pipe.csv", "zero.csv"):
        says(refusal(tmp_path / name, target="y"), f"{name}: expected a file, but found a pipe or a device")


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
