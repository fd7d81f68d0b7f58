"""The workbook: its formulas recompute every commit to the ledger's bits, by two other programs that read it."""

from __future__ import annotations

import gc
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
import xlrd
from disk import room_for
from nets import bits, trained
from openpyxl.utils.escape import unescape
from runs import RULES, run_of

from piggybank import SGD, Dense, Network, Run
from piggybank.app.cli import main
from piggybank.app.export.excel import in_excel
from piggybank.app.export.files import ExportError
from piggybank.app.export.sheets import write_sheets
from piggybank.formula import Formula
from piggybank.ledger.lines import Ref

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
NAMES = ("xor 2-3-1 tanh", "4-8-3 tanh, sigmoid", "4-3-2-3 leaky relu, no bias, total")


class Sheets:
    """Computes a workbook's formulas in plain Python floats, cell by cell, without a look at the values beside them."""

    def __init__(self, path: Path) -> None:
        self.book = openpyxl.load_workbook(path)
        self.value = cache(self._value)

    def _value(self, sheet: str, name: str) -> Any:
        content = self.book[sheet][name].value
        if not (isinstance(content, str) and self.book[sheet][name].data_type == "f"):
            return content
        return eval(self._python(sheet, content[1:]), {"__builtins__": {}}, self._names())

    def _python(self, sheet: str, text: str) -> str:
        texts = re.split(r'("[^"]*")', text)
        return "".join(part if part.startswith('"') else self._unquoted(sheet, part) for part in texts)

    @staticmethod
    def _unquoted(sheet: str, text: str) -> str:
        text = re.sub(r"(?<![<>])=", "==", text).replace("<>", "!=")

        def cell(found: re.Match[str]) -> str:
            where = (found["quoted"] or found["plain"] or sheet).strip("'")
            call = "area" if ":" in found["cells"] else "cell"
            return f"{call}({where!r}, {found['cells'].replace('$', '')!r})"

        name = r"\$?[A-Z]{1,3}\$?\d+"
        pattern = rf"(?:(?P<quoted>'[^']+')!|(?P<plain>\w+)!)?(?P<cells>{name}(?::{name})?)(?![\w(])"
        return re.sub(pattern, cell, text)

    def _area(self, sheet: str, names: str) -> list[Any]:
        return [self.value(sheet, cell.coordinate) for row in self.book[sheet][names] for cell in row]

    def _names(self) -> dict[str, Any]:
        return {
            "cell": self.value,
            "area": self._area,
            "IF": lambda test, yes, no: yes if test else no,
            "SQRT": math.sqrt,
            "ABS": abs,
            "SIGN": lambda x: float(np.sign(x)),
            "COUNTIF": lambda values, wanted: values.count(wanted),
        }

    def head(self, sheet: str, words: str) -> tuple[int, str]:
        """Row below a column's heads, and the column's letters."""
        for row in self.book[sheet].iter_rows():
            for found in row:
                if found.value == words:
                    return found.row + 2, found.column_letter
        raise AssertionError(f"no head {words!r}")

    def column(self, sheet: str, words: str, count: int) -> list[float]:
        row, letters = self.head(sheet, words)
        return [float(self.value(sheet, f"{letters}{row + number}")) for number in range(count)]


def saved(run: Run, path: Path, batches: range) -> Sheets:
    write_sheets(run.ledger, batches, path, values=False)
    return Sheets(path)


@pytest.mark.parametrize("name", [*NAMES, *RULES])
def test_its_formulas_come_to_the_bits_of_every_weight(name: str, tmp_path: Path) -> None:
    run = run_of(name) if name in RULES else trained(name)
    batches = range(1, 5)
    sheets, size = saved(run, tmp_path / "run.xlsx", batches), len(run.ledger.header.weights)
    for batch in batches:
        after = np.concatenate([part.ravel() for part in run.ledger.weights_at(batch)])
        assert bits(sheets.column(f"batch {batch}", "after", size)) == bits(after)
        totals = [run.ledger.open(_bank(run, batch, row)).value for row in _names(sheets, batch, size)]
        assert bits(sheets.column(f"batch {batch}", "total", size)) == bits(totals)
        assert sheets.value(f"batch {batch}", "A3") == f"every one of the {size} weights comes out as recorded"


