"""exp, log, tanh, sigmoid and cos with the same bits on every processor, operating system, Python and numpy.

The C library and numpy round these functions differently from machine to machine; here they are made of float64
+ − × ÷, rounded once each in the order written below, comparisons, bit patterns and tables whose entries are the
nearest float64, built from integers. Scalars and arrays agree. Every NaN counts as the same value. The array functions
(`portable_arrays`) assume numpy's default error state: under `np.errstate(under="raise")` a vanishing product raises.

exp, table of 2^(j/4096) = T[j] + L[j], T the nearest float64 and L the nearest float64 to the rest, 0 ≤ j < 4096:
    x > 709.782712893384: inf;  x < −746: use x = −746;  n = round-half-even(x * INV), INV = float64(4096 / ln 2)
    r = (x − n*HI) − n*LO   with HI = ln 2 / 4096 rounded to a multiple of 2^-42, LO = float64(ln 2 / 4096 − HI)
    p = r + (r*r) * (1/2 + r*(1/6)),  j = n mod 4096,  k = floor(n / 4096)
    y = ((T[j] + (L[j] + T[j]*p)) * 2^floor(k/2)) * 2^(k − floor(k/2))      (the last product alone may be subnormal)
log, 2048 buckets of m, x = m * 2^k with 0.75 ≤ m < 1.5, each with its centre c:
    m < 1: i = floor((m − 0.75) * 4096);  m ≥ 1: i = 1024 + floor((m − 1) * 2048)
    c = 0.75 + (i + 1/2)/4096 or 1 + (i − 1024 + 1/2)/2048, but c = 1 for i = 1022, 1023 and 1024
    H[i] = log c rounded to a multiple of 2^-42, L[i] = float64(log c − H[i]); LN2H, LN2L likewise for ln 2
    f = (m − c) / c,  q = (f*f) * (((f*(1/5) − 1/4)*f + 1/3)*f − 1/2)
    y = (k*LN2H + H[i]) + (f + (q + (k*LN2L + L[i])))
tanh, nodes a = n/128 with T = float64(tanh a), D = float64(1 − tanh² a); for |n| ≤ 1 instead a = 0, T = −0.0, D = 1:
    x clamped to −20 … 20,  n = round-half-even(x * 128),  r = x − a,  s = r*r
    t = ((((s*(−17/315) + 2/15)*s + (−1/3))*s) + 1)*r                        (keeps the sign of −0.0)
    y = T + (t*D) / (T*t + 1)                                               (the addition formula)
sigmoid: e = exp(−|z|),  q = e / (e + 1),  z ≥ 0: y = 1 − 1*q,  z < 0: y = e − e*q
cos, for |x| ≤ 2^20, elsewhere nan: n = round-half-even(x * float64(2/π)),  r = ((x − n*P1) − n*P2) − n*P3,  s = r*r
    with P1 = π/2 rounded to a multiple of 2^-32, P2 = π/2 − P1 rounded to one of 2^-65, P3 = float64(π/2 − P1 − P2)
    n even: y = 1 − s*(1/2 − s*C(s)),  C(s) = c0 + s*(c1 + s*(c2 + … s*c6)),  ck = float64((−1)^k / (2k + 4)!)
    n odd: y = r + r*(s*S(s)),  S(s) = s0 + s*(s1 + s*(s2 + … s*s7)),  sk = float64((−1)^(k+1) / (2k + 3)!)
    n mod 4 is 1 or 2: −y
"""

from __future__ import annotations

import math

from piggybank.portable_tables import (
    CENTRE,
    COSINE,
    EXP,
    EXP_LOW,
    HI,
    INV,
    LN2H,
    LN2L,
    LO,
    LOG,
    LOG_LOW,
    NODE,
    P1,
    P2,
    P3,
    ROUND,
    ROUND128,
    SCALE1,
    SCALE2,
    SINE,
    SLOPE,
    TANH,
    TOP,
    TWO_OVER_PI,
    WIDEST,
)


def exp(x: float) -> float:
    """e to the power x, within 1 ulp; inf above 709.78, 0.0 below −745.14."""
    if not -746.0 <= x <= TOP:
        return math.nan if x != x else math.inf if x > 0.0 else 0.0
    n = (x * INV + ROUND) - ROUND
    r = (x - n * HI) - n * LO
    i = int(n)
    t, k = EXP[i & 4095], i >> 12 & 4095
    y: float = t + (EXP_LOW[i & 4095] + t * (r + (r * r) * (0.5 + r * (1 / 6))))
    return (y * SCALE1[k]) * SCALE2[k]


def _log_parts(x: float) -> tuple[float, int, int]:
    """m, k and the bucket of a positive finite x = m * 2**k."""
    m, k = math.frexp(x)
    if m >= 0.75:
        return m, k, int((m - 0.75) * 4096.0)
    m *= 2.0
    return m, k - 1, 1024 + int((m - 1.0) * 2048.0)


