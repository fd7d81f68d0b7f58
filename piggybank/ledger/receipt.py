"""Receipts: what stands behind each recorded number, line by line, down to a data row or a setting.

The receipts of a pass through the network (predict, loss, blame) stand in `pass_receipts`; here are those of a batch
(slice, bank, commit), those where chains end, and the two doors: by name for people, by reference for links.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from piggybank.arithmetic import is_exact, literal
from piggybank.ledger import bank
from piggybank.ledger.lines import NEGATED, WORDS, Line, Receipt, Ref, Strip
from piggybank.ledger.pass_receipts import blame, chain, input_value, loss, neuron, predict, weight_value
from piggybank.ledger.records import BatchRecord, LedgerError, Weight
from piggybank.ledger.shares import epoch_batches, shares_of
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
    """The receipt of any number of the run."""
    return _OPENERS[ref.kind](ledger, ref)


# Slice, bank, commit --------------------------------------------------------------------------------------------------


def _state(banked: int | None, sample: int = 0) -> str:
    if banked is None:
        return "final"
    return "waiting" if sample > banked else "pending"


def _slice_lines(ledger: Ledger, record: BatchRecord, weight: Weight, sample: int) -> tuple[Strip, float, str]:
    strip = Strip("Blame slice")
    first = input_value(ledger, record, weight, sample)
    blame = float(record.blame[weight.layer][sample - 1, weight.column])
    second = (f"My responsibility (blame of {weight.target})", blame, Ref("blame", weight.target, record.batch, sample))
    value = strip.product(first, second, "Blame slice")
    return strip, value, f"{literal(first[1])} * {literal(blame)}"


def _slice(ledger: Ledger, ref: Ref) -> Receipt:
    record, weight = ledger.batch(ref.batch), ledger.weight(ref.name)
    strip, value, text = _slice_lines(ledger, record, weight, ref.sample)
    title = f"Sample {ref.sample}'s blame slice for {ref.name}, batch {ref.batch}"
    return Receipt(title, "slice", _state(ref.banked, ref.sample), tuple(strip.lines), value, lambda: text)


def _slice_and_bank(ledger: Ledger, weight: Weight, batch: int, sample: int, banked: int | None) -> Receipt:
    record = ledger.batch(batch)
    strip, value, text = _slice_lines(ledger, record, weight, sample)
    running = bank.running_totals(ledger.header, record, weight)
    before, now = float(running[sample - 1]), float(running[sample])
    strip.section = "Bank"
    before_ref = Ref("bank", weight.name, batch, sample - 1, banked) if sample > 1 else Ref("setting", "empty")
    strip.put("In the bank before", "+", before, before_ref)
    strip.result("In the bank now", now, "before + slice", is_exact("+", before, value, now))
    state = _state(banked, sample)
    lines = tuple(strip.lines)
    if state == "waiting":
        lines = tuple(Line(part.section, part.label, part.operator, None) for part in lines)
    commit = _commit(ledger, Ref("commit", weight.name, batch, banked=banked))
    title = f"{weight.name}, batch {batch}, sample {sample} of {record.count}"
    return Receipt(title, "slice", state, lines + commit.lines, value, lambda: text)


def _bank(ledger: Ledger, ref: Ref) -> Receipt:
    record, weight = ledger.batch(ref.batch), ledger.weight(ref.name)
    coins = [float(coin) for coin in bank.slices(ledger.header, record, weight)[: ref.sample]]
    strip, total, all_exact = Strip("Coins in the bank"), 0.0, True
    strip.put("Empty bank", "", 0.0, Ref("setting", "empty"))
    for number, coin in enumerate(coins, 1):
        exact = is_exact("+", total, coin, total + coin)
        origin = Ref("slice", ref.name, ref.batch, number, ref.banked)
        strip.lines.append(Line(strip.section, f"Sample {number}'s coin", "+", coin, exact=exact, origin=origin))
        total, all_exact = total + coin, all_exact and exact
    strip.result("In the bank", total, "((0 + s1) + s2) + …", all_exact)
    title = f"Bank of {ref.name} after sample {ref.sample}, batch {ref.batch}"
    state = _state(ref.banked, ref.sample)
    return Receipt(title, "bank", state, tuple(strip.lines), total, lambda: chain([literal(c) for c in coins]))


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
    return values, origins


def commit_values(ledger: Ledger, weight: Weight, batch: int) -> dict[str, float]:
    """Every name of the rule's recipe for one weight in one commit: total, count, average, adjustment, after, …"""
    return ledger.header.recipe.on_floats(_commit_values(ledger, weight, batch)[0])


