"""All numbers of a commit by name, for every weight at once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from piggybank.ledger import bank
from piggybank.ledger.ledger import Ledger
from piggybank.ordered import Array


@np.errstate(all="ignore")
def commit_values(ledger: Ledger, batch: int) -> Mapping[str, Array | float]:
    """Every name of the rule's recipe, and what its memory was before as `savings_before`: one vector for all weights,
    layer by layer, or one number."""
    header, record = ledger.header, ledger.batch(batch)
    memory = {name: flat(parts) for name, parts in ledger.memory_at(batch - 1).items()}
    total = flat([bank.totals(header, record, layer) for layer in range(len(header.layers))])
    given = {"total": total, "count": float(record.count), "before": flat(record.weights_before)}
    values = header.recipe.on_arrays({**header.constants, **memory, **given})
    return {**values, **{f"{name}_before": value for name, value in memory.items()}}


def flat(parts: tuple[Array, ...] | list[Array]) -> Array:
    """Like the weights, as one vector, layer by layer."""
    return np.concatenate([part.ravel() for part in parts])
