"""How a bank's total becomes an adjustment: a rule is its recipe, a few lines of arithmetic.

Sign convention, stated once: a coin is the gradient; the minus sign appears where the bank is broken.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from piggybank.engine.data import DataError
from piggybank.formula import Recipe


@dataclass(frozen=True)
class Rule:
    """A recipe with its constants.

    lines use `average` (or `total` when the run's reduce is "total"), `before`, the constants and the memory; the last
    two must be `adjustment = …` and `after = before + adjustment`.
    memory: names kept per weight between commits, starting at 0.
    """

    name: str
    lines: tuple[str, ...]
    constants: dict[str, float] = field(default_factory=dict)
    memory: tuple[str, ...] = ()

    def recipe(self, reduce: str) -> Recipe:
        """The recipe for "average" (total / count is a line of its own) or "total" (total takes its place)."""
        if reduce == "average":
            return Recipe.of(("average = total / count", *self.lines))
        return Recipe.of(line.replace("average", "total") for line in self.lines)


def SGD(learning_rate: float) -> Rule:  # noqa: N802  # reads as the field writes it
    """Stochastic gradient descent: adjustment = -learning_rate * average."""
    _check_rate(learning_rate)
    lines = ("adjustment = -learning_rate * average", "after = before + adjustment")
    return Rule("SGD", lines, {"learning_rate": float(learning_rate)})


def _check_rate(value: float) -> None:
    good = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    if not good:
        raise DataError(f"learning_rate should be a finite number, got {value!r}; try 0.1")
