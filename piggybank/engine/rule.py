"""A rule is its recipe: a few lines of arithmetic that turn a bank's total into an adjustment.

Sign convention, stated once: a coin is the gradient; the minus sign appears where the bank is broken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from piggybank.engine.data import DataError
from piggybank.engine.schedules import Schedules, combined
from piggybank.recipe import Recipe
from piggybank.wording import quote, suggestion

GIVEN = frozenset(
    ("average", "total", "count", "before", "commit", "epoch", "batch_size", "sum_of_averages", "micro_batches")
) | {"repeats"}
"""What every recipe may use without defining it, besides the constants, the memory and earlier lines."""
EXAMPLES = {"adjustment": "-learning_rate * average", "after": "before + adjustment"}


@dataclass(frozen=True)
class Rule:
    """A recipe with its constants.

    lines use `average` (a run that reduces by "total" puts the total in its place), `total`, `count`, `before`,
    `commit` (its number), `batch_size`, the constants, the memory, and what earlier lines defined; they define at least
    `adjustment` and `after`. A line may be `sum(...)` or `largest(...)` of a formula: one number over all weights.
    memory: names kept per weight between commits, starting at 0; a line gives each its next value. shared_memory: the
    same as one number for all weights. schedule: factors of the learning rate, a `Schedule` or a list of them.
    house: lines that are not caused by today's samples, and what people call them.
    Raises DataError for a recipe that cannot be carried out.
    """

    name: str
    lines: tuple[str, ...]
    constants: Mapping[str, float] = field(default_factory=dict)
    memory: tuple[str, ...] = ()
    shared_memory: tuple[str, ...] = ()
    schedule: Schedules = None
    house: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        kept = (*self.memory, *self.shared_memory)
        rates, settings = self._schedule
        if rates.lines and "learning_rate" not in self.constants:
            raise DataError(f"the rule {self.name!r} has a schedule but no learning_rate; call its rate so")
        factors = [name for name, _ in rates.lines[:-1]]
        fixed = [*GIVEN, *self.constants, *settings, *factors]
        twice = [name for name in (*fixed, *kept) if (*fixed, *kept).count(name) > 1]
        if twice:
            raise DataError(f"the rule {self.name!r} has two meanings for {quote(twice[0])}; rename one of them")
        known, defined = {*fixed, *kept}, set[str]()
        for name, formula in self.recipe("average").lines[1:]:
            missing = [used for used in formula.names if used not in known]
            if missing:
                known_names = suggestion(missing[0], sorted(known))
                raise DataError(f"the rule {self.name!r} uses {missing[0]!r}, which nothing gives it; {known_names}")
            if name in defined or name in fixed:
                raise DataError(f"the rule {self.name!r} says twice what {name!r} is; rename one of them")
            known.add(name)
            defined.add(name)
        for needed in ("adjustment", "after", *kept):
            if needed not in defined:
                example = f"add a line such as '{needed} = {EXAMPLES.get(needed, 'average')}'"
                raise DataError(f"the rule {self.name!r} never says what {needed!r} becomes; {example}")

    @cached_property
    def _schedule(self) -> tuple[Recipe, dict[str, float]]:
        return combined(self.schedule)

    @property
    def rates(self) -> Recipe:
        """The schedule's lines; the last sets the learning rate of a commit."""
        return self._schedule[0]

    @property
    def settings(self) -> dict[str, float]:
        """The constants, and the schedule's."""
        return {**self.constants, **self._schedule[1]}

    def recipe(self, reduce: str) -> Recipe:
        """The recipe for "average" (total / count is a line of its own) or "total" (total takes its place)."""
        if reduce == "average":
            return Recipe.of(("average = total / count", *self.lines))
        return Recipe.of(re.sub(r"\baverage\b", "total", line) for line in self.lines)
