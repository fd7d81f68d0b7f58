"""exp, log, tanh and sigmoid with the same bits on every processor, operating system, Python and numpy.

The C library and numpy round these functions differently from machine to machine; here they are made of float64
+ − × ÷, rounded once each in the order written below, comparisons, bit patterns and tables whose entries are the
nearest float64, built from integers. Scalars and arrays agree. Every NaN counts as the same value. Array functions
assume numpy's default error state: under `np.errstate(under="raise")` a vanishing intermediate product would raise.

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
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable

import numpy as np
from numpy import add, bitwise_and, multiply, right_shift, subtract
from numpy.typing import NDArray

Array = NDArray[np.float64]

_BITS = 160  # fixed point: an integer v stands for v / 2**160
_ONE = 1 << _BITS


def _split(value: int, bits: int) -> tuple[float, float]:
    """A fixed-point number as (multiple of 2**-bits, the rest), both rounded to nearest."""
    units = (value + (1 << (_BITS - bits - 1))) >> (_BITS - bits)
    return units / (1 << bits), (value - (units << (_BITS - bits))) / _ONE


def _exp_table() -> tuple[list[float], list[float]]:
    ratio = 2 * _ONE
    for _ in range(12):
        ratio = math.isqrt(ratio << _BITS)
    power, pairs = _ONE, []
    for _ in range(4096):
        pairs.append(_split(power, 52))  # 52 bits after the point: float64 between 1 and 2
        power = power * ratio >> _BITS
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def _log_tables() -> tuple[list[float], list[float], list[float]]:
    """Centres, log high, log low. log n rises by log((n+2)/n) = 2 atanh(1/(n+1)) from one odd n to the next."""
    c3, c5, c7, c9, c11, c13 = (_ONE // d for d in (3, 5, 7, 9, 11, 13))
    value, odd = 0, []  # odd[i] = log((4097 + 2i) / 4096)
    for n in range(4095, 8191, 2):
        z = _ONE // (n + 1) if n > 4095 else _ONE // 8193  # the first step, 4096 to 4097, is half as wide
        s = z * z >> _BITS
        q = c9 + (s * (c11 + (s * c13 >> _BITS)) >> _BITS)
        q = c3 + (s * (c5 + (s * (c7 + (s * q >> _BITS)) >> _BITS)) >> _BITS)
        value += 2 * (z + (z * (s * q >> _BITS) >> _BITS))
        odd.append(value)
    pairs = [_split(value - _LN2, 42) for value in odd[1024:]] + [_split(value, 42) for value in odd[:1024]]
    centre = [n / 8192 for n in range(6145, 8192, 2)] + [n / 4096 for n in range(4097, 6144, 2)]
    for i in (1022, 1023, 1024):  # so that log keeps its relative accuracy around 1
        centre[i], pairs[i] = 1.0, (0.0, 0.0)
    return centre, [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def _tanh_tables() -> tuple[list[float], list[float], list[float]]:
    """Node, tanh and 1 − tanh² at n & 8191 for −2560 ≤ n ≤ 2560, from tanh a = (e^2a − 1) / (e^2a + 1)."""
    ratio = term = _ONE
    for i in range(1, 30):
        term //= 64 * i
        ratio += term
    node, value, slope = [0.0] * 8192, [-0.0] * 8192, [1.0] * 8192  # −0.0 so that tanh(−0.0) stays −0.0
    power = ratio
    for n in range(2, 2561):
        power = power * ratio >> _BITS
        above = power + _ONE
        node[n], value[n] = n / 128, (power - _ONE) / above
        node[-n], value[-n] = -node[n], -value[n]
        slope[n] = slope[-n] = (power << (_BITS + 2)) / (above * above)
    return node, value, slope


_LN2 = sum(2 * _ONE // ((2 * i + 1) * 3 ** (2 * i + 1)) for i in range(52))
_HI, _LO = _split(_LN2 >> 12, 42)
_INV = (_ONE << 12) / _LN2
_LN2H, _LN2L = _split(_LN2, 42)
_TOP = 709.782712893384  # the largest x with a finite exp
_ROUND = 1.5 * 2.0**52  # adding it rounds to an integer, found in the low bits of the sum
_ROUND128 = 1.5 * 2.0**45  # the same, to a multiple of 1/128
_EXP, _EXP_LOW = _exp_table()
_K = [*range(1030), *[0] * 1986, *range(-1080, 0)]  # the scale k at index k & 4095
_SCALE1, _SCALE2 = [math.ldexp(1.0, k >> 1) for k in _K], [math.ldexp(1.0, k - (k >> 1)) for k in _K]
_CENTRE, _LOG, _LOG_LOW = _log_tables()
_NODE, _TANH, _SLOPE = _tanh_tables()


def exp(x: float) -> float:
    """e to the power x, within 1 ulp; inf above 709.78, 0.0 below −745.14."""
    if not -746.0 <= x <= _TOP:
        return math.nan if x != x else math.inf if x > 0.0 else 0.0
    n = (x * _INV + _ROUND) - _ROUND
    r = (x - n * _HI) - n * _LO
    i = int(n)
    t, k = _EXP[i & 4095], i >> 12 & 4095
    y: float = t + (_EXP_LOW[i & 4095] + t * (r + (r * r) * (0.5 + r * (1 / 6))))
    return (y * _SCALE1[k]) * _SCALE2[k]


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
    f = (m - _CENTRE[i]) / _CENTRE[i]
    q = (f * f) * (((f * 0.2 - 0.25) * f + 1 / 3) * f - 0.5)
    return (k * _LN2H + _LOG[i]) + (f + (q + (k * _LN2L + _LOG_LOW[i])))


def tanh(x: float) -> float:
    """The hyperbolic tangent, within 2 ulp."""
    if not -20.0 <= x <= 20.0:
        return math.nan if x != x else 1.0 if x > 0.0 else -1.0
    i = int(((x + _ROUND128) - _ROUND128) * 128.0) & 8191
    r, a = x - _NODE[i], _TANH[i]
    s = r * r
    t = (((s * (-17 / 315) + 2 / 15) * s + (-1 / 3)) * s + 1.0) * r
    return a + (t * _SLOPE[i]) / (a * t + 1.0)


def sigmoid(x: float) -> float:
    """1 / (1 + e^−x), within 2 ulp over the whole range (5e−324 at −744 too)."""
    e = exp(-abs(x))
    q = e / (e + 1.0)
    return 1.0 - q if x >= 0.0 else e - e * q


def expression(name: str, argument: str, value: float) -> str:
    """Python text that evaluates to the bits of `name(value)`, `argument` being text for `value`; needs only `math`.

    `name` is "exp", "log", "tanh" or "sigmoid". Texts may be nested: each evaluates its argument first, and once.
    """
    low, high, function = _RANGES[name]
    if not low <= value <= high:
        return _literal(function(value))
    if name == "sigmoid":
        e = f"(e := {expression('exp', argument if value < 0.0 else f'-({argument})', -abs(value))})"
        return f"(1.0 - {e} / (e + 1.0))" if value >= 0.0 else f"({e} - e * (e / (e + 1.0)))"
    if name == "tanh":
        i = int(((value + _ROUND128) - _ROUND128) * 128.0) & 8191
        node, a, slope = _literal(_NODE[i]), _literal(_TANH[i]), _SLOPE[i]
        s = f"(s := (r := ({argument}) - {node}) * r)"
        t = f"((({s} * (-17 / 315) + 2 / 15) * s + (-1 / 3)) * s + 1.0) * r"
        return f"({a} + ((t := {t}) * {slope}) / ({a} * t + 1.0))"
    if name == "log":
        _, k, i = _log_parts(value)
        m = f"({argument}) * {2.0 ** -(k // 2)!r} * {2.0 ** -(k - k // 2)!r}"  # two steps: 2**1074 is no float64
        q = "(f * f) * (((f * 0.2 - 0.25) * f + 1 / 3) * f - 0.5)"
        high_part, low_part = _literal(k * _LN2H + _LOG[i]), _literal(k * _LN2L + _LOG_LOW[i])
        return f"({high_part} + ((f := ({m} - {_CENTRE[i]}) / {_CENTRE[i]}) + ({q} + {low_part})))"
    n = (value * _INV + _ROUND) - _ROUND
    j, k = int(n) & 4095, int(n) >> 12 & 4095
    p = f"(r := (({argument}) - {_literal(n * _HI)}) - {_literal(n * _LO)}) + (r * r) * (0.5 + r * (1 / 6))"
    return f"((({_EXP[j]} + ({_literal(_EXP_LOW[j])} + {_EXP[j]} * ({p}))) * {_SCALE1[k]}) * {_SCALE2[k]})"


def _literal(value: float) -> str:
    return f"({value!r})".replace("inf", "math.inf").replace("nan", "math.nan")


_RANGES = {  # where `expression` writes out a formula; outside it writes the value itself
    "exp": (-746.0, _TOP, exp),
    "log": (5e-324, 1.7976931348623157e308, log),
    "tanh": (-20.0, 20.0, tanh),
    "sigmoid": (-math.inf, math.inf, sigmoid),
}


class c:  # noqa: N801 -- it stands in every line of the array functions
    """Zero-dimensional arrays, which numpy takes faster than Python numbers; tables in pairs, taken in one step."""

    round, inv, high, low, round128 = map(np.array, (_ROUND, _INV, _HI, _LO, _ROUND128))
    top, bottom, most, least, half, one, minus_one = map(np.array, (_TOP, -746.0, 20.0, -20.0, 0.5, 1.0, -1.0))
    sixth, fifth, quarter, third, minus_third = map(np.array, (1 / 6, 0.2, 0.25, 1 / 3, -1 / 3))
    t5, t7, low12, low13, twelve, fraction = map(np.array, (2 / 15, -17 / 315, 4095, 8191, 12, (1 << 52) - 1))
    bucket, exponent, quarter_up, start = map(np.array, (41, 52, 0x8 << 48, 0x3FE8 << 48))
    normal, normals = np.array(1 << 52, np.uint64), np.array(0x7FE << 52, np.uint64)
    exps, scales = (np.array(list(map(complex, *t))) for t in ((_EXP, _EXP_LOW), (_SCALE1, _SCALE2)))
    logs, tanhs = (np.array(list(map(complex, *t))) for t in ((_LOG, _LOG_LOW), (_NODE, _TANH)))
    ln2s = np.array([complex(k * _LN2H, k * _LN2L) for k in range(-1023, 1026)])
    centres, slopes = np.array(_CENTRE), np.array(_SLOPE)


class _Workspace:
    """Buffers for one shape, so that an array function allocates nothing but its result."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.x, self.m, self.p, self.q, self.s = (np.empty(shape) for _ in range(5))
        (self.xi, self.mi), (self.xu, self.mu) = ([a.view(t) for a in (self.x, self.m)] for t in (np.int64, np.uint64))
        self.i, self.k, self.flag = np.empty(shape, np.int64), np.empty(shape, np.int64), np.empty(shape, np.bool_)
        self.pair, self.pair2 = np.empty(shape, np.complex128), np.empty(shape, np.complex128)
        self.re, self.im, self.re2, self.im2 = self.pair.real, self.pair.imag, self.pair2.real, self.pair2.imag


