"""Slices and running totals, derived exactly from the recorded inputs and blame: a slice is input * blame."""

from __future__ import annotations

import numpy as np

from piggybank.ledger.records import BatchRecord, Header, Weight
from piggybank.ordered import Array, bank_totals, with_one


def layer_inputs(header: Header, record: BatchRecord, layer: int, samples: slice = slice(None)) -> Array:
    """What the layer's weights were multiplied by: (samples, inputs [+ 1]), the bias's 1 last."""
    values = header.inputs[list(record.rows[samples])] if layer == 0 else record.outputs[layer - 1][samples]
    return with_one(values) if header.layers[layer].has_bias else values


@np.errstate(all="ignore")  # coins of a run that overflowed are inf and nan, and are shown as that
def slices(header: Header, record: BatchRecord, weight: Weight) -> Array:
    """Every sample's slice for one weight: (samples,)."""
    result: Array = _source_column(header, record, weight) * record.blame[weight.layer][:, weight.column]
    return result


def _source_column(header: Header, record: BatchRecord, weight: Weight) -> Array:
    if weight.is_bias:
        return np.ones(record.count)
    if weight.layer == 0:
        return header.inputs[list(record.rows), weight.row]
    return record.outputs[weight.layer - 1][:, weight.row]


@np.errstate(all="ignore")
def running_totals(header: Header, record: BatchRecord, weight: Weight) -> Array:
    """The bank after 0, 1, … samples: (samples + 1,), starting at +0.0."""
    result: Array = np.add.accumulate(np.concatenate([[0.0], slices(header, record, weight)]))
    return result


@np.errstate(all="ignore")
def totals(header: Header, record: BatchRecord, layer: int, banked: int | None = None) -> Array:
    """The banks of a layer after the first `banked` samples (all when None): like the layer's weights."""
    inputs = layer_inputs(header, record, layer, slice(banked))
    return bank_totals(inputs, record.blame[layer][:banked])


@np.errstate(all="ignore")
def all_slices(header: Header, record: BatchRecord, layer: int, sample: int) -> Array:
    """One sample's slices (1-based sample) of all weights of a layer: like the layer's weights."""
    inputs = layer_inputs(header, record, layer, slice(sample - 1, sample))[0]
    result: Array = inputs[:, None] * record.blame[layer][sample - 1][None, :]
    return result


@np.errstate(all="ignore")
def every_slice(header: Header, record: BatchRecord) -> Array:
    """Every sample's slices of all weights: (samples, weights), these layer by layer as in one vector."""
    parts = []
    for layer, blame in enumerate(record.blame):
        slices = layer_inputs(header, record, layer)[:, :, None] * blame[:, None, :]
        parts.append(slices.reshape(record.count, -1))
    return np.concatenate(parts, axis=1)


@np.errstate(all="ignore")
def sum_of_averages(inputs: Array, blame: Array, size: int) -> Array:
    """((0 + a1) + a2) + … over micro-batches of `size` samples: each one's bank by itself, divided by its own count.

    inputs: (samples, n), the bias's 1 included; blame: (samples, outputs) -> (n, outputs).
    """
    result = np.zeros((inputs.shape[1], blame.shape[1]))
    for start in range(0, len(inputs), size):
        part = inputs[start : start + size]
        result = result + bank_totals(part, blame[start : start + size]) / float(len(part))
    return result
