"""The functions of `portable` on whole arrays: the same operations in the same order, so the same bits.

On small arrays the cost is the number of numpy calls, so buffers are kept and every call writes into one.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable

import numpy as np
from numpy import add, bitwise_and, left_shift, multiply, right_shift, subtract
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
from piggybank.unwrapped import clip, count

Array = NDArray[np.float64]


class c:  # noqa: N801 -- it stands in every line of the array functions
    """Zero-dimensional arrays, which numpy takes faster than Python numbers; tables in rows, taken in one step."""

    round, inv, high, low, round128 = map(np.array, (ROUND, INV, HI, LO, ROUND128))
    top, bottom, usual, most, least, half, one = map(np.array, (TOP, -746.0, 708.0, 20.0, -20.0, 0.5, 1.0))
    sixth, fifth, quarter, third, minus_third = map(np.array, (1 / 6, 0.2, 0.25, 1 / 3, -1 / 3))
    t5, t7, low12, low13, twelve, fraction = map(np.array, (2 / 15, -17 / 315, 4095, 8191, 12, (1 << 52) - 1))
    bucket, exponent, quarter_up, start = map(np.array, (41, 52, 0x8 << 48, 0x3FE8 << 48))
    lowest, above12, forty = np.array(-708.0), np.array(~4095), np.array(40)
    normal, normals = np.array(1 << 52, np.uint64), np.array(0x7FE << 52, np.uint64)
    exps, scales, tanhs = map(np.array, ((EXP, EXP_LOW), (SCALE1, SCALE2), (NODE, TANH, SLOPE)))
    logs = np.array((CENTRE, LOG, LOG_LOW))
    ln2s = np.array([[k * LN2H for k in range(-1023, 1026)], [k * LN2L for k in range(-1023, 1026)]])


class _Workspace:
    """Buffers for one shape, so that an array function allocates nothing but its result."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.x, self.m, self.p, self.q, self.s = (np.empty(shape) for _ in range(5))
        (self.xi, self.mi), (self.xu, self.mu) = ([a.view(t) for a in (self.x, self.m)] for t in (np.int64, np.uint64))
        self.i, self.k, self.flag = np.empty(shape, np.int64), np.empty(shape, np.int64), np.empty(shape, np.bool_)
        self.rows, self.more = np.empty((3, *shape)), np.empty((2, *shape))
        self.row, self.other = ([rows[k, ...] for k in range(len(rows))] for rows in (self.rows, self.more))
        self.two, self.qi = self.rows[:2], self.q.view(np.int64)


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


def _chunked(function: Callable[[Array, Array], Array], x: Array, out: Array | None) -> Array:
    result, flat = np.empty(x.size), x.reshape(-1)
    for i in range(0, x.size, _CHUNK):
        function(flat[i : i + _CHUNK], result[i : i + _CHUNK])
    if out is None:
        return result.reshape(x.shape)
    out[...] = result.reshape(x.shape)
    return out


def _exp_parts(x: Array, w: _Workspace) -> None:
    """exp of x, at least −746 and at most TOP, into w.q but for its power of two, which w.k holds from bit 12 on."""
    m, q, s = w.m, w.q, w.s
    add(multiply(x, c.inv, m), c.round, m)
    c.exps.take(bitwise_and(w.mi, c.low12, w.i), 1, w.two, "clip")
    bitwise_and(w.mi, c.above12, w.k)
    subtract(m, c.round, m)
    r = subtract(subtract(x, multiply(m, c.high, q), w.x), multiply(m, c.low, s), w.x)
    add(multiply(r, c.sixth, q), c.half, q)
    p = add(r, multiply(multiply(r, r, s), q, q), q)
    high, low, _ = w.row
    add(high, add(low, multiply(high, p, q), q), q)


def _usual_exp(x: Array, w: _Workspace, out: Array) -> Array:
    """exp of x between −708 and 708: the power of two is added to the bits of the exponent."""
    _exp_parts(x, w)
    add(w.qi, left_shift(w.k, c.forty, w.k), out.view(np.int64))
    return out


