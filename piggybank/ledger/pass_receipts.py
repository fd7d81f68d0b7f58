"""Receipts of a pass through the network: a prediction, a loss, a blame, of one sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from piggybank.arithmetic import is_exact, literal
from piggybank.ledger.lines import Receipt, Ref
from piggybank.ledger.measured import count_at, met, record_at, whereabouts
from piggybank.ledger.records import BIAS, BatchRecord, Weight
from piggybank.ledger.strip import Labels, Scope, Strip, chain

if TYPE_CHECKING:
    from piggybank.ledger.ledger import Ledger

SPOKEN = {"a": "prediction", "t": "target", "z": "weighted_sum"}
"""The letters of a loss's formula as words."""


# Where the numbers come from ------------------------------------------------------------------------------------------


def input_value(ledger: Ledger, record: BatchRecord, weight: Weight, sample: int) -> tuple[str, float, Ref | None]:
    """Label, value and origin of what a weight was multiplied by."""
    header, row = ledger.header, record.rows[sample - 1]
    if weight.is_bias:
        return "Input of the bias", 1.0, Ref("setting", "one")
    if weight.layer == 0:
        value = float(header.inputs[row, weight.row])
        return f"Input {weight.source}", value, Ref("data", weight.source, 0, row + 1)
    value = float(record.outputs[weight.layer - 1][sample - 1, weight.row])
    return f"Input {weight.source}", value, Ref("predict", weight.source, record.batch, sample)


def weight_value(ledger: Ledger, weight: Weight, batch: int) -> tuple[str, float, Ref | None]:
    """Label, value and origin of a weight as it was during a batch."""
    last = abs(batch) - 1
    value = float(ledger.weights_at(last)[weight.layer][weight.row, weight.column])
    origin = Ref("commit", weight.name, last) if last else Ref("initial", weight.name)
    return f"Weight {weight.name}", value, origin


def _weights_into(ledger: Ledger, neuron: str) -> list[Weight]:
    layer = ledger.header.layers[ledger.header.neurons[neuron][0]]
    sources = [*layer.sources, *([BIAS] if layer.has_bias else [])]
    return [ledger.header.weights_by_name[f"{source}->{neuron}"] for source in sources]


def weighted_sum(ledger: Ledger, neuron: str, batch: int, sample: int) -> float:
    """The weighted sum z of a neuron, left to right from +0.0."""
    record, (layer, column) = record_at(ledger, batch), ledger.header.neurons[neuron]
    inputs = ledger.header.inputs[record.rows[sample - 1]] if layer == 0 else record.outputs[layer - 1][sample - 1]
    inputs = np.append(inputs, 1.0) if ledger.header.layers[layer].has_bias else inputs
    with np.errstate(all="ignore"):  # a run that overflowed is shown as it is
        pushes = inputs * record.weights_before[layer][:, column]
        return float(np.add.accumulate(np.append(0.0, pushes))[-1])


# Predict and loss -----------------------------------------------------------------------------------------------------


def predict(ledger: Ledger, ref: Ref) -> Receipt:
    """A neuron's output for one sample: its weighted sum, then its activation."""
    record = record_at(ledger, ref.batch)
    layer_index, column = ledger.header.neurons[ref.name]
    layer, whole = ledger.header.layers[layer_index], ref.of_part("")
    strip, total, terms = Strip("Prediction", whole), 0.0, []
    weights = _weights_into(ledger, ref.name)
    for place, weight in enumerate(weights):
        first, second = input_value(ledger, record, weight, ref.sample), weight_value(ledger, weight, ref.batch)
        push = strip.product(first, second, f"Push of {weight.source}")
        label = "Weighted sum" if weight is weights[-1] else "Sum now"
        total = strip.add_to(total, push, label, place == 0)
        terms.append(f"{literal(first[1])} * {literal(second[1])}")
    summed = strip.name_last(whole.of_part("sum"))
    if ref == summed:
        title = f"Weighted sum of {ref.name}, {whereabouts(ref)}"
        return Receipt(title, "predict", "final", tuple(strip.lines), total, lambda: chain(terms))
    strip.running = "z"
    labels: Labels = {"z": ("Weighted sum", summed)}
    result = float(record.outputs[layer_index][ref.sample - 1, column])
    scope = Scope(layer.value, {"z": total}, labels, f"activation {layer.activation} value")
    if layer.value.steps({"z": total}):
        strip.calculate(scope, "a", f"Output of {ref.name}", layer.value.text)
    else:
        if layer.value.text != "z":
            strip.function(layer.activation, layer.value.text, result)
        strip.result(f"Output of {ref.name}", result, f"{layer.activation}: {layer.value.text}", True)
    strip.name_last(whole)
    return Receipt(
        f"Prediction of {ref.name}, {whereabouts(ref)}",
        "predict",
        "final",
        tuple(strip.lines),
        result,
        lambda: layer.value.python({"z": total}, {"z": chain(terms)}),
    )


