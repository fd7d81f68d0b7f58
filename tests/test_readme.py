"""What the README says is true: its script runs, its key table is the program's, its commands exist."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from piggybank import SGD, Dense, Network, Run
from piggybank.app.cli import main
from piggybank.app.controls import CONTROLS

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def test_the_ten_line_script_runs_and_its_receipt_evaluates_to_the_same_bits(tmp_path: Path) -> None:
    script = blocks("python")[0]
    assert len([line for line in script.splitlines() if line.strip()]) <= 10
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "True" in done.stdout.splitlines()
    assert "Blame slice" in done.stdout


def test_the_script_with_a_question_draws_its_lesson_where_there_is_no_screen(tmp_path: Path) -> None:
    script = next(block for block in blocks("python") if "Question" in block)
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.glob("*.gif"))


def test_the_script_of_a_lab_draws_its_runs_side_by_side(tmp_path: Path) -> None:
    script = next(block for block in blocks("python") if "beside=" in block)
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.glob("*.gif"))


def test_the_rule_of_ones_own_is_five_lines_and_its_receipt_says_what_it_is_made_of(tmp_path: Path) -> None:
    script = next(block for block in blocks("python") if "Rule(" in block)
    assert len([line for line in script.splitlines() if line.strip()]) == 5
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "sign(trend)" in done.stdout


def test_there_are_exactly_two_set_up_commands() -> None:
    commands = [block.strip() for block in blocks("sh")]
    assert commands == ["pip install . && piggybank", "pip install '.[test]' && pytest"]


def test_the_key_table_is_the_program_s_own() -> None:
    for control in CONTROLS:
        assert f"| {control.shown.replace('  ', ' · ')} | {control.words} |" in README


def test_every_command_of_the_table_is_understood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    names = "receipt|snapshot|record|export|worksheet|train|summary"
    commands = re.findall(rf"^\| `piggybank ((?:{names}) [^`]*)`", README, flags=re.MULTILINE)
    assert len(commands) == 9
    for command in commands:
        assert main(shlex.split(command)) == 0, capsys.readouterr().err


def test_the_pictures_and_files_it_names_exist() -> None:
    named = re.findall(r"\]\(([\w/.]+)\)", README)
    named += re.findall(r"`((?:piggybank|lessons|assets)/[\w/.-]+\.\w+)`", README)
    assert len(named) > 8
    for path in named:
        assert (ROOT / path).is_file(), path


def test_its_own_links_lead_to_its_headings() -> None:
    headings = {title.lower().replace(" ", "-") for title in re.findall(r"^## (.*)$", README, flags=re.MULTILINE)}
    links = re.findall(r"\]\(#([\w-]+)\)", README)
    assert len(links) > 8
    assert set(links) <= headings


def test_what_it_says_can_be_asked_of_a_ledger_is_there_and_prints_as_a_table() -> None:
    table = README.partition("| `run.ledger.…` |")[2].partition("\n\n")[0]
    calls = [call for row in table.splitlines()[2:] for call in re.findall(r"`(\w+\(.*?\))`", row.split("|")[1])]
    assert len(calls) == 6
    network = Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7)
    ledger = Run(network, data="xor", rule=SGD(learning_rate=0.5), batch_size=4).train(epochs=25).ledger
    for call in calls:
        assert len(str(eval(f"ledger.{call}", {"ledger": ledger})).splitlines()) > 4, call