def _names(sheets: Sheets, batch: int, size: int) -> list[str]:
    row, letters = sheets.head(f"batch {batch}", "weight")
    return [sheets.value(f"batch {batch}", f"{letters}{row + number}") for number in range(size)]


def _bank(run: Run, batch: int, name: str) -> Ref:
    return Ref("bank", name, batch, run.ledger.batch(batch).count)


def test_a_changed_coin_moves_every_later_commit(tmp_path: Path) -> None:
    run, path = trained(NAMES[0]), tmp_path / "run.xlsx"
    sheets = saved(run, path, range(1, 4))
    before = sheets.column("batch 3", "after", 13)
    row, _ = sheets.head("batch 1", "recorded")
    blame = next(r for r in range(row, row + 30) if sheets.value("batch 1", f"A{r}") == "blame of y")
    sheets.book["batch 1"][f"B{blame}"] = 4.0
    sheets.value.cache_clear()
    assert sheets.column("batch 3", "after", 13) != before
    assert sheets.value("batch 1", "A3") == "some differ"


def test_the_values_beside_the_formulas_are_the_ledger_s(tmp_path: Path) -> None:
    run, path = trained(NAMES[1]), tmp_path / "run.xlsx"
    write_sheets(run.ledger, range(1, 4), path)
    computed, shown = Sheets(path), openpyxl.load_workbook(path, data_only=True)
    count = 0
    for sheet in shown:
        for row in sheet.iter_rows():
            for cell in row:
                if computed.book[sheet.title][cell.coordinate].data_type == "f":
                    assert repr(computed.value(sheet.title, cell.coordinate)) in (repr(cell.value), f"{cell.value}.0")
                    count += 1
    assert count > 1000


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_computes_the_same_bits(tmp_path: Path, figure: Callable[[str, object], None]) -> None:
    compared = 0
    pairs = []
    for number, name in enumerate((*NAMES[:2], "momentum with weight decay", "adagrad, clipped by norm", "adam")):
        path, run = tmp_path / f"run{number}.xlsx", run_of(name) if name in RULES else trained(name)
        write_sheets(run.ledger, range(1, 4), path, values=False)
        write_sheets(run.ledger, range(1, 4), tmp_path / f"shown{number}.xlsx")
        pairs.append((path, tmp_path / f"shown{number}.xlsx"))
    command = [OFFICE, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "xls"]
    subprocess.run([*command, "--outdir", str(tmp_path), *(str(path) for path, _ in pairs)], check=True, timeout=120,
                   capture_output=True)  # fmt: skip
    for path, known in pairs:
        computed = xlrd.open_workbook(str(path.with_suffix(".xls")))
        formulas, shown = openpyxl.load_workbook(known), openpyxl.load_workbook(known, data_only=True)
        for sheet in computed.sheets():
            for cell in (cell for row in formulas[sheet.name].iter_rows() for cell in row if cell.data_type == "f"):
                value = sheet.cell_value(cell.row - 1, cell.column - 1)
                wanted = shown[sheet.name][cell.coordinate].value
                assert value == wanted, (sheet.name, cell.coordinate, value, wanted)
                compared += 1
    figure("workbook's formulas computed by LibreOffice, different from the ledger", f"0 of {compared}")