def _loss_values(ledger: Ledger, record: BatchRecord, sample: int, column: int) -> tuple[dict[str, float], Labels]:
    header, row = ledger.header, record.rows[sample - 1]
    name = header.layers[-1].neurons[column]
    values = {
        "a": float(record.outputs[-1][sample - 1, column]),
        "t": float(header.targets[row, column]),
    }
    if "z" in (*header.loss_value.names, *header.loss_blame.names):
        values["z"] = weighted_sum(ledger, name, record.batch, sample)
    here = Ref("predict", name, record.batch, sample)
    labels = {
        "a": (f"Prediction {name}", here),
        "t": ("Target", Ref("target", name, 0, row + 1)),
        "z": (f"Weighted sum of {name}", Ref("predict", name, record.batch, sample, part="sum")),
        "a - t": ("Error", None),
    }
    return values, labels


def _mean_loss(ledger: Ledger, ref: Ref) -> Receipt:
    count = count_at(ledger, ref.batch)
    losses = [sample_loss(ledger, ref.batch, sample) for sample in range(1, count + 1)]
    strip = Strip("Loss of the batch", ref)
    one, many, whole = "sample", "Samples in the batch", f"batch {ref.batch}"
    if ref.batch < 0:
        one, many, whole = "row", "Rows", f"all rows, {met(ref.batch)}"
    terms = [(f"Loss of {one} {n}", loss, Ref("loss", "", ref.batch, n)) for n, loss in enumerate(losses, 1)]
    total, all_exact = strip.add_all(terms)
    strip.put(many, "/", float(count), Ref("setting", "count", ref.batch))
    mean = total / count
    strip.result("Mean loss", mean, "total / count", all_exact and is_exact("/", total, float(count), mean))
    strip.name_last(ref)
    spelled = f"{chain([literal(loss) for loss in losses])} / {literal(float(count))}"
    return Receipt(f"Mean loss of {whole}", "loss", "final", tuple(strip.lines), mean, lambda: spelled)


def loss(ledger: Ledger, ref: Ref) -> Receipt:
    """A sample's loss; for sample 0 the batch's mean."""
    if ref.sample == 0:
        return _mean_loss(ledger, ref)
    header, record = ledger.header, record_at(ledger, ref.batch)
    strip, total, terms = Strip("Loss", ref), 0.0, []
    outputs = header.layers[-1].neurons
    for column, name in enumerate(outputs):
        values, labels = _loss_values(ledger, record, ref.sample, column)
        formula = header.loss_value
        scope = Scope(formula, values, labels, "loss value")
        strip.calculate(scope, "loss", f"Loss of {name}", formula.with_numbers(SPOKEN))
        label = "Loss of the sample" if name == outputs[-1] else "Sum now"
        total = strip.add_to(total, formula.on_floats(values), label, column == 0)
        terms.append(formula.python(values))
    strip.name_last(ref)
    where = f"sample {ref.sample}, batch {ref.batch}" if ref.batch > 0 else whereabouts(ref)
    title = f"Loss of {where} ({header.loss_name})"
    return Receipt(title, "loss", "final", tuple(strip.lines), total, lambda: chain(terms))


def sample_loss(ledger: Ledger, batch: int, sample: int) -> float:
    """The loss of one sample: the sum over its outputs, in order."""
    record, total = record_at(ledger, batch), 0.0
    for column in range(len(ledger.header.layers[-1].neurons)):
        total += ledger.header.loss_value.on_floats(_loss_values(ledger, record, sample, column)[0])
    return total


# Blame ----------------------------------------------------------------------------------------------------------------


