"""Lessons 3, 5, 8 and 9: their tables, their answers, and what their comments promise."""

from __future__ import annotations

import math

from nets import one_weight
from told import answers, coins, walk

from piggybank import SGD, Dense, Network, Run
from piggybank.app.course import load_lesson

SHOPPERS = ([2, 2, 2, 2], [1, 7, 5, 3])


# Lesson 3 -------------------------------------------------------------------------------------------------------------


def test_lesson_3_jumps_between_1_and_3_for_ever() -> None:
    assert walk(load_lesson(3).run, 8) == [1, 3, 1, 3, 1, 3, 1, 3, 1]


def test_lesson_3_gates_ask_for_the_move_without_a_division_and_with_twice_the_coins() -> None:
    assert answers(load_lesson(3)) == {"1.1.commit": "+2", "3.3.commit": "+4"}


def test_lesson_3_modified_does_what_its_comments_say() -> None:
    average = walk(one_weight(SHOPPERS, 1, 1 / 8, batch_size=4), 8)
    assert average[:4] == [1, 1.5, 1.75, 1.875]
    assert walk(one_weight(SHOPPERS, 1, 1 / 32, batch_size=4, reduce="total"), 8) == average
    twice = tuple(column * 2 for column in SHOPPERS)
    assert walk(one_weight(twice, 1, 1 / 8, batch_size=8, reduce="total"), 3) == [1, 5, -7, 29]
    assert walk(one_weight(twice, 1, 1 / 8, batch_size=8), 8) == average
    assert walk(one_weight(SHOPPERS, 1, 1 / 16, batch_size=4, reduce="total"), 1) == [1, 2]


# Lesson 5 -------------------------------------------------------------------------------------------------------------


def test_lesson_5_is_its_table() -> None:
    run = load_lesson(5).run
    assert walk(run, 4) == [0, 2, 5, 4.5, 6.25]
    assert [run.ledger.batch(batch).count for batch in (1, 2, 3, 4)] == [4, 2, 4, 2]


def test_lesson_5_gates_count_the_breaks_and_divide_by_two() -> None:
    assert answers(load_lesson(5)) == {"1.1.1.bank": "6", "1.2.commit": "+3", "2.3.commit": "−0.5"}
    run = load_lesson(5).run
    assert len(run.train(epochs=3).ledger) == 6


def test_lesson_5_modified_does_what_its_comments_say() -> None:
    data = ([1] * 6, [4, 4, 4, 4, 8, 8])
    assert walk(one_weight(data, 0, 1 / 2, batch_size=1), 6) == [0, 2, 3, 3.5, 3.75, 5.875, 6.9375]
    whole = one_weight(data, 0, 1 / 2, batch_size=6).train()
    assert not all(line.exact for line in whole.ledger.receipt("x1->y", batch=1).lines)
    three = one_weight(data, 0, 1 / 2, batch_size=3).train()
    assert [record.count for record in three.ledger] == [3, 3]


# Lesson 8 -------------------------------------------------------------------------------------------------------------


def test_lesson_8_triples_the_distance_with_every_commit() -> None:
    values = walk(load_lesson(8).run, 6)
    assert values[:5] == [0.5, 4.5, -7.5, 28.5, -79.5]
    assert values == [1.5 - (-3) ** k for k in range(7)]


def test_lesson_8_gates_ask_for_the_move_and_the_next_coin() -> None:
    assert answers(load_lesson(8)) == {"2.2.commit": "−12", "3.3.1.bank": "−36"}


def test_lesson_8_the_loss_grows_ninefold() -> None:
    run = load_lesson(8).run
    run.ensure(4)
    assert [run.ledger.batch_loss(batch) for batch in (1, 2, 3, 4)] == [2, 18, 162, 1458]


def test_lesson_8_the_loss_is_beyond_float64_at_commit_324_and_not_before() -> None:
    run = load_lesson(8).run.train(batches=324)
    assert math.isfinite(run.ledger.batch_loss(323))
    assert run.ledger.batch_loss(324) == math.inf


def test_lesson_8_modified_does_what_its_comments_say() -> None:
    apples = ([2], [3])
    assert walk(one_weight(apples, 0.5, 1 / 4), 2) == [0.5, 1.5, 1.5]
    assert walk(one_weight(apples, 0.5, 1 / 2), 3) == [0.5, 2.5, 0.5, 2.5]
    assert walk(one_weight(([1], [1.5]), 0.5, 1), 2) == [0.5, 1.5, 1.5]


# Lesson 9 -------------------------------------------------------------------------------------------------------------


def test_lesson_9_is_its_table() -> None:
    run = load_lesson(9).run
    run.ensure(1)
    record = run.ledger.batch(1)
    assert (record.outputs[-1] - run.ledger.header.targets).ravel().tolist() == [-1, -1, -0.5, -0.5]
    assert coins(run, 1, "h1->y") == [-2, 0, -0.5, 0]
    assert coins(run, 1, "h2->y") == [0, -2, 0, -0.5]
    assert coins(run, 1, "x1->h1") == [-1, 0, -0.25, 0]
    assert coins(run, 1, "x1->h2") == [0, 1, 0, 0.25]
    assert [matrix.ravel().tolist() for matrix in run.ledger.weights_at(1)] == [[1.15625, -1.15625], [0.8125, 0.8125]]


def test_lesson_9_gates_ask_for_an_empty_coin_and_for_the_road_back() -> None:
    found = answers(load_lesson(9))
    assert (found["1.1.1.bank"], found["1.1.2.bank"]) == ("0", "+1")
    assert len(found) == 3


def test_lesson_9_commit_3_has_the_first_rounded_number() -> None:
    run = load_lesson(9).run
    run.ensure(3)

    def is_exact(batch: int) -> bool:
        names = [weight.name for weight in run.ledger.header.weights]
        receipts = [run.ledger.receipt(name, batch=batch, sample=sample) for name in names for sample in (1, 2, 3, 4)]
        receipts += [run.ledger.receipt(name, batch=batch, sample=s) for name in ("h1", "y") for s in (1, 2, 3, 4)]
        return all(line.exact for receipt in receipts for line in receipt.lines)

    assert [is_exact(batch) for batch in (1, 2, 3)] == [True, True, False]


def test_lesson_9_with_both_asleep_for_minus_nothing_learns_it() -> None:
    network = Network(
        Dense(1, 2, "relu", weights=[[1, 1]], bias=False), Dense(2, 1, weights=[[0.5], [0.5]], bias=False)
    )
    run = Run(network, ([2, -2, 1, -1], [2, 2, 1, 1]), rule=SGD(1 / 2), batch_size=4).train(epochs=5)
    for weight in run.ledger.header.weights:
        assert [coins(run, 5, weight.name)[sample] for sample in (1, 3)] == [0, 0]
    assert run.ledger.batch(5).outputs[-1][[1, 3], 0].tolist() == [0, 0]
