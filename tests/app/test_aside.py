"""What is written aside: it takes its target's place when it is whole, and else leaves nothing."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from piggybank.app.aside import ENDINGS, aside, room_beside, writing


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "run.mp4"
    path.write_bytes(b"old")
    return path


def test_the_target_is_as_it_was_until_all_is_written(target: Path) -> None:
    with aside(target) as file:
        file.write(b"new")
        file.flush()
        assert target.read_bytes() == b"old"
    assert target.read_bytes() == b"new"
    assert os.listdir(target.parent) == ["run.mp4"]


def half_written(target: Path, problem: type[BaseException]) -> None:
    with aside(target) as file:
        file.write(b"half")
        raise problem


@pytest.mark.parametrize("problem", [OSError, KeyboardInterrupt])
def test_a_block_that_fails_leaves_the_target_as_it_was_and_nothing_beside_it(
    problem: type[BaseException], target: Path
) -> None:
    with pytest.raises(problem):
        half_written(target, problem)
    assert target.read_bytes() == b"old"
    assert os.listdir(target.parent) == ["run.mp4"]


def test_two_that_write_at_once_do_not_write_into_each_others_file(target: Path) -> None:
    with aside(target) as one:
        with aside(target) as other:
            one.write(b"one")
            other.write(b"other")
        assert target.read_bytes() == b"other"
    assert target.read_bytes() == b"one"


def test_a_program_that_is_given_its_name_sees_what_to_write(target: Path) -> None:
    with aside(target) as file:
        assert Path(file.name).parent == target.parent
        assert Path(file.name).suffix == ".mp4"


@pytest.mark.skipif(sys.platform == "win32", reason="everybody may read there")
def test_nobody_else_reads_what_is_not_whole_yet(target: Path) -> None:
    with aside(target) as file:
        assert stat.S_IMODE(os.stat(file.name).st_mode) == 0o600


@pytest.fixture
def _as_usual() -> Iterator[None]:
    """As in a program that is not meant to outlive its terminal, whatever these tests run under."""
    kept = {number: signal.signal(number, signal.SIG_DFL) for number in ENDINGS}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


def asked_to_end(target: Path, number: int) -> None:
    with writing(target), room_beside(target) as parts, aside(target) as file:
        (parts / "one").write_bytes(b"a part")
        file.write(b"half")
        signal.raise_signal(number)


@pytest.mark.usefixtures("_as_usual")
@pytest.mark.parametrize("number", ENDINGS)
def test_a_program_that_is_asked_to_end_leaves_the_target_as_it_was_and_nothing_beside_it(
    number: signal.Signals, target: Path
) -> None:
    with pytest.raises(SystemExit) as left:
        asked_to_end(target, number)
    assert left.value.code == 128 + number
    assert target.read_bytes() == b"old"
    assert os.listdir(target.parent) == ["run.mp4"]
    assert signal.getsignal(number) is signal.SIG_DFL


def test_who_wants_to_outlive_its_terminal_still_does(target: Path) -> None:
    kept = {number: signal.signal(number, signal.SIG_IGN) for number in ENDINGS}
    try:
        for number in ENDINGS:
            asked_to_end(target, number)
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
    assert target.read_bytes() == b"half"


def test_another_thread_writes_too(target: Path) -> None:
    def write() -> None:
        with writing(target), aside(target) as file:
            file.write(b"new")

    thread = threading.Thread(target=write)
    thread.start()
    thread.join()
    assert target.read_bytes() == b"new"


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="signals of POSIX")
def test_an_export_that_is_asked_to_end_leaves_nothing_half_written(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from piggybank.app.cli import main; from piggybank.ledger import ledger; "
        "ledger.Ledger.batch = lambda self, batch: signal.raise_signal(signal.SIGTERM); sys.exit(main(sys.argv[1:]))"
    )
    for arguments in (("--csv", "tables"), ("--html", "x.html")):
        done = subprocess.run(
            [sys.executable, "-c", code, "export", "2", *arguments], cwd=tmp_path, capture_output=True, check=False
        )
        assert (done.returncode, done.stderr) == (128 + signal.SIGTERM, b"")
        assert os.listdir(tmp_path) == []
