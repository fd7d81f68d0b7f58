"""Receipts: what stands behind each recorded number, line by line, down to a data row or a setting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from piggybank.formula import Formula, is_exact, literal
from piggybank.ledger import bank
from piggybank.ledger.lines import WORDS, Labels, Line, Receipt, Ref, Strip
from piggybank.ledger.records import BIAS, BatchRecord, LedgerError, Weight
from piggybank.wording import suggestion

if TYPE_CHECKING:
    from piggybank.ledger.ledger import Ledger

__all__ = ["Line", "Receipt", "Ref", "open_ref", "popup"]


def popup(ledger: Ledger, name: str, batch: int, sample: int | None, banked: int | None) -> Receipt:
    """The receipt a person asks for by name; see `Ledger.receipt`."""
    if name in ledger.header.neurons:
        if sample is None:
            raise LedgerError(f"{name!r} is a neuron; a neuron's receipt is of one sample, add sample=1")
        return _neuron(ledger, name, batch, sample)
    known = ledger.header.weights_by_name
    if name not in known:
        hint = suggestion(str(name), [*known, *ledger.header.neurons])
        raise LedgerError(f"there is no weight or neuron called {name!r}; {hint}")
    if sample is None:
        return _commit(ledger, Ref("commit", name, batch, banked=banked))
    return _slice_and_bank(ledger, known[name], batch, sample, banked)


def open_ref(ledger: Ledger, ref: Ref) -> Receipt:
    """The receipt of any number of the run."""
    return _OPENERS[ref.kind](ledger, ref)


# Where the numbers come from ------------------------------------------------------------------------------------------


def input_value(ledger: Ledger, record: BatchRecord, weight: Weight, sample: int) -> tuple[str, float, Ref | None]:
    """Label, value and origin of what a weight was multiplied by."""
    header, row = ledger.header, record.rows[sample - 1]
    if weight.is_bias:
        return "Input of the bias, always 1", 1.0, Ref("setting", "one")
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


def _final(_: object) -> str:
    return "final"


# Predict and loss -----------------------------------------------------------------------------------------------------


def _predict(ledger: Ledger, ref: Ref) -> Receipt:
    record = ledger.batch(ref.batch)
    layer_index, column = ledger.header.neurons[ref.name]
    layer = ledger.header.layers[layer_index]
    strip, total, terms = Strip("Prediction"), 0.0, "0.0"
    for place, weight in enumerate(_weights_into(ledger, ref.name)):
        first, second = input_value(ledger, record, weight, ref.sample), weight_value(ledger, weight, ref.batch)
        push = strip.product(first, second, f"Push of {weight.source}")
        total = strip.add_to(total, push, "Sum so far", "Weighted sum", place == 0)
        terms = f"({terms} + {literal(first[1])} * {literal(second[1])})"
    strip.running = "z"
    labels: Labels = {"z": ("Weighted sum", None)}
    result = float(record.outputs[layer_index][ref.sample - 1, column])
    strip.steps(layer.value.steps({"z": total}), labels, "a", f"Output of {ref.name}", layer.value.text)
    if strip.running == "z":
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
        "z": (f"Weighted sum of {name}", here),
        "a - t": ("Error", None),
    }
    return values, labels


def _mean_loss(ledger: Ledger, ref: Ref) -> Receipt:
    count = ledger.header.count(ref.batch)
    losses = [sample_loss(ledger, ref.batch, sample) for sample in range(1, count + 1)]
    strip, total = Strip("Loss of the batch"), 0.0
    strip.put("Nothing yet", "", 0.0, Ref("setting", "empty"))
    for sample, loss in enumerate(losses, 1):
        exact = is_exact("+", total, loss, total + loss)
        origin = Ref("loss", "", ref.batch, sample)
        strip.lines.append(Line(strip.section, f"Loss of sample {sample}", "+", loss, exact=exact, origin=origin))
        total += loss
    strip.put("Samples in the batch", "/", float(count), Ref("setting", "count", ref.batch))
    mean = total / count
    strip.result("Mean loss", mean, "total / count", is_exact("/", total, float(count), mean))
    spelled = f"{_chain([literal(loss) for loss in losses])} / {literal(float(count))}"
    return Receipt(f"Mean loss of batch {ref.batch}", "loss", "final", tuple(strip.lines), mean, lambda: spelled)


def _loss(ledger: Ledger, ref: Ref) -> Receipt:
    if ref.sample == 0:
        return _mean_loss(ledger, ref)
    header, record = ledger.header, ledger.batch(ref.batch)
    strip, total, terms = Strip("Loss"), 0.0, []
    for column, name in enumerate(header.layers[-1].neurons):
        values, labels = _loss_values(ledger, record, ref.sample, column)
        formula = header.loss_value
        strip.steps(formula.steps(values), labels, "loss", f"Loss of {name}", formula.text)
        total = strip.add_to(total, formula.on_floats(values), "Sum so far", "Loss of the sample", column == 0)
        terms.append(formula.python(values))
    title = f"Loss of sample {ref.sample}, batch {ref.batch} ({header.loss_name})"
    return Receipt(title, "loss", "final", tuple(strip.lines), total, lambda: _chain(terms))


def sample_loss(ledger: Ledger, batch: int, sample: int) -> float:
    """The loss of one sample: the sum over its outputs, in order."""
    record, total = ledger.batch(batch), 0.0
    for column in range(len(ledger.header.layers[-1].neurons)):
        total += ledger.header.loss_value.on_floats(_loss_values(ledger, record, sample, column)[0])
    return total


def _chain(terms: list[str]) -> str:
    text = "0.0"
    for term in terms:
        text = f"({text} + {term})"
    return text


# Blame ----------------------------------------------------------------------------------------------------------------


def _blame(ledger: Ledger, ref: Ref) -> Receipt:
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
    strip.steps(formula.steps(values), labels, "arriving", label, formula.text)
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
    labels: Labels = {"a": (f"Output {ref.name}", here), "z": (f"Weighted sum of {ref.name}", here)}
    slope = info.slope.on_floats(values)
    steps = info.slope.steps(values)
    label = f"Slope of {info.activation}"
    value = arriving[0] * slope
    exact = is_exact("*", arriving[0], slope, value)
    if steps:
        strip.section = "Slope"
        strip.steps(steps, labels, "slope", label, info.slope.text)
        strip.section = "Blame"
        strip.put("Blame arriving", "*", arriving[0])
    else:
        strip.put(label, "*", slope, here)
    strip.result(f"Blame of {ref.name}", value, "arriving × slope", exact)
    return f"{arriving[1]} * {info.slope.python(values)}"


def _neuron(ledger: Ledger, name: str, batch: int, sample: int) -> Receipt:
    predict = _predict(ledger, Ref("predict", name, batch, sample))
    blame = _blame(ledger, Ref("blame", name, batch, sample))
    title = f"Neuron {name}, batch {batch}, sample {sample}"
    return Receipt(title, "predict", "final", predict.lines + blame.lines, predict.value, predict.python)


# Slice, bank, commit --------------------------------------------------------------------------------------------------


def _state(banked: int | None, sample: int = 0) -> str:
    if banked is None:
        return "final"
    return "waiting" if sample > banked else "pending"


def _slice_lines(ledger: Ledger, record: BatchRecord, weight: Weight, sample: int) -> tuple[Strip, float, str]:
    strip = Strip("Blame slice")
    first = input_value(ledger, record, weight, sample)
    blame = float(record.blame[weight.layer][sample - 1, weight.column])
    second = (f"My responsibility (blame of {weight.target})", blame, Ref("blame", weight.target, record.batch, sample))
    value = strip.product(first, second, "Blame slice")
    return strip, value, f"{literal(first[1])} * {literal(blame)}"


def _slice(ledger: Ledger, ref: Ref) -> Receipt:
    record, weight = ledger.batch(ref.batch), ledger.weight(ref.name)
    strip, value, text = _slice_lines(ledger, record, weight, ref.sample)
    title = f"Sample {ref.sample}'s blame slice for {ref.name}, batch {ref.batch}"
    return Receipt(title, "slice", _state(ref.banked, ref.sample), tuple(strip.lines), value, lambda: text)


def _slice_and_bank(ledger: Ledger, weight: Weight, batch: int, sample: int, banked: int | None) -> Receipt:
    record = ledger.batch(batch)
    strip, value, text = _slice_lines(ledger, record, weight, sample)
    running = bank.running_totals(ledger.header, record, weight)
    before, now = float(running[sample - 1]), float(running[sample])
    strip.section = "Bank"
    strip.put("In the bank before", "+", before, Ref("bank", weight.name, batch, sample - 1) if sample > 1 else None)
    strip.result("In the bank now", now, "before + slice", is_exact("+", before, value, now))
    state = _state(banked, sample)
    lines = tuple(strip.lines)
    if state == "waiting":
        lines = tuple(Line(part.section, part.label, part.operator, None) for part in lines)
    commit = _commit(ledger, Ref("commit", weight.name, batch, banked=banked))
    title = f"{weight.name}, batch {batch}, sample {sample} of {record.count}"
    return Receipt(title, "slice", state, lines + commit.lines, value, lambda: text)


def _bank(ledger: Ledger, ref: Ref) -> Receipt:
    record, weight = ledger.batch(ref.batch), ledger.weight(ref.name)
    coins = [float(coin) for coin in bank.slices(ledger.header, record, weight)[: ref.sample]]
    strip, total, all_exact = Strip("Coins in the bank"), 0.0, True
    strip.put("Empty bank", "", 0.0, Ref("setting", "empty"))
    for number, coin in enumerate(coins, 1):
        exact = is_exact("+", total, coin, total + coin)
        origin = Ref("slice", ref.name, ref.batch, number, ref.banked)
        strip.lines.append(Line(strip.section, f"Sample {number}'s coin", "+", coin, exact=exact, origin=origin))
        total, all_exact = total + coin, all_exact and exact
    strip.result("In the bank", total, "((0 + s1) + s2) + …", all_exact)
    title = f"Bank of {ref.name} after sample {ref.sample}, batch {ref.batch}"
    state = _state(ref.banked, ref.sample)
    return Receipt(title, "bank", state, tuple(strip.lines), total, lambda: _chain([literal(c) for c in coins]))


def _commit_values(ledger: Ledger, weight: Weight, batch: int) -> tuple[dict[str, float], dict[str, Ref]]:
    header, record = ledger.header, ledger.batch(batch)
    total = float(bank.running_totals(header, record, weight)[-1])
    _, before, origin = weight_value(ledger, weight, batch)
    values = {**header.constants, "total": total, "count": float(record.count), "before": before}
    origins = {name: Ref("setting", name) for name in (*header.constants, "count")}
    origins["count"] = Ref("setting", "count", batch)
    origins["total"] = Ref("bank", weight.name, batch, record.count)
    if origin is not None:
        origins["before"] = origin
    for name in header.memory:
        values[name] = float(ledger.memory_at(batch - 1)[name][weight.layer][weight.row, weight.column])
        origins[name] = Ref("commit", weight.name, batch - 1) if batch > 1 else Ref("setting", "empty")
    return values, origins


def commit_values(ledger: Ledger, weight: Weight, batch: int) -> dict[str, float]:
    """Every name of the rule's recipe for one weight in one commit: total, count, average, adjustment, after, …"""
    return ledger.header.recipe.on_floats(_commit_values(ledger, weight, batch)[0])


