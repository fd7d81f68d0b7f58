"""T11: the algebra of batches. Violations would mean that a batch is not what it says it is."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pytest
from nets import bits

from piggybank import SGD, Adam, AdamW, Dense, Momentum, Nesterov, Network, Rule, Run
from piggybank.engine.functions import ACTIVATIONS
from piggybank.engine.losses import LOSSES
from piggybank.ledger import bank

Figure = Callable[[str, object], None]
HEADS = tuple((loss.needs or "linear", name) for name, loss in LOSSES.items())
HIDDEN = tuple(name for name, activation in ACTIVATIONS.items() if not activation.is_joint)
RULES: dict[str, Callable[[float], Rule]] = {
    "SGD": SGD,
    "Momentum": Momentum,
    "Nesterov": lambda rate: Nesterov(rate, 0.75),
    "Adam": Adam,
    "AdamW, clipped": lambda rate: AdamW(rate, clip_norm=0.5),
}
LINEAR = ("SGD", "Momentum", "Nesterov")
SEEDS = range(len(HEADS) * len(HIDDEN))
"""Every loss with every hidden activation, the rules in turn: each meets every loss and every activation."""


class Setting:
    """A small random network and 8 rows; `run` trains it on any rows, from any weights, in any batches."""

    def __init__(self, seed: int) -> None:
        numbers = np.random.default_rng(seed)
        self.hidden = HIDDEN[seed % len(HIDDEN)]
        last, self.loss = HEADS[seed % len(HEADS)]
        self.rule = list(RULES)[seed // len(HIDDEN)]
        self.layers = [(3, 4, self.hidden), (4, 2, last)]
        self.weights = [numbers.uniform(-1, 1, (4, 4)), numbers.uniform(-1, 1, (5, 2))]
        self.inputs = numbers.uniform(-2, 2, (8, 3))
        self.targets = (numbers.random((8, 2)) < 0.5).astype(float)
        if last == "softmax":
            self.targets[:, 1] = 1 - self.targets[:, 0]
        self.rate = 0.3

    def run(
        self, rows: list[int], *, weights: list[np.ndarray] | None = None, rate: float = 0.3, **options: object
    ) -> Run:
        layers = [
            Dense(inputs, outputs, name, weights=matrix[:-1], bias=matrix[-1])
            for (inputs, outputs, name), matrix in zip(self.layers, weights or self.weights, strict=True)
        ]
        data = (self.inputs[rows], self.targets[rows])
        return Run(Network(*layers), data, rule=RULES[self.rule](rate), loss=self.loss, **options)  # type: ignore[arg-type]


@pytest.fixture(params=SEEDS)
def setting(request: pytest.FixtureRequest) -> Setting:
    return Setting(request.param)


def coins(run: Run, batch: int = 1) -> list[list[list[bytes]]]:
    """Of every weight, the bits of each sample's slice."""
    record = run.ledger.batch(batch)
    return [[bits(coin) for coin in bank.slices(run.ledger.header, record, w)] for w in run.ledger.header.weights]


def weights_of(run: Run) -> list[list[bytes]]:
    return [bits(matrix) for matrix in run.ledger.weights_at(len(run.ledger))]


ALL = list(range(8))


def test_batch_all_hands_the_rule_the_mean_of_each_weights_coins_and_sgd_moves_it_by_that(setting: Setting) -> None:
    run = setting.run(ALL, batch_size="all").train(epochs=1)
    assert len(run.ledger) == 1
    record, averages = run.ledger.batch(1), run.ledger.commit_at(1)["average"]
    for weight in run.ledger.header.weights:
        total = 0.0
        for coin in bank.slices(run.ledger.header, record, weight).tolist():
            total += coin
        place = (weight.row * 4 if weight.layer == 0 else 16 + weight.row * 2) + weight.column
        assert bits(averages[place]) == bits(total / 8.0)
        if setting.rule != "SGD":
            continue
        before, after = (
            w[weight.layer][weight.row, weight.column] for w in (record.weights_before, record.weights_after)
        )
        assert bits(after) == bits(float(before) + -setting.rate * (total / 8.0))


def test_batch_all_is_the_batch_of_all_rows(setting: Setting) -> None:
    named, counted = (setting.run(ALL, batch_size=size).train(epochs=3) for size in ("all", 8))
    assert weights_of(named) == weights_of(counted)


def test_permuting_the_rows_of_a_batch_permutes_its_coins(setting: Setting) -> None:
    order = random.Random(5).sample(ALL, 8)
    straight, permuted = (setting.run(rows, batch_size=8).train() for rows in (ALL, order))
    for here, there in zip(coins(straight), coins(permuted), strict=True):
        assert [here[row] for row in order] == there


def test_a_coin_does_not_depend_on_its_company(setting: Setting) -> None:
    together, apart = coins(setting.run(ALL, batch_size=8).train()), []
    for row in ALL:
        apart.append([coin[0] for coin in coins(setting.run([row], batch_size=1).train())])
    assert [list(column) for column in zip(*together, strict=True)] == apart


