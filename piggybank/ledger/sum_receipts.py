"""Receipts of coins added up: in a bank, by a data row over an epoch, and how far coins cancelled one another."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from piggybank.arithmetic import divide, is_exact, literal
from piggybank.formula import Formula
from piggybank.ledger import bank
from piggybank.ledger.at_hand import at_hand
from piggybank.ledger.lines import CANCELLED, IN, OUT, Line, Receipt, Ref
from piggybank.ledger.shares import epoch_batches, epoch_totals, epochs_until, of_sign, row_coins, shares_of, side
from piggybank.ledger.strip import Strip
from piggybank.ledger.sums import EMPTY, Sum, Term, chain_of
from piggybank.ledger.worked import summed

if TYPE_CHECKING:
    from piggybank.ledger.ledger import Ledger

PERCENT = Formula("smaller / larger * 100")
SIDES = {IN: "Put in", OUT: "Taken out"}


def state(banked: int | None, sample: int = 0) -> str:
    """waiting: the sample's coin is still to come; pending: it is in the bank; final: the batch is committed."""
    if banked is None:
        return "final"
    return "waiting" if sample > banked else "pending"


def bank_receipt(ledger: Ledger, ref: Ref) -> Receipt:
    """The coins in a weight's bank after a sample; by its part only those put in, those taken out, or how far the two
    cancelled."""
    after = f"after sample {ref.sample}, batch {ref.batch}"
    if ref.part == CANCELLED:
        return _cancelled(
            ledger, ref, f"Coins cancelled in the bank of {ref.name} {after}", state(ref.banked, ref.sample)
        )
    if not ref.part:
        return _bank(ledger, ref, f"Bank of {ref.name} {after}")
    words = (f"{SIDES[ref.part]} for {ref.name} {after}", "Coins in the bank", SIDES[ref.part])
    coins, _ = coins_and_totals(ledger, ref.name, ref.batch)
    terms = [_term(ledger, ref, n, coin) for n, coin in enumerate(coins[: ref.sample], 1) if of_sign(coin, ref.part)]
    return summed(ref, words, terms, state(ref.banked, ref.sample), EMPTY)


def _bank(ledger: Ledger, ref: Ref, title: str) -> Receipt:
    """The receipt of the whole bank."""
    coins, _ = coins_and_totals(ledger, ref.name, ref.batch)
    count = len(coins[: ref.sample])
    found = _sum_of_coins(ledger, ref.name, ref.batch, ref.banked)
    for number in range(len(found) + 1, count + 1):
        found.add(*_term(ledger, ref, number, coins[number - 1]))
    value = found.totals[count]
    last = Line(found.section, "In the bank", "=", value, "((0 + s1) + s2) + …", found.exact[count], ref=ref)
    lines = (*found.lines[: count + 1], last)
    return Receipt(title, "bank", state(ref.banked, ref.sample), lines, value, lambda: chain_of(coins[:count]))


@at_hand(2)
def _sum_of_coins(ledger: Ledger, name: str, batch: int, banked: int | None) -> Sum:
    """The coins of a bank that was looked at lately, as far as they were asked for."""
    return Sum("Coins in the bank", EMPTY)


@at_hand(4)
def coins_and_totals(ledger: Ledger, name: str, batch: int) -> tuple[list[float], list[float]]:
    """A weight's coins in a batch, and its bank after 0, 1, … of them."""
    record, weight = ledger.batch(batch), ledger.weight(name)
    coins = bank.slices(ledger.header, record, weight).tolist()
    return coins, list(accumulate(coins, initial=0.0))


def _term(ledger: Ledger, ref: Ref, number: int, coin: float) -> Term:
    return _coin_of(ledger, number), coin, Ref("slice", ref.name, ref.batch, number, ref.banked)


def _coin_of(ledger: Ledger, number: int) -> str:
    header = ledger.header
    if header.accumulate == 1:
        return f"Sample {number}'s coin"
    return f"Sample {number}'s coin, micro-batch {(number - 1) // header.micro_size + 1}"


def micro_receipt(ledger: Ledger, ref: Ref) -> Receipt:
    """A micro-batch's own average for a weight (sample: which one, from 1), or the sum of these averages (0)."""
    header, record, weight = ledger.header, ledger.batch(ref.batch), ledger.weight(ref.name)
    size = header.micro_size
    starts = list(range(0, record.count, size))
    if not ref.sample:
        averages = [Ref("micro", ref.name, ref.batch, number) for number in range(1, len(starts) + 1)]
        terms = [(f"Average of micro-batch {at.sample}", micro_receipt(ledger, at).value, at) for at in averages]
        title = f"Averages of the micro-batches for {ref.name}, batch {ref.batch}"
        return summed(ref, (title, "Micro-batches", "Sum of the averages"), terms)
    start = starts[ref.sample - 1]
    coins = bank.slices(header, record, weight)[start : start + size].tolist()
    strip = Strip(f"Micro-batch {ref.sample} of {len(starts)}", ref)
    terms = [
        (f"Sample {n}'s coin", coin, Ref("slice", ref.name, ref.batch, n)) for n, coin in enumerate(coins, start + 1)
    ]
    total, all_exact = strip.add_all(terms, EMPTY)
    strip.result("Total of the micro-batch", total, "((0 + s1) + s2) + …", all_exact)
    count = float(len(coins))
    value = divide(total, count)
    strip.put("Its samples", "/", count, Ref("setting", "micro_count", ref.batch, ref.sample))
    strip.result("Average of the micro-batch", value, "total / samples", is_exact("/", total, count, value))
    strip.name_last(ref)
    title = f"Average coin of micro-batch {ref.sample} for {ref.name}, batch {ref.batch}"
    return Receipt(title, "micro", "final", tuple(strip.lines), value, lambda: f"{chain_of(coins)} / {literal(count)}")


