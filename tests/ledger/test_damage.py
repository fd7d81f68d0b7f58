"""Files that were cut off, changed or written over: what is whole is recovered, nothing changed passes as intact."""

from __future__ import annotations

import errno
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from files import forged, objects, outcome, saved, small, tiny
from interrupting import stopped_everywhere
from nets import bits

from piggybank import Ledger, LedgerError, follow, open_ledger
from piggybank.ledger import reading

Figure = Callable[[str, object], None]


def test_a_file_cut_off_at_any_byte_gives_its_longest_whole_part(tmp_path: Path, figure: Figure) -> None:
    path = saved(tiny(), tmp_path)
    whole = path.read_bytes()
    header, wrong = whole.index(b"\n") + 1, 0
    for length in range(len(whole), -1, -1):
        with path.open("r+b") as file:
            file.truncate(length)
        wanted = -1 if length < header else whole[:length].count(b"\n") - 1
        batches, problem = outcome(path)
        wrong += batches != wanted or (batches >= 0) == bool(problem)
    figure("T2 a ledger cut off at every byte: not its longest whole part", f"{wrong} of {len(whole) + 1}")
    assert wrong == 0


def test_no_flipped_bit_passes_as_intact(tmp_path: Path, figure: Figure) -> None:
    path = saved(tiny(), tmp_path)
    whole = path.read_bytes()
    accepted = []
    with path.open("r+b", buffering=0) as file:
        for place, byte in enumerate(whole):
            for bit in range(8):
                file.seek(place)
                file.write(bytes([byte ^ (1 << bit)]))
                if not outcome(path)[1]:
                    accepted.append((place, bit))
            file.seek(place)
            file.write(bytes([byte]))
    figure("T3 every bit of a small ledger flipped: accepted as intact", f"{len(accepted)} of {8 * len(whole):,}")
    assert accepted == []


def tails() -> list[bytes]:
    numbers = random.Random(4)
    garbage = [numbers.randbytes(length) for length in (1, 7, 100, 5000)]
    return [b"\0", b"\0" * 4096, b"\n", b"\n\n", b"{}", b"{}\n", b"null\n", b'{"batch":7', b"\xff\xfe", *garbage]


@pytest.mark.parametrize("cut", [0, 40])
def test_a_tail_of_zeros_or_garbage_is_told_and_left_out(cut: int, tmp_path: Path, figure: Figure) -> None:
    path, wrong, kept = saved(small(), tmp_path), list[bytes](), 5 if cut else 6
    whole = path.read_bytes()
    for tail in tails():
        path.write_bytes(whole[: len(whole) - cut] + tail)
        batches, problem = outcome(path)
        told = f"line {kept + 2}: " in problem and f"the {kept} batches before it are shown" in problem
        if tail == b'{"batch":7' and not cut:  # what a batch that was being written looks like
            told = problem == ""
        if batches != kept or not told:
            wrong.append(tail[:12])
    behind = "a batch that was cut off" if cut else "a whole batch"
    figure(f"T4 zeros or garbage behind {behind}: not told and left out", f"{len(wrong)} of {len(tails())}")
    assert wrong == []


def test_of_one_batch_before_the_damage_it_is_not_spoken_as_of_several(tmp_path: Path) -> None:
    path = saved(small(), tmp_path)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:2], b"?\n"]))
    assert open_ledger(path).problem.endswith("; the batch before it is shown")


def test_the_recovered_part_has_the_seal_it_had(tmp_path: Path) -> None:
    path = saved(small(), tmp_path)
    path.write_bytes(path.read_bytes()[:-100])
    assert open_ledger(path).seal == small().seal_at(5)


def test_a_batch_changed_after_opening_is_refused_when_it_is_looked_at(tmp_path: Path) -> None:
    path = saved(small(), tmp_path)
    ledger = open_ledger(path)
    ledger.storage._found.cache_clear()  # type: ignore[attr-defined]
    whole = path.read_bytes()
    place = whole.index(b'"learning_rate":0.5', whole.index(b"\n")) + len('"learning_rate":0.')
    path.write_bytes(whole[:place] + b"6" + whole[place + 1 :])
    with pytest.raises(LedgerError, match=r"run.piggy, line 2: its hash is not that of its text"):
        ledger.batch(1)


def test_following_takes_in_what_was_added_and_no_unfinished_line(tmp_path: Path) -> None:
    path = saved(small(), tmp_path)
    whole = path.read_bytes()
    lines = whole.splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:3]))
    ledger = follow(path)
    seen = [len(ledger)]
    for place in range(len(b"".join(lines[:3])), len(whole), 97):
        with path.open("ab") as file:
            file.write(whole[place : place + 97])
        ledger.refresh()
        assert len(ledger) == path.read_bytes().count(b"\n") - 1
        seen.append(len(ledger))
    assert set(seen) == {2, 3, 4, 5, 6}
    assert (ledger.seal, ledger.problem) == (small().seal, "")


