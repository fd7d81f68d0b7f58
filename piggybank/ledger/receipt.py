"""Receipts: what stands behind each recorded number, line by line, down to a data row or a setting.

The receipts of a pass through the network (predict, loss, blame), of coins added up (bank, share), and those where
chains end stand in modules of their own; here are slice and commit, and the two doors: by name for people, by
reference for links.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from piggybank.arithmetic import is_exact, literal
from piggybank.ledger import bank
from piggybank.ledger.leaf_receipts import constant, data, initial, setting, target
from piggybank.ledger.lines import Line, Receipt, Ref
from piggybank.ledger.parts import line_receipt, turned_receipt
from piggybank.ledger.pass_receipts import blame, input_value, loss, neuron, predict, weight_value
from piggybank.ledger.records import BatchRecord, LedgerError, Weight
from piggybank.ledger.strip import WORDS, Scope, Strip, chain
from piggybank.ledger.sum_receipts import bank_receipt, share_receipt, state
from piggybank.ordered import Array
from piggybank.recipe import Reduction
from piggybank.wording import quote, suggestion

if TYPE_CHECKING:
    from piggybank.ledger.ledger import Ledger

__all__ = ["Line", "Receipt", "Ref", "open_ref", "popup"]


def popup(ledger: Ledger, name: str, batch: int, sample: int | None, banked: int | None) -> Receipt:
    """The receipt a person asks for by name; see `Ledger.receipt`."""
    if name in ledger.header.neurons:
        if sample is None:
            raise LedgerError(f"{name!r} is a neuron; a neuron's receipt is of one sample, add sample=1")
        return neuron(ledger, name, batch, sample)
    known = ledger.header.weights_by_name
    if name not in known:
        hint = suggestion(name, [*known, *ledger.header.neurons])
        raise LedgerError(f"there is no weight or neuron called {quote(name)}; {hint}")
    if sample is None:
        return _commit(ledger, Ref("commit", name, batch, banked=banked))
    return _slice_and_bank(ledger, known[name], batch, sample, banked)


def open_ref(ledger: Ledger, ref: Ref) -> Receipt:
    """The receipt of any number of the run. LedgerError when there is no such number."""
    if ref.kind not in _OPENERS:
        raise LedgerError(
            f"there is no kind of number called {quote(ref.kind)}; {suggestion(ref.kind, list(_OPENERS))}"
        )
    if ref.is_turned:
        return turned_receipt(open_ref(ledger, ref.turned), ref)
    if ref.line_number:
        shown = open_ref(ledger, ref.of_part(""))
        known = shown.state == "final" or ref.kind != "commit"
        whole = shown if known else open_ref(ledger, replace(ref, part="", banked=None))
        return line_receipt(shown, whole, ref)
    return _OPENERS[ref.kind](ledger, ref)


# Slice and commit -----------------------------------------------------------------------------------------------------


def _slice_lines(ledger: Ledger, record: BatchRecord, ref: Ref) -> tuple[Strip, float, str]:
    strip, weight = Strip("Blame slice", ref), ledger.weight(ref.name)
    first = input_value(ledger, record, weight, ref.sample)
    blame = float(record.blame[weight.layer][ref.sample - 1, weight.column])
    origin = Ref("blame", weight.target, record.batch, ref.sample)
    value = strip.product(first, (f"My responsibility (blame of {weight.target})", blame, origin), "Blame slice")
    strip.name_last(ref)
    return strip, value, f"{literal(first[1])} * {literal(blame)}"


def _slice(ledger: Ledger, ref: Ref) -> Receipt:
    strip, value, text = _slice_lines(ledger, ledger.batch(ref.batch), ref)
    title = f"Sample {ref.sample}'s blame slice for {ref.name}, batch {ref.batch}"
    return Receipt(title, "slice", state(ref.banked, ref.sample), tuple(strip.lines), value, lambda: text)


def _slice_and_bank(ledger: Ledger, weight: Weight, batch: int, sample: int, banked: int | None) -> Receipt:
    record = ledger.batch(batch)
    strip, value, text = _slice_lines(ledger, record, Ref("slice", weight.name, batch, sample, banked))
    running = bank.running_totals(ledger.header, record, weight)
    before, now = float(running[sample - 1]), float(running[sample])
    strip.section = "Bank"
    now_ref = Ref("bank", weight.name, batch, sample, banked)
    before_ref = replace(now_ref, sample=sample - 1) if sample > 1 else Ref("setting", "empty")
    strip.put("In the bank before", "+", before, before_ref)
    strip.result("In the bank now", now, "before + slice", is_exact("+", before, value, now))
    strip.name_last(now_ref)
    status = state(banked, sample)
    lines = tuple(strip.lines)
    if status == "waiting":
        lines = tuple(Line(part.section, part.label, part.operator, None) for part in lines)
    commit = _commit(ledger, Ref("commit", weight.name, batch, banked=banked))
    title = f"{weight.name}, batch {batch}, sample {sample} of {record.count}"
    return Receipt(title, "slice", status, lines + commit.lines, value, lambda: text)


def _commit_values(ledger: Ledger, weight: Weight, batch: int) -> tuple[dict[str, float], dict[str, Ref]]:
    header, record = ledger.header, ledger.batch(batch)
    total = float(bank.running_totals(header, record, weight)[-1])
    _, before, origin = weight_value(ledger, weight, batch)
    values = {**header.constants, "total": total, "count": float(record.count), "before": before}
    origins = {name: Ref("setting", name) for name in (*header.constants, "count")}
    origins["count"] = Ref("setting", "count", batch)
    origins["total"] = Ref("bank", weight.name, batch, record.count)
    if origin is not None:
        origins["before"] = origin
    for name in header.memory:
        values[name] = float(ledger.memory_at(batch - 1)[name][weight.layer][weight.row, weight.column])
        origins[name] = Ref("commit", weight.name, batch - 1, part=name) if batch > 1 else Ref("setting", "empty")
    return {**values, **_over_all_weights(ledger, batch)}, origins


@lru_cache(maxsize=64)
@np.errstate(all="ignore")
def _over_all_weights(ledger: Ledger, batch: int) -> dict[str, float]:
    """What the reductions of the rule's recipe gave in a commit: numbers that all weights share."""
    header, record = ledger.header, ledger.batch(batch)
    names = [name for name, line in header.recipe.lines if isinstance(line, Reduction)]
    if not names:
        return {}
    values: dict[str, Any] = {**header.constants, "count": float(record.count)}
    values["total"] = _flat(bank.totals(header, record, layer) for layer in range(len(header.layers)))
    values["before"] = _flat(record.weights_before)
    values.update((name, _flat(arrays)) for name, arrays in ledger.memory_at(batch - 1).items())
    found = header.recipe.on_arrays(values)
    return {name: found[name] for name in names}


