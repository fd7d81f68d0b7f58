"""The rules that come with piggybank, each as the recipe that is shown, computed, recorded and audited.

Conventions, where books and libraries differ: epsilon is added after the root; Nesterov looks ahead by friction ×
savings, as PyTorch writes it; `weight_decay` adds weight_decay × weight to the average coin, in AdamW it shrinks the
weight beside it; clipping by norm divides by the norm alone. Adam's corrections of its young jars are their fill
levels: an empty jar that keeps 0.9 is filled to 0.1, 0.19, 0.271 …, which is 1 - 0.9^commits.
"""

from __future__ import annotations

from typing import Any

from piggybank.engine.checks import number
from piggybank.engine.data import DataError
from piggybank.engine.rule import Rule
from piggybank.engine.schedules import Schedules
from piggybank.spelling import spelled

__all__ = ["SGD", "AdaGrad", "Adam", "AdamW", "Momentum", "Nesterov", "RMSProp", "Rule"]

HOUSE = "Weight decay, the house coin"
OLD_SAVINGS = "Old savings"


@spelled
def SGD(  # noqa: N802  # reads as the field writes it
    learning_rate: float,
    *,
    weight_decay: float = 0.0,
    clip_value: float | None = None,
    clip_norm: float | None = None,
    schedule: Schedules = None,
) -> Rule:
    """Stochastic gradient descent: adjustment = -learning_rate * average.

    A negative learning rate is taken, here and in every rule: it goes uphill, which is worth seeing once.
    The options of every rule: weight_decay pulls each weight towards 0; clip_value bounds each average coin, clip_norm
    the root of all their squares; schedule changes the learning rate from commit to commit.
    """
    lines = ("adjustment = -learning_rate * average",)
    return _rule("SGD", lines, _rate(learning_rate), (weight_decay, clip_value, clip_norm), schedule)


@spelled
def Momentum(  # noqa: N802
    learning_rate: float,
    friction: float = 0.9,
    *,
    weight_decay: float = 0.0,
    clip_value: float | None = None,
    clip_norm: float | None = None,
    schedule: Schedules = None,
) -> Rule:
    """Savings that are never wholly spent: each commit keeps `friction` of the old ones (Polyak 1964)."""
    lines = (
        "old_savings = friction * savings",
        "savings = old_savings + average",
        "adjustment = -learning_rate * savings",
    )
    constants = {**_rate(learning_rate), "friction": _kept("friction", friction, all_of_it=True)}
    kept, house = ("savings",), {"old_savings": OLD_SAVINGS}
    return _rule("Momentum", lines, constants, (weight_decay, clip_value, clip_norm), schedule, kept, house)


@spelled
def Nesterov(  # noqa: N802
    learning_rate: float,
    friction: float = 0.9,
    *,
    weight_decay: float = 0.0,
    clip_value: float | None = None,
    clip_norm: float | None = None,
    schedule: Schedules = None,
) -> Rule:
    """Momentum that looks ahead: average + friction * savings moves the weight (Nesterov 1983, in PyTorch's form)."""
    lines = (
        "old_savings = friction * savings",
        "savings = old_savings + average",
        "look_ahead = average + friction * savings",
        "adjustment = -learning_rate * look_ahead",
    )
    constants = {**_rate(learning_rate), "friction": _kept("friction", friction, all_of_it=True)}
    kept, house = ("savings",), {"old_savings": OLD_SAVINGS}
    return _rule("Nesterov", lines, constants, (weight_decay, clip_value, clip_norm), schedule, kept, house)


@spelled
def AdaGrad(  # noqa: N802
    learning_rate: float,
    *,
    epsilon: float = 1e-10,
    weight_decay: float = 0.0,
    clip_value: float | None = None,
    clip_norm: float | None = None,
    schedule: Schedules = None,
) -> Rule:
    """A jar of squares that only fills: much-moved weights move less and less (Duchi, Hazan and Singer 2011)."""
    lines = (
        "square_jar = square_jar + average * average",
        "adjustment = -learning_rate * average / (sqrt(square_jar) + epsilon)",
    )
    constants = {**_rate(learning_rate), "epsilon": _epsilon(epsilon)}
    return _rule("AdaGrad", lines, constants, (weight_decay, clip_value, clip_norm), schedule, ("square_jar",))


