"""Formulas of a rule as a spreadsheet's formulas: the same operations in the same order, on cells."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from piggybank.formula import Formula
from piggybank.grammar import COMPARISONS, OPERATORS, parse

SIGNS = {"==": "=", "!=": "<>"}
DIGITS = 15
"""So many digits of a number written in a formula are read; a cell keeps all."""
OWN = {"sqrt": "SQRT", "abs": "ABS", "sign": "SIGN"}
"""Functions that a spreadsheet rounds as we do; exp, log, tanh, sigmoid and cos it does not."""


def in_excel(formula: Formula, cells: Mapping[str, str]) -> str | None:
    """The formula with each name's cell in its place; None when a spreadsheet would round one of its functions
    differently."""
    try:
        return _written(parse(formula.text), cells)
    except _RoundsDifferentlyError:
        return None


class _RoundsDifferentlyError(Exception):
    """There is no such function with the same bits."""


def _written(node: ast.expr, cells: Mapping[str, str]) -> str:  # noqa: PLR0911  # one return a kind of node reads best
    if isinstance(node, ast.Constant):
        return _number(float(node.value))  # type: ignore[arg-type]  # parse lets only numbers through
    if isinstance(node, ast.Name):
        return cells[node.id]
    if isinstance(node, ast.UnaryOp):
        return f"(-{_written(node.operand, cells)})"
    if isinstance(node, ast.IfExp):
        return _choice(node, cells)
    if isinstance(node, ast.BinOp):
        return f"({_written(node.left, cells)}{OPERATORS[type(node.op)]}{_written(node.right, cells)})"
    assert isinstance(node, ast.Call)
    assert isinstance(node.func, ast.Name)
    name, parts = node.func.id, [_written(part, cells) for part in node.args]
    if name in ("max", "min"):
        return f"IF({parts[0]}{'>' if name == 'max' else '<'}={parts[1]},{parts[0]},{parts[1]})"
    if name not in OWN:
        raise _RoundsDifferentlyError
    return f"{OWN[name]}({parts[0]})"


def _choice(node: ast.IfExp, cells: Mapping[str, str]) -> str:
    test = node.test
    assert isinstance(test, ast.Compare)
    sign = COMPARISONS[type(test.ops[0])]
    left, right = _written(test.left, cells), _written(test.comparators[0], cells)
    return f"IF({left}{SIGNS.get(sign, sign)}{right},{_written(node.body, cells)},{_written(node.orelse, cells)})"


def _number(value: float) -> str:
    """A number that a spreadsheet reads with all its bits: where fifteen digits do not do, as a sum of two."""
    short = f"{value:.{DIGITS}g}"
    if float(short) == value:
        return short.upper()
    rest = f"{value - float(short):.{DIGITS}g}"
    return f"({short}+{rest})".replace("+-", "-").upper()
