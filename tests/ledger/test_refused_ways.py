"""Rules whose coins are not followed from commit to commit: relatives of the known ones, and what is said of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product

import pytest
from way_runs import OPTIONS, RULES, assert_shares_add_up, changed, trained

from piggybank import (
    SGD,
    LedgerError,
    Momentum,
    Rule,
)
from piggybank.engine.data import DataError
from piggybank.formula import FormulaError
from piggybank.ledger.lines import Ref
from piggybank.ledger.ways import way_of
from piggybank.recipe import Recipe

Figure = Callable[[str, object], None]


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
