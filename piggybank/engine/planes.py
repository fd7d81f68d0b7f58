"""Where a batch's outputs and blame lie while numpy works on them.

Both ways show the same arrays of (samples, neurons). One neuron's numbers side by side make the inner loops as long as
the batch, which is quicker for narrow layers; one sample's side by side is how the ledger keeps them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from piggybank.ordered import Array

Part: TypeAlias = "tuple[Array, Array, Array]"
"""Of some data rows: the inputs to add up blame with, the same to predict with, and the targets as they are stored."""


class BySample:
    """outputs, blame: of each layer, in one vector. size: how many numbers the ledger takes."""

    def __init__(self, count: int, widths: Sequence[int]) -> None:
        self.size = 2 * count * sum(widths)
        self._count = count
        self._samples = np.zeros(self.size)
        parts = views(self._samples, [(count, width) for width in [*widths, *widths]])
        self.outputs, self.blame = parts[: len(widths)], parts[len(widths) :]

    def numbers(self, width: int) -> Array:
        """Room for (samples, width) numbers that the ledger does not want."""
        return np.zeros((self._count, width))

    def stored(self, array: Array) -> Array:
        """(samples, neurons) the way it lies in memory, for what is done number by number."""
        return array

    def given(self, layer: int, bias: bool) -> tuple[Array, Array]:
        """What a layer gives the next, (samples, neurons), for a bias with ones behind: to add up blame with, and to
        predict with. The first is the layer's outputs themselves, or room that they have to be copied into."""
        room = self._room(layer, bias) if bias else self.outputs[layer]
        return room, room

    def _room(self, layer: int, bias: bool) -> Array:
        return np.ones((self._count, self.outputs[layer].shape[1] + bias))

    def turned(self, weights: Array) -> Array:
        """Weights to take blame back with, (neurons, rows): these, or room that they have to be copied into."""
        return np.zeros(weights.shape)

    def part(self, inputs: Array, targets: Array, keep: bool) -> Part:
        """Data rows, (samples, inputs) and (samples, outputs), for a step. keep: they are needed again."""
        return inputs, inputs, targets

    def recording(self, bind: Callable[[Any], str], samples: str) -> str:
        """A statement that writes them as the ledger keeps them: each layer's outputs, then its blame, by sample.
        samples: a name for its `size` numbers; bind: gives an object a name."""
        return f"{samples}[:] = {bind(self._samples)}"


class ByNeuron(BySample):
    """As `BySample`, each array transposed in memory; behind every layer's outputs stand a bias's ones (`with_one`)."""

    def __init__(self, count: int, widths: Sequence[int]) -> None:
        self.size = 2 * count * sum(widths)
        self._count = count
        shapes = [*[(width + 1, count) for width in widths], *[(width, count) for width in widths]]
        self._numbers = np.ones(count * sum(rows for rows, _ in shapes))
        parts = [part.T for part in views(self._numbers, shapes)]
        self.with_one, self.blame = parts[: len(widths)], parts[len(widths) :]
        self.outputs = [part[:, :-1] for part in self.with_one]
        places = [part.T for part in views(np.arange(self._numbers.size), shapes)]
        outputs = [part[:, :-1] for part in places[: len(widths)]]
        self._order = np.concatenate([part.ravel() for part in (*outputs, *places[len(widths) :])])

    def numbers(self, width: int) -> Array:
        return np.zeros((self._count, width), order="F")

    def stored(self, array: Array) -> Array:
        turned: Array = array.T
        return turned

    def given(self, layer: int, bias: bool) -> tuple[Array, Array]:
        return self._room(layer, bias), self.with_one[layer] if bias else self.outputs[layer]

    def turned(self, weights: Array) -> Array:
        return weights

    def part(self, inputs: Array, targets: Array, keep: bool) -> Part:
        if keep:
            return inputs, np.asfortranarray(inputs), np.ascontiguousarray(targets.T)
        return inputs, inputs, targets.T

    def recording(self, bind: Callable[[Any], str], samples: str) -> str:
        return f"{bind(self._numbers)}.take({bind(self._order)}, 0, {samples}, 'clip')"


def views(flat: NDArray[Any], shapes: Sequence[tuple[int, ...]]) -> list[Any]:
    """The start of a vector as arrays of those shapes, one after the other."""
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes]).tolist()
    return [flat[end - int(np.prod(shape)) : end].reshape(shape) for end, shape in zip(ends, shapes, strict=True)]
