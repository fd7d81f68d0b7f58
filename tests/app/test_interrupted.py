"""Ctrl-C while Python still loads the command: it ends quietly, with the code that shells expect."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from commands import environment

PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"
INTERRUPTED = """
import runpy, sys
class Impatient:
    def find_spec(self, name, *_):
        if name == "{module}":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Impatient())
sys.argv = ["piggybank", "receipt", "2", "--weight", "x1->y", "--batch", "1"]
{start}
"""
STARTS = {
    "python -m piggybank": 'runpy.run_module("piggybank", run_name="__main__")',
    "piggybank": "from piggybank.__main__ import main; sys.exit(main())",
}


def ran(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment(), check=False)


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("module", ["piggybank.app.cli", "argparse", "piggybank.app.parsing", "numpy"])
def test_ctrl_c_while_the_command_is_loaded_ends_it_without_a_traceback(module: str, start: str) -> None:
    done = ran(INTERRUPTED.format(module=module, start=STARTS[start]))
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_the_installed_command_is_the_one_that_ends_quietly() -> None:
    assert 'piggybank = "piggybank.__main__:main"' in PROJECT.read_text(encoding="utf-8")


def test_nothing_is_loaded_before_ctrl_c_can_be_answered() -> None:
    code = "import sys; before = {*sys.modules}; import piggybank.__main__; print(*sorted({*sys.modules} - before))"
    assert ran(code).stdout.split() == ["__future__", "piggybank", "piggybank.__main__"]