@spelled
def RMSProp(  # noqa: N802
    learning_rate: float,
    keep_square: float = 0.99,
    *,
    epsilon: float = 1e-8,
    weight_decay: float = 0.0,
    clip_value: float | None = None,
    clip_norm: float | None = None,
    schedule: Schedules = None,
) -> Rule:
    """A jar of squares that leaks: it keeps `keep_square` of itself at each commit (Tieleman and Hinton 2012)."""
    lines = (
        "square_jar = keep_square * square_jar + (1 - keep_square) * (average * average)",
        "adjustment = -learning_rate * average / (sqrt(square_jar) + epsilon)",
    )
    constants = {**_rate(learning_rate), "keep_square": _kept("keep_square", keep_square), "epsilon": _epsilon(epsilon)}
    return _rule("RMSProp", lines, constants, (weight_decay, clip_value, clip_norm), schedule, ("square_jar",))


ADAM = (
    "old_savings = keep_mean * mean_jar",
    "mean_jar = old_savings + (1 - keep_mean) * average",
    "square_jar = keep_square * square_jar + (1 - keep_square) * (average * average)",
    "mean_fill = keep_mean * mean_fill + (1 - keep_mean)",
    "square_fill = keep_square * square_fill + (1 - keep_square)",
    "mean = mean_jar / mean_fill",
    "square = square_jar / square_fill",
)
JARS, FILLS = ("mean_jar", "square_jar"), ("mean_fill", "square_fill")


@spelled
def Adam(  # noqa: N802
    learning_rate: float,
    keep_mean: float = 0.9,
    keep_square: float = 0.999,
    *,
    epsilon: float = 1e-8,
    weight_decay: float = 0.0,
    clip_value: float | None = None,
    clip_norm: float | None = None,
    schedule: Schedules = None,
) -> Rule:
    """Two leaking jars, of coins and of their squares (Kingma and Ba 2015); keep_mean and keep_square are its betas."""
    lines = (*ADAM, "adjustment = -learning_rate * mean / (sqrt(square) + epsilon)")
    constants = _adam_constants(learning_rate, keep_mean, keep_square, epsilon)
    house, options = {"old_savings": OLD_SAVINGS}, (weight_decay, clip_value, clip_norm)
    return _rule("Adam", lines, constants, options, schedule, JARS, house, FILLS)


@spelled
def AdamW(  # noqa: N802
    learning_rate: float,
    keep_mean: float = 0.9,
    keep_square: float = 0.999,
    *,
    epsilon: float = 1e-8,
    weight_decay: float = 0.01,
    clip_value: float | None = None,
    clip_norm: float | None = None,
    schedule: Schedules = None,
) -> Rule:
    """Adam with the weight decay beside the jars instead of in them (Loshchilov and Hutter 2019)."""
    lines = (
        *ADAM,
        "house = -learning_rate * weight_decay * before",
        "move = -learning_rate * mean / (sqrt(square) + epsilon)",
        "adjustment = house + move",
    )
    constants = _adam_constants(learning_rate, keep_mean, keep_square, epsilon)
    constants["weight_decay"] = number("weight_decay", weight_decay, "0.01", least=0.0)
    house = {"old_savings": OLD_SAVINGS, "house": HOUSE}
    return _rule("AdamW", lines, constants, (0.0, clip_value, clip_norm), schedule, JARS, house, FILLS)


def _adam_constants(learning_rate: float, keep_mean: float, keep_square: float, epsilon: float) -> dict[str, float]:
    jars = {"keep_mean": _kept("keep_mean", keep_mean), "keep_square": _kept("keep_square", keep_square)}
    return {**_rate(learning_rate), **jars, "epsilon": _epsilon(epsilon)}


def _rate(value: float) -> dict[str, float]:
    return {"learning_rate": number("learning_rate", value, "0.1")}


def _kept(what: str, value: float, all_of_it: bool = False) -> float:
    """The part that is kept: savings may be kept whole (a bank that is never emptied), a jar kept whole never fills."""
    return number(what, value, "0.9", least=0.0, most=1.0, below=not all_of_it)


def _epsilon(value: float) -> float:
    return number("epsilon", value, "1e-8", least=0.0)


# Options --------------------------------------------------------------------------------------------------------------


def _rule(
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
    lines, constants, coin = [], {}, "average"
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
