"""Writes a receipt's lines one after the other, and gives every result on the way a reference of its own."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from piggybank.arithmetic import is_exact
from piggybank.formula import Formula, Step
from piggybank.grammar import parse, text_of
from piggybank.ledger.lines import Line, Ref
from piggybank.ledger.sums import NOTHING, Sum, Term

WORDS = {
    "total": "Total in the bank",
    "count": "Samples in the batch",
    "average": "Average coin",
    "learning_rate": "Learning rate",
    "adjustment": "Final adjustment",
    "before": "Before",
    "after": "After",
    "commit": "Number of the commit",
    "epoch": "Epoch",
    "commits_per_epoch": "Commits of an epoch",
    "batch_size": "Samples of a whole batch",
    "micro_batches": "Micro-batches",
    "micro_count": "Samples of the micro-batch",
    "sum_of_averages": "Sum of the micro-batches' averages",
    "repeats": "How often the loop over inputs comes by",
    "bank": "In the bank",
    "left": "Left in the bank",
    "left_count": "Samples of what was left",
    "coins": "All coins in the bank",
    "samples": "All samples in the bank",
    "once": "Adjustment of one round",
    "mean_jar": "Jar of coins",
    "square_jar": "Jar of squares",
    "mean_fill": "How full the jar of coins is",
    "square_fill": "How full the jar of squares is",
    "keep_mean": "Kept in the jar of coins",
    "keep_square": "Kept in the jar of squares",
    "mean": "Mean coin",
    "square": "Mean square",
    "pull": "Coin with the house coin",
    "clipped": "Clipped coin",
    "sum_of_squares": "Squares of all average coins",
    "norm": "Size of all average coins",
    "shrink": "Clipped to",
    "top": "Largest weighted sum",
    "whole": "The whole",
}
"""What the names of a recipe and of shared lines are called in front of people."""

Labels = Mapping[str, tuple[str, Ref | None]]
"""For names and sub-expressions of formulas: what people call them, and the receipt behind them if it is known."""


Operand = tuple[str, float, "Ref | None"]
"""What a number is called, its value, and the receipt behind it."""
ZERO = Ref("setting", "zero")
"""Where a sum starts."""


def written(text: str) -> str:
    """A formula's text with the signs that people write."""
    return text.replace("*", "×").replace("/", "÷").replace("-", "−")


def spoken(text: str) -> str:
    """A formula's text as `written`, with names in words."""
    return written(text).replace("_", " ")


@dataclass(frozen=True)
class Scope:
    """A formula being carried out: its values, the words for its parts, what stands behind them, and which formula of
    the header it is (the part of its constants' references). `results` grows with every step."""

    formula: Formula
    values: Mapping[str, float]
    labels: Labels
    where: str
    results: dict[str, Ref] = field(default_factory=dict)

    @property
    def top(self) -> ast.expr:
        """What the formula comes down to at these values, its choices made."""
        return self.chosen(parse(self.formula.text))

    def chosen(self, node: ast.expr) -> ast.expr:
        """The branch that is taken at these values, to the last choice."""
        while isinstance(node, ast.IfExp):
            holds = Formula(f"1 if {text_of(node.test)} else 0").on_floats(self.values)
            node = node.body if holds else node.orelse
        return node

    def word(self, text: str) -> str:
        """What a part of the formula is called."""
        if text in self.labels:
            return self.labels[text][0]
        node = parse(text)
        if isinstance(node, ast.UnaryOp):
            inner = text_of(node.operand)
            return f"−{self.word(inner)}" if inner in self.labels else spoken(text)
        return f"The number {text}" if isinstance(node, ast.Constant) else spoken(text)

    def origin(self, node: ast.expr) -> Ref | None:
        """The receipt behind a part of the formula."""
        text = text_of(node)
        if text in self.results:
            return self.results[text]
        if isinstance(node, ast.Constant):
            return Ref("constant", text, part=self.where)
        if isinstance(node, ast.UnaryOp):
            inner = self.origin(node.operand)
            return inner.turned if inner else None
        if isinstance(node, ast.IfExp):
            return self.origin(self.chosen(node))
        return self.labels[text][1] if text in self.labels else None


