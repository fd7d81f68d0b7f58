"""The row of arithmetic of a commit, as the rule's recipe goes: from what is in the bank to the weight afterwards."""

from __future__ import annotations

import re
from dataclasses import replace

from piggybank.ledger.commit_receipts import commit_values
from piggybank.ledger.kept import unemptied
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Ref
from piggybank.ledger.recipe_words import word as word_of
from piggybank.ledger.records import Weight
from piggybank.ledger.sources import rate_ref, weight_value
from piggybank.stage import palette as p
from piggybank.stage.digits import shown
from piggybank.stage.kept_row import kept_total
from piggybank.stage.known import Known
from piggybank.stage.tokens import Token


def commit_rows(ledger: Ledger, known: Known, weight: Weight) -> list[list[Token]]:
    """The row of a commit; before it the one that is better where there is room for it."""
    if known.stage not in ("total", "average", "moved"):
        return [[]]
    values, name, batch = commit_values(ledger, weight, known.batch), weight.name, known.batch
    kept = unemptied(ledger.header)
    tokens = [
        Token("total", rank=1),
        Token(shown(values["total"], True), p.YELLOW_INK, Ref("bank", name, batch, known.count, known.seen)),
    ]
    tokens = kept_total(ledger, known, weight) if kept else tokens
    shared: list[Token] = []
    if "average" in values and not (kept and known.count == 1):
        divides = dict(ledger.header.recipe.lines)["average"].text == f"{kept or 'total'} / count"
        if divides:
            tokens += [Token("÷"), Token(shown(values["count"]), p.INK, Ref("setting", "count", batch))]
            shared = [] if kept or known.count == 1 else [replace(tokens[0], rank=3), *tokens[1:], Token("→", rank=1)]
        if known.stage != "total":
            average = Ref("commit", name, batch, part="average")
            words = [Token("→", rank=1), Token("average", rank=2)] if divides else [Token("but the average is", rank=1)]
            tokens += words
            tokens += [Token(shown(values["average"], True), p.YELLOW_INK, average, 1 if divides else 0)]
    if known.stage != "moved":
        return [tokens]
    added = _added(ledger, known, weight, values)
    tokens = [*added, Token("→")] if added else [*tokens, *_rule_tokens(ledger, weight, batch, values)]
    divided = [_divided(ledger, weight, batch, values, first) for first in (shared, [])]
    end = _end(ledger, known, weight, values, rank=4 if kept else 2 if added else 1)
    shorter = _end(ledger, known, weight, values, rank=2)
    rows = [[*row, *shorter] for row in divided if row]
    lines = dict(ledger.header.recipe.lines)
    if rows and lines["adjustment"].text.partition(" + ")[0] in lines:  # the longest there is
        rows.insert(1, [replace(token, near=True) for token in rows[0]])
    return [*rows, [*tokens, *end]]


def _end(ledger: Ledger, known: Known, weight: Weight, values: dict[str, float], rank: int) -> list[Token]:
    """The adjustment, and the weight before and after; rank: of the adjustment's word."""
    name, batch = weight.name, known.batch
    return [
        Token("adjustment" if known.single else "final", rank=rank),
        Token(shown(values["adjustment"], True), p.GREEN_INK, Ref("commit", name, batch, part="adjustment")),
        Token("+", rank=5),
        Token("before", rank=5),
        Token(shown(values["before"]), p.INK, weight_value(ledger, weight, batch)[2], 5),
        Token("=", rank=5),
        Token("after", rank=6),
        Token(shown(values["after"]), p.GREEN_INK, Ref("commit", name, batch), 5),
    ]


PLAIN_MOVES = tuple(f"-learning_rate * {what}" for what in ("average", "total", "bank"))


