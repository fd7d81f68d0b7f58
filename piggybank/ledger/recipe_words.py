"""What people read for the names of a rule's recipe, and how a kept number is told from what it was before."""

from __future__ import annotations

from piggybank.ledger.records import Header
from piggybank.ledger.strip import WORDS
from piggybank.recipe import Recipe

NEW_COINS = "New coins"
"""What a batch's total is called where coins of earlier ones are in the bank too."""


def word(header: Header, name: str) -> str:
    """What a name of the recipe is called in front of people."""
    if name == "total" and keeps_coins(header):
        return NEW_COINS
    return header.house.get(name) or WORDS.get(name) or name.replace("_", " ").capitalize()


def result_word(header: Header, name: str) -> str:
    """What the result of a recipe's line is called: of what is kept from commit to commit it is what is kept now."""
    return f"{word(header, name)} now" if name in (*header.memory, *header.shared_memory) else word(header, name)


def operand_word(header: Header, name: str, recipe: Recipe) -> str:
    """What a name is called in a line of the recipe until one has made it: of what is kept, what was before."""
    called = word(header, name)
    if called == result_word(header, name) or name not in dict(recipe.lines):
        return result_word(header, name)
    return f"{called.removesuffix(' is')} was" if called.endswith(" is") else f"{called} before"


def keeps_coins(header: Header) -> bool:
    """Whether a line of the recipe adds a batch's coins to those of earlier ones, as where nobody empties the banks."""
    texts = {line.text for _, line in header.recipe.lines}
    return any(f"{name} + total" in texts for name in header.memory)
