"""Whose file it is: one writer at a time, replaced only by a file that is begun, and missed when it is taken away."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from failing import broken, elsewhere, run_into, whichever_call_fails
from files import small

from piggybank import LedgerError, open_ledger
from piggybank.auditor import audit
from piggybank.ledger import claiming, store, systems

Figure = Callable[[str, object], None]


def test_a_run_that_replaces_a_file_leaves_it_until_its_own_beginning_is_on_the_disk(
    tmp_path: Path, figure: Figure
) -> None:
    path, kept = tmp_path / "run.piggy", 0
    for disk in whichever_call_fails():
        path.write_bytes(b"old")
        with broken(disk):
            run = run_into(path, overwrite=True)
        assert (path.read_bytes() == b"old") == bool(run.save_problem)
        assert os.listdir(tmp_path) == ["run.piggy"]
        kept += bool(run.save_problem)
    figure("T5 failing while a run replaces a file: old files lost", f"0 of {kept}")
    assert kept >= 3 * 5


def test_where_an_open_file_cannot_be_replaced_it_is_emptied_once_its_lock_is_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lock_and_go_to_the_end(handle: int) -> bool:
        """As on Windows, where the position is moved to find a byte to lock."""
        return systems.lock(handle) and os.lseek(handle, 0, os.SEEK_END) >= 0

    monkeypatch.setattr(claiming, "MOVES_OPEN", False)
    monkeypatch.setattr(claiming, "lock", lock_and_go_to_the_end)
    path = tmp_path / "run.piggy"
    path.write_bytes(b"x" * 100_000)
    run_into(path, overwrite=True).train(epochs=3)
    assert open_ledger(path).seal == small().seal
    other = run_into(None).train(epochs=1)
    other.save(path, overwrite=True)
    assert open_ledger(path).seal == other.ledger.seal


def test_a_second_program_that_writes_a_file_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "run.piggy"
    first = run_into(path).train(epochs=1)
    refused = elsewhere(f"run_into(Path({str(path)!r}), overwrite=True)").stderr.splitlines()[-1]
    assert "'run.piggy' is being written by another run; give this one a name of its own" in refused
    first.train(epochs=2)
    assert open_ledger(path).seal == small().seal


def test_a_newer_run_of_the_same_program_replaces_the_file_of_an_older_one(tmp_path: Path) -> None:
    path = tmp_path / "run.piggy"
    older = run_into(path).train(epochs=1)
    newer = run_into(path, overwrite=True).train(epochs=2)
    older.train(epochs=2)
    newer.train(epochs=1)
    assert "run.piggy is not being saved any more (another run replaced it)" in older.save_problem
    assert (newer.save_problem, open_ledger(path).seal) == ("", small().seal)


def test_a_run_saved_over_its_own_file_goes_on_being_saved_there(tmp_path: Path) -> None:
    path = tmp_path / "run.piggy"
    run = run_into(path).train(epochs=1)
    path.write_bytes(b"spoiled")
    assert run.save(path, overwrite=True) == path
    assert len(open_ledger(path)) == 2
    run.train(epochs=2)
    assert (run.save_problem, open_ledger(path).seal) == ("", small().seal)


def test_a_run_that_cannot_be_saved_over_its_own_file_goes_on_being_saved_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "run.piggy"
    run = run_into(path).train(epochs=1)

    def refused(*_: str) -> None:
        raise OSError(errno.EIO, "input/output error")

    monkeypatch.setattr(os, "replace", refused)
    with pytest.raises(LedgerError, match=r"could not be written \(input/output error\)"):
        run.save(path, overwrite=True)
    assert os.listdir(tmp_path) == ["run.piggy"]
    run.train(epochs=2)
    assert (run.save_problem, open_ledger(path).seal) == ("", small().seal)


def test_another_run_saved_over_a_runs_file_takes_it_and_the_first_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "run.piggy"
    first, other = run_into(path).train(epochs=1), run_into(None).train(epochs=3)
    other.save(path, overwrite=True)
    first.train(epochs=1)
    assert "run.piggy is not being saved any more (another run replaced it)" in first.save_problem
    assert first.save_problem in capsys.readouterr().err
    assert open_ledger(path).seal == other.ledger.seal


def test_saving_over_a_file_that_another_program_writes_is_refused_and_that_one_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "run.piggy"
    first = run_into(path).train(epochs=1)
    refused = elsewhere(f"run_into(None).save(Path({str(path)!r}), overwrite=True)").stderr.splitlines()[-1]
    assert "'run.piggy' is being written by another run; give this one a name of its own" in refused
    assert os.listdir(tmp_path) == ["run.piggy"]
    first.train(epochs=2)
    assert open_ledger(path).seal == small().seal


@pytest.mark.skipif(sys.platform == "win32", reason="an open file stays there")
@pytest.mark.parametrize("replaced", [False, True])
def test_a_file_that_is_taken_away_is_missed_when_training_ends(replaced: bool, tmp_path: Path) -> None:
    path = tmp_path / "run.piggy"
    run = run_into(path).train(epochs=1)
    path.unlink()
    if replaced:
        path.write_bytes(b"something else")
    run.train(epochs=1)
    assert "the file was removed, or another took its place" in run.save_problem
    assert not replaced or path.read_bytes() == b"something else"


@pytest.mark.skipif(sys.platform == "win32", reason="an open file stays there")
def test_a_file_that_is_taken_away_is_missed_while_training_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, looks = run_into(tmp_path / "run.piggy"), list[int]()
    (tmp_path / "run.piggy").unlink()
    really = store.Writer.look
    monkeypatch.setattr(store.Writer, "look", lambda writer: (looks.append(len(run.ledger)), really(writer)))
    monkeypatch.setattr(store, "monotonic", lambda: len(run.ledger) / 10)
    run.train(batches=10)
    assert run.save_problem
    assert looks[0] < 10
    assert len(looks) <= 10 / 10 / store.LOOK_EVERY + 2


def test_a_program_that_moves_to_another_folder_goes_on_saving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    run = run_into(Path("run.piggy")).train(epochs=1)
    monkeypatch.chdir(tmp_path / "elsewhere")
    run.train(epochs=2)
    assert (run.save_problem, open_ledger(tmp_path / "run.piggy").seal) == ("", small().seal)


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need a right there")
def test_a_link_stays_and_the_file_behind_it_is_replaced(tmp_path: Path) -> None:
    link, file = tmp_path / "link.piggy", tmp_path / "run.piggy"
    file.write_bytes(b"old")
    link.symlink_to(file)
    for write in (
        lambda: run_into(link, overwrite=True).train(epochs=3),
        lambda: store.save(small(), link, overwrite=True),
    ):
        write()
        assert link.is_symlink()
        assert open_ledger(file).seal == small().seal


@pytest.mark.skipif(not Path("/dev/null").exists(), reason="needs a device")
def test_what_is_no_file_is_not_replaced(tmp_path: Path) -> None:
    null = tmp_path / "null"
    null.symlink_to("/dev/null")
    for refuse in (lambda: run_into(null, overwrite=True), lambda: store.save(small(), null, overwrite=True)):
        with pytest.raises(LedgerError, match="'null' is not a file that can be replaced; give another name"):
            refuse()


@pytest.mark.skipif(sys.platform == "win32", reason="folders are not opened there")
@pytest.mark.parametrize("way", ["run", "run that replaces", "save"])
def test_what_is_to_be_durable_has_its_name_on_the_disk_too(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, synced, really = tmp_path / "run.piggy", list[tuple[bool, bool]](), os.fsync

    def fsync(handle: int) -> None:
        synced.append((os.path.samestat(os.fstat(handle), tmp_path.stat()), path.exists()))
        really(handle)

    if way == "run that replaces":
        path.write_bytes(b"old")
    ledger = small()
    monkeypatch.setattr(os, "fsync", fsync)
    if way == "save":
        store.save(ledger, path)
    else:
        run_into(path, durable=True, overwrite=way != "run")
    assert synced[-1] == (True, True)
    assert synced[0][0] is False


def test_a_file_can_be_replaced_once_its_writer_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "run.piggy"
    elsewhere(f"run_into(Path({str(path)!r})).train(epochs=1)\nos._exit(9)")
    assert len(open_ledger(path)) == 2
    run_into(path, overwrite=True).train(epochs=3)
    assert open_ledger(path).seal == small().seal


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")
def test_a_forked_process_leaves_the_file_to_its_parent(tmp_path: Path) -> None:
    """The child trains on too, in memory, and says so; the lock stays the parent's."""
    other = "from piggybank import *; Run(Network(Dense(2, 1)), 'xor', save='run.piggy', overwrite=True)"
    tried = (
        "import os, subprocess, sys\n"
        "from piggybank import Dense, Network, Run\n"
        "run = Run(Network(Dense(2, 1)), 'xor', save='run.piggy').train(batches=2)\n"
        "child = os.fork()\n"
        "run.train(batches=1)\n"
        "if not child:\n"
        "    os._exit(0 if run.save_problem and len(run.ledger) == 3 else 1)\n"
        "assert os.waitpid(child, 0)[1] == 0 and not run.save_problem\n"
        "assert subprocess.run([sys.executable, '-c', sys.argv[1]], stderr=-3).returncode\n"
        "run.train(batches=2)\n"
    )
    command = [sys.executable, "-c", tried, other]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "run.piggy is not being saved any more (the process that this one was forked from writes it)" in done.stderr
    assert done.returncode == 0
    assert audit(str(tmp_path / "run.piggy")).findings == []
    assert len(open_ledger(tmp_path / "run.piggy")) == 5