def test_a_row_that_comes_twice_pays_the_same_coin_twice(setting: Setting) -> None:
    for coin in coins(setting.run([0, 1, 0, 2, 1], batch_size=5).train()):
        assert coin[0] == coin[2]
        assert coin[1] == coin[4]


def test_a_batch_of_one_row_twice_averages_to_that_row(setting: Setting) -> None:
    for row in ALL:
        once, twice = setting.run([row], batch_size=1), setting.run([row, row], batch_size=2)
        assert weights_of(once.train(batches=3)) == weights_of(twice.train(batches=3))  # s + s and halving are exact


def test_duplicating_every_row_changes_no_average_when_sums_are_exact() -> None:
    """On lesson 2's rows; there the sums are exact, so nothing depends on the order of adding."""
    rows = [[2.0], [2.0], [2.0], [2.0]], [[1.0], [7.0], [5.0], [3.0]]

    def weights(times: int) -> list[float]:
        network = Network(Dense(1, 1, weights=1, bias=False))
        run = Run(network, (rows[0] * times, rows[1] * times), rule=SGD(0.125), batch_size="all").train(epochs=20)
        return [run.ledger.weights_at(batch)[0].item() for batch in range(21)]

    assert weights(1) == weights(2) == weights(4)


def test_batch_size_1_is_learning_online(setting: Setting) -> None:
    """Row after row, each alone with the weights that the one before left; what a rule saves goes on besides."""
    whole = setting.run(ALL, batch_size=1).train(epochs=1)
    for number, row in enumerate(ALL, 1):
        alone = setting.run([row], weights=whole.ledger.weights_at(number - 1)).train(batches=1)
        assert coins(whole, number) == coins(alone)
        if setting.rule == "SGD" or number == 1:
            assert [bits(matrix) for matrix in whole.ledger.weights_at(number)] == weights_of(alone)


@pytest.mark.parametrize("parts", [2, 4])
def test_micro_batches_accumulated_are_the_whole_batch(setting: Setting, parts: int) -> None:
    whole = setting.run(ALL, batch_size=4).train(epochs=2)
    accumulated = setting.run(ALL, batch_size=4 // parts, accumulate=parts).train(epochs=2)
    assert len(whole.ledger) == len(accumulated.ledger) == 4
    assert all(coins(whole, batch) == coins(accumulated, batch) for batch in (1, 2, 3, 4))
    assert weights_of(whole) == weights_of(accumulated)


def test_a_short_last_batch_is_the_batch_of_its_rows(setting: Setting) -> None:
    short = setting.run(ALL, batch_size=5).train(epochs=1)
    alone = setting.run(ALL[5:], batch_size="all", weights=short.ledger.weights_at(1)).train(epochs=1)
    assert coins(short, 2) == coins(alone)
    assert bits(short.ledger.commit_at(2)["average"]) == bits(alone.ledger.commit_at(1)["average"])


def test_with_one_row_a_batch_average_and_total_are_the_same(setting: Setting) -> None:
    average, total = (setting.run(ALL, batch_size=1, reduce=reduce).train(epochs=2) for reduce in ("average", "total"))
    assert weights_of(average) == weights_of(total)


@pytest.mark.parametrize("size", [2, 4, 8])
def test_total_at_rate_over_n_is_average_at_rate_for_powers_of_two(setting: Setting, size: int) -> None:
    """By rules that are linear in the coins; savings too are then n times as large."""
    setting.rule = setting.rule if setting.rule in LINEAR else "Momentum"
    average = setting.run(ALL, batch_size=size).train(epochs=3)
    total = setting.run(ALL, batch_size=size, reduce="total", rate=setting.rate / size).train(epochs=3)
    assert weights_of(average) == weights_of(total)


def test_total_at_the_same_rate_is_another_run(setting: Setting) -> None:
    """Unless a rule divides by the coins' own size."""
    setting.rule = setting.rule if setting.rule in LINEAR else "SGD"
    average, total = (setting.run(ALL, batch_size=4, reduce=reduce).train() for reduce in ("average", "total"))
    assert weights_of(average) != weights_of(total)


def test_splitting_a_batch_changes_the_run_because_weights_move_in_between(setting: Setting) -> None:
    whole, split = (setting.run(ALL, batch_size=size).train(epochs=1) for size in (8, 4))
    assert coins(whole)[0][:4] == coins(split)[0]
    assert weights_of(whole) != weights_of(split)


def test_the_laws_were_tried_on_this_many_networks(figure: Figure) -> None:
    settings = [Setting(seed) for seed in SEEDS]
    figure(
        "T11 batch algebra: networks, rules, losses, activations",
        f"{len(SEEDS)}, {len(RULES)}, {len(HEADS)}, {len(HIDDEN)}",
    )
    assert len({(setting.hidden, setting.loss) for setting in settings}) == len(HIDDEN) * len(HEADS)
    assert len({(setting.rule, setting.loss) for setting in settings}) == len(RULES) * len(HEADS)
    assert len({(setting.rule, setting.hidden) for setting in settings}) == len(RULES) * len(HIDDEN)
