"""Classes by their names: what a network says of a sample, and whether that is right."""

from __future__ import annotations

from functools import lru_cache

from piggybank.ledger.ledger import Ledger
from piggybank.ledger.records import Header
from piggybank.stage.digits import subscript

HALF = 0.5
"""A single output says the second of two classes from here on."""


def has_columns(header: Header) -> bool:
    """Whether each output stands for a class of its own."""
    return len(header.classes) == len(header.layers[-1].neurons) > 1


def class_of(header: Header, neuron: str) -> str:
    """The class that an output stands for, "" for any other neuron."""
    names = header.layers[-1].neurons
    return header.classes[names.index(neuron)] if has_columns(header) and neuron in names else ""


def output_word(header: Header, neuron: str) -> str:
    """An output with its class, "y₃ Gentoo"."""
    return f"{subscript(neuron)} {class_of(header, neuron)}".rstrip()


@lru_cache(maxsize=256)
def right_of(ledger: Ledger, batch: int) -> tuple[bool, ...]:
    """Of each sample of a batch whether the network says its class: the largest output, the first of equal ones. Empty
    where the targets are no classes."""
    header, record = ledger.header, ledger.batch(batch)
    outputs, targets = record.outputs[-1], header.targets[list(record.rows)]
    if has_columns(header):
        return tuple((outputs.argmax(axis=1) == targets.argmax(axis=1)).tolist())
    if len(header.classes) == 2 and outputs.shape[1] == 1:
        return tuple(((outputs[:, 0] >= HALF) == (targets[:, 0] >= HALF)).tolist())
    return ()
