"""The progress bar: nothing for short work, and never an item lost or twice."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from piggybank import open_ledger
from piggybank import progress as bars
from piggybank.progress import progress


def test_short_work_loads_no_bar() -> None:
    code = (
        "import sys; from piggybank.progress import progress; list(progress(range(9), 'x')); print(sorted(sys.modules))"
    )
    assert "tqdm" not in subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("slow_from", [0, 1, 7, 100])
def test_all_items_come_in_order_whenever_the_bar_begins(
    slow_from: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    readings = iter([0.0] + [0.0 if place < slow_from else 2.0 for place in range(200)])
    monkeypatch.setattr(bars, "perf_counter", lambda: next(readings))
    assert list(progress(range(20), "batch")) == list(range(20))
    assert ("20" in capsys.readouterr().err) == (slow_from < 20)


def test_a_bar_that_comes_late_counts_what_was_done_before_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    readings = iter([0.0] * 8 + [2.0] * 200)
    monkeypatch.setattr(bars, "perf_counter", lambda: next(readings))
    list(progress(range(20), "batch"))
    assert "7/20" in capsys.readouterr().err


class NobodyReads(io.StringIO):
    """A pipe whose other end is gone."""

    def write(self, text: str) -> int:
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))


@pytest.mark.parametrize("stderr", [None, NobodyReads()], ids=["closed", "nobody reads"])
def test_work_goes_on_where_there_is_no_standard_error(
    stderr: io.StringIO | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bars, "PATIENCE", -1.0)
    monkeypatch.setattr(sys, "stderr", stderr)
    assert list(progress(range(20), "batch")) == list(range(20))


@pytest.mark.skipif(os.name == "nt", reason="a shell's redirection")
def test_a_command_without_standard_error_does_all_that_it_was_asked_for(tmp_path: Path) -> None:
    code = "from piggybank import progress; progress.PATIENCE = -1; from piggybank.app.cli import main; main()"
    arguments = "train --data xor --epochs 300 --save a.piggy"
    for redirection in ("2>&-", "2>&1 | true"):
        command = f'"{sys.executable}" -c "{code}" {arguments} --overwrite {redirection}'
        subprocess.run(["bash", "-c", command], cwd=tmp_path, stdout=subprocess.PIPE, check=False)
        assert len(open_ledger(tmp_path / "a.piggy")) == 300
        (tmp_path / "a.piggy").unlink()
