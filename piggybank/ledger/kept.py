"""Banks that nobody empties: the fault forgot-to-empty keeps every batch's coins, so that what a bank holds is what was
kept before and this batch's coins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from piggybank.arithmetic import is_exact, literal
from piggybank.formula import Formula
from piggybank.ledger import bank
from piggybank.ledger.at_hand import at_hand
from piggybank.ledger.commit_receipts import memory_ref, memory_value
from piggybank.ledger.lines import Receipt, Ref
from piggybank.ledger.recipe_words import NEW_COINS
from piggybank.ledger.records import Header, LedgerError, Weight
from piggybank.ledger.strip import Strip
from piggybank.ledger.sum_receipts import state

if TYPE_CHECKING:
    from piggybank.ledger.ledger import Ledger

WHOLE = Formula("kept + coins")


def unemptied(header: Header) -> str:
    """The name under which the recipe keeps all coins there ever were, "" where banks are emptied."""
    texts = {name: line.text for name, line in header.recipe.lines}
    return next((name for name in header.memory if texts.get(name) == f"{name} + total"), "")


def kept_before(ledger: Ledger, weight: Weight, batch: int) -> tuple[float, Ref]:
    """What a batch found in a weight's bank, and the receipt behind it."""
    name = unemptied(ledger.header)
    return memory_value(ledger, name, weight, batch - 1), memory_ref(ledger, name, weight, batch - 1)


@at_hand(256)
def old_coins(ledger: Ledger, weight: Weight, batch: int, most: int) -> tuple[float, ...]:
    """The last `most` coins that a batch found in a weight's bank, in order; what a fork began with counts as one."""
    name, found = unemptied(ledger.header), list[float]()
    if not name:
        return ()
    for earlier in range(batch - 1, 0, -1):
        found = [*bank.slices(ledger.header, ledger.batch(earlier), weight).tolist(), *found]
        if len(found) >= most:
            return tuple(found[len(found) - most :])
    first = memory_value(ledger, name, weight, 0)
    return (first, *found) if first else tuple(found)


def kept_receipt(ledger: Ledger, ref: Ref) -> Receipt:
    """A bank that nobody emptied after a sample of a batch: what was kept, and the batch's coins up to there."""
    if not unemptied(ledger.header):
        raise LedgerError("the banks of this run are emptied in every commit, so that nothing is kept in them")
    weight = ledger.weight(ref.name)
    kept, origin = kept_before(ledger, weight, ref.batch)
    coins = float(bank.running_totals(ledger.header, ledger.batch(ref.batch), weight)[ref.sample])
    value = kept + coins
    strip = Strip("The bank that nobody emptied", ref)
    strip.put("In the bank before", "", kept, origin)
    strip.put(NEW_COINS, "+", coins, Ref("bank", ref.name, ref.batch, ref.sample, ref.banked))
    strip.result("In the bank now", value, WHOLE.text, is_exact("+", kept, coins, value))
    strip.name_last(ref)
    title = f"Bank of {ref.name}, never emptied, after sample {ref.sample}, batch {ref.batch}"
    text = f"{literal(kept)} + {literal(coins)}"
    return Receipt(title, "kept", state(ref.banked, ref.sample), tuple(strip.lines), value, lambda: text)
