"""One sheet: a commit, from the recorded inputs and blame to every weight after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from piggybank.app.export.commit_plan import FIRST_NUMBER, Key, Plan
from piggybank.app.export.excel import in_excel
from piggybank.app.export.tables import weight_names
from piggybank.app.export.workbook import (
    BESIDE,
    FINAL,
    FINAL_HEAD,
    HEAD,
    HEAD_BESIDE,
    HINT,
    NUMBER_HEAD,
    PENDING,
    PENDING_HEAD,
    PLAIN,
    TITLE,
    WORDS,
    WORDS_BESIDE,
    Cell,
    Sheet,
    place,
)  # fmt: skip
from piggybank.formula import Formula
from piggybank.ledger import bank
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.weights import weight_at
from piggybank.recipe import Reduction

SAME = "same"


def sheet_name(batch: int) -> str:
    """What the sheet of a batch is called."""
    return f"batch {batch}"


class CommitSheet:
    """Fills the sheet of a plan. earlier: the plan of the sheet before, which holds the weights before, None when there
    is none; constants: the cells that hold the rule's constants."""

    def __init__(self, ledger: Ledger, plan: Plan, earlier: Plan | None, constants: Mapping[str, str]) -> None:
        self.header, self.record, self.plan = ledger.header, ledger.batch(plan.batch), plan
        self.earlier, self.constants = earlier, constants
        self.grid: dict[int, dict[int, Cell]] = {}
        self.kept = ("before", *self.header.memory, *self.header.shared_memory)

    def sheet(self) -> Sheet:
        """The whole sheet."""
        self._title()
        self._recorded()
        self._coins()
        for name, value in self.plan.given.items():
            if name != "total":
                self._given(name, value)
        self._rule()
        self._check()
        rows = ((row, [cells.get(n) for n in range(max(cells) + 1)]) for row, cells in sorted(self.grid.items()))
        widths = (24.0, *[16.0] * (self.plan.width - 1))
        return Sheet(sheet_name(self.plan.batch), rows, widths, (self.plan.first - 1, 1))

    def _put(self, row: int, column: int, value: str | float, style: int = PLAIN, formula: str = "") -> None:
        self.grid.setdefault(row, {})[column] = Cell(value, style, formula)

    def _title(self) -> None:
        record = self.record
        samples = "1 sample" if record.count == 1 else f"{record.count} samples"
        self._put(1, 0, f"Batch {record.batch} · epoch {record.epoch} · {samples}", TITLE)
        self._put(2, 0, f"{self.header.data_name} · {self.header.rule_name}", WORDS)
        for column, (words, style) in enumerate(
            (("the same for every weight", HEAD), ("value", NUMBER_HEAD), ("formula", HEAD_BESIDE))
        ):
            self._put(FIRST_NUMBER - 1, column, words, style)

    # The coins --------------------------------------------------------------------------------------------------------

    def _recorded(self) -> None:
        """Every sample's inputs of each layer and blame of its neurons, as recorded; two columns a sample."""
        plan, header = self.plan, self.header
        self._put(plan.recorded - 1, 0, "recorded", HEAD)
        for sample, row in enumerate(self.record.rows, 1):
            self._put(plan.recorded - 1, plan.coin(sample), f"sample {sample}", NUMBER_HEAD)
            self._put(plan.recorded - 1, plan.coin(sample) + 1, header.row_names[row], HEAD_BESIDE)
        for layer in range(len(header.layers)):
            values = bank.layer_inputs(header, self.record, layer)
            for source in range(values.shape[1]):
                self._numbers(plan.input_row(layer, source), plan.input_word(layer, source), values[:, source])
            for column, neuron in enumerate(header.layers[layer].neurons):
                self._numbers(plan.blame_row(layer, column), f"blame of {neuron}", self.record.blame[layer][:, column])

    def _numbers(self, row: int, words: str, values: Any) -> None:
        self._put(row, 0, words)
        for sample, value in enumerate(values.tolist(), 1):
            self._put(row, self.plan.coin(sample), value)

    def _coins(self) -> None:
        """Coins, input × blame, and the bank after each: what was in it, plus the coin."""
        plan, record = self.plan, self.record
        self._put(plan.heads, 0, "weight", HEAD)
        for number, name in enumerate(n for i in range(len(self.header.layers)) for n in weight_names(self.header, i)):
            self._put(plan.first + number, 0, name)
        banks = np.zeros(plan.size)
        for sample in range(1, record.count + 1):
            column = plan.coin(sample)
            self._put(plan.heads, column, f"coin {sample}", PENDING_HEAD)
            self._put(plan.heads + 1, column, "input × blame", HINT)
            self._put(plan.heads, column + 1, "total" if sample == record.count else f"bank {sample}", PENDING_HEAD)
            self._put(plan.heads + 1, column + 1, "bank + coin", HINT)
            layers = range(len(self.header.layers))
            coins = np.concatenate([bank.all_slices(self.header, record, layer, sample).ravel() for layer in layers])
            with np.errstate(all="ignore"):
                banks = banks + coins
            for number, (coin, total) in enumerate(zip(coins.tolist(), banks.tolist(), strict=True)):
                row = plan.first + number
                weight = weight_at(self.header.layers, number)
                put_in, blame = plan.input_row(weight.layer, weight.row), plan.blame_row(weight.layer, weight.column)
                factors = place(put_in, column), place(blame, column)
                before = place(row, column - 1) if sample > 1 else "0"
                self._put(row, column, coin, PENDING, "*".join(factors))
                self._put(row, column + 1, total, PENDING, f"{before}+{place(row, column)}")

    # The rule ---------------------------------------------------------------------------------------------------------

    def _given(self, name: str, value: Any) -> None:
        """A name that the recipe starts from: a number of the run, or what the commit before left."""
        plan, key, is_kept = self.plan, ("given", name), name in self.kept
        words = f"{name} before" if is_kept and name != "before" else name
        source: Key = ("line", "after" if name == "before" else name)
        if key in plan.rows:
            same = not is_kept and value == self.header.constants.get(name)
            formula = self._earlier(source, 0) if is_kept else self.constants.get(name, "") if same else ""
            self._put(plan.rows[key], 0, words)
            self._put(plan.rows[key], 1, float(value), PLAIN, formula)
            return
        self._put(plan.heads, plan.columns[key], words, NUMBER_HEAD)
        for number, one in enumerate(plan.of_all(value)):
            formula = self._earlier(source, number) if is_kept else ""
            self._put(plan.first + number, plan.columns[key], one, PLAIN, formula)

    def _earlier(self, key: Key, number: int) -> str:
        """The cell of the sheet before that holds what a weight (number from 0) starts from; "" on the first."""
        if self.earlier is None:
            return ""
        return f"'{sheet_name(self.earlier.batch)}'!{self.earlier.cell(key, self.earlier.first + number)}"

    def _rule(self) -> None:
        """Every line of the recipe, on the cells that its names mean by then."""
        keys: dict[str, Key] = {name: ("given", name) for name in self.plan.given}
        known: dict[str, Any] = dict(self.plan.given)
        for name, line in self.header.recipe.lines:
            if isinstance(line, Reduction):
                self._reduction(name, line, keys, known)
            else:
                self._line(("line", name), self._words(name), line, keys, self.plan.values[name])
            keys[name], known[name] = ("line", name), self.plan.values[name]

    def _words(self, name: str) -> str:
        return f"{name} ({self.header.house[name]})" if name in self.header.house else name

    def _line(self, key: Key, words: str, formula: Formula, keys: Mapping[str, Key], value: Any) -> None:
        """A formula, in one cell or in a column; a number as recorded where a spreadsheet would round otherwise."""
        plan = self.plan

        def text(row: int) -> str:
            return in_excel(formula, {name: plan.cell(keys[name], row) for name in formula.names}) or ""

        shown = formula.text if text(plan.first) else f"{formula.text} (recorded)"
        if key in plan.rows:
            self._one(key, words, float(value), text(plan.first), shown)
            return
        self._head(key, words, shown)
        for number, one in enumerate(plan.of_all(value)):
            row = plan.first + number
            self._put(row, plan.columns[key], one, FINAL, text(row))

    def _one(self, key: Key, words: str, value: float, formula: str, shown: str) -> None:
        row = self.plan.rows[key]
        self._put(row, 0, words)
        self._put(row, 1, value, FINAL, formula)
        self._put(row, 2, shown, WORDS_BESIDE)

    def _head(self, key: Key, words: str, shown: str) -> None:
        self._put(self.plan.heads, self.plan.columns[key], words, FINAL_HEAD)
        self._put(self.plan.heads + 1, self.plan.columns[key], shown, HINT)

    @np.errstate(all="ignore")
    def _reduction(self, name: str, line: Reduction, keys: Mapping[str, Key], known: Mapping[str, Any]) -> None:
        """What is added up, a column that adds it up weight by weight, and its end."""
        plan = self.plan
        terms = np.array(plan.of_all(line.inner.on_arrays(known)))
        inner, so_far = ("inner", name), ("so far", name)
        self._line(inner, f"{name}: each", line.inner, keys, terms)
        self._head(so_far, f"{name}: so far", line.text)
        for number in range(plan.size):
            value = line.of(terms[: number + 1].tolist())
            row = plan.first + number
            here, before = plan.cell(inner, row), plan.cell(so_far, row - 1)
            if line.function == "sum":
                formula = f"{before if number else '0'}+{here}"
            else:
                formula = f"IF({before}>={here},{before},{here})" if number else here
            self._put(row, plan.columns[so_far], value, FINAL, formula)
        self._one(("line", name), name, float(self.plan.values[name]), plan.cell(so_far, plan.last), line.text)

    def _check(self) -> None:
        """Beside each weight after the commit the recorded one, and whether the two are the same."""
        plan, recorded, same = self.plan, ("check", "recorded"), ("check", SAME)
        self._put(plan.heads, plan.columns[recorded], "after, recorded", NUMBER_HEAD)
        self._put(plan.heads, plan.columns[same], "the same?", HEAD_BESIDE)
        for number, value in enumerate(np.concatenate([part.ravel() for part in self.record.weights_after]).tolist()):
            row = plan.first + number
            self._put(row, plan.columns[recorded], value)
            difference = f"({plan.cell(('line', 'after'), row)}-{plan.cell(recorded, row)})"
            self._put(row, plan.columns[same], SAME, BESIDE, f'IF({difference}=0,"{SAME}","differs")')
        every = f"{'the weight' if plan.size == 1 else f'every one of the {plan.size} weights'} comes out as recorded"
        self._put(3, 0, every, WORDS, f'IF(COUNTIF({plan.column(same)},"{SAME}")={plan.size},"{every}","some differ")')