def test_following_stopped_at_any_instant_and_asked_for_again_takes_in_the_same(tmp_path: Path) -> None:
    path = saved(small(), tmp_path)
    whole = path.read_bytes()
    beginning = len(b"".join(whole.splitlines(keepends=True)[:5]))

    def growing() -> Ledger:
        os.truncate(path, beginning)
        ledger = follow(path)
        with path.open("ab") as file:
            file.write(whole[beginning:])
        return ledger

    stops = 0
    for ledger in stopped_everywhere(growing, lambda ledger: ledger.refresh()):
        stops += 1
        ledger.refresh()
        assert (len(ledger), ledger.seal, ledger.problem) == (6, small().seal, "")
        assert bits(ledger.weights_at(6)[0]) == bits(small().weights_at(6)[0])
    assert stops > 100


def test_following_takes_in_nothing_after_a_damaged_line(tmp_path: Path) -> None:
    path = saved(small(), tmp_path)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:3], b"no batch\n"]))
    ledger = follow(path)
    problem = ledger.problem
    path.write_bytes(b"".join(lines))
    assert (ledger.refresh(), len(ledger), ledger.problem) == (0, 2, problem)
    assert "line 4" in problem


def test_a_disk_that_fails_while_somebody_looks_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = open_ledger(saved(small(), tmp_path))

    class Failing:
        closed = False

        def seek(self, place: int) -> int:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(ledger.storage, "_file", Failing())
    with pytest.raises(LedgerError, match=r"^run.piggy cannot be read any more: Input/output error$"):
        ledger.batch(1)


@pytest.mark.parametrize("verify", [False, True])
def test_a_large_file_is_parsed_where_it_is_looked_at_unless_all_of_it_is_asked_for(
    verify: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PARSED_AT_ONCE", 0)
    records, path = objects(saved(small(), tmp_path)), tmp_path / "lies.piggy"
    records[2]["rows"] = [9]
    path.write_bytes(forged(records))
    ledger = open_ledger(path, verify=verify)
    assert (len(ledger), bool(ledger.problem)) == ((1, True) if verify else (6, False))
    if not verify:
        with pytest.raises(
            LedgerError, match=r"lies.piggy, line 3: expected a row as a whole number from 0 to 3, found 9"
        ):
            ledger.batch(2)


def test_following_a_file_that_shrinks_says_so(tmp_path: Path) -> None:
    path = saved(small(), tmp_path)
    ledger = follow(path)
    with path.open("r+b") as file:
        file.truncate(200)
    assert (ledger.refresh(), len(ledger)) == (0, 0)
    assert "the file was cut off after it was opened" in ledger.problem


@pytest.mark.parametrize("beyond", [-1, 0, 1, 50])
def test_a_file_cut_off_after_it_was_opened_keeps_the_batches_that_are_whole_in_it(beyond: int, tmp_path: Path) -> None:
    path = saved(small(), tmp_path)
    ledger, lines = open_ledger(path), path.read_bytes().splitlines(keepends=True)
    os.truncate(path, len(b"".join(lines[:4])) + beyond)
    ledger.refresh()
    kept = 2 if beyond < 0 else 3
    assert (len(ledger), ledger.seal) == (kept, small().seal_at(kept))
    assert f"line {kept + 2}: the file was cut off after it was opened; the {kept} batches before it" in ledger.problem
    for ours, whole in zip(ledger, small(), strict=False):
        assert bits(ours.weights_after[0]) == bits(whole.weights_after[0])
    with pytest.raises(LedgerError, match=f"holds batches 1 to {kept}, got batch {kept + 1}"):
        ledger.batch(kept + 1)


def test_of_a_file_that_is_written_over_while_it_is_open_the_batches_before_the_change_are_left(
    tmp_path: Path,
) -> None:
    path = saved(small(), tmp_path)
    ledger = open_ledger(path)
    with path.open("r+b") as file:
        file.seek(len(b"".join(path.read_bytes().splitlines(keepends=True)[:4])) + 30)
        file.write(b"7777")
    ledger.storage._found.cache_clear()  # type: ignore[attr-defined]
    with pytest.raises(LedgerError, match=r"^run.piggy, line 5: its hash is not that of its text"):
        ledger.batch(4)
    assert (len(ledger), ledger.seal) == (3, small().seal_at(3))
    assert "line 5: its hash is not that of its text" in ledger.problem
