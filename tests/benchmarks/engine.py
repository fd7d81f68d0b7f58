"""How fast a run trains with every number recorded, against an idiomatic numpy loop: python tests/benchmarks/engine.py

Ours: `Run.train`, recorded in memory, exact (left-to-right sums, portable tanh and sigmoid), every sample's outputs
and blame and the weights after every batch kept; constructed anew for each repeat, construction not counted. Losses
are derived when somebody looks, so none is computed while training.

The numpy loop: float64, `@` for every matrix product (BLAS), np.tanh, 1 / (1 + np.exp(-z)), biases as vectors, one
gradient per batch and none per sample, nothing kept. Once as it stands, once also computing and adding up the batch's
mean loss, as most training scripts do. Batches are slices of arrays in memory, in order; no shuffle on either side.

J1: 2-3-1 tanh, linear output, squared error, 4 rows, batch 4.
J2: 4-8-3 tanh, 150 rows, batch 16 (the last one 6). PROMISES.md asks for softmax cross-entropy here, which the engine
does not offer yet: three sigmoid outputs with binary cross-entropy stand in for it, on both sides.

Repeats are interleaved; the table gives their medians, the parts below it the fastest of 7 timings each. The ratio is
numpy's time divided by ours: 1.0 means as fast.
"""

from __future__ import annotations

import argparse
import platform
import random
import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from piggybank import SGD, Dense, Network, Run
from piggybank.ledger.records import split
from piggybank.ordered import EINSUM_KEEPS_ORDER, bank_totals, blame_shares, weighted_sums, with_one
from piggybank.portable_arrays import array_sigmoid, array_tanh

Timer = Callable[[int], float]


