"""The frozen records of a run. They only hold; what can be derived from them stands in the modules beside."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from piggybank.formula import Formula
from piggybank.ledger.cut import Cut
from piggybank.ledger.weights import BIAS, FEW, Named, Weight, Weights, weight_in
from piggybank.ordered import Array
from piggybank.recipe import Recipe

__all__ = ["BIAS", "BatchRecord", "Header", "Layer", "LedgerError", "Parent", "Weight", "read_only", "split"]


class LedgerError(LookupError):
    """A ledger or its file does not hold what was asked for, or cannot be written; the message says what to try."""

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
    """One dense layer: names of its sources (without the bias) and of its neurons, and its activation's formulas.

    shared: lines carried out before `value` and `slope`, whose names these may use; a reduction in them runs over the
    layer's neurons, sample by sample (softmax). Of the last layer, the loss's formulas may use them too.
    """

    sources: tuple[str, ...]
    neurons: tuple[str, ...]
    has_bias: bool
    activation: str
    value: Formula
    slope: Formula
    shared: Recipe = field(default_factory=lambda: Recipe(()))

    @property
    def shape(self) -> tuple[int, int]:
        """Of its weights: (inputs [+ 1], outputs)."""
        return len(self.sources) + self.has_bias, len(self.neurons)


@dataclass(frozen=True)
class Parent:
    """The run that a run was forked from: its seal, the last of its batches that both share (0: none), and the names
    of those of its rows that the fork does without, none of which is the name of a row that the fork has.

    empty: the places of an epoch that these rows leave, see `Cut`. commits, epochs: how many the schedule counts before
    the fork's first."""

    seal: str
    batch: int
    without: tuple[str, ...] = ()
    empty: tuple[int, ...] = ()
    commits: int = 0
    epochs: int = 0


@dataclass(frozen=True, eq=False)
class Header:
    """All that a run starts from: its data, network, loss, rule and initial weights."""

    data_name: str
    source: str  # where the data are from
    inputs: Array  # (rows, inputs)
    targets: Array  # (rows, outputs)
    input_names: tuple[str, ...]
    target_names: tuple[str, ...]
    row_names: tuple[str, ...]
    layers: tuple[Layer, ...]
    loss_name: str
    loss_value: Formula
    loss_blame: Formula
    loss_fused: bool  # the blame formula already contains the last activation's slope
    rule_name: str
    recipe: Recipe
    constants: Mapping[str, float]
    memory: tuple[str, ...]  # names of numbers kept for each weight between commits
    reduce: str  # "average" or "total"
    batch_size: int  # samples of a commit, a number also when "all" was asked for
    shuffled: bool
    initial: tuple[Array, ...]  # the first weights, for each layer of its shape
    shared_memory: tuple[str, ...] = ()  # names of numbers kept between commits, one for all weights
    schedule: Recipe = field(default_factory=lambda: Recipe(()))
    """Evaluated at each commit from `commit`, `epoch`, `commits_per_epoch` and the constants; a name that its lines
    define takes the constant's place."""
    house: Mapping[str, str] = field(default_factory=dict)  # recipe lines that today's samples did not cause, and words
    fault: str = ""  # the name of a deliberate fault, which the recipe then contains
    accumulate: int = 1  # micro-batches of a commit
    classes: tuple[str, ...] = ()  # names of the classes that the targets are
    scaling: tuple[str, ...] = ()  # for each input column how the measured number became the input
    parent: Parent | None = None  # of a fork
    skip: int = 0  # of a fork: batches of its first epoch that the parent did
    initial_memory: Mapping[str, tuple[Array, ...] | float] = field(default_factory=dict)
    """Of a fork: like `initial`, one number for a shared name; zeros for a name that is not in it."""

    @cached_property
    def rows(self) -> int:
        return len(self.inputs)

    @cached_property
    def cut(self) -> Cut:
        """An epoch's batches."""
        return Cut(self.rows, self.batch_size, self.parent.empty if self.parent else ())

    @cached_property
    def batches_per_epoch(self) -> int:
        return self.cut.batches

    def place(self, batch: int) -> int:
        """How many batches of its epoch came before a batch (1-based)."""
        return (batch - 1 + self.skip) % self.batches_per_epoch

    def count(self, batch: int) -> int:
        """Samples in a batch (1-based): the last one of an epoch may be short, as may those that lost a row."""
        return self.cut.count(self.place(batch))

    def epoch(self, batch: int) -> int:
        """The epoch (1-based) a batch belongs to."""
        return (batch - 1 + self.skip) // self.batches_per_epoch + 1

    @property
    def micro_size(self) -> int:
        """Samples of a micro-batch; of a whole batch where nothing is accumulated."""
        return self.batch_size // self.accumulate

    @cached_property
    def is_plain(self) -> bool:
        """Whether an adjustment is -learning_rate times the average, or the total, and nothing else takes part."""
        lines = ("average = total / count", "adjustment = -learning_rate * average", "after = before + adjustment")
        return self.recipe.text in (lines, ("adjustment = -learning_rate * total", lines[2]))

    @cached_property
    def is_scheduled(self) -> bool:
        """Whether a commit's learning rate is what a schedule makes of the constant."""
        return "learning_rate" in dict(self.schedule.lines)

    @cached_property
    def needs(self) -> frozenset[str]:
        """The names that the rule's recipe uses."""
        return frozenset(name for _, formula in self.recipe.lines for name in formula.names)

    @cached_property
    def neuron_layers(self) -> tuple[tuple[str, ...], ...]:
        """Names of the inputs, then of each layer's neurons."""
        return (self.layers[0].sources, *(layer.neurons for layer in self.layers))

    def shape(self, between: str) -> str:
        """How many inputs, then neurons of each layer, such as 2-3-1."""
        return between.join(str(len(names)) for names in self.neuron_layers)

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
    weights_before, weights_after: per layer (inputs [+ 1], outputs), a bias's row last.
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
