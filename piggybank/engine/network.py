"""Dense layers, a network of them, and the names by which people speak of neurons and weights."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from piggybank.engine import coupled
from piggybank.engine.autograd import Tape, Tensor
from piggybank.engine.checks import is_whole
from piggybank.engine.data import DataError
from piggybank.engine.functions import activation as activation_named
from piggybank.engine.losses import Loss
from piggybank.ordered import Array
from piggybank.spelling import spelled
from piggybank.wording import quote, suggestion

MOST_WEIGHTS = 10**8
"""Of one layer: so many fill 800 megabytes, each time that they are kept."""

FEW = 12
"""So many initial values are written out where a layer is echoed."""


@spelled
class Dense:
    """A fully connected layer: weighted sums, then an activation.

    inputs, outputs: how many, at least 1 each. activation: "linear", "relu", "leaky relu", "elu", "gelu", "softplus",
    "softsign", "tanh", "sigmoid" or, in the last layer, "softmax".
    weights: initial weights, (inputs, outputs), as nested lists or an array; drawn from the network's seed when left
    out. bias: initial biases, (outputs,); 0 when left out, False for a layer without bias.
    Raises DataError for widths below 1, an unknown activation, or initial values of the wrong shape.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        activation: str = "linear",
        *,
        weights: Any = None,
        bias: Any = None,
    ) -> None:
        for what, width in (("inputs", inputs), ("outputs", outputs)):
            if not is_whole(width):
                raise DataError(
                    f"Dense expects a whole number of {what}, at least 1, got {quote(width)}; try Dense(2, 3)"
                )
        self.inputs, self.outputs = int(inputs), int(outputs)
        if self.inputs * self.outputs > MOST_WEIGHTS:
            raise DataError(
                f"Dense({inputs}, {outputs}) would have {self.inputs * self.outputs:,} weights, "
                f"expected at most {MOST_WEIGHTS:,}; take fewer neurons"
            )
        self.activation = activation_named(activation)
        if self.activation.is_joint and outputs == 1:
            raise DataError(
                f"{activation!r} shares out one whole among at least 2 outputs, got 1, which would always be 1; "
                f"try Dense({inputs}, 2, {activation!r}), or 'sigmoid' for a yes or no"
            )
        self.initial_weights = _initial("weights", weights, (inputs, outputs))
        self.has_bias = bias is not False
        given = None if isinstance(bias, bool) else bias
        self.initial_bias = _initial("bias", given, (outputs,))

    def __repr__(self) -> str:
        bias = _written("bias", self.initial_bias) if self.has_bias else ", bias=False"
        given = _written("weights", self.initial_weights) + bias
        return f"Dense({self.inputs}, {self.outputs}, {self.activation.name!r}{given})"


def _written(what: str, given: Array | None) -> str:
    """Initial values as an argument, a few of them with all digits."""
    if given is None:
        return ""
    return f", {what}={given.tolist() if given.size <= FEW else '…'}"


