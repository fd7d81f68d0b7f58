"""The data of a run: as its network and its loss take them, some rows held back, and whether they fit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from piggybank.engine.classes import as_classes, classes_in
from piggybank.engine.data import DataError, Dataset, load
from piggybank.engine.held import hold_back
from piggybank.engine.losses import Loss
from piggybank.engine.network import Network
from piggybank.wording import counted


def data_for(
    network: Network,
    loss: Loss,
    data: str | Path | Dataset | tuple[Any, Any],
    target: str | None,
    validation: float | None,
) -> tuple[Dataset, Dataset | None]:
    """What a run learns from, and what it holds back; arguments as for a `Run`. DataError for what does not fit."""
    dataset, held = load(data, target=target), None
    network.check_loss(loss, classes_in(dataset))
    if loss.needs == "softmax":
        dataset = as_classes(dataset, network.layers[-1].outputs)
    if validation is not None:
        dataset, held = hold_back(dataset, validation)
    _check_fit(network, dataset, loss)
    return dataset, held


def _check_fit(network: Network, data: Dataset, loss: Loss) -> None:
    """DataError, one sentence, for parts that do not fit together."""
    first, last = network.layers[0], network.layers[-1]
    columns, outputs = data.inputs.shape[1], data.targets.shape[1]
    if first.inputs != columns:
        raise DataError(
            f"the network expects {counted(first.inputs, 'input')}, {data.name!r} has {columns}; "
            f"try Dense({columns}, {first.outputs}) as the first layer"
        )
    if last.outputs != outputs:
        each, loss_too, kind = "", "", last.activation.name
        if kind == "linear" and len(data.classes) == outputs:
            each, loss_too, kind = ", one for each class", " and loss='cross-entropy'", "softmax"
        raise DataError(
            f"the network gives {counted(last.outputs, 'output')}, {data.name!r} has {counted(outputs, 'target')} a "
            f"row{each}; try Dense({last.inputs}, {outputs}{'' if kind == 'linear' else f', {kind!r}'}) as the last "
            f"layer{loss_too}"
        )
    wrong = np.argwhere((data.targets < 0) | (data.targets > 1))
    if loss.name == "binary cross-entropy" and len(wrong):
        row, column = (int(place) for place in wrong[0])
        raise DataError(
            f"targets, row {row + 1}: binary cross-entropy expects 0, 1 or a share between them, "
            f"but found {data.targets[row, column]:g}; correct the number, or take another loss"
        )
