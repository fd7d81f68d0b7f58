"""Files that mean harm: bombs, odd JSON, lies with right hashes, hostile names. Refused in a sentence, or harmless."""

from __future__ import annotations

import copy
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from files import chained, forged, objects, outcome, saved, small, tiny
from test_large import large

from piggybank import LedgerError, open_ledger

Figure = Callable[[str, object], None]
ROOT = Path(__file__).resolve().parents[2]
MEBIBYTES, SECONDS = 256, 2.0

MEASURED = """
import re, sys, time
from pathlib import Path
from piggybank.ledger.reading import open_ledger
from piggybank.ledger.records import LedgerError
began = time.process_time()
try:
    said = open_ledger(sys.argv[1], verify=True).problem
except LedgerError as problem:
    said = str(problem)
peak = int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
print(time.process_time() - began, peak, said)
"""


def with_header(change: Callable[[str], str], folder: Path) -> bytes:
    """The tiny file whose first line's text was changed, with right hashes."""
    records = objects(saved(tiny(), folder))
    texts = [json.dumps(record, separators=(",", ":")) for record in records]
    return chained([change(texts[0]), *texts[1:]])


def bombs(folder: Path) -> dict[str, Callable[[Path], None]]:
    whole = saved(tiny(), folder, "whole.piggy").read_bytes()
    names = [f"n{place}" for place in range(31_623)]

    def long_line(path: Path, start: bytes) -> None:
        path.write_bytes(start)
        os.truncate(path, 1 << 30)  # zeros that take no room on the disk

    def claims(text: str) -> str:
        header = json.loads(text)
        header["layers"][0] |= {"sources": names, "neurons": names}
        header["initial"] = [{"shape": [31_623, 31_623], "f64": ""}]
        return json.dumps(header, separators=(",", ":"))

    def written(change: Callable[[str], str]) -> Callable[[Path], None]:
        def write(path: Path) -> None:
            path.write_bytes(with_header(change, folder))

        return write

    return {
        "1 GiB in the first line": lambda path: long_line(path, whole[:200]),
        "1 GiB in a batch": lambda path: long_line(path, whole[: whole.index(b"\n") + 20]),
        "10^6 brackets": written(lambda text: text.replace("[[2.0]]", "[" * 10**6 + "]" * 10**6)),
        "10^8 digits": written(lambda text: text.replace('"batch_size":1', '"batch_size":' + "1" * 10**8)),
        "4×10^7 digits": written(lambda text: text.replace('"batch_size":1', '"batch_size":' + "1" * (4 * 10**7))),
        "10^9 weights": written(claims),
    }


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="measures memory as Linux tells it")
def test_bombs_are_refused_in_little_time_and_memory(tmp_path: Path, figure: Figure) -> None:
    (tmp_path / "made").mkdir()
    worst = [0.0, 0.0]
    for number, (name, make) in enumerate(bombs(tmp_path / "made").items()):
        path = tmp_path / f"{number}.piggy"
        for old in (tmp_path / "made").iterdir():
            old.unlink()
        make(path)
        done = subprocess.run(
            [sys.executable, "-c", MEASURED, str(path)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        )
        path.unlink()
        seconds, peak, said = done.stdout.split(" ", 2)
        assert f"{number}.piggy" in said, name
        worst = [max(worst[0], float(seconds)), max(worst[1], float(peak))]
        assert (float(seconds) < SECONDS, float(peak) < MEBIBYTES) == (True, True), (name, seconds, peak)
    figure("T24 bombs refused: slowest s of processor, most MiB", f"{worst[0]:.2f}, {worst[1]:.0f}")


# Odd JSON -------------------------------------------------------------------------------------------------------------


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


def test_numbers_may_stand_in_base64_where_they_could_be_spelled(tmp_path: Path) -> None:
    records, path = objects(saved(tiny(), tmp_path)), tmp_path / "odd.piggy"
    records[0]["data"]["inputs"] = coded(FLOAT)
    path.write_bytes(forged(records))
    assert open_ledger(path).header.inputs.tolist() == [[1.0]]


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("0." + "1" * 39, "a number has 41 digits"),
        ("1" * 41, "a number has 41 digits"),
        ("[" + "{}," * 100_000 + "{}]", "there is far more in it than a run can have"),
        ("[" + "0," * 5_000_000 + "0]", "there is far more in it than a run can have"),
    ],
    ids=["a long float", "a long int", "many objects", "many numbers"],
)
def test_more_than_a_run_can_have_is_refused(value: str, says: str, tmp_path: Path) -> None:
    path, rate = tmp_path / "odd.piggy", '"learning_rate":'
    path.write_bytes(with_header(lambda text: text.replace(f"{rate}0.125", rate + value), tmp_path))
    assert outcome(path) == (-1, f"odd.piggy, line 1: {says}")


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


# Lies with right hashes -----------------------------------------------------------------------------------------------


