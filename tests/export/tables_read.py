"""CSV tables read back."""

from __future__ import annotations

import csv
from pathlib import Path

NAMES = ("xor 2-3-1 tanh", "4-8-3 tanh, sigmoid", "4-3-2-3 leaky relu, no bias, total")


def read(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def numbers(lines: list[dict[str, str]], column: str) -> list[float]:
    return [float(line[column]) for line in lines]
