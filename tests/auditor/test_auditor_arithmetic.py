"""The auditor's own functions and formulas: the package's bits, derived once more."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from decimal import Context, Decimal, localcontext

import pytest

from piggybank import auditor, portable
from piggybank.formula import Formula, FormulaError

Figure = Callable[[str, object], None]


@pytest.mark.parametrize("name", ["exp", "log", "tanh", "sigmoid", "cos"])
def test_its_functions_give_the_bits_of_the_package(name: str, figure: Figure) -> None:
    numbers = random.Random(name)
    edges = [0.0, -0.0, 1.0, 5e-324, 709.782712893384, 709.79, -745.2, -746.0, -747.0, float("inf"), float("-inf")]
    borders = [
        0.75,
        2047 / 2048,
        2049 / 2048,
        1.5,
        2.0**20,
        *((n + 0.5) / 128 for n in range(40)),
        *(n * 2.0**-12 for n in range(40)),
    ]
    edges += [y for x in borders for y in (math.nextafter(x, 0.0), x, math.nextafter(x, 2.0**21))]
    points = [*edges, *(-x for x in edges), *(numbers.uniform(-25, 25) for _ in range(15000))]
    points += [
        numbers.choice([-1, 1]) * numbers.uniform(1, 2) * 2.0 ** numbers.randint(-1074, 1023) for _ in range(5000)
    ]
    mine, theirs = getattr(auditor, name), getattr(portable, name)
    different = [x for x in points if repr(mine(x)) != repr(theirs(x))]
    figure(f"auditor's {name} against the package's: points, bits different", f"{len(points)}, {len(different)}")
    assert different == []
    assert repr(mine(float("nan"))) == "nan"


def test_the_parts_of_its_constants_are_short_and_the_last_is_what_they_lack() -> None:
    with localcontext(Context(prec=60)):
        ln2, pi = Decimal(2).ln(), Decimal("3.141592653589793238462643383279502884197169399375105821")
        for exact, parts, bits in (
            (ln2 / 4096, auditor.STEP, [42]),
            (ln2, auditor.LN2, [42]),
            (pi / 2, auditor.HALF_PI, [32, 65]),
        ):
            lacking = exact
            for part, each in zip(parts, bits, strict=False):
                assert Decimal(part) == (lacking * 2**each).to_integral_value() / 2**each
                lacking -= Decimal(part)
            assert parts[-1] == float(lacking)


FORMULAS = (
    "a + b * c - d", "-a * b", "-(a - b) / c", "a / b / c", "a if b < c else d", "a if b >= c else -d",
    "max(a, b) - min(c, d)", "sqrt(abs(a))", "sqrt(a)", "sign(a) * floor(b)", "a / (b - b)", "1 / -0.0", "0 / 0",
    "exp(a) - exp(-b)", "log(abs(a) + 1e-300)", "tanh(a) * sigmoid(b)", "cos(a) + 1", "(a if a == b else b) != 0",
    "a < b < c", "a ** 2", "a if b else c", "f(a)", "a.b", "a[0]", "max(a)", "sqrt(a, b)", "'a'", "True",
    "-sum(a)", "1j", "lambda: 1", "a and b", "not a", "a; b", "", "exp", "a +", "((a)", "1e400 - a", "+a", "a // b",
)  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_its_formulas_are_those_of_the_package(text: str) -> None:
    numbers, values = random.Random(text), {}
    try:
        formula = Formula(text)
    except FormulaError:
        with pytest.raises(auditor.Flaw):
            auditor.recipe([f"x = {text}"], "abcd")
        return
    lines = auditor.recipe([f"x = {text}"], "abcd")
    for _ in range(50):
        values = {
            name: numbers.choice([0.0, -0.0, 1.0, numbers.gauss(0, 2), float("inf"), float("nan")]) for name in "abcd"
        }
        known = {name: [value] for name, value in values.items()}
        auditor.carry_out(lines, known, 1, 1)
        assert repr(known["x"]) == repr([formula.on_floats(values)])
