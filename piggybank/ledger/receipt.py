"""Receipts: what stands behind each recorded number, line by line, down to a data row or a setting.

The receipts of a pass through the network (predict, loss, blame), of coins added up (bank, share), of commits, and
those where chains end stand in modules of their own; here are slices, and the two doors: by name for people, by
reference for links.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from piggybank.arithmetic import is_exact, literal
from piggybank.ledger.accuracy import accuracy_receipt
from piggybank.ledger.blame_receipts import blame
from piggybank.ledger.commit_receipts import commit_receipt, schedule_receipt, whole_receipt
from piggybank.ledger.kept import kept_receipt
from piggybank.ledger.lasting_receipts import lasting_receipt
from piggybank.ledger.leaf_receipts import constant, data, initial, setting, target
from piggybank.ledger.lifetime_receipts import lifetime_receipt
from piggybank.ledger.lines import Line, Receipt, Ref
from piggybank.ledger.loss_receipts import loss
from piggybank.ledger.parts import line_receipt, turned_receipt
from piggybank.ledger.pass_receipts import neuron, predict, shared
from piggybank.ledger.recipe_words import NEW_COINS, keeps_coins
from piggybank.ledger.records import LedgerError, Weight
from piggybank.ledger.ref_checks import check
from piggybank.ledger.sources import input_value
from piggybank.ledger.strip import Strip
from piggybank.ledger.sum_receipts import bank_receipt, coins_and_totals, micro_receipt, share_receipt, state
from piggybank.wording import quote, suggestion

if TYPE_CHECKING:
    from piggybank.ledger.ledger import Ledger


def popup(ledger: Ledger, name: str, batch: int, sample: int | None, banked: int | None) -> Receipt:
    """The receipt a person asks for by name; see `Ledger.receipt`."""
    if not isinstance(name, str):
        raise _unknown(ledger, name)
    if name in ledger.header.neurons:
        if sample is None:
            raise LedgerError(f"{name!r} is a neuron; a neuron's receipt is of one sample, add sample=1")
        return neuron(ledger, name, batch, sample)
    if name in ledger.header.layers[0].sources:
        if sample is None:
            raise LedgerError(f"{name!r} is an input; an input's receipt is of one sample, add sample=1")
        return ledger.open(Ref("data", name, 0, ledger.rows_of(batch)[sample - 1] + 1))
    known = ledger.header.weights_by_name
    if name not in known:
        raise _unknown(ledger, name)
    if sample is None:
        return commit_receipt(ledger, Ref("commit", name, batch, banked=banked))
    return _slice_and_bank(ledger, known[name], batch, sample, banked)


def _unknown(ledger: Ledger, name: object) -> LedgerError:
    header = ledger.header
    hint = suggestion(name, [*header.weights_by_name, *header.neurons, *header.layers[0].sources])
    return LedgerError(f"there is no weight or neuron called {quote(name)}; {hint}")


def open_ref(ledger: Ledger, ref: Ref) -> Receipt:
    """The receipt of any number of the run. LedgerError when there is no such number."""
    if ref.kind not in _OPENERS:
        raise LedgerError(
            f"there is no kind of number called {quote(ref.kind)}; {suggestion(ref.kind, list(_OPENERS))}"
        )
    if ref.is_turned:
        return turned_receipt(ledger.open(ref.turned), ref)
    if ref.line_number:
        shown = ledger.open(ref.line(0))
        known = shown.state == "final" or ref.kind != "commit"
        whole = shown if known else ledger.open(ref._replace(line_number=0, banked=None))
        return line_receipt(shown, whole, ref)
    check(ledger, ref)
    return _OPENERS[ref.kind](ledger, ref)


# Slices --------------------------------------------------------------------------------------------------------------


def _slice(ledger: Ledger, ref: Ref) -> Receipt:
    strip, weight, record = Strip("Blame slice", ref), ledger.weight(ref.name), ledger.batch(ref.batch)
    first = input_value(ledger, record, weight, ref.sample)
    blame = float(record.blame[weight.layer][ref.sample - 1, weight.column])
    origin = Ref("blame", weight.target, record.batch, ref.sample)
    second = (f"My responsibility (blame of {weight.target})", blame, origin)
    value = strip.product(first, second, "Blame slice", ref)
    title = f"Sample {ref.sample}'s blame slice for {ref.name}, batch {ref.batch}"
    lines, status = tuple(strip.lines), state(ref.banked, ref.sample)
    return Receipt(title, "slice", status, lines, value, lambda: f"{literal(first[1])} * {literal(blame)}")


def _slice_and_bank(ledger: Ledger, weight: Weight, batch: int, sample: int, banked: int | None) -> Receipt:
    coin = ledger.open(Ref("slice", weight.name, batch, sample, banked))
    _, running = coins_and_totals(ledger, weight.name, batch)
    before, now = running[sample - 1], running[sample]
    now_ref = Ref("bank", weight.name, batch, sample, banked)
    strip = Strip("Bank", now_ref)
    before_ref = now_ref._replace(sample=sample - 1) if sample > 1 else Ref("setting", "empty")
    words = NEW_COINS if keeps_coins(ledger.header) else "In the bank"
    strip.put(f"{words} before", "+", before, before_ref)
    strip.result(f"{words} now", now, "before + slice", is_exact("+", before, coin.value, now), ref=now_ref)
    lines = coin.lines + tuple(strip.lines)
    if coin.state == "waiting":
        lines = tuple(Line(part.section, part.label, part.operator, None) for part in lines)
    commit = ledger.open(Ref("commit", weight.name, batch, banked=banked))
    title = f"{weight.name}, batch {batch}, sample {sample} of {ledger.header.count(batch)}"
    return Receipt(title, "slice", coin.state, lines + commit.lines, coin.value, coin.spell)


_OPENERS = {
    "predict": predict, "shared": shared, "loss": loss, "blame": blame, "slice": _slice, "bank": bank_receipt,
    "commit": commit_receipt, "schedule": schedule_receipt, "whole": whole_receipt, "micro": micro_receipt,
    "share": share_receipt, "accuracy": accuracy_receipt, "lasting": lasting_receipt, "lifetime": lifetime_receipt,
    "kept": kept_receipt, "data": data, "target": target, "initial": initial, "setting": setting, "constant": constant,
}  # fmt: skip
