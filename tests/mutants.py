"""What `mutation.py` makes wrong: every small mistake that a module could have, one at a time, by its syntax tree."""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

SWAPS: dict[type, tuple[type, ...]] = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,), ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,), ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.Div,), ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Div,), ast.Mod: (ast.Mult,), ast.Pow: (ast.Mult,), ast.LShift: (ast.RShift,),
    ast.RShift: (ast.LShift,), ast.BitAnd: (ast.BitOr,), ast.BitOr: (ast.BitAnd,), ast.And: (ast.Or,),
    ast.Or: (ast.And,), ast.Break: (ast.Continue,), ast.Continue: (ast.Break,),
}  # fmt: skip
PAIRS = "min max, any all, minimum maximum, less less_equal, greater greater_equal, add subtract, multiply divide"
WORDS = {a: b for pair in PAIRS.split(", ") for a, b in (pair.split(), pair.split()[::-1])}
SIGNS = {"+": "-", "-": "+", "*": "/", "/": "*", "<": "<=", "<=": "<", ">": ">=", ">=": ">"}
SIGN = re.compile(r"(?<= )([-+*/]|[<>]=?)(?= )")
DROPPED, KEPT_IN = (ast.Expr, ast.AugAssign, ast.Raise), (ast.Attribute, ast.Subscript)


@dataclass(frozen=True)
class Mutant:
    """A field of a node of the tree that is to become `new`; lines: those of the place, none when it runs at import."""

    file: str
    line: int
    lines: frozenset[int]
    tree: ast.Module
    owner: ast.AST
    field: str
    new: Any

    def source(self) -> str:
        old = getattr(self.owner, self.field)
        setattr(self.owner, self.field, self.new)
        text = ast.unparse(ast.fix_missing_locations(self.tree))
        setattr(self.owner, self.field, old)
        return text

    def difference(self) -> tuple[str, str]:
        """The lines that are changed and what they become, as `ast.unparse` writes them, with single quotes."""
        both = [text.replace('"', "'").split("\n") for text in (ast.unparse(self.tree), self.source())]
        lines = list(difflib.unified_diff(*both, n=0, lineterm=""))[3:]
        before, after = ("\n".join(line[1:].strip() for line in lines if line[0] == sign) for sign in "-+")
        return before, after


def variants(node: Any, field: str) -> Iterator[Any]:  # noqa: C901  # one branch a kind of mistake
    """What a node that stands in that field of another may become."""
    yield from (kind() for kind in SWAPS.get(type(node), ()))
    if isinstance(node, ast.Constant):
        yield from map(ast.Constant, constants(node.value))
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, ast.BoolOp):
        yield from (ast.BoolOp(node.op, [x for x in node.values if x is not part]) for part in node.values)
    elif isinstance(node, ast.Tuple) and field == "type":  # of an except clause
        yield from (ast.Tuple([x for x in node.elts if x is not part], node.ctx) for part in node.elts)
    elif isinstance(node, ast.Name) and node.id in WORDS:
        yield ast.Name(WORDS[node.id], node.ctx)
    elif isinstance(node, ast.Attribute) and node.attr in WORDS:
        yield ast.Attribute(node.value, WORDS[node.attr], node.ctx)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range":
        for k, sign in ((min(1, len(node.args) - 1), sign) for sign in (ast.Add(), ast.Sub())):
            bound = ast.BinOp(node.args[k], sign, ast.Constant(1))
            yield ast.Call(node.func, [*node.args[:k], bound, *node.args[k + 1 :]], [])
    elif isinstance(node, ast.Return) and ast.unparse(node) not in ("return", "return None"):
        yield ast.Return(ast.Constant(None))
    elif isinstance(node, DROPPED) or (isinstance(node, ast.Assign) and isinstance(node.targets[0], KEPT_IN)):
        yield ast.Pass()
    if field in ("test", "ifs") and not isinstance(node, (ast.Compare, ast.UnaryOp)):
        yield ast.UnaryOp(ast.Not(), node)


def constants(value: object) -> Iterator[object]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, (int, float)):
        yield from (other for other in (value + 1, value - 1) if other != value)
    elif isinstance(value, str):
        yield from (value[: found.start()] + SIGNS[found[0]] + value[found.end() :] for found in SIGN.finditer(value))


def left_alone(node: ast.AST) -> bool:
    """Texts on their own, types and assertions, which nobody's numbers depend on."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.AnnAssign):
        return ast.unparse(node.annotation) == "TypeAlias"
    return isinstance(node, ast.Assert) or (isinstance(node, ast.keyword) and node.arg == "strict")


def mutants(file: str, tree: ast.Module, owner: ast.AST, at_import: bool = True) -> Iterator[Mutant]:
    """All of them below a node. What is kept in a cache counts as run at import, as other tests may have filled it."""
    for field, value in ast.iter_fields(owner):
        if field in ("annotation", "returns", "decorator_list"):
            continue
        many = value if isinstance(value, list) else [value]
        for k, child in enumerate(many):
            if not isinstance(child, ast.AST) or left_alone(child):
                continue
            function = isinstance(child, (ast.FunctionDef, ast.Lambda))
            place: Any = owner if function or not hasattr(child, "lineno") else child
            for new in variants(child, field) if hasattr(place, "lineno") else ():
                lines = frozenset(() if at_import else range(place.lineno, place.end_lineno + 1))
                every = [*many[:k], new, *many[k + 1 :]] if isinstance(value, list) else new
                yield Mutant(file, place.lineno, lines, tree, owner, field, every)
            cached = "cache" in "".join(map(ast.unparse, getattr(child, "decorator_list", ())))
            yield from mutants(file, tree, child, at_import and (cached or not function))
