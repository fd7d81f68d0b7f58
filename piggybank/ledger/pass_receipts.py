"""Receipts of a pass through the network: a prediction, of one sample, and what a layer's neurons share in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from piggybank.arithmetic import literal
from piggybank.ledger.blame_receipts import blame
from piggybank.ledger.class_names import named
from piggybank.ledger.lines import Receipt, Ref
from piggybank.ledger.measured import record_at, whereabouts
from piggybank.ledger.records import LedgerError
from piggybank.ledger.sources import (
    input_value,
    shared_labels,
    shared_values,
    weight_value,
    weighted_sum,
)
from piggybank.ledger.strip import WORDS, Labels, Scope, Strip
from piggybank.ledger.sums import chain
from piggybank.recipe import Reduction
from piggybank.wording import quote

if TYPE_CHECKING:
    from piggybank.ledger.ledger import Ledger


def predict(ledger: Ledger, ref: Ref) -> Receipt:
    """A neuron's output for one sample: its weighted sum, then its activation; by its part "sum" only the former."""
    if ref.part == "sum":
        return _summed(ledger, ref)
    record = record_at(ledger, ref.batch)
    layer_index, column = ledger.header.neurons[ref.name]
    layer, whole = ledger.header.layers[layer_index], ref.of_part("")
    strip, total = Strip("Prediction", whole), 0.0
    weights = ledger.header.weights_into(ref.name)
    for place, weight in enumerate(weights):
        first, second = input_value(ledger, record, weight, ref.sample), weight_value(ledger, weight, ref.batch)
        push = strip.product(first, second, f"Push of {weight.source}")
        label = "Weighted sum" if weight is weights[-1] else "Sum now"
        total = strip.add_to(total, push, label, place == 0)
    summed = strip.name_last(whole.of_part("sum"))
    strip.running = "z"
    labels: Labels = {"z": ("Weighted sum", summed), **shared_labels(ledger, ref.batch, ref.sample)}
    result = float(record.outputs[layer_index][ref.sample - 1, column])
    values = {"z": total, **(shared_values(ledger, ref.batch, ref.sample) if layer.shared.lines else {})}
    scope = Scope(layer.value, values, labels, f"layer {layer_index + 1} value")
    if layer.value.steps(values):
        strip.calculate(scope, "a", f"Output of {named(ledger.header, ref.name)}", layer.value.text)
    else:
        if layer.value.text != "z":
            strip.function(layer.activation, layer.value.text, result)
        label = f"Output of {named(ledger.header, ref.name)}"
        strip.result(label, result, f"{layer.activation}: {layer.value.text}", True)
    strip.name_last(whole)
    return Receipt(
        f"Prediction of {named(ledger.header, ref.name)}, {whereabouts(ref)}",
        "predict",
        "final",
        tuple(strip.lines),
        result,
        lambda: layer.value.python(values, {"z": _sum_text(ledger, ref)}),
    )


def _summed(ledger: Ledger, ref: Ref) -> Receipt:
    """The weighted sum: the first lines of the prediction."""
    whole = ledger.open(ref.of_part("")).lines
    end = [line.ref for line in whole].index(ref)
    title, value = f"Weighted sum of {named(ledger.header, ref.name)}, {whereabouts(ref)}", whole[end].value
    assert value is not None
    return Receipt(title, "predict", "final", whole[: end + 1], value, lambda: _sum_text(ledger, ref))


def _sum_text(ledger: Ledger, ref: Ref) -> str:
    """A weighted sum as Python text."""
    record = record_at(ledger, ref.batch)
    inputs = [input_value(ledger, record, weight, ref.sample)[1] for weight in ledger.header.weights_into(ref.name)]
    weights = [weight_value(ledger, weight, ref.batch)[1] for weight in ledger.header.weights_into(ref.name)]
    pushes = zip(inputs, weights, strict=True)
    return chain([f"{literal(given)} * {literal(weight)}" for given, weight in pushes])


def shared(ledger: Ledger, ref: Ref) -> Receipt:
    """A number that the last layer's neurons share in one sample, such as the whole of a softmax."""
    layer = ledger.header.layers[-1]
    lines = dict(layer.shared.lines)
    if ref.name not in lines:
        raise LedgerError(f"the neurons of the last layer share nothing called {quote(ref.name)}")
    line, known = lines[ref.name], shared_values(ledger, ref.batch, ref.sample)
    assert isinstance(line, Reduction)
    strip, label = Strip(WORDS.get(ref.name, ref.name), ref), WORDS.get(ref.name, ref.name)
    terms, texts = [], []
    for place, name in enumerate(layer.neurons):
        values = {**known, "z": weighted_sum(ledger, name, ref.batch, ref.sample)}
        origin = Ref("predict", name, ref.batch, ref.sample, part="sum")
        labels: Labels = {"z": (f"Weighted sum of {name}", origin), **shared_labels(ledger, ref.batch, ref.sample)}
        where = f"layer {len(ledger.header.layers)} shared {ref.name}"
        terms.append(line.inner.on_floats(values))
        texts.append(f"({line.inner.python(values)})")
        if line.function == "largest":
            strip.put(labels["z"][0], "max" if place else "", terms[-1], origin)
            continue
        strip.calculate(Scope(line.inner, values, labels, where), "term", f"Part of {name}", line.inner.text)
        strip.add_to(line.of(terms[:-1]) if place else 0.0, terms[-1], label, place == 0)
    if line.function == "largest":
        strip.result(label, line.of(terms), line.text, True)
    strip.name_last(ref)
    title = f"{label}, {whereabouts(ref)}"
    return Receipt(title, "shared", "final", tuple(strip.lines), line.of(terms), lambda: line.python(terms, texts))


def neuron(ledger: Ledger, name: str, batch: int, sample: int) -> Receipt:
    """A neuron's prediction and blame together; the value is the prediction."""
    forward = predict(ledger, Ref("predict", name, batch, sample))
    back = blame(ledger, Ref("blame", name, batch, sample))
    title = f"Neuron {named(ledger.header, name)}, batch {batch}, sample {sample}"
    return Receipt(title, "predict", "final", forward.lines + back.lines, forward.value, forward.python)