class _Workspaces(threading.local):
    def __init__(self) -> None:
        self.known: dict[tuple[int, ...], _Workspace] = {}


_WORK, _CHUNK = _Workspaces(), 8192


def _workspace(shape: tuple[int, ...]) -> _Workspace:
    """This thread's buffers for `shape`; a few shapes are remembered."""
    found = _WORK.known.get(shape)
    if found is None:
        if len(_WORK.known) >= 32:
            _WORK.known.clear()
        found = _WORK.known[shape] = _Workspace(shape)
    return found


def _chunked(function: Callable[[Array], Array], x: Array) -> Array:
    out, flat = np.empty(x.size), x.reshape(-1)
    for i in range(0, x.size, _CHUNK):
        out[i : i + _CHUNK] = function(flat[i : i + _CHUNK])
    return out.reshape(x.shape)


def _exp_of_workspace(w: _Workspace, out: Array) -> Array:
    """exp of w.x, which is at least −746 and at most _TOP."""
    m, q, s = w.m, w.q, w.s
    add(multiply(w.x, c.inv, m), c.round, m)
    bitwise_and(w.mi, c.low12, w.i)
    bitwise_and(right_shift(w.mi, c.twelve, w.k), c.low12, w.k)
    subtract(m, c.round, m)
    r = subtract(subtract(w.x, multiply(m, c.high, q), w.x), multiply(m, c.low, s), w.x)
    add(multiply(r, c.sixth, q), c.half, q)
    p = add(r, multiply(multiply(r, r, s), q, q), q)
    c.exps.take(w.i, None, w.pair, "clip")
    y = add(w.re, add(w.im, multiply(w.re, p, q), q), q)
    c.scales.take(w.k, None, w.pair, "clip")
    multiply(multiply(y, w.re, q), w.im, out)
    return out


