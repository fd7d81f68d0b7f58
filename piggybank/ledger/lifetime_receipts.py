"""Receipts of the account of a data row: how far its coins moved a weight, in their own and all later commits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from piggybank.arithmetic import literal
from piggybank.ledger.lasting import history
from piggybank.ledger.lifetime import later_parts, moved_by, movements, sizes, whole_parts
from piggybank.ledger.lines import Receipt, Ref
from piggybank.ledger.recipe_words import word
from piggybank.ledger.records import LedgerError, Weight
from piggybank.ledger.sources import rate_ref
from piggybank.ledger.way_receipts import KEPT, PART, give_steps, in_average, now_steps
from piggybank.ledger.ways import way_of
from piggybank.ledger.worked import Operand, summed, worked

if TYPE_CHECKING:
    from piggybank.ledger.ledger import Ledger

LATER, LEFT = "later", "left"
"""Parts of the references: what of what is saved gets through in all commits from here on, and after this one."""


def lifetime_receipt(ledger: Ledger, ref: Ref) -> Receipt:
    """batch 0: how far the row `sample` moved a weight over the whole run, or up to the batch `banked`; otherwise one
    coin of it, or its parts. Without a name: the sizes of what it moved, of all weights together."""
    way_of(ledger.header)
    _check(ledger, ref)
    if not ref.name:
        return _coins_of_a_sample(ledger, ref) if ref.batch else _row(ledger, ref)
    if ref.part:
        return _whole_part(ledger, ledger.weight(ref.name), ref)
    return _coin(ledger, ledger.weight(ref.name), ref) if ref.batch else _row(ledger, ref)


def _last(ledger: Ledger, ref: Ref) -> int:
    """The last batch that is counted."""
    return len(ledger) if ref.banked is None else ref.banked


def _check(ledger: Ledger, ref: Ref) -> None:
    """Whether there is such a row or coin; LedgerError otherwise."""
    header, last = ledger.header, _last(ledger, ref)
    if not 0 <= last <= len(ledger):
        raise LedgerError(f"the ledger holds batches 1 to {len(ledger)}, got an account up to batch {last}")
    if not 0 <= ref.batch <= last:
        raise LedgerError(f"this account has batches 1 to {last}, got batch {ref.batch}")
    most = header.count(ref.batch) if ref.batch else header.rows
    if not ref.part and not 1 <= ref.sample <= most:
        what = f"batch {ref.batch} has samples" if ref.batch else "the data has rows"
        raise LedgerError(f"{what} 1 to {most}, got {ref.sample}; an account is that of one of them")
    if ref.part and not (ref.name and ref.batch):
        raise LedgerError("what gets through is that of one weight's coins in one batch; give both")


def _row(ledger: Ledger, ref: Ref) -> Receipt:
    """All coins of a row."""
    last, words = _last(ledger, ref), "Its coin" if ref.name else "Sizes of its coins"
    moved = moved_by(ledger, ledger.weight(ref.name), last) if ref.name else sizes(ledger, last)
    terms = []
    for batch in range(1, last + 1):
        for sample in (place for place, row in enumerate(ledger.rows_of(batch), 1) if row == ref.sample - 1):
            coin = ref._replace(batch=batch, sample=sample)
            terms.append((f"{words} in batch {batch}", moved[batch][sample - 1], coin))
    until = "over the whole run" if ref.banked is None else f"up to batch {last}"
    title = f"How far {ledger.header.row_names[ref.sample - 1]} moved {ref.name or 'all weights'} {until}"
    return summed(ref, (title, "All its coins", "Moved in all"), terms)


def _coins_of_a_sample(ledger: Ledger, ref: Ref) -> Receipt:
    """What the coins of one sample moved, of all weights, as sizes."""
    *_, (_, moved) = movements(ledger, _last(ledger, ref), ref.batch)
    header, terms = ledger.header, []
    weights = sorted(header.weights, key=lambda weight: (weight.layer, weight.row, weight.column))
    for weight, value in zip(weights, moved[ref.sample - 1].tolist(), strict=True):
        coin = ref._replace(name=weight.name)
        turned = literal(value).startswith("-")
        terms.append((f"What it moved {weight.name}, as a size", abs(value), coin.turned if turned else coin))
    title = f"How far the coins of batch {ref.batch}, sample {ref.sample} moved all weights"
    return summed(ref, (title, "All weights, in their order", "Moved, as sizes"), terms)


def _coin(ledger: Ledger, weight: Weight, ref: Ref) -> Receipt:
    part = whole_parts(ledger, weight, _last(ledger, ref))[ref.batch]
    whole = ("*", "Gets through in all commits", part, ref._replace(sample=0, part=PART))
    operands = [*in_average(ledger, weight, ref.batch, ref.sample), whole]
    title = f"What the coin of batch {ref.batch}, sample {ref.sample} moved {ref.name} in all"
    return worked(ref, title, "One coin", operands, "Moved in all")


def _whole_part(ledger: Ledger, weight: Weight, ref: Ref) -> Receipt:
    way, batch, last = way_of(ledger.header), ref.batch, _last(ledger, ref)
    title = f"What a coin of batch {batch} moves {ref.name} in all commits"
    if not way.memory:
        return worked(ref, title, "All commits", now_steps(ledger, weight, batch), "Gets through in all commits")
    found, later = history(ledger, weight, last), later_parts(ledger, weight, last)
    if ref.part == LATER:
        parts = give_steps(ledger, weight, batch)
        if batch < last:
            after = found.keep[batch + 1] * later[batch + 1]
            spent = Ref("lasting", ref.name, batch, batch, part=KEPT)
            parts = [
                ("", "Spent in this commit", found.give[batch], spent),
                ("+", "Kept for all later ones", after, ref._replace(part=LEFT)),
            ]
        return worked(ref, f"{title}, saved", "All commits", parts, "Of what is saved, in all commits")
    if ref.part == LEFT:
        if batch == last:
            raise LedgerError(f"batch {last} is the last of this account, and keeps nothing for a later one")
        kept, next_on = way.keep.text, ref._replace(batch=batch + 1, part=LATER)
        operands: list[Operand] = [
            ("", word(ledger.header, kept), found.keep[batch + 1], Ref("setting", kept)),
            ("*", f"From batch {batch + 1} on", later[batch + 1], next_on),
        ]
        return worked(ref, f"{title}, kept", "All commits", operands, "Kept for all later ones")
    operands = [("", "Of what is saved, in all commits", later[batch], ref.of_part(LATER))]
    if way.memory == "mean_jar":
        jar = Ref("commit", weight.name, batch, part="mean_jar")
        operands.append(("*", "Of a coin goes into the jar", found.take[batch], jar))
    if found.now[batch]:
        operands.append(("+", "And at once, −learning rate", found.now[batch], rate_ref(ledger, batch).turned))
    return worked(ref, title, "All commits", operands, "Gets through in all commits")
