"""How fast a run trains with every number recorded, beside other ways: python tests/benchmarks/engine.py

Ours: `Run.train`, recorded in memory, exact (left-to-right sums, portable tanh and exp), every sample's outputs and
blame and the weights after every batch kept (J3: after every 64th, the others are derived). A new run for each repeat,
trained 300 batches first, so that the fast path is written; construction and those are not counted. Losses are derived
when somebody looks, so none is computed while training.

The numpy loop: float64, `@` for every matrix product (BLAS, with as many threads as it likes), np.tanh, np.exp, biases
as vectors, one gradient per batch and none per sample, nothing kept. Once as it stands, once also computing the batch's
mean loss, as most training scripts do. Batches are slices of arrays in memory, in order; no shuffle on either side.

J1: 2-3-1 tanh, squared error, 4 rows, batch 4. J2: 4-8-3 tanh, softmax cross-entropy, 150 rows, batch 16 (the last one
6). J3: 784-128-10 ReLU, softmax cross-entropy, 2,048 rows, batch 64.

PyTorch rows, when it is installed: float64 and plain autograd (one gradient per batch: for comparison), then ways to
get every sample's gradient: ExpandedWeights, vmap over grad, and BackPACK and Opacus when they are installed, each with
the same plain SGD step. JAX, when it is installed: vmap over grad, compiled, batches cut beforehand; it computes on
threads of its own, so that of its row only wall time means anything. Every side starts from our weights and must arrive
at ours after an epoch.

Repeats are interleaved; the table gives medians of wall time, and the ratio of the medians of the processor time that
the main thread had, which neighbours on the machine disturb less. Ratios are the other's time ÷ ours: 1.0 means as
fast.
"""

from __future__ import annotations

import argparse
import contextlib
import platform
import random
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from time import perf_counter, thread_time

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from piggybank import SGD, Dense, Network, Run
from piggybank.ordered import sums_of_products

Seconds = tuple[float, float]
"""Wall time, and processor time of this thread."""
RATE = 0.1
WRITTEN = 300
"""Batches after which a run's fast path is certainly written."""


