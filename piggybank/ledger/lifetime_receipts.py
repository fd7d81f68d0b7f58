"""Receipts of the account of a data row: how far its coins moved a weight, in their own and all later commits."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from piggybank.ledger.commit_receipts import word
from piggybank.ledger.lasting import values_of, way_of, whole_parts
from piggybank.ledger.lasting_receipts import (
    KEPT,
    PART,
    Operand,
    give_steps,
    in_average,
    now_steps,
    rate_ref,
    summed,
    worked,
)
from piggybank.ledger.lines import Receipt, Ref
from piggybank.ledger.records import Weight

if TYPE_CHECKING:
    from piggybank.ledger.ledger import Ledger

LATER, LEFT = "later", "left"
"""Parts of the references: what of what is saved gets through in all commits from here on, and after this one."""


def lifetime_receipt(ledger: Ledger, ref: Ref) -> Receipt:
    """batch 0: how far the row `sample` moved a weight over the whole run; otherwise one coin of it, or its parts."""
    weight, header = ledger.weight(ref.name), ledger.header
    if ref.part:
        return _whole_part(ledger, weight, ref)
    if ref.batch:
        part = whole_parts(ledger, weight)[ref.batch]
        whole = ("*", "Gets through in all commits", part, Ref("lifetime", ref.name, ref.batch, part=PART))
        operands = [*in_average(ledger, weight, ref.batch, ref.sample), whole]
        title = f"What the coin of batch {ref.batch}, sample {ref.sample} moved {ref.name} in all"
        return worked(ref, title, "One coin", operands, "Moved in all")
    terms = []
    for record in ledger:
        for sample in (place for place, row in enumerate(record.rows, 1) if row == ref.sample - 1):
            coin = Ref("lifetime", ref.name, record.batch, sample)
            terms.append((f"Its coin in batch {record.batch}", lifetime_receipt(ledger, coin).value, coin))
    title = f"How far {header.row_names[ref.sample - 1]} moved {ref.name} over the whole run"
    return summed(ref, title, "All its coins", terms, "Moved in all")


def _whole_part(ledger: Ledger, weight: Weight, ref: Ref) -> Receipt:
    way, batch = way_of(ledger.header), ref.batch
    title = f"What a coin of batch {batch} moves {ref.name} in all commits"
    if not way.memory:
        return worked(ref, title, "All commits", now_steps(ledger, weight, batch), "Gets through in all commits")
    values = values_of(ledger, weight, batch)
    later = _later(ledger, weight, batch)
    if ref.part == LATER:
        parts = give_steps(ledger, weight, batch)
        if batch < len(ledger):
            after = way.keep(values_of(ledger, weight, batch + 1)) * _later(ledger, weight, batch + 1)
            spent = Ref("lasting", ref.name, batch, batch, part=KEPT)
            parts = [
                ("", "Spent in this commit", way.give(values), spent),
                ("+", "Kept for all later ones", after, replace(ref, part=LEFT)),
            ]
        return worked(ref, f"{title}, saved", "All commits", parts, "Of what is saved, in all commits")
    if ref.part == LEFT:
        name = "keep_mean" if way.memory == "mean_jar" else "friction"
        next_on = replace(ref, batch=batch + 1, part=LATER)
        operands: list[Operand] = [
            ("", word(ledger.header, name), way.keep(values_of(ledger, weight, batch + 1)), Ref("setting", name)),
            ("*", f"From batch {batch + 1} on", _later(ledger, weight, batch + 1), next_on),
        ]
        return worked(ref, f"{title}, kept", "All commits", operands, "Kept for all later ones")
    operands = [("", "Of what is saved, in all commits", later, ref.of_part(LATER))]
    if way.memory == "mean_jar":
        jar = Ref("commit", weight.name, batch, part="mean_jar")
        operands.append(("*", "Of a coin goes into the jar", way.take(values), jar))
    if way.now(values):
        operands.append(("+", "And at once, −learning rate", way.now(values), rate_ref(ledger, batch)))
    return worked(ref, title, "All commits", operands, "Gets through in all commits")


def _later(ledger: Ledger, weight: Weight, batch: int) -> float:
    way, later, keep = way_of(ledger.header), 0.0, 0.0
    for other in range(len(ledger), batch - 1, -1):
        values = values_of(ledger, weight, other)
        later = way.give(values) + keep * later
        keep = way.keep(values)
    return later
