"""What all rules have in common: their options, which prepare the average coin, and the checks of their numbers."""

from __future__ import annotations

from typing import Any

from piggybank.engine.checks import number
from piggybank.engine.data import DataError
from piggybank.engine.rule import Rule
from piggybank.engine.schedules import Schedules

HOUSE = "Weight decay, the house coin"


def with_options(
    name: str,
    lines: tuple[str, ...],
    constants: dict[str, float],
    options: tuple[float, float | None, float | None],
    schedule: Schedules,
    memory: tuple[str, ...] = (),
    house: dict[str, str] | None = None,
    shared_memory: tuple[str, ...] = (),
) -> Rule:
    """The rule with its options: what is done to the average coin stands before its lines, which then use that."""
    before, more, coin = _prepared(*options)
    shown = {**({"house": HOUSE} if "weight_decay" in more else {}), **(house or {})}
    using = tuple(line.replace("average", coin) for line in lines)
    every = (*before, *using, "after = before + adjustment")
    return Rule(name, every, {**constants, **more}, memory, shared_memory, schedule, shown)


def _prepared(weight_decay: Any, clip_value: Any, clip_norm: Any) -> tuple[list[str], dict[str, float], str]:
    """Lines and constants that prepare the average coin, and what the prepared coin is called."""
    lines: list[str] = []
    constants: dict[str, float] = {}
    if clip_value is not None and clip_norm is not None:
        raise DataError("a rule clips by clip_value or by clip_norm, got both; leave one out")
    if clip_value is not None:
        constants["clip_value"] = number("clip_value", clip_value, "1.0", least=0.0)
        lines = ["clipped = min(clip_value, max(-clip_value, average))"]  # in this order nan stays nan
    if clip_norm is not None:
        constants["clip_norm"] = number("clip_norm", clip_norm, "1.0", least=0.0)
        lines = [
            "sum_of_squares = sum(average * average)",
            "norm = sqrt(sum_of_squares)",
            "shrink = min(1, clip_norm / norm)",
            "clipped = average * shrink",
        ]
    coin = "clipped" if lines else "average"
    pull = number("weight_decay", weight_decay, "0.01", least=0.0)
    if pull:
        constants["weight_decay"] = pull
        lines += ["house = weight_decay * before", f"pull = {coin} + house"]
        coin = "pull"
    return lines, constants, coin


# Numbers --------------------------------------------------------------------------------------------------------------


def rate(value: float) -> dict[str, float]:
    return {"learning_rate": number("learning_rate", value, "0.1")}


def part_kept(what: str, value: float, all_of_it: bool = False) -> float:
    """The part that is kept: savings may be kept whole (a bank that is never emptied), a jar kept whole never fills."""
    return number(what, value, "0.9", least=0.0, most=1.0, below=not all_of_it)


def epsilon_of(value: float) -> float:
    return number("epsilon", value, "1e-8", least=0.0)