@dataclass(frozen=True)
class Job:
    """A network of one hidden layer on random rows."""

    name: str
    widths: tuple[int, int, int]
    rows: int
    batch: int
    hidden: str
    softmax: bool
    floor: float
    """The ratio to the numpy loop that is to be reached."""
    torch_floor: float
    """Likewise to the fastest way to get per-sample gradients from PyTorch."""
    batches: int
    """In each repeat."""

    @property
    def per_epoch(self) -> int:
        return -(-self.rows // self.batch)

    @property
    def epochs(self) -> int:
        return max(1, self.batches // self.per_epoch)

    def data(self) -> tuple[np.ndarray, np.ndarray]:
        numbers = np.random.default_rng(1)
        inputs = numbers.standard_normal((self.rows, self.widths[0]))
        if not self.softmax:
            return inputs, numbers.standard_normal((self.rows, self.widths[2]))
        return inputs, np.eye(self.widths[2])[numbers.integers(0, self.widths[2], self.rows)]

    def run(self) -> Run:
        n, h, m = self.widths
        network = Network(Dense(n, h, self.hidden), Dense(h, m, "softmax" if self.softmax else "linear"), seed=1)
        loss = "cross-entropy" if self.softmax else "squared error"
        return Run(network, self.data(), rule=SGD(RATE), batch_size=self.batch, loss=loss)

    def ours(self, epochs: int) -> Seconds:
        run = self.run().train(batches=WRITTEN)
        return timed(lambda: run.train(epochs=epochs))

    def numpy_loop(self, epochs: int, *, with_loss: bool) -> Seconds:
        x_all, t_all = self.data()
        weights = self.weights()
        loop = softmax_loop if self.softmax else squared_loop
        elapsed = timed(lambda: loop(self, x_all, t_all, weights, epochs, with_loss))
        self.check(weights, epochs)
        return elapsed

    def weights(self) -> list[np.ndarray]:
        """What every side starts from: of each layer a matrix (inputs, outputs) and a vector of biases."""
        return [part.copy() for matrix in self.run().network.initial_weights() for part in (matrix[:-1], matrix[-1])]

    def check(self, weights: Sequence[np.ndarray], epochs: int) -> None:
        """All sides learn the same thing, up to rounding. Looks at short trainings only."""
        if epochs > 2:
            return
        ledger = self.run().train(epochs=epochs).ledger
        ours = [part for matrix in ledger.weights_at(len(ledger)) for part in (matrix[:-1], matrix[-1])]
        for mine, theirs in zip(ours, weights, strict=True):
            assert np.allclose(mine, theirs, rtol=1e-9, atol=1e-12)


def timed(work: Callable[[], object]) -> Seconds:
    wall, own = perf_counter(), thread_time()
    work()
    return perf_counter() - wall, thread_time() - own


def squared_loop(job: Job, x_all: np.ndarray, t_all: np.ndarray, weights: list, epochs: int, with_loss: bool) -> None:
    (w1, b1, w2, b2), tracked = weights, []
    for _ in range(epochs):
        for place in range(0, job.rows, job.batch):
            x, t = x_all[place : place + job.batch], t_all[place : place + job.batch]
            h = np.tanh(x @ w1 + b1)
            error = h @ w2 + b2 - t
            if with_loss:
                tracked.append((error * error).sum() / 2 / len(x))
            delta = (error @ w2.T) * (1 - h * h)
            step = RATE / len(x)
            w2 -= step * (h.T @ error)
            b2 -= step * error.sum(axis=0)
            w1 -= step * (x.T @ delta)
            b1 -= step * delta.sum(axis=0)


def softmax_loop(job: Job, x_all: np.ndarray, t_all: np.ndarray, weights: list, epochs: int, with_loss: bool) -> None:
    (w1, b1, w2, b2), tracked, tanh = weights, [], job.hidden == "tanh"
    for _ in range(epochs):
        for place in range(0, job.rows, job.batch):
            x, t = x_all[place : place + job.batch], t_all[place : place + job.batch]
            z = x @ w1 + b1
            h = np.tanh(z) if tanh else np.maximum(z, 0)
            z = h @ w2 + b2
            e = np.exp(z - z.max(axis=1, keepdims=True))
            y = e / e.sum(axis=1, keepdims=True)
            if with_loss:
                tracked.append(-np.log((y * t).sum(axis=1)).mean())
            error = y - t
            delta = (error @ w2.T) * (1 - h * h if tanh else h > 0)
            step = RATE / len(x)
            w2 -= step * (h.T @ error)
            b2 -= step * error.sum(axis=0)
            w1 -= step * (x.T @ delta)
            b1 -= step * delta.sum(axis=0)


def measure(job: Job, repeats: int) -> list[str]:
    sides: dict[str, Callable[[int], Seconds]] = {
        "Run.train, recorded": job.ours,
        "numpy loop": lambda epochs: job.numpy_loop(epochs, with_loss=False),
        "numpy loop, with loss": lambda epochs: job.numpy_loop(epochs, with_loss=True),
    }
    ours_and_numpys = set(sides)
    for module in ("torch_sides", "jax_sides"):
        with contextlib.suppress(ImportError):
            sides.update(import_module(module).sides(job))
    others = set(sides) - ours_and_numpys
    per_sample = {name for name in others if not name.startswith(("jax", "torch, batch gradient only"))}
    for side in sides.values():
        side(1)  # warm up, and check
    times: dict[str, list[Seconds]] = {name: [] for name in sides}
    for repeat in range(repeats):
        for name, side in random.Random(repeat).sample(sorted(sides.items()), len(sides)):
            epochs = max(1, job.epochs // 10) if name in others else job.epochs
            wall, own = side(epochs)
            times[name].append((wall / epochs / job.per_epoch, own / epochs / job.per_epoch))
    wall, own = ({name: statistics.median(t[k] for t in found) for name, found in times.items()} for k in (0, 1))
    first = next(iter(sides))
    lines = []
    for name in sides:
        rate = job.rows / job.per_epoch / wall[name]
        ratios = "" if name == first else f"{wall[name] / wall[first]:8.2f} {own[name] / own[first]:8.2f}"
        lines.append(f"{job.name:<4} {name:<28} {1e6 * wall[name]:10.1f} {rate:12,.0f} {ratios}")
    spread = max(t[0] for t in times[first]) / min(t[0] for t in times[first])
    lines.append(f"     asked for: {job.floor} of the numpy loop; slowest of our repeats ÷ fastest: {spread:.2f}")
    if per_sample:
        best = min(per_sample, key=wall.__getitem__)
        lines.append(f"     asked for: {job.torch_floor:g} × the fastest per-sample tool on PyTorch, here {best}")
    return lines


JOBS = (
    Job("J1", (2, 3, 1), 4, 4, "tanh", softmax=False, floor=1.0, torch_floor=15, batches=10_000),
    Job("J2", (4, 8, 3), 150, 16, "tanh", softmax=True, floor=0.8, torch_floor=10, batches=5_000),
    Job("J3", (784, 128, 10), 2048, 64, "relu", softmax=True, floor=0.2, torch_floor=5, batches=256),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=7, help="interleaved repeats of each side (at least 5)")
    parser.add_argument("--jobs", nargs="*", default=[job.name for job in JOBS], help="which of J1, J2, J3")
    options = parser.parse_args()
    machine = f"Python {platform.python_version()}, numpy {np.__version__}, {platform.machine()}"
    print(f"{machine}; sums by {sums_of_products.__name__}")
    print(f"\n{'job':<4} {'side':<28} {'µs/batch':>10} {'samples/s':>12}  ÷ ours   own time ÷ ours")
    for job in JOBS:
        if job.name in options.jobs:
            print("\n".join(measure(job, max(5, options.repeats))), flush=True)


if __name__ == "__main__":
    main()
