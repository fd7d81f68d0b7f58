"""Runs followed batch by batch against the oracle of exact fractions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from exact_fractions import F, Oracle, Settings, UnrepresentableError

from piggybank import Ledger, Run
from piggybank.ledger import bank
from piggybank.ledger.losses import sample_losses


def settings_of(run: Run) -> Settings:
    header = run.ledger.header
    return Settings(
        activations=[layer.activation for layer in header.layers],
        bias=[layer.has_bias for layer in header.layers],
        loss=header.loss_name,
        rule=header.rule_name,
        constants={name: F(value) for name, value in header.constants.items()},
        reduce=header.reduce,
        fault=header.fault,
        batch_size=header.batch_size,
        micro=header.batch_size // header.accumulate,
    )


def flat(arrays: Iterable[Any]) -> list[float]:
    return [value for array in arrays for value in np.ravel(array).tolist()]


def recorded(ledger: Ledger, number: int, kept: Iterable[str]) -> dict[str, list[float]]:
    """The numbers of a batch, named and ordered as the oracle's."""
    header, record, layers = ledger.header, ledger.batch(number), range(len(ledger.header.layers))
    samples, commit = range(record.count), ledger.commit_at(number)
    weights = flat(record.weights_after)
    return {
        "outputs": flat(record.outputs[layer][sample] for sample in samples for layer in layers),
        "losses": sample_losses(header, record.outputs[-1], header.targets[list(record.rows)], None).tolist(),
        "coins": flat(bank.all_slices(header, record, layer, sample + 1) for sample in samples for layer in layers),
        "totals": flat(bank.totals(header, record, layer) for layer in layers),
        "weights": weights,
        **{name: np.broadcast_to(commit[name], len(weights)).tolist() for name in ("adjustment", *kept)},
    }


def differences(ledger: Ledger, number: int, exact: dict[str, Any], kept: dict[str, Any]) -> tuple[int, int]:
    """How many numbers of a batch were compared with the oracle's, and how many differ."""
    ours, compared, different = recorded(ledger, number, kept), 0, 0
    for name, theirs in {**exact, **kept}.items():
        pairs = [pair for pair in zip(ours[name], theirs, strict=True) if pair[1] is not None]
        compared += len(pairs)
        different += sum(F(a) != b for a, b in pairs)
    return compared, different


def follow(run: Run, batches: int) -> tuple[int, int, int]:
    """Batches that stayed exact, numbers compared, numbers different."""
    run.train(batches=batches)
    header = run.ledger.header
    oracle = Oracle(settings_of(run), [[[F(x) for x in row] for row in matrix.tolist()] for matrix in header.initial])
    compared = different = 0
    for record in run.ledger:
        rows = [
            ([F(x) for x in header.inputs[row].tolist()], [F(t) for t in header.targets[row].tolist()])
            for row in record.rows
        ]
        try:
            exact = oracle.batch(rows)
        except UnrepresentableError:
            return record.batch - 1, compared, different
        more, wrong = differences(run.ledger, record.batch, exact, oracle.kept)
        compared, different = compared + more, different + wrong
    return batches, compared, different
