"""References that several parts of the picture share."""

from __future__ import annotations

from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Ref


def error_ref(ledger: Ledger, output: str, batch: int, sample: int) -> Ref | None:
    """The receipt behind prediction − target of an output: a line of the loss, or the blame where that is all of it."""
    if ledger.header.loss_fused:
        return Ref("blame", output, batch, sample)
    place = ledger.header.layers[-1].neurons.index(output)
    lines = ledger.open(Ref("loss", "", batch, sample)).lines
    found = [line.ref for line in lines if line.label == "Error" and line.operator == "="]
    return found[place] if place < len(found) else None
