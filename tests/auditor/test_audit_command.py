"""`piggybank audit`: it says what the auditor alone says, and how far it is."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from asking import ALONE, command, intact
from forged_files import without_data
from piggy import records_of, text_of

from piggybank import Dense, Network, Run, auditor
from piggybank.app.cli import main
from piggybank.auditor import audit


def test_the_subcommand_says_what_the_auditor_alone_says(forged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for tier in ("--basic", "--json"):
        with pytest.raises(SystemExit) as ended:
            main(["audit", str(forged), tier])
        assert (ended.value.code, capsys.readouterr().out) == command(forged, tier)


def test_alone_the_auditor_says_that_it_cannot_tell_what_formulas_are_called(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A fault whose recipe is recorded and whose label is gone: arithmetic alone finds nothing."""
    network = Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7)
    records = records_of(Run(network, "xor", fault="sum-for-mean", batch_size=3).train(epochs=1))
    records[0]["fault"] = ""
    path = tmp_path / "hidden.piggy"
    path.write_bytes(text_of(records))
    assert command(path, "--strict") == (
        0,
        intact(path, "hidden.piggy", "strict")
        + "; whether formulas are what they are called was not checked, `piggybank audit --strict` does\n",
    )
    assert json.loads(command(path, "--strict", "--json")[1])["names_checked"] is False
    with pytest.raises(SystemExit) as ended:
        main(["audit", str(path), "--strict", "--json"])
    found = json.loads(capsys.readouterr().out)
    assert (ended.value.code, found["names_checked"]) == (1, True)
    assert {finding["code"] for finding in found["findings"]} == {"PB304"}


def test_the_subcommand_has_the_options_of_the_auditor_alone(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["audit", "--help"])
    listed = capsys.readouterr().out.split("positional")[1]
    alone = subprocess.run([sys.executable, ALONE, "--help"], capture_output=True, text=True, check=True).stdout
    assert alone.split("positional")[1] == listed
    assert str(auditor.__doc__).split("\n")[0] in " ".join(alone.split())


@pytest.mark.parametrize("json_wanted", [False, True])
def test_the_subcommand_says_why_it_could_not_audit(
    json_wanted: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "run.piggy"
    path.write_bytes(text_of(without_data("xor")))
    options = ["--json"] if json_wanted else []
    with pytest.raises(SystemExit) as ended:
        main(["audit", str(path), *options])
    said = capsys.readouterr().out
    why = "the data are not in the file; give them with --data, or audit with --basic"
    assert ended.value.code == 2
    assert (json.loads(said) == {"error": why}) if json_wanted else (said == f"NOT AUDITED: {why}\n")


def test_the_subcommand_says_which_file_it_could_not_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "missing.piggy"
    with pytest.raises(SystemExit) as ended:
        main(["audit", str(path)])
    why = f"NOT AUDITED: {path} cannot be read (No such file or directory); give a .piggy file\n"
    assert (ended.value.code, capsys.readouterr().out) == (2, why)


def test_on_a_terminal_the_part_that_is_done_is_shown(
    honest: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with pytest.raises(SystemExit):
        main(["audit", str(honest)])
    out, shown = capsys.readouterr()
    parts = [part.strip() for part in shown.split("\r") if part]
    assert out.startswith("INTACT")
    assert (len(parts), parts[-1]) == (7, "100%")


def test_progress_is_told_up_to_the_end(honest: Path) -> None:
    told: list[float] = []
    audit(str(honest), progress=told.append)
    assert told == sorted(told)
    assert len(told) == 7
    assert told[-1] == 1.0


@pytest.mark.skipif(sys.platform == "win32", reason="streams are closed by the shell")
@pytest.mark.parametrize(
    ("streams", "code"), [("2>&-", 0), (">&-", 0), (">&- 2>&-", 0), ("> /dev/full", 2), ("> /dev/full 2>&-", 2)]
)
@pytest.mark.parametrize("program", ["auditor.py", "-m piggybank audit"])
def test_the_exit_code_holds_where_nobody_can_be_told(program: str, streams: str, code: int, honest: Path) -> None:
    called = str(ALONE) if program == "auditor.py" else program
    done = subprocess.run(
        f"{sys.executable} {called} {honest} {streams}", shell=True, capture_output=True, text=True, check=False
    )
    assert done.returncode == code
    assert "Traceback" not in done.stderr


# Pipes ----------------------------------------------------------------------------------------------------------------

named_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")


def audited(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as ended:
        main(["audit", *arguments])
    return int(str(ended.value.code)), capsys.readouterr().out


@named_pipes
@pytest.mark.parametrize("option", ["file", "data"])
def test_a_pipe_that_nobody_writes_into_is_refused_and_not_waited_for(
    option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("piggybank.app.pipes.PATIENCE", 0)
    pipe, path = tmp_path / "pipe", tmp_path / "run.piggy"
    os.mkfifo(pipe)
    path.write_bytes(text_of(without_data("xor")))
    arguments = [str(pipe)] if option == "file" else [str(path), "--data", str(pipe)]
    why = f"{pipe} is a pipe that nobody writes into; give a .piggy file"
    assert audited(capsys, *arguments) == (2, f"NOT AUDITED: {why}\n")
    code, said = audited(capsys, *arguments, "--json")
    assert (code, json.loads(said)) == (2, {"error": why})


@named_pipes
@pytest.mark.parametrize("option", ["file", "data"])
def test_a_device_that_has_no_end_is_refused(option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "run.piggy"
    path.write_bytes(text_of(without_data("xor")))
    arguments = ["/dev/zero"] if option == "file" else [str(path), "--data", "/dev/zero"]
    assert audited(capsys, *arguments) == (2, "NOT AUDITED: /dev/zero is a device; give a file\n")


@named_pipes
@pytest.mark.parametrize("size", [1, 1000])
def test_what_comes_out_of_a_named_pipe_is_audited_as_the_file_would_be(
    size: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    network = Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7)
    path = Run(network, "xor", batch_size=3).train(epochs=size).save(tmp_path / "run.piggy")
    assert (path.stat().st_size > 1 << 16) == (size > 1)  # more than a pipe holds, and less
    (tmp_path / "there").mkdir()
    pipe = tmp_path / "there" / "run.piggy"
    os.mkfifo(pipe)
    with subprocess.Popen(["sh", "-c", 'cat "$0" > "$1"', path, pipe]):
        code, said = audited(capsys, str(pipe))
    assert (code, said) == audited(capsys, str(path))
    assert (code, said) == (0, intact(path, "run.piggy", "full") + "\n")


@named_pipes
def test_a_pipe_whose_writer_takes_its_time_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("piggybank.app.pipes.PATIENCE", 0)
    path = Run(Network(Dense(2, 1)), "xor").train(epochs=1).save(tmp_path / "run.piggy")
    read, write = os.pipe()
    reader = threading.Thread(target=lambda: (os.write(write, path.read_bytes()), os.close(write)))
    waiting = select.select

    def then_write(*arguments: Any) -> Any:
        found = waiting(*arguments)
        reader.start()  # only after the pipe was looked at
        return found

    monkeypatch.setattr("piggybank.app.pipes.select.select", then_write)
    code, said = audited(capsys, f"/dev/fd/{read}")
    reader.join()
    os.close(read)
    assert (code, said) == (0, intact(path, str(read), "full") + "\n")
