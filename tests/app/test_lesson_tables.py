"""Lessons 1, 2 and 4 are the curriculum's tables row by row, exact up to the commit that says it rounded."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

import pytest
from looks import lesson_named

from piggybank import SGD, Dense, Network, Run
from piggybank.app.course import load_lesson
from piggybank.ledger import bank
from piggybank.ledger.commit_receipts import commit_values

Figure = Callable[[str, object], None]


def weights_of(run: Run) -> list[float]:
    """The first weight before the first and after every batch."""
    return run.ledger.trace(run.ledger.header.weights[0].name).values.tolist()


def variant(number: int, batches: int, **changes: object) -> Run:
    """The lesson's run with some settings changed, trained so far."""
    settings: dict[int, dict[str, object]] = {
        1: {"weights": 0.5, "data": "one coin", "rule": SGD(1 / 8), "batch_size": 1},
        2: {"weights": 1, "data": "frozen", "rule": SGD(1 / 8), "batch_size": 4},
    }
    wanted = {**settings[number], **changes}
    network = Network(Dense(1, 1, weights=wanted.pop("weights"), bias=False))
    return Run(network, **wanted).train(batches=batches)  # type: ignore[arg-type]


# Lesson 1 -------------------------------------------------------------------------------------------------------------

ONE_COIN = [
    (1, 0.5, 1, -2, -4, 0.5, 1, 2),
    (2, 1, 2, -1, -2, 0.25, 1.25, 0.5),
    (3, 1.25, 2.5, -0.5, -1, 0.125, 1.375, 0.125),
    (4, 1.375, 2.75, -0.25, -0.5, 0.0625, 1.4375, 0.03125),
]
"""Commit, w, prediction, error, coin, adjustment, new w, loss: the table of lesson 1."""


@pytest.mark.parametrize("row", ONE_COIN, ids=lambda row: f"commit {row[0]}")
def test_lesson_1_is_its_table(row: tuple[float, ...]) -> None:
    ledger = lesson_named("lesson 1").run.ledger
    weight, batch = ledger.weight("x1->y"), int(row[0])
    record, values = ledger.batch(batch), commit_values(ledger, weight, batch)
    assert row[1:] == (
        values["before"],
        record.outputs[-1][0, 0],
        record.outputs[-1][0, 0] - ledger.header.targets[0, 0],
        bank.slices(ledger.header, record, weight)[0],
        values["adjustment"],
        values["after"],
        ledger.batch_loss(batch),
    )


def test_lesson_1_is_exact_for_52_commits_and_rounds_at_the_53rd(figure: Figure) -> None:
    run = load_lesson(1).run
    run.ensure(60)
    exact, weights = Fraction(1, 2), weights_of(run)
    agrees, said = [], []
    for batch in range(1, 61):
        exact -= Fraction(1, 8) * 2 * (2 * exact - 3)
        agrees.append(Fraction(weights[batch]) == exact)
        receipt = run.ledger.receipt("x1->y", batch=batch, sample=1)
        neuron = run.ledger.receipt("y", batch=batch, sample=1)
        said.append(all(line.exact for line in (*receipt.lines, *neuron.lines)))
    assert agrees[:53] == [True] * 52 + [False]
    assert said[:53] == [True] * 52 + [False]
    figure("T8 lesson 1, first rounded commit", agrees.index(False) + 1)


@pytest.mark.parametrize(
    ("rate", "weights"),
    [
        (1 / 4, [0.5, 1.5, 1.5, 1.5]),
        (1 / 2, [0.5, 2.5, 0.5, 2.5, 0.5, 2.5]),
        (1, [0.5, 4.5, -7.5, 28.5, -79.5]),
    ],
)
def test_lesson_1_modified_does_what_its_comment_says(rate: float, weights: list[float]) -> None:
    assert weights_of(variant(1, len(weights) - 1, rule=SGD(rate))) == weights


def test_lesson_1_halves_the_distance_with_every_commit() -> None:
    weights = weights_of(variant(1, 50))
    assert all(1.5 - after == (1.5 - before) / 2 for before, after in pairwise(weights))


