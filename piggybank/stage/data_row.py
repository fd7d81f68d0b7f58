"""A row of the data in a few words, with the numbers it is made of."""

from __future__ import annotations

from functools import lru_cache

from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Ref
from piggybank.stage.classes import class_of, has_columns
from piggybank.stage.digits import shown
from piggybank.stage.spans import Span


@lru_cache(maxsize=256)
def row_spans(ledger: Ledger, row: int) -> list[Span]:
    """The data row (0-based) in short, (0, 1) → 1; its own name when it is long."""
    header = ledger.header
    inputs = list(zip(header.layers[0].sources, map(float, header.inputs[row]), strict=True))
    neurons, of_row = header.layers[-1].neurons, header.targets[row]
    targets = list(zip(neurons, map(float, of_row), strict=True))
    if has_columns(header):
        targets = [targets[int(of_row.argmax())]]
    texts = [shown(value) for _, value in (*inputs[:3], *targets[:3])]
    if len(inputs) > 2 or any("≈" in text or len(text) > 3 for text in texts):
        return [Span(header.row_names[row])]
    left = _listed([Span(shown(value), Ref("data", name, 0, row + 1)) for name, value in inputs])
    shown_targets = [(class_of(header, name) or shown(value), name) for name, value in targets]
    right = _listed([Span(word, Ref("target", name, 0, row + 1)) for word, name in shown_targets])
    return [*([Span("("), *left, Span(")")] if len(inputs) > 1 else left), Span(" → "), *right]


def _listed(spans: list[Span]) -> list[Span]:
    return [part for place, span in enumerate(spans) for part in ((Span(", "), span) if place else (span,))]