def _commit(ledger: Ledger, ref: Ref) -> Receipt:
    weight = ledger.weight(ref.name)
    values, origins = _commit_values(ledger, weight, ref.batch)
    strip, spelled = Strip("Final adjustment"), {"total": _bank_text(ledger, weight, ref.batch)}
    known = dict(values)
    for name, formula in ledger.header.recipe.lines:
        labels = {n: (WORDS.get(n, n.replace("_", " ").capitalize()), origins.get(n)) for n in (*known, name)}
        text = f"{name} = {formula.text}"
        strip.steps(formula.steps(known), labels, name, labels[name][0], text)
        spelled[name] = f"({formula.python(known, spelled)})"
        known[name] = formula.on_floats(known)
        if name == ref.part:
            break
    result = ref.part or "after"
    lines = tuple(strip.lines)
    if ref.banked is not None:
        settings = {Ref("setting", n, ref.batch if n == "count" else 0) for n in (*ledger.header.constants, "count")}
        settings.add(origins["before"])
        lines = tuple(
            part if part.origin and replace(part.origin, part="") in settings else _unknown(part) for part in lines
        )
    title = f"{WORDS.get(result, result) if ref.part else 'Commit'} of {ref.name}, batch {ref.batch}"
    return Receipt(title, "commit", _state(ref.banked), lines, known[result], lambda: spelled[result])


def _is_set(line: Line, settings: set[Ref]) -> bool:
    """Whether a line's number was there before the commit, as it is or with its sign turned."""
    return line.origin is not None and (line.origin in settings or replace(line.origin, part="") in settings)


def _unknown(line: Line) -> Line:
    return Line(line.section, line.label, line.operator, None, line.formula)


def _bank_text(ledger: Ledger, weight: Weight, batch: int) -> str:
    coins = bank.slices(ledger.header, ledger.batch(batch), weight)
    return chain([literal(float(coin)) for coin in coins])


def _share(ledger: Ledger, ref: Ref) -> Receipt:
    """All coins of one data row for one weight in an epoch."""
    last = ref.banked if ref.banked is not None else len(ledger)
    batches = epoch_batches(ledger.header, ref.batch, last)
    coins = [share for share in shares_of(ledger, ledger.weight(ref.name), batches) if share.row == ref.sample - 1]
    strip, total, all_exact = Strip("Coins of the row"), 0.0, True
    strip.put("Nothing yet", "", 0.0, Ref("setting", "empty"))
    for coin in coins:
        exact = is_exact("+", total, coin.value, total + coin.value)
        origin = Ref("slice", ref.name, coin.batch, coin.sample)
        strip.lines.append(
            Line(strip.section, f"Coin in batch {coin.batch}", "+", coin.value, exact=exact, origin=origin)
        )
        total, all_exact = total + coin.value, all_exact and exact
    strip.result("Together", total, "((0 + s1) + s2) + …", all_exact)
    title = f"What {ledger.header.row_names[ref.sample - 1]} put into {ref.name} in epoch {ref.batch}"
    return Receipt(title, "share", "final", tuple(strip.lines), total, lambda: chain([literal(c.value) for c in coins]))


# Where chains end -----------------------------------------------------------------------------------------------------


def _leaf(kind: str, title: str, label: str, value: float) -> Receipt:
    return Receipt(title, kind, "final", (Line("", label, "", value),), value, lambda: literal(value))


def _data(ledger: Ledger, ref: Ref) -> Receipt:
    header = ledger.header
    column = header.layers[0].sources.index(ref.name)
    value = float(header.inputs[ref.sample - 1, column])
    label = f"{header.input_names[column]} of {header.row_names[ref.sample - 1]}"
    return _leaf("data", f"{ref.name} of row {ref.sample} of {header.data_name}", label, value)


def _target(ledger: Ledger, ref: Ref) -> Receipt:
    header = ledger.header
    column = header.layers[-1].neurons.index(ref.name)
    value = float(header.targets[ref.sample - 1, column])
    label = f"{header.target_names[column]} of {header.row_names[ref.sample - 1]}"
    return _leaf("target", f"Target {ref.name} of row {ref.sample} of {header.data_name}", label, value)


def _initial(ledger: Ledger, ref: Ref) -> Receipt:
    weight = ledger.weight(ref.name)
    value = float(ledger.header.initial[weight.layer][weight.row, weight.column])
    return _leaf("initial", f"Initial weight {ref.name}", f"Weight {ref.name} before the first batch", value)


SETTINGS = {
    "one": ("The bias is a weight whose input is always 1", 1.0),
    "empty": ("A bank starts empty", 0.0),
    "slope": ("The slope of a linear neuron is always 1", 1.0),
}


def _setting(ledger: Ledger, ref: Ref) -> Receipt:
    if ref.name == "count":
        return _leaf("setting", f"Samples in batch {ref.batch}", "Samples", float(ledger.header.count(ref.batch)))
    if ref.name in SETTINGS:
        return _leaf("setting", SETTINGS[ref.name][0], SETTINGS[ref.name][0], SETTINGS[ref.name][1])
    label, value = WORDS.get(ref.name, ref.name), float(ledger.header.constants[ref.name])
    if ref.part == NEGATED:
        return _leaf("setting", f"Setting {label.lower()} with its sign turned", f"−{label}", -value)
    return _leaf("setting", f"Setting {label.lower()}", label, value)


_OPENERS = {
    "predict": predict, "loss": loss, "blame": blame, "slice": _slice, "bank": _bank, "commit": _commit,
    "share": _share,
    "data": _data, "target": _target, "initial": _initial, "setting": _setting,
}  # fmt: skip