def log(x: float) -> float:
    """The natural logarithm, within 1 ulp; −inf at 0, nan below."""
    if not 0.0 < x < math.inf:
        return -math.inf if x == 0.0 else math.inf if x > 0.0 else math.nan
    m, k, i = _log_parts(x)
    f = (m - CENTRE[i]) / CENTRE[i]
    q = (f * f) * (((f * 0.2 - 0.25) * f + 1 / 3) * f - 0.5)
    return (k * LN2H + LOG[i]) + (f + (q + (k * LN2L + LOG_LOW[i])))


def tanh(x: float) -> float:
    """The hyperbolic tangent, within 2 ulp."""
    if not -20.0 <= x <= 20.0:
        return math.nan if x != x else 1.0 if x > 0.0 else -1.0
    i = int(((x + ROUND128) - ROUND128) * 128.0) & 8191
    r, a = x - NODE[i], TANH[i]
    s = r * r
    t = (((s * (-17 / 315) + 2 / 15) * s + (-1 / 3)) * s + 1.0) * r
    return a + (t * SLOPE[i]) / (a * t + 1.0)


def sigmoid(x: float) -> float:
    """1 / (1 + e^−x), within 2 ulp over the whole range (5e−324 at −744 too)."""
    e = exp(-abs(x))
    q = e / (e + 1.0)
    return 1.0 - q if x >= 0.0 else e - e * q


def cos(x: float) -> float:
    """The cosine, within 2 ulp for 0 … π (next to its zero too); nan beyond 2^20 in size."""
    if not abs(x) <= WIDEST:
        return math.nan
    n = (x * TWO_OVER_PI + ROUND) - ROUND
    r = ((x - n * P1) - n * P2) - n * P3
    s = r * r
    odd, p = n % 2.0, 0.0
    for coefficient in SINE if odd else COSINE:
        p = coefficient + s * p
    y = r + r * (s * p) if odd else 1.0 - s * (0.5 - s * p)
    return -y if n % 4.0 in (1.0, 2.0) else y


def expression(name: str, argument: str, value: float) -> str:
    """Python text that evaluates to the bits of `name(value)`, `argument` being text for `value`; needs only `math`.

    `name` is "exp", "log", "tanh", "sigmoid" or "cos". Texts may be nested: each evaluates its argument first and once.
    """
    low, high, function = _RANGES[name]
    if not low <= value <= high:
        return _literal(function(value))
    if name == "sigmoid":
        e = f"(e := {expression('exp', argument if value < 0.0 else f'-({argument})', -abs(value))})"
        return f"(1.0 - {e} / (e + 1.0))" if value >= 0.0 else f"({e} - e * (e / (e + 1.0)))"
    if name == "tanh":
        i = int(((value + ROUND128) - ROUND128) * 128.0) & 8191
        node, a, slope = _literal(NODE[i]), _literal(TANH[i]), SLOPE[i]
        s = f"(s := (r := ({argument}) - {node}) * r)"
        t = f"((({s} * (-17 / 315) + 2 / 15) * s + (-1 / 3)) * s + 1.0) * r"
        return f"({a} + ((t := {t}) * {slope}) / ({a} * t + 1.0))"
    if name == "log":
        _, k, i = _log_parts(value)
        m = f"({argument}) * {2.0 ** -(k // 2)!r} * {2.0 ** -(k - k // 2)!r}"  # two steps: 2**1074 is no float64
        q = "(f * f) * (((f * 0.2 - 0.25) * f + 1 / 3) * f - 0.5)"
        high_part, low_part = _literal(k * LN2H + LOG[i]), _literal(k * LN2L + LOG_LOW[i])
        return f"({high_part} + ((f := ({m} - {CENTRE[i]}) / {CENTRE[i]}) + ({q} + {low_part})))"
    if name == "cos":
        return _cosine_expression(argument, (value * TWO_OVER_PI + ROUND) - ROUND)
    n = (value * INV + ROUND) - ROUND
    j, k = int(n) & 4095, int(n) >> 12 & 4095
    p = f"(r := (({argument}) - {_literal(n * HI)}) - {_literal(n * LO)}) + (r * r) * (0.5 + r * (1 / 6))"
    return f"((({EXP[j]} + ({_literal(EXP_LOW[j])} + {EXP[j]} * ({p}))) * {SCALE1[k]}) * {SCALE2[k]})"


def _cosine_expression(argument: str, n: float) -> str:
    r = f"(r := ((({argument}) - {_literal(n * P1)}) - {_literal(n * P2)}) - {_literal(n * P3)})"
    p = "0.0"
    for coefficient in SINE if n % 2.0 else COSINE:
        p = f"({coefficient} + s * {p})"
    y = f"{r} + r * ((s := r * r) * {p})" if n % 2.0 else f"1.0 - (s := {r} * r) * (0.5 - s * {p})"
    return f"(-({y}))" if n % 4.0 in (1.0, 2.0) else f"({y})"


def _literal(value: float) -> str:
    return f"({value!r})".replace("inf", "math.inf").replace("nan", "math.nan")


_RANGES = {  # where `expression` writes out a formula; outside it writes the value itself
    "exp": (-746.0, TOP, exp),
    "log": (5e-324, 1.7976931348623157e308, log),
    "tanh": (-20.0, 20.0, tanh),
    "sigmoid": (-math.inf, math.inf, sigmoid),
    "cos": (-WIDEST, WIDEST, cos),
}
