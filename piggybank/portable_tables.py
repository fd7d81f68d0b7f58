"""The tables behind `portable`: each entry the float64 nearest to the true value, built from integers alone."""

from __future__ import annotations

import math

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
    pairs = [_split(value - LN2, 42) for value in odd[1024:]] + [_split(value, 42) for value in odd[:1024]]
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


LN2 = sum(2 * _ONE // ((2 * i + 1) * 3 ** (2 * i + 1)) for i in range(52))
HI, LO = _split(LN2 >> 12, 42)
INV = (_ONE << 12) / LN2
LN2H, LN2L = _split(LN2, 42)
TOP = 709.782712893384  # the largest x with a finite exp
ROUND = 1.5 * 2.0**52  # adding it rounds to an integer, found in the low bits of the sum
ROUND128 = 1.5 * 2.0**45  # the same, to a multiple of 1/128
EXP, EXP_LOW = _exp_table()
_K = [*range(1030), *[0] * 1986, *range(-1080, 0)]  # the scale k at index k & 4095
SCALE1, SCALE2 = [math.ldexp(1.0, k >> 1) for k in _K], [math.ldexp(1.0, k - (k >> 1)) for k in _K]
CENTRE, LOG, LOG_LOW = _log_tables()
NODE, TANH, SLOPE = _tanh_tables()
P1, P2 = 1.5707963267341256, 6.077100506303966e-11  # π/2 in three parts, the first two short enough that n * part is
P3 = 2.0222662487959506e-21  # exact for the n that occur
TWO_OVER_PI, WIDEST = 0.6366197723675814, 2.0**20
COSINE = [(-1) ** k / math.factorial(2 * k + 4) for k in range(6, -1, -1)]  # highest power first
SINE = [(-1) ** (k + 1) / math.factorial(2 * k + 3) for k in range(7, -1, -1)]
