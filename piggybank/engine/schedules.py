"""Schedules: how the learning rate changes from commit to commit, written as formulas like everything else.

A schedule is a factor; several are multiplied. Each is made of lines over `commit` (1 for the first of the run),
`epoch` (likewise), `commits_per_epoch` and its own constants.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, TypeAlias

from piggybank.engine.checks import LARGEST_COUNT, is_whole, number, whole
from piggybank.engine.data import DataError
from piggybank.engine.written import constants_of, lines_of, title
from piggybank.recipe import Recipe, Reduction
from piggybank.spelling import spelled
from piggybank.wording import quote, suggestion

Schedules: TypeAlias = "Schedule | Iterable[Schedule] | None"
CLOCK = ("commit", "epoch", "commits_per_epoch")
MOST_STEPS = 40
"""More make a formula that nobody can read."""


@spelled
@dataclass(frozen=True)
class Schedule:
    """A factor of the learning rate that changes from commit to commit; a schedule of your own is one of these.

    name: what the factor is called. lines: such as "name = 1 / epoch"; they may use `commit` and `epoch` (both counted
    from 1), `commits_per_epoch`, the constants, and what earlier lines define; the last one defines `name`. Without
    lines nothing changes. constants: finite numbers by name. Raises DataError for lines that cannot be carried out.
    """

    name: str
    lines: tuple[str, ...] = ()
    constants: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        who = title("schedule", self.name)
        recipe, constants = lines_of(who, self.lines), constants_of(who, self.constants)
        object.__setattr__(self, "lines", recipe.text)  # frozen from now on
        object.__setattr__(self, "constants", constants)
        known = {*CLOCK, *constants}
        if constants.keys() & {*CLOCK}:
            raise DataError(f"{who} has two meanings for {quote(min(constants.keys() & {*CLOCK}))}; rename one of them")
        for name, formula in recipe.lines:
            if isinstance(formula, Reduction):
                raise DataError(
                    f"{who} uses {quote(formula.text)}, but a schedule has one number of everything; "
                    f"try '{name} = 1 / epoch'"
                )
            missing = [used for used in formula.names if used not in known]
            if missing:
                hint = suggestion(missing[0], sorted(known))
                raise DataError(f"{who} uses {quote(missing[0])}, which nothing gives it; {hint}")
            if name in known:
                raise DataError(f"{who} says twice what {quote(name)} is; rename one of them")
            known.add(name)
        if self.lines and self.name not in known:
            example = f"end it with '{self.name} = 1 / epoch'"
            raise DataError(f"{who} never says what it is; {example}")


@spelled
def Constant() -> Schedule:  # noqa: N802  # reads as a name, like the rules
    """The same learning rate in every commit."""
    return Schedule("constant")


@spelled
def Step(*epochs: int, factor: float = 0.5) -> Schedule:  # noqa: N802
    """Multiplies the rate by `factor` from each of these epochs on: Step(10, 20) halves it in epoch 10 and again in 20.

    epochs: ascending whole numbers from 2. factor: 0 or more. Raises DataError for others.
    """
    good = all(is_whole(epoch, 2) and epoch <= LARGEST_COUNT for epoch in epochs)
    if not epochs or not good or any(first >= second for first, second in pairwise(epochs)):
        came = quote(epochs[0] if len(epochs) == 1 else epochs)
        raise DataError(f"Step expects epochs from 2 in order, in which the rate drops, got {came}; try Step(10, 20)")
    if len(epochs) > MOST_STEPS:
        raise DataError(f"Step expects at most {MOST_STEPS} epochs, got {len(epochs)}; try Cosine(epochs={epochs[-1]})")
    factors = " * ".join(f"(1 if epoch < {epoch} else step_factor)" for epoch in epochs)
    return Schedule("step", (f"step = {factors}",), {"step_factor": number("factor", factor, "0.5", least=0.0)})


@spelled
def Cosine(epochs: int, lowest: float = 0.0) -> Schedule:  # noqa: N802
    """Lowers the rate along half a cosine wave, as SGDR does between restarts (Loshchilov and Hutter 2017).

    epochs: how long it takes. lowest: the part of the rate, 0 to 1, that is reached then and kept. Raises DataError for
    others.
    """
    lines = (
        "progress = min(1, (commit - 1) / (cosine_epochs * commits_per_epoch))",
        f"cosine = lowest + (1 - lowest) * ((1 + cos({math.pi} * progress)) / 2)",
    )
    constants = {
        "cosine_epochs": whole("Cosine", "epochs", epochs),
        "lowest": number("lowest", lowest, "0", least=0.0, most=1.0),
    }
    return Schedule("cosine", lines, constants)


@spelled
def WarmUp(commits: int) -> Schedule:  # noqa: N802
    """Raises the rate in equal steps over the first `commits` commits, up to the full rate in the last of them.

    Raises DataError for anything but a whole number from 1.
    """
    lines = ("warm_up = min(1, commit / warm_up_commits)",)
    return Schedule("warm_up", lines, {"warm_up_commits": whole("WarmUp", "commits", commits)})


def listed(schedule: Any) -> tuple[Schedule, ...]:
    """One schedule or several, in a row; DataError for anything else."""
    if schedule is None or isinstance(schedule, Schedule):
        return () if schedule is None else (schedule,)
    several = isinstance(schedule, Iterable) and not isinstance(schedule, (str, bytes, Mapping, Set))
    parts = tuple(schedule) if several else (schedule,)
    wrong = [part for part in parts if not isinstance(part, Schedule)]
    if wrong:
        raise DataError(f"schedule should be one or a list of schedules, got {quote(wrong[0])}; try Cosine(epochs=10)")
    return parts


def combined(schedule: Schedules) -> tuple[Recipe, dict[str, float]]:
    """The lines that set the learning rate, which is multiplied by every factor, and their constants."""
    lines: list[str] = []
    constants: dict[str, float] = {}
    for part in listed(schedule):
        names = {name for name, _ in Recipe.of(part.lines).lines} | set(part.constants)
        taken = names & ({name for name, _ in Recipe.of(lines).lines} | set(constants) | {"learning_rate"})
        if taken:
            raise DataError(f"two schedules say what {quote(min(taken))} is; leave one out, or call it otherwise")
        lines += part.lines
        constants.update(part.constants)
    factors = [part.name for part in listed(schedule) if part.lines]
    if factors:
        lines.append(f"learning_rate = learning_rate * {' * '.join(factors)}")
    return Recipe.of(lines), constants
