"""The selected weight's arithmetic in one row, under the words: what its neuron predicts, the loss, the blame that
comes back, its coin, and then its commit. What is short of room gives way, word by word."""

from __future__ import annotations

from collections.abc import Callable

from piggybank.ledger.class_names import named, target_word
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Ref
from piggybank.ledger.loss_receipts import sample_loss
from piggybank.ledger.records import Weight
from piggybank.ledger.sources import input_value, weight_value, weighted_sum
from piggybank.stage import palette as p
from piggybank.stage.banked import in_bank, keeps
from piggybank.stage.classes import class_of, has_columns
from piggybank.stage.commit_row import commit_rows
from piggybank.stage.detail import detail_of
from piggybank.stage.digits import shown, subscript
from piggybank.stage.kept_row import held_tokens, kept_tokens
from piggybank.stage.known import Known
from piggybank.stage.places import NetworkPlan
from piggybank.stage.refs import error_ref
from piggybank.stage.scene import Item, Label
from piggybank.stage.timeline import BANK, BLAME, COMMIT, LOSS, PREDICT
from piggybank.stage.tokens import Token
from piggybank.stage.view import View

BELOW_WORDS = 106.0
"""Below the top of the words above the network, where as many lines of them as there may be have ended."""


def equation(ledger: Ledger, known: Known, view: View) -> list[Item]:
    """The row for the current beat; empty while there is nothing to calculate for the weight."""
    weight = ledger.header.weights_by_name.get(view.selected)
    if weight is None:
        return []
    box = view.regions.caption
    if known.moment.phase == COMMIT:
        rows = commit_rows(ledger, known, weight)
    else:
        rows = [_ROWS[known.moment.phase](ledger, known, weight) + _unsaid(ledger, known, weight, view)]
    items: list[Item] = []
    x, y = box.x, box.y + BELOW_WORDS
    for token in _fitted(rows, box.w):
        items.append(Label(x, y, token.text, p.SMALL, token.colour, token.font, ref=token.ref))
        x += token.width + token.space
    return items


def _fitted(rows: list[list[Token]], room: float) -> list[Token]:
    """The first row that has room with its words; of the last one as many as there is room for."""
    for place, tokens in enumerate(rows, 1):
        for most in sorted({token.rank for token in tokens}, reverse=True):
            kept = [token for token in tokens if token.rank <= most]
            if sum(token.width + token.space for token in kept) <= room and (most or place == len(rows)):
                return kept
    return []


def _at_work(ledger: Ledger, known: Known, weight: Weight) -> Weight:
    """The weight itself; while a later layer is at work that has one neuron, on the way from the weight, one of its."""
    layer = ledger.header.layers[known.moment.layer]
    if known.moment.layer <= weight.layer or len(layer.neurons) > 1:
        return weight
    return ledger.header.weights_into(layer.neurons[0])[0]


def _predict(ledger: Ledger, known: Known, weight: Weight) -> list[Token]:
    """input × weight of every source, their sum, and the activation."""
    weight = _at_work(ledger, known, weight)
    if known.moment.layer != weight.layer:
        return []
    header, batch, sample, name = ledger.header, known.batch, known.sample, weight.target
    layer, record = header.layers[weight.layer], ledger.batch(known.batch)
    tokens: list[Token] = []
    into = header.weights_into(name)
    sources = into if len(into) <= LISTED else ()
    for place, other in enumerate(sources):
        _, value, origin = input_value(ledger, record, other, sample)
        _, by, by_origin = weight_value(ledger, other, batch)
        tokens += [Token("+", rank=2)] if place else []
        tokens += [Token(shown(value), p.INK, origin, 2), Token("×", rank=2), Token(shown(by), p.INK, by_origin, 2)]
    if not known.output(weight.layer):
        return tokens
    output = float(record.outputs[weight.layer][sample - 1, weight.column])
    here = Ref("predict", name, batch, sample)
    if layer.value.text != "z":
        summed = shown(weighted_sum(ledger, name, batch, sample))
        tokens += [Token("=", rank=2)] if tokens else []
        tokens.append(Token("sum"))
        tokens += [Token(summed, p.INK, here.of_part("sum")), Token("→"), Token(layer.activation)]
    else:
        tokens += [Token("=", rank=2)] if tokens else []
    return [*tokens, Token(subscript(name)), Token(shown(output), p.BLUE_INK, here)]


LISTED = 5
"""A sum of so many terms can stand in the row."""


