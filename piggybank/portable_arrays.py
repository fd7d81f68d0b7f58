"""The functions of `portable` on whole arrays: the same operations in the same order, so the same bits.

On small arrays the cost is the number of numpy calls, so buffers are kept and every call writes into one.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable

import numpy as np
from numpy import add, bitwise_and, multiply, right_shift, subtract
from numpy.typing import NDArray

from piggybank.portable import log
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

Array = NDArray[np.float64]


class c:  # noqa: N801 -- it stands in every line of the array functions
    """Zero-dimensional arrays, which numpy takes faster than Python numbers; tables in pairs, taken in one step."""

    round, inv, high, low, round128 = map(np.array, (ROUND, INV, HI, LO, ROUND128))
    top, bottom, most, least, half, one, minus_one = map(np.array, (TOP, -746.0, 20.0, -20.0, 0.5, 1.0, -1.0))
    sixth, fifth, quarter, third, minus_third = map(np.array, (1 / 6, 0.2, 0.25, 1 / 3, -1 / 3))
    t5, t7, low12, low13, twelve, fraction = map(np.array, (2 / 15, -17 / 315, 4095, 8191, 12, (1 << 52) - 1))
    bucket, exponent, quarter_up, start = map(np.array, (41, 52, 0x8 << 48, 0x3FE8 << 48))
    normal, normals = np.array(1 << 52, np.uint64), np.array(0x7FE << 52, np.uint64)
    exps, scales = (np.array(list(map(complex, *t))) for t in ((EXP, EXP_LOW), (SCALE1, SCALE2)))
    logs, tanhs = (np.array(list(map(complex, *t))) for t in ((LOG, LOG_LOW), (NODE, TANH)))
    ln2s = np.array([complex(k * LN2H, k * LN2L) for k in range(-1023, 1026)])
    centres, slopes = np.array(CENTRE), np.array(SLOPE)


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
    """exp of w.x, which is at least −746 and at most TOP."""
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
        result[x > TOP] = math.inf
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


def array_cos(x: Array) -> Array:
    """cos of each element; written plainly, as schedules ask for one number at a time."""
    known = np.abs(x) <= WIDEST
    inside = np.where(known, x, 0.0)
    n = (inside * TWO_OVER_PI + ROUND) - ROUND
    r = ((inside - n * P1) - n * P2) - n * P3
    s = r * r
    odd, even = np.zeros(x.shape), np.zeros(x.shape)
    for coefficient in SINE:
        odd = coefficient + s * odd
    for coefficient in COSINE:
        even = coefficient + s * even
    y = np.where(n % 2.0, r + r * (s * odd), 1.0 - s * (0.5 - s * even))
    y = np.where((n % 4.0 == 1.0) | (n % 4.0 == 2.0), -y, y)
    return np.where(known, y, np.nan)
