"""The weights of a network as places with names: made when asked for, so that a large network costs nothing."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, TypeVar, overload

if TYPE_CHECKING:
    from piggybank.ledger.records import Layer

BIAS = "bias"


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


def weight_at(layers: Sequence[Layer], place: int) -> Weight:
    """The weight at a place, from 0, of the vector of all weights: layer by layer, source by source."""
    starts = [0, *accumulate(math.prod(layer.shape) for layer in layers)]
    layer = bisect_right(starts, place) - 1
    return weight_in(layers, layer, *divmod(place - starts[layer], len(layers[layer].neurons)))


def place_of(layers: Sequence[Layer], weight: Weight) -> int:
    """Where a weight stands in that vector."""
    before = sum(math.prod(layer.shape) for layer in layers[: weight.layer])
    return before + weight.row * len(layers[weight.layer].neurons) + weight.column


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
