"""Losses of whole batches, derived when somebody looks: the engine's formulas on recorded numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from piggybank.ledger.records import Header
from piggybank.ordered import Array


def uses_sums(header: Header) -> bool:
    """Whether the loss looks at the last layer's weighted sums too, as cross-entropy does."""
    return not set(header.loss_value.names) <= {"a", "t"}


def sample_losses(header: Header, outputs: Array, targets: Array, sums: Array | None) -> Array:
    """Every sample's loss, the sum over its outputs in order: (samples,).

    outputs, targets, and the last layer's weighted sums when the loss `uses_sums`: (samples, outputs).
    """
    values: dict[str, Any] = {} if sums is None else header.layers[-1].shared.on_arrays({"z": sums}, axis=1)
    found = np.asarray(header.loss_value.on_arrays({**values, "a": outputs, "t": targets}), dtype=np.float64)
    losses = np.broadcast_to(found, outputs.shape)
    result: Array = np.add.accumulate(losses + 0.0, axis=1)[:, -1]
    return result


def mean(losses: Array) -> float:
    """Added left to right from +0.0, divided by their number."""
    return float(np.add.accumulate(np.concatenate([[0.0], losses]))[-1]) / len(losses)
