"""Lessons 6, 7, 10 and 11: their tables, their answers, and what their comments promise."""

from __future__ import annotations

import runpy
from fractions import Fraction
from typing import Any

import pytest
from nets import bits
from told import answers, coins, walk

from piggybank import SGD, Adam, Dense, Momentum, Network, Run
from piggybank.app.course import course, load_lesson
from piggybank.ledger.lines import Ref

Figure = Any


def script(number: int) -> dict[str, Any]:
    path = next(entry.path for entry in course() if entry.number == number)
    return runpy.run_path(str(path), run_name="lesson")


def parts(run: Run, part: str, batches: int, weight: str = "x1->y") -> list[float]:
    return [run.ledger.open(Ref("commit", weight, batch, part=part)).value for batch in range(1, batches + 1)]


def one_coin(rule: Any, **settings: Any) -> Run:
    return Run(Network(Dense(1, 1, weights=0.5, bias=False)), "one coin", rule=rule, **settings)


# Lesson 6 -------------------------------------------------------------------------------------------------------------

UNEMPTIED = [0.5, 1, 1.75, 2.375, 2.5625, 2.21875, 1.515625, 0.8046875]


def test_lesson_6_is_its_table() -> None:
    run = load_lesson(6).run
    assert walk(run, 7) == UNEMPTIED
    assert [coins(run, batch) for batch in (1, 2, 4)] == [[-4], [-2], [3.5]]
    assert parts(run, "bank", 4) == [-4, -6, -5, -1.5]


def test_lesson_6_gates_ask_what_is_in_the_bank_and_how_far_it_pushes() -> None:
    assert answers(load_lesson(6)) == {"2.2.1.bank": "−6", "4.4.commit": "+0.1875"}


def test_lesson_6_without_the_fault_is_lesson_1_and_momentum_1_is_the_fault() -> None:
    assert walk(one_coin(SGD(1 / 8)), 4) == walk(load_lesson(1).run, 4)
    assert walk(one_coin(Momentum(1 / 8, friction=1)), 7) == UNEMPTIED


# Lesson 7 -------------------------------------------------------------------------------------------------------------


def test_lesson_7_is_its_table() -> None:
    names = script(7)
    assert coins(names["carried"].train(batches=1), 1) == [-3, -6, -3, 4]
    for run, average in (("run", 0), ("carried", -2), ("lucky", -2)):
        names[run].ensure(1)
        assert parts(names[run], "average", 1) == [average]
    assert walk(names["run"], 2) == [0, 0, 0]
    assert walk(names["carried"], 1) == walk(names["lucky"], 1) == [0, 1]
    micro = [names["run"].ledger.open(Ref("micro", "x1->y", 1, part)).value for part in (1, 2, 0)]
    assert micro == [-4, 4, 0]


def test_lesson_7_gates_ask_for_the_total_and_for_the_true_move() -> None:
    assert answers(load_lesson(7)) == {"1.1.4.bank": "−8", "1.1.commit": "+1"}


def test_lesson_7_six_rows_can_make_the_faulty_commit_move_the_wrong_way() -> None:
    data = ([[1]] * 6, [3, 3, 3, 3, -5, -5])
    settings: dict[str, Any] = {"rule": SGD(1 / 2), "batch_size": 4, "accumulate": 2}
    network = Network(Dense(1, 1, weights=0, bias=False))
    right = Run(network, data, **settings)
    wrong = Run(network, data, fault="average-of-averages", **settings)
    assert walk(right, 1)[1] > 0 > walk(wrong, 1)[1]


# Lesson 10 ------------------------------------------------------------------------------------------------------------


def test_lesson_10_is_its_table() -> None:
    run = load_lesson(10).run
    assert walk(run, 7) == [0.5, 1, 1.5, 1.75, 1.75, 1.625, 1.5, 1.4375]
    assert parts(run, "savings", 7) == [-4, -4, -2, 0, 1, 1, 0.5]


def test_lesson_10_gates_ask_whether_an_empty_coin_moves_the_weight_and_whether_a_full_one_does() -> None:
    assert answers(load_lesson(10)) == {"3.3.commit": "+0.25", "4.4.commit": "0", "6.6.commit": "−0.125"}


def test_lesson_10_is_exact_for_104_commits(figure: Figure) -> None:
    run = load_lesson(10).run.train(batches=110)
    weight, savings, exact = Fraction(1, 2), Fraction(0), 0
    for batch in range(1, 111):
        coin = (2 * weight - 3) * 2
        savings = savings / 2 + coin
        weight = weight - savings / 8
        if Fraction(run.ledger.weights_at(batch)[0].item()) != weight:
            break
        exact = batch
    figure("L10 exact commits", exact)
    assert exact == 104


@pytest.mark.parametrize("friction", [1, 3 / 4])
def test_lesson_10_modified_keeps_more_of_its_savings(friction: float) -> None:
    walked = walk(one_coin(Momentum(1 / 8, friction)), 7)
    assert max(walked) > 1.75
    if friction == 1:
        assert walked == UNEMPTIED


# Lesson 11 ------------------------------------------------------------------------------------------------------------


def test_lesson_11_moves_both_weights_alike_whatever_their_coins() -> None:
    run = load_lesson(11).run
    run.ensure(6)
    assert [run.ledger.open(Ref("slice", name, 1, 1)).value for name in ("x1->y", "x2->y")] == [-4, -400]
    assert parts(run, "adjustment", 1, "x1->y") == parts(run, "adjustment", 1, "x2->y") == [0.125]
    for first, second in zip(walk(run, 6, "x1->y"), walk(run, 6, "x2->y"), strict=True):
        assert abs(first - second) < 1e-15


def test_lesson_11_jars_are_filled_as_the_lesson_says() -> None:
    run = load_lesson(11).run
    run.ensure(2)
    assert parts(run, "mean_jar", 1, "x2->y") == [-200]
    assert parts(run, "mean", 1, "x2->y") == [-400]
    assert parts(run, "square_jar", 1, "x2->y") == [40_000]
    assert parts(run, "square", 1, "x2->y") == [160_000]
    assert run.ledger.shared_memory_at(2) == {"mean_fill": 0.75, "square_fill": 0.4375}


def test_lesson_11_gates_ask_how_far_and_which_way() -> None:
    found = answers(load_lesson(11))
    assert found["1.1.commit"] == "+0.125"
    assert found["2.2.commit"].startswith("≈−0.07")


def test_lesson_11_with_the_usual_settings_moves_hardly_less_the_first_time() -> None:
    network = Network(Dense(2, 1, weights=[0, 0], bias=False))
    run = Run(network, ([[1, 100]], [4]), rule=Adam(1 / 8, 0.9, 0.999, epsilon=1e-8)).train(batches=1)
    moves = [run.ledger.open(Ref("commit", name, 1, part="adjustment")).value for name in ("x1->y", "x2->y")]
    assert all(abs(move - 0.125) < 1e-9 for move in moves)
    assert bits(moves) != bits([0.125, 0.125])


@pytest.mark.parametrize(("number", "rule"), [(10, "Momentum"), (11, "Adam")])
def test_a_rule_that_the_lesson_is_about_is_named_once_below_its_title(number: int, rule: str) -> None:
    parts_said = [part.lower() for part in load_lesson(number).subtitle.split(" · ")]
    assert parts_said.count(rule.lower()) == 1
