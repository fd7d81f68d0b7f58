"""What people write themselves, rules and schedules: their lines, names and constants, each refused in one sentence
that says where it stands."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from piggybank.arithmetic import SCALAR
from piggybank.engine.checks import number
from piggybank.engine.data import DataError
from piggybank.formula import FormulaError
from piggybank.grammar import REDUCTIONS
from piggybank.recipe import Recipe
from piggybank.wording import quote

LONGEST_NAME, LONGEST_LINE, MOST_LINES = 500, 2000, 150
"""In characters, and lines: what a file of a run holds."""


def title(kind: str, name: Any) -> str:
    """How messages speak of it: "the rule 'mine'". DataError for a name that is not one line of text."""
    if not isinstance(name, str) or not name.strip() or not name.isprintable() or len(name) > LONGEST_NAME:
        raise DataError(f"a {kind} should have a name, one line of text, got {quote(name)}; try 'mine'")
    return f"the {kind} {quote(name)}"


def lines_of(who: str, lines: Any) -> Recipe:
    """The lines as a recipe. Raises DataError for what is no list of lines such as 'trend = 0.5 * trend'."""
    if isinstance(lines, str):
        raise DataError(f"{who} expects a list of lines, got one text, {quote(lines)}; try brackets and a comma, (…,)")
    if not isinstance(lines, Sequence) or isinstance(lines, bytes):
        raise DataError(f"{who} expects a list of lines, got {quote(lines)}; try ('trend = 0.5 * trend', …)")
    if len(lines) > MOST_LINES:
        raise DataError(f"{who} has {len(lines):,} lines, expected at most {MOST_LINES}; put some of them into one")
    return Recipe(tuple(_line(f"line {place} of {who}", line) for place, line in enumerate(lines, 1)))


def _line(where: str, text: Any) -> Any:
    if not isinstance(text, str) or "=" not in text or not text.strip().isprintable():
        raise DataError(f"{where} should be a text such as 'trend = 0.5 * trend', with a name and =, got {quote(text)}")
    if len(text) > LONGEST_LINE:
        raise DataError(f"{where} is {len(text):,} characters long, expected at most {LONGEST_LINE:,}; make two of it")
    name, formula = (part.strip() for part in text.split("=", 1))
    named(f"{where} should begin with", name)
    if formula.startswith("="):
        raise DataError(f"{where} says what {quote(name)} is with ==, expected one =; try {quote(f'{name} {formula}')}")
    try:
        return Recipe.of([text]).lines[0]
    except FormulaError as problem:
        raise DataError(f"{where}: {problem}") from None


def named(where: str, name: Any) -> str:
    """A name that formulas can use. where: how a message begins, such as "memory= of the rule 'mine' should hold"."""
    fits = isinstance(name, str) and name.isascii() and name.isidentifier() and not name.startswith("_")
    if not fits or keyword.iskeyword(name):
        raise DataError(f"{where} a name of letters a to z, digits and _, got {quote(name)}; try 'trend'")
    if name in SCALAR or name in REDUCTIONS:
        raise DataError(f"{where} a name of your own, got {quote(name)}, which is a function; try {quote(name + '_1')}")
    return str(name)


def names_of(who: str, what: str, names: Any) -> tuple[str, ...]:
    """Names in a list, such as a rule's memory."""
    if isinstance(names, (str, bytes, Mapping)) or not isinstance(names, Iterable):
        example = repr((names,)) if isinstance(names, str) else "('trend',)"
        raise DataError(f"{what}= of {who} should be a list of names, got {quote(names)}; try {what}={example}")
    return tuple(named(f"{what}= of {who} should hold", name) for name in names)


def constants_of(who: str, constants: Any) -> dict[str, float]:
    """Numbers by name, all of them finite."""
    if not isinstance(constants, Mapping):
        raise DataError(f"{who} expects its constants by name, got {quote(constants)}; try {{'learning_rate': 0.1}}")
    return {
        named(f"a constant of {who} should have", name): number(f"the constant {quote(name)} of {who}", value, "0.1")
        for name, value in constants.items()
    }