def _commit(ledger: Ledger, ref: Ref) -> Receipt:
    weight = ledger.weight(ref.name)
    values, origins = _commit_values(ledger, weight, ref.batch)
    strip, spelled = Strip("Final adjustment"), {"total": _bank_text(ledger, weight, ref.batch)}
    known = dict(values)
    for name, formula in ledger.header.recipe.lines:
        labels = {n: (WORDS.get(n, n.replace("_", " ").capitalize()), origins.get(n)) for n in (*known, name)}
        text = f"{name} = {formula.text}"
        strip.steps(formula.steps(known), labels, name, labels[name][0], text)
        spelled[name] = f"({formula.python(known, spelled)})"
        known[name] = formula.on_floats(known)
        if name == ref.part:
            break
    result = ref.part or "after"
    lines = tuple(strip.lines)
    if ref.banked is not None:
        settings = {Ref("setting", n, ref.batch if n == "count" else 0) for n in (*ledger.header.constants, "count")}
        settings.add(origins["before"])
        lines = tuple(part if part.origin in settings else _unknown(part) for part in lines)
    title = f"{WORDS.get(result, result) if ref.part else 'Commit'} of {ref.name}, batch {ref.batch}"
    return Receipt(title, "commit", _state(ref.banked), lines, known[result], lambda: spelled[result])


