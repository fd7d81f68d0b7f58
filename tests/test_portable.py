"""The portable functions against 200-bit references, against themselves in another form, and at the edges."""

from __future__ import annotations

import hashlib
import math
import threading
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import mpmath
import numpy as np
import pytest

from piggybank import portable, portable_arrays, portable_tables

NAMES = ("exp", "log", "tanh", "sigmoid", "cos")
BOUND = {"exp": 1.0, "log": 1.0, "tanh": 2.0, "sigmoid": 2.0, "cos": 2.0}  # ulp
EDGES = [0.0, 5e-324, 2.2250738585072014e-308, 2.225073858507201e-308, 1e-17, 0.5, 1.0, 1e308, math.inf, math.nan]
EDGES += [1.7976931348623157e308, 709.782712893384, 709.7827128933841, 709.79, 744.5, 745.1332191019411, 745.14, 746.5]
EDGES = [*EDGES, *(-x for x in EDGES)]


@pytest.fixture(autouse=True)
def _warnings_are_errors() -> Iterator[None]:
    with warnings.catch_warnings(), mpmath.workprec(200):
        warnings.simplefilter("error")
        yield


def scalar(name: str) -> Callable[[float], float]:
    functions = (portable.exp, portable.log, portable.tanh, portable.sigmoid, portable.cos)
    return dict(zip(NAMES, functions, strict=True))[name]


def array(name: str) -> Callable[[Any], Any]:
    return {
        "exp": portable_arrays.array_exp,
        "log": portable_arrays.array_log,
        "tanh": portable_arrays.array_tanh,
        "sigmoid": portable_arrays.array_sigmoid,
        "cos": portable_arrays.array_cos,
    }[name]


def reference(name: str, x: float) -> Any:
    if name == "sigmoid":
        return 1 / (1 + mpmath.exp(-mpmath.mpf(x)))
    return {"exp": mpmath.exp, "log": mpmath.log, "tanh": mpmath.tanh, "cos": mpmath.cos}[name](mpmath.mpf(x))


def points(name: str) -> np.ndarray:
    """At least 20,000 finite points with a finite value, from every regime, the same ones each time."""
    random = np.random.default_rng(20260101)
    signs = random.choice([-1.0, 1.0], 4000)
    tiny = signs * 10.0 ** random.uniform(-323, -1, 4000)
    regimes = {
        "exp": [(-1, 1, 6000), (-745.2, 709.78, 6000), (-745.2, -708, 3000), (709, 709.782712, 2000)],
        "log": [(0.999, 1.001, 7000), (0.7, 1.6, 7000), (5e-324, 2.3e-308, 1000)],
        "tanh": [(-0.05, 0.05, 8000), (-3, 3, 6000), (-21, 21, 4000)],
        "sigmoid": [(-3, 3, 8000), (-40, 40, 6000), (-745.2, -700, 2000)],
        "cos": [(0, math.pi, 12000), (-math.pi, 0, 2000), (1.57, 1.5716, 2000)],
    }[name]
    parts = [random.uniform(low, high, count) for low, high, count in regimes]
    if name == "log":
        return np.concatenate([*parts, np.abs(tiny), 10.0 ** random.uniform(-1, 308, 4000)])
    return np.concatenate([*parts, tiny])


def bits(values: Any) -> list[int]:
    """The bit patterns, every NaN as one."""
    values = np.array(values, dtype=np.float64).reshape(-1)
    return np.where(np.isnan(values), np.nan, values).view(np.int64).tolist()


@pytest.mark.parametrize("name", NAMES)
def test_error_stays_within_the_promised_ulp(name: str, figure: Callable[[str, object], None]) -> None:
    xs, worst = points(name).tolist(), 0.0
    assert len(xs) >= 20_000
    for x in xs:
        exact = reference(name, x)
        worst = max(worst, float(abs(mpmath.mpf(scalar(name)(x)) - exact) / math.ulp(float(exact))))
    figure(f"T18 {name}, largest error in ulp", round(worst, 3))
    assert worst <= BOUND[name]


@pytest.mark.parametrize("name", NAMES)
def test_a_scalar_and_an_array_agree_bit_for_bit(name: str) -> None:
    xs = np.concatenate([points(name), EDGES])
    assert bits(array(name)(xs)) == bits([scalar(name)(x) for x in xs.tolist()])


@pytest.mark.parametrize("shape", [(), (0,), (3, 0), (1,), (12,), (128,), (16, 8), (2, 3, 4), (20_001,), (101, 100)])
@pytest.mark.parametrize("name", NAMES)
def test_any_shape_gives_a_new_array_of_that_shape_and_leaves_the_input_alone(
    name: str, shape: tuple[int, ...]
) -> None:
    xs = np.resize(np.concatenate([points(name)[::7], EDGES]), shape)
    before = xs.copy()
    result = array(name)(xs)
    again = array(name)(xs + 0.0)
    assert isinstance(result, np.ndarray)
    assert result.shape == shape
    assert not np.shares_memory(result, xs)
    assert not np.shares_memory(result, again)
    assert bits(xs) == bits(before)
    assert bits(result) == bits([scalar(name)(float(x)) for x in xs.reshape(-1)])


