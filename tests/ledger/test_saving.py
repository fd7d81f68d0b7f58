"""Writing a file: nothing is written over, nothing is lost when the disk fails, and killing leaves whole batches."""

from __future__ import annotations

import errno
import gc
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from failing import Failing, broken, not_as_root, run_into, whichever_call_fails
from files import ROOT, small
from interrupting import stopped_everywhere

from piggybank import Dense, LedgerError, Network, Run, open_ledger
from piggybank.ledger import store

Figure = Callable[[str, object], None]


def test_training_goes_on_in_memory_whichever_call_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], figure: Figure
) -> None:
    failures = 0
    for number, disk in enumerate(whichever_call_fails()):
        path = tmp_path / f"{number}.piggy"
        with broken(disk):
            run = run_into(path, durable=True).train(epochs=3)
        assert run.ledger.seal == small().seal
        failures += disk.failed
        assert bool(run.save_problem) == disk.failed
        said = capsys.readouterr().err
        assert said.count("\n") == disk.failed
        assert run.save_problem in said
        assert not disk.failed or disk.reason.lower() in said
        kept = open_ledger(path) if path.exists() and path.stat().st_size else None
        assert kept is None or kept.seal == small().seal_at(len(kept))
        assert disk.failed or (kept and len(kept) == len(small()))
    figure("T5 failing open, write, fsync while training: tracebacks", f"0 of {failures}")
    assert failures > 3 * 8


def test_saving_at_once_leaves_the_old_file_or_the_whole_new_one_whichever_call_fails(
    tmp_path: Path, figure: Figure
) -> None:
    path, failures = tmp_path / "run.piggy", 0
    for disk in whichever_call_fails():
        path.write_bytes(b"old")
        refused = False
        with broken(disk):
            try:
                store.save(small(), path, overwrite=True)
            except LedgerError:
                refused = True
        failures += disk.failed
        assert disk.failed or not refused
        assert (path.read_bytes() == b"old") == refused
        assert refused or open_ledger(path).seal == small().seal
        assert os.listdir(tmp_path) == ["run.piggy"]
    figure("T5 failing fsync, replace while saving at once: tracebacks", f"0 of {failures}")
    assert failures >= 3 * 3


def test_a_new_file_that_cannot_be_begun_is_not_left_behind(tmp_path: Path) -> None:
    with broken(Failing(1, errno.ENOSPC)):
        run = run_into(tmp_path / "run.piggy")
    assert "no space left on device" in run.save_problem
    assert os.listdir(tmp_path) == []


def test_what_could_not_be_saved_can_be_saved_elsewhere(tmp_path: Path) -> None:
    with broken(Failing(6, errno.ENOSPC)):
        run = run_into(tmp_path / "full.piggy").train(epochs=3)
    assert "is not being saved any more (no space left on device)" in run.save_problem
    assert open_ledger(run.save(tmp_path / "other.piggy")).seal == small().seal


@pytest.mark.skipif(sys.platform == "win32", reason="a folder that cannot be written to")
def test_a_read_only_folder_is_told_and_training_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    run_into(None).train(epochs=1)  # what that needs is loaded by somebody who may
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o555)
        with not_as_root():
            run = run_into(Path(folder) / "run.piggy").train(epochs=1)
        os.chmod(folder, 0o700)
    assert len(run.ledger) == 2
    assert "permission denied" in capsys.readouterr().err


def test_an_existing_file_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "run.piggy"
    path.write_bytes(b"precious")
    for refuse in (lambda: run_into(path), lambda: store.save(small(), path)):
        with pytest.raises(LedgerError, match=r"'run.piggy' is there already; give another name"):
            refuse()
    assert path.read_bytes() == b"precious"


def test_an_existing_file_is_replaced_when_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "run.piggy"
    path.write_bytes(b"x" * 100_000)
    run_into(path, overwrite=True).train(epochs=3)
    assert open_ledger(path).seal == small().seal


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_folder_is_not_written_over(overwrite: bool, tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match=r"is a folder; give the name of a file"):
        store.save(small(), tmp_path, overwrite=overwrite)
    with pytest.raises(LedgerError, match=r"is a folder; give the name of a file"):
        run_into(tmp_path, overwrite=overwrite)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    for refuse in (lambda path: run_into(path), lambda path: store.save(small(), path)):
        with pytest.raises(LedgerError, match=r"there is no folder .* to save 'run.piggy' in; make it first"):
            refuse(tmp_path / "no" / "run.piggy")


@pytest.mark.parametrize("name", ["a\0b.piggy", "\ud800.piggy"])
def test_a_name_that_no_file_can_have_is_refused_in_a_sentence(name: str, tmp_path: Path) -> None:
    for refuse in (run_into, run_into(None).save, run_into(None).save_data):
        with pytest.raises(LedgerError, match=r"^no file can be called '.*\.piggy'; try run\.piggy$"):
            refuse(tmp_path / name)
        with pytest.raises(LedgerError, match=r"^there is no folder"):
            refuse(Path(name) / "run.piggy")


def test_a_run_that_is_refused_its_file_goes_without_a_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = list[str]()
    monkeypatch.setattr(sys, "unraisablehook", lambda found: said.append(repr(found.object)))
    for name in ("a\0b.piggy", "no/folder.piggy", "."):
        with pytest.raises(LedgerError):
            run_into(tmp_path / name)
        gc.collect()
    assert not [words for words in said if "Writer" in words]


