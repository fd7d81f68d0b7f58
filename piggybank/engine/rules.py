"""How a bank's total becomes an adjustment: a rule is its recipe, a few lines of arithmetic.

Sign convention, stated once: a coin is the gradient; the minus sign appears where the bank is broken.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

from piggybank.engine.data import DataError
from piggybank.recipe import Recipe
from piggybank.wording import suggestion

EXAMPLES = {"adjustment": "-learning_rate * average", "after": "before + adjustment"}


@dataclass(frozen=True)
class Rule:
    """A recipe with its constants.

    lines use `average` (a run that reduces by "total" puts the total in its place), `total`, `count`, `before`, the
    constants, the memory, and what earlier lines defined; they define at least `adjustment` and `after`.
    memory: names kept per weight between commits, starting at 0; a line gives each its next value.
    Raises DataError for a recipe that cannot be carried out.
    """

    name: str
    lines: tuple[str, ...]
    constants: dict[str, float] = field(default_factory=dict)
    memory: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        known = {"average", "total", "count", "before", *self.constants, *self.memory}
        defined = set()
        for name, formula in self.recipe("average").lines[1:]:
            missing = [used for used in formula.names if used not in known]
            if missing:
                known_names = suggestion(missing[0], sorted(known))
                raise DataError(f"the rule {self.name!r} uses {missing[0]!r}, which nothing gives it; {known_names}")
            known.add(name)
            defined.add(name)
        for needed in ("adjustment", "after", *self.memory):
            if needed not in defined:
                example = f"add a line such as '{needed} = {EXAMPLES.get(needed, 'average')}'"
                raise DataError(f"the rule {self.name!r} never says what {needed!r} becomes; {example}")

    def recipe(self, reduce: str) -> Recipe:
        """The recipe for "average" (total / count is a line of its own) or "total" (total takes its place)."""
        if reduce == "average":
            return Recipe.of(("average = total / count", *self.lines))
        return Recipe.of(re.sub(r"\baverage\b", "total", line) for line in self.lines)


def SGD(learning_rate: float) -> Rule:  # noqa: N802  # reads as the field writes it
    """Stochastic gradient descent: adjustment = -learning_rate * average."""
    _check_rate(learning_rate)
    lines = ("adjustment = -learning_rate * average", "after = before + adjustment")
    return Rule("SGD", lines, {"learning_rate": float(learning_rate)})


def _check_rate(value: float) -> None:
    good = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    if not good:
        raise DataError(f"learning_rate should be a finite number, got {value!r}; try 0.1")
