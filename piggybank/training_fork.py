"""What if: a run that leaves another one before one of its commits and goes on with other settings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from piggybank.engine.checks import is_whole, number
from piggybank.engine.data import DataError, Dataset
from piggybank.engine.rule import Rule
from piggybank.ledger.cut import Cut
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.records import Parent
from piggybank.training_header import check_rule
from piggybank.training_order import Orders, Start
from piggybank.wording import quote


def checked(ledger: Ledger, batch: int) -> int:
    """The batch; DataError unless the ledger holds the state before it."""
    if not is_whole(batch) or batch > len(ledger) + 1:
        advice = "train further first" if is_whole(batch) else "try fork(1)"
        raise DataError(f"fork expects a batch from 1 to {len(ledger) + 1}, got {quote(batch)}; {advice}")
    return int(batch)


def with_rate(rule: Rule, learning_rate: float | None) -> Rule:
    """The rule at another learning rate."""
    check_rule(rule)
    if learning_rate is None:
        return rule
    if "learning_rate" not in rule.constants:
        raise DataError(f"the rule {rule.name!r} has no learning_rate to change; give rule=… instead")
    return replace(rule, constants={**rule.constants, "learning_rate": number("learning_rate", learning_rate, "0.1")})


def without_rows(dataset: Dataset, without: Sequence[int | str]) -> tuple[Dataset, dict[int, int]]:
    """The data without some rows (their numbers from 1, or names, each of all rows that are called so), and where each
    row that is left stands now."""
    names, out = list(dataset.row_names), set[int]()
    if isinstance(without, (str, bytes, Mapping)) or not isinstance(without, Iterable):
        example = f"without=[{quote(without)}]" if isinstance(without, (str, int)) else "without=[2]"
        raise DataError(f"without expects a list of rows, got {quote(without)}; try {example}")
    for asked in without:
        out.update(_places(names, asked))
    kept = [row for row in range(len(names)) if row not in out]
    if not kept:
        raise DataError("without leaves no row to learn from; keep one at least")
    if not out:
        return dataset, {row: row for row in kept}
    left = replace(
        dataset,
        inputs=dataset.inputs[kept],
        targets=dataset.targets[kept],
        row_names=tuple(names[row] for row in kept),
    )
    return left, {row: place for place, row in enumerate(kept)}


def _places(names: Sequence[str], asked: Any) -> list[int]:
    """Where the rows stand that a number or a name means. Rows that nobody named are called by their numbers in all the
    data, of which some may be held back or left out by now: then a number is such a name."""
    numbered = all(re.fullmatch(r"row \d+", name) for name in names)
    row: Any = f"row {asked}" if numbered and is_whole(asked) else asked
    if is_whole(row) and row <= len(names):
        return [int(row) - 1]
    if isinstance(row, str) and row in names:
        return [place for place, name in enumerate(names) if name == row]
    which = f"rows from 1 to {len(names)}, or their names"
    if numbered and names[-1] != f"row {len(names)}":
        which = f"some of {', '.join(names[:5])}{', …' if len(names) > 5 else ''}"
    raise DataError(f"without expects {which}, got {quote(asked)}")


def left_out(names: Sequence[str], places: Mapping[int, int]) -> tuple[str, ...]:
    """The names of the rows that have no place in the fork; with its number where a row that stays has the same."""
    staying = {names[row] for row in places}
    out = [(row, name) for row, name in enumerate(names, 1) if row - 1 not in places]
    return tuple(f"{name} (row {row})" if name in staying else name for row, name in out)


def start_of(
    ledger: Ledger, batch: int, orders: Orders, places: Mapping[int, int], size: int | None, parts: int
) -> Start:
    """Where a fork before that batch begins. orders: the parent's; places: where its rows stand in the fork's data;
    size: samples of the fork's commits, None for batches cut as the parent's were; parts: micro-batches of a commit.
    When all rows that are left were banked in this epoch already, or the rows done so far are no whole batches of that
    size, a new epoch begins."""
    header, epoch = ledger.header, ledger.header.epoch(batch)
    order = orders.of_epoch(epoch)
    done = sum(row in places for row in order[: header.cut.start(header.place(batch))])
    if done == len(places):
        epoch, done = epoch + 1, 0
        order = orders.of_epoch(epoch)
    if size is None:
        cut, skip = header.cut.without([row not in places for row in order], header.place(batch) if done else 0)
    else:
        cut, skip = Cut(len(places), size), 0 if done % size else done // size
    cut = replace(cut, size=parts * min(cut.size // parts, cut.places))
    memory: dict[str, Any] = {}
    if batch > 1 or header.initial_memory:
        memory = {**ledger.memory_at(batch - 1), **ledger.shared_memory_at(batch - 1)}
    earlier = header.parent or Parent("", 0)
    parent = Parent(
        ledger.seal_at(batch - 1),
        batch - 1,
        left_out(header.row_names, places),
        cut.empty,
        earlier.commits + batch - 1,
        earlier.epochs + epoch - 1,
    )
    return Start(parent, ledger.weights_at(batch - 1), memory, cut, skip, orders, places, epoch - 1)
