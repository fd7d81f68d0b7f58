"""Where the numbers of a pass come from: what goes into a neuron and into a loss, with the receipts behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from piggybank.ledger.at_hand import at_hand
from piggybank.ledger.class_names import named, target_word
from piggybank.ledger.lines import Ref
from piggybank.ledger.measured import record_at
from piggybank.ledger.records import BatchRecord, Weight
from piggybank.ledger.strip import WORDS, Labels

if TYPE_CHECKING:
    from piggybank.ledger.ledger import Ledger


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


def weight_ref(name: str, batch: int) -> Ref:
    """The receipt behind a weight after a batch (0: as it was at first)."""
    return Ref("commit", name, batch) if batch else Ref("initial", name)


def rate_ref(ledger: Ledger, batch: int) -> Ref:
    """The receipt behind the learning rate of a batch's commit: the schedule, or the setting."""
    if ledger.header.is_scheduled:
        return Ref("schedule", "learning_rate", batch)
    return Ref("setting", "learning_rate")


def weight_value(ledger: Ledger, weight: Weight, batch: int) -> tuple[str, float, Ref]:
    """Label, value and origin of a weight as it was during a batch."""
    last = abs(batch) - 1
    value = float(ledger.weights_at(last)[weight.layer][weight.row, weight.column])
    return f"Weight {weight.name}", value, weight_ref(weight.name, last)


def weighted_sum(ledger: Ledger, neuron: str, batch: int, sample: int) -> float:
    """The weighted sum z of a neuron, left to right from +0.0."""
    record, (layer, column) = record_at(ledger, batch), ledger.header.neurons[neuron]
    inputs = ledger.header.inputs[record.rows[sample - 1]] if layer == 0 else record.outputs[layer - 1][sample - 1]
    inputs = np.append(inputs, 1.0) if ledger.header.layers[layer].has_bias else inputs
    with np.errstate(all="ignore"):  # a run that overflowed is shown as it is
        pushes = inputs * record.weights_before[layer][:, column]
        return float(np.add.accumulate(np.append(0.0, pushes))[-1])


@at_hand(256)
@np.errstate(all="ignore")
def shared_values(ledger: Ledger, batch: int, sample: int) -> dict[str, float]:
    """What the last layer's neurons share in one sample: of a softmax the largest sum and the whole."""
    layer = ledger.header.layers[-1]
    sums = np.array([[weighted_sum(ledger, name, batch, sample) for name in layer.neurons]])
    found = layer.shared.on_arrays({"z": sums}, axis=1)
    return {name: float(found[name][0, 0]) for name, _ in layer.shared.lines}


def shared_labels(ledger: Ledger, batch: int, sample: int) -> dict[str, tuple[str, Ref | None]]:
    """Words and receipts of `shared_values`."""
    lines = ledger.header.layers[-1].shared.lines
    return {name: (WORDS.get(name, name), Ref("shared", name, batch, sample)) for name, _ in lines}


def loss_values(ledger: Ledger, record: BatchRecord, sample: int, column: int) -> tuple[dict[str, float], Labels]:
    """What the loss's formulas of one output use, by their letters, and the words for it."""
    header, row = ledger.header, record.rows[sample - 1]
    name = header.layers[-1].neurons[column]
    values = {
        "a": float(record.outputs[-1][sample - 1, column]),
        "t": float(header.targets[row, column]),
    }
    names = {*header.loss_value.names, *header.loss_blame.names}
    if "z" in names:
        values["z"] = weighted_sum(ledger, name, record.batch, sample)
    if not names <= {"a", "t", "z"}:
        values.update(shared_values(ledger, record.batch, sample))
    here = Ref("predict", name, record.batch, sample)
    labels = {
        "a": (f"Prediction {named(header, name)}", here),
        "t": (target_word(header, name), Ref("target", name, 0, row + 1)),
        "z": (f"Weighted sum of {name}", Ref("predict", name, record.batch, sample, part="sum")),
        "a - t": ("Error", None),
        **shared_labels(ledger, record.batch, sample),
    }
    return values, labels