def _rule_tokens(ledger: Ledger, weight: Weight, batch: int, values: dict[str, float]) -> list[Token]:
    """From the average to the adjustment: × −rate → where that is all; otherwise what else has a part in it, and the
    rate where it is this commit's own."""
    header = ledger.header
    if dict(header.recipe.lines)["adjustment"].text in PLAIN_MOVES:
        rate = rate_ref(ledger, batch).turned
        return [Token("×"), Token(shown(-values["learning_rate"]), p.INK, rate), Token("→")]
    tokens = []
    for name, words in header.house.items():
        ref = Ref("commit", weight.name, batch, part=name)
        tokens += [Token("and"), Token(words.lower(), rank=1), Token(shown(values[name], True), p.INK, ref)]
    tokens += [Token("by", rank=2), Token(header.rule_name, rank=2)]
    if header.is_scheduled:
        tokens += [Token("at rate"), Token(shown(values["learning_rate"]), p.INK, rate_ref(ledger, batch))]
    return [*tokens, Token("→")]


_DIVISION = re.compile(r"-learning_rate \* (\w+) / (?:sqrt\((\w+)\)|\(sqrt\((\w+)\) \+ (\w+)\))")


def _divided(ledger: Ledger, weight: Weight, batch: int, values: dict[str, float], shared: list[Token]) -> list[Token]:
    """Where the adjustment is a named number divided by the root of another, × −rate, and perhaps what is added to
    that: this division. Otherwise nothing. shared: total ÷ count →, if it is to lead to the named number."""
    header, lines = ledger.header, {name: line.text for name, line in ledger.header.recipe.lines}
    added, plus, move = lines["adjustment"].partition(" + ")
    text, extra = (lines[move], [added]) if plus and move in lines else (lines["adjustment"], [])
    found = _DIVISION.fullmatch(text)
    parts = [part for part in found.groups() if part] if found else []
    if not parts or not all(part in values for part in (*parts, *extra)):
        return []
    above, below, *small = parts

    def named(name: str, sign: bool = True, rank: int = 1) -> list[Token]:
        ref = Ref("setting", name) if name in header.constants else Ref("commit", weight.name, batch, part=name)
        words = word_of(header, name).lower().removesuffix(HOUSE)
        return [Token(words, rank=rank), Token(shown(values[name], sign), p.YELLOW_INK if sign else p.INK, ref)]

    root = [Token("√", tight=True), *named(below, False, 3)]
    for name in small if any(values[name] for name in small) else ():
        root = [Token("(", tight=True), *root, Token("+"), replace(named(name, False)[1], tight=True), Token(")")]
    rate = Token(shown(-values["learning_rate"]), p.INK, rate_ref(ledger, batch).turned)
    last = [token for name in extra for token in (Token("+"), *named(name, rank=2))]
    if shared and above != "average":  # what the jars keep is divided
        jars = any(word_of(header, name).startswith("Jar") for name in header.memory)
        shared = [*shared, Token("jars:")] if jars else []
    return [*shared, *named(above, rank=2 if shared else 1), Token("÷"), *root, Token("×"), rate, *last, Token("→")]


HOUSE = ", the house coin"


def _added(ledger: Ledger, known: Known, weight: Weight, values: dict[str, float]) -> list[Token]:
    """Where the learning rate multiplies a sum of two named numbers: the sum, × −rate. Otherwise nothing."""
    header, lines = ledger.header, {name: line.text for name, line in ledger.header.recipe.lines}
    multiplied, rate_times, moved = lines["adjustment"].partition("-learning_rate * ")
    terms = lines.get(moved, "").split(" + ")
    if multiplied or not rate_times or len(terms) != 2 or not all(term in values for term in terms):
        return []
    tokens: list[Token] = []
    for sign, term, rank in (("", terms[0], 1), ("+", terms[1], 1), ("→", moved, 3)):
        tokens += [Token(sign)] if sign else []
        words = word_of(header, term).lower().removesuffix(HOUSE).removesuffix(" coin")
        ref = Ref("commit", weight.name, known.batch, part=term)
        if term == "total":
            ref = Ref("bank", weight.name, known.batch, known.count, known.seen)
        tokens += [Token(words, rank=rank), Token(shown(values[term], True), p.INK, ref)]
    rate = rate_ref(ledger, known.batch).turned
    return [*tokens, Token("×"), Token(shown(-values["learning_rate"]), p.INK, rate)]
