"""A run's header as the first line of its file, without its hash. `header_reading.py` is the way back."""

from __future__ import annotations

from typing import Any

from piggybank.ledger.canonical import canonical, digest_of, settled
from piggybank.ledger.records import Header, Layer, Parent
from piggybank.ordered import Array

FORMAT, VERSION = "piggybank", 1
INLINE = 4_194_304
"""Data of more numbers, inputs and targets together, stay outside the file, which has their digests."""
LONGEST_TEXT = 500
"""Characters of a name."""


def header_body(header: Header) -> bytes:
    """The record's text."""
    return canonical(header_object(header)).encode("utf-8")


def header_object(header: Header) -> dict[str, Any]:
    """The header by the keys of the file, in their order."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "data": _data(header),
        "layers": [_layer(layer) for layer in header.layers],
        "loss": {
            "name": one_line(header.loss_name),
            "value": header.loss_value.text,
            "blame": header.loss_blame.text,
            "fused": header.loss_fused,
        },
        "rule": {
            "name": one_line(header.rule_name),
            "recipe": list(header.recipe.text),
            "constants": {name: float(value) for name, value in header.constants.items()},
            "schedule": list(header.schedule.text),
            "memory": list(header.memory),
            "shared_memory": list(header.shared_memory),
            "house": {name: one_line(words) for name, words in header.house.items()},
        },
        "reduce": header.reduce,
        "batch_size": header.batch_size,
        "accumulate": header.accumulate,
        "shuffled": header.shuffled,
        "fault": one_line(header.fault),
        "parent": None if header.parent is None else _parent(header.parent),
        "skip": header.skip,
        "initial": list(header.initial),
        "initial_memory": dict(header.initial_memory),
    }


def _parent(parent: Parent) -> dict[str, Any]:
    without = list(map(one_line, parent.without))
    places = {"empty": list(parent.empty), "commits": parent.commits, "epochs": parent.epochs}
    return {"seal": one_line(parent.seal), "batch": parent.batch, "without": without, **places}


def _data(header: Header) -> dict[str, Any]:
    outside = is_outside(header.inputs.size + header.targets.size)
    return {
        "name": one_line(header.data_name),
        "source": one_line(header.source),
        "input_names": list(map(one_line, header.input_names)),
        "scaling": list(map(one_line, header.scaling)),
        "target_names": list(map(one_line, header.target_names)),
        "classes": list(map(one_line, header.classes)),
        "row_names": list(map(one_line, header.row_names)),
        "inputs": _outside(header.inputs) if outside else header.inputs,
        "targets": _outside(header.targets) if outside else header.targets,
    }


def is_outside(numbers: int) -> bool:
    """Whether data of so many numbers, inputs and targets together, stay outside the file."""
    return numbers > INLINE


def _outside(array: Array) -> dict[str, Any]:
    return {"shape": list(array.shape), "sha256": digest_of(settled(array))}


def _layer(layer: Layer) -> dict[str, Any]:
    return {
        "sources": list(layer.sources),
        "neurons": list(layer.neurons),
        "bias": layer.has_bias,
        "activation": one_line(layer.activation),
        "shared": list(layer.shared.text),
        "value": layer.value.text,
        "slope": layer.slope.text,
    }


def one_line(text: str) -> str:
    """Text as the file has it: one line, no control characters, not endless."""
    kept = "".join(mark if mark.isprintable() else " " for mark in text[: LONGEST_TEXT + 1])
    return kept if len(kept) <= LONGEST_TEXT else kept[: LONGEST_TEXT - 1] + "…"