def _loss(ledger: Ledger, known: Known, weight: Weight) -> list[Token]:
    """prediction − target, and the loss."""
    record, batch, sample = ledger.batch(known.batch), known.batch, known.sample
    last = ledger.header.layers[-1]
    column = weight.column if weight.layer == len(ledger.header.layers) - 1 else 0
    if has_columns(ledger.header):  # the loss is about the row's own class
        column = int(ledger.header.targets[record.rows[sample - 1]].argmax())
    name, outputs = last.neurons[column], len(last.neurons)
    several = outputs > 1 and not has_columns(ledger.header)
    prediction = float(record.outputs[-1][sample - 1, column])
    target = float(ledger.header.targets[record.rows[sample - 1], column])
    tokens = [
        Token(f"prediction {subscript(name)}" if several else "prediction", rank=1),
        Token(shown(prediction), p.INK, Ref("predict", name, batch, sample)),
        Token("against" if has_columns(ledger.header) else "−"),
        Token(class_of(ledger.header, name) or "target", rank=1),
        Token(shown(target), p.INK, Ref("target", name, 0, record.rows[sample - 1] + 1)),
    ]
    if known.loss and not ledger.header.loss_fused:
        error = Token(shown(prediction - target, True), p.BLAME_INK, error_ref(ledger, name, batch, sample))
        tokens += [Token("="), Token("error", rank=1), error]
    if known.loss:
        loss = Token(shown(sample_loss(ledger, batch, sample)), p.BLUE_INK, Ref("loss", "", batch, sample))
        tokens += [Token("→"), Token(f"loss of all {outputs} outputs" if several else "loss"), loss]
    return tokens


def _blame(ledger: Ledger, known: Known, weight: Weight) -> list[Token]:
    """What arrives at the weight's neuron, times its slope."""
    weight = _at_work(ledger, known, weight)
    if known.moment.layer != weight.layer:
        return []
    name, layer = weight.target, ledger.header.layers[weight.layer]
    called = named(ledger.header, name)
    here = Ref("blame", name, known.batch, known.sample)
    lines = {line.label: line for line in ledger.open(here).lines if line.value is not None}
    error = error_ref(ledger, name, known.batch, known.sample) if f"Error of {called}" in lines else None
    words = {f"Error of {called}": "error", "Blame arriving": "arriving", f"Slope of {layer.activation}": "slope"}
    found = [(word, lines[label]) for label, word in words.items() if label in lines]
    if not found:  # the loss's own formula is all of it
        if ledger.header.loss_blame.text == "a - t":
            found = [("prediction", lines[f"Prediction {called}"]), ("target", lines[target_word(ledger.header, name)])]
    elif not known.blame(weight.layer):
        found = found[:1] if error else []
    tokens: list[Token] = []
    for word, line in found:
        tokens += [Token("−" if word == "target" else "×")] if tokens else []
        ref = error if word == "error" else line.opens
        tokens += [Token(word, rank=1), Token(shown(line.value or 0.0), p.INK, ref)]
    if known.blame(weight.layer):
        value = lines[f"Blame of {called}"].value or 0.0
        tokens += [Token("=")] if tokens else []
        tokens += [Token("blame", rank=1), Token(shown(value, True), p.BLAME_INK, here)]
    return tokens


def _coin(ledger: Ledger, known: Known, weight: Weight) -> list[Token]:
    record, sample = ledger.batch(known.batch), known.sample
    _, value, origin = input_value(ledger, record, weight, sample)
    blame = float(record.blame[weight.layer][sample - 1, weight.column])
    tokens = [
        Token("input" if weight.is_bias else f"input {subscript(weight.source)}", rank=2),
        Token(shown(value), p.INK, origin),
        Token("×"),
        Token("blame", rank=1),
        Token(shown(blame, True), p.BLAME_INK, Ref("blame", weight.target, known.batch, sample)),
    ]
    if known.sliced:
        slice_ref = Ref("slice", weight.name, known.batch, sample, known.seen)
        tokens += [Token("="), Token("coin", rank=1), Token(shown(value * blame, True), p.YELLOW_INK, slice_ref)]
    if known.sliced and known.count == 1 and keeps(ledger, known):
        tokens += [Token("+", rank=2), *kept_tokens(ledger, known, weight, 2), *held_tokens(ledger, known, weight, 2)]
    return tokens


def _unsaid(ledger: Ledger, known: Known, weight: Weight, view: View) -> list[Token]:
    """What the bank holds after a coin, where the pigs have no room for their numbers."""
    plan = detail_of(ledger, view)
    held = in_bank(ledger, known, weight)
    if known.moment.phase != BANK or not (known.sliced and held and isinstance(plan, NetworkPlan)):
        return []
    if plan.banks[weight.name].pill is not None or keeps(ledger, known):
        return []
    return [Token("→"), Token("bank", rank=1), Token(shown(held[0], True), p.YELLOW_INK, held[1])]


_ROWS: dict[str, Callable[[Ledger, Known, Weight], list[Token]]] = {
    PREDICT: _predict,
    LOSS: _loss,
    BLAME: _blame,
    BANK: _coin,
}
