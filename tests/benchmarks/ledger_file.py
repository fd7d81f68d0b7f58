"""What saved runs cost: python tests/benchmarks/ledger_file.py

Writing: `Run.train` with save= against `Run.train` alone, the same job, in short stretches taken in turns, so that a
machine whose speed changes disturbs both alike: the median of all pairs' ratios. Beside it the same of the processor's
time. The jobs are those of engine.py.
Opening: a file of so many bytes (1 GB unless told otherwise, made of J2's records), from nothing to a ledger whose
lines were all found and whose chain of hashes was followed; then batches and weights at random places, never seen
before. Then the same of a run of J3's records, which keeps every 64th batch's weights only: a batch where nobody looked
before is derived from as many as 63 commits, its neighbours from one, others in the same stretch from eight at most.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter, process_time

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from engine import JOBS, Job

from piggybank import Ledger, Run, open_ledger
from piggybank.engine.compiled import FROM
from piggybank.ledger.sealing import Sealer

FLOORS = {"J2": 1.8, "J3": 1.4}
STRETCHES = 10
"""Of each job's batches."""


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the wall and of the processor."""
    began, used = perf_counter(), process_time()
    work()
    return perf_counter() - began, process_time() - used


def saving(job: Job, path: Path | None) -> Run:
    """The job's run, saved while it trains."""
    plain = job.run()
    header = plain.ledger.header
    return Run(
        plain.network,
        plain.dataset,
        rule=plain.rule,
        loss=header.loss_name,
        batch_size=header.batch_size,
        save=path,
        overwrite=True,
    )


def writing(job: Job, folder: Path, repeats: int) -> str:
    """Time with the file divided by time without."""
    ratios: list[tuple[float, float]] = []
    alone: list[float] = []
    stretch, order = max(job.batches // STRETCHES, 1), random.Random(1)
    for _ in range(repeats):
        runs = {name: saving(job, path) for name, path in (("alone", None), ("saved", folder / f"{job.name}.piggy"))}
        for run in runs.values():
            run.train(batches=max(stretch, FROM))
        for _ in range(STRETCHES):
            pair = {name: timed(partial(runs[name].train, batches=stretch)) for name in order.sample(sorted(runs), 2)}
            ratios.append((pair["saved"][0] / pair["alone"][0], pair["saved"][1] / pair["alone"][1]))
            alone.append(1e6 * pair["alone"][0] / stretch)
    wall, processor = (statistics.median(ratio[kind] for ratio in ratios) for kind in (0, 1))
    return (
        f"{job.name}  writing ÷ training alone {wall:5.2f} (asked for {FLOORS[job.name]}), of the processor's time "
        f"{processor:5.2f}; alone {statistics.median(alone):.0f} µs a batch"
    )


def made(path: Path, size: int) -> None:
    """A file of at least so many bytes."""
    job = next(job for job in JOBS if job.name == "J2")
    run, written = job.run(), 0
    sealer = Sealer(run.ledger)
    with path.open("wb") as file:
        file.write(sealer.header_line)
        while written < size:
            first = len(run.train(batches=2_000).ledger) - 1_999
            for batch in range(first, first + 2_000):
                written += file.write(sealer.line(batch))


def opening(path: Path) -> list[str]:
    """Opening, and looking at places of the file."""
    found: list[Ledger] = []
    wall, processor = timed(lambda: found.append(open_ledger(path)))
    ledger, numbers = found[0], random.Random(1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    places = numbers.sample(range(1, len(ledger) + 1), 1000)
    batches = sorted(timed(lambda place=place: ledger.batch(place))[0] for place in places[:500])
    weights = sorted(timed(lambda place=place: ledger.weights_at(place))[0] for place in places[500:])
    return [
        f"opening {path.stat().st_size / 1e9:.2f} GB, {len(ledger):,} batches: {wall:.2f} s, of the processor "
        f"{processor:.2f} s (asked for 3)",
        f"a batch of it: median {1e3 * batches[250]:.2f} ms, p99 {1e3 * batches[-5]:.2f} ms (asked for 5)",
        f"weights at any batch: median {1e3 * weights[250]:.2f} ms, p99 {1e3 * weights[-5]:.2f} ms (asked for 16)",
        f"{path.stat().st_size / len(ledger) / ledger.header.batch_size:,.0f} bytes of file a sample; "
        f"most memory of this process {peak:,.0f} MiB",
    ]


def large(path: Path, batches: int) -> list[str]:
    """Looking at places of a file that does not keep all weights."""
    job = next(job for job in JOBS if job.name == "J3")
    job.run().train(batches=batches).save(path)
    found: list[Ledger] = []
    wall, _ = timed(lambda: found.append(open_ledger(path)))
    ledger, numbers = found[0], random.Random(1)
    rows = [f"J3: opening {path.stat().st_size / 1e6:.0f} MB, {batches:,} batches: {wall:.2f} s"]
    times: dict[str, list[tuple[float, float]]] = {}
    for start in range(0, batches - 63, 64):
        place = start + numbers.randint(2, 62)
        for name, batch in (
            ("a batch of it, where nobody looked", place),
            ("the one before", place - 1),
            ("the one after", place + 1),
            ("another before it", numbers.randint(start + 1, place)),
        ):
            times.setdefault(name, []).append(timed(lambda batch=batch: ledger.batch(batch)))
    for name, found_times in times.items():
        wall, used = (1e3 * statistics.median(time[kind] for time in found_times) for kind in (0, 1))
        most = 1e3 * max(found_times)[0]
        rows.append(f"{name}: median {wall:.1f} ms, of the processor {used:.1f} ms; most {most:.0f} ms (asked for 5)")
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5, help="of each side")
    parser.add_argument("--size", type=float, default=1.0, help="of the file that is opened, in GB")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for job in JOBS:
            if job.name in FLOORS:
                print(writing(job, Path(folder), options.repeats), flush=True)
        path = Path(folder) / "large.piggy"
        made(path, int(options.size * 1e9))
        print("\n".join(opening(path)), flush=True)
        path.unlink()
        print("\n".join(large(Path(folder) / "j3.piggy", 640)))


if __name__ == "__main__":
    main()