def test_lesson_1_a_row_of_ones_own_lands_in_one_commit_at_one_over_sixteen() -> None:
    assert weights_of(variant(1, 1, data=([[4]], [[6]]), rule=SGD(1 / 16))) == [0.5, 1.5]


# Lesson 2 -------------------------------------------------------------------------------------------------------------

FROZEN = [
    (1, (1, -5, -3, -1), (2, -10, -6, -2), -16, -4, 0.5, 1.5, 4.5),
    (2, (2, -4, -2, 0), (4, -8, -4, 0), -8, -2, 0.25, 1.75, 3),
    (3, (2.5, -3.5, -1.5, 0.5), (5, -7, -3, 1), -4, -1, 0.125, 1.875, 2.625),
    (4, (2.75, -3.25, -1.25, 0.75), (5.5, -6.5, -2.5, 1.5), -2, -0.5, 0.0625, 1.9375, 2.53125),
]
"""Commit, errors, coins, total, average, adjustment, new w, mean loss: the table of lesson 2."""


@pytest.mark.parametrize("row", FROZEN, ids=lambda row: f"commit {row[0]}")
def test_lesson_2_is_its_table(row: tuple[object, ...]) -> None:
    ledger = lesson_named("lesson 2").run.ledger
    weight, batch = ledger.weight("x1->y"), int(row[0])  # type: ignore[call-overload]
    record, values = ledger.batch(batch), commit_values(ledger, weight, batch)
    errors = record.outputs[-1][:, 0] - ledger.header.targets[list(record.rows), 0]
    coins = bank.slices(ledger.header, record, weight)
    names = ("total", "average", "adjustment", "after")
    found = (tuple(errors.tolist()), tuple(coins.tolist()), *(values[name] for name in names), ledger.batch_loss(batch))
    assert row[1:] == found


def test_lesson_2_rounds_first_where_the_receipt_says_so(figure: Figure) -> None:
    run = load_lesson(2).run
    run.ensure(60)
    exact, agrees, said = Fraction(1), [], []
    for batch in range(1, 61):
        exact -= Fraction(1, 8) * sum(2 * (2 * exact - y) for y in (1, 7, 5, 3)) / 4
        agrees.append(Fraction(run.ledger.weights_at(batch)[0][0, 0].item()) == exact)
        receipts = [run.ledger.receipt("x1->y", batch=batch, sample=sample) for sample in (1, 2, 3, 4)]
        neurons = [run.ledger.receipt("y", batch=batch, sample=sample) for sample in (1, 2, 3, 4)]
        said.append(all(line.exact for receipt in (*receipts, *neurons) for line in receipt.lines))
    first = agrees.index(False)
    assert agrees[:first] == [True] * first
    figure("T8 lesson 2, first commit whose weight is rounded", first + 1)
    figure("T8 lesson 2, first commit with a rounded line", said.index(False) + 1)
    assert said.index(False) <= first, "a weight is rounded before a receipt says so"
    assert _first_rounding(60) == said.index(False) + 1


def _first_rounding(batches: int) -> int:
    """The first commit at which any of its operations rounds, each done in fractions beside the floats."""
    w = 1.0
    for batch in range(1, batches + 1):
        exact, total = True, 0.0
        for y in (1.0, 7.0, 5.0, 3.0):
            prediction, error = 2 * w, 2 * w - y
            exact &= Fraction(prediction) == 2 * Fraction(w) and Fraction(error) == Fraction(prediction) - Fraction(y)
            coin = 2 * error
            exact &= Fraction(total) + Fraction(coin) == Fraction(total + coin)
            total += coin
        adjustment = -0.125 * (total / 4)
        exact &= Fraction(w) + Fraction(adjustment) == Fraction(w + adjustment)
        w += adjustment
        if not exact:
            return batch
    return 0


