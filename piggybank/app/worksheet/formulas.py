"""Formulas as they stand over a column: names in words, constants as numbers; and which of them a pencil can do."""

from __future__ import annotations

import re
from collections.abc import Mapping

from piggybank.grammar import REDUCTIONS
from piggybank.ledger.recipe_words import keeps_coins, operand_word, result_word
from piggybank.ledger.records import Header
from piggybank.ledger.strip import written
from piggybank.recipe import Recipe, Reduction
from piggybank.stage.digits import shown

SHORT = {
    "total": "total",
    "count": "count",
    "average": "average",
    "before": "before",
    "adjustment": "adjustment",
    "after": "new weight",
    "learning_rate": "hammer",
    "sum_of_averages": "sum of averages",
    "micro_batches": "micro-batches",
}
"""Names that need fewer words over a column than in a receipt."""
PENCIL = frozenset({"sqrt", "abs", "min", "max", "sign", *REDUCTIONS})
"""Functions that a pencil, or the simplest of calculators, can do."""
_WORD = re.compile(r"[A-Za-z_]\w*")
_CALLED = re.compile(r"([A-Za-z_]\w*)\(")


def by_hand(text: str) -> bool:
    """Whether a formula is arithmetic that a learner can do."""
    return set(_CALLED.findall(text)) <= PENCIL


def result(header: Header, name: str) -> str:
    """What the result of a line of the rule is called over its column."""
    if name in SHORT and not (name == "total" and keeps_coins(header)):
        return SHORT[name]
    return _small(result_word(header, name))


def operand(header: Header, name: str, made: Recipe) -> str:
    """What a name is called in a line; made: the lines above it."""
    if name in SHORT and name not in header.memory:
        return result(header, name)
    if name in dict(made.lines):
        return _small(result_word(header, name))
    return _small(operand_word(header, name, header.recipe))


def line_hint(header: Header, place: int) -> str:
    """How the line of the rule at a place is carried out."""
    lines, scheduled = header.recipe.lines, {name for name, _ in header.schedule.lines}
    made = Recipe(lines[:place])
    spelled = {name: operand(header, name, made) for name in lines[place][1].names}
    spelled |= {name: _constant(value) for name, value in header.constants.items() if name not in scheduled}
    line = lines[place][1]
    if isinstance(line, Reduction):
        text = spell(line.inner.text, spelled)
        return f"{text} of all weights, added" if line.function == "sum" else f"the largest {text} of all weights"
    return spell(line.text, spelled)


def spell(text: str, spelled: Mapping[str, str]) -> str:
    """A formula with its names replaced, in the signs that people write."""
    whole = written(text).replace("sqrt", "√").replace("<=", "≤").replace(">=", "≥")
    return _WORD.sub(lambda found: spelled.get(found[0], found[0]), whole)


def fraction(value: float) -> str:
    """A number, and the fraction that it is where that is easier to reckon with: "0.125, that is 1/8"."""
    text = shown(value)
    parts = next((n for n in (2, 4, 8, 16, 32, 64, 128) if value * n == 1), 0)
    return f"{text}, that is 1/{parts}" if parts else text


def _constant(value: float) -> str:
    text = shown(value)
    return f"({text})" if value < 0 else text


def _small(words: str) -> str:
    """As it stands over a column; of a house coin only what it comes from."""
    return f"{words[:1].lower()}{words[1:]}".removesuffix(", the house coin")
