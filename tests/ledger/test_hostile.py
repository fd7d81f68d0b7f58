"""Files that mean harm: lies with right hashes and hostile names are refused or harmless, and opening runs nothing."""

from __future__ import annotations

import copy
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from files import ROOT, forged, objects, outcome, saved, small

from piggybank import LedgerError, open_ledger
from piggybank.app.course import load_lesson
from piggybank.app.player import start
from piggybank.app.screen import screen
from piggybank.ledger.lines import Ref
from piggybank.stage.timeline import Cursor

Figure = Callable[[str, object], None]


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


@pytest.mark.parametrize("name", ["tanh", "a | b", "slope", "1 value"])
def test_a_number_in_an_activation_is_shown_in_its_own_layers_formula(name: str, tmp_path: Path) -> None:
    records, path = objects(saved(small(), tmp_path)), tmp_path / "layers.piggy"
    records[0]["layers"][0] |= {"activation": name, "slope": "1 - a * a"}
    records[0]["layers"][1] |= {"activation": name, "value": "z * 1"}
    path.write_bytes(forged(records))
    ledger = open_ledger(path)
    inside = [line.origin for line in ledger.receipt("y", batch=1, sample=1).lines if line.label == "The number 1"]
    slope = [line.origin for line in ledger.receipt("h1", batch=1, sample=1).lines if line.label == "The number 1"]
    opened = [ledger.open(Ref.from_code(origin.code)) for origin in (*inside, *slope) if origin]
    assert [receipt.lines[0].formula for receipt in opened] == ["z * 1", "1 - a * a"]
    assert [receipt.title for receipt in opened] == [
        f"The 1 in the formula of {name}",
        f"The 1 in the formula of {name}'s slope",
    ]


@pytest.mark.parametrize(("slope", "value"), [("-1", -1.0), ("2.5", 2.5), ("1 + 1", 2.0), ("a", None)])
def test_a_slope_is_what_its_formula_says(slope: str, value: float | None, tmp_path: Path) -> None:
    records, path = objects(saved(small(), tmp_path)), tmp_path / "slope.piggy"
    records[0]["layers"][1]["slope"] = slope
    path.write_bytes(forged(records))
    ledger = open_ledger(path)
    stated = next(line for line in ledger.open(Ref("blame", "y", 1, 1)).lines if line.label == "Slope of linear")
    assert stated.ref is not None
    receipt = ledger.open(stated.ref)
    ends = {line.origin.kind for line in receipt.lines if line.origin}
    if value is None:
        value = ledger.open(Ref("predict", "y", 1, 1)).value
    assert (stated.value, receipt.value, ends) == (value, value, {"predict" if slope == "a" else "constant"})


# Nothing runs ---------------------------------------------------------------------------------------------------------

WATCHED = """
import os, sys
from pathlib import Path
from piggybank.ledger.reading import open_ledger
seen, mine = [], sys.argv[1]
itself = os.stat(mine)
def is_mine(file):  # by its name, or as what is open already
    return os.path.samestat(os.fstat(file), itself) if type(file) is int else str(file) == mine
def watch(event, arguments):
    if event.split(".")[0] in ("exec", "import", "subprocess", "socket", "os", "ctypes", "shutil", "tempfile"):
        seen.append(event)
    if event == "open" and not is_mine(arguments[0]):
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