def test_numbers_keep_all_their_digits(tmp_path: Path) -> None:
    run, path = trained(NAMES[0]), tmp_path / "run.xlsx"
    sheets = saved(run, path, range(2, 3))
    before = np.concatenate([part.ravel() for part in run.ledger.weights_at(1)])
    assert bits(sheets.column("batch 2", "before", 13)) == bits(before)


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ('=HYPERLINK("x")&<>"\x00', '=HYPERLINK("x")&<>"\ufffd'),
        ("#NUM!", "#NUM!"),
        ("_x0041_", "_x0041_"),
        ("<r><t>a</t></r>", " <r><t>a</t></r>"),
        ("<r></r>" * 9000, " " + ("<r></r>" * 9000)[:32_766]),
    ],
)
def test_a_name_that_means_something_to_a_workbook_stays_a_text(title: str, shown: str, tmp_path: Path) -> None:
    write_sheets(trained(NAMES[0]).ledger, range(1, 2), tmp_path / "run.xlsx", title=title)
    cell = openpyxl.load_workbook(tmp_path / "run.xlsx")["start"]["A1"]
    assert cell.data_type in ("s", "inlineStr")
    assert unescape(cell.value) == shown


def test_the_same_run_gives_the_same_file(tmp_path: Path) -> None:
    run = trained(NAMES[0])
    for name in ("a.xlsx", "b.xlsx"):
        write_sheets(run.ledger, range(1, 3), tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_run_that_overflows_has_error_cells(tmp_path: Path) -> None:
    run = Run(Network(Dense(1, 1, weights=0.5, bias=False)), "one coin", rule=SGD(1e300), batch_size=1)
    run.train(batches=4, past_trouble=True)
    write_sheets(run.ledger, range(1, 5), tmp_path / "run.xlsx")
    sheets = openpyxl.load_workbook(tmp_path / "run.xlsx", data_only=True)
    assert "#NUM!" in [cell.value for row in sheets["batch 4"].iter_rows() for cell in row]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("total / count", "(A1/A2)"),
        ("-learning_rate * average", "((-A3)*A4)"),
        ("average * min(1, limit / norm)", "(A4*IF(1<=(A5/A6),1,(A5/A6)))"),
        ("a if a >= b else -b", "IF(A7>=A8,A7,(-A8))"),
        ("a if a == b else sqrt(abs(b))", "IF(A7=A8,A7,SQRT(ABS(A8)))"),
        ("sign(a) + 1e-08", "(SIGN(A7)+1E-08)"),
        ("exp(a)", None),
    ],
)
def test_a_formula_is_written_for_a_spreadsheet(text: str, wanted: str | None) -> None:
    names = ("total", "count", "learning_rate", "average", "limit", "norm", "a", "b")
    assert in_excel(Formula(text), {name: f"A{place}" for place, name in enumerate(names, 1)}) == wanted


