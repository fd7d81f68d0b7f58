"""Formulas as one graph of scalar operations, written out as straight-line Python.

The fast path for small networks is a function without loops: every operation of a batch, each rounded once and in the
order of the formulas' texts, as an expression of local variables. Equal operations are carried out once. Whatever
Python treats otherwise than IEEE 754 (division by zero) raises, and the caller takes the readable path instead.
"""

from __future__ import annotations

import ast
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from piggybank import portable_tables as tables
from piggybank.arithmetic import SCALAR, literal, operate
from piggybank.formula import Formula
from piggybank.grammar import COMPARISONS, OPERATORS, parse

Key = tuple[Any, ...]

TANH = """
if -20.0 <= {x} <= 20.0:
    node, value, slope = TANH_ROWS[round({x} * 128.0)]
    r = {x} - node
    s = r * r
    t = (((s * (-17 / 315) + 2 / 15) * s + (-1 / 3)) * s + 1.0) * r
    {y} = value + (t * slope) / (value * t + 1.0)
else:
    {y} = tanh({x})
"""
EXP = f"""
if -746.0 <= {{x}} <= {tables.TOP!r}:
    n = ({{x}} * {tables.INV!r} + {tables.ROUND!r}) - {tables.ROUND!r}
    r = ({{x}} - n * {tables.HI!r}) - n * {tables.LO!r}
    i = int(n)
    t, s = EXP_ROWS[i & 4095]
    n = t + (s + t * (r + (r * r) * (0.5 + r * (1 / 6))))
    t, s = SCALE_ROWS[i >> 12 & 4095]
    {{y}} = (n * t) * s
else:
    {{y}} = exp({{x}})
"""
SIGMOID = """
q = {y} / ({y} + 1.0)
{y} = 1.0 - q if {x} >= 0.0 else {y} - {y} * q
"""
WRITTEN_OUT = {
    "tanh": TANH,
    "exp": EXP,
    "sigmoid": EXP.replace("{x}", "a").replace("\nif", "\na = -abs({x})\nif", 1) + SIGMOID[1:],
    "sqrt": "\n{y} = sqrt({x}) if {x} >= 0.0 else nan\n",
    "abs": "\n{y} = abs({x})\n",
}
"""Functions of one number, the operations those of `portable`; other functions are called."""
LOWEST = {"+": 1, "-": 1, "*": 2, "/": 2}


def scope() -> dict[str, Any]:
    """What the written text needs besides its variables."""
    return {
        **SCALAR,
        "sqrt": math.sqrt,
        "nan": math.nan,
        "inf": math.inf,
        "TANH_ROWS": list(zip(tables.NODE, tables.TANH, tables.SLOPE, strict=True)),
        "EXP_ROWS": list(zip(tables.EXP, tables.EXP_LOW, strict=True)),
        "SCALE_ROWS": list(zip(tables.SCALE1, tables.SCALE2, strict=True)),
    }


class Graph:
    """Operations by number, each made once; a number stands for its value."""

    def __init__(self) -> None:
        self.keys: list[Key] = []
        """Each node's kind, a detail (name, operator …), and the nodes it is made of."""
        self._known: dict[Key, int] = {}
        self._constants: dict[int, float] = {}

    def _node(self, kind: str, detail: str, *operands: int) -> int:
        key = kind, detail, *operands
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = len(self.keys)
            self.keys.append(key)
        return found

    def variable(self, name: str) -> int:
        return self._node("variable", name)

    def constant(self, value: float) -> int:
        node = self._node("constant", literal(value).replace("math.", ""))
        self._constants[node] = value
        return node

    def binary(self, operator: str, a: int, b: int) -> int:
        """a operator b; constants are folded, and nothing is left of a multiplication by 1."""
        left, right = self._constants.get(a), self._constants.get(b)
        if left is not None and right is not None:
            return self.constant(operate(operator, left, right))
        if operator == "*" and left == 1.0:
            return b
        if operator in "*/" and right == 1.0:
            return a
        return self._node("binary", operator, a, b)

    def negate(self, a: int) -> int:
        value = self._constants.get(a)
        return self._node("negate", "", a) if value is None else self.constant(-value)

    def call(self, name: str, *arguments: int) -> int:
        values = [self._constants.get(a) for a in arguments]
        known = [value for value in values if value is not None]
        if len(known) == len(values):
            return self.constant(float(SCALAR[name](*known)))
        return self._node("call", name, *arguments)

    def choose(self, comparison: str, left: int, right: int, a: int, b: int) -> int:
        """a if left comparison right else b."""
        return self._node("choose", comparison, left, right, a, b)

    def total(self, terms: Sequence[int]) -> int:
        """((0 + t1) + t2) + ..."""
        found = self.constant(0.0)
        for term in terms:
            found = self.binary("+", found, term)
        return found

    def largest(self, terms: Sequence[int]) -> int:
        """The first that no later one exceeds, nan if one is."""
        found = terms[0]
        for term in terms[1:]:
            found = self._node("largest", "", found, term)
        return found

    def reduction(self, function: str, a: int) -> int:
        """The sum or the largest of a node that stands for many values at once."""
        return self._node("reduction", function, a)

    def formula(self, formula: Formula, values: Mapping[str, int]) -> int:
        """The formula's value, its names being these nodes."""
        return self._tree(parse(formula.text), values)

    def _tree(self, node: ast.expr, values: Mapping[str, int]) -> int:
        if isinstance(node, ast.Constant):
            return self.constant(float(node.value))  # type: ignore[arg-type]  # parse lets only numbers through
        if isinstance(node, ast.Name):
            return values[node.id]
        if isinstance(node, ast.UnaryOp):
            return self.negate(self._tree(node.operand, values))
        if isinstance(node, ast.BinOp):
            return self.binary(OPERATORS[type(node.op)], *(self._tree(x, values) for x in (node.left, node.right)))
        if isinstance(node, ast.IfExp):
            assert isinstance(node.test, ast.Compare)
            parts = (node.test.left, node.test.comparators[0], node.body, node.orelse)
            return self.choose(COMPARISONS[type(node.test.ops[0])], *(self._tree(part, values) for part in parts))
        assert isinstance(node, ast.Call)
        assert isinstance(node.func, ast.Name)
        return self.call(node.func.id, *(self._tree(part, values) for part in node.args))

    def needed(self, wanted: Sequence[int]) -> set[int]:
        """The nodes that these are made of, themselves included."""
        found, waiting = set(wanted), list(wanted)
        while waiting:
            for part in self.keys[waiting.pop()][2:]:
                if part not in found:
                    found.add(part)
                    waiting.append(part)
        return found


