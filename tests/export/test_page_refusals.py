"""Pages that are refused or broken off, those that are there already, and those of saved runs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from nets import trained
from pages import XOR, embedded, stopped

from piggybank.app.cli import main
from piggybank.app.export import page
from piggybank.app.export.files import ExportError
from piggybank.app.export.page import write_page
from piggybank.ledger.ledger import Ledger


def test_a_page_that_would_be_too_large_is_refused_with_what_fits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "LARGEST", 300_000)
    with pytest.raises(ExportError) as caught:
        write_page(trained(XOR).ledger, range(1, 11), tmp_path / "xor.html")
    found = re.fullmatch(
        r"a page of 10 batches would have about 1 MB, 0 are possible; try --from 1 --to (\d), or --csv",
        str(caught.value),
    )
    assert found
    assert list(tmp_path.iterdir()) == []
    write_page(trained(XOR).ledger, range(1, int(found[1]) + 1), tmp_path / "xor.html")


@pytest.mark.parametrize(("kind", "name"), [("--html", "run.html"), ("--xlsx", "run.xlsx"), ("--csv", "tables")])
@pytest.mark.parametrize("there", [[], ["--overwrite"]])
def test_ctrl_c_leaves_what_was_there_and_says_so(
    there: list[str],
    kind: str,
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    trained(XOR).save(tmp_path / "xor.piggy")
    command = ["export", str(tmp_path / "xor.piggy"), kind, str(tmp_path / name), *there]
    assert not there or main(command) == 0
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    batches = Ledger.batch
    monkeypatch.setattr(Ledger, "batch", lambda ledger, batch: stopped() if batch == 4 else batches(ledger, batch))
    capsys.readouterr()
    assert main(command) == 130
    said = capsys.readouterr().err.splitlines()[-1]
    assert said == f"piggybank: stopped before {name} was whole; nothing of it was written"
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert {path.name for path in tmp_path.iterdir()} == {path.relative_to(tmp_path).parts[0] for path in before}


def test_a_page_that_is_there_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "run.html").write_text("mine", encoding="utf-8")
    assert main(["export", "2", "--html", str(tmp_path / "run.html")]) == 2
    assert capsys.readouterr().err == "piggybank: run.html is there already; give another name, or --overwrite\n"
    assert (tmp_path / "run.html").read_text(encoding="utf-8") == "mine"


def test_the_command_exports_a_saved_run_as_it_exports_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = trained(XOR)
    run.save(tmp_path / "xor.piggy")
    assert main(["export", str(tmp_path / "xor.piggy"), "--html", str(tmp_path / "a.html"), "--to", "2"]) == 0
    write_page(run.ledger, range(1, 3), tmp_path / "b.html", title="xor")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    assert embedded(tmp_path / "a.html")["run"]["seal"] == run.ledger.seal


def test_a_saved_run_is_exported_without_the_engine_and_without_a_screen(tmp_path: Path) -> None:
    trained(XOR).save(tmp_path / "xor.piggy")
    code = (
        "import sys; from piggybank.app.cli import main\n"
        "for kind in ('csv', 'xlsx', 'html'):\n"
        "    assert main(['export', 'xor.piggy', f'--{kind}', f'run.{kind}', '--to', '1']) == 0\n"
        "print([name for name in sys.modules if name.startswith(('piggybank.engine', 'piggybank.training', 'pygame'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"
