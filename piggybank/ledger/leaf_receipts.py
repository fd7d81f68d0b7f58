"""Receipts where chains end: a cell of the data, a setting, an initial weight, a number written in a formula."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from piggybank.arithmetic import literal
from piggybank.formula import Formula
from piggybank.grammar import parse
from piggybank.ledger.class_names import named
from piggybank.ledger.commits import clock
from piggybank.ledger.lines import Line, Receipt, Ref
from piggybank.ledger.measured import count_at
from piggybank.ledger.records import Header, LedgerError
from piggybank.ledger.strip import WORDS, written
from piggybank.recipe import Reduction
from piggybank.scaling import Scaling
from piggybank.wording import quote, suggestion

if TYPE_CHECKING:
    from piggybank.ledger.ledger import Ledger

LEAVES = ("data", "target", "initial", "setting", "constant")
"""The kinds of receipts that have nothing behind them."""

SETTINGS = {
    "one": ("The bias is a weight whose input is always 1", 1.0),
    "empty": ("A bank starts empty", 0.0),
    "zero": ("A sum starts at 0", 0.0),
    "slope": ("The slope of a linear neuron is always 1", 1.0),
    "right": ("Right counts 1, wrong 0", 1.0),
    "percent": ("Per cent means of a hundred", 100.0),
}


def leaf(ref: Ref, title: str, label: str, value: float, formula: str = "") -> Receipt:
    """A receipt of one number, which nothing stands behind."""
    line = Line("", label, "", value, formula, ref=ref)
    return Receipt(title, ref.kind, "final", (line,), value, lambda: literal(value))


def data(ledger: Ledger, ref: Ref) -> Receipt:
    """An input of a row."""
    header = ledger.header
    column = header.layers[0].sources.index(ref.name)
    value = float(header.inputs[ref.sample - 1, column])
    label = f"{header.input_names[column]} of {header.row_names[ref.sample - 1]}"
    title = f"{ref.name} of row {ref.sample} of {header.data_name}"
    scaling = Scaling.of(header.scaling[column], header.input_names[column]) if header.scaling else None
    if scaling is None or not scaling.count(value).is_integer():  # no text of ours made that input
        return leaf(ref, title, label, value)
    return _scaled(ref, title, label, (value, scaling, header.scaling[column]))


UNITS = {1: "", 10: ", in tenths", 100: ", in hundredths", 1000: ", in thousandths"}


def _scaled(ref: Ref, title: str, label: str, found: tuple[float, Scaling, str]) -> Receipt:
    """An input and what was measured for it."""
    value, scaling, text = found
    count, centre, power = scaling.count(value), float(scaling.centre), float(scaling.power)
    measured = f"{label}: {scaling.measured(value)}{UNITS.get(scaling.unit, f', times {scaling.unit}')}"
    parts = {"measured": (measured, count), "centre": ("Moved by", centre), "power": ("Divided by", power)}
    if ref.part in parts:
        return leaf(ref, f"{title}: {parts[ref.part][0]}", *parts[ref.part], text)
    lines = (
        Line("As measured", measured, "", count, origin=ref.of_part("measured")),
        Line("As measured", "Moved by", "-", centre, origin=ref.of_part("centre")),
        Line("As measured", "Divided by", "/", power, origin=ref.of_part("power")),
        Line("As measured", label, "=", value, text, ref=ref.of_part("")),
    )
    spelled = f"({literal(count)} - {literal(centre)}) / {literal(power)}"
    return Receipt(title, ref.kind, "final", lines, value, lambda: spelled)


def target(ledger: Ledger, ref: Ref) -> Receipt:
    """A target of a row."""
    header = ledger.header
    column = header.layers[-1].neurons.index(ref.name)
    value = float(header.targets[ref.sample - 1, column])
    label = f"{header.target_names[column]} of {header.row_names[ref.sample - 1]}"
    return leaf(ref, f"Target {named(header, ref.name)} of row {ref.sample} of {header.data_name}", label, value)


def initial(ledger: Ledger, ref: Ref) -> Receipt:
    """A weight before the first batch."""
    weight = ledger.weight(ref.name)
    if ref.part:
        known = ledger.header.initial_memory
        if ref.part not in known:
            raise LedgerError(f"the run began with nothing kept as {quote(ref.part)}; memory is empty at first")
        kept = known[ref.part]
        value = kept if isinstance(kept, float) else float(kept[weight.layer][weight.row, weight.column])
        label = WORDS.get(ref.part, ref.part.replace("_", " ").capitalize())
        return leaf(ref, f"{label} of {ref.name} at the start", f"{label} {_beginning(ledger)}", value)
    value = float(ledger.header.initial[weight.layer][weight.row, weight.column])
    return leaf(ref, f"Initial weight {ref.name}", f"Weight {ref.name} {_beginning(ledger)}", value)


def _beginning(ledger: Ledger) -> str:
    parent = ledger.header.parent
    if parent is None:
        return "before the first batch"
    left = f"the commit of its batch {parent.batch}" if parent.batch else "its first batch"
    return f"from the run {parent.seal}, {'after' if parent.batch else 'before'} {left}"


def setting(ledger: Ledger, ref: Ref) -> Receipt:
    """A number chosen before the run, or one that never changes."""
    if ref.name == "count":
        title, label = (f"Samples in batch {ref.batch}", "Samples") if ref.batch > 0 else ("Rows of the data", "Rows")
        return leaf(ref, title, label, float(count_at(ledger, ref.batch)))
    if ref.name in COUNTED:
        return _counted(ledger, ref)
    if ref.name in SETTINGS:
        words, value = SETTINGS[ref.name]
        return leaf(ref, words, words, value)
    if ref.name not in ledger.header.constants:
        known = ["count", *COUNTED, *SETTINGS, *ledger.header.constants]
        raise LedgerError(f"there is no setting called {quote(ref.name)}; {suggestion(ref.name, known)}")
    label, value = WORDS.get(ref.name, ref.name), float(ledger.header.constants[ref.name])
    return leaf(ref, f"Setting {label.lower()}", label, value)


COUNTED = ("commit", "epoch", "commits_per_epoch", "batch_size", "micro_batches", "micro_count", "repeats")
"""Settings that count something of the run, see `commits.numbers`."""


def _counted(ledger: Ledger, ref: Ref) -> Receipt:
    header, label = ledger.header, WORDS[ref.name]
    if ref.name == "repeats":
        weight = ledger.weight(ref.part)
        value = float(len(header.layers[weight.layer].sources)) if weight.is_bias else 1.0
        return leaf(ref, f"{label} for {ref.part}", f"Inputs of {weight.target}" if weight.is_bias else "Once", value)
    size = header.micro_size
    value = {
        **clock(header, ref.batch),
        "batch_size": float(header.batch_size),
        "micro_batches": float(-(-header.count(ref.batch) // size)),
        "micro_count": float(min(size, header.count(ref.batch) - (ref.sample - 1) * size)),
    }[ref.name]
    return leaf(ref, f"{label}, batch {ref.batch}", label, value)


def constant(ledger: Ledger, ref: Ref) -> Receipt:
    """A number written in one of the run's formulas. LedgerError when it does not stand there."""
    words, formula = _formula(ledger.header, ref.part)
    inner = formula.inner if isinstance(formula, Reduction) else formula
    numbers = [ast.unparse(node) for node in ast.walk(parse(inner.text)) if isinstance(node, ast.Constant)]
    if ref.name not in numbers:
        raise LedgerError(f"there is no {ref.name} in {words}, {formula.text}")
    label = f"Stands in {written(formula.text)}"
    return leaf(ref, f"The {ref.name} in {words}", label, float(ref.name), formula.text)


