"""The networks that several tests train, each as a piggybank run and as the plain-Python run that must equal it."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from functools import cache
from itertools import chain
from typing import Any

import numpy as np
import plain

from piggybank import SGD, Dense, Ledger, Network, Run

EPOCHS = 10


def _table(rows: int, columns: int, seed: int) -> list[list[float]]:
    """Numbers from a small congruential generator, so that they stand on no library; some are 0, some negative."""
    state, table = seed, []
    for _ in range(rows):
        row = []
        for _ in range(columns):
            state = (state * 1103515245 + 12345) % 2**31
            row.append(((state >> 16) % 201 - 100) / 80.0)
        table.append(row)
    return table


def _labels(rows: int, columns: int) -> list[list[float]]:
    return [[float((row * 5 + column * 3) % 4 < 2) for column in range(columns)] for row in range(rows)]


FOUR = (_table(10, 4, seed=2), _labels(10, 3))
FOUR_CLASSES = (_table(7, 4, seed=5), [[float(row % 3 == column) for column in range(3)] for row in range(7)])
FOUR_NUMBERS = (_table(11, 4, seed=7), _table(11, 3, seed=8))

RUNS: dict[str, Callable[[], Run]] = {
    "xor 2-3-1 tanh": lambda: Run(
        Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7), "xor", rule=SGD(0.5), batch_size=4
    ),
    "penguins 2-1 sigmoid": lambda: Run(
        Network(Dense(2, 1, "sigmoid"), seed=1), "penguins", rule=SGD(0.5), batch_size=8, loss="binary cross-entropy"
    ),
    "4-8-3 tanh, sigmoid": lambda: Run(
        Network(Dense(4, 8, "tanh"), Dense(8, 3, "sigmoid"), seed=3),
        FOUR,
        rule=SGD(0.3),
        batch_size=4,
        loss="binary cross-entropy",
        shuffle=5,
    ),
    "4-8-3 relu, linear": lambda: Run(
        Network(Dense(4, 8, "relu"), Dense(8, 3), seed=4), FOUR_NUMBERS, rule=SGD(0.05), batch_size=4
    ),
    "4-3-2-3 leaky relu, no bias, total": lambda: Run(
        Network(Dense(4, 3, "leaky relu", bias=False), Dense(3, 2, "sigmoid"), Dense(2, 3, "linear"), seed=9),
        FOUR_NUMBERS,
        rule=SGD(0.03),
        batch_size=3,
        reduce="total",
    ),
    "4-3-3 gelu, softmax": lambda: Run(
        Network(Dense(4, 3, "gelu"), Dense(3, 3, "softmax"), seed=6),
        FOUR_CLASSES,
        rule=SGD(0.4),
        batch_size=3,
        loss="cross-entropy",
    ),
    "xor 2-2-2-1 elu, softsign, huber": lambda: Run(
        Network(Dense(2, 2, "elu"), Dense(2, 2, "softsign"), Dense(2, 1), seed=2),
        "xor",
        rule=SGD(0.5),
        batch_size=2,
        loss="huber",
    ),
    "xor 2-2-1 softplus, absolute": lambda: Run(
        Network(Dense(2, 2, "softplus"), Dense(2, 1, bias=False), seed=3),
        "xor",
        rule=SGD(0.25),
        batch_size=4,
        loss="absolute error",
    ),
}


@cache
def trained(name: str) -> Run:
    """The run after EPOCHS epochs; shared between tests, so nobody may train it further."""
    return RUNS[name]().train(epochs=EPOCHS)


def forget(ledger: Ledger) -> None:
    """Nothing of a ledger stays at hand, so that nothing is equal by being the same object."""
    for run in (ledger, ledger.header):
        for name in [name for name in vars(run) if "." in name]:
            del vars(run)[name]


def one_weight(data: Any, weight: float, rate: float, **settings: Any) -> Run:
    return Run(Network(Dense(1, 1, weights=weight, bias=False)), data, rule=SGD(rate), **settings)


def orders_of(run: Run) -> list[list[int]]:
    """The order of rows in each whole epoch, as recorded."""
    size = run.ledger.header.batches_per_epoch
    rows = [list(record.rows) for record in run.ledger]
    return [list(chain.from_iterable(rows[start : start + size])) for start in range(0, len(rows), size)]


def plain_layers(run: Run, batch: int = 0) -> list[plain.Layer]:
    """The network at a moment, for the plain run."""
    return [
        plain.Layer(layer.activation.name, layer.has_bias, matrix.tolist())
        for layer, matrix in zip(run.network.layers, run.ledger.weights_at(batch), strict=True)
    ]


@cache
def plain_run(name: str) -> list[plain.Batch]:
    run = trained(name)
    header = run.ledger.header
    return plain.train(
        plain_layers(run),
        run.dataset.inputs.tolist(),
        run.dataset.targets.tolist(),
        loss=header.loss_name,
        rate=run.rule.constants["learning_rate"],
        batch_size=header.batch_size,
        reduce=header.reduce,
        epochs=EPOCHS,
        orders=orders_of(run),
    )


def bits(values: Any) -> list[bytes]:
    """The bytes of every float of a nested list or array, so that -0.0 and nan count."""
    flat: Iterable[float] = np.asarray(values, dtype=np.float64).ravel().tolist()
    return [struct.pack("<d", value) for value in flat]


def same(a: object, b: object) -> bool:
    """Equal bits; every NaN counts as one."""
    left, right = (np.asarray(v, dtype=np.float64).ravel() for v in (a, b))
    return bits(np.where(np.isnan(left), np.nan, left)) == bits(np.where(np.isnan(right), np.nan, right))