def array_exp(x: Array) -> Array:
    """exp of each element, of any shape and strides, in a new C-ordered array (as the three below)."""
    if x.size > _CHUNK:
        return _chunked(array_exp, x)
    w = _workspace(x.shape)
    if np.count_nonzero(np.greater(x, c.top, w.flag)):
        result = array_exp(np.minimum(x, c.top, out=np.empty(x.shape)))
        result[x > _TOP] = math.inf
        return result
    np.maximum(x, c.bottom, out=w.x)
    return _exp_of_workspace(w, np.empty(x.shape))


def array_sigmoid(x: Array) -> Array:
    """sigmoid of each element."""
    if x.size > _CHUNK:
        return _chunked(array_sigmoid, x)
    w = _workspace(x.shape)
    np.maximum(np.copysign(x, c.minus_one, w.x), c.bottom, out=w.x)
    e = _exp_of_workspace(w, w.p)
    q = np.divide(e, add(e, c.one, w.q), w.q)
    one_or_e = np.maximum(e, np.heaviside(x, c.one, w.s), out=w.s)
    result: Array = subtract(one_or_e, multiply(one_or_e, q, q), np.empty(x.shape))
    return result


def array_tanh(x: Array) -> Array:
    """tanh of each element."""
    if x.size > _CHUNK:
        return _chunked(array_tanh, x)
    w = _workspace(x.shape)
    q, s = w.q, w.s
    np.maximum(np.minimum(x, c.most, out=w.x), c.least, out=w.x)
    add(w.x, c.round128, w.m)
    bitwise_and(w.mi, c.low13, w.i)
    c.tanhs.take(w.i, None, w.pair, "clip")
    c.slopes.take(w.i, None, w.p, "clip")
    r = subtract(w.x, w.re, w.x)
    multiply(r, r, s)
    add(multiply(add(multiply(s, c.t7, q), c.t5, q), s, q), c.minus_third, q)
    t = multiply(add(multiply(q, s, q), c.one, q), r, q)
    add(multiply(w.im, t, s), c.one, s)
    result: Array = add(w.im, np.divide(multiply(t, w.p, q), s, q), np.empty(x.shape))
    return result


