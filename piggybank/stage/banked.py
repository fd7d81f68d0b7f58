"""What a weight's bank holds at a moment: this batch's coins, and before them what nobody took out."""

from __future__ import annotations

from piggybank.ledger import bank as banks
from piggybank.ledger.kept import kept_before, unemptied
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Ref
from piggybank.ledger.records import Weight
from piggybank.stage.known import Known


def keeps(ledger: Ledger, known: Known) -> bool:
    """Whether the banks already held something when this batch began, because nobody empties them."""
    header = ledger.header
    return bool(unemptied(header)) and (known.batch > 1 or unemptied(header) in header.initial_memory)


def bank_ref(ledger: Ledger, known: Known, name: str) -> Ref:
    """The receipt behind what a weight's bank holds now."""
    if not keeps(ledger, known):
        return known.bank_ref(name)
    if known.banked == 0:
        return kept_before(ledger, ledger.weight(name), known.batch)[1]
    return Ref("kept", name, known.batch, known.banked, known.seen)


def in_bank(ledger: Ledger, known: Known, weight: Weight) -> tuple[float, Ref] | None:
    """What a weight's bank holds now, with its receipt; None while it is empty."""
    kept = kept_before(ledger, weight, known.batch)[0] if keeps(ledger, known) else None
    if known.banked == 0:
        return None if kept is None else (kept, bank_ref(ledger, known, weight.name))
    total = float(banks.running_totals(ledger.header, ledger.batch(known.batch), weight)[known.banked])
    return total if kept is None else kept + total, bank_ref(ledger, known, weight.name)
