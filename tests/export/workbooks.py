"""A workbook read by another program, which recomputes its formulas."""

from __future__ import annotations

import math
import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl

from piggybank import Run
from piggybank.app.export.sheets import write_sheets

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