def _initial(what: str, values: Any, shape: tuple[int, ...]) -> Array | None:
    if values is None:
        return None
    try:
        array = np.array(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        array = None
    if array is not None and array.size == math.prod(shape) and array.ndim < 2:
        array = array.reshape(shape)  # Dense(1, 1, weights=0.5) and weights=[0.5, 1] read better than nested lists
    if array is None or array.shape != shape:
        came = "something that is not a table of numbers" if array is None else f"shape {array.shape}"
        raise DataError(f"initial {what} should have the shape {shape}, got {came}; {_example(what, shape)}")
    if not np.isfinite(array).all():
        raise DataError(f"initial {what} should be finite numbers, got inf or nan; try 0.0")
    return array


def _example(what: str, shape: tuple[int, ...]) -> str:
    """What to write instead."""
    values = np.arange(1, math.prod(shape) + 1).reshape(shape) if what == "weights" else np.zeros(shape, int)
    written = values.tolist() if values.size <= FEW else f"a table of {' rows of '.join(map(str, shape))} numbers"
    if what == "bias":
        return f"write bias={written}"
    apart = f"[{', '.join(['0'] * shape[1])}]" if shape[1] <= FEW else f"{shape[1]} numbers"
    return f"write weights={written}, a row for each input, and biases apart, bias={apart}"


@spelled
class Network:
    """Dense layers one after the other.

    layers: at least one; each has as many inputs as the one before it has outputs. seed: a whole number that fixes the
    initial weights, the same on every machine. They are drawn uniformly between plus and minus
    sqrt(6 / (inputs + outputs)) (Glorot and Bengio 2010) and rounded to multiples of a power of two, so that all their
    digits can be shown. `neurons` holds the names of inputs and neurons by layer: x1 …, h1 …, y.
    Raises DataError for layers that do not fit together.
    """

    def __init__(self, *layers: Dense, seed: int = 0) -> None:
        if not layers:
            raise DataError("Network expects at least one layer, got none; try Network(Dense(2, 1))")
        for layer in layers:
            if not isinstance(layer, Dense):
                coupled.refuse(layer)
                raise DataError(
                    f"Network expects Dense layers one after the other, got {quote(layer)}; "
                    "try Network(Dense(2, 3, 'tanh'), Dense(3, 1))"
                )
        for first, second in pairwise(layers):
            if first.outputs != second.inputs:
                raise DataError(
                    f"each layer's inputs should equal the outputs of the one before, got {first!r} then {second!r}; "
                    f"try Dense({first.outputs}, {second.outputs})"
                )
        for layer in layers[:-1]:
            if layer.activation.is_joint:
                raise DataError(
                    f"{layer.activation.name!r} belongs in the last layer, where it shares out one whole among the "
                    f"classes, got {layer!r} before others; try Dense({layer.inputs}, {layer.outputs}, 'tanh')"
                )
        if not is_whole(seed, -math.inf):
            raise DataError(
                f"seed should be a whole number, so that the run can be repeated, got {quote(seed)}; try seed=7"
            )
        self.layers = layers
        self.seed = int(seed)
        self.neurons = neuron_names([layers[0].inputs, *(layer.outputs for layer in layers)])

    def __repr__(self) -> str:
        return f"Network({', '.join(map(repr, self.layers))}, seed={self.seed})"

    def initial_weights(self) -> list[Array]:
        """A new array for each layer: (inputs + 1, outputs), the biases in the last row; (inputs, outputs) without."""
        numbers = random.Random(self.seed)
        return [_fill(layer, numbers) for layer in self.layers]

    def forward(self, tape: Tape, inputs: Array, weights: Sequence[Array]) -> tuple[list[Tensor], list[Tensor]]:
        """Weighted sums and outputs of every layer, (samples, neurons) each, recorded on the tape.

        inputs: (samples, inputs); weights: an array for each layer, as `initial_weights` gives them.
        """
        sums, outputs, x = [], [], Tensor(inputs)
        for layer, matrix in zip(self.layers, weights, strict=True):
            z = tape.dense(x, matrix)
            x = tape.apply(z, layer.activation.value, layer.activation.slope, layer.activation.shared)
            sums.append(z)
            outputs.append(x)
        return sums, outputs

    def backward(self, tape: Tape, sums: list[Tensor], outputs: list[Tensor], targets: Array, loss: Loss) -> None:
        """Carry blame from the loss back through all layers; `sums[layer].blame` holds it then, (samples, neurons).

        sums, outputs: what `forward` gave; targets: (samples, outputs).
        """
        known = self.layers[-1].activation.shared.on_arrays({"z": sums[-1].value}, axis=1)
        blame = np.broadcast_to(loss.blame.on_arrays({**known, "a": outputs[-1].value, "t": targets}), targets.shape)
        tape.backward(sums[-1] if loss.needs else outputs[-1], np.ascontiguousarray(blame))

    def check_loss(self, loss: Loss, classes: int = 2) -> None:
        """DataError when the loss and the last activation do not go together. classes: how many the data have."""
        last = self.layers[-1]
        if last.activation.is_joint and loss.needs != last.activation.name:
            joint = last.activation.name
            partner = "cross-entropy"
            raise DataError(
                f"a last layer with activation {joint!r} expects the loss {partner!r}, got {loss.name!r}; "
                f"try loss={partner!r}, or 'sigmoid' for outputs that stand alone"
            )
        if loss.needs and last.activation.name != loss.needs:
            alone = last.outputs == 1 and loss.needs == "softmax"
            raise DataError(
                f"{loss.name!r} expects a last layer with activation {loss.needs!r}, got {last.activation.name!r}; "
                f"try Dense({last.inputs}, {classes if alone else last.outputs}, {loss.needs!r})"
                f"{', or binary cross-entropy after a sigmoid' if alone and classes == 2 else ''}"
            )
        known = {"a", "t", "z", *(name for name, _ in last.activation.shared.lines)}
        unknown = [name for name in (*loss.value.names, *loss.blame.names) if name not in known]
        if unknown:
            raise DataError(
                f"the loss {quote(loss.name)} uses {quote(unknown[0])}, which nothing gives it; "
                f"{suggestion(unknown[0], sorted(known))}"
            )


def _fill(layer: Dense, numbers: random.Random) -> Array:
    limit = math.sqrt(6 / (layer.inputs + layer.outputs))
    grid = 2.0 ** (math.floor(math.log2(limit)) - 6)
    result = np.zeros((layer.inputs + layer.has_bias, layer.outputs))
    for target in range(layer.outputs):
        for source in range(layer.inputs):
            result[source, target] = round((2 * numbers.random() - 1) * limit / grid) * grid
    if layer.initial_weights is not None:
        result[: layer.inputs] = layer.initial_weights
    if layer.initial_bias is not None:
        result[-1] = layer.initial_bias
    return result


def neuron_names(widths: Sequence[int]) -> list[list[str]]:
    """Names by layer: x1 x2 …; h1 h2 … (with several hidden layers h1.1 … h2.1 …: layer, then neuron); y or y1 y2 …"""
    hidden = len(widths) - 2
    names = [[f"x{i}" for i in range(1, widths[0] + 1)]]
    for layer in range(1, hidden + 1):
        stem = "h" if hidden == 1 else f"h{layer}."
        names.append([f"{stem}{i}" for i in range(1, widths[layer] + 1)])
    names.append(["y"] if widths[-1] == 1 else [f"y{i}" for i in range(1, widths[-1] + 1)])
    return names