@pytest.mark.parametrize("text", ["0.7978845608028654", "0.30000000000000004", "123456789.123456789", "2e-308"])
def test_a_written_number_keeps_its_bits_though_only_fifteen_digits_are_read(text: str) -> None:
    written = in_excel(Formula(text), {})
    assert written is not None
    assert all(len(re.sub(r"E.*|\W", "", part).lstrip("0")) <= 15 for part in re.split(r"(?<=\d)[+-]", written))
    assert eval(written) == float(text)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("run.xls", "expected a file ending in .xlsx, got 'run.xls'; try run.xlsx"),
        ("there.xlsx", "there.xlsx is there already; give another name, or --overwrite"),
        ("nowhere/run.xlsx", "there is no folder 'nowhere' to write into; make it first"),
        ("folder.xlsx", "folder.xlsx is a folder; give another name"),
    ],
)
def test_a_file_that_cannot_be_written_is_refused(
    name: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("there.xlsx").write_text("mine", encoding="utf-8")
    Path("folder.xlsx").mkdir()
    assert main(["export", "2", "--xlsx", name]) == 2
    assert capsys.readouterr().err == f"piggybank: {sentence}\n"
    assert Path("there.xlsx").read_text(encoding="utf-8") == "mine"


def test_a_run_that_is_too_long_is_refused_with_what_fits(tmp_path: Path) -> None:
    run = Run(Network(Dense(1, 1)), "one coin", rule=SGD(0.01), batch_size=1).train(batches=300)
    with pytest.raises(ExportError) as caught:
        write_sheets(run.ledger, range(11, 301), tmp_path / "run.xlsx")
    assert str(caught.value) == (
        "290 commits make too large a workbook, 250 are possible here; try --from 11 --to 260, or --csv"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_batch_that_is_too_wide_is_refused(tmp_path: Path) -> None:
    rows = [[float(number)] for number in range(8200)]
    run = Run(Network(Dense(1, 1)), (rows, rows), rule=SGD(1e-9), batch_size="all").train(batches=1)
    with pytest.raises(ExportError, match=r"batch 1 needs 16,4\d\d columns, a sheet has 16,384; try a smaller batch"):
        write_sheets(run.ledger, range(1, 2), tmp_path / "run.xlsx")


def test_when_the_disk_is_full_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "run.xlsx").write_text("mine", encoding="utf-8")
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        write_sheets(trained(NAMES[0]).ledger, range(1, 3), tmp_path / "run.xlsx", overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == ["run.xlsx"]
    assert (tmp_path / "run.xlsx").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("kind", ["csv", "xlsx", "html"])
def test_an_export_that_finds_no_room_is_said_in_one_sentence_and_leaves_nothing(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with room_for(1_000):
        assert main(["export", "2", f"--{kind}", str(tmp_path / f"run.{kind}")]) == 2
    assert capsys.readouterr().err == (
        f"piggybank: run.{kind} could not be written (File too large); make room there, or write to another folder\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_wherever_room_runs_out_a_workbook_leaves_one_sentence_and_nothing_else(tmp_path: Path) -> None:
    assert main(["export", "2", "--xlsx", str(tmp_path / "whole.xlsx")]) == 0
    size = (tmp_path / "whole.xlsx").stat().st_size
    (tmp_path / "whole.xlsx").unlink()
    tried = (
        "import sys\nfrom disk import room_for\nfrom piggybank.app.cli import main\n"
        "with room_for(int(sys.argv[1])):\n sys.exit(main(['export', '2', '--xlsx', 'run.xlsx']))"
    )
    paths, said = {"PYTHONPATH": os.pathsep.join(sys.path)}, set()
    for room in range(0, size, size // 6):
        command = [sys.executable, "-c", tried, str(room)]
        done = subprocess.run(command, cwd=tmp_path, env=os.environ | paths, capture_output=True, text=True)
        said.add((done.returncode, done.stderr, *os.listdir(tmp_path)))
    why = "could not be written (File too large); make room there, or write to another folder"
    assert said == {(2, f"piggybank: run.xlsx {why}\n")}


def test_what_is_left_of_a_workbook_that_failed_goes_without_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", heard.append)
    gc.disable()
    for size in (500, 1_000, 2_000):
        with room_for(size):
            assert main(["export", "2", "--xlsx", str(tmp_path / "run.xlsx")]) == 2
    gc.enable()
    gc.collect()
    assert heard == []


def test_without_the_library_a_workbook_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    for name in ("workbook", "sheets"):
        monkeypatch.delitem(sys.modules, f"piggybank.app.export.{name}", raising=False)
    assert main(["export", "2", "--xlsx", str(tmp_path / "run.xlsx")]) == 2
    assert capsys.readouterr().err == (
        "piggybank: a workbook needs the package XlsxWriter; pip install 'piggybank[xlsx]'\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_may_not_be_written_to_is_said_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def forbidden(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "mkstemp", forbidden)
    for kind in ("csv", "xlsx", "html"):
        assert main(["export", "2", f"--{kind}", str(tmp_path / f"run.{kind}")]) == 2
        printed = capsys.readouterr()
        assert printed.err == (
            f"piggybank: run.{kind} could not be written (Permission denied); make room there, or write to another "
            "folder\n"
        )
        assert printed.out == ""
