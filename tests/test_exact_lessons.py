"""T8: the lessons follow their tables, and exact fractions as long as those are float64s."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from exact_runs import follow
from nets import one_weight

from piggybank import SGD, AdaGrad, Dense, Network, Run
from piggybank.app.course import load_lesson
from piggybank.ledger import bank
from piggybank.ledger.lines import Ref

Figure = Callable[[str, object], None]


APPLES = ([[2.0]], [[3.0]])
SHOPPERS = ([[2.0], [2.0], [2.0], [2.0]], [[1.0], [7.0], [5.0], [3.0]])
FRUIT = ([[2.0, 0.0], [0.0, 2.0], [2.0, 2.0], [0.0, 0.0]], [[8.0], [4.0], [12.0], [0.0]])
SIX = ([[1.0]] * 6, [[4.0], [4.0], [4.0], [4.0], [8.0], [8.0]])


def weights_of(run: Run) -> list[float]:
    return [run.ledger.weights_at(batch)[0].item() for batch in range(len(run.ledger) + 1)]


def coins_of(run: Run, weight: str = "x1->y") -> list[list[float]]:
    place = run.ledger.weight(weight)
    return [bank.slices(run.ledger.header, record, place).tolist() for record in run.ledger]


def errors_of(run: Run) -> list[list[float]]:
    return [record.blame[-1][:, 0].tolist() for record in run.ledger]


def part_of(run: Run, part: str, weight: str = "x1->y") -> list[float]:
    return [run.ledger.open(Ref("commit", weight, batch, part=part)).value for batch in range(1, len(run.ledger) + 1)]


def losses_of(run: Run) -> list[float]:
    return [run.ledger.batch_loss(batch) for batch in range(1, len(run.ledger) + 1)]


@pytest.mark.parametrize("data", [APPLES, "one coin"])
def test_lesson_1_follows_its_table(data: Any) -> None:
    run = one_weight(data, 0.5, 0.125).train(batches=4)
    assert weights_of(run) == [0.5, 1, 1.25, 1.375, 1.4375]
    assert [record.outputs[0].item() for record in run.ledger] == [1, 2, 2.5, 2.75]
    assert errors_of(run) == [[-2], [-1], [-0.5], [-0.25]]
    assert coins_of(run) == [[-4], [-2], [-1], [-0.5]]
    assert part_of(run, "adjustment") == [0.5, 0.25, 0.125, 0.0625]
    assert losses_of(run) == [2, 0.5, 0.125, 0.03125]


@pytest.mark.parametrize(
    ("rate", "weights"),
    [(0.25, [0.5, 1.5, 1.5]), (0.5, [0.5, 2.5, 0.5, 2.5]), (1.0, [0.5, 4.5, -7.5, 28.5, -79.5])],
)
def test_lesson_1_with_another_hammer_goes_where_the_lesson_says(rate: float, weights: list[float]) -> None:
    assert weights_of(one_weight(APPLES, 0.5, rate).train(batches=len(weights) - 1)) == weights


@pytest.mark.parametrize("data", [SHOPPERS, "frozen"])
def test_lesson_2_follows_its_table(data: Any) -> None:
    run = one_weight(data, 1.0, 0.125, batch_size=4).train(batches=4)
    assert errors_of(run) == [[1, -5, -3, -1], [2, -4, -2, 0], [2.5, -3.5, -1.5, 0.5], [2.75, -3.25, -1.25, 0.75]]
    assert coins_of(run) == [[2, -10, -6, -2], [4, -8, -4, 0], [5, -7, -3, 1], [5.5, -6.5, -2.5, 1.5]]
    assert run.ledger.trace("x1->y").totals.tolist() == [-16, -8, -4, -2]
    assert part_of(run, "average") == [-4, -2, -1, -0.5]
    assert part_of(run, "adjustment") == [0.5, 0.25, 0.125, 0.0625]
    assert weights_of(run) == [1, 1.5, 1.75, 1.875, 1.9375]
    assert losses_of(run) == [4.5, 3, 2.625, 2.53125]


def test_lesson_2_with_batch_1_meets_the_fourth_row_with_a_weight_that_moved() -> None:
    run = one_weight(SHOPPERS, 1.0, 0.125, batch_size=1).train(epochs=1)
    assert weights_of(run) == [1, 0.75, 2.125, 2.3125, 1.90625]
    assert coins_of(run) == [[2], [-11], [-1.5], [3.25]]
    assert weights_of(one_weight(SHOPPERS, 1.0, 0.125, batch_size=2).train(epochs=1)) == [1, 1.5, 1.75]


def test_lesson_3_compares_total_and_average() -> None:
    def run(rate: float, reduce: str) -> list[float]:
        return weights_of(one_weight(SHOPPERS, 1.0, rate, batch_size=4, reduce=reduce).train(epochs=3))

    assert run(0.125, "average") == [1, 1.5, 1.75, 1.875]
    assert run(0.125, "total") == [1, 3, 1, 3]
    assert run(1 / 32, "total") == run(0.125, "average")
    assert run(1 / 16, "total")[1] == 2
    twice = (SHOPPERS[0] * 2, SHOPPERS[1] * 2)
    both = [
        one_weight(twice, 1.0, 0.125, batch_size=8, reduce=reduce).train(epochs=3) for reduce in ("average", "total")
    ]
    assert weights_of(both[0]) == [1, 1.5, 1.75, 1.875]
    assert weights_of(both[1]) == [1, 5, -7, 29]


@pytest.mark.parametrize("data", [FRUIT, "shared blame"])
def test_lesson_4_follows_its_table(data: Any) -> None:
    run = Run(Network(Dense(2, 1, weights=[0, 0], bias=False)), data, rule=SGD(0.25), batch_size=4).train(batches=3)
    assert errors_of(run) == [[-8, -4, -12, 0], [-3, 0, -3, 0], [-1.5, 0.75, -0.75, 0]]
    assert coins_of(run, "x1->y") == [[-16, 0, -24, 0], [-6, 0, -6, 0], [-3, 0, -1.5, 0]]
    assert coins_of(run, "x2->y") == [[0, -8, -24, 0], [0, 0, -6, 0], [0, 1.5, -1.5, 0]]
    assert part_of(run, "average", "x1->y") == [-10, -3, -1.125]
    assert part_of(run, "average", "x2->y") == [-8, -1.5, 0]
    assert part_of(run, "adjustment", "x1->y") == [2.5, 0.75, 0.28125]
    assert part_of(run, "adjustment", "x2->y") == [2, 0.375, 0]
    assert run.ledger.weights_at(3)[0][:, 0].tolist() == [3.53125, 2.375]


def test_lesson_5_breaks_twice_an_epoch_and_the_short_batch_divides_by_two() -> None:
    run = one_weight(SIX, 0.0, 0.5, batch_size=4).train(epochs=2)
    assert weights_of(run) == [0, 2, 5, 4.5, 6.25]
    assert [record.count for record in run.ledger] == [4, 2, 4, 2]
    assert len(run.train(epochs=1).ledger) == 6


def last_exact(run: Run, batches: int) -> int:
    return follow(run, batches)[0]


def test_lessons_stay_exact_as_long_as_the_lessons_say() -> None:
    """L1: exact for 52 commits; L4: to commit 26; L8 (rate 1): first rounding at commit 33."""
    assert last_exact(one_weight(APPLES, 0.5, 0.125), 60) == 52
    fruit = Run(Network(Dense(2, 1, weights=[0, 0], bias=False)), FRUIT, rule=SGD(0.25), batch_size=4)
    assert last_exact(fruit, 40) == 26
    assert last_exact(one_weight(APPLES, 0.5, 1.0), 40) == 32


LESSONS: dict[int, tuple[int, int]] = {
    1: (60, 52), 2: (60, 52), 3: (60, 60), 4: (40, 26), 5: (60, 52), 6: (60, 53), 7: (60, 60), 8: (40, 32), 9: (9, 2),
    10: (120, 104), 11: (9, 1),
}  # fmt: skip
"""Commits to follow, and how many of them are exact; the course says it of 1, 4, 8, 9 and 10."""


@pytest.mark.parametrize("number", LESSONS)
def test_a_lesson_equals_exact_fractions_while_they_are_representable(number: int, figure: Figure) -> None:
    asked, expected = LESSONS[number]
    batches, compared, different = follow(load_lesson(number).run, asked)
    figure(f"T8 L{number:<2} exact commits, numbers compared, bits different", f"{batches}, {compared}, {different}")
    assert different == 0
    assert batches == expected


def test_epsilon_inside_the_root_equals_exact_fractions() -> None:
    """A coin of -4 and epsilon 48: the root of 16 + 48 is 8, where 4 + 48 would be right."""
    settings: dict[str, Any] = {"rule": AdaGrad(0.25, epsilon=48.0), "fault": "epsilon-inside-root"}
    faulty = Run(Network(Dense(1, 1, weights=0.5, bias=False)), APPLES, **settings)
    assert follow(faulty, 1)[::2] == (1, 0)
    assert weights_of(faulty) == [0.5, 0.625]
