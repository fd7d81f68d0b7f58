"""How far coins reach: what has no effect, said calmly, and what lasts for more than its own commit."""

from __future__ import annotations

from piggybank.ledger.at_hand import at_hand
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Ref
from piggybank.ledger.records import LedgerError, Weight
from piggybank.ledger.vanishing import too_light, vanished_coin
from piggybank.ledger.ways import way_of
from piggybank.stage.known import Known

TOO_LIGHT = "Too light to move the weight: below its last digit."
LOST = "Too light: what it is multiplied by makes it 0."

MOST_EARLIER = 256
"""So many batches' coins are followed at once."""


def without_effect(ledger: Ledger, known: Known, weight: Weight) -> str:
    """A sentence about the weight's adjustment, once it is committed, that is not 0 and yet changes nothing; or ""."""
    return _adjustment(ledger, weight, known.batch) if known.committed else ""


def vanished_words(ledger: Ledger, weight: Weight, batch: int, sample: int, number: int) -> str:
    """A sentence about a coin that is 0 only because it is too small for a number; or "". number: of the sample in
    front of people."""
    if vanished_coin(ledger, weight, batch, sample) is None:
        return ""
    return f"Sample {number}'s coin is too small for a number: it became 0."


def note_on(ledger: Ledger, known: Known, weight: Weight, sample: int) -> str:
    """What is to be said of a weight and a sample's coin for it at this moment; or ""."""
    said = without_effect(ledger, known, weight)
    if said or sample > known.banked:
        return said
    return vanished_words(ledger, weight, known.batch, sample, known.number(sample))


def all_coins(ledger: Ledger, known: Known, weight: Weight) -> Ref | None:
    """The receipt of all coins so far in a committed adjustment; None where no earlier ones are in it, the ledger
    refuses to split it, or there are too many to add up at once: what is offered can be opened."""
    header = ledger.header
    if not (known.committed and header.memory and known.batch <= MOST_EARLIER):
        return None
    try:
        if not way_of(header).memory:
            return None
        ledger.lasting(weight.name, batch=known.batch)
    except LedgerError:
        return None
    return Ref("lasting", weight.name, known.batch)


@at_hand(1024)
def _adjustment(ledger: Ledger, weight: Weight, batch: int) -> str:
    found = too_light(ledger, weight, batch)
    if found is None:
        return ""
    return TOO_LIGHT if found.ref.kind == "commit" else LOST
