"""Single rounded operations on floats, as IEEE 754 says, and the functions of formulas, on floats and arrays."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from piggybank import portable, portable_arrays

EXACT_AT = {"exp": (0.0,), "log": (1.0,), "tanh": (0.0,), "sigmoid": (0.0,), "cos": (0.0,)}
"""Where a transcendental function of a float is itself a float (elsewhere its value is irrational)."""


def _sqrt(x: float) -> float:
    return math.sqrt(x) if x >= 0 else math.nan


def _sign(x: float) -> float:
    return 1.0 if x > 0 else -1.0 if x < 0 else x


def _floor(x: float) -> float:
    return math.copysign(float(math.floor(x)), x) if math.isfinite(x) else x  # the floor of -0.0 is -0.0


SCALAR: dict[str, Callable[..., float]] = {
    "sqrt": _sqrt,
    "exp": portable.exp,
    "log": portable.log,
    "tanh": portable.tanh,
    "sigmoid": portable.sigmoid,
    "cos": portable.cos,
    "abs": abs,
    "floor": _floor,
    "max": lambda a, b: a if a >= b else b,
    "min": lambda a, b: a if a <= b else b,
    "sign": _sign,
}
ARRAY: dict[str, Callable[..., Any]] = {
    "sqrt": np.sqrt,
    "exp": portable_arrays.array_exp,
    "log": portable_arrays.array_log,
    "tanh": portable_arrays.array_tanh,
    "sigmoid": portable_arrays.array_sigmoid,
    "cos": portable_arrays.array_cos,
    "abs": np.abs,
    "floor": np.floor,
    "max": lambda a, b: np.where(a >= b, a, b),
    "min": lambda a, b: np.where(a <= b, a, b),
    "sign": lambda x: np.where(x > 0, 1.0, np.where(x < 0, -1.0, x)),
}


def divide(a: float, b: float) -> float:
    """a / b as IEEE 754 says: no exception when b is zero."""
    if b:
        return a / b
    if a == 0 or math.isnan(a):
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


def operate(operator: str, a: float, b: float) -> float:
    """One rounded operation on two floats; operator is one of + - * /."""
    if operator == "+":
        return a + b
    if operator == "-":
        return a - b
    if operator == "*":
        return a * b
    return divide(a, b)


def is_exact(operator: str, a: float, b: float, value: float) -> bool:
    """True when `a operator b` is `value` with nothing rounded away (compared as fractions)."""
    if not (math.isfinite(a) and math.isfinite(b) and math.isfinite(value)):
        return False
    x, y = Fraction(a), Fraction(b)
    if operator == "/":
        return bool(y) and x / y == value
    return {"+": x + y, "-": x - y, "*": x * y}[operator] == value


def compare(operator: str, a: float, b: float) -> bool:
    return {">": a > b, ">=": a >= b, "<": a < b, "<=": a <= b, "==": a == b, "!=": a != b}[operator]


def literal(value: float) -> str:
    """A float as Python text that evaluates to the same bits; inf and nan through `math`."""
    if math.isnan(value):
        return "math.nan"
    if math.isinf(value):
        return "math.inf" if value > 0 else "-math.inf"
    return repr(float(value))
