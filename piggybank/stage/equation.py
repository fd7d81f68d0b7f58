"""The selected weight's arithmetic in one row, under the words: the numbers of its coin, then of its commit."""

from __future__ import annotations

from dataclasses import dataclass

from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import NEGATED, Ref
from piggybank.ledger.pass_receipts import input_value
from piggybank.ledger.receipt import commit_values
from piggybank.ledger.records import Weight
from piggybank.stage import palette as p
from piggybank.stage.digits import shown, subscript
from piggybank.stage.known import Known
from piggybank.stage.measure import text_width
from piggybank.stage.scene import Item, Label
from piggybank.stage.timeline import BANK, COMMIT
from piggybank.stage.view import View

SPACE = 9.0


@dataclass(frozen=True)
class Token:
    """A word, an operator or a number of the row; what is not needed gives way where room is short."""

    text: str
    colour: str = p.MUTED
    ref: Ref | None = None
    needed: bool = True

    @property
    def font(self) -> str:
        return p.SEMIBOLD if self.ref else p.REGULAR

    @property
    def width(self) -> float:
        return text_width(self.text, p.SMALL, self.font)


def equation(ledger: Ledger, known: Known, view: View) -> list[Item]:
    """The row for the current beat; empty while there is nothing to calculate for the weight."""
    weight = ledger.header.weights_by_name.get(view.selected)
    if weight is None:
        return []
    box = view.regions.caption
    tokens = _tokens(ledger, known, weight)
    if _width(tokens) > box.w:
        tokens = [token for token in tokens if token.needed]
    if _width(tokens) > box.w:
        return []
    items: list[Item] = []
    x = box.x
    for token in tokens:
        items.append(Label(x, box.y + 106, token.text, p.SMALL, token.colour, token.font, ref=token.ref))
        x += token.width + SPACE
    return items


def _width(tokens: list[Token]) -> float:
    return sum(token.width + SPACE for token in tokens)


def _tokens(ledger: Ledger, known: Known, weight: Weight) -> list[Token]:
    if known.moment.phase == BANK:
        return _coin(ledger, known, weight)
    if known.moment.phase == COMMIT and known.stage in ("total", "average", "moved"):
        return _commit(ledger, known, weight)
    return []


def _coin(ledger: Ledger, known: Known, weight: Weight) -> list[Token]:
    record, sample = ledger.batch(known.batch), known.sample
    _, value, origin = input_value(ledger, record, weight, sample)
    blame = float(record.blame[weight.layer][sample - 1, weight.column])
    tokens = [
        Token("input" if weight.is_bias else f"input {subscript(weight.source)}", needed=False),
        Token(shown(value), p.INK, origin),
        Token("×"),
        Token("blame", needed=False),
        Token(shown(blame, True), p.BLAME_INK, Ref("blame", weight.target, known.batch, sample)),
    ]
    if known.sliced:
        slice_ref = Ref("slice", weight.name, known.batch, sample, known.seen)
        tokens += [Token("="), Token("coin", needed=False), Token(shown(value * blame, True), p.YELLOW_INK, slice_ref)]
    return tokens


def _commit(ledger: Ledger, known: Known, weight: Weight) -> list[Token]:
    values, name, batch = commit_values(ledger, weight, known.batch), weight.name, known.batch
    tokens = [
        Token("total", needed=False),
        Token(shown(values["total"], True), p.YELLOW_INK, Ref("bank", name, batch, known.count, known.seen)),
    ]
    if "average" in values:
        tokens += [Token("÷"), Token(shown(values["count"]), p.INK, Ref("setting", "count", batch))]
        if known.stage != "total":
            average = Ref("commit", name, batch, part="average")
            tokens += [Token("=", needed=False)]
            tokens += [Token(shown(values["average"], True), p.YELLOW_INK, average, needed=False)]
    if known.stage == "moved":
        if "learning_rate" in values:
            rate = Ref("setting", "learning_rate", part=NEGATED)
            tokens += [Token("×"), Token(shown(-values["learning_rate"]), p.INK, rate)]
        final = Ref("commit", name, batch, part="adjustment")
        tokens += [
            Token("="),
            Token("final", needed=False),
            Token(shown(values["adjustment"], True), p.GREEN_INK, final),
        ]
    return tokens
