"""The row of arithmetic where nobody empties the banks: what was kept, the new coins, and what it comes to."""

from __future__ import annotations

from piggybank.ledger import bank as banks
from piggybank.ledger.kept import kept_before
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Ref
from piggybank.ledger.records import Weight
from piggybank.stage import palette as p
from piggybank.stage.banked import bank_ref
from piggybank.stage.digits import shown
from piggybank.stage.known import Known
from piggybank.stage.tokens import Token


def kept_tokens(ledger: Ledger, known: Known, weight: Weight, rank: int) -> list[Token]:
    """kept −4."""
    kept, origin = kept_before(ledger, weight, known.batch)
    return [Token("kept", rank=rank + 1), Token(shown(kept, True), p.YELLOW_INK, origin, rank)]


def held_tokens(ledger: Ledger, known: Known, weight: Weight, rank: int) -> list[Token]:
    """→ bank −6."""
    value = kept_before(ledger, weight, known.batch)[0] + _new(ledger, known, weight)
    ref = bank_ref(ledger, known, weight.name)
    return [Token("→", rank=max(rank, 1)), Token("bank", rank=rank), Token(shown(value, True), p.YELLOW_INK, ref, rank)]


def kept_total(ledger: Ledger, known: Known, weight: Weight) -> list[Token]:
    """kept −4 + coin −2 → bank −6: what breaks."""
    new = Ref("bank", weight.name, known.batch, known.count, known.seen)
    return [
        *kept_tokens(ledger, known, weight, 1),
        Token("+", rank=1),
        Token("coin" if known.count == 1 else "coins", rank=2),
        Token(shown(_new(ledger, known, weight), True), p.YELLOW_INK, new, 1),
        *held_tokens(ledger, known, weight, 0),
    ]


def _new(ledger: Ledger, known: Known, weight: Weight) -> float:
    """The coins of this batch."""
    return float(banks.running_totals(ledger.header, ledger.batch(known.batch), weight)[known.banked])
