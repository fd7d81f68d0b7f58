"""Receipts of a commit: the rule's recipe for one weight, line by line, and what the rule's names stand for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from piggybank.arithmetic import is_exact, literal
from piggybank.ledger import bank, commits
from piggybank.ledger.lines import Line, Receipt, Ref
from piggybank.ledger.recipe_words import operand_word, result_word, word
from piggybank.ledger.records import Header, LedgerError, Weight
from piggybank.ledger.sources import weight_value
from piggybank.ledger.strip import Scope, Strip
from piggybank.ledger.sum_receipts import state
from piggybank.ledger.sums import chain_of
from piggybank.ledger.weights import weight_at
from piggybank.recipe import Recipe, Reduction
from piggybank.wording import quote, suggestion

if TYPE_CHECKING:
    from piggybank.ledger.ledger import Ledger

PAGE = 64
"""So many weights stand on one page of what all of them add up to."""
TERM = "term"
"""The first word of a commit's part that means what a weight puts into a sum over all weights."""
KNOWN_BEFORE = ("setting", "constant", "schedule", "initial")
"""The kinds of numbers that stand before a batch begins."""
NO_WEIGHT = ("No weight yet", "", 0.0, Ref("setting", "zero"))
Known = tuple[dict[str, float], dict[str, Ref]]
"""Values by name, and the receipts behind them."""


# What a recipe is given -----------------------------------------------------------------------------------------------


def _given(ledger: Ledger, weight: Weight, batch: int) -> Known:
    header, record = ledger.header, ledger.batch(batch)
    values = commits.numbers(header, batch)
    origins = {name: Ref("setting", name) for name in header.constants}
    origins.update({name: Ref("setting", name, batch) for name in values.keys() - header.constants.keys()})
    origins.update({name: Ref("schedule", name, batch) for name, _ in header.schedule.lines})
    values["total"] = float(bank.running_totals(header, record, weight)[-1])
    origins["total"] = Ref("bank", weight.name, batch, record.count)
    _, values["before"], origins["before"] = weight_value(ledger, weight, batch)
    for name in (*header.memory, *header.shared_memory):
        values[name] = memory_value(ledger, name, weight, batch - 1)
        origins[name] = memory_ref(ledger, name, weight, batch - 1)
    at = weight.row, weight.column
    if "sum_of_averages" in header.needs:
        coins = bank.layer_inputs(header, record, weight.layer), record.blame[weight.layer]
        values["sum_of_averages"] = float(bank.sum_of_averages(*coins, header.micro_size)[at])
        origins["sum_of_averages"] = Ref("micro", weight.name, batch)
    if "repeats" in header.needs:
        values["repeats"] = float(len(header.layers[weight.layer].sources)) if weight.is_bias else 1.0
        origins["repeats"] = Ref("setting", "repeats", part=weight.name)
    reductions = [name for name, line in header.recipe.lines if isinstance(line, Reduction)]
    values.update({name: float(ledger.commit_at(batch)[name]) for name in reductions})
    return values, origins


def memory_value(ledger: Ledger, name: str, weight: Weight, batch: int) -> float:
    """What the rule kept for a weight after a batch (0: what it started with)."""
    if name in ledger.header.shared_memory:
        return ledger.shared_memory_at(batch)[name]
    return float(ledger.memory_at(batch)[name][weight.layer][weight.row, weight.column])


def memory_ref(ledger: Ledger, name: str, weight: Weight, batch: int) -> Ref:
    """The receipt behind it."""
    if batch > 0:
        return Ref("commit", weight.name, batch, part=name)
    return Ref("initial", weight.name, part=name) if name in ledger.header.initial_memory else Ref("setting", "empty")


def commit_values(ledger: Ledger, weight: Weight, batch: int) -> dict[str, float]:
    """Every name of the rule's recipe for one weight in one commit: total, count, average, adjustment, after, …"""
    return ledger.header.recipe.on_floats(_given(ledger, weight, batch)[0])