def test_asking_for_the_seal_while_saving_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "run.piggy"
    run = run_into(path)
    for _ in range(3):
        run.train(epochs=1)
        run.ledger.seal  # noqa: B018  # looking is the point
    assert open_ledger(path).seal == small().seal == run.ledger.seal


def test_a_disk_that_takes_a_few_bytes_at_a_time_gets_every_line_whole(tmp_path: Path) -> None:
    class Slow(Failing):
        def watched(self, real: Callable[..., Any]) -> Callable[..., Any]:
            return (lambda handle, line: os.write(handle, line[:100])) if real is os.write else real

    with broken(Slow(0, 0)):
        run_into(tmp_path / "slow.piggy").train(epochs=3)
    run_into(tmp_path / "fast.piggy").train(epochs=3)
    assert (tmp_path / "slow.piggy").read_bytes() == (tmp_path / "fast.piggy").read_bytes()


def test_saving_at_once_that_is_interrupted_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(handle: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        store.save(small(), tmp_path / "run.piggy")
    assert os.listdir(tmp_path) == []


def test_an_interrupted_line_is_written_again_whole(tmp_path: Path) -> None:
    class Interrupting(Failing):
        def watched(self, real: Callable[..., Any]) -> Callable[..., Any]:
            def call(handle: Any, *arguments: Any, **options: Any) -> Any:
                self.calls += real is os.write
                if real is os.write and self.calls == 4:
                    real(handle, bytes(arguments[0][:50]))
                    raise KeyboardInterrupt
                return real(handle, *arguments, **options)

            return call

    run = run_into(tmp_path / "run.piggy")
    with broken(Interrupting(0, 0)), pytest.raises(KeyboardInterrupt):
        run.train(batches=6)
    run.train(batches=6 - len(run.ledger))
    assert open_ledger(tmp_path / "run.piggy").seal == small().seal


WRITING = ("ledger/store.py", "ledger/sealing.py", "ledger/record_text.py", "ledger/claiming.py")


def test_a_run_stopped_at_any_instant_of_writing_goes_on_and_its_file_is_whole(tmp_path: Path) -> None:
    paths = [tmp_path / "undisturbed.piggy"]

    def begun() -> Run:
        return Run(Network(Dense(2, 1), seed=1), "xor", batch_size=2, save=paths[-1]).train(batches=1)

    begun().train(batches=2)
    whole = paths[0].read_bytes()
    paths.append(tmp_path / "1.piggy")
    for run in stopped_everywhere(begun, lambda run: run.train(batches=1), *WRITING):
        run.train(batches=3 - len(run.ledger))
        assert (paths[-1].read_bytes(), run.save_problem) == (whole, "")
        paths.append(tmp_path / f"{len(paths)}.piggy")
    assert len(paths) > 100


KILLS = """
import json, os, random, signal, sys, time
from pathlib import Path
from piggybank import SGD, Dense, Network, Run, open_ledger, training_fast
from piggybank.auditor import audit
from piggybank.engine import compiled
from piggybank.ledger.store import Writer

folder, kills = Path(sys.argv[1]), int(sys.argv[2])
numbers = random.Random(1)
network = Network(Dense(2, 2, "tanh"), Dense(2, 1), seed=7)
roads = (1_000_000, 0), (0, 1500), (0, 0)  # the readable engine, lines of Python, calls with arrays

def recording(writing, path, road):
    training_fast.FROM, compiled.SCALAR_LIMIT = road
    catch_up = Writer.catch_up
    def acknowledged(writer, committed=None):
        squares = catch_up(writer, committed)
        os.write(writing, b".")  # a batch is in the file
        return squares
    Writer.catch_up = acknowledged
    Run(network, "xor", rule=SGD(0.5), batch_size=3, save=path).train(batches=300)
    time.sleep(60)

for training_fast.FROM, compiled.SCALAR_LIMIT in roads:  # so that children need not warm up
    Run(network, "xor", rule=SGD(0.5), batch_size=3).train(batches=100)
unreadable = failed = lost = batches = begun = 0
for kill in range(kills):
    path, road = folder / f"{kill}.piggy", roads[kill % len(roads)]
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        recording(writing, path, road)
    os.close(writing)
    told = len(os.read(reading, 1)) if kill % 4 else 0  # from the first batch on, or from the very beginning
    time.sleep(numbers.uniform(0.0, 0.004))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    told += len(os.read(reading, 1 << 20))
    os.close(reading)
    if path.exists() and b"\\n" in path.read_bytes():
        ledger = open_ledger(path)
        unreadable += bool(ledger.problem)
        failed += bool(audit(str(path)).findings)
        lost += len(ledger) < min(told, 300)  # the call at the end of training has no batch of its own
        batches += len(ledger)
        begun += len(ledger) > 0
    else:
        lost += told > 0
    path.unlink(missing_ok=True)
print(json.dumps([unreadable, failed, lost, batches, begun]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork, to start a thousand writers quickly")
def test_killing_the_writer_at_any_instant_leaves_every_acknowledged_batch(tmp_path: Path, figure: Figure) -> None:
    kills = 1000
    command, environment = (
        [sys.executable, "-c", KILLS, str(tmp_path), str(kills)],
        {**os.environ, "PYTHONPATH": str(ROOT)},
    )
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=600)
    unreadable, failed, lost, batches, begun = json.loads(done.stdout)
    figure("T1 killed at a random instant while recording: kills, batches kept", f"{kills:,}, {batches:,}")
    figure("T1 unreadable, audit failures, acknowledged batches lost", f"{unreadable}, {failed}, {lost}")
    assert (unreadable, failed, lost) == (0, 0, 0)
    assert begun > kills / 4