def array_log(x: Array) -> Array:
    """log of each element."""
    if x.size > _CHUNK:
        return _chunked(array_log, x)
    w = _workspace(x.shape)
    f, q, s = w.m, w.q, w.s
    np.copyto(w.x, x)
    if np.count_nonzero(np.less(subtract(w.xu, c.normal, w.mu), c.normals, w.flag)) < x.size:
        usual = w.flag.copy()
        result = array_log(np.where(usual, x, 1.0))
        result[~usual] = [log(value) for value in x[~usual].tolist()]
        return result
    right_shift(add(w.xi, c.quarter_up, w.xi), c.exponent, w.k)  # k + 1023
    right_shift(bitwise_and(w.xi, c.fraction, w.xi), c.bucket, w.i)
    add(w.xi, c.start, w.xi)  # w.x is now m
    centre = c.centres.take(w.i, None, w.p, "clip")
    np.divide(subtract(w.x, centre, f), centre, f)
    add(multiply(subtract(multiply(f, c.fifth, q), c.quarter, q), f, q), c.third, q)
    subtract(multiply(q, f, q), c.half, q)
    multiply(multiply(f, f, s), q, q)
    c.logs.take(w.i, None, w.pair, "clip")
    c.ln2s.take(w.k, None, w.pair2, "clip")
    add(f, add(q, add(w.im2, w.im, s), q), q)
    return add(add(w.re2, w.re, s), q, np.empty(x.shape))
