"""Rows of the data in a few words, with the numbers they are made of; rows that stand together alike."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import nlargest

from piggybank.ledger.at_hand import at_hand
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Ref
from piggybank.ledger.records import Header
from piggybank.stage import palette as p
from piggybank.stage.classes import class_of, has_columns
from piggybank.stage.digits import shown
from piggybank.stage.measure import shortened_alike, text_width
from piggybank.stage.spans import Span, width


@at_hand(256)
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


def row_needs(ledger: Ledger, row: int) -> float:
    """How wide a row's words come out; of a row that goes by its name, the widest name of the data: whether names have
    room is the same in every batch."""
    spans = row_spans(ledger, row)
    return widest_name(ledger.header) if len(spans) == 1 else width(spans, p.SMALL)


@at_hand(1)
def widest_name(header: Header) -> float:
    """Of all rows; only the longest are measured."""
    return max(text_width(name, p.SMALL) for name in nlargest(32, header.row_names, key=len))


def rows_alike(ledger: Ledger, rows: Sequence[int], room: float, font: str = p.REGULAR) -> list[list[Span]]:
    """Rows that stand together: as they are in short where all have room for that, otherwise all by their names, these
    shortened alike where they have to be; all empty where not even that helps. font: of names."""
    found = [row_spans(ledger, row) for row in rows]
    wide = [width(part, p.SMALL) if len(part) > 1 else text_width(part[0].text, p.SMALL, font) for part in found]
    if all(each <= room for each in wide):
        return found
    names = shortened_alike([ledger.header.row_names[row] for row in rows], room, p.SMALL, font)
    return [[Span(name)] if name else [] for name in names]


def _listed(spans: list[Span]) -> list[Span]:
    return [part for place, span in enumerate(spans) for part in ((Span(", "), span) if place else (span,))]
