"""Whether an operation rounded something away: floats alone must say what fractions say, at the ends of their range."""

from __future__ import annotations

import math
import random
import struct
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product

import pytest

from piggybank.arithmetic import is_exact, operate

Figure = Callable[[str, object], None]
LARGEST = 1.7976931348623157e308
ENDS = [
    0.0, 5e-324, 1e-323, 2.225073858507201e-308, 2.2250738585072014e-308, 1e-250, math.nextafter(1e-250, 1), 2.0**-538,
    2.0**-537, 2.0**-1000, 2.0**-53, 0.1, 1 / 3, 1 - 2.0**-53, 1.0, 1 + 2.0**-52, 3.0, 2.0**27 + 1, 2.0**53 - 1,
    2.0**53, 1e250, math.nextafter(1e250, 0), 2.0**512, 2.0**969, 2.0**970, 2.0**971, 2.0**996,
    math.nextafter(LARGEST, 0), LARGEST, math.inf, math.nan,
]  # fmt: skip


def in_fractions(operator: str, a: float, b: float, value: float) -> bool:
    if not all(map(math.isfinite, (a, b, value))):
        return False
    x, y = Fraction(a), Fraction(b)
    if operator == "/":
        return y != 0 and x / y == value
    return {"+": x + y, "-": x - y, "*": x * y}[operator] == value


def pairs_at_the_ends() -> Iterator[tuple[float, float]]:
    for a, b in product(ENDS, ENDS):
        yield from ((a, b), (-a, b), (a, -b))


def pairs_by_chance() -> Iterator[tuple[float, float]]:
    """Few digits and many, near one another and far, and any bits at all."""
    chance = random.Random(4)

    def number() -> float:
        digits = chance.randrange(1, 54)
        power = chance.choice([-1074, -1000, -540, -515, -60, -20, 0, 20, 450, 900])
        any_bits: float = struct.unpack("<d", chance.randbytes(8))[0]
        return any_bits if chance.random() < 0.2 else math.ldexp(chance.randrange(-(2**digits), 2**digits), power)

    for _ in range(3000):
        yield number(), number()


@pytest.mark.parametrize("operator", ["+", "-", "*", "/"])
def test_what_floats_say_of_a_rounding_is_what_fractions_say(operator: str, figure: Figure) -> None:
    looked_at = {True: 0, False: 0}
    for a, b in [*pairs_at_the_ends(), *pairs_by_chance()]:
        found = operate(operator, a, b)
        for value in (found, math.nextafter(found, math.inf), -found, a):
            exact = in_fractions(operator, a, b, value)
            assert is_exact(operator, a, b, value) is exact, (a, b, value)
            looked_at[exact] += 1
    assert min(looked_at.values()) > 300
    figure(f"exactness of {operator}, floats against fractions", f"{sum(looked_at.values()):,} cases, all alike")
