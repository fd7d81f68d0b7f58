"""The grammar of formulas: which texts are formulas, what names they use, and how they run on arrays."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import cache
from typing import Any

from piggybank.arithmetic import ARRAY, SCALAR

OPERATORS: dict[type[ast.AST], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
COMPARISONS: dict[type[ast.AST], str] = {
    ast.Gt: ">", ast.GtE: ">=", ast.Lt: "<", ast.LtE: "<=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip


class FormulaError(ValueError):
    """The text is not a formula; the message says what was found and what is allowed."""


@cache
def parse(text: str) -> ast.expr:
    """The syntax tree of a formula. Raises FormulaError."""
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise FormulaError(f"expected a formula such as 'total / count', got {text!r}; check its brackets") from None
    _check(tree, text)
    return tree


def _check(node: ast.expr, text: str) -> None:
    allowed = "names, numbers, + - * /, brackets, 'x if c else y' and " + " ".join(SCALAR)
    for part in ast.walk(node):
        good = isinstance(part, (ast.Name, ast.Load, ast.IfExp, ast.BinOp, ast.UnaryOp, ast.USub, *OPERATORS))
        good = good or isinstance(part, tuple(COMPARISONS))
        good = good or (isinstance(part, ast.Constant) and type(part.value) in (int, float))
        good = good or (isinstance(part, ast.Compare) and len(part.ops) == 1)
        good = good or (isinstance(part, ast.Call) and _is_known_call(part))
        if not good:
            raise FormulaError(f"the formula {text!r} uses {ast.unparse(part)!r}; a formula is made of {allowed}")


def _is_known_call(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Name) or call.keywords:
        return False
    return call.func.id in SCALAR and len(call.args) == (2 if call.func.id in ("max", "min") else 1)


class _ToArrays(ast.NodeTransformer):
    """`x if c else y` becomes `where(c, x, y)`: the same values on arrays."""

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        parts = [self.visit(node.test), self.visit(node.body), self.visit(node.orelse)]
        return ast.Call(ast.Name("where", ast.Load()), parts, [])


@cache
def names_of(text: str) -> tuple[str, ...]:
    """The variables of a formula, in order of first appearance."""
    found: list[str] = []

    class Visit(ast.NodeVisitor):
        def visit_Name(self, node: ast.Name) -> None:
            if node.id not in SCALAR and node.id not in found:
                found.append(node.id)

    Visit().visit(parse(text))
    return tuple(found)


@cache
def array_function(text: str) -> Callable[..., Any]:
    """The formula as a function of its variables, in the order of `names_of`, elementwise on arrays."""
    tree = _ToArrays().visit(ast.parse(text.strip(), mode="eval").body)
    source = f"lambda {', '.join(names_of(text))}: {ast.unparse(ast.fix_missing_locations(tree))}"
    function: Callable[..., Any] = eval(compile(source, f"<formula {text}>", "eval"), {"__builtins__": {}, **ARRAY})
    return function
