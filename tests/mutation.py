"""Mutation testing, for a night: python tests/mutation.py --room engine --sample 200 --seed 1

One place in a copy of the package is made wrong (a comparison, an operation, a constant, a sign in a formula's text, a
dropped statement …), and one of the tests that run that place must fail. A mutant that no test notices is a survivor
and is printed. `mutation_explained.txt` lists those that compute the same; they are not run. It needs `pip install
coverage`: a first run, kept until a file changes, finds out which tests run which lines and how long they take.

Libraries do less for more: mutmut changes nothing that runs at import (tables, limits) or stands under a decorator, and
a quarter of what it changes cannot matter here; cosmic-ray runs all tests for each mutant; neither takes a seeded
sample or a list of what is equivalent.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.util import cache_from_source
from pathlib import Path
from queue import SimpleQueue
from time import perf_counter
from typing import Any

import pytest
from hypothesis import Phase, settings
from mutants import Mutant, mutants
from tqdm import tqdm

ROOT = Path(__file__).resolve().parent.parent
EXPLAINED = Path(__file__).with_name("mutation_explained.txt")
ROOMS = {  # modules of the package, and the tests that are to notice
    "engine": (
        "engine/*.py formula.py recipe.py grammar.py arithmetic.py ordered.py halves.py portable*.py scaling.py",
        "engine test_formula.py test_formula_bits.py test_formula_steps.py test_recipe.py test_ordered.py "
        "test_ordered_builds.py test_portable.py test_training.py test_run_settings.py test_large_runs.py test_fork.py "
        "test_fork_rows.py test_laws.py test_exact.py test_exact_lessons.py test_plain_loop.py "
        "ledger/test_commit_receipts.py ledger/test_accuracy.py ledger/test_shares.py ledger/test_trouble.py "
        "ledger/test_seals.py auditor/test_against_engine.py",
    ),
    "auditor": ("auditor.py honest_names.py", "auditor test_portable.py"),
}
OPTIONS = ["-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-seed=1"]
CHOSEN = "MUTATION_TESTS"  # names the file of the tests that a process is to run
MEMORY, LONGEST = 4 << 30, 20.0  # bytes that a process may claim; seconds beyond which a test is left out


# Which tests --------------------------------------------------------------------------------------------------------


class Watch:
    """A pytest plugin: which tests run which lines, and how many seconds each takes."""

    def __init__(self) -> None:
        from coverage import Coverage

        self.coverage, self.seconds = Coverage(data_file=None, include=[f"{ROOT}/piggybank/*"]), dict[str, float]()
        self.coverage.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.coverage.switch_context(item.nodeid)
        start = perf_counter()
        result = yield
        self.seconds[item.nodeid] = perf_counter() - start
        self.coverage.switch_context("")
        return result

    def found(self) -> dict[str, Any]:
        self.coverage.stop()
        data = self.coverage.get_data()
        lines = {str(Path(file).relative_to(ROOT)): data.contexts_by_lineno(file) for file in data.measured_files()}
        return {"seconds": self.seconds, "lines": lines}


def measured(tests: list[str]) -> dict[str, Any]:
    """What `Watch` finds, kept in the temporary folder until a file of the package or of the tests changes."""
    files = (path for part in ("piggybank", "tests") for path in sorted((ROOT / part).rglob("*.py")))
    text = b"".join(path.read_bytes() for path in files if not path.stem.startswith("muta")) + repr(tests).encode()
    kept = Path(tempfile.gettempdir(), f"piggybank-mutation-{hashlib.sha256(text).hexdigest()[:12]}.json")
    if not kept.exists():
        watch = Watch()
        if pytest.main(["-x", "-q", *OPTIONS, *tests], plugins=[watch]):
            sys.exit("the tests fail before anything is made wrong")
        kept.write_text(json.dumps(watch.found()))
    return json.loads(kept.read_text())


def tests_for(mutant: Mutant, known: dict[str, Any]) -> list[list[str]]:
    """First of one file, named after the module or with most that run the lines (for what runs at import, its module):
    all its tests, as some work in processes that nobody watches. Then those of other files. The fastest are first."""
    lines = known["lines"].get(mutant.file, {})
    seconds = {test: time for test, time in known["seconds"].items() if time < LONGEST}
    at_place = {test for line in mutant.lines for test in lines.get(str(line), ())} & seconds.keys()
    chosen = at_place or {test for tests in lines.values() for test in tests} & seconds.keys() or seconds.keys()
    files = Counter(test.split("::")[0] for test in chosen)
    first = max(files, key=lambda file: (Path(mutant.file).stem.split("_")[0] in Path(file).stem, files[file]))
    at_home = [test for test in seconds if test.startswith(first)]
    elsewhere = [test for test in chosen if not test.startswith(first)]
    return [sorted(tests, key=lambda test: (test not in chosen, seconds[test])) for tests in (at_home, elsewhere)]


def pytest_configure() -> None:
    """In a mutant's tests, whose plugin this module is: a failing example need not be made small."""
    if CHOSEN in os.environ:
        settings.register_profile("mutation", deadline=None, phases=(Phase.explicit, Phase.generate), database=None)
        settings.load_profile("mutation")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if CHOSEN in os.environ:
        order = {name: k for k, name in enumerate(json.loads(Path(os.environ[CHOSEN]).read_text()))}
        items[:] = sorted((item for item in items if item.nodeid in order), key=lambda item: order[item.nodeid])


