"""How fast the auditor recomputes a saved run, in coins a second: python tests/benchmarks/auditor.py

A coin is one sample's contribution to one weight; for each the auditor recomputes its share of predictions, blame,
bank, commit, hashes and reading. The aim is 300,000 coins a second on J2, in pure Python. Processor time of
this process is counted as well as time on the clock, which on a busy machine is longer; medians of repeats.

J1: 2-3-1 tanh, squared error, 4 rows, batch 4. J2: 4-8-3 tanh, 150 rows, batch 16, softmax and cross-entropy where the
engine offers it. J3: 784-128-10 ReLU, batch 64, few rows.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from piggybank import SGD, Dense, Network, Run
from piggybank.auditor import audit
from piggybank.engine.functions import ACTIVATIONS


def run_of(widths: tuple[int, int, int], hidden: str, rows: int, batch: int, classes: bool, epochs: int) -> Run:
    """Random rows; classes: one of the outputs is 1."""
    numbers = np.random.default_rng(1)
    softmax = "softmax" in ACTIVATIONS
    last, loss = ("softmax", "cross-entropy") if softmax else ("sigmoid", "binary cross-entropy")
    if not classes:
        last, loss = "linear", "squared error"
    network = Network(Dense(widths[0], widths[1], hidden), Dense(widths[1], widths[2], last), seed=1)
    targets = np.eye(widths[2])[numbers.integers(0, widths[2], rows)]
    data = numbers.standard_normal((rows, widths[0])), targets
    return Run(network, data, rule=SGD(0.1), batch_size=batch, loss=loss).train(epochs=epochs)


JOBS = {
    "J1": lambda: run_of((2, 3, 1), "tanh", 4, 4, classes=False, epochs=1000),
    "J2": lambda: run_of((4, 8, 3), "tanh", 150, 16, classes=True, epochs=20),
    "J3": lambda: run_of((784, 128, 10), "relu", 64, 64, classes=True, epochs=1),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5)
    repeats = parser.parse_args().repeats
    print(f"{'job':<4} {'coins':>10} {'coins/s of processor time':>26} {'coins/s on the clock':>21}")
    for name, job in JOBS.items():
        with tempfile.TemporaryDirectory() as folder:
            path = str(Path(folder) / "run.piggy")
            job().save(path)
            speeds: list[tuple[float, float]] = []
            for _ in range(repeats):
                clock, processor = time.perf_counter(), time.process_time()
                report = audit(path)
                speeds.append((time.process_time() - processor, time.perf_counter() - clock))
                assert not report.findings
            mine, all_ = (report.coins / statistics.median(column) for column in zip(*speeds, strict=True))
            print(f"{name:<4} {report.coins:>10,} {mine:>26,.0f} {all_:>21,.0f}")


if __name__ == "__main__":
    main()
