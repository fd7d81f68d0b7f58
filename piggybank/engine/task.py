"""What one training step has to compute, as the fast paths are told: shapes and formulas, nothing of data or ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from piggybank.formula import Formula
from piggybank.recipe import Recipe


@dataclass(frozen=True)
class LayerTask:
    """inputs and neurons: how many; shared: lines over all neurons of the layer, then value and slope of each."""

    inputs: int
    neurons: int
    has_bias: bool
    shared: Recipe
    value: Formula
    slope: Formula

    @property
    def rows(self) -> int:
        """Rows of its weights: the bias's comes last."""
        return self.inputs + self.has_bias


@dataclass(frozen=True)
class Task:
    """blame: the loss's, by the weighted sums when fused, otherwise by the outputs; recipe: the commit's lines.

    memory is kept per weight, shared_memory is one number each. numbers: constants that all commits share, by name;
    varying: names of those that each commit is given anew. micro_size: samples of a micro-batch, 0 for all of them.
    """

    layers: tuple[LayerTask, ...]
    blame: Formula
    fused: bool
    recipe: Recipe
    memory: tuple[str, ...]
    shared_memory: tuple[str, ...]
    numbers: Mapping[str, float]
    varying: tuple[str, ...] = ()
    micro_size: int = 0

    @property
    def weights(self) -> int:
        return sum(layer.rows * layer.neurons for layer in self.layers)

    @property
    def state(self) -> int:
        """Numbers kept after a commit: weights, memory likewise, shared memory."""
        return self.weights * (1 + len(self.memory)) + len(self.shared_memory)
