"""The adjustment trace: one row per weight, before | accumulation: slice, pending | final. Rows never move."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from piggybank.ledger import bank as banks
from piggybank.ledger.at_hand import at_hand
from piggybank.ledger.commit_receipts import commit_values
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Ref
from piggybank.ledger.records import BIAS, Weight
from piggybank.ledger.sources import weight_ref
from piggybank.ledger.storage import weight_count
from piggybank.stage import palette as p
from piggybank.stage import vault_pages
from piggybank.stage.banked import in_bank
from piggybank.stage.connections import weight_at
from piggybank.stage.detail import opened
from piggybank.stage.digits import subscript, weight_title
from piggybank.stage.known import Known
from piggybank.stage.measure import text_width
from piggybank.stage.scene import Box, Hit, Item, Label, Line, Panel
from piggybank.stage.view import View, column

MOST_ROWS, FEWEST_ROWS, LEAST_ROW = 24, 3, 33.0
HEADS, BELOW_ROWS = 104.0, 16.0
"""Room above the rows, and below them."""
CARD, LOW_CARD = 560.0, 470.0
"""The height that a question's card takes under the rows, and in a low window."""
NARROW, AIR, NUMBER = 0.186, 8, 100.0
"""Least width of a column, as a part of the table's; between two numbers that are drawn narrower to fit their columns;
and room for a number that three decimals fill: what a column has beyond that keeps it from its neighbour."""


@dataclass(frozen=True)
class Columns:
    """Right edges of the columns and their common width."""

    name: float
    before: float
    slice: float
    pending: float
    final: float
    width: float


def columns(ledger: Ledger, box: Box) -> Columns:
    """Where the columns of the table stand: numbers have what the longest name of a weight leaves them."""
    right, left = box.right - 24, box.x + 20
    free = right - left - _longest_name(ledger) - NUMBER - 4
    width = min(NUMBER + 14, max((box.w - 24) * NARROW, free / 3))
    return Columns(box.x + 20, right - 3 * width, right - 2 * width, right - width, right, width)


@at_hand(1)
def _longest_name(ledger: Ledger) -> float:
    """How wide the rows' names come out at most."""
    found = 0.0
    for layer in ledger.header.layers:
        sources = (*layer.sources, *((BIAS,) if layer.has_bias else ()))
        ends = [max(names, key=lambda name: text_width(subscript(name), p.SMALL)) for names in (sources, layer.neurons)]
        found = max(found, text_width(weight_title(*ends), p.SMALL, p.SEMIBOLD))
    return found + 4


def window(ledger: Ledger, known: Known, view: View) -> list[Weight]:
    """The rows shown: all, or as many as fit around the selected weight; of a neuron that is open its page."""
    neuron = opened(ledger, view)
    if neuron:
        page = vault_pages.shown(ledger, known, neuron, view.page)
        chosen = next((place for place, weight in enumerate(page) if weight.name == view.selected), 0)
        first = _start(chosen, len(page), most_rows(view))
        return page[first : first + most_rows(view)]
    first = _first(ledger, view)
    return list(ledger.header.weights[first : first + most_rows(view)])


