"""Receipts opened from receipts, as deep as they go, of runs of every kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from nets import RUNS
from odd_runs import EXTRA

from piggybank import Ledger
from piggybank.formula import Formula
from piggybank.ledger.lines import CANCELLED, IN, OUT, Receipt, Ref

NETS = {**RUNS, **EXTRA}


@cache
def run_of(name: str) -> Ledger:
    return NETS[name]().train(epochs=2, past_trouble=True).ledger


def starts(ledger: Ledger) -> Iterator[Ref]:
    """Every number that is recorded of two epochs, and what is derived from them over a batch and an epoch."""
    header = ledger.header
    for record in ledger:
        for sample in range(1, record.count + 1):
            yield from (Ref("loss", "", record.batch, sample), Ref("loss", "", record.batch, 0))
            yield from (
                Ref(kind, name, record.batch, sample) for name in header.neurons for kind in ("predict", "blame")
            )
            for weight in header.weights_by_name:
                yield from (Ref("slice", weight, record.batch, sample), Ref("slice", weight, record.batch, sample, 1))
                yield from (Ref("bank", weight, record.batch, sample, part=part) for part in ("", IN, OUT))
        for weight in header.weights_by_name:
            yield from (Ref("commit", weight, record.batch), Ref("commit", weight, record.batch, banked=1))
            own = [name for name, line in header.recipe.lines if isinstance(line, Formula) and name != "after"]
            yield from (Ref("commit", weight, record.batch, part=name) for name in own)
    for weight in header.weights_by_name:
        yield from (Ref("share", weight, 1, 0, part=part) for part in (IN, OUT))
        if all(ledger.open(Ref("share", weight, 1, 0, part=part)).value for part in (IN, OUT)):
            yield Ref("share", weight, 1, 0, part=CANCELLED)
        yield from (Ref("share", weight, 1, row) for row in range(1, header.rows + 1))
    yield from (Ref("share", "", 1, row) for row in range(1, header.rows + 1))
    yield Ref("loss", "", -len(ledger) - 1, 0)


def followed(ledger: Ledger, refs: Iterable[Ref]) -> dict[Ref, Receipt]:
    """All receipts that can be reached from some by opening the numbers inside, each once."""
    found, waiting = dict[Ref, Receipt](), list(refs)
    while waiting:
        ref = waiting.pop()
        if ref not in found:
            found[ref] = ledger.open(ref)
            waiting += [line.opens for line in found[ref].lines if line.opens is not None]
    return found


@cache
def opened(name: str) -> dict[Ref, Receipt]:
    """All receipts that can be reached from `starts` of a run."""
    return followed(run_of(name), starts(run_of(name)))
