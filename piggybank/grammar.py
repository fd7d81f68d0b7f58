"""The grammar of formulas: which texts are formulas, what names they use, and how they run on arrays."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

import numpy as np

from piggybank.arithmetic import ARRAY, SCALAR
from piggybank.wording import quote

OPERATORS: dict[type[ast.AST], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
COMPARISONS: dict[type[ast.AST], str] = {
    ast.Gt: ">", ast.GtE: ">=", ast.Lt: "<", ast.LtE: "<=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip

REDUCTIONS = ("sum", "largest")
"""Calls that a line of a recipe may consist of: see `recipe`."""


class FormulaError(ValueError):
    """The text is not a formula; the message says what was found and what is allowed."""


DEEPEST = 100
"""Operations inside one another; more is no formula that anybody could read."""


@cache
def parse(text: str) -> ast.expr:
    """The syntax tree of a formula. Raises FormulaError."""
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (RecursionError, MemoryError):  # which versions of Python give up at different depths
        raise _too_deep(text) from None
    except (SyntaxError, ValueError):
        raise FormulaError(
            f"expected a formula such as 'total / count', got {quote(text)}; check its brackets and signs"
        ) from None
    _check(tree, text, 0)
    return tree


@lru_cache(maxsize=4096)
def text_of(node: ast.expr) -> str:
    """The text of a parsed formula or of a part of it; `parse` keeps its trees, so each is written once."""
    return ast.unparse(node)


def _too_deep(text: str) -> FormulaError:
    return FormulaError(f"the formula {quote(text)} is more than {DEEPEST} operations deep; split it into lines")


def _check(node: ast.expr, text: str, depth: int) -> None:
    """Refuse what is outside the grammar, wherever it stands."""
    if depth > DEEPEST:
        raise _too_deep(text)
    for part in _parts(node, text):
        _check(part, text, depth + 1)


def _parts(node: ast.expr, text: str) -> list[ast.expr]:
    """The values that a value is made of; FormulaError when it is not one."""
    if isinstance(node, ast.Name) and node.id not in SCALAR and not node.id.startswith("_"):
        return []
    if isinstance(node, ast.Constant) and _is_number(node.value):
        return []
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return [node.operand]
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        return [node.left, node.right]
    if isinstance(node, ast.IfExp) and _is_comparison(node.test):
        return [node.body, node.orelse, node.test.left, node.test.comparators[0]]  # type: ignore[attr-defined]
    if isinstance(node, ast.Call) and _is_known_call(node):
        return node.args
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in REDUCTIONS:
        raise FormulaError(
            f"the formula {quote(text)} uses {quote(ast.unparse(node))}; {node.func.id}(...) of one formula stands "
            "alone on a line of a recipe, so give it a name there and use that"
        )
    allowed = "names, numbers, + - * /, brackets, 'x if a > b else y' and " + " ".join(SCALAR)
    raise FormulaError(f"the formula {quote(text)} uses {quote(ast.unparse(node))}; a formula is made of {allowed}")


def _is_number(value: object) -> bool:
    if type(value) is float:
        return True
    return type(value) is int and abs(value) < 1 << 1023


def _is_comparison(node: ast.expr) -> bool:
    return isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in COMPARISONS


def _is_known_call(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Name) or call.keywords:
        return False
    return call.func.id in SCALAR and len(call.args) == (2 if call.func.id in ("max", "min") else 1)


class _ToArrays(ast.NodeTransformer):
    """`x if c else y` becomes `where(c, x, y)`, and numbers become float64: the same values on arrays as on floats."""

    def __init__(self) -> None:
        self.numbers: dict[str, np.float64] = {}

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        parts = [self.visit(node.test), self.visit(node.body), self.visit(node.orelse)]
        return ast.Call(ast.Name("_where", ast.Load()), parts, [])

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        name = f"_{len(self.numbers)}"
        self.numbers[name] = np.float64(node.value)  # type: ignore[arg-type]  # parse lets only numbers through
        return ast.Name(name, ast.Load())


@cache
def names_of(text: str) -> tuple[str, ...]:
    """The variables of a formula, in order of first appearance."""
    found = [part for part in ast.walk(parse(text)) if isinstance(part, ast.Name) and part.id not in SCALAR]
    found.sort(key=lambda name: (name.lineno, name.col_offset))
    return tuple(dict.fromkeys(name.id for name in found))


@cache
def array_function(text: str) -> Callable[..., Any]:
    """The formula as a function of its variables, in the order of `names_of`, elementwise on arrays."""
    to_arrays = _ToArrays()
    tree = to_arrays.visit(ast.parse(text.strip(), mode="eval").body)
    source = f"lambda {', '.join(names_of(text))}: {ast.unparse(ast.fix_missing_locations(tree))}"
    scope = {"__builtins__": {}, **ARRAY, "_where": np.where, **to_arrays.numbers}
    function: Callable[..., Any] = eval(compile(source, f"<formula {text}>", "eval"), scope)
    return function
