"""A training run in plain Python: a second derivation that shares nothing with the package but the written contract.

Floats only, no numpy, nothing of piggybank. The order of operations is the one that the README promises
("What is exact") and the engine's docstrings state; exp, log, tanh and sigmoid are those of `plain_functions`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from plain_functions import exp, log, sigmoid, tanh

Matrix = list[list[float]]


K = 0.7978845608028654  # sqrt(2/pi)


def bend(z: float) -> float:
    return tanh(K * (z + 0.044715 * z * z * z))


def activate(name: str, z: float) -> float:  # noqa: PLR0911  # one return a name reads best
    if name == "linear":
        return z
    if name == "relu":
        return z if z > 0.0 else 0.0
    if name == "leaky relu":
        return z if z > 0.0 else 0.01 * z
    if name == "elu":
        return z if z > 0.0 else exp(z) - 1.0
    if name == "gelu":
        return 0.5 * z * (1.0 + bend(z))
    if name == "softplus":
        return max(z, 0.0) + log(1.0 + exp(-abs(z)))
    if name == "softsign":
        return z / (1.0 + abs(z))
    return {"tanh": tanh, "sigmoid": sigmoid}[name](z)


def layer_outputs(name: str, sums: list[float]) -> list[float]:
    """The outputs of a layer for one sample."""
    if name != "softmax":
        return [activate(name, z) for z in sums]
    top, whole = softmax_parts(sums)
    return [exp(z - top) / whole for z in sums]


def softmax_parts(sums: list[float]) -> tuple[float, float]:
    """The largest weighted sum, and the sum of all exponentials of what is below it."""
    whole = 0.0
    for z in sums:
        whole = whole + exp(z - max(sums))
    return max(sums), whole


def slope_of(name: str, z: float, a: float) -> float:  # noqa: PLR0911  # as above
    if name == "linear":
        return 1.0
    if name == "relu":
        return 1.0 if z > 0.0 else 0.0
    if name == "leaky relu":
        return 1.0 if z > 0.0 else 0.01
    if name == "elu":
        return 1.0 if z > 0.0 else a + 1.0
    if name == "gelu":
        u = bend(z)
        return 0.5 * (1.0 + u) + 0.5 * z * (1.0 - u * u) * (K * (1.0 + 0.134145 * z * z))
    if name == "softplus":
        return sigmoid(z)
    if name == "softsign":
        return 1.0 / ((1.0 + abs(z)) * (1.0 + abs(z)))
    return {"tanh": 1.0 - a * a, "sigmoid": a * (1.0 - a)}[name]


def loss_of(name: str, z: list[float], a: list[float], target: list[float]) -> float:
    """The loss of one sample: the sum over its outputs, in order."""
    total = 0.0
    for z_k, a_k, t_k in zip(z, a, target, strict=True):
        far = abs(a_k - t_k)
        if name == "squared error" or (name == "huber" and far <= 1.0):
            total += (a_k - t_k) * (a_k - t_k) / 2.0
        elif name == "huber":
            total += 1.0 * (far - 1.0 / 2.0)
        elif name == "absolute error":
            total += far
        elif name == "cross-entropy":
            top, whole = softmax_parts(z)
            total += t_k * (log(whole) - (z_k - top)) if t_k != 0.0 else 0.0
        else:
            total += (z_k if z_k >= 0.0 else 0.0) - z_k * t_k + log(1.0 + exp(-abs(z_k)))
    return total


@dataclass
class Layer:
    activation: str
    bias: bool
    weights: Matrix  # [input][output], the bias row last


@dataclass
class Batch:
    """Indices: [sample][layer][neuron] and [sample][layer][input][output], [layer][input][output]."""

    rows: list[int]
    sums: list[list[list[float]]]
    outputs: list[list[list[float]]]
    losses: list[float]
    blame: list[list[list[float]]]
    slices: list[list[Matrix]]
    running: list[list[Matrix]]  # the banks after 0, 1, … samples
    adjustments: list[Matrix]
    before: list[Matrix]
    after: list[Matrix]


def forward(layers: list[Layer], row: list[float]) -> tuple[list[list[float]], list[list[float]], list[list[float]]]:
    """What each layer was given (its bias's 1 last), its weighted sums and its outputs."""
    given, sums, outputs, values = [], [], [], row
    for layer in layers:
        values = [*values, 1.0] if layer.bias else list(values)
        z = []
        for neuron in range(len(layer.weights[0])):
            total = 0.0
            for i, x in enumerate(values):
                total = total + x * layer.weights[i][neuron]
            z.append(total)
        given.append(values)
        sums.append(z)
        values = layer_outputs(layer.activation, z)
        outputs.append(values)
    return given, sums, outputs


def blame_of(
    layers: list[Layer], loss: str, sums: list[list[float]], outputs: list[list[float]], target: list[float]
) -> list[list[float]]:
    errors = [a - t for a, t in zip(outputs[-1], target, strict=True)]
    last = layers[-1].activation
    if loss == "absolute error":
        errors = [math.copysign(1.0, e) if e != 0.0 else 0.0 for e in errors]
    if loss == "huber":
        errors = [e if abs(e) <= 1.0 else math.copysign(1.0, e) for e in errors]
    if loss in ("squared error", "absolute error", "huber"):
        errors = [e * slope_of(last, z, a) for e, z, a in zip(errors, sums[-1], outputs[-1], strict=True)]
    blame = [errors]
    for index in range(len(layers) - 2, -1, -1):
        here = []
        for neuron, (z, a) in enumerate(zip(sums[index], outputs[index], strict=True)):
            arriving = 0.0
            for k, incoming in enumerate(blame[0]):
                arriving = arriving + incoming * layers[index + 1].weights[neuron][k]
            here.append(arriving * slope_of(layers[index].activation, z, a))
        blame.insert(0, here)
    return blame


def one_batch(
    layers: list[Layer], rows: list[int], inputs: Matrix, targets: Matrix, loss: str, rate: float, reduce: str
) -> Batch:
    before = [[list(row) for row in layer.weights] for layer in layers]
    banks = [[[0.0] * len(row) for row in layer.weights] for layer in layers]
    record = Batch(rows, [], [], [], [], [], [banks], [], before, [])
    for row in rows:
        given, sums, outputs = forward(layers, inputs[row])
        blame = blame_of(layers, loss, sums, outputs, targets[row])
        coins = [
            [[x * b for b in blame[index]] for x in given[index]]  # slice = input * blame
            for index in range(len(layers))
        ]
        banks = [
            [[a + b for a, b in zip(*pair, strict=True)] for pair in zip(*both, strict=True)]
            for both in zip(banks, coins, strict=True)
        ]
        record.sums.append(sums)
        record.outputs.append(outputs)
        record.losses.append(loss_of(loss, sums[-1], outputs[-1], targets[row]))
        record.blame.append(blame)
        record.slices.append(coins)
        record.running.append(banks)
    for index, layer in enumerate(layers):
        adjust = []
        for totals in banks[index]:
            shares = totals if reduce == "total" else [total / float(len(rows)) for total in totals]
            adjust.append([-rate * share for share in shares])
        record.adjustments.append(adjust)
        layer.weights = [
            [w + d for w, d in zip(*pair, strict=True)] for pair in zip(layer.weights, adjust, strict=True)
        ]
        record.after.append([list(row) for row in layer.weights])
    return record


def train(
    layers: list[Layer],
    inputs: Matrix,
    targets: Matrix,
    *,
    loss: str = "squared error",
    rate: float = 0.1,
    batch_size: int = 1,
    reduce: str = "average",
    epochs: int = 1,
    orders: list[list[int]] | None = None,
) -> list[Batch]:
    """Every batch of a run; `orders` holds an order of rows for each epoch. The layers' weights move."""
    records = []
    for epoch in range(epochs):
        order = list(range(len(inputs))) if orders is None else orders[epoch]
        for start in range(0, len(order), batch_size):
            rows = order[start : start + batch_size]
            records.append(one_batch(layers, rows, inputs, targets, loss, rate, reduce))
    return records