def places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every part of a JSON value."""
    yield above
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        yield from places(part, (*above, name))


ODD = [
    None, True, 0, -1, 10**30, 2**53, 0.5, -0.0, 1e308, "inf", "-inf", "nan", "", "z", "bias", "\x1b[31m", "a" * 600,
    [], [[]], {}, {"sha256": "0" * 64}, {"shape": [1, 1], "f64": "AAAAAAAA8D8="}, [1.0], [[1.0, 2.0]],
]  # fmt: skip


def twisted(records: list[Any], numbers: random.Random) -> list[Any]:
    """One part of one record replaced, left out, doubled or moved."""
    found = copy.deepcopy(records)
    record = numbers.randrange(len(found))
    way = numbers.choice(list(places(found[record]))[1:])
    holder = found[record]
    for step in way[:-1]:
        holder = holder[step]
    kind, last = numbers.random(), way[-1]
    if kind < 0.7:
        holder[last] = copy.deepcopy(numbers.choice(ODD))
    elif kind < 0.8:
        del holder[last]
    elif isinstance(holder, list):
        holder.insert(numbers.randrange(len(holder) + 1), copy.deepcopy(holder[last]))
    else:
        holder["more"] = holder.pop(last)
    return found


def looked_at(path: Path) -> str:
    """What becomes of opening a file and looking at all of it: how it was refused, or that it was not."""
    try:
        ledger = open_ledger(path)
    except LedgerError:
        return "refused"
    for batch in range(len(ledger) + 1):
        ledger.weights_at(batch)
    if len(ledger):
        for weight in (ledger.header.weights[0], ledger.header.weights[-1]):
            ledger.receipt(weight.name, batch=len(ledger))
            ledger.receipt(weight.name, batch=1, sample=1)
        ledger.batch_loss(1)
    return "shown in part" if ledger.problem else "opened"


def test_twisted_records_with_right_hashes_never_surprise(tmp_path: Path, figure: Figure) -> None:
    records, path = objects(saved(small(), tmp_path)), tmp_path / "twisted.piggy"
    seen: dict[str, int] = {}
    for seed in range(1000):
        path.write_bytes(forged(twisted(records, random.Random(seed))))
        what = looked_at(path)
        seen[what] = seen.get(what, 0) + 1
    figure("T23 twisted files: " + ", ".join(sorted(seen)), ", ".join(str(seen[what]) for what in sorted(seen)))
    assert set(seen) == {"refused", "shown in part", "opened"}


NAMES = [
    "=HYPERLINK(1)", "<script>alert(1)</script>", "a->b", "->", "\u202egnirts", "\x00", "\n", "\x1b[2J", "\ud800",
    "a" * 501, "a" * 500, "Ж" * 40, "🐷" * 30, "'\"`$(rm)", "../../etc/passwd", "%s%n", "{blame}", "bias",
]  # fmt: skip
TEXTS = (
    ("data", "name"), ("data", "source"), ("data", "input_names", 0), ("data", "target_names", 0),
    ("data", "row_names", 0), ("layers", 0, "activation"), ("layers", 0, "neurons", 0), ("loss", "name"),
    ("rule", "name"), ("fault",), ("reduce",),
)  # fmt: skip


@pytest.mark.parametrize("way", TEXTS, ids=lambda way: ".".join(map(str, way)))
def test_hostile_names_are_refused_or_drawn(way: tuple[Any, ...], tmp_path: Path, figure: Figure) -> None:
    from piggybank.app.course import load_lesson
    from piggybank.app.player import start
    from piggybank.app.screen import screen
    from piggybank.app.state import replace
    from piggybank.stage.timeline import Cursor

    records, path = objects(saved(small(), tmp_path)), tmp_path / "hostile.piggy"
    drawn = 0
    for name in NAMES:
        forgery = copy.deepcopy(records)
        holder = forgery[0]
        for step in way[:-1]:
            holder = holder[step]
        holder[way[-1]] = name
        if way[:1] == ("layers",) and way[2] == "neurons":
            forgery[0]["layers"][1]["sources"][0] = name
        path.write_bytes(forged(forgery))
        if outcome(path)[1]:
            continue
        lesson = load_lesson(path)
        state = start(lesson.run.ledger.header)
        beat = lesson.timeline.commit_beat(2)
        screen(lesson, replace(state, cursor=Cursor(beat, 1.0), inspecting=state.selected), (1280, 720))
        drawn += 1
    assert bool(drawn) == (way not in (("reduce",), ("layers", 0, "neurons", 0)))
    field = ".".join(map(str, way))
    figure(f"T25 hostile texts as {field}: refused in a sentence, drawn", f"{len(NAMES) - drawn}, {drawn}")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_a_pipe_with_a_name_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "run.piggy")
    with pytest.raises(LedgerError, match=r"'run\.piggy' is a pipe; save what comes out of it as a file first"):
        open_ledger(tmp_path / "run.piggy")


# Nothing runs ---------------------------------------------------------------------------------------------------------

WATCHED = """
import sys
from pathlib import Path
from piggybank.ledger.reading import open_ledger
seen, mine = [], sys.argv[1]
def watch(event, arguments):
    if event.split(".")[0] in ("exec", "import", "subprocess", "socket", "os", "ctypes", "shutil", "tempfile"):
        seen.append(event)
    if event == "open" and str(arguments[0]) != mine:
        seen.append(f"open {arguments[0]}")
    if event == "open" and any(mark in str(arguments[1]) for mark in "wax+"):
        seen.append(f"open to write {arguments[0]}")
sys.addaudithook(watch)
ledger = open_ledger(mine, verify=True)
for batch in range(1, len(ledger) + 1):
    ledger.batch(batch), ledger.seal_at(batch)
print(len(ledger), seen)
"""


def test_opening_a_file_runs_nothing_writes_nothing_and_reads_nothing_else(tmp_path: Path, figure: Figure) -> None:
    path = saved(small(), tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, str(path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    figure("T26 exec, import, process, socket, other files while opening", done.stdout.split(" ", 1)[1].strip())
    assert done.stdout.strip() == "6 []"
