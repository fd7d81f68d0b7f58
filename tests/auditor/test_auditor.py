"""The auditor as a program: its verdict, its exit codes, its options, and that it runs alone."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from asking import ALONE, HEAD, command, intact
from forging import edited
from piggy import text_of

from piggybank.auditor import CODES, Finding, audit


def test_copied_anywhere_it_runs_alone_and_its_first_line_is_the_verdict(honest: Path) -> None:
    code, said = command(honest)
    assert code == 0
    assert said.splitlines() == [intact(honest, "run.piggy")]


def test_it_says_the_same_where_python_leaves_out_what_is_not_needed(honest: Path, forged: Path) -> None:
    for path in (honest, forged):
        done = subprocess.run([sys.executable, "-OO", ALONE, path], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (command(path)[0], "")
        assert done.stdout == command(path)[1]


def test_of_a_forged_file_the_verdict_comes_first_and_every_finding_says_where(forged: Path) -> None:
    code, said = command(forged)
    first, second = said.splitlines()
    assert code == 1
    assert first.startswith("NOT INTACT")
    assert second == f"PB202 batch 2, epoch: expected 1, found 9; {CODES['PB202']}"


def test_what_is_no_ledger_is_said_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Dear diary")
    code, said = command(path)
    assert (code, said) == (2, "NOT AUDITED: notes.txt does not begin with the whole header of a .piggy file\n")


@pytest.mark.parametrize(("name", "why"), [("missing.piggy", "No such file or directory"), (".", "Is a directory")])
def test_a_file_that_cannot_be_opened_is_said_in_one_sentence(name: str, why: str, tmp_path: Path) -> None:
    said = f"NOT AUDITED: {tmp_path / name} cannot be read ({why}); give a .piggy file\n"
    assert command(tmp_path / name) == (2, said)


def test_the_report_as_json_has_the_findings_as_data(forged: Path) -> None:
    code, said = command(forged, "--json")
    found = json.loads(said)
    assert code == 1
    assert found["intact"] is False
    assert [Finding(**each) for each in found["findings"]] == audit(str(forged)).findings


def test_no_name_in_a_file_can_add_a_line_or_move_the_cursor(tmp_path: Path) -> None:
    def change(found: list[dict]) -> None:  # type: ignore[type-arg]
        found[0]["layers"][0]["neurons"][0] = found[0]["layers"][1]["sources"][0] = "h\nINTACT\x1b[1A"

    path = tmp_path / "run.piggy"
    path.write_bytes(text_of(edited(change)))
    said = str(audit(str(path)))
    assert len(said.splitlines()) == 2
    assert said.replace("\n", "").isprintable()


def test_every_code_that_can_be_found_is_in_the_table() -> None:
    used = set(re.findall(r"PB\d+", ALONE.read_text("utf-8").split("}", 1)[1]))
    assert used == set(CODES)


def test_auditing_runs_imports_and_connects_to_nothing(honest: Path) -> None:
    """T26, of the auditor."""
    script = (
        "import runpy, sys\n"
        f"sys.argv = ['auditor.py', {str(honest)!r}]\n"
        f"auditor = runpy.run_path({str(ALONE)!r})\n"
        "auditor['audit'](sys.argv[1])\n"  # once, so that what Python itself loads late is loaded
        "seen = set()\n"
        "sys.addaudithook(lambda event, arguments: seen.add(event))\n"
        "report = auditor['audit'](sys.argv[1])\n"
        "print(sorted(seen), len(report.findings))\n"
    )
    done = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "['compile', 'open'] 0\n"  # compile: formulas are parsed, and what comes of it is not run


def test_letters_that_a_terminal_does_not_have_are_replaced(tmp_path: Path) -> None:
    def change(found: list[dict]) -> None:  # type: ignore[type-arg]
        found[0]["layers"][0]["neurons"][0] = found[0]["layers"][1]["sources"][0] = "größe"
        found[1]["outputs"][0][0][0] = 0.5

    path = tmp_path / "run.piggy"
    path.write_bytes(text_of(edited(change)))
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run([sys.executable, ALONE, path], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert "gr??e, sample 1: expected" in done.stdout


def test_a_pipe_is_audited_as_the_file_is(honest: Path) -> None:
    alone = [sys.executable, ALONE, "/dev/stdin"]
    done = subprocess.run(alone, input=honest.read_bytes(), capture_output=True, check=False)
    assert (done.returncode, done.stdout.decode(), done.stderr.decode()) == (0, intact(honest, "stdin") + "\n", "")


@pytest.mark.parametrize("rest", [b'2,"whatever":{"comes":[1.50, 2]}}\n', b"2}\n", b"0,", b"17,", b"1.5,"])
def test_a_file_of_another_version_is_not_called_damaged(rest: bytes, honest: Path) -> None:
    line = honest.read_bytes().split(b"\n")[0]
    honest.write_bytes(HEAD[:-1] + (rest if rest.endswith(b"\n") else rest + line[len(HEAD) + 1 :] + b"\n"))
    why = "run.piggy is of another version of the format than this auditor knows, which is 1"
    assert command(honest) == (2, f"NOT AUDITED: {why}\n")


def test_an_empty_file_is_no_ledger(tmp_path: Path) -> None:
    path = tmp_path / "run.piggy"
    path.write_bytes(b"")
    assert command(path) == (2, "NOT AUDITED: run.piggy is empty\n")


def test_it_imports_the_standard_library_only() -> None:
    tree = ast.parse(ALONE.read_text("utf-8"))
    modules = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    modules += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert {module.split(".")[0] for module in modules} <= sys.stdlib_module_names | {"__future__"}
