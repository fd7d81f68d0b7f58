"""Receipts of an adjustment split into all coins so far, batch by batch and coin by coin, and of what was rounded away;
what is on a coin's way has its own in `way_receipts`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from piggybank.arithmetic import is_exact, literal
from piggybank.ledger.lasting import (
    ROUNDED,
    LastingShare,
    lasting_shares,
    part_now,
    parts_of_batch,
    roundings,
    values_of,
)
from piggybank.ledger.lines import Receipt, Ref
from piggybank.ledger.recipe_words import word
from piggybank.ledger.records import LedgerError, Weight
from piggybank.ledger.strip import Strip
from piggybank.ledger.sums import Term
from piggybank.ledger.way_receipts import CLIP, KEPT, PART, clip_receipt, in_average, kept_part_receipt, part_receipt
from piggybank.ledger.ways import way_of
from piggybank.ledger.worked import summed, worked
from piggybank.wording import quote, suggestion

if TYPE_CHECKING:
    from piggybank.ledger.ledger import Ledger

PAGE = 32
"""So many batches stand on one page; what came before them is a line."""
SUM, ROUNDING, SUM_AGAIN, AGAIN = "sum", "rounding", "sum again", "rounding again"
"""Parts of the references: the coins without what was rounded away, and that."""


def lasting_receipt(ledger: Ledger, ref: Ref) -> Receipt:
    """batch: of the adjustment; sample: of which batch's coins, 0 for all of them; banked: the last batch of a page."""
    weight = ledger.weight(ref.name)
    _check_part(ledger, ref)
    if ref.part == PART:
        return part_receipt(ledger, weight, ref)
    if ref.part == KEPT:
        return kept_part_receipt(ledger, weight, ref)
    if ref.part == CLIP:
        return clip_receipt(ledger, weight, ref)
    if ref.part in (ROUNDING, AGAIN):
        return _rounding(ledger, weight, ref)
    if ref.part and ref.part not in (SUM, SUM_AGAIN):
        return _coin(ledger, weight, ref)
    return _batch(ledger, weight, ref) if ref.sample else _all(ledger, ref)


def _check_part(ledger: Ledger, ref: Ref) -> None:
    """LedgerError when the adjustment, or a batch's coins in it, have no such part."""
    way, known = way_of(ledger.header), ["", SUM, ROUNDING, SUM_AGAIN, AGAIN]
    if ref.sample:
        known = ["", PART, *([KEPT] if way.memory else []), *([CLIP] if way.clip else [])]
    if ref.sample and ref.part not in known:
        shares = parts_of_batch(ledger, ledger.weight(ref.name), ref.batch, ref.sample)
        known += map(_address, shares)
    if ref.part not in known:
        where = f"batch {ref.sample}" if ref.sample else "the adjustment"
        raise LedgerError(f"{where} has no part {quote(ref.part)}; {suggestion(ref.part, known)}")


def _all(ledger: Ledger, ref: Ref) -> Receipt:
    today, last = ref.batch, ref.batch if ref.banked is None else ref.banked
    title, section = f"The coins in the adjustment of {ref.name}, batch {today}", "Coins so far"
    terms = _page(ledger, ref, last)
    if last < today:
        return summed(ref, (f"{title}: batches up to {last}", section, f"Batches up to {last}"), terms)
    values = values_of(ledger, ledger.weight(ref.name), today)
    if way_of(ledger.header).beside:
        house = Ref("commit", ref.name, today, part="house")
        terms.append((word(ledger.header, "house"), values["house"], house))
    rests = roundings(summed(ref, (title, section, ""), terms).value, values["adjustment"])
    rests = rests[: {SUM: 0, SUM_AGAIN: 1}.get(ref.part)]
    terms += [(ROUNDED, rest, ref.of_part(part)) for rest, part in zip(rests, (ROUNDING, AGAIN), strict=False)]
    if ref.part:
        return summed(ref, (f"{title}, before rounding", section, "All together"), terms)
    return summed(ref, (title, section, word(ledger.header, "adjustment")), terms)


def _page(ledger: Ledger, ref: Ref, last: int) -> list[Term]:
    """The coins of each batch up to `last`, those of earlier pages as one number."""
    today, way, weight = ref.batch, way_of(ledger.header), ledger.weight(ref.name)
    shares = lasting_shares(ledger, ref.name, today)
    first = max(1, last - PAGE + 1) if way.memory else today
    if first > 1 and way.memory:
        before = ref._replace(banked=first - 1)
        terms = [(f"Batches up to {first - 1}", _all(ledger, before).value, before)]
    else:
        kept = Ref("initial", ref.name, part=way.memory)
        terms = [(share.what, share.value, kept) for share in shares if not share.batch]
    for batch in range(first, last + 1):
        here = Ref("lasting", ref.name, today, batch)
        terms.append((f"Coins of batch {batch}", _batch(ledger, weight, here).value, here))
    return terms


def _rounding(ledger: Ledger, weight: Weight, ref: Ref) -> Receipt:
    """What is missing to the adjustment: every operation on the way rounds once, and not at the same places."""
    so_far = ref.of_part(SUM if ref.part == ROUNDING else SUM_AGAIN)
    together = _all(ledger, so_far).value
    wanted = values_of(ledger, weight, ref.batch)["adjustment"]
    rest = wanted - together
    strip = Strip("Rounding", ref)
    strip.put(word(ledger.header, "adjustment"), "", wanted, Ref("commit", ref.name, ref.batch, part="adjustment"))
    strip.put("All coins together", "-", together, so_far)
    strip.result(ROUNDED, rest, "", is_exact("-", wanted, together, rest))
    strip.name_last(ref)
    title = f"What was rounded away in the adjustment of {ref.name}, batch {ref.batch}"
    return Receipt(title, ref.kind, "final", tuple(strip.lines), rest, lambda: literal(rest))


def _batch(ledger: Ledger, weight: Weight, ref: Ref) -> Receipt:
    shares = parts_of_batch(ledger, weight, ref.batch, ref.sample)
    terms = [(_named(share), share.value, ref.of_part(_address(share))) for share in shares]
    title = f"Coins of batch {ref.sample} in the adjustment of {ref.name}, batch {ref.batch}"
    return summed(ref, (title, f"Batch {ref.sample}", f"Coins of batch {ref.sample}"), terms)


def _named(share: LastingShare) -> str:
    return f"{share.what}, sample {share.sample}" if share.sample else f"{share.what} of batch {share.batch}"


def _address(share: LastingShare) -> str:
    return f"coin {share.sample}"


def _coin(ledger: Ledger, weight: Weight, ref: Ref) -> Receipt:
    """The part "coin s" of a batch: what one coin, or its house coin (0), has in the adjustment."""
    sample, batch = int(ref.part.split()[1]), ref.sample
    part = (
        "*",
        f"Gets through to batch {ref.batch}",
        part_now(ledger, weight, ref.batch, batch),
        ref.of_part(PART),
    )
    operands = [*in_average(ledger, weight, batch, sample), part]
    title = f"Batch {batch}, sample {sample} in the adjustment of {ref.name}, batch {ref.batch}"
    return worked(ref, title, "One coin", operands, "In the adjustment")
