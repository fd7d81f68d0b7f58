"""A run's settings in words, as every export shows them."""

from __future__ import annotations

from piggybank.ledger.ledger import Ledger
from piggybank.ledger.records import Header


def setting_rows(ledger: Ledger) -> list[tuple[str, str]]:
    """What a run was set to, each with its name; formulas as they stand in the ledger."""
    header = ledger.header
    rows = [
        ("data", header.data_name),
        ("where it is from", header.source),
        ("rows", str(header.rows)),
        ("network", header.shape("-")),
        *((f"layer {number}", layer_words(header, number)) for number in range(1, len(header.layers) + 1)),
        ("loss", f"{header.loss_name}: {header.loss_value.text}"),
        ("blame of the last layer", header.loss_blame.text),
        ("rule", header.rule_name),
        *((f"rule, line {number}", line) for number, line in enumerate(header.recipe.text, 1)),
        *((f"schedule, line {number}", line) for number, line in enumerate(header.schedule.text, 1)),
        *((name.replace("_", " "), repr(float(value))) for name, value in header.constants.items()),
        *((f"caused by no sample of the batch: {name}", words) for name, words in header.house.items()),
        ("reduce", header.reduce),
        ("batch size", str(header.batch_size)),
        ("rows in a new order every epoch", "yes" if header.shuffled else "no"),
        ("committed batches", str(len(ledger))),
    ]
    if header.accumulate > 1:
        rows.append(("micro-batches of a commit", str(header.accumulate)))
    if header.fault:
        rows.append(("a deliberate fault", header.fault))
    if header.parent is not None:
        rows.append(("forked from", f"{header.parent.seal} after batch {header.parent.batch}"))
        rows += [("without", name) for name in header.parent.without]
    return [*rows, ("seal", ledger.seal)]


def layer_words(header: Header, number: int) -> str:
    """A layer (from 1): its neurons and its activation."""
    layer = header.layers[number - 1]
    bias = "with bias" if layer.has_bias else "no bias"
    return f"{', '.join(layer.neurons)}; {layer.activation}: {layer.value.text}; {bias}"