# The commit -----------------------------------------------------------------------------------------------------------


def commit_receipt(ledger: Ledger, ref: Ref) -> Receipt:
    """A weight's commit, down to the line that defines the reference's part, or to the weight after it."""
    header = ledger.header
    if isinstance(dict(header.recipe.lines).get(ref.part), Reduction):
        return whole_receipt(ledger, Ref("whole", ref.part, ref.batch))
    if ref.banked is not None:
        return _pending(ledger, ref)
    found = ledger.open(ref.of_part("")).lines if ref.part else ()
    lines = _down_to(found, ref) or _carried_out(ledger, ref)
    value, title = lines[-1].value, f"Commit of {ref.name}, batch {ref.batch}"
    assert value is not None
    if ref.part:
        title = f"{word(header, ref.part)} of {ref.name}, batch {ref.batch}"
    return Receipt(title, "commit", "final", lines, value, lambda: _commit_text(ledger, ref))


def _down_to(lines: tuple[Line, ...], ref: Ref) -> tuple[Line, ...]:
    """The lines down to that which states the number `ref`; none when it is not there."""
    ends = [place for place, line in enumerate(lines, 1) if line.ref == ref]
    return lines[: ends[0]] if ends else ()


def _carried_out(ledger: Ledger, ref: Ref) -> tuple[Line, ...]:
    """Down to a part that the whole commit, which ends with the weight after it, does not come by."""
    header, strip = ledger.header, Strip("Final adjustment", ref)
    given = _given(ledger, ledger.weight(ref.name), ref.batch)
    _carry_out(header, strip, header.recipe, given, ref.part or "after", "rule")
    return tuple(strip.lines)


def _pending(ledger: Ledger, ref: Ref) -> Receipt:
    """A commit, or a part of it, as it is known before: only the numbers that were there are filled in."""
    final = ledger.open(ref._replace(banked=None))
    lines = tuple(line if _was_there(line.origin, ref.batch) else _unknown(line) for line in final.lines)
    return replace(final, state=state(ref.banked), lines=lines)


def _commit_text(ledger: Ledger, ref: Ref) -> str:
    """A commit as Python text, its coins in full."""
    weight = ledger.weight(ref.name)
    spelled = {"total": chain_of(bank.slices(ledger.header, ledger.batch(ref.batch), weight).tolist())}
    return _spelled(ledger.header.recipe, _given(ledger, weight, ref.batch)[0], spelled, ref.part or "after")


def schedule_receipt(ledger: Ledger, ref: Ref) -> Receipt:
    """What the schedule makes of a setting at a batch's commit."""
    header, whole = ledger.header, ref
    clock = commits.clock(header, ref.batch)
    values = {**header.constants, **clock}
    origins = {name: Ref("setting", name) for name in header.constants}
    origins.update({name: Ref("setting", name, ref.batch) for name in clock})
    strip = Strip("Schedule", whole)
    value = _carry_out(header, strip, header.schedule, (values, origins), ref.name, "schedule")
    title = f"{word(header, ref.name)} of batch {ref.batch}"
    return Receipt(
        title, "schedule", "final", tuple(strip.lines), value, lambda: _spelled(header.schedule, values, {}, ref.name)
    )