def _any_exp(x: Array, w: _Workspace, out: Array) -> Array:
    """exp of any x."""
    above = np.greater(x, c.top)
    _exp_parts(clip(x, c.bottom, c.top, w.x), w)
    bitwise_and(right_shift(w.k, c.twelve, w.k), c.low12, w.k)
    first, second = c.scales.take(w.k, 1, w.more, "clip")
    multiply(multiply(w.q, first, w.q), second, w.q)
    np.copyto(out, np.where(above, math.inf, w.q))
    return out


def array_exp(x: Array, out: Array | None = None) -> Array:
    """exp of each element, of any shape and strides, into `out` or a new C-ordered array (as the three below)."""
    if x.size > _CHUNK:
        return _chunked(array_exp, x, out)
    w = _workspace(x.shape)
    out = np.empty(x.shape) if out is None else out
    usual = count(np.less_equal(np.absolute(x, w.x), c.usual, w.flag)) == x.size
    return (_usual_exp if usual else _any_exp)(x, w, out)


def array_sigmoid(x: Array, out: Array | None = None) -> Array:
    """sigmoid of each element."""
    if x.size > _CHUNK:
        return _chunked(array_sigmoid, x, out)
    w = _workspace(x.shape)
    np.negative(np.absolute(x, w.x), w.x)
    usual = count(np.greater_equal(w.x, c.lowest, w.flag)) == x.size
    e = (_usual_exp if usual else _any_exp)(w.x, w, w.p)
    q = np.divide(e, add(e, c.one, w.q), w.q)
    one_or_e = np.maximum(e, np.heaviside(x, c.one, w.s), out=w.s)
    out = np.empty(x.shape) if out is None else out
    subtract(one_or_e, multiply(one_or_e, q, q), out)
    return out


def array_tanh(x: Array, out: Array | None = None) -> Array:
    """tanh of each element."""
    if x.size > _CHUNK:
        return _chunked(array_tanh, x, out)
    w = _workspace(x.shape)
    q, s = w.q, w.s
    clip(x, c.least, c.most, w.x)
    add(w.x, c.round128, w.m)
    c.tanhs.take(bitwise_and(w.mi, c.low13, w.i), 1, w.rows, "clip")
    node, a, slope = w.row
    r = subtract(w.x, node, w.x)
    multiply(r, r, s)
    add(multiply(add(multiply(s, c.t7, q), c.t5, q), s, q), c.minus_third, q)
    t = multiply(add(multiply(q, s, q), c.one, q), r, q)
    add(multiply(a, t, s), c.one, s)
    out = np.empty(x.shape) if out is None else out
    add(a, np.divide(multiply(t, slope, q), s, q), out)
    return out


def array_log(x: Array, out: Array | None = None) -> Array:
    """log of each element."""
    if x.size > _CHUNK:
        return _chunked(array_log, x, out)
    w = _workspace(x.shape)
    out = np.empty(x.shape) if out is None else out
    f, q, s = w.m, w.q, w.s
    np.copyto(w.x, x)
    if count(np.less(subtract(w.xu, c.normal, w.mu), c.normals, w.flag)) < x.size:
        usual = w.flag.copy()
        result = array_log(np.where(usual, x, 1.0))
        result[~usual] = [log(value) for value in x[~usual].tolist()]
        np.copyto(out, result)
        return out
    right_shift(add(w.xi, c.quarter_up, w.xi), c.exponent, w.k)  # k + 1023
    right_shift(bitwise_and(w.xi, c.fraction, w.xi), c.bucket, w.i)
    add(w.xi, c.start, w.xi)  # w.x is now m
    c.logs.take(w.i, 1, w.rows, "clip")
    c.ln2s.take(w.k, 1, w.more, "clip")
    (centre, high, low), (high2, low2) = w.row, w.other
    np.divide(subtract(w.x, centre, f), centre, f)
    add(multiply(subtract(multiply(f, c.fifth, q), c.quarter, q), f, q), c.third, q)
    subtract(multiply(q, f, q), c.half, q)
    multiply(multiply(f, f, s), q, q)
    add(f, add(q, add(low2, low, s), q), q)
    return add(add(high2, high, s), q, out)


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
