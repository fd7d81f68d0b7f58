"""The selected weight's arithmetic in one row, under the words: what its neuron predicts, the loss, the blame that
comes back, its coin, and then its commit. What is short of room gives way, word by word."""

from __future__ import annotations

from collections.abc import Callable

from piggybank.ledger.class_names import named, target_word
from piggybank.ledger.kept import unemptied
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Ref
from piggybank.ledger.loss_receipts import sample_loss
from piggybank.ledger.receipt import commit_values
from piggybank.ledger.recipe_words import word as word_of
from piggybank.ledger.records import Weight
from piggybank.ledger.sources import input_value, rate_ref, weight_value, weighted_sum
from piggybank.stage import palette as p
from piggybank.stage.banked import keeps
from piggybank.stage.classes import class_of, has_columns
from piggybank.stage.digits import shown, subscript
from piggybank.stage.kept_row import held_tokens, kept_tokens, kept_total
from piggybank.stage.known import Known
from piggybank.stage.refs import error_ref
from piggybank.stage.scene import Item, Label
from piggybank.stage.timeline import BANK, BLAME, COMMIT, LOSS, PREDICT
from piggybank.stage.tokens import SPACE, Token
from piggybank.stage.view import View

THREE_LINES = 100.0
"""Below the top of the words above the network, where three lines of them have ended."""


def equation(ledger: Ledger, known: Known, view: View) -> list[Item]:
    """The row for the current beat; empty while there is nothing to calculate for the weight."""
    weight = ledger.header.weights_by_name.get(view.selected)
    if weight is None:
        return []
    box = view.regions.caption
    tokens = _fitted(_ROWS[known.moment.phase](ledger, known, weight), box.w)
    items: list[Item] = []
    x, y = box.x, max(box.bottom - 22, box.y + THREE_LINES)
    for token in tokens:
        items.append(Label(x, y, token.text, p.SMALL, token.colour, token.font, ref=token.ref))
        x += token.width + SPACE
    return items


def _fitted(tokens: list[Token], room: float) -> list[Token]:
    """As many of them as there is room for."""
    for most in sorted({token.rank for token in tokens}, reverse=True):
        kept = [token for token in tokens if token.rank <= most]
        if sum(token.width + SPACE for token in kept) <= room:
            return kept
    return []


def _predict(ledger: Ledger, known: Known, weight: Weight) -> list[Token]:
    """input × weight of every source, their sum, and the activation."""
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
        Token("input" if weight.is_bias else f"input {subscript(weight.source)}", rank=1),
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


def _commit(ledger: Ledger, known: Known, weight: Weight) -> list[Token]:
    if known.stage not in ("total", "average", "moved"):
        return []
    values, name, batch = commit_values(ledger, weight, known.batch), weight.name, known.batch
    kept = unemptied(ledger.header)
    tokens = [
        Token("total", rank=1),
        Token(shown(values["total"], True), p.YELLOW_INK, Ref("bank", name, batch, known.count, known.seen)),
    ]
    tokens = kept_total(ledger, known, weight) if kept else tokens
    if "average" in values and not (kept and known.count == 1):
        divides = dict(ledger.header.recipe.lines)["average"].text == f"{kept or 'total'} / count"
        if divides:
            tokens += [Token("÷"), Token(shown(values["count"]), p.INK, Ref("setting", "count", batch))]
        if known.stage != "total":
            average = Ref("commit", name, batch, part="average")
            words = [Token("→", rank=1), Token("average", rank=2)] if divides else [Token("but the average is", rank=1)]
            tokens += words
            tokens += [Token(shown(values["average"], True), p.YELLOW_INK, average, 1 if divides else 0)]
    if known.stage == "moved":
        added = _added(ledger, known, weight, values)
        tokens = [*added, Token("→")] if added else [*tokens, *_rule_tokens(ledger, weight, batch, values)]
        final = Ref("commit", name, batch, part="adjustment")
        tokens += [
            Token("adjustment" if known.single else "final", rank=4 if kept else 2 if added else 1),
            Token(shown(values["adjustment"], True), p.GREEN_INK, final),
            Token("+", rank=5),
            Token("before", rank=5),
            Token(shown(values["before"]), p.INK, weight_value(ledger, weight, batch)[2], 5),
            Token("=", rank=5),
            Token("after", rank=6),
            Token(shown(values["after"]), p.GREEN_INK, Ref("commit", name, batch), 5),
        ]
    return tokens


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
        words = word_of(header, term).lower().removesuffix(", the house coin").removesuffix(" coin")
        ref = Ref("commit", weight.name, known.batch, part=term)
        if term == "total":
            ref = Ref("bank", weight.name, known.batch, known.count, known.seen)
        tokens += [Token(words, rank=rank), Token(shown(values[term], True), p.INK, ref)]
    rate = rate_ref(ledger, known.batch).turned
    return [*tokens, Token("×"), Token(shown(-values["learning_rate"]), p.INK, rate)]


_ROWS: dict[str, Callable[[Ledger, Known, Weight], list[Token]]] = {
    PREDICT: _predict,
    LOSS: _loss,
    BLAME: _blame,
    BANK: _coin,
    COMMIT: _commit,
}
