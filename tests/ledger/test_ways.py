"""Which rules' adjustments are split into all coins so far: those known line by line, and no relative of theirs."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from piggybank import (
    SGD,
    AdaGrad,
    Adam,
    AdamW,
    Cosine,
    Dense,
    Ledger,
    LedgerError,
    Momentum,
    Nesterov,
    Network,
    RMSProp,
    Rule,
    Run,
    Step,
    WarmUp,
)
from piggybank.engine.data import DataError
from piggybank.formula import Formula, FormulaError
from piggybank.ledger import lasting
from piggybank.ledger.commit_receipts import commit_values
from piggybank.ledger.lines import Ref
from piggybank.ledger.records import Weight
from piggybank.ledger.ways import way_of
from piggybank.recipe import Recipe

Figure = Callable[[str, object], None]
RULES: list[Callable[..., Rule]] = [SGD, Momentum, Nesterov, AdaGrad, RMSProp, Adam, AdamW]
CLIPS: list[dict[str, float]] = [{}, {"clip_value": 0.125}, {"clip_norm": 0.25}]
DECAYS: list[dict[str, float]] = [{}, {"weight_decay": 0.125}]
OPTIONS = [{**clip, **decay} for clip, decay in product(CLIPS, DECAYS)]
ROUNDING = 1e-12
"""Of all shares' sizes together: far above what some dozens of roundings take, far below any real difference."""


def trained(rule: Rule, seed: int = 1, batches: int = 5, **settings: Any) -> Ledger:
    numbers = random.Random(seed)
    inputs = [[numbers.uniform(-2, 2), numbers.uniform(-2, 2)] for _ in range(5)]
    network = Network(Dense(2, 1, "tanh", weights=[[numbers.uniform(-1, 1)], [0.5]]))
    data = (inputs, [numbers.uniform(-1, 1) for _ in inputs])
    run = Run(network, data, rule=rule, batch_size=2, **settings)
    return run.train(batches=batches).ledger if batches else run.ledger


def assert_shares_add_up(ledger: Ledger, batch: int, rounding: float = ROUNDING) -> None:
    for weight in ledger.header.weights:
        shares, total = ledger.lasting(weight.name, batch=batch), 0.0
        for share in shares:
            total = total + share.value
        assert total == commit_values(ledger, weight, batch)["adjustment"]
        sizes = sum(abs(share.value) for share in shares if share.what != "Rounded away")
        assert abs(total - sum(s.value for s in shares if s.what != "Rounded away")) <= rounding * sizes


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


# Relatives ------------------------------------------------------------------------------------------------------------


def relatives(rule: Rule) -> Iterator[tuple[list[str], tuple[str, ...]]]:
    """Lines and memory of rules that differ from one in a single thing; some cannot be carried out."""
    lines, memory = list(rule.lines), rule.memory
    for place, line in enumerate(lines):
        name, formula = line.split(" = ", 1)
        before, after = lines[:place], lines[place + 1 :]
        changed = [f"({formula}) * 0.5", f"-({formula})", f"0.75 * ({formula})"]
        changed += [formula.replace(sign, other) for sign, other in (("+", "-"), (" * ", " / "), ("1 -", "2 -"))]
        changed += [re.sub(rf"\b{constant}\b", "0.25", formula) for constant in rule.constants]
        changed += [formula.replace("average", "total")]
        yield from (([*before, f"{name} = {other}", *after], memory) for other in changed if other != formula)
        yield [*before, line, f"extra = {name}", *after], memory
        yield [*before, *after[:1], line, *after[1:]], memory
    for extra in ("shrink = 5", "pull = average + 1", "house = 3", "move = 2", "clipped = 4", "look_ahead = 2"):
        yield [extra, *lines], memory
    for name in memory:
        renamed = [re.sub(rf"\b{name}\b", "purse", line) for line in lines]
        yield renamed, tuple("purse" if other == name else other for other in memory)


def relatives_of_all() -> Iterator[tuple[Rule, str]]:
    for make, options in product(RULES, ({}, OPTIONS[3], OPTIONS[4])):
        rule = make(0.1, **options)
        for lines, memory in relatives(rule):
            try:
                yield replace(rule, name="mine", lines=tuple(lines), memory=memory), "total" if options else "average"
            except (DataError, FormulaError):
                continue


START = trained(SGD(0.1), batches=0).header


def test_a_relative_of_a_known_rule_is_split_exactly_or_refused(figure: Figure) -> None:
    split = refused = 0
    for rule, reduce in relatives_of_all():
        fields = {"constants": rule.settings, "memory": rule.memory, "shared_memory": rule.shared_memory}
        header = replace(START, recipe=rule.recipe(reduce), **fields)  # type: ignore[arg-type]
        try:
            way_of(header)
        except LedgerError:
            refused += 1
            continue
        split += 1
        assert_shares_add_up(trained(rule, batches=3, reduce=reduce), 3)
    figure("relatives of known rules: split exactly, refused", f"{split}, {refused}")
    assert split > 100
    assert refused > 400


