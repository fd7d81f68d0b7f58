"""A formula is one text: what is accepted, what it means, and its spelling in Python."""

from __future__ import annotations

import ast
import math

import numpy as np
import pytest
from formulas import EDGES
from nets import bits, same

from piggybank import portable
from piggybank.formula import Formula, FormulaError, literal

# Grammar --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", 7.0),
        ("x", 3.0),
        ("-x", -3.0),
        ("x + y", 5.0),
        ("x - y - y", -1.0),
        ("x - (y - y)", 3.0),
        ("x * y / x", 2.0),
        ("x / (y * x)", 0.5),
        ("-x * -y", 6.0),
        ("  x + 1  ", 4.0),
        ("x if x > y else y", 3.0),
        ("x if x < y else y", 2.0),
        ("1 if x >= 3 else 0", 1.0),
        ("1 if x <= 2 else 0", 0.0),
        ("1 if x == 3 else 0", 1.0),
        ("1 if x != 3 else 0", 0.0),
        ("x if x < y else y if x < 0 else x * y", 6.0),
        ("sqrt(x + 6)", 3.0),
        ("abs(-x)", 3.0),
        ("max(x, y)", 3.0),
        ("min(x, y)", 2.0),
        ("sign(-x)", -1.0),
        ("sign(x)", 1.0),
        ("exp(x - 3)", 1.0),
        ("log(y - 1)", 0.0),
        ("tanh(x - 3)", 0.0),
        ("cos(x - 3)", 1.0),
        ("floor(x / y)", 1.0),
        ("floor(-x / y)", -2.0),
        ("sigmoid(x - 3)", 0.5),
        ("0.5e1 * x", 15.0),
    ],
)
def test_an_accepted_formula_means_what_it_says(text: str, value: float) -> None:
    formula = Formula(text)
    assert formula.on_floats({"x": 3.0, "y": 2.0}) == value
    assert np.all(formula.on_arrays({"x": np.full(2, 3.0), "y": np.full(2, 2.0)}) == value)
    assert eval(formula.python({"x": 3.0, "y": 2.0}), {"math": math}) == value


@pytest.mark.parametrize(
    "text",
    [
        "", "x +", "(x", "x)", "x y", "x; y", "x\ny", "x = 1", "x := 1", "(x := 1)", "lambda: 1", "[x]", "(x, y)",
        "{x}", "x[0]", "x.real", "x ** 2", "x // y", "x % y", "x @ y", "x | y", "+x", "~x", "not x", "x and y",
        "x > y and y > x", "1 if 0 < x < y else 2", "1 if x is y else 2", "1 if x in y else 2", "True", "None", "1j",
        "'x'", "f'{x}'", "...", "sin(x)", "open(x)", "exp(x, y)", "max(x)", "max(x, y, x)", "max()", "exp(*x)",
        "max(x, key=y)", "exp(x)(y)", "x.exp(y)", "__import__('os')", "[i for i in x]", "await x", "x\0",
        "(" * 500 + "x" + ")" * 500, "9" * 5000,
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(FormulaError) as caught:
        Formula(text)
    assert "expected a formula such as" in str(caught.value) or "a formula is made of" in str(caught.value)


@pytest.mark.parametrize(
    "text", ["x > y", "(x > y) + 1", "1 if x else 2", "1 if (x > y) > 0 else 2", "exp + 1", "1" + "0" * 400]
)
def test_a_formula_that_cannot_be_evaluated_is_refused(text: str) -> None:
    with pytest.raises(FormulaError):
        Formula(text)


def test_a_name_may_be_called_where() -> None:
    assert Formula("where if where > 0 else 1").on_arrays({"where": np.array([2.0])}).tolist() == [2.0]


def test_a_formula_is_accepted_up_to_the_depth_that_can_be_evaluated_and_refused_beyond() -> None:
    assert Formula("+".join(["x"] * 100)).on_floats({"x": 1.0}) == 100
    for many in (103, 1500, 100_000):
        for text in ("+".join(["x"] * many), "-" * many + "x"):
            with pytest.raises(FormulaError, match="operations deep"):
                Formula(text)


def test_names_are_the_variables_once_each_without_functions() -> None:
    assert Formula("max(z, 0) - z * t + log(1 + exp(-abs(z)))").names == ("z", "t")


def test_names_come_in_order_of_first_appearance() -> None:
    assert Formula("z if c > 0 else y").names == ("z", "c", "y")


def test_equal_texts_are_equal_formulas() -> None:
    assert Formula("a - t") == Formula("a - t") != Formula("t - a")
    assert len({Formula("a - t"), Formula("a - t")}) == 1


def test_python_spells_a_product_out_even_when_a_factor_is_0_and_a_quotient_only_when_it_can() -> None:
    values = {"x": 3.0, "y": 0.0}
    assert Formula("x * y").python(values) == "(3.0 * 0.0)"
    assert Formula("x / y").python(values) == "math.inf"


def test_with_numbers_writes_spellings_in_place_of_names() -> None:
    assert Formula("total / count").with_numbers({"total": "six"}) == "six / count"


def test_with_numbers_takes_leading_blanks_as_the_other_methods_do() -> None:
    assert Formula(" total / count").with_numbers({"total": "six"}) == "six / count"


# Python text ----------------------------------------------------------------------------------------------------------


def test_python_writes_the_given_spelling_and_the_numbers_of_the_rest() -> None:
    assert (
        Formula("total / count").python({"total": 3.0, "count": 4.0}, {"total": "(1.0 + 2.0)"}) == "((1.0 + 2.0) / 4.0)"
    )


def test_python_text_of_a_function_needs_no_library_function() -> None:
    text = Formula("tanh(z) + exp(z) * log(z) - sigmoid(z)").python({"z": 0.3})
    assert not any(isinstance(node, (ast.Call, ast.Attribute)) for node in ast.walk(ast.parse(text, mode="eval")))
    expected = portable.tanh(0.3) + portable.exp(0.3) * portable.log(0.3) - portable.sigmoid(0.3)
    assert bits(eval(text, {"__builtins__": {}})) == bits(expected)


def test_python_writes_a_number_beyond_float64_so_that_it_evaluates() -> None:
    assert eval(Formula("x + 1e999").python({"x": 1.0}), {"math": math}) == math.inf


@pytest.mark.parametrize("value", EDGES)
def test_literal_is_text_that_evaluates_to_the_same_bits(value: float) -> None:
    assert same(eval(literal(value), {"math": math}), value)
