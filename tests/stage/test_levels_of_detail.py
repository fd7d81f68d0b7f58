"""How much is shown: pigs for few weights, a wall for more, a vault for very many."""

from __future__ import annotations

import math
from itertools import pairwise, product

import numpy as np
from looks import SIZES, as_lesson, run_of
from readable import each_size, within

from piggybank.ledger.storage import weight_count
from piggybank.stage.amounts import strengths
from piggybank.stage.detail import MOST_ON_WALL, detail_of
from piggybank.stage.layout import MOST_BANKS
from piggybank.stage.places import NetworkPlan
from piggybank.stage.regions import regions
from piggybank.stage.view import View
from piggybank.stage.wall_plan import Layer, WallPlan, plan_wall


@each_size
def test_few_weights_have_pigs_more_a_wall_and_very_many_a_vault(size: tuple[int, int]) -> None:
    for widths in ((2, 1), (2, 3, 1), (4, 3, 1), (4, 8, 3), (8, 16, 3), (10, 20, 3), (64, 32, 10)):
        ledger = as_lesson(run_of(*widths), 1).run.ledger
        plan, count = detail_of(ledger, View(size)), weight_count(ledger.header)
        assert count == len(ledger.header.weights)
        assert isinstance(plan, NetworkPlan) == (count <= MOST_BANKS), widths
        assert isinstance(plan, WallPlan) == (MOST_BANKS < count <= MOST_ON_WALL), widths


def layers_of(*widths: int) -> tuple[Layer, ...]:
    names = [tuple(f"n{layer}.{i}" for i in range(1, width + 1)) for layer, width in enumerate(widths)]
    return tuple(Layer(a, b, True) for a, b in pairwise(names))


def test_no_wall_has_cells_too_small_to_tell_apart() -> None:
    shapes = [(a, b, c) for a in (1, 3, 9, 20, 60) for b in (1, 4, 12, 40) for c in (1, 3, 10)]
    fitting = 0
    for shape, size, text in product(shapes, SIZES[:3], (1.0, 1.3)):
        area = regions(size, text).network
        plan = plan_wall(layers_of(*shape), area)
        for table in plan.tables if plan else ():
            fitting += 1
            first, last = table.cell(0, 0), table.cell(table.layer.rows - 1, len(table.layer.neurons) - 1)
            assert min(first.w, first.h) >= 14
            for box in (first, last, table.head(0), table.foot(0), table.row_head(0)):
                assert within(box, area), (shape, size)
    assert fitting > 50


def test_strengths_are_beside_the_largest_and_survive_what_is_not_finite() -> None:
    assert strengths(np.array([1.0, -4.0, 0.0])).tolist() == [0.25, 1.0, 0.0]
    assert strengths(np.array([0.0, -0.0])).tolist() == [0.0, 0.0]
    found = strengths(np.array([2.0, math.inf, -math.inf, math.nan, 1.0])).tolist()
    assert found[:3] == [1.0, 1.0, 1.0]
    assert math.isnan(found[3])
    assert found[4] == 0.5
    assert strengths(np.array([math.inf, 0.0])).tolist() == [1.0, 0.0]
