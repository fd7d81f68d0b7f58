"""Names that mean harm, or that are written as references are: refused in a sentence, or shown and nothing else."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from files import forged, forked, objects, outcome, saved, small
from hovering import looked_at, pointed_at

from piggybank import open_ledger
from piggybank.app.course import load_lesson
from piggybank.app.player import start
from piggybank.app.screen import screen
from piggybank.ledger.lines import Ref
from piggybank.stage.timeline import Cursor

Figure = Callable[[str, object], None]

NAMES = [
    "=HYPERLINK(1)", "<script>alert(1)</script>", "a->b", "->", "\u202egnirts", "\x00", "\n", "\x1b[2J", "\ud800",
    "a" * 501, "a" * 500, "Ж" * 40, "🐷" * 30, "'\"`$(rm)", "../../etc/passwd", "%s%n", "{blame}", "bias",
    "a | b", "|0|1", "negated", "x negated", "loss value", "",
]  # fmt: skip
TEXTS = (
    ("data", "name"), ("data", "source"), ("data", "input_names", 0), ("data", "target_names", 0),
    ("data", "scaling", 0), ("data", "row_names", 0), ("layers", 0, "activation"), ("layers", 0, "neurons", 0),
    ("loss", "name"), ("rule", "name"), ("rule", "house", "house"), ("fault",), ("reduce",), ("parent", "seal"),
)  # fmt: skip


def named_so(records: list[Any], way: tuple[Any, ...], name: str) -> None:
    """A text of the header exchanged."""
    holder = records[0]
    for step in way[:-1]:
        holder = holder[step]
    holder[way[-1]] = name


@pytest.mark.parametrize("way", TEXTS, ids=lambda way: ".".join(map(str, way)))
def test_hostile_names_are_refused_or_drawn(way: tuple[Any, ...], tmp_path: Path, figure: Figure) -> None:
    records, path = objects(saved(forked(), tmp_path)), tmp_path / "hostile.piggy"
    records[0]["data"]["scaling"] = ["", ""]
    drawn = 0
    for name in NAMES:
        forgery = copy.deepcopy(records)
        named_so(forgery, way, name)
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
    assert bool(drawn) == (way != ("reduce",))
    field = ".".join(map(str, way))
    figure(f"T25 hostile texts as {field}: refused in a sentence, drawn", f"{len(NAMES) - drawn}, {drawn}")


@pytest.mark.parametrize("name", NAMES, ids=map(ascii, NAMES))
def test_a_run_in_which_all_is_called_so_can_be_looked_at_whole(name: str, tmp_path: Path, figure: Figure) -> None:
    records, path = objects(saved(forked(), tmp_path)), tmp_path / "hostile.piggy"
    records[0]["data"]["scaling"] = ["", ""]
    for way in TEXTS:
        if way[-1] != "reduce" and "neurons" not in way:
            named_so(records, way, name)
    path.write_bytes(forged(records))
    if outcome(path)[1]:
        assert outcome(path)[0] == -1
        return
    ledger = open_ledger(path)
    figure(
        f"T25 all is called {ascii(name)[:20]}: receipts, places pointed at",
        f"{len(looked_at(ledger))}, {pointed_at(ledger)}",
    )


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
