"""What a learner must know of a run before a pencil can take over."""

from __future__ import annotations

from piggybank.app.worksheet.formulas import by_hand, fraction, line_hint, result, spell
from piggybank.app.worksheet.samples import Excerpt, blame_hint, is_plain_blame, pass_hint
from piggybank.ledger.loss_receipts import SPOKEN
from piggybank.ledger.records import Header
from piggybank.stage.digits import shown, subscript
from piggybank.wording import counted

LISTED = 12
"""Up to so many neurons are listed by name."""


def settings_of(excerpt: Excerpt) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Words, and the lines of what they are in this run."""
    header = excerpt.header
    rows = [("Network", _network(excerpt)), ("Coin", _coin(excerpt)), ("Loss", (_loss(header),))]
    rows.append(("Batch", (_batch(header),)))
    scheduled = {name for name, _ in header.schedule.lines}
    for name, value in header.constants.items():
        if name == "learning_rate":
            rows.append(("Hammer", (_hammer(value, name in scheduled),)))
        elif name in header.needs:
            rows.append((name.replace("_", " ").capitalize(), (fraction(value),)))
    rows.append(("Rule", _rule(header)))
    if header.fault:
        rows.append(("Fault", (f"{header.fault.replace('-', ' ')}: the rule is wrong on purpose",)))
    return tuple(rows)


def _network(excerpt: Excerpt) -> tuple[str, ...]:
    header = excerpt.header
    first, *between, last = map(len, header.neuron_layers)
    shape = " → ".join((counted(first, "input"), *(f"{many} hidden" for many in between), counted(last, "output")))
    if not excerpt.whole:
        weight = excerpt.weights[0]
        source = "the bias" if weight.is_bias else subscript(weight.source)
        many = f"{len(header.weights):,}"
        return (
            shape,
            f"of its {many} weights this sheet follows one, from {source} to {subscript(weight.target)}",
        )
    parts = [shape]
    for layer, info in enumerate(header.layers):
        last = layer == len(header.layers) - 1
        single = last and len(info.neurons) == 1
        name = "prediction" if single else ", ".join(map(subscript, info.neurons[:LISTED]))
        words = pass_hint(header, layer)
        formula = (
            "" if info.value.text == "z" or info.shared.lines else f" ({spell(info.value.text, {'z': 'the sum'})})"
        )
        parts.append(f"{name} = {words}{formula}")
    return tuple(parts)


def _coin(excerpt: Excerpt) -> tuple[str, ...]:
    header, last = excerpt.header, len(excerpt.header.layers) - 1
    if not excerpt.whole and excerpt.weights[0].layer < last:
        return (f"input × blame of {subscript(excerpt.weights[0].target)}, both given here",)
    if is_plain_blame(header):
        words = "an output’s blame is its error, prediction − target"
    elif header.loss_blame.text == "a - t":
        words = f"an output’s blame is {blame_hint(header, last, 0)}"
    else:
        words = f"from the loss comes {spell(header.loss_blame.text, {'a': 'prediction', 't': 'target'})}"
    slopes = {
        info.activation: spell(info.slope.text, {"z": "the sum", "a": "output"})
        for layer, info in enumerate(header.layers)
        if info.slope.text != "1"
        and (not header.loss_fused if layer == last else excerpt.whole)
        and by_hand(info.slope.text)
    }
    lines = (f"slope of {name}: {text}" for name, text in slopes.items())
    return ("input × blame of the neuron that the weight leads to", words, *lines)


def _loss(header: Header) -> str:
    if not by_hand(header.loss_value.text):
        return f"{header.loss_name}, given here"
    spoken = {letter: word.replace("_", " ") for letter, word in SPOKEN.items()}
    text = spell(header.loss_value.text, spoken)
    return f"{header.loss_name}: {text}" + ("" if len(header.layers[-1].neurons) == 1 else ", added over the outputs")


def _batch(header: Header) -> str:
    rows, size = header.rows, min(header.batch_size, header.rows)
    words = f"{counted(size, 'sample')} a commit" + (", all measured with the same weights" if size > 1 else "")
    if header.accumulate > 1:
        words += f", in {counted(header.accumulate, 'micro-batch').replace('hs', 'hes')} of up to {header.micro_size}"
    words += f"; an epoch is once through the {rows} rows" if rows > 1 else "; there is one row, again and again"
    rest = rows % header.batch_size
    if rest and rows > header.batch_size:
        words += f", so its last batch has {rest}"
    if header.shuffled:
        words += ", in a new order each time"
    if size > 1:
        words += f"; of the coins in a bank the {header.reduce} counts"
    return words


def _hammer(value: float, scheduled: bool) -> str:
    words = "the learning rate, " + ("scheduled: every commit has its own" if scheduled else fraction(value))
    return f"{words}. The minus sign falls with it: × {shown(-value)}" if value > 0 and not scheduled else words


def _rule(header: Header) -> tuple[str, ...]:
    lines = (f"{result(header, name)} = {line_hint(header, n)}" for n, (name, _) in enumerate(header.recipe.lines))
    return (header.rule_name, *lines)
