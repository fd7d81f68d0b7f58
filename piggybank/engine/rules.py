"""The rules that come with piggybank, each as the recipe that is shown, computed, recorded and audited.

Conventions, where books and libraries differ: epsilon is added after the root; Nesterov looks ahead by friction ×
savings, as PyTorch writes it; `weight_decay` adds weight_decay × weight to the average coin, in AdamW it shrinks the
weight beside it; clipping by norm divides by the norm alone. Adam's corrections of its young jars are their fill
levels: an empty jar that keeps 0.9 is filled to 0.1, 0.19, 0.271 …, which is 1 - 0.9^commits.
"""

from __future__ import annotations

from piggybank.engine.checks import number
from piggybank.engine.rule import Rule
from piggybank.engine.rule_options import HOUSE, epsilon_of, part_kept, rate, with_options
from piggybank.engine.schedules import Schedules
from piggybank.spelling import spelled

__all__ = ["SGD", "AdaGrad", "Adam", "AdamW", "Momentum", "Nesterov", "RMSProp"]

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

    learning_rate: any finite number; a negative one goes uphill, which is worth seeing once. weight_decay: 0 or more,
    pulls each weight towards 0. clip_value: the largest size of a weight's average coin. clip_norm: the largest
    Euclidean norm of all average coins together. schedule: how the learning rate changes from commit to commit.
    Every rule takes these options. Raises DataError for a setting out of its range, and for both ways of clipping.
    """
    lines = ("adjustment = -learning_rate * average",)
    return with_options("SGD", lines, rate(learning_rate), (weight_decay, clip_value, clip_norm), schedule)


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
    """Gradient descent with momentum (Polyak 1964): each average coin is added to what is left of the old savings, and
    the savings move the weight.

    friction: the part of the old savings that a commit keeps, 0 to 1; elsewhere it is called momentum. Options and
    errors as for `SGD`.
    """
    lines = (
        "old_savings = friction * savings",
        "savings = old_savings + average",
        "adjustment = -learning_rate * savings",
    )
    constants = {**rate(learning_rate), "friction": part_kept("friction", friction, all_of_it=True)}
    kept, house = ("savings",), {"old_savings": OLD_SAVINGS}
    return with_options("Momentum", lines, constants, (weight_decay, clip_value, clip_norm), schedule, kept, house)


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
    """Momentum that looks ahead: average + friction * savings moves the weight (Nesterov 1983, in PyTorch's form).

    Arguments as for `Momentum`.
    """
    lines = (
        "old_savings = friction * savings",
        "savings = old_savings + average",
        "look_ahead = average + friction * savings",
        "adjustment = -learning_rate * look_ahead",
    )
    constants = {**rate(learning_rate), "friction": part_kept("friction", friction, all_of_it=True)}
    kept, house = ("savings",), {"old_savings": OLD_SAVINGS}
    return with_options("Nesterov", lines, constants, (weight_decay, clip_value, clip_norm), schedule, kept, house)


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
    """A jar of squared coins that only fills, so that steps become smaller and smaller (Duchi, Hazan and Singer 2011).

    epsilon: 0 or more, added after the root. Options and errors as for `SGD`.
    """
    lines = (
        "square_jar = square_jar + average * average",
        "adjustment = -learning_rate * average / (sqrt(square_jar) + epsilon)",
    )
    constants = {**rate(learning_rate), "epsilon": epsilon_of(epsilon)}
    return with_options("AdaGrad", lines, constants, (weight_decay, clip_value, clip_norm), schedule, ("square_jar",))


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
    """A jar of squared coins that leaks, so that steps follow the size of recent coins (Tieleman and Hinton 2012).

    keep_square: the part of the jar that a commit keeps, 0 to below 1; elsewhere alpha or rho. epsilon: 0 or more,
    added after the root. Options and errors as for `SGD`.
    """
    lines = (
        "square_jar = keep_square * square_jar + (1 - keep_square) * (average * average)",
        "adjustment = -learning_rate * average / (sqrt(square_jar) + epsilon)",
    )
    constants = {
        **rate(learning_rate),
        "keep_square": part_kept("keep_square", keep_square),
        "epsilon": epsilon_of(epsilon),
    }
    return with_options("RMSProp", lines, constants, (weight_decay, clip_value, clip_norm), schedule, ("square_jar",))


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
    """Two leaking jars, one of coins and one of their squares, each divided by how full it is (Kingma and Ba 2015).

    keep_mean, keep_square: the part of each jar that a commit keeps, 0 to below 1; the paper's beta1 and beta2.
    epsilon: 0 or more, added after the root. Options and errors as for `SGD`.
    """
    lines = (*ADAM, "adjustment = -learning_rate * mean / (sqrt(square) + epsilon)")
    constants = _adam_constants(learning_rate, keep_mean, keep_square, epsilon)
    house, options = {"old_savings": OLD_SAVINGS}, (weight_decay, clip_value, clip_norm)
    return with_options("Adam", lines, constants, options, schedule, JARS, house, FILLS)


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
    """Adam whose weight decay shrinks the weight itself and stays out of the jars (Loshchilov and Hutter 2019).

    Arguments as for `Adam`.
    """
    lines = (
        *ADAM,
        "house = -learning_rate * weight_decay * before",
        "move = -learning_rate * mean / (sqrt(square) + epsilon)",
        "adjustment = house + move",
    )
    constants = _adam_constants(learning_rate, keep_mean, keep_square, epsilon)
    constants["weight_decay"] = number("weight_decay", weight_decay, "0.01", least=0.0)
    house = {"old_savings": OLD_SAVINGS, "house": HOUSE}
    return with_options("AdamW", lines, constants, (0.0, clip_value, clip_norm), schedule, JARS, house, FILLS)


def _adam_constants(learning_rate: float, keep_mean: float, keep_square: float, epsilon: float) -> dict[str, float]:
    jars = {"keep_mean": part_kept("keep_mean", keep_mean), "keep_square": part_kept("keep_square", keep_square)}
    return {**rate(learning_rate), **jars, "epsilon": epsilon_of(epsilon)}
