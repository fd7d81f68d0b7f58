"""What a run starts from, as its ledger's header states it, and whether its parts fit together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

from piggybank.engine.data import DataError, Dataset
from piggybank.engine.faults import Plan
from piggybank.engine.losses import Loss
from piggybank.engine.network import Network
from piggybank.engine.rule import Rule
from piggybank.ledger.records import Header, Layer
from piggybank.ordered import Array


@dataclass(frozen=True)
class Parts:
    """What a run is made of."""

    network: Network
    data: Dataset
    loss: Loss
    rule: Rule
    plan: Plan


def check_fit(network: Network, data: Dataset, loss: Loss, rule: Rule, reduce: str) -> None:
    """DataError, one sentence, for parts that do not fit together."""
    first, last = network.layers[0], network.layers[-1]
    columns, outputs = data.inputs.shape[1], data.targets.shape[1]
    if first.inputs != columns:
        raise DataError(
            f"the network expects {first.inputs} inputs, {data.name!r} has {columns}; "
            f"try Dense({columns}, {first.outputs}) as the first layer"
        )
    if last.outputs != outputs:
        raise DataError(
            f"the network gives {last.outputs} outputs, {data.name!r} has {outputs} targets a row; "
            f"try Dense({last.inputs}, {outputs}) as the last layer"
        )
    network.check_loss(loss)
    if reduce not in ("average", "total"):
        raise DataError(f"reduce should be 'average' or 'total', got {reduce!r}; try 'average'")
    if not isinstance(rule, Rule):
        raise DataError(f"rule should be a rule such as SGD(learning_rate=0.1), got {rule!r}")


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