def _unknown(line: Line) -> Line:
    return Line(line.section, line.label, line.operator, None, line.formula)


def _bank_text(ledger: Ledger, weight: Weight, batch: int) -> str:
    coins = bank.slices(ledger.header, ledger.batch(batch), weight)
    return _chain([literal(float(coin)) for coin in coins])


# Where chains end -----------------------------------------------------------------------------------------------------


def _leaf(kind: str, title: str, label: str, value: float) -> Receipt:
    return Receipt(title, kind, "final", (Line("", label, "", value),), value, lambda: literal(value))


def _data(ledger: Ledger, ref: Ref) -> Receipt:
    header = ledger.header
    column = header.layers[0].sources.index(ref.name)
    value = float(header.inputs[ref.sample - 1, column])
    label = f"{header.input_names[column]} of {header.row_names[ref.sample - 1]}"
    return _leaf("data", f"{ref.name} of row {ref.sample} of {header.data_name}", label, value)


def _target(ledger: Ledger, ref: Ref) -> Receipt:
    header = ledger.header
    column = header.layers[-1].neurons.index(ref.name)
    value = float(header.targets[ref.sample - 1, column])
    label = f"{header.target_names[column]} of {header.row_names[ref.sample - 1]}"
    return _leaf("target", f"Target {ref.name} of row {ref.sample} of {header.data_name}", label, value)


def _initial(ledger: Ledger, ref: Ref) -> Receipt:
    weight = ledger.weight(ref.name)
    value = float(ledger.header.initial[weight.layer][weight.row, weight.column])
    return _leaf("initial", f"Initial weight {ref.name}", f"Weight {ref.name} before the first batch", value)


SETTINGS = {"one": ("The bias is a weight whose input is always 1", 1.0), "empty": ("A bank starts empty", 0.0)}


def _setting(ledger: Ledger, ref: Ref) -> Receipt:
    if ref.name == "count":
        return _leaf("setting", f"Samples in batch {ref.batch}", "Samples", float(ledger.header.count(ref.batch)))
    if ref.name in SETTINGS:
        return _leaf("setting", SETTINGS[ref.name][0], SETTINGS[ref.name][0], SETTINGS[ref.name][1])
    label = WORDS.get(ref.name, ref.name)
    return _leaf("setting", f"Setting {label.lower()}", label, float(ledger.header.constants[ref.name]))


_OPENERS = {
    "predict": _predict, "loss": _loss, "blame": _blame, "slice": _slice, "bank": _bank, "commit": _commit,
    "data": _data, "target": _target, "initial": _initial, "setting": _setting,
}  # fmt: skip
