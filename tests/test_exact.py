"""T8: against exact fractions. Where every number is a float64, the run must give exactly that number."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from exact_fractions import F, Oracle, Settings, UnrepresentableError
from nets import one_weight

from piggybank import SGD, AdaGrad, Dense, Ledger, Momentum, Nesterov, Network, Rule, Run
from piggybank.app.course import load_lesson
from piggybank.ledger import bank
from piggybank.ledger.losses import sample_losses
from piggybank.ledger.receipt import Ref

Figure = Callable[[str, object], None]


def settings_of(run: Run) -> Settings:
    header = run.ledger.header
    return Settings(
        activations=[layer.activation for layer in header.layers],
        bias=[layer.has_bias for layer in header.layers],
        loss=header.loss_name,
        rule=header.rule_name,
        constants={name: F(value) for name, value in header.constants.items()},
        reduce=header.reduce,
        fault=header.fault,
        batch_size=header.batch_size,
        micro=header.batch_size // header.accumulate,
    )


def flat(arrays: Iterable[Any]) -> list[float]:
    return [value for array in arrays for value in np.ravel(array).tolist()]


def recorded(ledger: Ledger, number: int, kept: Iterable[str]) -> dict[str, list[float]]:
    """The numbers of a batch, named and ordered as the oracle's."""
    header, record, layers = ledger.header, ledger.batch(number), range(len(ledger.header.layers))
    samples, commit = range(record.count), ledger.commit_at(number)
    weights = flat(record.weights_after)
    return {
        "outputs": flat(record.outputs[layer][sample] for sample in samples for layer in layers),
        "losses": sample_losses(header, record.outputs[-1], header.targets[list(record.rows)], None).tolist(),
        "coins": flat(bank.all_slices(header, record, layer, sample + 1) for sample in samples for layer in layers),
        "totals": flat(bank.totals(header, record, layer) for layer in layers),
        "weights": weights,
        **{name: np.broadcast_to(commit[name], len(weights)).tolist() for name in ("adjustment", *kept)},
    }


def differences(ledger: Ledger, number: int, exact: dict[str, Any], kept: dict[str, Any]) -> tuple[int, int]:
    """How many numbers of a batch were compared with the oracle's, and how many differ."""
    ours, compared, different = recorded(ledger, number, kept), 0, 0
    for name, theirs in {**exact, **kept}.items():
        pairs = [pair for pair in zip(ours[name], theirs, strict=True) if pair[1] is not None]
        compared += len(pairs)
        different += sum(F(a) != b for a, b in pairs)
    return compared, different


def follow(run: Run, batches: int) -> tuple[int, int, int]:
    """Batches that stayed exact, numbers compared, numbers different."""
    run.train(batches=batches)
    header = run.ledger.header
    oracle = Oracle(settings_of(run), [[[F(x) for x in row] for row in matrix.tolist()] for matrix in header.initial])
    compared = different = 0
    for record in run.ledger:
        rows = [
            ([F(x) for x in header.inputs[row].tolist()], [F(t) for t in header.targets[row].tolist()])
            for row in record.rows
        ]
        try:
            exact = oracle.batch(rows)
        except UnrepresentableError:
            return record.batch - 1, compared, different
        more, wrong = differences(run.ledger, record.batch, exact, oracle.kept)
        compared, different = compared + more, different + wrong
    return batches, compared, different


# The lessons' own tables (CURRICULUM.md) ------------------------------------------------------------------------------


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


# Random dyadic networks -----------------------------------------------------------------------------------------------


def dyadic(numbers: random.Random, least: int = -8) -> float:
    return numbers.randint(least, 8) / 2 ** numbers.randint(0, 3)


def dyadic_rule(numbers: random.Random) -> Rule:
    """SGD, momentum or Nesterov, with the options of which every number stays dyadic."""
    options: dict[str, Any] = {"learning_rate": 2.0 ** -numbers.randint(2, 6)}
    if numbers.random() < 0.25:
        options["weight_decay"] = 2.0 ** -numbers.randint(1, 4)
    if numbers.random() < 0.25:
        options["clip_value"] = 2.0 ** numbers.randint(-2, 2)
    if numbers.random() < 0.2 and "clip_value" not in options:
        options["clip_norm"] = 2.0 ** numbers.randint(-2, 2)
    make: Callable[..., Rule] = numbers.choice([SGD, Momentum, Nesterov])
    return make(**options) if make is SGD else make(**options, friction=numbers.choice([0.25, 0.5, 0.75, 1.0]))


