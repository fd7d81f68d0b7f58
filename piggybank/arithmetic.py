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


# What was rounded away ------------------------------------------------------------------------------------------------

SPLIT = 134217729.0
"""2**27 + 1: a float times it, taken apart, is a sum of two floats of 26 digits each."""
TINY, HUGE = 1e-250, 1e250
"""Between these sizes neither a product, nor its parts, nor what was rounded away leave the range of floats."""


def is_exact(operator: str, a: float, b: float, value: float) -> bool:
    """True when `a operator b` is `value` with nothing rounded away: as fractions say, mostly found by floats alone."""
    if operator == "+":
        return _is_sum(a, b, value)
    if operator == "-":
        return _is_sum(a, -b, value)
    if operator == "*":
        return _is_product(a, b, value)
    return b != 0 and _is_product(value, b, a)


def _is_sum(a: float, b: float, value: float) -> bool:
    """Whether a + b is `value`: what the sum rounded away is itself a float, found by six additions (Knuth, The Art of
    Computer Programming 2, 4.2.2, theorem B)."""
    found = a + b
    if found != value:
        return False
    back = found - a
    away = (a - (found - back)) + (b - back)
    return away == 0 or (math.isnan(away) and _as_fractions("+", a, b, value))


def _is_product(a: float, b: float, value: float) -> bool:
    """Whether a * b is `value`: what the product rounded away is itself a float (Dekker, A floating-point technique for
    extending the available precision, Numerische Mathematik 18, 1971)."""
    found = a * b
    if found != value:
        return False
    if not (TINY < abs(found) < HUGE and abs(a) < HUGE and abs(b) < HUGE):
        return a == 0 or b == 0 or _as_fractions("*", a, b, value)
    large, other = SPLIT * a, SPLIT * b
    a_high, b_high = large - (large - a), other - (other - b)
    a_low, b_low = a - a_high, b - b_high
    return ((a_high * b_high - found) + a_high * b_low + a_low * b_high) + a_low * b_low == 0


def _as_fractions(operator: str, a: float, b: float, value: float) -> bool:
    if not (math.isfinite(a) and math.isfinite(b) and math.isfinite(value)):
        return False
    x, y = Fraction(a), Fraction(b)
    return (x + y if operator == "+" else x * y) == value


def compare(operator: str, a: float, b: float) -> bool:
    return {">": a > b, ">=": a >= b, "<": a < b, "<=": a <= b, "==": a == b, "!=": a != b}[operator]


def literal(value: float) -> str:
    """A float as Python text that evaluates to the same bits; inf and nan through `math`."""
    if math.isnan(value):
        return "math.nan"
    if math.isinf(value):
        return "math.inf" if value > 0 else "-math.inf"
    return repr(float(value))
