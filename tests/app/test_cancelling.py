"""How much of a bank's coins cancelled, and the steps back of its growing total."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import pytest
from inspecting import at, many, parts, texts

from piggybank.app.course import load_lesson
from piggybank.app.overlays.shares import until
from piggybank.ledger.lines import CANCELLED, IN, OUT, Ref
from piggybank.stage import palette as p
from piggybank.stage.digits import reads_as
from piggybank.stage.scene import Coin, Disc, Label, Scene
from piggybank.stage.scene import Line as Stroke

Figure = Callable[[str, object], None]


def test_the_inspector_says_how_much_cancelled_once_coins_of_both_signs_are_in_the_bank(figure: Figure) -> None:
    ledger, told = many().run.ledger, 0
    for sample in range(1, 25):
        scene = at(many(), f"1.1.{sample}.bank", inspecting="h2->y", tab=sample)
        coins = [ledger.open(Ref("slice", "h2->y", 1, number)).value for number in range(1, sample + 1)]
        both = min(coins) < 0 < max(coins)
        found = parts(scene)
        assert set(found) == ({IN, OUT, CANCELLED} if both else set())
        told += both
        for label in found.values():
            assert label.ref is not None
            value = ledger.open(label.ref).value
            assert label.ref.sample == sample
            assert math.isclose(reads_as(label.text), value, abs_tol=0.06)
    figure("inspector: moments at which coins of both signs are in the bank", told)
    assert 0 < told < 24


@pytest.mark.parametrize(
    ("before", "now", "turn"),
    [(2.0, 3.0, 2.0), (2.0, 1.0, 1.0), (2.0, -1.0, 0.0), (-2.0, -3.0, -2.0), (-2.0, -0.5, -0.5), (-2.0, 4.0, 0.0),
     (0.0, 1.0, 0.0), (0.0, -1.0, 0.0), (1.0, math.inf, 1.0), (math.nan, 1.0, math.nan)],
)  # fmt: skip
def test_a_step_goes_back_as_far_as_it_comes_nearer_to_zero(before: float, now: float, turn: float) -> None:
    assert until(before, now) == turn or (math.isnan(turn) and math.isnan(until(before, now)))


def backs(scene: Scene) -> list[Stroke]:
    upright = (item for item in scene.over if isinstance(item, Stroke) and item.points[0][0] == item.points[-1][0])
    return [item for item in upright if item.colour == p.BLAME_INK]


def test_the_number_of_a_coin_that_is_0_stands_before_no_line_of_the_growing_total() -> None:
    lesson = load_lesson(4)
    over = at(lesson, "1.1.commit", inspecting="x1->y").over
    coin = [item for item in over if isinstance(item, Coin) and item.sign == 0][-1]
    inside = [item for item in over[: over.index(coin)] if isinstance(item, (Stroke, Disc))]
    lines = [place for place, item in enumerate(inside) if isinstance(item, Stroke) and _touches(item, coin)]
    discs = [
        place
        for place, item in enumerate(inside)
        if isinstance(item, Disc) and (item.x, item.y, item.fill) == (coin.x, coin.y, p.PANEL)
    ]
    assert lines
    assert discs
    assert discs[0] > lines[-1]


def _touches(line: Stroke, coin: Coin) -> bool:
    (left, right), (top, bottom) = (sorted(point[axis] for point in line.points) for axis in (0, 1))
    return left <= coin.x <= right and top <= coin.y <= bottom


def test_the_growing_total_marks_each_step_that_takes_something_back() -> None:
    ledger = many().run.ledger
    totals = [0.0, *(ledger.open(Ref("bank", "h2->y", 1, number)).value for number in range(1, 25))]
    expected = sum(until(a, b) != a for a, b in pairwise(totals))
    scene = at(many(), "1.1.24.bank", inspecting="h2->y")
    assert len(backs(scene)) == expected > 0
    assert "steps back cancel" in texts(scene)
    first = at(many(), "1.1.1.bank", inspecting="h2->y")
    assert backs(first) == []
    assert "steps back cancel" not in texts(first)


def test_the_smaller_side_is_said_to_take_its_part_off_the_larger() -> None:
    lesson = load_lesson(2)
    for address, said in (("1.1.2.bank", "+2 takes 20 % off −10"), ("1.1.commit", "+2 takes ≈11.1 % off −18")):
        scene = at(lesson, address, inspecting="x1->y")
        words = [label for label in scene.over if isinstance(label, Label)]
        line = next(label.y for label in words if label.text == "takes")
        assert " ".join(label.text for label in words if label.y == line and label.text in said) == said
