"""The table in which the banks break: every line of the rule is a column, whatever the rule."""

from __future__ import annotations

from typing import Any

import numpy as np

from piggybank.app.vocabulary import SIGNED
from piggybank.app.worksheet.formulas import by_hand, line_hint, operand, result
from piggybank.app.worksheet.model import ALONE, COIN, DATA, FINAL, HALF, STEP, Column, Row, Table
from piggybank.app.worksheet.samples import Excerpt
from piggybank.ledger.weights import place_of
from piggybank.recipe import Recipe, Reduction
from piggybank.stage.digits import shown, weight_title

WITH_SIGN = SIGNED | {"sum_of_averages", "look_ahead", "move", "once", "coins", "left"}
COUNTED = {"count": "samples", "micro_batches": "parts"}
"""Names of the rule that a learner finds by counting."""
TOLD = {
    "sum_of_averages": "each micro-batch’s coins ÷ its samples, added",
    "repeats": "loops over inputs",
    "commit": "its number",
    "epoch": "its number",
    "batch_size": "of a whole batch",
}
MOVES = ("adjustment", "after")


def steps_table(excerpt: Excerpt, batch: int, help_given: int) -> Table:
    """From the total to the new weight, one weight a row."""
    header = excerpt.header
    kept = (*header.memory, *header.shared_memory)
    given, found = excerpt.ledger.given_at(batch), excerpt.ledger.commit_at(batch)
    columns = [_column(excerpt, name, operand(header, name, Recipe(())), "", given[name], DATA, help_given == ALONE)
               for name in kept]  # fmt: skip
    if header.count(batch) == 1 and "total" in header.needs:
        words = result(header, "total"), "the coin"
        columns.append(_column(excerpt, "total", *words, given["total"], COIN, help_given == ALONE))
    for name in _asked_for(excerpt):
        blank = (name in COUNTED and help_given == ALONE) or (name == "sum_of_averages" and help_given >= HALF)
        hint = COUNTED.get(name) or TOLD.get(name, "of this commit")
        columns.append(_column(excerpt, name, result(header, name), hint, given[name], DATA, blank))
    for place, (name, line) in enumerate(header.recipe.lines):
        can = by_hand(line.text) and (excerpt.whole or not isinstance(line, Reduction))
        kind = FINAL if name in MOVES else STEP
        words = result(header, name), line_hint(header, place)
        columns.append(_column(excerpt, name, *words, found[name], kind, can and help_given >= HALF))
    rows = tuple(Row(weight_title(weight.source, weight.target)) for weight in excerpt.weights)
    return Table("weight", rows, tuple(columns))


def _asked_for(excerpt: Excerpt) -> list[str]:
    """What the rule reads of the commit itself, in the order of its lines: counts, and what a schedule sets."""
    header, made = excerpt.header, set[str]()
    known = {"total", "before", *header.memory, *header.shared_memory}
    known |= header.constants.keys() - dict(header.schedule.lines).keys()
    found: dict[str, None] = {}
    for name, line in header.recipe.lines:
        found |= dict.fromkeys(used for used in line.names if used not in known and used not in made)
        made.add(name)
    return list(found)


def _column(excerpt: Excerpt, name: str, head: str, hint: str, value: Any, kind: str, blank: bool) -> Column:
    """value: one number, or one for each weight of the network."""
    if np.ndim(value) == 0:
        numbers = [float(value)]
    else:
        numbers = [float(value[place_of(excerpt.header.layers, weight)]) for weight in excerpt.weights]
    return Column(head, hint, kind, tuple(shown(number, name in WITH_SIGN) for number in numbers), blank)
