"""Files that were cut, damaged, or made to harm the auditor: it never calls one intact, and never breaks."""

from __future__ import annotations

import contextlib
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from asking import HEAD
from forging import MOMENTUM, edited
from piggy import records_of, text_of

from piggybank import SGD, Dense, Network, Run
from piggybank.auditor import Unreadable, audit

Figure = Callable[[str, object], None]


def small() -> bytes:
    """One weight, one row, two commits: the whole file in a few lines."""
    network = Network(Dense(1, 1, weights=0.5, bias=False))
    return text_of(records_of(Run(network, "one coin", rule=SGD(0.1)).train(batches=2)))


def test_cut_at_any_byte_it_is_intact_up_to_the_last_whole_record_or_no_ledger(tmp_path: Path, figure: Figure) -> None:
    """T2, of the auditor."""
    whole, path = small(), tmp_path / "run.piggy"
    header = whole.index(b"\n") + 1
    for size in range(len(whole) + 1):
        path.write_bytes(whole[:size])
        if size < header:
            with pytest.raises(Unreadable):
                audit(str(path))
            continue
        report = audit(str(path))
        assert report.findings == []
        assert report.batches == whole[:size].count(b"\n") - 1
        assert report.unfinished == size - whole[:size].rfind(b"\n") - 1
    figure("T2 auditor: cuts, of which wrongly judged", f"{len(whole) + 1}, 0")


def test_with_any_bit_flipped_it_is_not_intact(tmp_path: Path, figure: Figure) -> None:
    """T3, of the auditor: all bits of the last record and of line ends, one of each other byte."""
    whole, path, accepted, flipped = bytearray(small()), tmp_path / "run.piggy", 0, 0
    last = whole.rindex(b"\n", 0, -1)
    for place, byte in enumerate(bytes(whole)):
        for bit in range(8) if place >= last or byte == 10 else [place % 8]:
            whole[place] = byte ^ 1 << bit
            path.write_bytes(whole)
            flipped += 1
            with contextlib.suppress(Unreadable):
                accepted += not audit(str(path)).findings
        whole[place] = byte
    figure("T3 auditor: bits flipped, of which taken for intact", f"{flipped}, {accepted}")
    assert accepted == 0


BOMBS = {
    "nothing but digits": lambda: HEAD + b',"data":' + b"9" * 30_000_000 + b"}\n",
    "a float of very many digits": lambda: HEAD + b',"data":0.' + b"9" * 30_000_000 + b"}\n",
    "brackets in brackets": lambda: HEAD + b',"data":' + b"[" * 1_000_000 + b"]" * 1_000_000 + b"}\n",
    "objects in objects": lambda: HEAD + b',"data":' + b'{"a":' * 500_000 + b"1" + b"}" * 500_000 + b"}\n",
    "a line that does not end": lambda: HEAD + b" " * 100_000_000,
    "only zeros": lambda: bytes(10_000_000),
    "a thousand million weights": lambda: text_of(edited(many_weights)),
    "a thousand million weights out of sight": lambda: text_of(edited(many_hidden_weights)),
    "a thousand million savings": lambda: text_of(edited(many_weights, rule=MOMENTUM)),
    "a formula in brackets": lambda: text_of(edited(deep)),
    "half a character": lambda: HEAD + b',"data":"\xff\xfe"}\n',
    "a lone surrogate": lambda: HEAD + b',"data":"\\ud800"}\n',
    "a newer version": lambda: text_of(edited(lambda found: found[0].update(version=2))),
    "a list for a header": lambda: HEAD + b"}\n[]\n",
}


def many_weights(found: list[dict]) -> None:  # type: ignore[type-arg]
    names = [f"n{number}" for number in range(32_000)]
    found[0]["layers"][0].update(neurons=names)
    found[0]["layers"][1].update(sources=names, neurons=names)


def many_hidden_weights(found: list[dict]) -> None:  # type: ignore[type-arg]
    first, last = found[0]["layers"]
    names = [f"n{number}" for number in range(32_000)]
    between = first | {"sources": names, "neurons": names}
    found[0]["layers"] = [first | {"neurons": names}, between, last | {"sources": names}]


def deep(found: list[dict]) -> None:  # type: ignore[type-arg]
    found[0]["layers"][0].update(value="(" * 900 + "z" + ")" * 900)


def refused(bomb: str, path: Path) -> tuple[set[str], float, int]:
    """What is said of it, and the processor seconds and bytes that took (traced, which is slower than otherwise)."""
    path.write_bytes(BOMBS[bomb]())
    tracemalloc.start()
    start = time.process_time()
    try:
        said = {finding.code for finding in audit(str(path)).findings}
    except Unreadable as error:
        said = {str(error)}
    seconds, (_, most) = time.process_time() - start, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return said, seconds, most


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_file_made_to_harm_it_gets_a_finding_or_a_sentence(bomb: str, tmp_path: Path, figure: Figure) -> None:
    """T24, of the auditor."""
    said, seconds, most = refused(bomb, tmp_path / "bomb.piggy")
    figure(f"T24 auditor, {bomb}: processor seconds, MiB", f"{seconds:.1f}, {most / 2**20:.0f}")
    assert said
    assert most < 256 << 20
