"""What a network says of rows that it never learned from, with the weights that the ledger recorded."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from piggybank.ledger.measured import forward
from piggybank.ledger.records import Header, LedgerError
from piggybank.ordered import Array
from piggybank.scaling import Scaling
from piggybank.wording import counted, quote


def predict(header: Header, weights: Sequence[Array], rows: Any, measured: bool) -> Array:
    """See `Ledger.predict`."""
    if not isinstance(measured, (bool, np.bool_)):
        raise LedgerError(f"measured should be True or False, got {quote(measured)}; try measured=True")
    inputs = _table(header, rows)
    with np.errstate(all="ignore"):
        return forward(header, weights, _scaled(header, inputs) if measured else inputs)[0][-1]


def _table(header: Header, rows: Any) -> Array:
    names = header.input_names
    example = f"[[{', '.join('0' for _ in names[:4])}{', …' if len(names) > 4 else ''}]]"
    asked = f"expected rows of {counted(len(names), 'number')} each ({', '.join(names[:4])}{', …' * (len(names) > 4)})"
    try:
        table: Array = np.array(rows, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise LedgerError(f"{asked}, got {quote(rows)}; try {example}") from None
    if table.ndim != 2 or table.shape[1] != len(names):
        raise LedgerError(f"{asked}, got an array of shape {table.shape}; try {example}")
    if not np.isfinite(table).all():
        raise LedgerError(f"{asked}, got some that are infinite or not a number; leave those rows out")
    return table


def _scaled(header: Header, measured: Array) -> Array:
    """Every number scaled as its column's were, rounded once."""
    found: Array = measured.copy()
    for column, (text, name) in enumerate(zip(header.scaling, header.input_names, strict=False)):
        scaling = Scaling.of(text, name)
        if scaling is not None:
            exact = [Fraction(repr(value)) for value in measured[:, column].tolist()]  # the decimals that were meant
            try:
                found[:, column] = [float((value * scaling.unit - scaling.centre) / scaling.power) for value in exact]
            except OverflowError:
                raise LedgerError(
                    f"{quote(name)} cannot be scaled, a number is too large; try what was measured"
                ) from None
    return found