@pytest.mark.parametrize("name", NAMES)
def test_strides_do_not_change_the_bits(name: str) -> None:
    xs = np.resize(points(name)[::3], (60, 40))
    expected = bits(array(name)(xs))
    wide = np.zeros((120, 80))
    wide[::2, ::-2] = xs
    assert bits(array(name)(wide[::2, ::-2])) == expected
    assert bits(array(name)(np.asfortranarray(xs))) == expected
    assert bits(array(name)(np.asfortranarray(xs.T).T)) == expected


@pytest.mark.parametrize("name", NAMES)
def test_the_expression_evaluates_to_the_same_bits(name: str) -> None:
    for x in [*points(name)[::11].tolist(), *EDGES]:
        text = portable.expression(name, "-z_1", x)
        assert bits(eval(text, {"math": math, "z_1": -x})) == bits(scalar(name)(x)), (x, text)


def test_expressions_nest_inside_larger_expressions() -> None:
    for z in [-800.0, -745.0, -3.7, -1e-9, -0.0, 0.0, 0.3, 2.5, 40.0, 1e300]:
        inner = portable.expression("exp", "-abs(z)", -abs(z))
        softplus = portable.expression("log", f"1 + {inner}", 1 + portable.exp(-abs(z)))
        squashed = portable.expression("tanh", f"{softplus} - z", portable.log(1 + portable.exp(-abs(z))) - z)
        text = portable.expression("sigmoid", f"{squashed} * 3", portable.tanh(eval(f"{softplus} - z", {"z": z})) * 3)
        text = f"{text} + {portable.expression('sigmoid', 'z', z)} * {squashed}"
        bent = portable.tanh(portable.log(1 + portable.exp(-abs(z))) - z)
        expected = portable.sigmoid(bent * 3) + portable.sigmoid(z) * bent
        assert bits(eval(text, {"math": math, "z": z})) == bits(expected)


def test_an_expression_holds_only_numbers_arithmetic_and_names() -> None:
    import ast

    allowed = (ast.Expression, ast.BinOp, ast.UnaryOp, ast.NamedExpr, ast.Name, ast.Constant, ast.operator)
    for name in NAMES:
        for x in (0.3, 1.7, 700.0, 5e-324):
            for node in ast.walk(ast.parse(portable.expression(name, "x", x), mode="eval")):
                assert isinstance(node, (*allowed, ast.expr_context, ast.USub)), ast.dump(node)
                assert not isinstance(node, (ast.Pow, ast.Mod, ast.FloorDiv))


@pytest.mark.parametrize(
    ("name", "x", "expected"),
    [
        ("exp", 0.0, 1.0),
        ("exp", -0.0, 1.0),
        ("exp", math.inf, math.inf),
        ("exp", -math.inf, 0.0),
        ("exp", 709.782712893384, 1.7976931348622732e308),  # the nearest float64
        ("exp", 709.7827128933841, math.inf),
        ("exp", -745.1332191019411, 5e-324),
        ("exp", -745.1332191019412, 0.0),
        ("log", 1.0, 0.0),
        ("log", 0.0, -math.inf),
        ("log", -0.0, -math.inf),
        ("log", -5e-324, math.nan),
        ("log", -math.inf, math.nan),
        ("log", math.inf, math.inf),
        ("tanh", 0.0, 0.0),
        ("tanh", -0.0, -0.0),
        ("tanh", 5e-324, 5e-324),
        ("tanh", math.inf, 1.0),
        ("tanh", -math.inf, -1.0),
        ("sigmoid", 0.0, 0.5),
        ("sigmoid", -0.0, 0.5),
        ("sigmoid", math.inf, 1.0),
        ("sigmoid", -math.inf, 0.0),
        ("cos", 0.0, 1.0),
        ("cos", -0.0, 1.0),
        ("cos", 1.5707963267948966, 6.123233995736766e-17),
        ("cos", 3.141592653589793, -1.0),
        ("cos", math.inf, math.nan),
        ("cos", 1048577.0, math.nan),
        *((name, math.nan, math.nan) for name in NAMES),
    ],
)
def test_an_edge_has_its_exact_value(name: str, x: float, expected: float) -> None:
    assert bits(scalar(name)(x)) == bits(expected)
    assert bits(array(name)(np.array([x, 0.5]))[:1]) == bits(expected)


def test_sigmoid_stays_positive_at_minus_740() -> None:
    assert portable.sigmoid(-740.0) == float(reference("sigmoid", -740.0)) > 0.0