class Strip:
    """Collects the lines of the receipt `whole`; remembers the name of the running result, so that a chain of formulas
    reads as one strip."""

    def __init__(self, section: str, whole: Ref) -> None:
        self.section = section
        self.whole = whole
        self.lines: list[Line] = []
        self.running = ""
        self.sum_so_far = ZERO

    @property
    def last(self) -> Ref:
        """The reference of the result stated last."""
        ref = self.lines[-1].ref
        assert ref is not None
        return ref

    def put(
        self, label: str, operator: str, value: float | None, origin: Ref | None = None, *, exact: bool = True
    ) -> None:
        """An operand."""
        self.lines.append(Line(self.section, label, operator, value, "", exact, origin))

    def result(
        self, label: str, value: float | None, formula: str, exact: bool, running: str = "", ref: Ref | None = None
    ) -> None:
        """The result so far; `running` is the name later formulas use for it, ref the reference that it has besides
        its place in the receipt."""
        self._state(label, "=", value, formula, exact, ref)
        self.running = running

    def function(self, name: str, formula: str, value: float, exact: bool = True) -> None:
        """What a function or a choice makes of the running result."""
        self._state(formula, name, value, "", exact)

    def _state(
        self, label: str, operator: str, value: float | None, formula: str, exact: bool, ref: Ref | None = None
    ) -> None:
        ref = ref or self.whole.line(len(self.lines) + 1)
        self.lines.append(Line(self.section, label, operator, value, formula, exact, None, ref))

    def name_last(self, ref: Ref) -> Ref:
        """The result stated last is a number with a reference of its own; gives that."""
        self.lines[-1] = Line(*self.lines[-1][:-1], ref)
        return ref

    def product(self, first: Operand, second: Operand, label: str, ref: Ref | None = None) -> float:
        """Two operands and their product; gives the product. ref: as for `result`."""
        value = first[1] * second[1]
        self.put(first[0], "", first[1], first[2])
        self.put(second[0], "*", second[1], second[2])
        self.result(label, value, "", is_exact("*", first[1], second[1], value), "", ref)
        return value

    def add_to(self, so_far: float, value: float, label: str, first: bool) -> float:
        """Add the running result to an earlier sum; the first term needs no line unless +0.0 changes it."""
        total = so_far + value
        if not (first and repr(total) == repr(value)):
            self.put("Sum so far", "+", so_far, self.sum_so_far)
            self.result(label, total, "", is_exact("+", so_far, value, total))
        self.sum_so_far = self.last
        return total

    def add_all(self, terms: list[Term], start: tuple[str, str] = NOTHING) -> tuple[float, bool]:
        """A line for each term added to 0; gives the sum, and whether nothing was rounded. start: what the 0 is called,
        and the name of the setting behind it."""
        found = Sum(self.section, start)
        for term in terms:
            found.add(*term)
        self.lines += found.lines
        return found.totals[-1], found.exact[-1]

    def calculate(self, scope: Scope, name: str, result: str, shown: str) -> None:
        """The steps of a formula whose value is called `name` in later formulas and `result` in front of people;
        shown: how its text is written beside the result."""
        top, steps = scope.top, scope.formula.steps(scope.values)
        ends = bool(steps) and steps[-1].text == text_of(top)
        for place, step in enumerate(steps, 1):
            last = ends and place == len(steps)
            if step.text in scope.results and not last:
                continue
            self._operands(step, scope)
            label = result if last else scope.word(step.text)
            self.result(label, step.value, shown if last else step.text, step.exact, name if last else step.text)
            scope.results[step.text] = self.last
        if not ends:
            self._close(top, scope)
            self.result(result, scope.formula.on_floats(scope.values), shown, True, name)

    def _close(self, top: ast.expr, scope: Scope) -> None:
        """A formula that ends in no operation: a name, a number, or a sign that is turned."""
        value = scope.formula.on_floats(scope.values)
        if not isinstance(top, ast.UnaryOp):
            if text_of(top) != self.running:
                self._operand((text_of(top), value), "", scope)
            return
        if text_of(top.operand) != self.running:
            self._operand((text_of(top.operand), -value), "", scope)
        self.function("±", scope.word(text_of(top)), value)

    def _operands(self, step: Step, scope: Scope) -> None:
        left, right = step.left, step.right
        if right is None:
            self._first(left, scope)
            self.function(step.operator, spoken(step.text), step.value, step.exact)
            return
        if step.operator in ("+", "*") and right[0] == self.running != left[0]:
            left, right = right, left
        self._first(left, scope)
        self._operand(right, step.operator, scope)

    def _first(self, operand: tuple[str, float], scope: Scope) -> None:
        """Nothing for the running result, its turned sign where that is needed, else a strip that starts anew."""
        text, value = operand
        if text == self.running:
            return
        node = parse(text)
        if isinstance(node, ast.UnaryOp) and text_of(node.operand) == self.running:
            self.function("±", scope.word(text), value)
        else:
            self._operand(operand, "", scope)

    def _operand(self, operand: tuple[str, float], operator: str, scope: Scope) -> None:
        self.put(scope.word(operand[0]), operator, operand[1], scope.origin(parse(operand[0])))
