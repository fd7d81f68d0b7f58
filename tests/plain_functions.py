"""exp, log, tanh and sigmoid in plain Python: a second derivation from the words at the top of `piggybank/portable.py`,
with tables made here from the standard library's decimals, each entry correctly rounded."""

from __future__ import annotations

import math
from decimal import Context, Decimal, localcontext
from functools import cache

DIGITS = 70


def _grid(value: Decimal) -> tuple[float, float]:
    """The nearest multiple of 2^-42, and the nearest float64 to the rest."""
    units = (value * 2**42).to_integral_value()
    return float(units / 2**42), float(value - units / 2**42)


@cache
def _constants() -> dict[str, float]:
    with localcontext(Context(prec=DIGITS)):
        ln2 = Decimal(2).ln()
        (step_high, step_low), (ln2_high, ln2_low) = _grid(ln2 / 4096), _grid(ln2)
        return {"inv": float(4096 / ln2), "hi": step_high, "lo": step_low, "ln2h": ln2_high, "ln2l": ln2_low}


@cache
def _power(j: int) -> tuple[float, float]:
    """2^(j/4096) as the nearest float64 and the nearest float64 to the rest."""
    with localcontext(Context(prec=DIGITS)):
        exact = (Decimal(2).ln() * j / 4096).exp()
        nearest = float(exact)
        return nearest, float(exact - Decimal(nearest))


@cache
def _bucket(i: int) -> tuple[float, float, float]:
    """The centre of a bucket and its logarithm in two parts."""
    if i in (1022, 1023, 1024):
        return 1.0, 0.0, 0.0
    with localcontext(Context(prec=DIGITS)):
        half = Decimal(1) / 2
        c = Decimal("0.75") + (i + half) / 4096 if i < 1024 else 1 + (i - 1024 + half) / 2048
        return float(c), *_grid(c.ln())


@cache
def _node(n: int) -> tuple[float, float, float]:
    """n/128, its tanh and 1 - tanh squared."""
    if abs(n) <= 1:
        return 0.0, -0.0, 1.0
    with localcontext(Context(prec=DIGITS)):
        square = (Decimal(2 * n) / 128).exp()
        value = (square - 1) / (square + 1)
        return n / 128, float(value), float(1 - value * value)


def exp(x: float) -> float:
    if x != x:
        return math.nan
    if x > 709.782712893384:
        return math.inf
    if x < -746.0:
        x = -746.0
    known = _constants()
    n = round(x * known["inv"])
    r = (x - n * known["hi"]) - n * known["lo"]
    p = r + (r * r) * (1 / 2 + r * (1 / 6))
    k, j = divmod(n, 4096)
    t, low = _power(j)
    return ((t + (low + t * p)) * math.ldexp(1.0, k // 2)) * math.ldexp(1.0, k - k // 2)


def log(x: float) -> float:
    if x != x or x < 0.0:
        return math.nan
    if x == 0.0:
        return -math.inf
    if x == math.inf:
        return x
    m, k = math.frexp(x)  # 0.5 <= m < 1
    if m < 0.75:
        m, k = 2.0 * m, k - 1
    i = math.floor((m - 0.75) * 4096.0) if m < 1.0 else 1024 + math.floor((m - 1.0) * 2048.0)
    c, high, low = _bucket(i)
    known = _constants()
    f = (m - c) / c
    q = (f * f) * (((f * (1 / 5) - 1 / 4) * f + 1 / 3) * f - 1 / 2)
    return (k * known["ln2h"] + high) + (f + (q + (k * known["ln2l"] + low)))


def tanh(x: float) -> float:
    if x != x:
        return math.nan
    x = min(max(x, -20.0), 20.0)
    a, value, slope = _node(round(x * 128.0))
    r = x - a
    s = r * r
    t = ((((s * (-17 / 315) + 2 / 15) * s + (-1 / 3)) * s) + 1.0) * r
    return value + (t * slope) / (value * t + 1.0)


def sigmoid(z: float) -> float:
    e = exp(-abs(z))
    q = e / (e + 1.0)
    return 1.0 - q if z >= 0.0 else e - e * q