def dyadic_faults(rows: int, size: int, accumulate: int, reduce: str, has_bias: bool) -> list[str]:
    """The faults that can show in a run."""
    return [
        "forgot-to-empty",
        *(["sum-for-mean"] if reduce == "average" else []),
        *(["average-of-averages"] if reduce == "average" and accumulate > 1 else []),
        *(["bias-updated-per-input"] if has_bias else []),
        *(["stale-last-batch"] if rows % (size * accumulate) else []),
    ]


def dyadic_run(seed: int) -> Run:
    numbers = random.Random(seed)
    widths = [numbers.randint(1, 3) for _ in range(numbers.randint(2, 4))]
    leaky = numbers.random() < 0.2
    least = 0 if leaky else -8  # 0.01 × a number is seldom a float64: those networks mostly stay above 0
    layers = []
    for inputs, outputs in pairwise(widths):
        weights = [[dyadic(numbers, least) for _ in range(outputs)] for _ in range(inputs)]
        bias: Any = False if numbers.random() < 0.3 else [dyadic(numbers, least) for _ in range(outputs)]
        name = numbers.choice(["linear", "leaky relu" if leaky else "relu"])
        layers.append(Dense(inputs, outputs, name, weights=weights, bias=bias))
    rows, size, accumulate = numbers.choice(
        [(1, 1, 1), (4, 2, 1), (4, 4, 1), (5, 4, 1), (3, 1, 1), (4, 2, 2), (5, 2, 2)]
    )
    inputs = [[dyadic(numbers, least) for _ in range(widths[0])] for _ in range(rows)]
    targets = [[dyadic(numbers) for _ in range(widths[-1])] for _ in range(rows)]
    reduce = numbers.choice(["average", "total"])
    faults = dyadic_faults(rows, size, accumulate, reduce, any(layer.has_bias for layer in layers))
    return Run(
        Network(*layers),
        (inputs, targets),
        rule=dyadic_rule(numbers),
        loss=numbers.choice(["squared error", "squared error", "absolute error", "huber", "huber 0.5"]),
        batch_size=size,
        accumulate=accumulate,
        reduce=reduce,
        shuffle=seed if numbers.random() < 0.5 else False,
        fault=numbers.choice(faults) if numbers.random() < 0.4 else "",
    )


KINDS = {
    "SGD", "Momentum", "Nesterov", "weight_decay", "clip_value", "clip_norm", "average", "total", "accumulate 2",
    "squared error", "absolute error", "huber", "huber 0.5", "linear", "relu", "leaky relu", "3 outputs",
    "forgot-to-empty", "sum-for-mean", "average-of-averages", "bias-updated-per-input", "stale-last-batch",
}  # fmt: skip


def kinds(run: Run) -> set[str]:
    """What a run has that the oracle must have met, too."""
    header = run.ledger.header
    return {
        header.rule_name, header.loss_name, header.reduce, header.fault, f"accumulate {header.accumulate}",
        *(layer.activation for layer in header.layers), *header.constants, f"{len(header.target_names)} outputs",
    } - {""}  # fmt: skip


def test_2000_random_dyadic_nets_equal_exact_fractions(figure: Figure) -> None:
    results, met = [], Counter[str]()
    for seed in range(2000):
        run = dyadic_run(seed)
        results.append(follow(run, 3))
        if results[-1][0]:
            met.update(kinds(run))
    batches, compared, different = (sum(column) for column in zip(*results, strict=True))
    figure("T8 dyadic nets: nets, exact batches, numbers compared", f"{len(results)}, {batches}, {compared}")
    figure("T8 dyadic nets: bits different", different)
    assert different == 0
    assert sum(net[0] > 0 for net in results) > 1700  # the oracle is not idle
    assert met.keys() >= KINDS
    assert min(met.values()) >= 10, met


def test_the_oracle_notices_a_wrong_coin(monkeypatch: pytest.MonkeyPatch) -> None:
    right = bank.all_slices
    monkeypatch.setattr(bank, "all_slices", lambda *args: right(*args) * (1 + 2**-52))
    assert follow(one_weight(APPLES, 0.5, 0.125), 3)[2] > 0