def blame(ledger: Ledger, ref: Ref) -> Receipt:
    """A neuron's blame for one sample: what arrives from the loss or through its weights, times its slope."""
    record = ledger.batch(ref.batch)
    layer, column = ledger.header.neurons[ref.name]
    strip = Strip("Blame", ref)
    last = layer == len(ledger.header.layers) - 1
    arriving, text = (_arriving_from_loss if last else _arriving_from_weights)(ledger, record, ref, strip)
    value = float(record.blame[layer][ref.sample - 1, column])
    if not (last and ledger.header.loss_fused):
        text = _times_slope(ledger, record, ref, strip, (arriving, text))
    strip.name_last(ref)
    title = f"Blame of {ref.name}, batch {ref.batch}, sample {ref.sample}"
    return Receipt(title, "blame", "final", tuple(strip.lines), value, lambda: text)


def _arriving_from_loss(ledger: Ledger, record: BatchRecord, ref: Ref, strip: Strip) -> tuple[float, str]:
    column = ledger.header.neurons[ref.name][1]
    values, labels = _loss_values(ledger, record, ref.sample, column)
    formula = ledger.header.loss_blame
    label = f"Blame of {ref.name}" if ledger.header.loss_fused else f"Error of {ref.name}"
    scope = Scope(formula, values, labels, "loss blame")
    strip.calculate(scope, "arriving", label, formula.with_numbers(SPOKEN))
    return formula.on_floats(values), formula.python(values)


def _arriving_from_weights(ledger: Ledger, record: BatchRecord, ref: Ref, strip: Strip) -> tuple[float, str]:
    layer = ledger.header.neurons[ref.name][0]
    total, terms = 0.0, []
    targets = ledger.header.layers[layer + 1].neurons
    for place, target in enumerate(targets):
        weight = ledger.header.weights_by_name[f"{ref.name}->{target}"]
        blame = float(record.blame[layer + 1][ref.sample - 1, place])
        first = (f"Blame of {target}", blame, Ref("blame", target, ref.batch, ref.sample))
        second = weight_value(ledger, weight, ref.batch)
        share = strip.product(first, second, f"Share from {target}")
        total = strip.add_to(total, share, "Blame arriving" if target == targets[-1] else "Sum now", place == 0)
        terms.append(f"{literal(blame)} * {literal(second[1])}")
    strip.running = "arriving"
    return total, chain(terms)


def _times_slope(ledger: Ledger, record: BatchRecord, ref: Ref, strip: Strip, arriving: tuple[float, str]) -> str:
    layer, column = ledger.header.neurons[ref.name]
    info, arrived = ledger.header.layers[layer], strip.last
    output = float(record.outputs[layer][ref.sample - 1, column])
    values = {"a": output, "z": weighted_sum(ledger, ref.name, ref.batch, ref.sample)}
    here = Ref("predict", ref.name, ref.batch, ref.sample)
    labels: Labels = {
        "a": (f"Output {ref.name}", here),
        "z": (f"Weighted sum of {ref.name}", here.of_part("sum")),
    }
    slope = info.slope.on_floats(values)
    value = arriving[0] * slope
    exact = is_exact("*", arriving[0], slope, value)
    if not info.slope.names:
        strip.put(f"Slope of {info.activation}", "*", slope, Ref("setting", "slope"))
    else:
        _slope(strip, Scope(info.slope, values, labels, f"activation {info.activation} slope"), info.activation)
        strip.section = "Blame"
        strip.put("Blame arriving", "*", arriving[0], arrived)
    strip.result(f"Blame of {ref.name}", value, "arriving × slope", exact)
    return f"{arriving[1]} * {info.slope.python(values)}"


def _slope(strip: Strip, scope: Scope, activation: str) -> None:
    strip.section = "Slope"
    label, formula = f"Slope of {activation}", scope.formula
    if formula.steps(scope.values):
        strip.calculate(scope, "slope", label, formula.text)
        return
    strip.put(scope.labels["z"][0], "", scope.values["z"], scope.labels["z"][1])
    strip.function("slope", formula.text, formula.on_floats(scope.values))
    strip.result(label, formula.on_floats(scope.values), formula.text, True)


def neuron(ledger: Ledger, name: str, batch: int, sample: int) -> Receipt:
    """A neuron's prediction and blame together; the value is the prediction."""
    forward = predict(ledger, Ref("predict", name, batch, sample))
    back = blame(ledger, Ref("blame", name, batch, sample))
    title = f"Neuron {name}, batch {batch}, sample {sample}"
    return Receipt(title, "predict", "final", forward.lines + back.lines, forward.value, forward.python)