def share_receipt(ledger: Ledger, ref: Ref) -> Receipt:
    """What was put into a weight's banks over an epoch: by one data row, or by all rows of one sign."""
    if not ref.batch:
        return _over_the_run(ledger, ref)
    if not ref.name:
        return _row_sizes(ledger, ref)
    batches = _batches(ledger, ref)
    if ref.sample:
        coins = [s for s in shares_of(ledger, ledger.weight(ref.name), batches) if s.row == ref.sample - 1]
        terms = [(f"Coin in batch {s.batch}", s.value, Ref("slice", ref.name, s.batch, s.sample)) for s in coins]
        title = f"What {ledger.header.row_names[ref.sample - 1]} put into {ref.name} in epoch {ref.batch}"
        return summed(ref, (title, "Coins of the row", "Together"), terms)
    if ref.part == CANCELLED:
        return _cancelled(ledger, ref, f"Coins cancelled for {ref.name} in epoch {ref.batch}", "final")
    terms = [
        (f"Batch {batch}", side(ledger, ledger.weight(ref.name), batch, ref.part), _bank_side(ledger, ref, batch))
        for batch in batches
    ]
    title = f"{SIDES[ref.part]} for {ref.name} in epoch {ref.batch}"
    return summed(ref, (title, "Batches of the epoch", SIDES[ref.part]), terms)


def _over_the_run(ledger: Ledger, ref: Ref) -> Receipt:
    """What a data row put in from the beginning on, epoch by epoch."""
    last = ref.banked if ref.banked is not None else len(ledger)
    terms = []
    for epoch in epochs_until(ledger.header, last):
        batches = epoch_batches(ledger.header, epoch, last)
        found = epoch_totals(ledger, ref.name, batches)
        if ref.sample - 1 in found:
            origin = Ref("share", ref.name, epoch, ref.sample, batches[-1])
            terms.append((f"Epoch {epoch}", found[ref.sample - 1], origin))
    title = f"What {ledger.header.row_names[ref.sample - 1]} put into {ref.name or 'all weights'} up to batch {last}"
    return summed(ref, (title, "Epochs", "Together"), terms)


def _batches(ledger: Ledger, ref: Ref) -> range:
    return epoch_batches(ledger.header, ref.batch, ref.banked if ref.banked is not None else len(ledger))


def _bank_side(ledger: Ledger, ref: Ref, batch: int) -> Ref:
    return Ref("bank", ref.name, batch, ledger.header.count(batch), part=ref.part)


def _row_sizes(ledger: Ledger, ref: Ref) -> Receipt:
    """The sizes of all coins that one data row put into any bank in an epoch."""
    terms = []
    for weight, coin in row_coins(ledger, ref.sample - 1, _batches(ledger, ref)):
        origin = Ref("slice", weight, coin.batch, coin.sample)
        turned = literal(coin.value).startswith("-")
        terms.append((f"Size of its coin for {weight}", abs(coin.value), origin.turned if turned else origin))
    title = f"What {ledger.header.row_names[ref.sample - 1]} put into all weights in epoch {ref.batch}"
    return summed(ref, (title, "Sizes of the row's coins", "Together"), terms)


def _cancelled(ledger: Ledger, ref: Ref, title: str, status: str) -> Receipt:
    """Of the larger of the two sides, how many per cent the other took back."""
    put_in, taken = ref.of_part(IN), ref.of_part(OUT).turned
    sides = [("Put in", ledger.open(put_in).value, put_in), ("Taken out, as a size", ledger.open(taken).value, taken)]
    smaller, larger = sorted(sides, key=lambda term: term[1])
    strip = Strip("Cancelled", ref)
    share = divide(smaller[1], larger[1])
    value = share * 100.0
    strip.put(smaller[0], "", smaller[1], smaller[2])
    strip.put(larger[0], "/", larger[1], larger[2])
    strip.put("Of a hundred", "*", 100.0, Ref("setting", "percent"))
    exact = is_exact("/", smaller[1], larger[1], share) and is_exact("*", share, 100.0, value)
    strip.result("Cancelled, in per cent", value, PERCENT.text, exact)
    strip.name_last(ref)
    values = {"smaller": smaller[1], "larger": larger[1]}
    return Receipt(title, ref.kind, status, tuple(strip.lines), value, lambda: PERCENT.python(values))
