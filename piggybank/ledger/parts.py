"""Receipts of the numbers inside a receipt: one of its results by itself, and a number with its sign turned."""

from __future__ import annotations

from piggybank.arithmetic import SCALAR, literal, operate
from piggybank.formula import Formula
from piggybank.ledger.leaf_receipts import LEAVES, leaf
from piggybank.ledger.lines import Line, Receipt, Ref
from piggybank.ledger.records import LedgerError
from piggybank.wording import quote

Text = tuple[str, int]
"""An expression, and how it binds: 0 like a number, 1 like a product, 2 like a sum."""
BINDING = {"+": 2, "-": 2, "*": 1, "/": 1}


def line_receipt(shown: Receipt, whole: Receipt, ref: Ref) -> Receipt:
    """The lines that lead to one result of a receipt, from where its strip starts anew.

    shown: the receipt as it may be seen now; whole: the same with every number known. LedgerError when the line is
    not there or states no result.
    """
    end = ref.line_number
    if not 1 <= end <= len(whole.lines) or whole.lines[end - 1].ref is None:
        raise LedgerError(
            f"line {quote(end)} of the {_lowered(whole.title)} states no result; it has {len(whole.lines)} lines"
        )
    line = whole.lines[end - 1]
    start = next(place for place in reversed(range(end)) if whole.lines[place].operator == "")
    assert line.value is not None
    title = f"{line.label} in the {_lowered(whole.title)}"
    lines = shown.lines[start:end]
    return Receipt(title, whole.kind, shown.state, lines, line.value, lambda: python_of(whole.lines, end))


def turned_receipt(plain: Receipt, ref: Ref) -> Receipt:
    """The receipt of a number with its sign turned; `plain` is that of the number as it is."""
    label, value = plain.lines[-1].label, -plain.value
    title = f"{plain.title} with its sign turned"
    if plain.kind in LEAVES:
        return leaf(ref, title, f"−{label}", value)
    lines = (
        Line("Sign turned", label, "", plain.value, origin=ref.turned),
        Line("Sign turned", f"−{label}", "±", value, ref=ref),
    )
    return Receipt(title, plain.kind, plain.state, lines, value, lambda: f"-({plain.python()})")


def _lowered(title: str) -> str:
    return title[:1].lower() + title[1:]


def python_of(lines: tuple[Line, ...], end: int) -> str:
    """A Python expression for the result of line `end` (from 1): results on the way are written out, all other
    numbers as they are."""
    done: dict[Ref, Text] = {}
    running: Text = "0.0", 0
    before = 0.0
    for line in lines[:end]:
        assert line.value is not None
        if line.operator in BINDING:
            right = done.get(line.origin, _number(line.value)) if line.origin else _number(line.value)
            running = _binary(running, line.operator, right, (before, line.value))
            before = operate(line.operator, before, line.value)
        elif line.operator == "":
            running = done.get(line.origin, _number(line.value)) if line.origin else _number(line.value)
            before = line.value
        elif line.operator in ("max", "min"):
            running = _called(f"{line.operator}(x, y)", running, {"x": before, "y": line.value})
            before = Formula(f"{line.operator}(x, y)").on_floats({"x": before, "y": line.value})
        elif line.operator != "=":
            running, before = _function(line, running, before), line.value
        if line.ref is not None:
            done[line.ref] = running
    return running[0]


def _number(value: float) -> Text:
    return literal(value), 0


def _binary(left: Text, operator: str, right: Text, values: tuple[float, float]) -> Text:
    if operator == "/" and values[1] == 0:
        return _number(operate("/", *values))
    binds = BINDING[operator]
    if operator == "+" and right[1] == 2 > left[1]:  # the longer sum first, so that it needs no brackets
        left, right = right, left
    first = left[0] if left[1] <= binds else f"({left[0]})"
    second = right[0] if right[1] < binds else f"({right[0]})"
    return f"{first} {operator} {second}", binds


def _called(formula: str, running: Text, values: dict[str, float]) -> Text:
    return f"({Formula(formula).python(values, {'x': f'({running[0]})'})})", 0


def _function(line: Line, running: Text, before: float) -> Text:
    assert line.value is not None
    if line.operator == "±":
        return f"(-({running[0]}))", 0
    if line.operator in SCALAR:
        return _called(f"{line.operator}(x)", running, {"x": before})
    return running if literal(line.value) == literal(before) else _number(line.value)