def test_lesson_2_with_batches_of_one_moves_after_every_coin() -> None:
    run = variant(2, 4, batch_size=1)
    assert weights_of(run) == [1, 0.75, 2.125, 2.3125, 1.90625]
    weight = run.ledger.weight("x1->y")
    coins = [bank.slices(run.ledger.header, record, weight)[0] for record in run.ledger]
    assert coins == [2, -11, -1.5, 3.25]


def test_lesson_2_with_batches_of_two_ends_the_first_epoch_at_1_75() -> None:
    assert weights_of(variant(2, 2, batch_size=2)) == [1, 1.5, 1.75]


def test_lesson_2_loss_settles_at_two_and_a_half() -> None:
    assert variant(2, 80).ledger.batch_loss(80) == 2.5


# Lesson 4 -------------------------------------------------------------------------------------------------------------

TWO_PIGGIES = [
    ((0, 0), (-8, -4, -12, 0), (-16, 0, -24, 0), (0, -8, -24, 0), (-10, -8), (2.5, 2), (2.5, 2)),
    ((2.5, 2), (-3, 0, -3, 0), (-6, 0, -6, 0), (0, 0, -6, 0), (-3, -1.5), (0.75, 0.375), (3.25, 2.375)),
    ((3.25, 2.375), (-1.5, 0.75, -0.75, 0), (-3, 0, -1.5, 0), (0, 1.5, -1.5, 0), (-1.125, 0), (0.28125, 0),
     (3.53125, 2.375)),
]  # fmt: skip
"""Weights, errors, coins of w1, coins of w2, averages, adjustments, new weights: the table of lesson 4."""


@pytest.mark.parametrize("commit", range(1, 4))
def test_lesson_4_is_its_table(commit: int) -> None:
    lesson = load_lesson(4)
    lesson.ensure(0)
    ledger, row = lesson.run.ledger, TWO_PIGGIES[commit - 1]
    record = ledger.batch(commit)
    weights = ledger.header.weights
    values = [commit_values(ledger, weight, commit) for weight in weights]
    targets = ledger.header.targets[list(record.rows), 0]
    found = (
        tuple(v["before"] for v in values),
        tuple((record.outputs[-1][:, 0] - targets).tolist()),
        *(tuple(bank.slices(ledger.header, record, weight).tolist()) for weight in weights),
        tuple(v["average"] for v in values),
        tuple(v["adjustment"] for v in values),
        tuple(v["after"] for v in values),
    )
    assert found == row


def test_lesson_4_is_exact_up_to_commit_26(figure: Figure) -> None:
    run = load_lesson(4).run.train(batches=30)
    rows = [[Fraction(v) for v in row] for row in run.dataset.inputs.tolist()]
    targets = [Fraction(v[0]) for v in run.dataset.targets.tolist()]
    weights, first = [Fraction(0), Fraction(0)], 0
    for commit in range(1, 31):
        errors = [sum((w * x for w, x in zip(weights, row, strict=True)), Fraction(0)) - t
                  for row, t in zip(rows, targets, strict=True)]  # fmt: skip
        for place in (0, 1):
            total = sum((e * row[place] for e, row in zip(errors, rows, strict=True)), Fraction(0))
            weights[place] -= total / 4 / 4
        ours = run.ledger.weights_at(commit)[0][:, 0].tolist()
        if not first and [Fraction(value) for value in ours] != weights:
            first = commit
    figure("T8 lesson 4, first rounded commit", first)
    assert first == 27


def test_lesson_4_returned_apples_have_an_error_of_8_and_a_coin_of_minus_16() -> None:
    data = ([[-2, 0], [0, 2], [2, 2], [0, 0]], [-8, 4, 12, 0])
    network = Network(Dense(2, 1, weights=[0, 0], bias=False))
    run = Run(network, data, rule=SGD(1 / 4), batch_size=4).train(batches=1)
    record = run.ledger.batch(1)
    assert record.outputs[-1][0, 0] - run.dataset.targets[0, 0] == 8
    assert bank.slices(run.ledger.header, record, run.ledger.weight("x1->y"))[0] == -16
