"""The frozen records of a run. They only hold; what can be derived from them stands in the modules beside."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from piggybank.formula import Formula, Recipe
from piggybank.ordered import Array

BIAS = "bias"


class LedgerError(LookupError):
    """Something was asked for that the ledger does not hold; the message says what it does hold."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


def read_only(array: Array) -> Array:
    """The same array, refusing writes from now on."""
    array.flags.writeable = False
    return array


def split(flat: Array, shapes: Sequence[tuple[int, ...]]) -> list[Array]:
    """One long vector as arrays of those shapes, one after the other; views, not copies."""
    arrays, place = [], 0
    for shape in shapes:
        size = math.prod(shape)
        arrays.append(flat[place : place + size].reshape(shape))
        place += size
    return arrays


@dataclass(frozen=True)
class Layer:
    """One dense layer: names of its sources (without the bias) and of its neurons, and its activation's formulas."""

    sources: tuple[str, ...]
    neurons: tuple[str, ...]
    has_bias: bool
    activation: str
    value: Formula
    slope: Formula

    @property
    def shape(self) -> tuple[int, int]:
        """Of its weights: (inputs [+ 1], outputs)."""
        return len(self.sources) + self.has_bias, len(self.neurons)


@dataclass(frozen=True)
class Weight:
    """Where a weight stands: layer (0 = first), row of its matrix (source) and column (neuron)."""

    layer: int
    row: int
    column: int
    source: str
    target: str

    @property
    def name(self) -> str:
        return f"{self.source}->{self.target}"

    @property
    def is_bias(self) -> bool:
        return self.source == BIAS


@dataclass(frozen=True, eq=False)
class Header:
    """All that a run starts from: its data, network, loss, rule and initial weights.

    inputs: (rows, inputs), targets: (rows, outputs); batch_size is a number also when "all" was asked for.
    loss_fused: the loss's blame formula already contains the last activation's slope.
    """

    data_name: str
    source: str
    inputs: Array
    targets: Array
    input_names: tuple[str, ...]
    target_names: tuple[str, ...]
    row_names: tuple[str, ...]
    layers: tuple[Layer, ...]
    loss_name: str
    loss_value: Formula
    loss_blame: Formula
    loss_fused: bool
    rule_name: str
    recipe: Recipe
    constants: Mapping[str, float]
    memory: tuple[str, ...]
    reduce: str
    batch_size: int
    shuffled: bool
    initial: tuple[Array, ...]

    @property
    def rows(self) -> int:
        return len(self.inputs)

    @property
    def batches_per_epoch(self) -> int:
        return -(-self.rows // self.batch_size)

    def count(self, batch: int) -> int:
        """Samples in a batch (1-based): the last one of an epoch may be short."""
        last = batch % self.batches_per_epoch == 0
        return self.rows - (self.batches_per_epoch - 1) * self.batch_size if last else self.batch_size

    def epoch(self, batch: int) -> int:
        """The epoch (1-based) a batch belongs to."""
        return (batch - 1) // self.batches_per_epoch + 1

    @cached_property
    def neuron_layers(self) -> tuple[tuple[str, ...], ...]:
        """Names of the inputs, then of each layer's neurons."""
        return (self.layers[0].sources, *(layer.neurons for layer in self.layers))

    @cached_property
    def weights(self) -> tuple[Weight, ...]:
        """Every weight once, grouped by the neuron it feeds, the bias last."""
        found = []
        for index, layer in enumerate(self.layers):
            sources = [*layer.sources, *([BIAS] if layer.has_bias else [])]
            for column, target in enumerate(layer.neurons):
                found += [Weight(index, row, column, source, target) for row, source in enumerate(sources)]
        return tuple(found)

    @cached_property
    def weights_by_name(self) -> dict[str, Weight]:
        return {weight.name: weight for weight in self.weights}

    @cached_property
    def weight_number(self) -> dict[str, int]:
        """1-based place of each weight in `weights`, as shown on screen."""
        return {weight.name: number for number, weight in enumerate(self.weights, 1)}

    @cached_property
    def neurons(self) -> dict[str, tuple[int, int]]:
        """(layer, column) of every computed neuron; layer 0 is the first after the inputs."""
        return {name: (i, j) for i, layer in enumerate(self.layers) for j, name in enumerate(layer.neurons)}


@dataclass(frozen=True, eq=False)
class BatchRecord:
    """One committed batch, all arrays read-only.

    rows: 0-based row ids in the order they were banked; outputs, blame: per layer (samples, neurons);
    weights_before, weights_after: per layer (inputs [+ 1], outputs); memory: per name, like the weights.
    """

    batch: int
    epoch: int
    rows: tuple[int, ...]
    outputs: tuple[Array, ...]
    blame: tuple[Array, ...]
    weights_before: tuple[Array, ...]
    weights_after: tuple[Array, ...]

    @property
    def count(self) -> int:
        return len(self.rows)
