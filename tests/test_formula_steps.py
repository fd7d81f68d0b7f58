"""The steps of a formula: every operation in order, and whether it rounded."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from formulas import numbers
from hypothesis import given, settings
from hypothesis import strategies as st

from piggybank.formula import Formula, is_exact


def test_steps_are_every_operation_in_the_order_carried_out() -> None:
    steps = Formula("(a - t) * (a - t) / 2").steps({"a": 3.0, "t": 1.0})
    assert [(s.text, s.operator, s.left, s.right, s.value) for s in steps] == [
        ("a - t", "-", ("a", 3.0), ("t", 1.0), 2.0),
        ("a - t", "-", ("a", 3.0), ("t", 1.0), 2.0),
        ("(a - t) * (a - t)", "*", ("a - t", 2.0), ("a - t", 2.0), 4.0),
        ("(a - t) * (a - t) / 2", "/", ("(a - t) * (a - t)", 4.0), ("2", 2.0), 2.0),
    ]


def test_steps_follow_only_the_branch_that_is_taken() -> None:
    formula = Formula("z if z > 0 else 0.5 * z")
    assert formula.steps({"z": 2.0}) == []
    assert [step.text for step in formula.steps({"z": -2.0})] == ["0.5 * z"]


def test_a_functions_step_has_its_argument_on_the_left() -> None:
    (inner, outer) = Formula("exp(z - z)").steps({"z": 2.0})
    assert (outer.operator, outer.left, outer.right, outer.value) == ("exp", ("z - z", inner.value), None, 1.0)
    (step,) = Formula("max(z, 1)").steps({"z": 2.0})
    assert (step.left, step.right, step.value) == (("z", 2.0), ("1", 1.0), 2.0)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(numbers, numbers, st.sampled_from("+-*/"))
def test_exact_says_whether_fractions_agree(a: float, b: float, operator: str) -> None:
    (step,) = Formula(f"a {operator} b").steps({"a": a, "b": b})
    if not all(map(math.isfinite, (a, b, step.value))) or (operator == "/" and b == 0):
        assert step.exact is False
        return
    x, y = Fraction(a), Fraction(b)
    true = {"+": x + y, "-": x - y, "*": x * y, "/": x / y if y else None}[operator]
    assert step.exact == (true == Fraction(step.value))


@pytest.mark.parametrize(
    ("text", "x", "exact"),
    [
        ("x + 0.5", 0.25, True), ("x + 0.1", 0.2, False), ("x * 0.1", 3.0, False), ("x / 3", 1.0, False),
        ("x / 4", 1.0, True), ("x / 0", 1.0, False), ("x * 1e308", 1e308, False), ("sqrt(x)", 2.25, True),
        ("sqrt(x)", 2.0, False), ("sqrt(x)", -1.0, False), ("exp(x)", 0.0, True), ("exp(x)", 1.0, False),
        ("log(x)", 1.0, True), ("log(x)", 2.0, False), ("tanh(x)", -0.0, True), ("tanh(x)", 0.5, False),
        ("cos(x)", 0.0, True), ("cos(x)", 1.0, False), ("floor(x)", 0.1, True),
        ("sigmoid(x)", 0.0, True), ("sigmoid(x)", 1.0, False), ("abs(x)", -0.1, True), ("max(x, 1)", 0.1, True),
        ("sign(x)", -0.1, True), ("x - 5e-324", 5e-324, True), ("x * 0.5", 5e-324, False),
    ],
)  # fmt: skip
def test_the_exact_flag_of_a_last_step(text: str, x: float, exact: bool) -> None:
    assert Formula(text).steps({"x": x})[-1].exact is exact


def test_is_exact_sees_a_wrong_value() -> None:
    assert is_exact("+", 0.5, 0.25, 0.75)
    assert not is_exact("+", 0.5, 0.25, 0.5)
