"""The progress bar: nothing for short work, and never an item lost or twice."""

from __future__ import annotations

import subprocess
import sys

import pytest

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
