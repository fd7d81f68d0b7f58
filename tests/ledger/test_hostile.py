"""Files that mean harm: lies with right hashes are refused or harmless, and opening runs nothing."""

from __future__ import annotations

import copy
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from files import ROOT, forged, forked, objects, saved, small
from hovering import looked_at, pointed_at

from piggybank import LedgerError, open_ledger

Figure = Callable[[str, object], None]


# Lies with right hashes -----------------------------------------------------------------------------------------------


def places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every part of a JSON value."""
    yield above
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        yield from places(part, (*above, name))


ODD = [
    None, True, 0, -1, 10**30, 2**53, 0.5, -0.0, 1e308, "inf", "-inf", "nan", "", "z", "bias", "\x1b[31m", "a" * 600,
    [], [[]], {}, {"sha256": "0" * 64}, {"shape": [1, 1], "f64": "AAAAAAAA8D8="}, [1.0], [[1.0, 2.0]],
]  # fmt: skip


def twisted(records: list[Any], numbers: random.Random) -> list[Any]:
    """One part of one record replaced, left out, doubled or moved."""
    found = copy.deepcopy(records)
    record = numbers.randrange(len(found))
    way = numbers.choice(list(places(found[record]))[1:])
    holder = found[record]
    for step in way[:-1]:
        holder = holder[step]
    kind, last = numbers.random(), way[-1]
    if kind < 0.7:
        holder[last] = copy.deepcopy(numbers.choice(ODD))
    elif kind < 0.8:
        del holder[last]
    elif isinstance(holder, list):
        holder.insert(numbers.randrange(len(holder) + 1), copy.deepcopy(holder[last]))
    else:
        holder["more"] = holder.pop(last)
    return found


def test_twisted_records_with_right_hashes_never_surprise(tmp_path: Path, figure: Figure) -> None:
    """What opens is looked at whole, once for everything that the files hold."""
    records, path = objects(saved(forked(), tmp_path)), tmp_path / "twisted.piggy"
    seen, seals, receipts, places = {"refused": 0, "shown in part": 0, "opened": 0}, set[str](), 0, 0
    for seed in range(1000):
        path.write_bytes(forged(twisted(records, random.Random(seed))))
        try:
            ledger = open_ledger(path)
        except LedgerError:
            seen["refused"] += 1
            continue
        seen["shown in part" if ledger.problem else "opened"] += 1
        if len(ledger) and ledger.seal not in seals:
            seals.add(ledger.seal)
            receipts += len(looked_at(ledger))
            places += pointed_at(ledger) if len(seals) % 4 == 1 else 0
    figure("T23 twisted files: refused, shown in part, opened", ", ".join(map(str, seen.values())))
    figure("T23 … looked at: different runs, receipts, places pointed at", f"{len(seals)}, {receipts}, {places}")
    assert min(seen.values()) > 20
    assert len(seals) > 20


# Nothing runs ---------------------------------------------------------------------------------------------------------

WATCHED = """
import os, sys
from pathlib import Path
from piggybank.ledger.reading import open_ledger
seen, mine = [], sys.argv[1]
itself = os.stat(mine)
def is_mine(file):  # by its name, or as what is open already
    return os.path.samestat(os.fstat(file), itself) if type(file) is int else str(file) == mine
def watch(event, arguments):
    if event.split(".")[0] in ("exec", "import", "subprocess", "socket", "os", "ctypes", "shutil", "tempfile"):
        seen.append(event)
    if event == "open" and not is_mine(arguments[0]):
        seen.append(f"open {arguments[0]}")
    if event == "open" and any(mark in str(arguments[1]) for mark in "wax+"):
        seen.append(f"open to write {arguments[0]}")
sys.addaudithook(watch)
ledger = open_ledger(mine, verify=True)
for batch in range(1, len(ledger) + 1):
    ledger.batch(batch), ledger.seal_at(batch)
print(len(ledger), seen)
"""


def test_opening_a_file_runs_nothing_writes_nothing_and_reads_nothing_else(tmp_path: Path, figure: Figure) -> None:
    path = saved(small(), tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, str(path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    figure("T26 exec, import, process, socket, other files while opening", done.stdout.split(" ", 1)[1].strip())
    assert done.stdout.strip() == "6 []"
