"""What a run starts from, as its ledger's header states it, and whether its parts are of their kinds."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from piggybank.engine.checks import is_whole
from piggybank.engine.data import DataError, Dataset
from piggybank.engine.faults import Plan
from piggybank.engine.losses import Loss
from piggybank.engine.network import Network
from piggybank.engine.rule import Rule
from piggybank.ledger.records import Header, Layer, LedgerError
from piggybank.ordered import Array
from piggybank.wording import quote


@dataclass(frozen=True)
class Parts:
    """What a run is made of."""

    network: Network
    data: Dataset
    loss: Loss
    rule: Rule
    plan: Plan


def check_parts(network: Network, rule: Rule, shuffle: bool | int, reduce: str) -> None:
    """DataError, one sentence, for an argument of the wrong kind."""
    if not isinstance(network, Network):
        raise DataError(f"network should be a Network, got {quote(network)}; try Network(Dense(2, 1))")
    check_rule(rule)
    if not (isinstance(shuffle, bool) or is_whole(shuffle, -math.inf)):
        raise DataError(f"shuffle should be True, or a whole number as its seed, got {quote(shuffle)}; try shuffle=3")
    if not isinstance(reduce, str) or reduce not in ("average", "total"):
        raise DataError(f"reduce should be 'average' or 'total', got {quote(reduce)}; try 'average'")


def check_rule(rule: Rule) -> None:
    """DataError for anything that is not a rule."""
    if not isinstance(rule, Rule):
        raise DataError(f"rule should be a rule such as SGD(learning_rate=0.1), got {quote(rule)}")


def path_of(path: str | os.PathLike[str]) -> Path:
    """Where to save; LedgerError for anything that is not a path."""
    try:
        return Path(path)
    except TypeError:
        raise LedgerError(f"save expects the path of a file, got {quote(path)}; try 'run.piggy'") from None


def header_of(parts: Parts, initial: Sequence[Array], reduce: str, batch_size: int, shuffled: bool) -> Header:
    """initial: one read-only array per layer; batch_size: samples of a commit."""
    data, rule, loss, names = parts.data, parts.rule, parts.loss, parts.network.neurons
    layers = tuple(
        Layer(
            tuple(names[index]),
            tuple(names[index + 1]),
            layer.has_bias,
            layer.activation.name,
            layer.activation.value,
            layer.activation.slope,
            layer.activation.shared,
        )
        for index, layer in enumerate(parts.network.layers)
    )
    return Header(
        data_name=data.name,
        source=data.source,
        inputs=data.inputs,
        targets=data.targets,
        input_names=data.input_names,
        target_names=data.target_names,
        row_names=data.row_names,
        layers=layers,
        loss_name=loss.name,
        loss_value=loss.value,
        loss_blame=loss.blame,
        loss_fused=loss.needs is not None,
        rule_name=rule.name,
        recipe=parts.plan.recipe,
        constants=MappingProxyType(rule.settings),
        memory=parts.plan.memory,
        shared_memory=parts.plan.shared_memory,
        schedule=rule.rates,
        house=MappingProxyType(dict(rule.house)),
        reduce=reduce,
        batch_size=batch_size,
        shuffled=shuffled,
        classes=data.classes,
        scaling=data.scaling,
        initial=tuple(initial),
    )
