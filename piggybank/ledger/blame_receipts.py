"""Receipts of blame: from the loss for the last layer, through the weights for those before it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, TypeAlias

from piggybank.arithmetic import is_exact, literal
from piggybank.grammar import parse
from piggybank.ledger.class_names import named
from piggybank.ledger.lines import Receipt, Ref, Spell
from piggybank.ledger.loss_receipts import SPOKEN
from piggybank.ledger.records import BatchRecord
from piggybank.ledger.sources import loss_values, shared_labels, shared_values, weight_value, weighted_sum
from piggybank.ledger.strip import Labels, Scope, Strip
from piggybank.ledger.sums import chain

if TYPE_CHECKING:
    from piggybank.ledger.ledger import Ledger


Arriving: TypeAlias = "tuple[float, Spell]"


def blame(ledger: Ledger, ref: Ref) -> Receipt:
    """A neuron's blame for one sample: what arrives from the loss or through its weights, times its slope."""
    record = ledger.batch(ref.batch)
    layer, column = ledger.header.neurons[ref.name]
    strip = Strip("Blame", ref)
    last = layer == len(ledger.header.layers) - 1
    arriving, spell = (_arriving_from_loss if last else _arriving_from_weights)(ledger, record, ref, strip)
    value = float(record.blame[layer][ref.sample - 1, column])
    if not (last and ledger.header.loss_fused):
        spell = _times_slope(ledger, record, ref, strip, (arriving, spell))
    strip.name_last(ref)
    title = f"Blame of {named(ledger.header, ref.name)}, batch {ref.batch}, sample {ref.sample}"
    return Receipt(title, "blame", "final", tuple(strip.lines), value, spell)


def _arriving_from_loss(ledger: Ledger, record: BatchRecord, ref: Ref, strip: Strip) -> Arriving:
    column = ledger.header.neurons[ref.name][1]
    values, labels = loss_values(ledger, record, ref.sample, column)
    formula = ledger.header.loss_blame
    label = f"{'Blame' if ledger.header.loss_fused else 'Error'} of {named(ledger.header, ref.name)}"
    scope = Scope(formula, values, labels, "loss blame")
    strip.calculate(scope, "arriving", label, formula.with_numbers(SPOKEN))
    return formula.on_floats(values), lambda: formula.python(values)


def _arriving_from_weights(ledger: Ledger, record: BatchRecord, ref: Ref, strip: Strip) -> Arriving:
    layer = ledger.header.neurons[ref.name][0]
    total, terms = 0.0, list[tuple[float, float]]()
    targets = ledger.header.layers[layer + 1].neurons
    for place, target in enumerate(targets):
        weight = ledger.header.weights_by_name[f"{ref.name}->{target}"]
        blame = float(record.blame[layer + 1][ref.sample - 1, place])
        first = (f"Blame of {named(ledger.header, target)}", blame, Ref("blame", target, ref.batch, ref.sample))
        second = weight_value(ledger, weight, ref.batch)
        share = strip.product(first, second, f"Share from {target}")
        total = strip.add_to(total, share, "Blame arriving" if target == targets[-1] else "Sum now", place == 0)
        terms.append((blame, second[1]))
    strip.running = "arriving"
    return total, lambda: chain([f"{literal(blame)} * {literal(weight)}" for blame, weight in terms])


def _times_slope(ledger: Ledger, record: BatchRecord, ref: Ref, strip: Strip, arriving: Arriving) -> Spell:
    layer, column = ledger.header.neurons[ref.name]
    info, arrived = ledger.header.layers[layer], strip.last
    output = float(record.outputs[layer][ref.sample - 1, column])
    values = {"a": output, "z": weighted_sum(ledger, ref.name, ref.batch, ref.sample)}
    values |= shared_values(ledger, ref.batch, ref.sample) if info.shared.lines else {}
    here = Ref("predict", ref.name, ref.batch, ref.sample)
    labels: Labels = {
        "a": (f"Output {ref.name}", here),
        "z": (f"Weighted sum of {ref.name}", here.of_part("sum")),
        **shared_labels(ledger, ref.batch, ref.sample),
    }
    slope = info.slope.on_floats(values)
    value = arriving[0] * slope
    exact = is_exact("*", arriving[0], slope, value)
    if info.slope.text == "1":
        strip.put(f"Slope of {info.activation}", "*", slope, Ref("setting", "slope"))
    else:
        _slope(strip, Scope(info.slope, values, labels, f"layer {layer + 1} slope"), info.activation)
        strip.section = "Blame"
        strip.put("Blame arriving", "*", arriving[0], arrived)
    strip.result(f"Blame of {named(ledger.header, ref.name)}", value, "arriving × slope", exact)
    return lambda: f"{arriving[1]()} * {info.slope.python(values)}"


def _slope(strip: Strip, scope: Scope, activation: str) -> None:
    strip.section = "Slope"
    label, formula = f"Slope of {activation}", scope.formula
    if formula.steps(scope.values) or not isinstance(parse(formula.text), ast.IfExp):
        strip.calculate(scope, "slope", label, formula.text)
        return
    strip.put(scope.labels["z"][0], "", scope.values["z"], scope.labels["z"][1])
    strip.function("slope", formula.text, formula.on_floats(scope.values))
    strip.result(label, formula.on_floats(scope.values), formula.text, True)
