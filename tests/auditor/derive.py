"""Ledger records derived from a header and an order of rows, with a place to lie at every step.

Without a lie the records are those of an honest run; a test says so. A lie is carried through to all that follows from
it, so that a forged ledger is false at one step only and whatever comes after fits.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from piggy import Record, arrays, digest, number, rows

from piggybank.formula import Formula
from piggybank.ordered import Array, blame_shares, weighted_sums, with_one
from piggybank.recipe import Recipe

Lie = Callable[[str, int, Any], Any]
"""Given the step, the batch and the true value, what is recorded and used from then on."""


def honest(step: str, batch: int, value: Any) -> Any:
    return value


def matrix(value: Any) -> Array:
    return np.array(rows(value))


def numbers_of(constants: Record) -> dict[str, Any]:
    return {name: float(value) for name, value in constants.items()}


def like(value: Any, shape: tuple[int, ...]) -> Array:
    return np.array(np.broadcast_to(np.asarray(value, dtype=np.float64), shape))


def derive(header: Record, order: Sequence[Sequence[int]], lie: Lie = honest) -> list[Record]:
    """The header and one record for each batch of rows. Steps that can be lied about, in this order:

    "weights" (flat, as the passes meet them), "inputs", "targets", "z 0", "outputs 0", "z 1" …, "blame 1", "blame 0" …,
    "coins" (of each sample, flat), "known" (all that the recipe is given), "kept" (all that it says), "record".
    """
    with np.errstate(all="ignore"):
        return list(_derive(copy.deepcopy(header), order, lie))


def _derive(header: Record, order: Sequence[Sequence[int]], lie: Lie) -> Any:
    yield header
    inputs, targets = matrix(header["data"]["inputs"]), matrix(header["data"]["targets"])
    rule, shapes = header["rule"], [matrix(part).shape for part in header["initial"]]
    recipe, constants = Recipe.of(rule["recipe"]), numbers_of(rule["constants"])
    flat = np.concatenate([matrix(part).ravel() for part in header["initial"]])
    memory: dict[str, Any] = {name: np.zeros_like(flat) for name in rule["memory"]}
    memory |= dict.fromkeys(rule["shared_memory"], 0.0)
    for name, value in header["initial_memory"].items():
        whole = name in rule["shared_memory"]
        memory[name] = float(value) if whole else np.concatenate([matrix(part).ravel() for part in value])
    parent = header["parent"] or {"empty": [], "commits": 0, "epochs": 0}
    batches_per_epoch = -(-(len(inputs) + len(parent["empty"])) // header["batch_size"])
    for batch, taken in enumerate(order, start=1):
        taken = list(taken)
        epoch = (header["skip"] + batch - 1) // batches_per_epoch + 1
        met = lie("weights", batch, flat)
        x, t = lie("inputs", batch, inputs[taken]), lie("targets", batch, targets[taken])
        given, outputs, blame = passes(header, split(met, shapes), x, t, batch, lie)
        pairs = list(zip(given, blame, strict=True))
        coins = [np.concatenate([np.outer(g[s], b[s]).ravel() for g, b in pairs]) for s in range(len(taken))]
        coins = lie("coins", batch, coins)
        clock = {"commit": float(parent["commits"] + batch), "epoch": float(parent["epochs"] + epoch)}
        clock["commits_per_epoch"] = float(batches_per_epoch)
        scheduled = Recipe.of(rule["schedule"]).on_arrays({**constants, **clock})
        known = {**constants, **memory, "total": added(coins), "count": float(len(taken)), "before": flat}
        known |= {name: scheduled[name] for name, _ in Recipe.of(rule["schedule"]).lines}
        micro = header["batch_size"] // header["accumulate"]
        parts = [coins[start : start + micro] for start in range(0, len(taken), micro)]
        known["sum_of_averages"] = added([added(part) / len(part) for part in parts])
        known["repeats"] = np.concatenate([repeats(layer) for layer in header["layers"]])
        known |= {"commit": clock["commit"], "epoch": clock["epoch"], "batch_size": float(header["batch_size"])}
        known |= {"micro_batches": float(-(-len(taken) // micro))}
        known = lie("known", batch, known)
        rate = float(known.get("learning_rate", math.nan))
        kept = recipe.on_arrays(known)
        kept = lie("kept", batch, {name: kept[name] for name in ("after", *memory)})
        flat = like(kept["after"], flat.shape)
        shared = rule["shared_memory"]
        memory = {name: like(kept[name], flat.shape) for name in rule["memory"]}
        memory |= {name: float(kept[name]) for name in shared}
        full = flat.size <= 4096 or batch % 64 == 0
        record = {
            "batch": batch,
            "epoch": epoch,
            "rows": taken,
            "learning_rate": number(rate),
            "outputs": arrays(outputs),
            "blame": arrays(blame),
            "memory": {
                name: number(value) if isinstance(value, float) else written(value, shapes, full)
                for name, value in memory.items()
            },
            "weights": written(flat, shapes, full),
        }
        yield lie("record", batch, record)


def added(coins: Sequence[Array]) -> Array:
    """((0 + s1) + s2) + …"""
    total = np.zeros_like(coins[0]) if len(coins) else np.zeros(1)
    for coin in coins:
        total = total + coin
    return total


def repeats(layer: Record) -> Array:
    """For every weight 1, for a bias how many inputs its layer has."""
    inputs, width = len(layer["sources"]), len(layer["neurons"])
    return np.array([1.0] * (inputs * width) + [float(inputs)] * (layer["bias"] * width))


def written(flat: Array, shapes: list[Any], full: bool) -> Any:
    parts = split(flat, shapes)
    return arrays(parts) if full else digest(parts)


def split(flat: Array, shapes: list[Any]) -> list[Array]:
    ends = np.cumsum([height * width for height, width in shapes])[:-1]
    return [part.reshape(shape) for part, shape in zip(np.split(flat, ends), shapes, strict=True)]


def passes(
    header: Record, weights: list[Array], x: Array, t: Array, batch: int, lie: Lie
) -> tuple[list[Array], list[Array], list[Array]]:
    """What each layer was given, its outputs and its blame."""
    given, outputs, known = [], [], []
    for index, (layer, part) in enumerate(zip(header["layers"], weights, strict=True)):
        given.append(with_one(x) if layer["bias"] else x)
        z = lie(f"z {index}", batch, weighted_sums(given[-1], part))
        values = Recipe.of(layer["shared"]).on_arrays({"z": z}, axis=1)
        a = like(Formula(layer["value"]).on_arrays(values), z.shape)
        outputs.append(lie(f"outputs {index}", batch, a))
        known.append({**values, "a": outputs[-1]})
        x = outputs[-1]
    blame: list[Array] = []
    arriving = like(Formula(header["loss"]["blame"]).on_arrays({**known[-1], "t": t}), x.shape)
    for index in range(len(weights) - 1, -1, -1):
        layer = header["layers"][index]
        if not (index == len(weights) - 1 and header["loss"]["fused"]):
            arriving = arriving * like(Formula(layer["slope"]).on_arrays(known[index]), arriving.shape)
        blame.insert(0, lie(f"blame {index}", batch, arriving))
        arriving = blame_shares(blame[0], weights[index][: len(layer["sources"])])
    return given, outputs, blame
