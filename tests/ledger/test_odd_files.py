"""Files that are not as a run is written: odd JSON, odd arrays, odd names of files. Each is refused in a sentence."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from files import forged, objects, outcome, saved, small, tiny, with_header
from odd_runs import large

from piggybank import Dense, LedgerError, Network, Run, open_ledger


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"skip":0', '"skip":0,"skip":0', "a key stands there twice"),
        ('"learning_rate":0.125', '"learning_rate":NaN', "in quotation marks, found 'NaN'"),
        ('"learning_rate":0.125', '"learning_rate":Infinity', "in quotation marks, found 'Infinity'"),
        ('"learning_rate":0.125', '"learning_rate":1', "expected learning_rate as a number such as 0.5, found 1"),
        ('"learning_rate":0.125', '"learning_rate":true', "expected learning_rate as a number such as 0.5, found True"),
        ('"batch_size":1', '"batch_size":1.0', "expected batch_size as a whole number"),
        ('"batch_size":1', '"batch_size":-1', "expected batch_size as a whole number from 1 to 1, found -1"),
        ('"batch_size":1', '"batch_size":true', "expected batch_size as a whole number"),
        ('"reduce":"average"', '"reduce":"most"', "expected reduce as 'average' or 'total', found 'most'"),
        ('"skip":0,', "", "'skip' is missing"),
        ('"parent":null', '"parent":{"seal":"a3f9-c27b-1e44","batch":2}', "'without' is missing"),
        (
            '"parent":null',
            '"parent":{"seal":"a3f9-c27b-1e44","batch":2,"without":["row 1"],"empty":[],"commits":2,"epochs":0}',
            "a row stands among those that the run has and among those that it does without",
        ),
        *[
            (
                '"parent":null',
                f'"parent":{{"seal":"a3f9-c27b-1e44","batch":2,"without":["a"],"empty":{empty},"commits":2,"epochs":0}}',
                says,
            )
            for empty, says in (
                ("[0]", "leave a batch without a sample, or stand behind the last row"),
                ("[1]", "leave a batch without a sample, or stand behind the last row"),
                ("[1000000000]", "leave a batch without a sample, or stand behind the last row"),
                ("[-1]", "expected an empty place as a whole number"),
                ("1", "expected the empty places as a list"),
            )
        ],
        ('"skip":0', '"skip":0,"extra":1', "'extra' is unknown"),
        ('"format":"piggybank","version":1', '"format":"piggybank","version":01', "it is not JSON"),
        ('"value":"z"', '"value":"__import__(1)"', "a formula is made of"),
        ('"value":"z"', '"value":"q"', "an activation uses 'q', which nothing gives it"),
        ('"slope":"1"', '"slope":"' + "-" * 1500 + '1"', "is more than 100 operations deep"),
        ('"slope":"1"', '"slope":"' + "(" * 1500 + '1"', "check its brackets"),
        ('"slope":"1"', '"slope":"' + "1+" * 2000 + '1"', "is 4,001 characters long, expected at most 2,000"),
        ('"after = before + adjustment"', '"after == before"', "expected a formula such as"),
        ('"after = before + adjustment"', '"afterwards = before"', "the recipe never says what 'after' becomes"),
        ('"neurons":["y"]', '"neurons":["x1"]', "expected a name of its own for every neuron"),
        ('"neurons":["y"]', '"neurons":["a->b"]', "expected names such as x1 and h2.3 in neurons, found 'a->b'"),
        ('"neurons":["y"]', '"neurons":["bias"]', "expected names such as x1 and h2.3 in neurons, found 'bias'"),
        ('"after = before + adjustment"', '"after"', "expected a line such as 'average = total / count' in the recipe"),
        ('"neurons":["y"]', '"neurons":[]', "a layer has no sources or no neurons"),
        ('"inputs":[[2.0]]', '"inputs":[[2.0,1.0]]', "expected inputs to hold 1, found 2"),
        ('"inputs":[[2.0]]', '"inputs":[["2.0"]]', "expected inputs as a number such as 0.5, found '2.0'"),
    ],
)
def test_a_first_line_that_is_not_as_it_is_written_is_refused(old: str, new: str, says: str, tmp_path: Path) -> None:
    made = with_header(lambda text: text.replace(old, new, 1), tmp_path)
    assert made != saved(tiny(), tmp_path, "same.piggy").read_bytes()
    path = tmp_path / "odd.piggy"
    path.write_bytes(made)
    batches, problem = outcome(path)
    assert batches == -1
    assert says in problem
    assert problem.startswith("odd.piggy, line 1: ")
    assert "\n" not in problem


FLOAT = "AAAAAAAA8D8="
"""1.0 in base64."""


def coded(value: Any, shape: tuple[int, ...] = (1, 1)) -> dict[str, Any]:
    return {"shape": list(shape), "f64": value}


MOVES = ["adjustment = -total", "after = before + adjustment"]


@pytest.mark.parametrize(
    ("way", "value", "says"),
    [
        (("layers",), [], "expected 1 to 1,000 layers, found 0"),
        (("data",), {"row_names": [], "inputs": [], "targets": []}, "expected at least one data row, found none"),
        (("data",), {"scaling": ["a", "b"]}, "expected as many texts in scaling as there are inputs"),
        (("initial_memory",), {"jar": [[[1.0]]]}, "the rule keeps nothing called 'jar'"),
        (("rule",), {"memory": ["jar", "jar"]}, "a name stands twice in memory"),
        (("rule",), {"constants": {"_rate": 0.5}}, "expected a name in constants, found '_rate'"),
        (("rule",), {"recipe": ["a = 1"] * 201}, "expected at most 200 lines in the recipe, found 201"),
        (
            ("rule",),
            {"house": {"foo": "Something"}},
            "the house has words for 'foo', which no line of the recipe defines",
        ),
        (("rule",), {"constants": {"count": 3.0}}, "there are two meanings for 'count' in the rule"),
        (("rule",), {"constants": {"exp": 3.0}}, "expected a name in constants, found 'exp'"),
        (("rule",), {"memory": ["learning_rate"]}, "there are two meanings for 'learning_rate' in the rule"),
        (("rule",), {"memory": ["after"]}, "the rule keeps 'after', which is the weight itself"),
        (("rule",), {"schedule": ["commit = 2"]}, "there are two meanings for 'commit' in the schedule"),
        (("rule",), {"recipe": [*MOVES, "adjustment = 1"]}, "there are two meanings for 'adjustment' in the recipe"),
        (("rule",), {"recipe": ["total = 1", *MOVES]}, "there are two meanings for 'total' in the recipe"),
        (
            ("rule",),
            {"recipe": ["adjustment = -total", "after = sum(before)"]},
            "the recipe makes 'after' one number for all weights, but each has its own",
        ),
        (
            ("rule",),
            {"recipe": ["jar = total", *MOVES], "shared_memory": ["jar"]},
            "the rule keeps one 'jar' for all weights, but its line gives each its own",
        ),
        (("data",), {"inputs": coded(5)}, "expected inputs as base64 of 1 numbers, found something else"),
        (("data",), {"inputs": coded("AAAAAAAA8D8")}, "expected inputs as base64"),
        (("data",), {"inputs": coded("AAAAAAAA8***")}, "expected inputs as base64"),
        (("data",), {"inputs": coded("AAAAAAAA8D8A")}, "expected inputs as base64"),
        (("data",), {"inputs": coded("AAAAAAAA8D9=")}, "expected inputs as base64"),
        (("data",), {"inputs": coded(FLOAT, (1, 2))}, "expected inputs in the shape [1, 1], found a list of 2"),
    ],
)
def test_a_part_of_a_first_line_that_cannot_be_is_refused(
    way: tuple[str, ...], value: Any, says: str, tmp_path: Path
) -> None:
    records, path = objects(saved(tiny(), tmp_path)), tmp_path / "odd.piggy"
    if isinstance(value, dict) and way != ("initial_memory",):
        records[0][way[0]] |= value
    else:
        records[0][way[0]] = value
    path.write_bytes(forged(records))
    batches, problem = outcome(path)
    assert batches == -1
    assert problem.startswith("odd.piggy, line 1: ")
    assert says in problem


@pytest.mark.parametrize(
    ("layer", "shared", "says"),
    [
        (0, "whole = sum(z)", "layer 1 has shared lines, and only the neurons of the last layer share something"),
        (1, "half = z / 2", "expected shared lines such as 'whole = sum(exp(z))', found 'half = z / 2'"),
        (1, "z = sum(z)", "there are two meanings for 'z' in the shared lines of layer 2"),
    ],
)
def test_neurons_that_share_what_they_cannot_are_refused(layer: int, shared: str, says: str, tmp_path: Path) -> None:
    records, path = objects(saved(small(), tmp_path)), tmp_path / "odd.piggy"
    records[0]["layers"][layer]["shared"] = [shared]
    path.write_bytes(forged(records))
    assert outcome(path) == (-1, f"odd.piggy, line 1: {says}")


def test_a_fork_whose_rows_have_no_names_is_refused(tmp_path: Path) -> None:
    records, path = objects(saved(small(), tmp_path)), tmp_path / "odd.piggy"
    records[0]["parent"] = {
        "seal": "a3f9-c27b-1e44", "batch": 2, "without": [], "empty": [], "commits": 2, "epochs": 0
    }  # fmt: skip
    records[0]["data"]["row_names"][1] = {}
    path.write_bytes(forged(records))
    assert outcome(path) == (-1, "odd.piggy, line 1: expected row names as text, found an object of 0")


def test_numbers_may_stand_in_base64_where_they_could_be_spelled(tmp_path: Path) -> None:
    records, path = objects(saved(tiny(), tmp_path)), tmp_path / "odd.piggy"
    records[0]["data"]["inputs"] = coded(FLOAT)
    path.write_bytes(forged(records))
    assert open_ledger(path).header.inputs.tolist() == [[1.0]]


@pytest.mark.parametrize("found", ["0" * 63, "G" * 64, 5])
def test_a_digest_that_is_none_is_told(found: Any, tmp_path: Path) -> None:
    records, path = objects(saved(large(), tmp_path)), tmp_path / "odd.piggy"
    records[2]["weights"] = {"sha256": found}
    path.write_bytes(forged(records))
    batches, problem = outcome(path)
    assert batches == 1
    assert problem.startswith("odd.piggy, line 3: expected weights as 64 hexadecimal digits, found ")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("missing.piggy", "there is no file '.*'; check the name and the folder"),
        (".", "is a folder; give a file such as run.piggy"),
        ("a\0b", "cannot be opened: embedded null byte"),
        ("a" * 300, "cannot be opened: File name too long"),
    ],
)
def test_a_name_that_leads_to_no_file_is_refused_in_a_sentence(name: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match=says) as caught:
        open_ledger(tmp_path / name)
    assert "\n" not in str(caught.value)


def test_a_file_of_a_newer_format_is_refused_with_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "new.piggy"
    path.write_bytes(b'{"format":"piggybank","version":2,"wholly":"different"}\n')
    assert outcome(path)[1] == (
        "new.piggy, line 1: the file is of format 2, and this piggybank reads up to 1; install a newer piggybank"
    )


@pytest.mark.parametrize("content", [b"", b"hello", b"{}", b"\x1f\x8b\x08", b'{"format":"pigsty","version":1}\n'])
def test_what_is_no_saved_run_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.piggy"
    path.write_bytes(content)
    assert "'x.piggy' is not a piggybank file" in outcome(path)[1]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_a_pipe_with_a_name_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "run.piggy")
    with pytest.raises(LedgerError, match=r"'run\.piggy' is a pipe; save what comes out of it as a file first"):
        open_ledger(tmp_path / "run.piggy")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"accumulate": 2}, "expected a batch of whole micro-batches"),
        ({"classes": ["a"]}, "expected as many classes as there are outputs"),
    ],
)
def test_a_first_line_whose_parts_do_not_fit_together_is_refused(
    changed: dict[str, Any], says: str, tmp_path: Path
) -> None:
    run = Run(Network(Dense(2, 2)), ([[1.0, 2.0]] * 3, [[1.0, 0.5]] * 3), batch_size=3)
    header = objects(saved(run.ledger, tmp_path))[0]
    for part in (header, header["data"]):
        part.update({name: value for name, value in changed.items() if name in part})
    path = tmp_path / "odd.piggy"
    path.write_bytes(forged([header]))
    assert outcome(path) == (-1, f"odd.piggy, line 1: {says}")


@pytest.mark.parametrize("path", [None, 3, b"run.piggy"])
def test_what_is_no_path_is_refused_in_one_sentence(path: Any) -> None:
    with pytest.raises(LedgerError, match="open_ledger expects the path of a saved run, got "):
        open_ledger(path)
