"""How training and its ledger grow with width, batch and length of a run: python tests/benchmarks/scaling.py

Growth should be linear in work (weights × samples) and flat in the length of a run. Times are processor time of the
main thread. Memory is what tracemalloc counts while a run is recorded, less the weights kept after every batch, beyond
the outputs and blame of its samples; it should be at most 10 %.
"""

from __future__ import annotations

import argparse
import random
import sys
import tracemalloc
from pathlib import Path
from time import perf_counter, thread_time

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from piggybank import SGD, Dense, Network, Run


def run_of(width: int, batch: int, rows: int = 256) -> Run:
    numbers = np.random.default_rng(1)
    data = numbers.standard_normal((rows, 8)), numbers.standard_normal((rows, 2))
    network = Network(Dense(8, width, "tanh"), Dense(width, 2), seed=1)
    return Run(network, data, rule=SGD(0.01), batch_size=batch)


def line(what: str, run: Run, batches: int) -> str:
    """Train that far and say how fast."""
    start = thread_time()
    run.train(batches=batches)
    seconds = thread_time() - start
    rate = batches * run.ledger.header.batch_size / seconds
    return f"{what:<28} {rate:12,.0f} samples/s {1e6 * seconds / batches:10.1f} µs/batch"


def memory(batches: int) -> str:
    """Of a run of so many batches of 16, beyond outputs and blame."""
    run = run_of(8, 16).train(batches=300)
    tracemalloc.start()
    run.train(batches=batches)
    grown = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    needed = batches * 16 * 8 * 2 * (8 + 2)
    kept = batches * 8 * len(run.ledger.header.weights)
    return f"memory, {batches:,} batches of 16: {(grown - kept) / needed - 1:+.1%} beyond outputs and blame"


def long_run(batches: int) -> list[str]:
    """A run of so many batches of 10: speed early and late, and how soon any of its weights are found."""
    run, tenth = run_of(4, 10, rows=200), batches // 10
    run.train(batches=300)
    lines = []
    for part in range(10):
        found = line(f"batches {part * tenth:>7,} and on", run, tenth)
        lines += [found] if part in (0, 4, 9) else []
    picked, times = random.Random(1), []
    for _ in range(1000):
        place = picked.randrange(len(run.ledger) + 1)
        start = perf_counter()
        run.ledger.weights_at(place)
        times.append(perf_counter() - start)
    times.sort()
    total = sum(run.ledger.header.count(batch) for batch in range(1, len(run.ledger) + 1))
    lines.append(
        f"{total:,} samples recorded; weights at any batch: p99 {1e3 * times[989]:.3f} ms (at most 16 asked for)"
    )
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--batches", type=int, default=100_000, help="length of the long run, in batches of 10")
    options = parser.parse_args()
    for width in (2, 8, 32, 128, 512):
        run = run_of(width, 16).train(batches=300)
        print(line(f"width {width}", run, max(64, 20_000 // width)), flush=True)
    for batch in (1, 4, 16, 64, 256):
        run = run_of(16, batch).train(batches=300)
        print(line(f"batch {batch}", run, max(64, 10_000 // batch)), flush=True)
    for batches in (2_000, 20_000):
        print(memory(batches), flush=True)
    print("\n".join(long_run(options.batches)))


if __name__ == "__main__":
    main()
