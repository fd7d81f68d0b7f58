"""A rule is its recipe: a few lines of arithmetic that turn a bank's total into an adjustment.

Sign convention, stated once: a coin is the gradient; the minus sign appears where the bank is broken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from piggybank.engine.data import DataError
from piggybank.engine.schedules import Schedules, combined, listed
from piggybank.engine.written import MOST_LINES, constants_of, lines_of, names_of, title
from piggybank.formula import Formula
from piggybank.recipe import Recipe, Reduction
from piggybank.spelling import spelled
from piggybank.wording import quote, suggestion

GIVEN = frozenset(
    ("average", "total", "count", "before", "commit", "epoch", "batch_size", "sum_of_averages", "micro_batches")
) | {"repeats"}
"""What every recipe may use without defining it, besides the constants, the memory and earlier lines."""
OWN = ("average", "total", "before", "sum_of_averages", "repeats")
"""Names in `GIVEN` that have a value for each weight; the others are one number for all."""
Lines: TypeAlias = "Sequence[tuple[str, Formula | Reduction]]"


@spelled
@dataclass(frozen=True)
class Rule:
    """How a bank's total becomes an adjustment: a recipe, which is a few lines of arithmetic, and its constants.

    name: what people call it. lines: such as "adjustment = -learning_rate * average", carried out in order for every
    weight. They may use `average` (in a run with reduce="total" the total takes its place), `total`, `count`, `before`,
    `commit` and `epoch` (both counted from 1), `batch_size`, the constants, the memory, and what earlier lines define;
    they must define `adjustment` and `after`. A line may be `sum(...)` or `largest(...)` of a formula, which is one
    number over all weights. constants: finite numbers by name.
    memory: names of numbers kept for each weight from commit to commit, 0 at first; a line gives each its next value.
    shared_memory: names of numbers kept likewise, but one for all weights. schedule: a `Schedule` or a list of them,
    which multiply the constant `learning_rate`. house: the names of lines that today's samples did not cause, such as
    weight decay, and what people call them. Raises DataError for a recipe that cannot be carried out.
    """

    name: str
    lines: tuple[str, ...]
    constants: Mapping[str, float] = field(default_factory=dict)
    memory: tuple[str, ...] = ()
    shared_memory: tuple[str, ...] = ()
    schedule: Schedules = None
    house: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        who = title("rule", self.name)
        for name, value in {
            "lines": lines_of(who, self.lines).text,
            "constants": constants_of(who, self.constants),
            "memory": names_of(who, "memory", self.memory),
            "shared_memory": names_of(who, "shared_memory", self.shared_memory),
            "schedule": listed(self.schedule),
        }.items():
            object.__setattr__(self, name, value)  # frozen from now on
        lines = self.recipe("average").lines[1:]
        self._check_lines(who, lines, self._fixed(who))
        self._check_shared(who, lines)
        object.__setattr__(self, "house", _house(who, self.house, {name for name, _ in lines}))

    def __repr__(self) -> str:
        settings = ", ".join(f"{name} {value:g}" for name, value in self.settings.items())
        return f"<Rule {self.name}: {settings or 'no constants'}; print() shows its {len(self.lines)} lines>"

    def __str__(self) -> str:
        kept = f"   [keeps {', '.join(self._kept)}]" if self._kept else ""
        rates = [f"  {name} = {line.text}" for name, line in self.rates.lines]
        constants = [f"  {name} = {value:g}" for name, value in self.settings.items()]
        return "\n".join([f"{self.name}{kept}", *constants, *rates, *(f"  {line}" for line in self.lines)])

    @property
    def _kept(self) -> tuple[str, ...]:
        return (*self.memory, *self.shared_memory)

    def _fixed(self, who: str) -> list[str]:
        """Names that no line may give another meaning: what is given, the constants, and what the schedule says."""
        rates, settings = self._schedule
        if rates.lines and "learning_rate" not in self.constants:
            raise DataError(f"{who} has a schedule but no learning_rate; call its rate so")
        if len(rates.lines) > MOST_LINES:
            raise DataError(f"the schedules of {who} have {len(rates.lines)} lines, expected at most {MOST_LINES}")
        if "after" in self._kept:
            raise DataError(f"{who} keeps 'after', which is the weight itself; leave it out, and use 'before'")
        factors = [name for name, _ in rates.lines[:-1]]
        fixed = [*GIVEN, *self.constants, *settings, *factors]
        names = [*fixed, *self._kept]
        twice = [name for name in names if names.count(name) > 1]
        if twice:
            raise DataError(f"{who} has two meanings for {quote(twice[0])}; rename one of them")
        return fixed

    def _check_lines(self, who: str, lines: Lines, fixed: Sequence[str]) -> None:
        """Whether every line uses only what is known by then, and each name is said once and all that is needed."""
        known, defined = {*fixed, *self._kept}, set[str]()
        for place, (name, formula) in enumerate(lines):
            for used in formula.names:
                if used not in known:
                    raise DataError(f"{who} {self._unknown(used, name, [later for later, _ in lines[place:]])}")
            if name in defined or name in fixed:
                raise DataError(f"{who} says twice what {quote(name)} is; rename one of them")
            known.add(name)
            defined.add(name)
        for needed in ("adjustment", "after", *self._kept):
            if needed not in defined:
                raise DataError(f"{who} {self._missing(needed)}")

    def _unknown(self, used: str, name: str, later: list[str]) -> str:
        """What is said of a name that nothing has given yet; later: what this line and those below it define."""
        if used == name:
            return f"uses {quote(used)} in the line that says what it is; add memory=({used!r},) to keep its last value"
        if used in later:
            return f"uses {quote(used)} above the line that says what it is; put that line further up"
        if used == "adjustment":
            return self._missing(used)
        if used == "learning_rate":
            return "uses 'learning_rate', which nothing gives it; add it to the constants, {'learning_rate': 0.1}"
        known = sorted({*GIVEN, *self.settings, *self.memory, *self.shared_memory})
        return f"uses {quote(used)}, which nothing gives it; {suggestion(used, known)}"

    def _missing(self, needed: str) -> str:
        rate = "learning_rate" if "learning_rate" in self.constants else "0.1"
        example = {"adjustment": f"-{rate} * average", "after": "before + adjustment"}.get(needed, "average")
        return f"never says what {quote(needed)} becomes; add a line such as '{needed} = {example}'"

    def _check_shared(self, who: str, lines: Lines) -> None:
        """Whether what is one number for all weights is, and what each weight has of its own likewise."""
        own = {*OWN, *self.memory}
        for name, line in lines:
            whole = isinstance(line, Reduction)
            if name in self.shared_memory and not whole and own.intersection(line.names):
                raise DataError(
                    f"{who} keeps {quote(name)} as one number for all weights, but its line gives every weight its "
                    "own; move it to memory="
                )
            if whole and (name == "after" or name in self.memory):
                raise DataError(
                    f"{who} makes {quote(name)} one number for all weights, but every weight has its own; "
                    f"give the {line.text.split('(')[0]} a line and a name, and use that"
                )
            if not whole and own.intersection(line.names):
                own.add(name)

    def goes_on_from(self, other: Rule) -> bool:
        """Whether this rule can use the memory that the other has left: both have the same name and keep the same."""
        mine, others = ((rule.name, rule.memory, rule.shared_memory) for rule in (self, other))
        return mine == others

    @cached_property
    def _schedule(self) -> tuple[Recipe, dict[str, float]]:
        return combined(self.schedule)

    @property
    def rates(self) -> Recipe:
        """The schedule's lines; the last sets the learning rate of a commit. No lines without a schedule."""
        return self._schedule[0]

    @property
    def settings(self) -> dict[str, float]:
        """The constants of the rule and of its schedule."""
        return {**self.constants, **self._schedule[1]}

    def recipe(self, reduce: str) -> Recipe:
        """The recipe for "average" (total / count is a line of its own) or "total" (total takes its place)."""
        if reduce == "average":
            return Recipe.of(("average = total / count", *self.lines))
        return Recipe.of(re.sub(r"\baverage\b", "total", line) for line in self.lines)


def _house(who: str, house: Any, lines: set[str]) -> dict[str, str]:
    """Lines and what people call them."""
    if not isinstance(house, Mapping):
        raise DataError(f"house= of {who} expects words by line, got {quote(house)}; try {{'old': 'Old savings'}}")
    for name, words in house.items():
        if name not in lines:
            raise DataError(f"house= of {who} names {quote(name)}, which none of its lines says; name one of them")
        if not isinstance(words, str) or not words.strip() or not words.isprintable():
            raise DataError(f"house= of {who} expects words for {quote(name)}, got {quote(words)}; try 'Old savings'")
    return dict(house)
