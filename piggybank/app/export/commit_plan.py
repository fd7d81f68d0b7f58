"""Where everything stands on the sheet of a commit."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate

import numpy as np

from piggybank.app.export.workbook import column_name, place
from piggybank.ledger.ledger import Ledger
from piggybank.ordered import Array
from piggybank.recipe import Reduction

Key = tuple[str, str]
"""A number of a commit: ("given", name) before the rule, ("line", name) a line's result; of a reduction also
("inner", name), what it goes over, and ("so far", name)."""
FIRST_NUMBER = 6
SAMPLE_COLUMNS = 2
"""Columns of a sample: its coin (above it what was recorded), and the bank after it."""


class Plan:
    """rows: of the numbers that are the same for all weights, in column B; columns: of those that each weight has."""

    def __init__(self, ledger: Ledger, batch: int) -> None:
        header = self.header = ledger.header
        self.batch = batch
        self.count = header.count(batch)
        self.values = ledger.commit_at(batch)
        self.size = sum(rows * columns for rows, columns in (layer.shape for layer in header.layers))
        given = ledger.given_at(batch)
        self.given = {name: given[name] for name in self._given_names()}
        keys: list[tuple[Key, bool]] = [(("given", name), np.ndim(value) > 0) for name, value in self.given.items()]
        for name, line in header.recipe.lines:
            if isinstance(line, Reduction):
                keys += [(("inner", name), True), (("so far", name), True)]
            keys.append((("line", name), np.ndim(self.values[name]) > 0 and not isinstance(line, Reduction)))
        keys += [(("check", "recorded"), True), (("check", "same"), True)]
        numbers = [key for key, is_column in keys if not is_column]
        columns = [key for key, is_column in keys if is_column and key != ("given", "total")]
        self.rows: Mapping[Key, int] = {key: row for row, key in enumerate(numbers, FIRST_NUMBER)}
        start = 1 + SAMPLE_COLUMNS * self.count
        self.columns: Mapping[Key, int] = {key: column for column, key in enumerate(columns, start)}
        self.columns = {("given", "total"): start - 1, **self.columns}
        self.width = start + len(columns)
        self.recorded = FIRST_NUMBER + len(numbers) + 2
        self.blocks = [0, *accumulate(sum(layer.shape) for layer in header.layers)]
        self.heads = self.recorded + self.blocks[-1] + 1
        self.first = self.heads + 2

    def _given_names(self) -> list[str]:
        """What the recipe is given: every name that it reads before a line makes it, total and before among them."""
        names, made = ["total"], set[str]()
        for name, line in self.header.recipe.lines:
            names += [used for used in line.names if used not in made]
            made.add(name)
        return list(dict.fromkeys([*names, *self.header.memory, *self.header.shared_memory, "before"]))

    def coin(self, sample: int) -> int:
        """Column of a sample's coins (from 1), and of what was recorded of it."""
        return 1 + SAMPLE_COLUMNS * (sample - 1)

    def input_row(self, layer: int, source: int) -> int:
        """Row of what the weights of a layer's source were multiplied by."""
        return self.recorded + self.blocks[layer] + source

    def input_word(self, layer: int, source: int) -> str:
        """What that is called."""
        sources = self.header.layers[layer].sources
        return f"input {sources[source]}" if source < len(sources) else "input of the bias"

    def blame_row(self, layer: int, neuron: int) -> int:
        """Row of a neuron's blame."""
        return self.recorded + self.blocks[layer] + self.header.layers[layer].shape[0] + neuron

    @property
    def last(self) -> int:
        """Row of the last weight."""
        return self.first + self.size - 1

    def cell(self, key: Key, row: int) -> str:
        """The name of a number's cell, for the weight in that row."""
        return f"$B${self.rows[key]}" if key in self.rows else place(row, self.columns[key])

    def column(self, key: Key) -> str:
        """All weights' cells of a column."""
        letters = column_name(self.columns[key])
        return f"{letters}{self.first}:{letters}{self.last}"

    def of_all(self, value: Array | float) -> list[float]:
        """A number of every weight."""
        found: list[float] = np.broadcast_to(value, self.size).tolist()
        return found
