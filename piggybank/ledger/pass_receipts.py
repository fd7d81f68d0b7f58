"""Receipts of a pass through the network: a prediction, a loss, a blame, of one sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

from piggybank.arithmetic import is_exact, literal
from piggybank.ledger.lines import Labels, Line, Receipt, Ref, Strip
from piggybank.ledger.records import BIAS, BatchRecord, Weight

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
    value = float(ledger.weights_at(batch - 1)[weight.layer][weight.row, weight.column])
    origin = Ref("commit", weight.name, batch - 1) if batch > 1 else Ref("initial", weight.name)
    return f"Weight {weight.name}", value, origin


def _weights_into(ledger: Ledger, neuron: str) -> list[Weight]:
    layer = ledger.header.layers[ledger.header.neurons[neuron][0]]
    sources = [*layer.sources, *([BIAS] if layer.has_bias else [])]
    return [ledger.header.weights_by_name[f"{source}->{neuron}"] for source in sources]


def weighted_sum(ledger: Ledger, neuron: str, batch: int, sample: int) -> float:
    """The weighted sum z of a neuron, left to right from +0.0."""
    record, total = ledger.batch(batch), 0.0
    for weight in _weights_into(ledger, neuron):
        total += input_value(ledger, record, weight, sample)[1] * weight_value(ledger, weight, batch)[1]
    return total


# Predict and loss -----------------------------------------------------------------------------------------------------


def predict(ledger: Ledger, ref: Ref) -> Receipt:
    """A neuron's output for one sample: its weighted sum, then its activation."""
    record = ledger.batch(ref.batch)
    layer_index, column = ledger.header.neurons[ref.name]
    layer = ledger.header.layers[layer_index]
    strip, total, terms = Strip("Prediction"), 0.0, "0.0"
    weights = _weights_into(ledger, ref.name)
    for place, weight in enumerate(weights):
        first, second = input_value(ledger, record, weight, ref.sample), weight_value(ledger, weight, ref.batch)
        push = strip.product(first, second, f"Push of {weight.source}")
        total = strip.add_to(
            total, push, "Sum so far", "Weighted sum" if weight is weights[-1] else "Sum now", place == 0
        )
        terms = f"({terms} + {literal(first[1])} * {literal(second[1])})"
    if ref.part == "sum":
        title = f"Weighted sum of {ref.name}, batch {ref.batch}, sample {ref.sample}"
        return Receipt(title, "predict", "final", tuple(strip.lines), total, lambda: terms)
    strip.running = "z"
    labels: Labels = {"z": ("Weighted sum", None)}
    result = float(record.outputs[layer_index][ref.sample - 1, column])
    strip.steps(layer.value.steps({"z": total}), labels, "a", f"Output of {ref.name}", layer.value.text)
    if strip.running == "z":
        if layer.value.text != "z":
            strip.function(layer.activation, layer.value.text, result)
        strip.result(f"Output of {ref.name}", result, f"{layer.activation}: {layer.value.text}", True)
    return Receipt(
        f"Prediction of {ref.name}, batch {ref.batch}, sample {ref.sample}",
        "predict",
        "final",
        tuple(strip.lines),
        result,
        lambda: layer.value.python({"z": total}, {"z": terms}),
    )


def _loss_values(ledger: Ledger, record: BatchRecord, sample: int, column: int) -> tuple[dict[str, float], Labels]:
    header, row = ledger.header, record.rows[sample - 1]
    name = header.layers[-1].neurons[column]
    values = {
        "a": float(record.outputs[-1][sample - 1, column]),
        "t": float(header.targets[row, column]),
        "z": weighted_sum(ledger, name, record.batch, sample),
    }
    here = Ref("predict", name, record.batch, sample)
    labels = {
        "a": (f"Prediction {name}", here),
        "t": ("Target", Ref("target", name, 0, row + 1)),
        "z": (f"Weighted sum of {name}", Ref("predict", name, record.batch, sample, part="sum")),
        "a - t": ("Error", None),
    }
    return values, labels


def _mean_loss(ledger: Ledger, ref: Ref) -> Receipt:
    count = ledger.header.count(ref.batch)
    losses = [sample_loss(ledger, ref.batch, sample) for sample in range(1, count + 1)]
    strip, total, all_exact = Strip("Loss of the batch"), 0.0, True
    strip.put("Nothing yet", "", 0.0, Ref("setting", "empty"))
    for sample, loss in enumerate(losses, 1):
        exact = is_exact("+", total, loss, total + loss)
        origin = Ref("loss", "", ref.batch, sample)
        strip.lines.append(Line(strip.section, f"Loss of sample {sample}", "+", loss, exact=exact, origin=origin))
        total, all_exact = total + loss, all_exact and exact
    strip.put("Samples in the batch", "/", float(count), Ref("setting", "count", ref.batch))
    mean = total / count
    strip.result("Mean loss", mean, "total / count", all_exact and is_exact("/", total, float(count), mean))
    spelled = f"{chain([literal(loss) for loss in losses])} / {literal(float(count))}"
    return Receipt(f"Mean loss of batch {ref.batch}", "loss", "final", tuple(strip.lines), mean, lambda: spelled)


