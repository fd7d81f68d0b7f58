"""Classes by their names: what a network says of a sample, and whether that is right."""

from __future__ import annotations

from piggybank.ledger.accuracy import has_classes
from piggybank.ledger.at_hand import at_hand
from piggybank.ledger.class_names import class_of, has_columns
from piggybank.ledger.counting import rights
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.records import Header
from piggybank.stage.digits import subscript

__all__ = ["class_of", "has_columns", "output_word", "right_of"]


def output_word(header: Header, neuron: str) -> str:
    """An output with its class, "y₃ Gentoo"."""
    return f"{subscript(neuron)} {class_of(header, neuron)}".rstrip()


@at_hand(256)
def right_of(ledger: Ledger, batch: int) -> tuple[bool, ...]:
    """Of each sample of a batch whether the network says its class, as `Ledger.accuracy` counts it. Empty where the
    targets are no classes."""
    if not has_classes(ledger.header):
        return ()
    rows, outputs, _ = ledger.samples_of(batch)
    return tuple(rights(outputs[-1], ledger.header.targets[list(rows)]).tolist())
