"""T8: against exact fractions. Where every number is a float64, the run must give exactly that number."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from piggybank import SGD, Dense, Ledger, Network, Run
from piggybank.ledger import bank
from piggybank.ledger.receipt import Ref, commit_values

Figure = Callable[[str, object], None]
F = Fraction
Matrix = list[list[Fraction]]


class UnrepresentableError(Exception):
    """An exact number that no float64 holds: from here on rounding is right, and the oracle stops."""


class Oracle:
    """A run of linear and ReLU layers with squared error in exact fractions, while every number is a float64."""

    def __init__(self, weights: list[Matrix], relu: Sequence[bool], bias: Sequence[bool], rate: Fraction) -> None:
        self.weights, self.relu, self.bias, self.rate = weights, relu, bias, rate

    @staticmethod
    def held(value: Fraction) -> Fraction:
        if F(float(value)) != value:
            raise UnrepresentableError
        return value

    def total(self, terms: list[Fraction]) -> Fraction:
        """The sum; every partial sum must be representable too."""
        result = F(0)
        for term in terms:
            result = self.held(result + self.held(term))
        return result

    def batch(self, rows: Sequence[tuple[list[Fraction], list[Fraction]]], reduce: str) -> dict[str, Any]:
        outputs, blames, coins = [], [], []
        for inputs, targets in rows:
            given, sums, values = [], [], inputs
            for matrix, relu, bias in zip(self.weights, self.relu, self.bias, strict=True):
                given.append([*values, F(1)] if bias else values)
                columns = range(len(matrix[0]))
                z = [self.total([x * row[k] for x, row in zip(given[-1], matrix, strict=True)]) for k in columns]
                values = [max(x, F(0)) for x in z] if relu else z
                sums.append(z)
                outputs.append(values)
            blame = [self.held(a - t) for a, t in zip(values, targets, strict=True)]
            per_layer: list[list[Fraction]] = []
            for layer in range(len(self.weights) - 1, -1, -1):
                gate = [F(z > 0) if self.relu[layer] else F(1) for z in sums[layer]]
                blame = [self.held(b * g) for b, g in zip(blame, gate, strict=True)]
                per_layer.insert(0, blame)
                if layer == 0:
                    break  # nobody asks for the blame of the data
                matrix = self.weights[layer][: len(self.weights[layer]) - self.bias[layer]]
                blame = [self.total([w * b for w, b in zip(row, blame, strict=True)]) for row in matrix]
            blames.append(per_layer)
            coins.append(
                [[[self.held(x * b) for b in bs] for x in xs] for xs, bs in zip(given, per_layer, strict=True)]
            )
        totals = [
            [
                [self.total([coin[layer][i][k] for coin in coins]) for k in range(len(row))]
                for i, row in enumerate(matrix)
            ]
            for layer, matrix in enumerate(self.weights)
        ]
        count = F(len(rows)) if reduce == "average" else F(1)
        adjustments = [[[self.held(-self.rate * self.held(t / count)) for t in r] for r in m] for m in totals]
        self.weights = [
            [[self.held(w + d) for w, d in zip(*pair, strict=True)] for pair in zip(*both, strict=True)]
            for both in zip(self.weights, adjustments, strict=True)
        ]
        return {"outputs": outputs, "coins": coins, "totals": totals, "adjustments": adjustments}


def flat(values: Any) -> list[Any]:
    if isinstance(values, (list, tuple)):
        return [leaf for part in values for leaf in flat(part)]
    return np.ravel(values).tolist() if isinstance(values, np.ndarray) else [values]


def differences(ledger: Ledger, number: int, oracle: Oracle, exact: dict[str, Any]) -> tuple[int, int]:
    """How many numbers of a batch were compared with the oracle's, and how many differ."""
    header, record, layers = ledger.header, ledger.batch(number), range(len(ledger.header.layers))
    samples = range(record.count)
    pairs = [
        ([record.outputs[layer][sample] for sample in samples for layer in layers], exact["outputs"]),
        (
            [bank.all_slices(header, record, layer, sample + 1) for sample in samples for layer in layers],
            exact["coins"],
        ),
        ([bank.totals(header, record, layer) for layer in layers], exact["totals"]),
        (list(record.weights_after), oracle.weights),
    ]
    adjustments = [
        commit_values(ledger, weight, number)["adjustment"]
        for weight in sorted(header.weights, key=lambda w: (w.layer, w.row, w.column))
    ]
    pairs.append((adjustments, exact["adjustments"]))
    compared = different = 0
    for ours, theirs in pairs:
        left, right = flat(ours), flat(theirs)
        assert len(left) == len(right)
        compared += len(left)
        different += sum(F(a) != b for a, b in zip(left, right, strict=True))
    return compared, different


