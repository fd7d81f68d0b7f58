"""What the page shows of a batch, as data: its samples, coins, banks and commit, and the receipts behind them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from piggybank.app.export.receipts_json import Store, Table, follow
from piggybank.ledger import bank
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Ref
from piggybank.ledger.loss_receipts import sample_loss
from piggybank.ledger.records import BatchRecord
from piggybank.ledger.sources import weight_value
from piggybank.ledger.weights import place_of

MOST_HIDDEN = 12
"""Up to so many hidden neurons have columns of their own among the samples."""


def batch_data(ledger: Ledger, batch: int, texts: Table, wanted: Iterable[Ref]) -> tuple[dict[str, Any], list[Ref]]:
    """A batch as the page reads it, and references that lead elsewhere, in the order in which they were met. wanted:
    references into this batch that others hold."""
    record, store = ledger.batch(batch), Store(batch, texts)
    weights = _weights(ledger, record, store)
    samples, seen = _samples(ledger, record, store)
    elsewhere = follow(ledger, store, [*wanted, *seen, *_roots(ledger, record)])
    for ref in [ref for ref in store.codes if ref not in store.met]:
        elsewhere += follow(ledger, store, [ref])
    data = {
        "batch": batch,
        "epoch": record.epoch,
        "rows": [texts.place(ledger.header.row_names[row]) for row in record.rows],
        "seal": ledger.seal_at(batch),
        "loss": store.number(ledger.batch_loss(batch)),
        "samples": samples,
        **weights,
        **store.json(),
    }
    return data, elsewhere


def _roots(ledger: Ledger, record: BatchRecord) -> list[Ref]:
    """Every number that the page shows of a batch besides the samples' own."""
    parts = ("", *(name for name, _ in ledger.header.recipe.lines if name in ("adjustment", *ledger.header.house)))
    names = [weight.name for weight in ledger.header.weights]
    found = [Ref("commit", name, record.batch, part=part) for name in names for part in parts]
    found += [Ref("bank", name, record.batch, sample) for name in names for sample in range(1, record.count + 1)]
    return [*found, Ref("loss", "", record.batch)]


def _weights(ledger: Ledger, record: BatchRecord, store: Store) -> dict[str, Any]:
    """Numbers of each weight in the order of the header's weights, and the popup of each sample and weight."""
    header, batch = ledger.header, record.batch
    values = ledger.commit_at(batch)
    places = [place_of(header.layers, weight) for weight in header.weights]
    data: dict[str, Any] = {"coins": [], "banks": [], "before": [], "before_opens": [], "extras": []}
    slices = [bank.slices(header, record, weight).tolist() for weight in header.weights]
    running = [bank.running_totals(header, record, weight)[1:].tolist() for weight in header.weights]
    for coins, totals in zip(zip(*slices, strict=True), zip(*running, strict=True), strict=True):
        data["coins"].append(store.numbers(coins))
        data["banks"].append(store.numbers(totals))
    for weight in header.weights:
        _, value, origin = weight_value(ledger, weight, batch)
        data["before"].append(store.number(value))
        data["before_opens"].append("" if origin is None else origin.code)
        _popups(ledger, record, weight.name, store)
    for name, words in _columns(ledger).items():
        numbers = np.broadcast_to(values[name], len(places))
        found = store.numbers(float(numbers[place]) for place in places)
        data["extras"].append({"name": name, "words": words, "values": found})
    return data


def _columns(ledger: Ledger) -> dict[str, str]:
    """The lines of the rule that have a column: coins that no sample caused, the adjustment, the weight after."""
    header = ledger.header
    names = {name for name, _ in header.recipe.lines}
    house = {name: words for name, words in header.house.items() if name in names}
    adjustment = {"adjustment": "adjustment"} if "adjustment" in names else {}
    return {**house, **adjustment, "after": "after"}


def _popups(ledger: Ledger, record: BatchRecord, name: str, store: Store) -> None:
    """What a click on a coin shows, one for each sample; in each the lines that only the commit makes known."""
    pending = ledger.open(Ref("commit", name, record.batch, banked=record.count))
    unknown = [place for place, line in enumerate(pending.lines) if line.value is None]
    for sample in range(1, record.count + 1):
        receipt = ledger.receipt(name, batch=record.batch, sample=sample)
        start = len(receipt.lines) - len(pending.lines)
        code = f"popup|{name}|{record.batch}|{sample}||"
        store.add(code, receipt, [start + place for place in unknown])


def _samples(ledger: Ledger, record: BatchRecord, store: Store) -> tuple[list[list[Any]], list[Ref]]:
    """For each sample its cells in the order of `sample_heads`, each a number and the code of its receipt; and these
    references."""
    header, rows, refs = ledger.header, [], []
    for sample, row in enumerate(record.rows, 1):
        cells = [(float(header.inputs[row, place]), Ref("data", name, 0, row + 1))
                 for place, name in enumerate(header.layers[0].sources[: shown_inputs(ledger)])]  # fmt: skip
        cells += [
            (float(header.targets[row, place]), Ref("target", name, 0, row + 1))
            for place, name in enumerate(header.layers[-1].neurons)
        ]
        for name in shown_neurons(ledger):
            layer, column = header.neurons[name]
            output, blame = record.outputs[layer][sample - 1, column], record.blame[layer][sample - 1, column]
            cells.append((float(output), Ref("predict", name, record.batch, sample)))
            cells.append((float(blame), Ref("blame", name, record.batch, sample)))
        cells.append((sample_loss(ledger, record.batch, sample), Ref("loss", "", record.batch, sample)))
        rows.append([[store.number(value), ref.code] for value, ref in cells])
        refs += [ref for _, ref in cells]
    return rows, refs


def shown_inputs(ledger: Ledger) -> int:
    """How many inputs have columns among the samples."""
    return len(ledger.header.layers[0].sources) if len(ledger.header.layers[0].sources) <= MOST_HIDDEN else 0


def shown_neurons(ledger: Ledger) -> list[str]:
    """The neurons that have columns among the samples: all, or where they are many those of the last layer."""
    header = ledger.header
    hidden = [name for layer in header.layers[:-1] for name in layer.neurons]
    return [*(hidden if len(hidden) <= MOST_HIDDEN else []), *header.layers[-1].neurons]


def sample_heads(ledger: Ledger) -> list[dict[str, str]]:
    """Words and kind of each column of the samples' table."""
    header = ledger.header
    inputs = zip(header.layers[0].sources[: shown_inputs(ledger)], header.input_names, strict=False)
    heads = [{"name": name, "words": words, "kind": "input"} for name, words in inputs]
    targets = zip(header.layers[-1].neurons, header.target_names, strict=True)
    heads += [{"name": name, "words": words, "kind": "target"} for name, words in targets]
    for name in shown_neurons(ledger):
        last = name in header.layers[-1].neurons
        heads.append({"name": name, "words": "", "kind": "prediction" if last else "output"})
        heads.append({"name": name, "words": "", "kind": "blame"})
    return [*heads, {"name": "loss", "words": header.loss_name, "kind": "loss"}]
