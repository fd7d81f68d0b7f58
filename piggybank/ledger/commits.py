"""A commit carried out: what the rule's recipe is given, and the recipe on all weights at once.

Training, the ledger between its checkpoints and the receipts all come here, so that there is one account of what the
names of a recipe mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from piggybank import halves
from piggybank.ledger import bank
from piggybank.ledger.records import Header
from piggybank.ledger.storage import flat
from piggybank.ordered import Array
from piggybank.recipe import Recipe, Reduction

Coins = Sequence["tuple[Array, Array]"]
"""Per layer what its weights were multiplied by, (samples, inputs [+ 1]), and its blame, (samples, neurons)."""


def numbers(header: Header, batch: int) -> dict[str, float]:
    """What is one number for all weights and known before the batch: constants, those that the schedule sets anew, and
    the counts of the batch."""
    values = {**header.constants, **scheduled(header, batch)}
    values["count"] = float(header.count(batch))
    if "commit" in header.needs:
        values["commit"] = clock(header, batch)["commit"]
    if "epoch" in header.needs:
        values["epoch"] = clock(header, batch)["epoch"]
    if "batch_size" in header.needs:
        values["batch_size"] = float(header.batch_size)
    if "micro_batches" in header.needs:
        values["micro_batches"] = float(-(-header.count(batch) // header.micro_size))
    return values


def clock(header: Header, batch: int) -> dict[str, float]:
    """What a schedule goes by; in a fork it goes on counting."""
    commits, epochs = (header.parent.commits, header.parent.epochs) if header.parent else (0, 0)
    return {
        "commit": float(commits + batch),
        "epoch": float(epochs + header.epoch(batch)),
        "commits_per_epoch": float(header.batches_per_epoch),
    }


def scheduled(header: Header, batch: int) -> dict[str, float]:
    """Every name that the schedule's lines define, at that batch; none without a schedule."""
    if not header.schedule.lines:
        return {}
    found = header.schedule.on_floats({**header.constants, **clock(header, batch)})
    return {name: found[name] for name, _ in header.schedule.lines}


def given(
    header: Header, batch: int, coins: Coins, before: Array, memory: dict[str, Any], totals: Array | None = None
) -> dict[str, Any]:
    """What the recipe starts from, by name: (weights,) arrays, layer by layer, or one number for all.

    before: the weights, and memory: what the rule kept, both in that form; totals: the banks, if known already.
    """
    values: dict[str, Any] = {**numbers(header, batch), **memory, "before": before}
    values["total"] = flat([halves.bank_totals(*pair) for pair in coins]) if totals is None else totals
    if "sum_of_averages" in header.needs:
        values["sum_of_averages"] = flat([bank.sum_of_averages(*pair, header.micro_size) for pair in coins])
    if "repeats" in header.needs:
        values["repeats"] = repeats(header)
    return values


def carry_out(header: Header, values: Mapping[str, Any]) -> dict[str, Any]:
    """Every name of the recipe after its last line, from what `given` gives."""
    result = header.recipe.on_arrays(values)
    for name in ("after", *header.memory):  # a line without arrays gives one number for all
        result[name] = np.broadcast_to(result[name], values["before"].shape)
    return result


def terms(header: Header, values: Mapping[str, Any], name: str) -> Array:
    """What the reduction `name` of the recipe adds up or compares, of all weights in their order."""
    lines = header.recipe.lines
    place = [line for line, _ in lines].index(name)
    reduction = lines[place][1]
    assert isinstance(reduction, Reduction)
    found = reduction.inner.on_arrays(Recipe(lines[:place]).on_arrays(values))
    result: Array = np.broadcast_to(found, values["before"].shape)
    return result


def repeats(header: Header) -> Array:
    """For every weight 1; for a bias the number of its layer's inputs: how often a loop over inputs comes by."""
    parts = []
    for layer in header.layers:
        part = np.ones(layer.shape)
        if layer.has_bias:
            part[-1] = float(len(layer.sources))
        parts.append(part)
    return flat(parts)
