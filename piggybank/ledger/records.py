"""The frozen records of a run. They only hold; what can be derived from them stands in the modules beside."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TypeVar, overload

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


FEW = 4096
"""Up to so many weights are named once and kept; of more, each is named when it is asked for."""
T_co = TypeVar("T_co", covariant=True)


def weight_in(layers: Sequence[Layer], layer: int, row: int, column: int) -> Weight:
    """The weight at a place of a layer's matrix."""
    found = layers[layer]
    source = found.sources[row] if row < len(found.sources) else BIAS
    return Weight(layer, row, column, source, found.neurons[column])


class Weights(Sequence[Weight]):
    """Every weight of some layers once, grouped by the neuron it feeds, the bias last; each made when asked for."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self._layers = layers
        self._starts = [0, *accumulate(math.prod(layer.shape) for layer in layers)]

    def __len__(self) -> int:
        return self._starts[-1]

    @overload
    def __getitem__(self, place: int) -> Weight: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Weight, ...]: ...
    def __getitem__(self, place: int | slice) -> Weight | tuple[Weight, ...]:
        if isinstance(place, slice):
            return tuple(self[number] for number in range(len(self))[place])
        number = range(len(self))[place]
        layer = bisect_right(self._starts, number) - 1
        column, row = divmod(number - self._starts[layer], self._layers[layer].shape[0])
        return weight_in(self._layers, layer, row, column)

    def number(self, weight: Weight) -> int:
        """Its place, from 1."""
        rows = self._layers[weight.layer].shape[0]
        return self._starts[weight.layer] + weight.column * rows + weight.row + 1

    @cached_property
    def _rows(self) -> list[dict[str, int]]:
        return [dict(zip((*x.sources, BIAS), range(x.shape[0]), strict=False)) for x in self._layers]

    @cached_property
    def _targets(self) -> dict[str, tuple[int, int]]:
        return {name: (i, j) for i, layer in enumerate(self._layers) for j, name in enumerate(layer.neurons)}

    def named(self, name: str) -> Weight:
        """The weight of that name; KeyError when there is none."""
        source, _, target = name.partition("->")
        if target not in self._targets or source not in self._rows[self._targets[target][0]]:
            raise KeyError(name)
        layer, column = self._targets[target]
        return weight_in(self._layers, layer, self._rows[layer][source], column)


class Named(Mapping[str, T_co]):
    """Something of each weight, by the weight's name; found when asked for."""

    def __init__(self, weights: Weights, value: Callable[[Weight], T_co]) -> None:
        self._weights, self._value = weights, value

    def __getitem__(self, name: str) -> T_co:
        return self._value(self._weights.named(name))

    def __iter__(self) -> Iterator[str]:
        return (weight.name for weight in self._weights)

    def __len__(self) -> int:
        return len(self._weights)


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
    def weights(self) -> Sequence[Weight]:
        """Every weight once, grouped by the neuron it feeds, the bias last."""
        found = Weights(self.layers)
        return found if len(found) > FEW else tuple(found)

    def weights_into(self, neuron: str) -> tuple[Weight, ...]:
        """The weights that feed a neuron, in order, the bias last."""
        layer, column = self.neurons[neuron]
        sources = range(self.layers[layer].shape[0])
        return tuple(weight_in(self.layers, layer, row, column) for row in sources)

    @cached_property
    def weights_by_name(self) -> Mapping[str, Weight]:
        found = Named(Weights(self.layers), lambda weight: weight)
        return found if len(found) > FEW else dict(found)

    @cached_property
    def weight_number(self) -> Mapping[str, int]:
        """1-based place of each weight in `weights`, as shown on screen."""
        weights = Weights(self.layers)
        found = Named(weights, weights.number)
        return found if len(found) > FEW else dict(found)

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
