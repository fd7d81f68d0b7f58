"""Receipts of losses: of one sample, and the mean over a batch or over all rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from piggybank.arithmetic import is_exact, literal
from piggybank.ledger.class_names import named
from piggybank.ledger.lines import Receipt, Ref
from piggybank.ledger.measured import count_at, met, record_at, whereabouts
from piggybank.ledger.sources import loss_values
from piggybank.ledger.strip import Scope, Strip
from piggybank.ledger.sums import chain, chain_of

if TYPE_CHECKING:
    from piggybank.ledger.ledger import Ledger

SPOKEN = {"a": "prediction", "t": "target", "z": "weighted_sum", "top": "largest_sum"}
"""The letters of a loss's formula as words."""


def _mean_loss(ledger: Ledger, ref: Ref) -> Receipt:
    count = count_at(ledger, ref.batch)
    losses = [sample_loss(ledger, ref.batch, sample) for sample in range(1, count + 1)]
    strip = Strip("Loss of the batch", ref)
    one, many, whole = "sample", "Samples in the batch", f"batch {ref.batch}"
    if ref.batch < 0:
        one, many, whole = "row", "Rows", f"all rows, {met(ref.batch)}"
    terms = [(f"Loss of {one} {n}", loss, Ref("loss", "", ref.batch, n)) for n, loss in enumerate(losses, 1)]
    total, all_exact = strip.add_all(terms)
    strip.put(many, "/", float(count), Ref("setting", "count", ref.batch))
    mean = total / count
    strip.result("Mean loss", mean, "total / count", all_exact and is_exact("/", total, float(count), mean))
    strip.name_last(ref)

    def spell() -> str:
        return f"{chain_of(losses)} / {literal(float(count))}"

    return Receipt(f"Mean loss of {whole}", "loss", "final", tuple(strip.lines), mean, spell)


def loss(ledger: Ledger, ref: Ref) -> Receipt:
    """A sample's loss; for sample 0 the batch's mean."""
    if ref.sample == 0:
        return _mean_loss(ledger, ref)
    header, record = ledger.header, record_at(ledger, ref.batch)
    strip, total, known = Strip("Loss", ref), 0.0, []
    outputs = header.layers[-1].neurons
    for column, name in enumerate(outputs):
        values, labels = loss_values(ledger, record, ref.sample, column)
        formula = header.loss_value
        scope = Scope(formula, values, labels, "loss value")
        strip.calculate(scope, "loss", f"Loss of {named(header, name)}", formula.with_numbers(SPOKEN))
        label = "Loss of the sample" if name == outputs[-1] else "Sum now"
        total = strip.add_to(total, formula.on_floats(values), label, column == 0)
        known.append(values)
    strip.name_last(ref)
    where = f"sample {ref.sample}, batch {ref.batch}" if ref.batch > 0 else whereabouts(ref)
    title = f"Loss of {where} ({header.loss_name})"

    def spell() -> str:
        return chain([header.loss_value.python(values) for values in known])

    return Receipt(title, "loss", "final", tuple(strip.lines), total, spell)


def sample_loss(ledger: Ledger, batch: int, sample: int) -> float:
    """The loss of one sample: the sum over its outputs, in order."""
    record, total = record_at(ledger, batch), 0.0
    for column in range(len(ledger.header.layers[-1].neurons)):
        total += ledger.header.loss_value.on_floats(loss_values(ledger, record, sample, column)[0])
    return total