def test_cos_stays_close_far_beyond_half_a_turn() -> None:
    for x in [2.0**20, -(2.0**20), *np.random.default_rng(3).uniform(-1e6, 1e6, 3000).tolist()]:
        assert array("cos")(np.array([x]))[0] == portable.cos(x)
        assert abs(mpmath.mpf(portable.cos(x)) - reference("cos", x)) < 2.0**-52


def test_table_entries_are_the_nearest_float64() -> None:
    for j, (high, low) in enumerate(zip(portable_tables.EXP, portable_tables.EXP_LOW, strict=True)):
        exact = mpmath.mpf(2) ** (mpmath.mpf(j) / 4096)
        assert (high, low) == (float(exact), float(exact - high))
    for c, high, low in zip(portable_tables.CENTRE, portable_tables.LOG, portable_tables.LOG_LOW, strict=True):
        exact = mpmath.log(c)
        assert (high, low) == (float(mpmath.nint(exact * 2**42) / 2**42), float(exact - high))
    for a, value, slope in zip(portable_tables.NODE, portable_tables.TANH, portable_tables.SLOPE, strict=True):
        assert (value, slope) == (float(mpmath.tanh(a)), float(mpmath.sech(a) ** 2))


def test_reduction_constants_are_the_nearest_float64() -> None:
    step = mpmath.log(2) / 4096
    assert float(1 / step) == portable_tables.INV
    assert float(mpmath.nint(step * 2**42) / 2**42) == portable_tables.HI
    assert float(step - portable_tables.HI) == portable_tables.LO
    assert float(mpmath.nint(mpmath.log(2) * 2**42) / 2**42) == portable_tables.LN2H
    quarter = mpmath.pi / 2
    assert float(mpmath.nint(quarter * 2**32) / 2**32) == portable_tables.P1
    assert float(mpmath.nint((quarter - portable_tables.P1) * 2**65) / 2**65) == portable_tables.P2
    assert float(quarter - portable_tables.P1 - portable_tables.P2) == portable_tables.P3
    assert float(1 / quarter) == portable_tables.TWO_OVER_PI
    assert float(mpmath.log(2) - portable_tables.LN2H) == portable_tables.LN2L


def test_threads_do_not_share_buffers() -> None:
    xs = [np.random.default_rng(seed).uniform(-3, 3, 128) for seed in range(4)]
    expected = [bits(portable_arrays.array_tanh(x)) for x in xs]
    spoiled: list[int] = []

    def work(i: int) -> None:
        for _ in range(400):
            if bits(portable_arrays.array_tanh(xs[i])) != expected[i]:
                spoiled.append(i)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert spoiled == []
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.append(portable_arrays._workspace((128,))))
    thread.start()
    thread.join()
    assert found[0] is not portable_arrays._workspace((128,))


@pytest.mark.parametrize("name", ["exp", "log"])  # tanh and sigmoid waver by an ulp where their neighbours are equal
def test_exp_and_log_never_fall_across_a_table_boundary(name: str) -> None:
    halves = (np.arange(-9000, 9000) + 0.5) * (math.log(2) / 4096)
    edges = halves if name == "exp" else np.r_[np.arange(3072, 4096) / 4096, 1 + np.arange(1024) / 2048, 1.5]
    xs = np.sort(
        (np.ascontiguousarray(edges).view(np.int64)[:, None] + np.arange(-40, 41)).reshape(-1).view(np.float64)
    )
    assert np.all(np.diff(array(name)(xs)) >= 0.0)


@pytest.mark.parametrize(
    ("name", "first", "step", "digest"),
    [
        ("exp", -750.0, 45 / 512, "a4af2edf03b68b10"),
        ("log", 1 / 8192, 1 / 8192, "c0f3acc24fc95229"),
        ("tanh", -21.0, 21 / 8192, "9c064f52954dadfe"),
        ("sigmoid", -745.0, 45 / 512, "7eff7aa8c2868540"),
        ("cos", -8.0, 1 / 1024, "3cdd06d1fbf27b92"),
    ],
)
def test_the_bits_are_the_pinned_ones_on_this_machine_too(name: str, first: float, step: float, digest: str) -> None:
    xs = first + step * np.arange(16_384.0)  # exact, so no library function stands behind the points
    assert hashlib.sha256(array(name)(xs).astype("<f8").tobytes()).hexdigest()[:16] == digest


def test_buffers_are_kept_for_a_few_shapes_only() -> None:
    for size in range(1, 100):
        portable_arrays.array_tanh(np.zeros(size))
    assert len(portable_arrays._WORK.known) <= 32


def test_long_arrays_are_worked_through_in_pieces_into_a_given_place_too() -> None:
    numbers = np.linspace(-3.0, 3.0, 20_000).reshape(100, 200)
    place = np.empty_like(numbers)
    assert portable_arrays.array_tanh(numbers, place) is place
    assert place.ravel().tolist() == [portable.tanh(x) for x in numbers.ravel().tolist()]