@dataclass(frozen=True)
class Job:
    """A network of one hidden tanh layer on random rows."""

    name: str
    widths: tuple[int, int, int]
    rows: int
    batch: int
    sigmoid: bool
    floor: float
    """The ratio that PROMISES.md asks for."""

    def data(self) -> tuple[np.ndarray, np.ndarray]:
        numbers = np.random.default_rng(1)
        targets = (numbers.random((self.rows, self.widths[2])) < 0.5).astype(np.float64)
        return numbers.standard_normal((self.rows, self.widths[0])), targets

    def run(self) -> Run:
        n, h, m = self.widths
        network = Network(Dense(n, h, "tanh"), Dense(h, m, "sigmoid" if self.sigmoid else "linear"), seed=1)
        loss = "binary cross-entropy" if self.sigmoid else "squared error"
        return Run(network, self.data(), rule=SGD(0.1), batch_size=self.batch, loss=loss)

    def ours(self, epochs: int) -> float:
        run = self.run()
        start = perf_counter()
        run.train(epochs=epochs)
        return perf_counter() - start

    def numpy_loop(self, epochs: int, *, with_loss: bool) -> float:
        (x_all, t_all), rate, tracked = self.data(), 0.1, []
        first, second = self.run().network.initial_weights()
        w1, b1, w2, b2 = first[:-1].copy(), first[-1].copy(), second[:-1].copy(), second[-1].copy()
        start = perf_counter()
        for _ in range(epochs):
            for place in range(0, self.rows, self.batch):
                x, t = x_all[place : place + self.batch], t_all[place : place + self.batch]
                h = np.tanh(x @ w1 + b1)
                z = h @ w2 + b2
                y = 1 / (1 + np.exp(-z)) if self.sigmoid else z
                error = y - t
                if with_loss and self.sigmoid:
                    tracked.append((np.maximum(z, 0) - z * t + np.log1p(np.exp(-np.abs(z)))).sum() / len(x))
                elif with_loss:
                    tracked.append((error * error).sum() / 2 / len(x))
                delta = (error @ w2.T) * (1 - h * h)
                step = rate / len(x)
                w2 -= step * (h.T @ error)
                b2 -= step * error.sum(axis=0)
                w1 -= step * (x.T @ delta)
                b1 -= step * delta.sum(axis=0)
        elapsed = perf_counter() - start
        self.check(epochs, w1, b1, w2, b2)
        return elapsed

    def check(self, epochs: int, *parts: np.ndarray) -> None:
        """Both sides learn the same thing, up to rounding (checked on few epochs)."""
        if epochs <= 3:
            first, second = self.run().train(epochs=epochs).ledger.weights_at(epochs * -(-self.rows // self.batch))
            for ours, theirs in zip((first[:-1], first[-1], second[:-1], second[-1]), parts, strict=True):
                assert np.allclose(ours, theirs, rtol=1e-9, atol=1e-12)

    def measure(self, repeats: int, batches: int) -> list[str]:
        per_epoch = -(-self.rows // self.batch)
        epochs = max(1, batches // per_epoch)
        sides: dict[str, Timer] = {
            "ours": self.ours,
            "numpy": lambda epochs: self.numpy_loop(epochs, with_loss=False),
            "numpy+loss": lambda epochs: self.numpy_loop(epochs, with_loss=True),
        }
        for side in sides.values():
            side(2)  # warm up, and check that both learn the same
        times: dict[str, list[float]] = {name: [] for name in sides}
        for repeat in range(repeats):
            for name, side in random.Random(repeat).sample(sorted(sides.items()), len(sides)):
                times[name].append(side(epochs))
        median = {name: statistics.median(values) for name, values in times.items()}
        speed = {name: epochs * self.rows / value for name, value in median.items()}
        micro = {name: 1e6 * value / (epochs * per_epoch) for name, value in median.items()}
        spread = max(times["ours"]) / min(times["ours"])
        lines = [
            f"{self.name:<4} {label:<22} {micro[name]:8.1f} {speed[name]:12,.0f} {ratio}"
            for name, label, ratio in (
                ("ours", "Run.train, recorded", ""),
                ("numpy", "numpy loop", f"{median['numpy'] / median['ours']:6.2f}"),
                ("numpy+loss", "numpy loop, with loss", f"{median['numpy+loss'] / median['ours']:6.2f}"),
            )
        ]
        return [*lines, f"     asked for: {self.floor}; slowest of our repeats ÷ fastest: {spread:.2f}"]

    def split(self) -> list[str]:
        """µs per batch of the pieces that ours is made of, on this job's shapes."""
        n, hidden, m = self.widths
        source = np.random.default_rng(2)
        x, h, y = (with_one(source.standard_normal((self.batch, width))) for width in (n, hidden, m))
        x_only, delta, error = x[:, :-1].copy(), h[:, :-1].copy(), y[:, :-1].copy()
        w1, w2 = source.standard_normal((n + 1, hidden)), source.standard_normal((hidden + 1, m))
        w2_only = w2[:-1].copy()
        run, flat, rows = self.run(), np.concatenate([w1.ravel(), w2.ravel()]), list(range(self.batch))
        ledger, header = run.ledger, run.ledger.header
        slope, recipe, shapes = header.layers[0].slope, header.recipe, [w1.shape, w2.shape]
        settings = {**header.constants, "total": flat, "count": float(self.batch), "before": flat}
        totals = bank_totals(x, delta).ravel(), bank_totals(h, error).ravel()
        parts: dict[str, Callable[[], object]] = {
            "weighted_sums, both layers": lambda: (weighted_sums(x, w1), weighted_sums(h, w2)),
            "blame_shares, layer 2": lambda: blame_shares(error, w2_only),
            "bank_totals, both layers": lambda: (bank_totals(x, delta), bank_totals(h, error)),
            "with_one, both layers": lambda: (with_one(x_only), with_one(delta)),
            "array_tanh, hidden layer": lambda: array_tanh(delta),
            "slope of tanh times blame": lambda: delta * slope.on_arrays({"a": delta, "z": delta}),
            "rows of the batch": lambda: (run.dataset.inputs[rows], run.dataset.targets[rows]),
            "weights split, totals joined": lambda: (split(flat, shapes), np.concatenate(totals)),
            "the rule's recipe": lambda: recipe.on_arrays(settings),
            "Ledger.append": lambda: ledger.append(rows, [delta, error], [delta, error], flat, {}),
        }
        if self.sigmoid:
            parts["array_sigmoid, output layer"] = lambda: array_sigmoid(error)
        for_comparison: dict[str, Callable[[], object]] = {
            "(np.einsum bi,io->bo, layer 1)": lambda: np.einsum("bi,io->bo", x, w1),
            "(np.einsum bi,bo->io, layer 1)": lambda: np.einsum("bi,bo->io", x, delta),
            "(np.tanh, hidden layer)": lambda: np.tanh(delta),
        }
        micro = {what: 1e6 * best_time(part) for what, part in parts.items()}
        with np.errstate(all="ignore"):
            batch = iter(range(1, 1_000_000))
            whole = 1e6 * best_time(lambda: run._one_batch(next(batch)))
        micro["everything else: tape, order, dicts"] = whole - sum(micro.values())
        micro["= one batch"] = whole
        micro.update((what, 1e6 * best_time(part)) for what, part in for_comparison.items())
        return [f"{self.name:<4} {what:<36} {value:8.2f}" for what, value in micro.items()]


def best_time(piece: Callable[[], object], calls: int = 500, repeats: int = 7) -> float:
    """Seconds a call: the fastest of several repeats of many calls, so that the parts add up on a busy machine."""
    times = []
    for _ in range(repeats):
        start = perf_counter()
        for _ in range(calls):
            piece()
        times.append((perf_counter() - start) / calls)
    return min(times)


JOBS = (
    Job("J1", (2, 3, 1), rows=4, batch=4, sigmoid=False, floor=1.0),
    Job("J2", (4, 8, 3), rows=150, batch=16, sigmoid=True, floor=0.8),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=7, help="interleaved repeats of each side (at least 5)")
    parser.add_argument("--batches", type=int, default=10_000, help="batches in each repeat")
    options = parser.parse_args()
    einsum = "ordered" if EINSUM_KEEPS_ORDER else "not ordered, slow path in use"
    print(f"Python {platform.python_version()}, numpy {np.__version__}, {platform.machine()}; einsum {einsum}")
    print("J2: three sigmoid outputs with binary cross-entropy stand in for softmax cross-entropy, on both sides")
    print(f"\n{'job':<4} {'side':<22} {'µs/batch':>8} {'samples/s':>12}  ratio (numpy's time ÷ ours)")
    for job in JOBS:
        print("\n".join(job.measure(max(5, options.repeats), options.batches)))
    print(f"\n{'job':<4} {'where our time goes':<36} {'µs/batch':>8}")
    for job in JOBS:
        print("\n".join(job.split()))


if __name__ == "__main__":
    main()
