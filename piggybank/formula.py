"""A formula that is shown, computed, recorded and audited from one text, so that what you see is what ran.

The grammar is a small part of Python's expressions: names, numbers, `+ - * /`, unary minus, parentheses,
`x if c else y` with one comparison, and the functions `sqrt exp log tanh sigmoid cos abs floor max min sign`.
Every operation rounds once, in the order written. Division by zero gives inf or nan as IEEE 754 says.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from piggybank import portable
from piggybank.arithmetic import EXACT_AT, SCALAR, compare, is_exact, literal, operate
from piggybank.grammar import COMPARISONS, OPERATORS, FormulaError, array_function, names_of, parse, text_of

__all__ = ["Formula", "FormulaError", "Step", "Values"]

Values: TypeAlias = Mapping[str, Any]


class Step(NamedTuple):
    """One operation of a formula: `value = left operator right`, or `value = operator(left)` for a function."""

    text: str
    operator: str
    left: tuple[str, float]
    right: tuple[str, float] | None
    value: float
    exact: bool


@dataclass(frozen=True)
class Formula:
    """One line of arithmetic. Equal texts are equal formulas."""

    text: str

    def __post_init__(self) -> None:
        parse(self.text)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The variables it needs, in order of first appearance."""
        return names_of(self.text)

    @cached_property
    def _on_arrays(self) -> Callable[..., Any]:
        return array_function(self.text)

    def on_arrays(self, values: Values) -> Any:
        """Evaluate elementwise on arrays (or floats) that broadcast together."""
        found = [values[name] for name in self.names]
        return self._on_arrays(*[np.float64(value) if type(value) is float else value for value in found])

    def on_floats(self, values: Mapping[str, float]) -> float:
        """Evaluate on floats: bit for bit what `on_arrays` gives."""
        return _Walk(values).value(parse(self.text))

    def steps(self, values: Mapping[str, float]) -> list[Step]:
        """Every single operation, in the order it is carried out."""
        walk = _Steps(values)
        walk.value(parse(self.text))
        return walk.steps

    def with_numbers(self, spelled: Mapping[str, str]) -> str:
        """The formula's text with each name replaced by its spelling, for reading."""
        return _with_numbers(self.text, tuple(spelled.items()))

    def python(self, values: Mapping[str, float], spelled: Mapping[str, str] | None = None) -> str:
        """A Python expression whose `eval` gives exactly `on_floats(values)`; it may use `math`.

        spelled: for some of the names, an expression to write instead of the number.
        """
        return _Spell(values, spelled or {}).spell(parse(self.text))


@lru_cache(maxsize=256)
def _with_numbers(text: str, spelled: tuple[tuple[str, str], ...]) -> str:
    return ast.unparse(_Replace(dict(spelled)).visit(ast.parse(text.strip(), mode="eval").body))


class _Replace(ast.NodeTransformer):
    def __init__(self, spelled: Mapping[str, str]) -> None:
        self.spelled = spelled

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Name(self.spelled.get(node.id, node.id), node.ctx)


class _Walk:
    """Evaluates a parsed formula on floats."""

    def __init__(self, values: Mapping[str, float]) -> None:
        self.values = values

    def value(self, node: ast.expr) -> float:
        if isinstance(node, ast.Constant):
            return float(node.value)  # type: ignore[arg-type]  # parse lets only numbers through
        if isinstance(node, ast.Name):
            return float(self.values[node.id])
        if isinstance(node, ast.UnaryOp):
            return -self.value(node.operand)
        if isinstance(node, ast.IfExp):
            return self.value(node.body if self.holds(node.test) else node.orelse)
        if isinstance(node, ast.BinOp):
            return self._binary(node)
        return self._call(node)

    def holds(self, node: ast.expr) -> bool:
        assert isinstance(node, ast.Compare)
        left, right = self.value(node.left), self.value(node.comparators[0])
        return bool(compare(COMPARISONS[type(node.ops[0])], left, right))

    def _binary(self, node: ast.BinOp) -> float:
        return self.operation(node, self.value(node.left), self.value(node.right))

    def operation(self, node: ast.BinOp, left: float, right: float) -> float:
        return operate(OPERATORS[type(node.op)], left, right)

    def _call(self, node: ast.expr) -> float:
        assert isinstance(node, ast.Call)
        assert isinstance(node.func, ast.Name)
        return self.function(node, node.func.id, [self.value(part) for part in node.args])

    def function(self, node: ast.Call, name: str, arguments: list[float]) -> float:
        return float(SCALAR[name](*arguments))