def _carry_out(header: Header, strip: Strip, recipe: Recipe, given: Known, result: str, where: str) -> float:
    """Write the recipe's lines down to the name `result`; gives its value. where: the first word of the part of its
    constants' references."""
    values, origins = given
    known, whole = dict(values), strip.whole
    words = {name: operand_word(header, name, recipe) for name in known}
    for name, formula in recipe.lines:
        labels = {n: (words[n], origins.get(n)) for n in known}
        words[name] = result_word(header, name)
        if isinstance(formula, Reduction):
            if result == f"{TERM} {name}":
                scope = Scope(formula.inner, dict(known), labels, f"{where} {name}")
                strip.calculate(scope, result, f"Its term of {word(header, name).lower()}", formula.text)
                strip.name_last(whole.of_part(result))
                return formula.inner.on_floats(known)
            origins[name] = Ref("whole", name, whole.batch)
            continue
        scope = Scope(formula, dict(known), labels, f"{where} {name}")
        strip.calculate(scope, name, words[name], f"{name} = {formula.text}")
        origins[name] = strip.name_last(_ref_of(whole, name))
        known[name] = formula.on_floats(known)
        if name == result:
            return known[name]
    names = [name for name, _ in recipe.lines]
    hint = f"; {suggestion(result, names)}" if names else ""
    raise LedgerError(f"no line of the {where} says what {quote(result)} is{hint}")


def _spelled(recipe: Recipe, values: dict[str, float], spelled: dict[str, str], result: str) -> str:
    """The Python text of the name `result` of a recipe; spelled: that of names which it starts from."""
    known, spelled = dict(values), dict(spelled)
    for name, formula in recipe.lines:
        if isinstance(formula, Reduction):
            if result == f"{TERM} {name}":
                return f"({formula.inner.python(known, spelled)})"
            spelled[name] = literal(known[name])
            continue
        spelled[name] = f"({formula.python(known, spelled)})"
        known[name] = formula.on_floats(known)
        if name == result:
            break
    return spelled[result]


def whole_receipt(ledger: Ledger, ref: Ref) -> Receipt:
    """What a line such as norm = sum(…) makes of all weights; where they are many, page by page (the reference's
    sample), each of which goes on from the one before."""
    header = ledger.header
    reduction = dict(header.recipe.lines).get(ref.name)
    if not isinstance(reduction, Reduction):
        raise LedgerError(f"no line of the recipe makes one {quote(ref.name)} of all weights")
    terms = commits.terms(header, ledger.given_at(ref.batch), ref.name).tolist()
    pages = -(-len(terms) // PAGE)
    page = ref.sample or pages
    label, many = word(header, ref.name), "" if pages == 1 else f", page {page} of {pages}"
    strip = Strip("All weights, in their order", ref)
    so_far = reduction.of(terms[: (page - 1) * PAGE]) if page > 1 else 0.0
    spelled = [literal(so_far)]
    adding, exact, sign = reduction.function == "sum", True, "+" if reduction.function == "sum" else "max"
    if adding or page > 1:
        strip.put(*(("So far", "", so_far, ref._replace(sample=page - 1)) if page > 1 else NO_WEIGHT))
    for place in range((page - 1) * PAGE, min(page * PAGE, len(terms))):
        name, term = weight_at(header.layers, place).name, terms[place]
        known = is_exact("+", so_far, term, so_far + term) if adding else True
        so_far, exact = so_far + term, exact and known
        origin = Ref("commit", name, ref.batch, part=f"{TERM} {ref.name}")
        strip.put(name, sign if strip.lines else "", term, origin, exact=known)
        spelled.append(literal(term))
    value = reduction.of(terms[: page * PAGE])
    strip.result(label, value, f"{ref.name} = {reduction.text}", exact)
    strip.name_last(ref)
    text = f"({' + '.join(spelled)})" if adding else literal(value)
    return Receipt(f"{label}, batch {ref.batch}{many}", "whole", "final", tuple(strip.lines), value, lambda: text)


def _ref_of(whole: Ref, name: str) -> Ref:
    """The reference of one of the results on the way."""
    if whole.kind == "schedule":
        return Ref("schedule", name, whole.batch)
    return whole.of_part("" if name == "after" else name)


def _was_there(origin: Ref | None, batch: int) -> bool:
    """Whether a number was there before a batch's commit: a setting, or what an earlier commit left."""
    if origin is None:
        return False
    return origin.kind in KNOWN_BEFORE or (origin.kind == "commit" and origin.batch < batch)


def _unknown(line: Line) -> Line:
    return Line(line.section, line.label, line.operator, None, line.formula)
