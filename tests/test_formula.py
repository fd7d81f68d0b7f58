"""A formula is one text: what is accepted, that scalars and arrays agree, its steps, and its spelling in Python."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nets import bits

from piggybank import portable
from piggybank.engine.functions import ACTIVATIONS
from piggybank.engine.losses import LOSSES
from piggybank.formula import Formula, FormulaError, is_exact, literal
from piggybank.recipe import Recipe, Reduction

Figure = Callable[[str, object], None]


def same(a: object, b: object) -> bool:
    """Equal bits; every NaN counts as one."""
    left, right = (np.asarray(v, dtype=np.float64).ravel() for v in (a, b))
    return bits(np.where(np.isnan(left), np.nan, left)) == bits(np.where(np.isnan(right), np.nan, right))


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
        "-" * 5000 + "x", "(" * 500 + "x" + ")" * 500, "9" * 5000,
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
        with pytest.raises(FormulaError, match=r"operations deep|check its brackets"):
            Formula("+".join(["x"] * many))


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


# Scalars and arrays ---------------------------------------------------------------------------------------------------

EDGES = [0.0, -0.0, 1.0, -1.0, 0.1, -2.5, 5e-324, -5e-324, 1e308, -1e308, 745.2, -745.2, math.inf, -math.inf, math.nan]
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


leaves = st.sampled_from(["z", "a", "t", "1", "0.5", "3", "0.1"])


def compound(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    two = st.tuples(part, st.sampled_from("+-*/"), part).map(lambda p: f"({p[0]} {p[1]} {p[2]})")
    one = st.tuples(st.sampled_from(["exp", "log", "tanh", "sigmoid", "cos", "floor", "sqrt", "abs", "sign"]), part)
    pair = st.tuples(st.sampled_from(["max", "min"]), part, part).map(lambda p: f"{p[0]}({p[1]}, {p[2]})")
    choice = st.tuples(part, part, st.sampled_from(["<", ">=", "=="]), part, part)
    return st.one_of(
        two,
        one.map(lambda p: f"{p[0]}({p[1]})"),
        pair,
        part.map(lambda p: f"-({p})"),
        choice.map(lambda p: f"({p[0]} if {p[1]} {p[2]} {p[3]} else {p[4]})"),
    )


numbers = st.floats(allow_nan=False, width=64)


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


# Steps ----------------------------------------------------------------------------------------------------------------


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


# Recipes --------------------------------------------------------------------------------------------------------------


def test_later_lines_of_a_recipe_use_earlier_names_on_arrays_and_floats_alike() -> None:
    recipe = Recipe.of(["jar = 0.9 * jar + total / count", "after = before - 0.1 * jar"])
    values = {"jar": [0.3, -0.0], "total": [1.1, 0.0], "before": [0.7, -0.0]}
    arrays = recipe.on_arrays({**{name: np.array(value) for name, value in values.items()}, "count": 3.0})
    for place in range(2):
        floats = recipe.on_floats({**{name: value[place] for name, value in values.items()}, "count": 3.0})
        jar = 0.9 * values["jar"][place] + values["total"][place] / 3.0
        assert bits([floats["jar"], floats["after"]]) == bits([jar, values["before"][place] - 0.1 * jar])
        assert bits([arrays["jar"][place], arrays["after"][place]]) == bits([floats["jar"], floats["after"]])


def test_a_recipes_text_can_be_read_back() -> None:
    recipe = Recipe.of(["average=total / count", " after = before - average"])
    assert recipe.text == ("average = total / count", "after = before - average")
    assert Recipe.of(recipe.text) == recipe


def test_a_recipe_leaves_the_values_it_was_given_as_they_are() -> None:
    values = {"total": 8.0, "count": 4.0}
    Recipe.of(["total = total / count"]).on_floats(values)
    assert values == {"total": 8.0, "count": 4.0}


# Reductions -----------------------------------------------------------------------------------------------------------

SEVEN = [0.1, -0.3, 1e16, 0.7, -1e16, 0.2, -0.0]


def left_to_right(terms: list[float]) -> float:
    total = 0.0
    for term in terms:
        total += term
    return total


def test_a_sum_over_all_weights_runs_left_to_right_from_zero_and_gives_one_number() -> None:
    recipe = Recipe.of(["squares = sum(average * average)", "norm = sqrt(squares)", "after = average / norm"])
    found = recipe.on_arrays({"average": np.array(SEVEN)})
    squares = left_to_right([x * x for x in SEVEN])
    assert type(found["squares"]) is float
    assert bits([found["squares"], found["norm"]]) == bits([squares, math.sqrt(squares)])
    assert bits(found["after"]) == bits([x / math.sqrt(squares) for x in SEVEN])


@pytest.mark.parametrize("width", [1, 2, 7, 8, 9, 64, 130])
def test_reductions_over_the_neurons_of_a_layer_are_by_sample_and_in_order(width: int) -> None:
    z = np.random.default_rng(width).normal(size=(5, width)) * 10.0 ** np.arange(-3, 2)[:, None]
    found = Recipe.of(["top = largest(z)", "whole = sum(exp(z - top))", "share = exp(z - top) / whole"]).on_arrays(
        {"z": z}, axis=1
    )
    for sample, row in enumerate(z.tolist()):
        top = max(row)
        whole = left_to_right([portable.exp(x - top) for x in row])
        assert bits([found["top"][sample, 0], found["whole"][sample, 0]]) == bits([top, whole])
        assert bits(found["share"][sample]) == bits([portable.exp(x - top) / whole for x in row])


def test_a_sum_of_only_minus_zeros_is_plus_zero() -> None:
    (line,) = Recipe.of(["s = sum(z)"]).lines
    assert bits(line[1].on_arrays({"z": np.array([[-0.0], [-0.0]])}, axis=1)) == bits([0.0, 0.0])


@pytest.mark.parametrize(
    "terms",
    [
        [1.0, 3.0, 2.0], [-0.0, 0.0], [0.0, -0.0], [-1.0, -0.0, 0.0], [math.nan, 1.0], [1.0, math.nan, 2.0],
        [-math.inf, -math.inf], [math.inf, 1.0], [5e-324, -5e-324], [2.0], list(range(-40, 40)), [-0.0] * 9 + [0.0] * 9,
    ],
)  # fmt: skip
def test_the_largest_is_the_first_of_equals_and_nan_if_one_is_nan_on_floats_and_arrays(terms: list[float]) -> None:
    largest = Reduction("largest", Formula("z"))
    expected = math.nan if any(map(math.isnan, terms)) else next(x for x in terms if x == max(terms))
    numbers = [float(x) for x in terms]
    assert same(largest.of(numbers), expected)
    assert same(largest.on_arrays({"z": np.array(numbers)}), expected)
    assert same(largest.on_arrays({"z": np.array([numbers, numbers])}, axis=1), [expected, expected])
    assert same(eval(largest.python(numbers), {"math": math}), expected)


def test_a_reductions_python_text_evaluates_to_its_bits() -> None:
    line = Reduction("sum", Formula("z * z"))
    terms = [x * x for x in SEVEN]
    assert bits(eval(line.python(terms))) == bits(line.of(terms)) == bits(line.on_arrays({"z": np.array(SEVEN)}))
    assert line.python([1.0, 4.0], ["(1.0 * 1.0)", "(2.0 * 2.0)"]) == "(0.0 + (1.0 * 1.0) + (2.0 * 2.0))"


def test_a_reduced_formula_that_is_the_same_number_everywhere_counts_once_for_every_place() -> None:
    found = Recipe.of(["many = sum(1)", "twice = sum(rate)"]).on_arrays({"z": np.zeros((2, 5)), "rate": 2.0}, axis=1)
    assert found["many"].tolist() == [[5.0], [5.0]]
    assert found["twice"].tolist() == [[10.0], [10.0]]


def test_floats_take_what_the_reductions_give_as_given() -> None:
    recipe = Recipe.of(["squares = sum(average * average)", "after = average / sqrt(squares)"])
    assert recipe.on_floats({"average": 3.0, "squares": 25.0})["after"] == 0.6


def test_a_reductions_text_can_be_read_back_as_it_was_written() -> None:
    lines = ("top = largest(z)", "whole = sum(exp(z-top)*1e-8)")
    assert Recipe.of(lines).text == lines
    assert Recipe.of(Recipe.of(lines).text) == Recipe.of(lines)


@pytest.mark.parametrize(
    "line",
    [
        "norm = sqrt(sum(x))", "n = 1 + sum(x)", "n = -largest(x)", "n = sum(x) + 1", "n = sum(sum(x))", "n = sum()",
        "n = sum(x, y)", "n = sum(*x)", "n = sum(x=1)", "n = largest(x) if x > 0 else 1", "n = sum(open(x))",
    ],
)  # fmt: skip
def test_a_reduction_anywhere_but_alone_on_its_line_is_refused_with_a_sentence(line: str) -> None:
    with pytest.raises(FormulaError, match=r"stands alone on a line of a recipe|a formula is made of"):
        Recipe.of([line])


@pytest.mark.parametrize("text", ["", "x +", "sum(x", "x\0", "-" * 5000 + "x", "(" * 500 + "x" + ")" * 500])
def test_a_line_of_a_recipe_that_is_no_expression_is_refused_as_the_formula_it_is_not(text: str) -> None:
    with pytest.raises(FormulaError, match="expected a formula such as"):
        Recipe.of([f"n = {text}"])