@pytest.mark.parametrize("line", ["old_savings = 0.5 * savings", "old_savings = 0.5 * friction * savings"])
def test_a_refusal_says_what_is_needed_what_the_rule_has_and_what_to_look_at(
    line: str,
) -> None:
    lines = (line, *Momentum(0.1).lines[1:])
    ledger = trained(Rule("mine", lines, {"learning_rate": 0.1, "friction": 0.5}, memory=("savings",)), batches=1)
    for ask in (
        lambda: ledger.lasting("x1->y", batch=1),
        lambda: ledger.lifetime("x1->y"),
        lambda: ledger.open(Ref("lifetime", "", 0, 1)),
    ):
        with pytest.raises(LedgerError) as refused:
            ask()
        assert str(refused.value) == (
            "coins can be followed from commit to commit under the lines of one of SGD, Momentum, Nesterov, AdaGrad, "
            f"RMSProp, Adam, AdamW, with any of their options; the rule 'mine' has '{line}' where Momentum has "
            "'old_savings = friction * savings'; look at one commit at a time, as in ledger.receipt(weight, batch=1)"
        )


SGD_LINES, MOMENTUM_LINES = SGD(0.1).lines, Momentum(0.1).lines


@pytest.mark.parametrize(
    ("lines", "memory", "words"),
    [
        (
            ("more = average + 1", "adjustment = -learning_rate * more", SGD_LINES[1]),
            (),
            "has a line 'more = ",
        ),
        (
            ("pull = average + 1", "adjustment = -learning_rate * pull", SGD_LINES[1]),
            (),
            "has 'pull = average + 1' ",
        ),
        ((SGD_LINES[0], "after = before - adjustment"), (), "has 'after = before - adjustment' where SGD has"),
        ((MOMENTUM_LINES[1], MOMENTUM_LINES[0], *MOMENTUM_LINES[2:]), ("old_savings", "savings"), "Momentum"),
        (("adjustment = -0.1 * average * average", SGD_LINES[1]), (), "where SGD has 'adjustment = -learning_rate"),
    ],
)
def test_what_sets_a_rule_apart_is_said(lines: tuple[str, ...], memory: tuple[str, ...], words: str) -> None:
    ledger = trained(Rule("mine", lines, {"learning_rate": 0.1, "friction": 0.5}, memory), batches=1)
    with pytest.raises(LedgerError, match=re.escape(words)):
        ledger.lasting("x1->y", batch=1)


def test_a_fault_is_refused_by_its_name() -> None:
    with pytest.raises(LedgerError, match="this run makes the mistake 'sum-for-mean' on purpose; look at one commit"):
        trained(SGD(0.1), fault="sum-for-mean").lasting("x1->y", batch=1)


def test_a_fault_is_refused_also_where_only_a_file_says_so() -> None:
    with pytest.raises(LedgerError, match="this run makes the mistake 'forgot-to-empty' on purpose"):
        way_of(replace(START, fault="forgot-to-empty"))


def test_lines_that_the_adjustment_does_not_depend_on_change_nothing() -> None:
    """Also where they have a name that an option would have."""
    lines = ("shrink = 5", "clipped = 7", *Momentum(0.1).lines, "house = adjustment / 3")
    ledger = trained(Rule("mine", lines, {"learning_rate": 0.1, "friction": 0.9}, memory=("savings",)))
    known = trained(Momentum(0.1))
    assert ledger.lasting("x1->y", batch=5) == known.lasting("x1->y", batch=5)
    assert ledger.lifetime("x1->y") == known.lifetime("x1->y")


def changed(ledger: Ledger, **fields: Any) -> Ledger:
    """What only a file could hold: the run under another header."""
    return Ledger(replace(ledger.header, **fields), ledger.storage)


def test_a_schedule_that_changes_more_than_the_rate_is_refused() -> None:
    ledger = trained(Momentum(0.1))
    other = changed(ledger, schedule=Recipe.of(["friction = 1 / commit"]))
    with pytest.raises(LedgerError, match="this run's schedule changes 'friction' on the way"):
        other.lasting("x1->y", batch=3)


def test_savings_that_are_no_memory_are_refused() -> None:
    ledger = trained(Momentum(0.1))
    fields = {"memory": (), "constants": {**ledger.header.constants, "savings": 1.0}}
    with pytest.raises(LedgerError, match="does not keep 'savings', unlike Momentum"):
        way_of(replace(ledger.header, **fields))


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
