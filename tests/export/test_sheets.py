"""The workbook: its formulas recompute every commit to the ledger's bits, by two other programs that read it."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import xlrd
from nets import bits, trained
from openpyxl.utils.escape import unescape
from runs import RULES, run_of
from workbooks import NAMES, Sheets, saved

from piggybank import SGD, Dense, Network, Run
from piggybank.app.export.excel import in_excel
from piggybank.app.export.sheets import write_sheets
from piggybank.formula import Formula
from piggybank.ledger.lines import Ref

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


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


def test_the_seal_stands_at_the_head_of_the_first_sheet(tmp_path: Path) -> None:
    run, path = trained(NAMES[0]), tmp_path / "run.xlsx"
    assert saved(run, path, range(2, 3)).value("start", "A2") == f"seal {run.ledger.seal}"


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