def _flat(matrices: Iterable[Array]) -> Array:
    return np.concatenate([matrix.ravel() for matrix in matrices])


def commit_values(ledger: Ledger, weight: Weight, batch: int) -> dict[str, float]:
    """Every name of the rule's recipe for one weight in one commit: total, count, average, adjustment, after, …"""
    return ledger.header.recipe.on_floats(_commit_values(ledger, weight, batch)[0])


def _commit(ledger: Ledger, ref: Ref) -> Receipt:
    weight, whole = ledger.weight(ref.name), ref.of_part("")
    values, origins = _commit_values(ledger, weight, ref.batch)
    strip, spelled = Strip("Final adjustment", whole), {"total": _bank_text(ledger, weight, ref.batch)}
    before, known = dict(origins), dict(values)
    for name, formula in ledger.header.recipe.lines:
        if isinstance(formula, Reduction):
            strip.result(WORDS.get(name, name), known[name], f"{name} = {formula.text}", False, name)
            origins[name] = strip.name_last(whole.of_part(name))
            continue
        labels = {n: (WORDS.get(n, n.replace("_", " ").capitalize()), origins.get(n)) for n in (*known, name)}
        scope = Scope(formula, dict(known), labels, f"rule {ledger.header.rule_name} {name}")
        strip.calculate(scope, name, labels[name][0], f"{name} = {formula.text}")
        origins[name] = strip.name_last(whole.of_part("" if name == "after" else name))
        spelled[name] = f"({formula.python(known, spelled)})"
        known[name] = formula.on_floats(known)
        if name == ref.part:
            break
    result = ref.part or "after"
    lines = tuple(strip.lines)
    if ref.banked is not None:
        given = {origin for name, origin in before.items() if name != "total"}
        lines = tuple(line if _is_given(line, given) else _unknown(line) for line in lines)
    title = f"{WORDS.get(result, result) if ref.part else 'Commit'} of {ref.name}, batch {ref.batch}"
    return Receipt(title, "commit", state(ref.banked), lines, known[result], lambda: spelled[result])


def _is_given(line: Line, given: set[Ref]) -> bool:
    """Whether a line's number was there before the commit, as it is or with its sign turned."""
    origin = line.origin
    if origin is None:
        return False
    return origin.kind == "constant" or origin in given or (origin.is_turned and origin.turned in given)


def _unknown(line: Line) -> Line:
    return Line(line.section, line.label, line.operator, None, line.formula)


def _bank_text(ledger: Ledger, weight: Weight, batch: int) -> str:
    coins = bank.slices(ledger.header, ledger.batch(batch), weight)
    return chain([literal(float(coin)) for coin in coins])


_OPENERS = {
    "predict": predict, "loss": loss, "blame": blame, "slice": _slice, "bank": bank_receipt, "commit": _commit,
    "share": share_receipt,
    "data": data, "target": target, "initial": initial, "setting": setting, "constant": constant,
}  # fmt: skip