class _Steps(_Walk):
    """Evaluates a parsed formula on floats, and keeps every step."""

    def __init__(self, values: Mapping[str, float]) -> None:
        super().__init__(values)
        self.steps: list[Step] = []

    def operation(self, node: ast.BinOp, left: float, right: float) -> float:
        value, operator = super().operation(node, left, right), OPERATORS[type(node.op)]
        operands = (text_of(node.left), left), (text_of(node.right), right)
        self.steps.append(Step(text_of(node), operator, *operands, value, is_exact(operator, left, right, value)))
        return value

    def function(self, node: ast.Call, name: str, arguments: list[float]) -> float:
        value = super().function(node, name, arguments)
        left = (text_of(node.args[0]), arguments[0])
        right = (text_of(node.args[1]), arguments[1]) if len(arguments) == 2 else None
        self.steps.append(Step(text_of(node), name, left, right, value, _call_is_exact(name, arguments[0], value)))
        return value


def _call_is_exact(name: str, argument: float, value: float) -> bool:
    if name == "sqrt":
        return is_exact("*", value, value, argument)
    return argument in EXACT_AT[name] if name in EXACT_AT else True


class _Spell:
    """Writes a formula at given values as plain Python arithmetic; branches are written as the one taken."""

    def __init__(self, values: Mapping[str, float], spelled: Mapping[str, str]) -> None:
        self.walk = _Walk(values)
        self.values = values
        self.spelled = spelled

    def spell(self, node: ast.expr) -> str:  # noqa: PLR0911  # one return a kind of node reads best
        if isinstance(node, ast.Constant):
            return literal(float(node.value))  # type: ignore[arg-type]  # parse lets only numbers through
        if isinstance(node, ast.Name):
            return self.spelled.get(node.id) or literal(self.values[node.id])
        if isinstance(node, ast.UnaryOp):
            return f"-({self.spell(node.operand)})"
        if isinstance(node, ast.IfExp):
            return self.spell(node.body if self.walk.holds(node.test) else node.orelse)
        if isinstance(node, ast.BinOp):
            if isinstance(node.op, ast.Div) and self.walk.value(node.right) == 0:
                return literal(self.walk.value(node))
            return f"({self.spell(node.left)} {OPERATORS[type(node.op)]} {self.spell(node.right)})"
        return self._call(node)

    def _call(self, node: ast.expr) -> str:
        assert isinstance(node, ast.Call)
        assert isinstance(node.func, ast.Name)
        name, value = node.func.id, self.walk.value(node)
        arguments = [self.walk.value(part) for part in node.args]
        if name == "sqrt" and arguments[0] >= 0:
            return f"math.sqrt({self.spell(node.args[0])})"
        if name == "abs":
            return (
                self.spell(node.args[0]) if math.copysign(1.0, arguments[0]) > 0 else f"-({self.spell(node.args[0])})"
            )
        if name == "floor" and arguments[0] and math.isfinite(arguments[0]):
            return f"(math.floor({self.spell(node.args[0])}) + 0.0)"
        if name in ("max", "min"):
            return self.spell(node.args[0] if value == arguments[0] else node.args[1])
        if name in EXACT_AT:
            return portable.expression(name, self.spell(node.args[0]), arguments[0])
        return literal(value)
