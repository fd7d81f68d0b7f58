"""Mistakes that people make in training loops, as recipes that make them: recorded as what ran, so that they can be
looked at, and declared in the header."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from piggybank.engine.data import DataError
from piggybank.engine.rule import Rule
from piggybank.formula import FormulaError
from piggybank.recipe import Recipe
from piggybank.wording import choose, quote

SHORT = "count < batch_size"


@dataclass(frozen=True)
class Setting:
    """What a fault needs to know of the run. short: whether its last batch is shorter than the others."""

    rule: Rule
    reduce: str
    accumulate: int
    short: bool
    has_bias: bool


@dataclass(frozen=True)
class Plan:
    """The recipe that runs, and what it keeps: per weight, and as one number for all."""

    recipe: Recipe
    memory: tuple[str, ...]
    shared_memory: tuple[str, ...]


def plan(setting: Setting, fault: str = "") -> Plan:
    """What a run carries out, with a fault or without. Raises DataError for a fault that could not show here."""
    rule = setting.rule
    lines = rule.recipe(setting.reduce).text
    if fault == "":
        return Plan(rule.recipe(setting.reduce), rule.memory, rule.shared_memory)
    make, kept, shared = choose("fault", fault, FAULTS, DataError)
    mine = {*rule.memory, *rule.shared_memory, *rule.settings, *(line.split(" = ")[0] for line in rule.lines)}
    taken = sorted(mine & {*kept, *shared, "coins", "samples", "once"})
    if taken:
        raise DataError(
            f"the fault {fault!r} needs the name {taken[0]!r}, and so does the rule {rule.name!r}; rename that"
        )
    try:
        recipe = Recipe.of(make(setting, list(lines)))
    except FormulaError:
        raise DataError(
            f"the fault {fault!r} cannot be made of the rule {quote(rule.name)}, which keeps or moves by a sum(…) or "
            "largest(…); try SGD(0.1)"
        ) from None
    return Plan(recipe, (*rule.memory, *kept), (*rule.shared_memory, *shared))


def _forgot_to_empty(setting: Setting, lines: list[str]) -> list[str]:
    return ["bank = bank + total", *_renamed(lines, "total", "bank")]


def _sum_for_mean(setting: Setting, lines: list[str]) -> list[str]:
    _need(setting.reduce == "average", "sum-for-mean", "a rule that averages, and reduce='total' adds up anyway")
    return ["average = total", *lines[1:]]


def _average_of_averages(setting: Setting, lines: list[str]) -> list[str]:
    _need(setting.reduce == "average", "average-of-averages", "a rule that averages, got reduce='total'")
    _need(setting.accumulate > 1, "average-of-averages", "several micro-batches in a commit; try accumulate=2")
    return ["average = sum_of_averages / micro_batches", *lines[1:]]


def _epsilon_inside_root(setting: Setting, lines: list[str]) -> list[str]:
    moved = [re.sub(r"sqrt\((\w+)\) \+ epsilon", r"sqrt(\1 + epsilon)", line) for line in lines]
    _need(moved != lines, "epsilon-inside-root", "a rule with sqrt(…) + epsilon; try rule=Adam(0.1)")
    return moved


def _bias_updated_per_input(setting: Setting, lines: list[str]) -> list[str]:
    _need(setting.has_bias, "bias-updated-per-input", "a layer with a bias; leave bias=False out")
    place = [line.split(" = ")[0] for line in lines].index("adjustment")
    once = lines[place].replace("adjustment = ", "once = ", 1)
    return [*lines[:place], once, "adjustment = repeats * once", *lines[place + 1 :]]


def _stale_last_batch(setting: Setting, lines: list[str]) -> list[str]:
    _need(setting.short, "stale-last-batch", "a last batch that is shorter than the others; try another batch_size")
    kept = (*setting.rule.memory, *setting.rule.shared_memory)
    result = [
        "coins = left + total",
        "samples = left_count + count",
        f"left = coins if {SHORT} else 0",
        f"left_count = samples if {SHORT} else 0",
    ]
    for line in _renamed(_renamed(lines, "total", "coins"), "count", "samples"):
        name, formula = line.split(" = ", 1)
        if name == "adjustment" or name in kept:
            formula = f"{'0' if name == 'adjustment' else name} if {SHORT} else {formula}"
        result.append(f"{name} = {formula}")
    return result


def _renamed(lines: list[str], name: str, other: str) -> list[str]:
    return [re.sub(rf"\b{name}\b", other, line) for line in lines]


def _need(holds: bool, fault: str, what: str) -> None:
    if not holds:
        raise DataError(f"the fault {fault!r} shows only with {what}")


FAULTS: dict[str, tuple[Callable[[Setting, list[str]], list[str]], tuple[str, ...], tuple[str, ...]]] = {
    "forgot-to-empty": (_forgot_to_empty, ("bank",), ()),
    "sum-for-mean": (_sum_for_mean, (), ()),
    "average-of-averages": (_average_of_averages, (), ()),
    "epsilon-inside-root": (_epsilon_inside_root, (), ()),
    "bias-updated-per-input": (_bias_updated_per_input, (), ()),
    "stale-last-batch": (_stale_last_batch, ("left",), ("left_count",)),
}
"""How each makes its lines of the right ones, and what it keeps besides: per weight, and as one number."""
