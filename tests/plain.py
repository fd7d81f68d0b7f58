"""A training run in plain Python: a second derivation that shares nothing with the package but the written contract.

Floats only, no numpy, nothing of piggybank. The order of operations is the arithmetic contract's (design, section 3);
exp, log, tanh and sigmoid follow the algorithm in the docstring of `piggybank/portable.py`, with tables made here from
the standard library's decimals, each entry correctly rounded.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from functools import cache

DIGITS = 70
Matrix = list[list[float]]


# exp, log, tanh, sigmoid ----------------------------------------------------------------------------------------------


def _grid(value: Decimal) -> tuple[float, float]:
    """The nearest multiple of 2^-42, and the nearest float64 to the rest."""
    units = (value * 2**42).to_integral_value()
    return float(units / 2**42), float(value - units / 2**42)


@cache
def _constants() -> dict[str, float]:
    with localcontext(Context(prec=DIGITS)):
        ln2 = Decimal(2).ln()
        (step_high, step_low), (ln2_high, ln2_low) = _grid(ln2 / 4096), _grid(ln2)
        return {"inv": float(4096 / ln2), "hi": step_high, "lo": step_low, "ln2h": ln2_high, "ln2l": ln2_low}


@cache
def _power(j: int) -> tuple[float, float]:
    """2^(j/4096) as the nearest float64 and the nearest float64 to the rest."""
    with localcontext(Context(prec=DIGITS)):
        exact = (Decimal(2).ln() * j / 4096).exp()
        nearest = float(exact)
        return nearest, float(exact - Decimal(nearest))


@cache
def _bucket(i: int) -> tuple[float, float, float]:
    """The centre of a bucket and its logarithm in two parts."""
    if i in (1022, 1023, 1024):
        return 1.0, 0.0, 0.0
    with localcontext(Context(prec=DIGITS)):
        half = Decimal(1) / 2
        c = Decimal("0.75") + (i + half) / 4096 if i < 1024 else 1 + (i - 1024 + half) / 2048
        return float(c), *_grid(c.ln())


@cache
def _node(n: int) -> tuple[float, float, float]:
    """n/128, its tanh and 1 - tanh squared."""
    if abs(n) <= 1:
        return 0.0, -0.0, 1.0
    with localcontext(Context(prec=DIGITS)):
        square = (Decimal(2 * n) / 128).exp()
        value = (square - 1) / (square + 1)
        return n / 128, float(value), float(1 - value * value)


def exp(x: float) -> float:
    if x != x:
        return math.nan
    if x > 709.782712893384:
        return math.inf
    if x < -746.0:
        x = -746.0
    known = _constants()
    n = round(x * known["inv"])
    r = (x - n * known["hi"]) - n * known["lo"]
    p = r + (r * r) * (1 / 2 + r * (1 / 6))
    k, j = divmod(n, 4096)
    t, low = _power(j)
    return ((t + (low + t * p)) * math.ldexp(1.0, k // 2)) * math.ldexp(1.0, k - k // 2)


def log(x: float) -> float:
    if x != x or x < 0.0:
        return math.nan
    if x == 0.0:
        return -math.inf
    if x == math.inf:
        return x
    m, k = math.frexp(x)  # 0.5 <= m < 1
    if m < 0.75:
        m, k = 2.0 * m, k - 1
    i = math.floor((m - 0.75) * 4096.0) if m < 1.0 else 1024 + math.floor((m - 1.0) * 2048.0)
    c, high, low = _bucket(i)
    known = _constants()
    f = (m - c) / c
    q = (f * f) * (((f * (1 / 5) - 1 / 4) * f + 1 / 3) * f - 1 / 2)
    return (k * known["ln2h"] + high) + (f + (q + (k * known["ln2l"] + low)))


def tanh(x: float) -> float:
    if x != x:
        return math.nan
    x = min(max(x, -20.0), 20.0)
    a, value, slope = _node(round(x * 128.0))
    r = x - a
    s = r * r
    t = ((((s * (-17 / 315) + 2 / 15) * s + (-1 / 3)) * s) + 1.0) * r
    return value + (t * slope) / (value * t + 1.0)


def sigmoid(z: float) -> float:
    e = exp(-abs(z))
    q = e / (e + 1.0)
    return 1.0 - q if z >= 0.0 else e - e * q


# A training run -------------------------------------------------------------------------------------------------------


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
