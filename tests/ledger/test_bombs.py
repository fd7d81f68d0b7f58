"""Files that claim or hold far more than a run can have: refused in little time and memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from files import ROOT, outcome, saved, tiny, with_header

Figure = Callable[[str, object], None]
MEBIBYTES, SECONDS = 256, 2.0
MEASURED = """
import re, sys, time
from pathlib import Path
from piggybank.ledger.reading import open_ledger
from piggybank.ledger.records import LedgerError
began = time.process_time()
try:
    said = open_ledger(sys.argv[1], verify=True).problem
except LedgerError as problem:
    said = str(problem)
peak = int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
print(time.process_time() - began, peak, said)
"""


def bombs(folder: Path) -> dict[str, Callable[[Path], None]]:
    whole = saved(tiny(), folder, "whole.piggy").read_bytes()
    names = [f"n{place}" for place in range(31_623)]

    def long_line(path: Path, start: bytes) -> None:
        path.write_bytes(start)
        os.truncate(path, 1 << 30)  # zeros that take no room on the disk

    def claims(text: str) -> str:
        header = json.loads(text)
        header["layers"][0] |= {"sources": names, "neurons": names}
        header["initial"] = [{"shape": [31_623, 31_623], "f64": ""}]
        return json.dumps(header, separators=(",", ":"))

    def written(change: Callable[[str], str]) -> Callable[[Path], None]:
        def write(path: Path) -> None:
            path.write_bytes(with_header(change, folder))

        return write

    return {
        "1 GiB in the first line": lambda path: long_line(path, whole[:200]),
        "1 GiB in a batch": lambda path: long_line(path, whole[: whole.index(b"\n") + 20]),
        "10^6 brackets": written(lambda text: text.replace("[[2.0]]", "[" * 10**6 + "]" * 10**6)),
        "10^8 digits": written(lambda text: text.replace('"batch_size":1', '"batch_size":' + "1" * 10**8)),
        "4×10^7 digits": written(lambda text: text.replace('"batch_size":1', '"batch_size":' + "1" * (4 * 10**7))),
        "10^9 weights": written(claims),
    }


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="measures memory as Linux tells it")
def test_bombs_are_refused_in_little_time_and_memory(tmp_path: Path, figure: Figure) -> None:
    (tmp_path / "made").mkdir()
    worst = [0.0, 0.0]
    for number, (name, make) in enumerate(bombs(tmp_path / "made").items()):
        path = tmp_path / f"{number}.piggy"
        for old in (tmp_path / "made").iterdir():
            old.unlink()
        make(path)
        done = subprocess.run(
            [sys.executable, "-c", MEASURED, str(path)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        )
        path.unlink()
        seconds, peak, said = done.stdout.split(" ", 2)
        assert f"{number}.piggy" in said, name
        worst = [max(worst[0], float(seconds)), max(worst[1], float(peak))]
        assert (float(seconds) < SECONDS, float(peak) < MEBIBYTES) == (True, True), (name, seconds, peak)
    figure("T24 bombs refused: slowest s of processor, most MiB", f"{worst[0]:.2f}, {worst[1]:.0f}")


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("0." + "1" * 39, "a number has 41 digits"),
        ("1" * 41, "a number has 41 digits"),
        ("[" + "{}," * 100_000 + "{}]", "there is far more in it than a run can have"),
        ("[" + "0," * 5_000_000 + "0]", "there is far more in it than a run can have"),
    ],
    ids=["a long float", "a long int", "many objects", "many numbers"],
)
def test_more_than_a_run_can_have_is_refused(value: str, says: str, tmp_path: Path) -> None:
    path, rate = tmp_path / "odd.piggy", '"learning_rate":'
    path.write_bytes(with_header(lambda text: text.replace(f"{rate}0.125", rate + value), tmp_path))
    assert outcome(path) == (-1, f"odd.piggy, line 1: {says}")
