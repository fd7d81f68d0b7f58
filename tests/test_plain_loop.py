"""The recorded run equals a plain-Python loop bit for bit: nothing depends on numpy, on a CPU or on a library."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import plain
import plain_functions
import pytest
from nets import EPOCHS, RUNS, bits, plain_run, trained

from piggybank.ledger import bank
from piggybank.ledger.commit_receipts import commit_values
from piggybank.ledger.lines import Ref

Figure = Callable[[str, object], None]


class Comparison:
    """Counts the numbers that were compared and remembers where bits differ."""

    def __init__(self) -> None:
        self.compared = 0
        self.different: list[str] = []

    def __call__(self, where: str, ours: Any, plains: Any) -> None:
        left, right = bits(ours), bits(plains)
        assert len(left) == len(right), where
        self.compared += len(left)
        self.different += [where] * sum(a != b for a, b in zip(left, right, strict=True))


def compare_run(name: str) -> Comparison:
    ledger, records, same = trained(name).ledger, plain_run(name), Comparison()
    header, layers = ledger.header, range(len(ledger.header.layers))
    assert len(ledger) == len(records) == EPOCHS * header.batches_per_epoch
    for number, (ours, theirs) in enumerate(zip(ledger, records, strict=True), 1):
        assert list(ours.rows) == theirs.rows
        samples = range(len(theirs.rows))
        for layer in layers:
            here = f"{name}, batch {number}, layer {layer}"
            same(f"{here}: predictions", ours.outputs[layer], [theirs.outputs[s][layer] for s in samples])
            same(f"{here}: blame", ours.blame[layer], [theirs.blame[s][layer] for s in samples])
            same(f"{here}: totals", bank.totals(header, ours, layer), theirs.running[-1][layer])
            same(f"{here}: weights before", ours.weights_before[layer], theirs.before[layer])
            same(f"{here}: weights after", ours.weights_after[layer], theirs.after[layer])
            for s in samples:
                same(f"{here}: coins", bank.all_slices(header, ours, layer, s + 1), theirs.slices[s][layer])
                same(f"{here}: early totals", bank.totals(header, ours, layer, banked=s), theirs.running[s][layer])
        for weight in header.weights:
            place = weight.layer, weight.row, weight.column
            coins = [theirs.slices[s][place[0]][place[1]][place[2]] for s in samples]
            running = [banks[place[0]][place[1]][place[2]] for banks in theirs.running]
            adjustment = theirs.adjustments[place[0]][place[1]][place[2]]
            same(f"{name}, {weight.name}: slices", bank.slices(header, ours, weight), coins)
            same(f"{name}, {weight.name}: running totals", bank.running_totals(header, ours, weight), running)
            same(f"{name}: adjustment", commit_values(ledger, weight, number)["adjustment"], adjustment)
        for s in samples:
            same(f"{name}: loss", ledger.open(Ref("loss", "", number, s + 1)).value, theirs.losses[s])
        mean = 0.0
        for loss in theirs.losses:
            mean += loss
        same(f"{name}: mean loss", ledger.batch_loss(number), mean / len(theirs.losses))
    return same


@pytest.mark.parametrize("name", RUNS)
def test_every_number_of_the_run_equals_the_plain_loop(name: str, figure: Figure) -> None:
    same = compare_run(name)
    figure(f"P1 plain loop, {name}: numbers compared", same.compared)
    figure(f"P1 plain loop, {name}: bits different", len(same.different))
    assert same.different == []


def test_the_runs_cover_negative_zero_coins_and_a_short_last_batch() -> None:
    records = plain_run("4-8-3 relu, linear")
    coins = [bits(layer) for record in records for sample in record.slices for layer in sample]
    assert any(bits(-0.0)[0] in flat for flat in coins)  # dead ReLU coins
    assert {len(record.rows) for record in records} == {4, 3}


def test_a_shuffled_run_visits_rows_in_a_new_order_every_epoch() -> None:
    firsts = [record.rows for record in plain_run("4-8-3 tanh, sigmoid")][::3]
    assert len({tuple(rows) for rows in firsts}) > 1


def test_the_comparison_notices_one_bit() -> None:
    same = Comparison()
    same("here", [1.0, 0.0], [1.0, -0.0])
    same("there", [1.0], [np.nextafter(1.0, 2.0)])
    assert same.different == ["here", "there"]


def test_the_plain_loop_imports_nothing_of_piggybank_and_no_numpy() -> None:
    imported = set()
    for module in (plain, plain_functions):
        tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
        imported |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported == {"__future__", "dataclasses", "decimal", "functools", "math", "plain_functions"}


@pytest.mark.parametrize("name", ["exp", "log", "tanh", "sigmoid"])
def test_the_plain_functions_are_good_approximations(name: str) -> None:
    for x in (1e-9, 0.25, 0.3, 0.999, 1.0001, 2.7, 19.0, 300.0):
        for z in (x,) if name == "log" else (x, -x):
            with mpmath.workprec(200):
                e = mpmath.exp(-mpmath.mpf(z))
                exact = 1 / (1 + e) if name == "sigmoid" else getattr(mpmath, name)(mpmath.mpf(z))
            assert abs(getattr(plain_functions, name)(z) - exact) <= 2 * abs(exact) * mpmath.mpf(2) ** -52, (name, z)