class Writer:
    """Statements for the wanted nodes of a graph: an operation used once stands inside the one that uses it."""

    def __init__(self, graph: Graph, wanted: Sequence[int]) -> None:
        self.graph = graph
        self.statements: list[str] = []
        self.operations = 0
        """Single operations written, as a measure of time."""
        uses: Counter[int] = Counter(wanted)
        for node in range(len(graph.keys)):
            uses.update(graph.keys[node][2:])
        self._texts: dict[int, tuple[str, int]] = {}
        needed = graph.needed(wanted)
        for node in sorted(needed):  # operands have smaller numbers
            self._write(node, uses[node] > 1)

    def text(self, node: int) -> str:
        """An expression of that value."""
        return self._texts[node][0]

    def _write(self, node: int, often: bool) -> None:
        key = self.graph.keys[node]
        kind = key[0]
        if kind in ("variable", "constant"):
            self._texts[node] = key[1], 0 if key[1].startswith("-") else 9
            return
        self.operations += 1
        if kind == "call":
            self._call(node, key)
            return
        text, strength = self._expression(key)
        if often:
            self.statements.append(f"v{node} = {text}")
            text, strength = f"v{node}", 9
        self._texts[node] = text, strength

    def _expression(self, key: Key) -> tuple[str, int]:
        if key[0] == "binary":
            level = LOWEST[key[1]]
            return f"{self._inside(key[2], level)} {key[1]} {self._inside(key[3], level + 1)}", level
        if key[0] == "negate":
            return f"-{self._inside(key[2], 9)}", 0
        if key[0] == "largest":
            a, b = (self._name(part) for part in key[2:])
            return f"{a} if {a} >= {b} or {a} != {a} else {b}", 0
        left, right, a, b = (self._inside(part, 1) for part in key[2:])
        return f"{a} if {left} {key[1]} {right} else {b}", 0

    def _inside(self, node: int, level: int) -> str:
        text, strength = self._texts[node]
        return text if strength >= level else f"({text})"

    def _name(self, node: int) -> str:
        """A variable of that value."""
        text, strength = self._texts[node]
        if strength < 9:
            self.statements.append(f"v{node} = {text}")
            self._texts[node] = f"v{node}", 9
        return self._texts[node][0]

    def _call(self, node: int, key: Key) -> None:
        name, result = key[1], f"v{node}"
        arguments = [self._name(part) for part in key[2:]]
        self._texts[node] = result, 9
        if name in ("max", "min"):
            a, b = arguments
            self.statements.append(f"{result} = {a} if {a} {'>=' if name == 'max' else '<='} {b} else {b}")
        elif name in WRITTEN_OUT:
            self.operations += {"tanh": 20, "exp": 25, "sigmoid": 30}.get(name, 2)
            written = WRITTEN_OUT[name].format(x=arguments[0], y=result)
            self.statements.extend(written.strip("\n").split("\n"))
        else:
            self.operations += 25
            self.statements.append(f"{result} = {name}({', '.join(arguments)})")