# The verdict --------------------------------------------------------------------------------------------------------


def survives(mutant: Mutant, source: str, copy: Path, known: dict[str, Any]) -> bool:
    """Whether all its tests pass in a copy of the checkout; those that take more than three times their time do not."""
    module, chosen = copy / mutant.file, copy / "chosen.json"
    whole = module.read_text(encoding="utf-8")
    write(module, source)
    scope = {**os.environ, "PYTHONPATH": os.pathsep.join((str(copy), str(copy / "tests"))), CHOSEN: str(chosen)}
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "mutation", *OPTIONS, f"--basetemp={copy}/temporary"]
    quiet: Any = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
    try:
        for tests in filter(None, tests_for(mutant, known)):
            chosen.write_text(json.dumps(tests))
            files = dict.fromkeys(test.split("::")[0] for test in tests)
            process = subprocess.Popen([*command, *files], cwd=copy, env=scope, **quiet)
            try:
                if process.wait(30 + 3 * sum(known["seconds"][test] for test in tests)):
                    return False
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                return False
        return True
    finally:
        write(module, whole)


def write(module: Path, text: str) -> None:
    module.write_text(text, encoding="utf-8")
    Path(cache_from_source(module)).unlink(missing_ok=True)  # what Python keeps of a module is dated by the second only


def explained() -> set[tuple[str, str, str]]:
    """The table: a line "file: why", then changed lines after "- " and what they become after "+ ", * for anything."""
    table, file, before = set(), "", ""
    for line in EXPLAINED.read_text(encoding="utf-8").splitlines():
        sign, text = line[:2], line[2:].replace("\\n", "\n")
        if sign == "- ":
            before = text
        elif sign == "+ ":
            table.add((f"piggybank/{file}", before, text))
        elif sign != "# ":
            file = line.split(": ")[0]
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--room", choices=ROOMS, default="engine")
    parser.add_argument("--only", default="", help="modules with this in their name")
    parser.add_argument("--sample", type=int, default=10**6, help="how many mutants; all by default")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    os.chdir(ROOT)
    names, tests = (words.split() for words in ROOMS[options.room])
    known = measured([f"tests/{name}" for name in tests])
    every: list[Mutant] = []
    for path in sorted(path for name in names for path in (ROOT / "piggybank").glob(name) if options.only in path.name):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        every += mutants(str(path.relative_to(ROOT)), tree, tree)
    picked = random.Random(options.seed).sample(every, min(options.sample, len(every)))
    prepared = [(mutant, mutant.source(), mutant.difference()) for mutant in picked]  # here, as they share trees
    table, copies, count = explained(), SimpleQueue[Path](), Counter[str](killed=0, explained=0, survived=0)

    def judged(mutant: Mutant, source: str, difference: tuple[str, str]) -> str:
        if {(mutant.file, *difference), (mutant.file, difference[0], "*")} & table:
            return "explained"
        copy = copies.get()
        try:
            return "survived" if survives(mutant, source, copy, known) else "killed"
        finally:
            copies.put(copy)

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(options.jobs) as pool:
        for copy in (Path(folder, str(job)) for job in range(options.jobs)):
            for part in ("piggybank", "tests", "assets", "lessons"):
                shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
            shutil.copy(ROOT / "pyproject.toml", copy)
            copies.put(copy)
        with tqdm(pool.map(judged, *zip(*prepared, strict=True)), total=len(picked), unit="mutant") as progress:
            for (mutant, _, difference), verdict in zip(prepared, progress, strict=True):
                count[verdict] += 1
                progress.set_postfix(count)
                if verdict == "survived":
                    before, after = (text.replace("\n", "\\n") for text in difference)
                    progress.write(f"{mutant.file}:{mutant.line}\n- {before}\n+ {after}", file=sys.stdout)
    share = count["survived"] / max(1, len(picked))
    print(f"{len(picked)} of {len(every)} mutants: {dict(count)}, {share:.1%} survived unexplained")


if __name__ == "__main__":
    main()
