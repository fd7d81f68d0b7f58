"""Outputs by the names of their classes, wherever a number of theirs is spoken of: "y2 · Chinstrap"."""

from __future__ import annotations

from piggybank.ledger.records import Header


def has_columns(header: Header) -> bool:
    """Whether each output stands for a class of its own."""
    return len(header.classes) == len(header.layers[-1].neurons) > 1


def class_of(header: Header, neuron: str) -> str:
    """The class that an output stands for, "" for any other neuron."""
    names = header.layers[-1].neurons
    return header.classes[names.index(neuron)] if has_columns(header) and neuron in names else ""


def named(header: Header, neuron: str) -> str:
    """A neuron as receipts call it: an output that stands for a class with the class's name."""
    found = class_of(header, neuron)
    return f"{neuron} · {found}" if found else neuron


def target_word(header: Header, neuron: str) -> str:
    """What the target of an output is called; where it stands for a class, with the class's name."""
    return f"Target {class_of(header, neuron)}".rstrip()