def most_rows(view: View) -> int:
    """How many rows there is room for."""
    return max(1, min(MOST_ROWS, int(_room(view) // LEAST_ROW)))


def _room(view: View) -> float:
    """The height that rows may fill: a question's card needs the rest of the column."""
    box, bottom = view.regions.trace, view.regions.strip.bottom
    if not view.asked:
        return box.h - HEADS - 12
    left = bottom - BELOW_ROWS - box.y - HEADS
    return left - CARD if left - CARD >= FEWEST_ROWS * LEAST_ROW else left - LOW_CARD


def _first(ledger: Ledger, view: View) -> int:
    """Where the rows around the selected weight begin, from 0."""
    place = ledger.header.weight_number.get(view.selected, 1) - 1
    return _start(place, weight_count(ledger.header), most_rows(view))


def _start(place: int, rows: int, most: int) -> int:
    """Which of so many rows stands first, so that the one at a place is among the most that there is room for."""
    return max(0, min(place - most // 2, rows - most))


def row_count(ledger: Ledger, view: View) -> int:
    """How many rows there are, whatever is known."""
    neuron = opened(ledger, view)
    if neuron:
        pages = vault_pages.pages_of(ledger, neuron, view.page)
        return min(most_rows(view), pages.last - pages.first)
    return min(most_rows(view), weight_count(ledger.header))


def line_of(row: Box) -> float:
    """Where the middle of a row's text stands: subscripts and descenders keep off the rule below."""
    return row.cy - 2


def row_box(view: View, rows: int, place: int) -> Box:
    """The place of one row."""
    box, height = view.regions.trace, min(50.0, _room(view) / rows)
    return Box(box.x + 10, box.y + HEADS + place * height, box.w - 20, height)


def free_area(ledger: Ledger, view: View) -> Box:
    """What the rows leave of the panel."""
    box, rows = view.regions.trace, row_count(ledger, view)
    top = row_box(view, rows, rows - 1).bottom + BELOW_ROWS
    return Box(box.x, top, box.w, min(box.bottom - 14 - top, 560.0))


def table_still(ledger: Ledger, view: View) -> list[Item]:
    """Panel, heads and rules."""
    box = view.regions.trace
    at = columns(ledger, box)
    split = at.slice if ledger.header.batch_size == 1 else at.pending
    items: list[Item] = [
        Panel(box, p.PANEL, p.PANEL_EDGE),
        Label(box.x + 20, box.y + 32, "Adjustment trace", p.TEXT, p.INK, p.SEMIBOLD),
        Label(box.right - 20, box.y + 32, _size_note(ledger, view), p.SMALL, p.MUTED, anchor="right", room=box.w * 0.5),
        Panel(Box(at.before + 10, box.y + 56, split - at.before - 4, 40), p.YELLOW, "", 10),
        Panel(Box(split + 12, box.y + 56, at.final - split - 2, 40), p.GREEN, "", 10),
        Label(at.name, box.y + 76, "weight", p.SMALL, p.MUTED, room=at.width),
        Label(at.before, box.y + 76, "before", p.SMALL, p.MUTED, anchor="right", room=at.width - 10),
        Label(at.slice, box.y + 76, "slice", p.SMALL, p.YELLOW_INK, p.SEMIBOLD, "right", at.width - 10),
        *_last_heads(ledger, at, box.y + 76),
    ]
    count = row_count(ledger, view)
    for place in range(1, count):
        row = row_box(view, count, place)
        items.append(Line(((row.x + 10, row.y), (row.right - 10, row.y)), p.RULE, 1.5))
    return items


def _last_heads(ledger: Ledger, at: Columns, y: float) -> list[Item]:
    """What is pending and final; with one sample a batch nothing is pending: what adjusts it, and the weight after."""
    if ledger.header.batch_size == 1:
        heads = ("adjust", p.GREEN_INK), ("after", p.GREEN_INK)
    else:
        heads = ("pending", p.YELLOW_INK), ("final", p.GREEN_INK)
    return [
        Label(right, y, word, p.SMALL, ink, p.SEMIBOLD, "right", at.width - 8)
        for right, (word, ink) in zip((at.pending, at.final), heads, strict=True)
    ]


def _size_note(ledger: Ledger, view: View) -> str:
    neuron = opened(ledger, view)
    if view.hindsight:
        return "final on every sample"
    if neuron:
        return f"largest first, {vault_pages.pages_of(ledger, neuron, view.page).words}"
    total = weight_count(ledger.header)
    most = most_rows(view)
    if total <= most:
        return "one row per weight"
    first = _first(ledger, view) + 1
    return f"rows {first} to {first + most - 1} of {total}"


def _names(weights: list[Weight], rows: list[Box], at: Columns, selected: str, final: bool) -> list[Item]:
    """The rows' names, and what shows that one is selected; final: whether the weights have moved."""
    items: list[Item] = []
    room = at.before - min(at.width, NUMBER + 4) - at.name
    for row, weight in zip(rows, weights, strict=True):
        font = p.SEMIBOLD if weight.name == selected else p.REGULAR
        if weight.name == selected:
            fill, edge = (p.GREEN, p.GREEN_EDGE) if final else (p.HOVER, p.YELLOW_EDGE)
            items.append(Panel(row.inset(0, 1), fill, edge, 10))
        title = weight_title(weight.source, weight.target)
        items.append(Label(at.name, line_of(row), title, p.SMALL, p.INK, font, room=room))
    return items


@dataclass(frozen=True)
class Numbers:
    """A column of numbers: its right edge, a value and a reference per row, how they look."""

    right: float
    values: list[float]
    refs: list[Ref]
    ink: str
    signed: bool = True
    font: str = p.REGULAR


def table_step(ledger: Ledger, known: Known, view: View) -> tuple[list[Item], list[Hit]]:
    """Names and numbers of the current moment."""
    box, weights = view.regions.trace, window(ledger, known, view)
    at = columns(ledger, box)
    rows = [row_box(view, len(weights), place) for place in range(len(weights))]
    room = min(at.width - 4, NUMBER)
    items = _names(weights, rows, at, view.selected, known.committed)
    for numbers in _numbers(ledger, known, view, at, weights):
        texts = column(numbers.values, numbers.signed, room, p.SMALL, numbers.font)
        for row, text, ref in zip(rows, texts, numbers.refs, strict=True):
            part = room if text_width(text, p.SMALL, numbers.font) <= room else room - AIR
            where = numbers.right, line_of(row)
            items.append(Label(*where, text, p.SMALL, numbers.ink, numbers.font, "right", part, ref))
    if not (known.single or known.committed or view.hindsight):
        items += [
            Label(at.final, line_of(row), "pending", p.SMALL, p.FAINT, anchor="right", room=room - 4) for row in rows
        ]
    hits = [
        Hit(row, "inspect", weight.name, f"inspect {weight.name}") for row, weight in zip(rows, weights, strict=True)
    ]
    return items, hits


def _numbers(ledger: Ledger, known: Known, view: View, at: Columns, weights: list[Weight]) -> Iterator[Numbers]:
    """The columns that are known."""
    batch, record, header = known.batch, ledger.batch(known.batch), ledger.header
    before = [weight_at(ledger, weight, batch - 1) for weight in weights]
    yield Numbers(at.before, before, [weight_ref(weight.name, batch - 1) for weight in weights], p.INK, False)
    if known.sliced:
        values = [float(banks.slices(header, record, weight)[known.sample - 1]) for weight in weights]
        refs = [Ref("slice", weight.name, batch, known.sample, known.seen) for weight in weights]
        yield Numbers(at.slice, values, refs, p.YELLOW_INK)
    held = [] if known.single else [found for weight in weights if (found := in_bank(ledger, known, weight))]
    if held:
        yield Numbers(at.pending, [value for value, _ in held], [ref for _, ref in held], p.YELLOW_INK)
    if known.committed or (view.hindsight and not known.single):
        values = [commit_values(ledger, weight, batch)["adjustment"] for weight in weights]
        refs = [Ref("commit", weight.name, batch, part="adjustment") for weight in weights]
        yield Numbers(at.pending if known.single else at.final, values, refs, p.GREEN_INK, True, p.SEMIBOLD)
    if known.committed and known.single:
        values = [weight_at(ledger, weight, batch) for weight in weights]
        refs = [weight_ref(weight.name, batch) for weight in weights]
        yield Numbers(at.final, values, refs, p.GREEN_INK, False, p.SEMIBOLD)
