"""The numbers that a lesson's words can name: {coin}, {bank}, {adjustment} and the like, each with its receipt."""

from __future__ import annotations

import re

from piggybank.formula import Formula
from piggybank.ledger import bank
from piggybank.ledger.commit_receipts import commit_values
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Ref
from piggybank.ledger.loss_receipts import sample_loss
from piggybank.ledger.records import Header
from piggybank.ledger.sources import input_value, rate_ref, weight_ref
from piggybank.stage.digits import shown
from piggybank.stage.refs import error_ref
from piggybank.stage.spans import Span
from piggybank.stage.timeline import Moment

WORDS = "input blame coin bank prediction target error loss total count average adjustment before after"
KEPT = frozenset({"old_savings", "savings", "mean_jar", "mean", "house", "pull", "clipped"})
"""Numbers of the rules that have more than a bank; a run without them shows a dash."""
SQUARES = frozenset({"square_jar", "square"})
SETTINGS = frozenset({"input", "before", "target", "count", "learning_rate", "hammer"})
"""Known before a batch begins; the hammer is the learning rate with its sign turned."""
NUMBERS = frozenset(WORDS.split(" ")) | SETTINGS | KEPT | SQUARES
"""What the words of a cue can ask for."""
LATER = {
    "predict": NUMBERS - SETTINGS,
    "loss": NUMBERS - SETTINGS - {"prediction"},
    "blame": NUMBERS - SETTINGS - {"prediction", "error", "loss"},
    "bank": frozenset({"coin", "bank", "total", "average", "adjustment", "after"}) | KEPT | SQUARES,
    "commit": frozenset({"average", "adjustment", "after"}) | KEPT | SQUARES,
}
"""What a beat's words cannot name before the beat has shown it."""
SIGNED = frozenset({"blame", "coin", "bank", "error", "total", "average", "adjustment"}) | KEPT
_NAMED = re.compile(r"\{(\w+)\}")


def names_in(text: str) -> set[str]:
    """The numbers that a text asks for."""
    return set(_NAMED.findall(text))


def lacking(header: Header) -> frozenset[str]:
    """The numbers that a run does not have: a rule without memory keeps no savings, one that adds up has no average."""
    named = {name for name, _ in header.recipe.lines}
    rate = {"learning_rate", "hammer"} if "learning_rate" not in header.constants and not header.is_scheduled else set()
    return ((KEPT | SQUARES | {"average"}) - named) | rate


def lacks(formula: str, header: Header) -> str:
    """A number that a formula names and a run does not have; "" for none."""
    return min(lacking(header).intersection(Formula(formula).names), default="")


def values_at(ledger: Ledger, moment: Moment, selected: str) -> dict[str, float]:
    """Every number of the vocabulary, of one weight at a moment."""
    weight, record, sample = ledger.weight(selected), ledger.batch(moment.batch), moment.sample
    source = input_value(ledger, record, weight, sample)[1]
    blame = float(record.blame[weight.layer][sample - 1, weight.column])
    prediction = float(record.outputs[-1][sample - 1, 0])
    target = float(ledger.header.targets[record.rows[sample - 1], 0])
    commit = commit_values(ledger, weight, moment.batch)
    return {
        **commit,
        **({"hammer": -commit["learning_rate"]} if "learning_rate" in commit else {}),
        "input": source,
        "blame": blame,
        "coin": source * blame,
        "bank": float(bank.running_totals(ledger.header, record, weight)[sample]),
        "prediction": prediction,
        "target": target,
        "error": prediction - target,
        "loss": sample_loss(ledger, moment.batch, sample),
    }


def refs_at(ledger: Ledger, moment: Moment, selected: str) -> dict[str, Ref | None]:
    """The receipts behind `values_at`."""
    weight, batch, sample = ledger.weight(selected), moment.batch, moment.sample
    record, name, output = ledger.batch(batch), weight.name, ledger.header.layers[-1].neurons[0]
    origin = input_value(ledger, record, weight, sample)[2]
    return {
        "input": origin,
        "blame": Ref("blame", weight.target, batch, sample),
        "coin": Ref("slice", name, batch, sample, sample),
        "bank": Ref("bank", name, batch, sample, sample),
        "prediction": Ref("predict", output, batch, sample),
        "error": error_ref(ledger, output, batch, sample),
        "target": Ref("target", output, 0, record.rows[sample - 1] + 1),
        "loss": Ref("loss", "", batch, sample),
        "total": Ref("bank", name, batch, record.count),
        "count": Ref("setting", "count", batch),
        "learning_rate": rate_ref(ledger, batch),
        "hammer": rate_ref(ledger, batch).turned,
        **{part: Ref("commit", name, batch, part=part) for part in KEPT | SQUARES},
        "average": Ref("commit", name, batch, part="average"),
        "adjustment": Ref("commit", name, batch, part="adjustment"),
        "before": weight_ref(name, batch - 1),
        "after": Ref("commit", name, batch),
    }


def spans(text: str, ledger: Ledger, moment: Moment, selected: str) -> tuple[Span, ...]:
    """Words with the moment's numbers in them, each of which opens its receipt."""
    if not names_in(text):
        return (Span(text),)
    name = selected or ledger.header.weights[0].name
    values, refs = values_at(ledger, moment, name), refs_at(ledger, moment, name)
    found = []
    for place, part in enumerate(_NAMED.split(text)):
        if place % 2 and part in values:
            found.append(Span(shown(values[part], signed=part in SIGNED), refs.get(part)))
        elif place % 2:  # a run that adds up has no average
            found.append(Span("—"))
        elif part:
            found.append(Span(part))
    return tuple(found)