def _formula(header: Header, where: str) -> tuple[str, Formula | Reduction]:
    """A formula of the run and what it is called, by the part of its constants' references: where it stands, such as
    "loss blame", "rule adjustment" and "layer 2 slope", never what it is called. LedgerError for any other place."""
    for place, words, formula in _formulas(header):
        if place == where:
            return words, formula
    raise LedgerError(f"this run has no formula at {quote(where)}; give a place such as 'loss value'")


def _formulas(header: Header) -> Iterator[tuple[str, str, Formula | Reduction]]:
    """Where each of the run's formulas stands, and what it is called."""
    yield "loss value", f"the loss formula of {header.loss_name}", header.loss_value
    yield "loss blame", f"the blame formula of {header.loss_name}", header.loss_blame
    for name, line in header.schedule.lines:
        yield f"schedule {name}", f"the schedule: {name}", line
    for name, line in header.recipe.lines:
        yield f"rule {name}", f"the rule of {header.rule_name}: {name}", line
    for number, layer in enumerate(header.layers, 1):
        for name, line in layer.shared.lines:
            yield f"layer {number} shared {name}", f"what {layer.activation} shares: {name}", line
        yield f"layer {number} value", f"the formula of {layer.activation}", layer.value
        yield f"layer {number} slope", f"the formula of {layer.activation}'s slope", layer.slope