def loss(ledger: Ledger, ref: Ref) -> Receipt:
    """A sample's loss; for sample 0 the batch's mean."""
    if ref.sample == 0:
        return _mean_loss(ledger, ref)
    header, record = ledger.header, ledger.batch(ref.batch)
    strip, total, terms = Strip("Loss"), 0.0, []
    for column, name in enumerate(header.layers[-1].neurons):
        values, labels = _loss_values(ledger, record, ref.sample, column)
        formula = header.loss_value
        strip.steps(formula.steps(values), labels, "loss", f"Loss of {name}", formula.with_numbers(SPOKEN))
        total = strip.add_to(total, formula.on_floats(values), "Sum so far", "Loss of the sample", column == 0)
        terms.append(formula.python(values))
    title = f"Loss of sample {ref.sample}, batch {ref.batch} ({header.loss_name})"
    return Receipt(title, "loss", "final", tuple(strip.lines), total, lambda: chain(terms))


def sample_loss(ledger: Ledger, batch: int, sample: int) -> float:
    """The loss of one sample: the sum over its outputs, in order."""
    record, total = ledger.batch(batch), 0.0
    for column in range(len(ledger.header.layers[-1].neurons)):
        total += ledger.header.loss_value.on_floats(_loss_values(ledger, record, sample, column)[0])
    return total


def chain(terms: list[str]) -> str:
    """Terms added left to right from +0.0, as Python text."""
    text = "0.0"
    for term in terms:
        text = f"({text} + {term})"
    return text


# Blame ----------------------------------------------------------------------------------------------------------------


def blame(ledger: Ledger, ref: Ref) -> Receipt:
    """A neuron's blame for one sample: what arrives from the loss or through its weights, times its slope."""
    record = ledger.batch(ref.batch)
    layer, column = ledger.header.neurons[ref.name]
    strip = Strip("Blame")
    last = layer == len(ledger.header.layers) - 1
    arriving, text = (_arriving_from_loss if last else _arriving_from_weights)(ledger, record, ref, strip)
    value = float(record.blame[layer][ref.sample - 1, column])
    if not (last and ledger.header.loss_fused):
        text = _times_slope(ledger, record, ref, strip, (arriving, text))
    title = f"Blame of {ref.name}, batch {ref.batch}, sample {ref.sample}"
    return Receipt(title, "blame", "final", tuple(strip.lines), value, lambda: text)


def _arriving_from_loss(ledger: Ledger, record: BatchRecord, ref: Ref, strip: Strip) -> tuple[float, str]:
    column = ledger.header.neurons[ref.name][1]
    values, labels = _loss_values(ledger, record, ref.sample, column)
    formula = ledger.header.loss_blame
    label = f"Blame of {ref.name}" if ledger.header.loss_fused else f"Error of {ref.name}"
    strip.steps(formula.steps(values), labels, "arriving", label, formula.with_numbers(SPOKEN))
    return formula.on_floats(values), formula.python(values)


def _arriving_from_weights(ledger: Ledger, record: BatchRecord, ref: Ref, strip: Strip) -> tuple[float, str]:
    layer = ledger.header.neurons[ref.name][0]
    total, text = 0.0, "0.0"
    for place, target in enumerate(ledger.header.layers[layer + 1].neurons):
        weight = ledger.header.weights_by_name[f"{ref.name}->{target}"]
        blame = float(record.blame[layer + 1][ref.sample - 1, place])
        first = (f"Blame of {target}", blame, Ref("blame", target, ref.batch, ref.sample))
        second = weight_value(ledger, weight, ref.batch)
        share = strip.product(first, second, f"Share from {target}")
        total = strip.add_to(total, share, "Sum so far", "Blame arriving", place == 0)
        text = f"({text} + {literal(blame)} * {literal(second[1])})"
    strip.running = "arriving"
    return total, text


def _times_slope(ledger: Ledger, record: BatchRecord, ref: Ref, strip: Strip, arriving: tuple[float, str]) -> str:
    layer, column = ledger.header.neurons[ref.name]
    info = ledger.header.layers[layer]
    output = float(record.outputs[layer][ref.sample - 1, column])
    values = {"a": output, "z": weighted_sum(ledger, ref.name, ref.batch, ref.sample)}
    here = Ref("predict", ref.name, ref.batch, ref.sample)
    summed = f"Weighted sum of {ref.name}", Ref("predict", ref.name, ref.batch, ref.sample, part="sum")
    labels: Labels = {"a": (f"Output {ref.name}", here), "z": summed}
    slope = info.slope.on_floats(values)
    label = f"Slope of {info.activation}"
    value = arriving[0] * slope
    exact = is_exact("*", arriving[0], slope, value)
    if not info.slope.names:
        strip.put(label, "*", slope, Ref("setting", "slope"))
    else:
        strip.section = "Slope"
        steps = info.slope.steps(values)
        if not steps:
            strip.put(summed[0], "", values["z"], summed[1])
            strip.function("slope", info.slope.text, slope)
            strip.result(label, slope, info.slope.text, True)
        strip.steps(steps, labels, "slope", label, info.slope.text)
        strip.section = "Blame"
        strip.put("Blame arriving", "*", arriving[0])
    strip.result(f"Blame of {ref.name}", value, "arriving × slope", exact)
    return f"{arriving[1]} * {info.slope.python(values)}"


def neuron(ledger: Ledger, name: str, batch: int, sample: int) -> Receipt:
    """A neuron's prediction and blame together; the value is the prediction."""
    forward = predict(ledger, Ref("predict", name, batch, sample))
    back = blame(ledger, Ref("blame", name, batch, sample))
    title = f"Neuron {name}, batch {batch}, sample {sample}"
    return Receipt(title, "predict", "final", forward.lines + back.lines, forward.value, forward.python)
