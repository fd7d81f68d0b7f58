"""Adjustments split into all coins so far: they add up exactly, and what rounding does not explain is refused."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from way_runs import OPTIONS, RULES, assert_shares_add_up, trained

from piggybank import (
    SGD,
    Adam,
    AdamW,
    Cosine,
    Dense,
    Ledger,
    LedgerError,
    Momentum,
    Nesterov,
    Network,
    Rule,
    Run,
    Step,
    WarmUp,
)
from piggybank.formula import Formula
from piggybank.ledger import lasting
from piggybank.ledger.records import Weight
from piggybank.ledger.ways import way_of

Figure = Callable[[str, object], None]


# What is split --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", RULES, ids=lambda make: make.__name__)
def test_every_rule_with_every_choice_of_options_is_known(make: Callable[..., Rule]) -> None:
    for options, reduce in product(OPTIONS, ("average", "total")):
        way = way_of(trained(make(0.1, **options), batches=1, reduce=reduce).header)
        assert way.rule == make.__name__
        assert (way.averaged, way.clip) == (reduce == "average", next((x for x in options if "clip" in x), ""))
        assert (way.pulled, way.beside) == (("weight_decay" in options) and make is not AdamW, make is AdamW)


def random_ledger(numbers: random.Random) -> Ledger:
    options = dict(numbers.choice(OPTIONS))
    schedules = [Step(2), Cosine(3, lowest=0.125), WarmUp(4)]
    if numbers.random() < 0.5:
        options["schedule"] = numbers.sample(schedules, numbers.randint(1, 3))  # type: ignore[assignment]
    make = numbers.choice(RULES)
    if make in (Momentum, Nesterov):
        options["friction"] = numbers.choice([0.0, 0.5, 0.9, 1.0])
    rule = make(numbers.choice([0.5, 0.1, 0.003, -0.25]), **options)
    settings = {"reduce": numbers.choice(["average", "total"]), "shuffle": numbers.choice([False, True])}
    if numbers.random() < 0.3:
        settings["accumulate"] = 2
    return trained(rule, numbers.randrange(1000), numbers.choice([1, 4, 9]), **settings)


def test_shares_and_what_was_rounded_away_are_the_adjustment_over_random_rules_and_options(figure: Figure) -> None:
    numbers, rules, splits = random.Random(4), set(), 0
    for _ in range(100):
        ledger = random_ledger(numbers)
        rules.add(ledger.header.rule_name)
        for batch in {1, len(ledger)}:
            assert_shares_add_up(ledger, batch)
            splits += len(ledger.header.weights)
    figure("adjustments split into all coins so far, each exactly", splits)
    assert rules == {make.__name__ for make in RULES}


def adjusted(ledger: Ledger, weight: Weight, until: int, changed: int, factor: float) -> float:
    """The adjustment of `until`, carried out by the recipe once more with the total of one batch times a factor."""
    kept: dict[str, float] = {}
    for batch in range(1, until + 1):
        given = {name: ledger.given_at(batch)[name] for name in ledger.given_at(batch)}
        place = weight.row
        values = {name: float(value[place] if getattr(value, "ndim", 0) else value) for name, value in given.items()}
        values.update(kept)
        values["total"] *= factor if batch == changed else 1.0
        result = ledger.header.recipe.on_floats(values)
        kept = {name: result[name] for name in ledger.header.memory}
    return result["adjustment"]


@pytest.mark.parametrize("rule", [SGD(0.3), Momentum(0.2, 0.75), Nesterov(0.2, 0.75), Nesterov(0.2, weight_decay=0.1)])
def test_a_batchs_shares_are_what_its_coins_change_in_a_linear_rule(rule: Rule) -> None:
    ledger = trained(rule)
    for weight in ledger.header.weights:
        shares = ledger.lasting(weight.name, batch=5)
        for batch in range(1, 6):
            mine = sum(share.value for share in shares if share.batch == batch and share.sample)
            change = adjusted(ledger, weight, 5, batch, 2.0) - adjusted(ledger, weight, 5, batch, 1.0)
            assert abs(mine - change) <= 1e-14


# What is called rounded away ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({"keep": Formula("friction * 1.001")}, Momentum(0.1)),
        ({"keep": Formula("friction * 1.000000000001")}, Momentum(0.1)),
        ({"now": Formula("learning_rate")}, Nesterov(0.1)),
        ({"give": Formula("-learning_rate / (sqrt(square) + epsilon)")}, Adam(0.1)),
        ({"averaged": False}, SGD(0.1)),
        ({"pulled": False}, SGD(0.1, weight_decay=0.1)),
        ({"beside": False}, AdamW(0.1)),
        ({"clip": ""}, SGD(0.1, clip_norm=0.01)),
    ],
)
def test_what_rounding_does_not_explain_is_refused_and_not_called_rounded_away(
    wrong: dict[str, Any], rule: Rule, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = trained(rule)
    false = replace(way_of(ledger.header), **wrong)
    monkeypatch.setattr(lasting, "way_of", lambda header: false)
    with pytest.raises(LedgerError, match="the coins so far do not account for this adjustment: in batch 5"):
        ledger.lasting("x1->y", batch=5)


def test_numbers_that_are_none_are_not_split() -> None:
    network = Network(Dense(1, 1, weights=0.5, bias=False))
    ledger = Run(network, "one coin", rule=Momentum(1e300)).train(epochs=9, past_trouble=True).ledger
    with pytest.raises(LedgerError, match="only as far as all numbers are finite: in batch 9 they add up to nan"):
        ledger.lasting("x1->y", batch=9)


def test_savings_that_fade_among_the_smallest_numbers_are_split_too() -> None:
    """Rounding is coarse there: one unit of the last digit is a large part of the number."""
    for rate, friction in ((2.0**-1060, 0.9), (1e-5, 0.01), (1.0, 2.0**-400)):
        network = Network(Dense(1, 1, weights=0.5, bias=False))
        ledger = Run(network, "one coin", rule=Momentum(rate, friction)).train(epochs=12).ledger
        assert_shares_add_up(ledger, 12, rounding=1.0)
