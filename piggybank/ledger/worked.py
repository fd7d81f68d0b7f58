"""Receipts of one calculation: operands that act on the running result one after the other, or terms added up."""

from __future__ import annotations

from piggybank.arithmetic import is_exact, literal, operate
from piggybank.ledger.lines import Receipt, Ref
from piggybank.ledger.strip import Strip
from piggybank.ledger.sums import NOTHING, Term, chain_of

Operand = tuple[str, str, float, Ref]
"""Operator, label, value, and the receipt behind it."""


def worked(ref: Ref, title: str, section: str, operands: list[Operand], result: str) -> Receipt:
    """Operand by operand; the first one's operator is not looked at."""
    strip, value, text, exact = Strip(section, ref), operands[0][2], literal(operands[0][2]), True
    for place, (sign, label, number, origin) in enumerate(operands):
        strip.put(label, sign if place else "", number, origin)
        if place:
            before, value = value, operate(sign, value, number)
            exact = exact and is_exact(sign, before, number, value)
            text = f"({text} {sign} {literal(number)})" if not (sign == "/" and number == 0) else literal(value)
    strip.result(result, value, "", exact)
    strip.name_last(ref)
    return Receipt(title, ref.kind, "final", tuple(strip.lines), value, lambda: text)


def summed(
    ref: Ref,
    words: tuple[str, str, str],
    terms: list[Term],
    state: str = "final",
    start: tuple[str, str] = NOTHING,
) -> Receipt:
    """Left to right from +0.0. words: title, section, and what the sum is called; start: what the 0 is called, and the
    name of the setting behind it."""
    title, section, result = words
    strip = Strip(section, ref)
    total, exact = strip.add_all(terms, start)
    strip.result(result, total, "((0 + s1) + s2) + …", exact)
    strip.name_last(ref)
    return Receipt(title, ref.kind, state, tuple(strip.lines), total, lambda: chain_of(term[1] for term in terms))
