"""A formula gives the same bits on a float, on an array and as Python's text."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from formulas import EDGES, compound, leaves, numbers
from hypothesis import given, settings
from hypothesis import strategies as st
from nets import same

from piggybank.engine.functions import ACTIVATIONS
from piggybank.engine.losses import LOSSES
from piggybank.formula import Formula

Figure = Callable[[str, object], None]
TEXTS = [
    *(a.value.text for a in ACTIVATIONS.values()),
    *(a.slope.text for a in ACTIVATIONS.values()),
    *(loss.value.text for loss in LOSSES.values()),
    *(loss.blame.text for loss in LOSSES.values()),
    "z / t", "sqrt(z)", "sqrt(z * z) / (a - t)", "sign(z) * a", "max(z, a) - min(a, t)", "max(-z, z)", "min(0, -z)",
    "sign(z)", "abs(z) / z", "exp(z) / exp(t)", "log(z) - log(a)", "tanh(z / t)", "sigmoid(-z) * log(abs(a))",
    "floor(z)", "floor(z / 3) * a", "cos(z)", "cos(a * t)", "1 + cos(3 * z)",
    "z if a == t else -z", "z if a != t else t / z", "1 / z / 0.1", "-(z - a) - -t", "0.1 + 0.2 * z",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_scalars_arrays_and_python_text_give_the_same_bits(text: str, figure: Figure) -> None:
    formula = Formula(text)
    grid = np.array([(z, a, t) for z in EDGES for a in EDGES for t in EDGES])
    z, a, t = np.ascontiguousarray(grid.T)
    with np.errstate(all="ignore"):
        arrays = formula.on_arrays({"z": z, "a": a, "t": t, "top": a, "whole": a})
    arrays = np.broadcast_to(arrays, z.shape).tolist()
    for place, (zi, ai, ti) in enumerate(grid.tolist()):
        values = {"z": zi, "a": ai, "t": ti, "top": ai, "whole": ai}
        scalar = formula.on_floats(values)
        assert same(scalar, arrays[place]), values
        if place % 7 == 0:
            assert same(eval(formula.python(values), {"__builtins__": {}, "math": math}), scalar), values


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.recursive(leaves, compound, max_leaves=8), numbers, numbers, numbers)
def test_any_formula_gives_the_same_bits_as_scalar_array_and_python(text: str, z: float, a: float, t: float) -> None:
    text = f"({text}) + 0 * (z + a + t)"
    formula, values = Formula(text), {"z": z, "a": a, "t": t}
    scalar = formula.on_floats(values)
    assert same(eval(formula.python(values), {"math": math}), scalar)
    with np.errstate(all="ignore"):
        result = formula.on_arrays({name: np.array([value, value]) for name, value in values.items()})
    assert same(result, [scalar, scalar])


@pytest.mark.parametrize(
    "text",
    ["x + 1 / 0", "x * exp(2)", "x + (9007199254740993 - 9007199254740992)", "x if x > 0 else -0"],
)
def test_constants_on_arrays_are_floats_as_they_are_on_scalars(text: str) -> None:
    formula = Formula(text)
    with np.errstate(all="ignore"):
        assert same(formula.on_arrays({"x": np.array([-1.0])}), formula.on_floats({"x": -1.0}))


@pytest.mark.parametrize("text", ["x * exp(rate)", "x * (rate / nothing)"])
def test_settings_may_be_plain_floats_on_arrays(text: str) -> None:
    values = {"rate": 0.5, "nothing": 0.0}
    with np.errstate(all="ignore"):
        result = Formula(text).on_arrays({"x": np.array([2.0]), **values})
    assert same(result, Formula(text).on_floats({"x": 2.0, **values}))


@pytest.mark.parametrize(
    ("text", "value"),
    [("x / 0", math.inf), ("-x / 0", -math.inf), ("x / -0.0", -math.inf), ("(x - x) / 0", math.nan), ("0 / x", 0.0)],
)
def test_division_by_zero_gives_inf_or_nan_as_ieee_754_says(text: str, value: float) -> None:
    formula = Formula(text)
    with np.errstate(all="ignore"):
        assert same(formula.on_arrays({"x": np.array([2.0])}), value)
    assert same(formula.on_floats({"x": 2.0}), value)
    assert same(eval(formula.python({"x": 2.0}), {"math": math}), value)
