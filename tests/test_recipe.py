"""A recipe is formulas one after the other, and reductions: sums in order and the largest, alone on a line."""

from __future__ import annotations

import math

import numpy as np
import pytest
from nets import bits, same

from piggybank import portable
from piggybank.formula import Formula, FormulaError
from piggybank.recipe import Recipe, Reduction

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


@pytest.mark.parametrize("text", ["", "x +", "sum(x", "x\0", "(" * 500 + "x" + ")" * 500])
def test_a_line_of_a_recipe_that_is_no_expression_is_refused_as_the_formula_it_is_not(text: str) -> None:
    with pytest.raises(FormulaError, match="expected a formula such as"):
        Recipe.of([f"n = {text}"])


def test_a_line_of_a_recipe_that_is_too_deep_is_refused_whatever_the_parser_makes_of_it() -> None:
    with pytest.raises(FormulaError, match="operations deep"):
        Recipe.of([f"n = {'-' * 5000}x"])
