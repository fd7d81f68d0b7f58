"""A run on one page of text: what it was, what it came to, and who put in how much."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from piggybank.ledger import bank
from piggybank.ledger.class_names import has_columns, named
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.records import Header
from piggybank.ledger.trace import EpochSummary
from piggybank.ledger.weights import weight_in
from piggybank.ordered import Array

LARGEST = 5
MOST_BATCHES = 12
"""Losses of so many batches are listed, of more the first and the last."""


def summary_lines(ledger: Ledger, epoch: int | None = None) -> Iterator[str]:
    """The page's lines. epoch: which one is described, the last when left out. LedgerError for one there is not."""
    header = ledger.header
    number = header.epoch(len(ledger)) if epoch is None else epoch
    summary = ledger.epoch(number)
    yield f"seal      {ledger.seal}" + (f"   ({ledger.problem})" if ledger.problem else "")
    yield f"data      {header.data_name}, {_many(header.rows, 'row')}"
    yield f"network   {_network(header)}"
    if has_columns(header):
        yield f"classes   {', '.join(named(header, name) for name in header.layers[-1].neurons)}"
    yield f"loss      {header.loss_name}"
    yield f"rule      {_rule(header)}"
    if header.is_scheduled:
        yield f"rates     {_rate(ledger, 1)} → {_rate(ledger, len(ledger))}"
    last = header.epoch(len(ledger))
    yield f"recorded  {_many(len(ledger), 'batch', 'batches')}, {f'epochs 1 to {last}' if last > 1 else 'epoch 1'}"
    if header.fault:
        yield f"fault     {header.fault}, on purpose"
    yield ""
    yield f"Epoch {number}"
    yield from _losses(ledger, summary)
    if summary.accuracy is not None:
        yield f"  in all {summary.accuracy} right, each said with the weights that its batch met"
    yield ""
    yield "largest coins"
    yield from (f"  {value:+.6g}  {where}" for value, where in largest_coins(ledger, summary))
    yield ""
    yield "who put in most (all weights, signs aside)"
    order = np.argsort(-summary.contributions, kind="stable")[:LARGEST]
    yield from (f"  {summary.contributions[row]:.6g}  {header.row_names[row]}" for row in order)


def _network(header: Header) -> str:
    activations = ", ".join(layer.activation for layer in header.layers)
    return f"{header.shape('→')} {activations}; {_many(len(header.weights), 'weight')}"


def _many(number: int, one: str, more: str = "") -> str:
    return f"{number:,} {one if number == 1 else more or f'{one}s'}"


def _rule(header: Header) -> str:
    scheduled = {name for name, _ in header.schedule.lines}
    constants = ", ".join(
        f"{name.replace('_', ' ')} {value!r}" + (" before the schedule" if name in scheduled else "")
        for name, value in header.constants.items()
    )
    size = f"batches of {header.batch_size}, {header.reduce}"
    return f"{header.rule_name} ({constants}), {size}" + (", shuffled" if header.shuffled else "")


def _rate(ledger: Ledger, batch: int) -> str:
    return f"{ledger.learning_rate_at(batch):.6g} in batch {batch:,}"


def _losses(ledger: Ledger, summary: EpochSummary) -> Iterator[str]:
    """Of each batch its loss, how many are right where the targets are classes, and the rate where one is scheduled."""
    pairs = list(zip(summary.batches, summary.losses, strict=True))
    shown = pairs if len(pairs) <= MOST_BATCHES else [*pairs[: MOST_BATCHES - 1], pairs[-1]]
    for batch, loss in shown:
        right = "" if summary.accuracy is None else f", {ledger.accuracy(batch)} right"
        rate = f", learning rate {ledger.learning_rate_at(batch):.6g}" if ledger.header.is_scheduled else ""
        yield f"  batch {batch}: loss {loss:.6g}{right}{rate}"
    if len(shown) < len(pairs):
        yield f"  ({len(pairs) - len(shown):,} batches between are left out)"


def largest_coins(ledger: Ledger, summary: EpochSummary) -> list[tuple[float, str]]:
    """The largest coins of an epoch, signs aside, and where they fell; nan counts as larger than all."""
    header, found = ledger.header, list[tuple[float, float, str]]()
    for batch in summary.batches:
        record = ledger.batch(batch)
        for layer in range(len(header.layers)):
            for sample, data_row in enumerate(record.rows, 1):
                coins = bank.all_slices(header, record, layer, sample)
                for row, column in _top(coins):
                    coin, name = float(coins[row, column]), weight_in(header.layers, layer, row, column).name
                    where = f"{name}, batch {batch}, sample {sample} ({header.row_names[data_row]})"
                    found.append((_size(coin), coin, where))
        found = sorted(found, key=lambda part: -part[0])[:LARGEST]
    return [(coin, where) for _, coin, where in found]


def _size(coin: float) -> float:
    return math.inf if math.isnan(coin) else abs(coin)


def _top(coins: Array) -> list[tuple[int, int]]:
    """Rows and columns of the largest coins of a layer, without sorting all."""
    sizes = np.where(np.isnan(coins), np.inf, np.abs(coins)).ravel()
    most = min(LARGEST, sizes.size)
    places = np.argpartition(-sizes, most - 1)[:most].tolist()
    return [divmod(place, coins.shape[1]) for place in places]