def follow(run: Run, batches: int) -> tuple[int, int, int]:
    """Batches that stayed exact, numbers compared, numbers different."""
    run.train(batches=batches)
    header = run.ledger.header
    weights = [[[F(x) for x in row] for row in matrix.tolist()] for matrix in header.initial]
    relu = [layer.activation == "relu" for layer in header.layers]
    bias = [layer.has_bias for layer in header.layers]
    oracle = Oracle(weights, relu, bias, F(header.constants["learning_rate"]))
    compared = different = 0
    for record in run.ledger:
        rows = [
            ([F(x) for x in header.inputs[row].tolist()], [F(t) for t in header.targets[row].tolist()])
            for row in record.rows
        ]
        try:
            exact = oracle.batch(rows, header.reduce)
        except UnrepresentableError:
            return record.batch - 1, compared, different
        more, wrong = differences(run.ledger, record.batch, oracle, exact)
        compared, different = compared + more, different + wrong
    return batches, compared, different


# The lessons' own tables (CURRICULUM.md) ------------------------------------------------------------------------------


def one_weight(data: Any, weight: float, rate: float, **settings: Any) -> Run:
    return Run(Network(Dense(1, 1, weights=weight, bias=False)), data, rule=SGD(rate), **settings)


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


LESSONS: dict[str, Callable[[], Run]] = {
    "L1": lambda: one_weight(APPLES, 0.5, 0.125),
    "L2": lambda: one_weight(SHOPPERS, 1.0, 0.125, batch_size=4),
    "L3": lambda: one_weight(SHOPPERS, 1.0, 1 / 32, batch_size=4, reduce="total"),
    "L4": lambda: Run(Network(Dense(2, 1, weights=[0, 0], bias=False)), FRUIT, rule=SGD(0.25), batch_size="all"),
    "L5": lambda: one_weight(SIX, 0.0, 0.5, batch_size=4),
}


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_equals_exact_fractions_while_they_are_representable(lesson: str, figure: Figure) -> None:
    batches, compared, different = follow(LESSONS[lesson](), 60)
    figure(f"T8 {lesson}: exact commits, numbers compared, bits different", f"{batches}, {compared}, {different}")
    assert different == 0
    assert batches >= 20


# Random dyadic networks -----------------------------------------------------------------------------------------------


def dyadic(numbers: random.Random) -> float:
    return numbers.randint(-8, 8) / 2 ** numbers.randint(0, 3)


def dyadic_run(seed: int) -> Run:
    numbers = random.Random(seed)
    widths = [numbers.randint(1, 3) for _ in range(numbers.randint(2, 4))]
    layers = []
    for inputs, outputs in pairwise(widths):
        weights = [[dyadic(numbers) for _ in range(outputs)] for _ in range(inputs)]
        bias: Any = False if numbers.random() < 0.3 else [dyadic(numbers) for _ in range(outputs)]
        layers.append(Dense(inputs, outputs, numbers.choice(["linear", "relu"]), weights=weights, bias=bias))
    rows, size = numbers.choice([(1, 1), (4, 2), (4, 4), (5, 4), (3, 1)])
    inputs = [[dyadic(numbers) for _ in range(widths[0])] for _ in range(rows)]
    targets = [[dyadic(numbers) for _ in range(widths[-1])] for _ in range(rows)]
    reduce = numbers.choice(["average", "total"])
    rate = 2.0 ** -numbers.randint(2, 6)
    shuffle = seed if numbers.random() < 0.5 else False
    return Run(Network(*layers), (inputs, targets), rule=SGD(rate), batch_size=size, reduce=reduce, shuffle=shuffle)


def test_2000_random_dyadic_nets_equal_exact_fractions(figure: Figure) -> None:
    results = [follow(dyadic_run(seed), 2) for seed in range(2000)]
    batches, compared, different = (sum(column) for column in zip(*results, strict=True))
    figure("T8 dyadic nets: nets, exact batches, numbers compared", f"{len(results)}, {batches}, {compared}")
    figure("T8 dyadic nets: bits different", different)
    assert different == 0
    assert sum(net[0] > 0 for net in results) > 1900  # the oracle is not idle


def test_the_oracle_notices_a_wrong_coin(monkeypatch: pytest.MonkeyPatch) -> None:
    right = bank.all_slices
    monkeypatch.setattr(bank, "all_slices", lambda *args: right(*args) * (1 + 2**-52))
    assert follow(LESSONS["L1"](), 3)[2] > 0
