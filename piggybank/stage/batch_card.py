"""The card of this batch: its samples, what each is at, and its data row."""

from __future__ import annotations

from dataclasses import dataclass

from piggybank.ledger.ledger import Ledger
from piggybank.stage import palette as p
from piggybank.stage.classes import right_of
from piggybank.stage.data_row import row_needs, rows_alike
from piggybank.stage.known import Known
from piggybank.stage.measure import advance, text_width
from piggybank.stage.scene import Box, Coin, Hit, Item, Label, Line, Panel
from piggybank.stage.spans import Span, run
from piggybank.stage.timeline import BANK, BLAME, COMMIT, LOSS, PREDICT
from piggybank.stage.view import View

LOW = 300.0
"""A card lower than this lists its samples on one line each."""
TWO_LINES, ONE_LINE, LEAST_LINE = 62.0, 34.0, 33.0
"""Least heights of a sample's row; the least of all where only so they all have room."""
MOST_HIGH = {TWO_LINES: 84.0, ONE_LINE: 48.0, LEAST_LINE: 48.0}
MICRO_HEAD, LEAST_HEAD = 32.0, 28.0
"""Heights of the words over a micro-batch's samples."""
MARK = 26.0
"""Height of a line that says how many samples are out of sight."""
TOP, BOTTOM, LEAST_BOTTOM = 54.0, 8.0, 2.0
"""Of the card's edge, to where the rows begin and end."""


def batch_card(ledger: Ledger, known: Known, view: View) -> tuple[list[Item], list[Hit]]:
    """The samples of the batch, or of the epoch where each is a batch of its own: done, at work, or waiting."""
    box = view.regions.batch
    title = "This epoch" if known.single else "This batch"
    done, ink = _progress(known, view.narrow)
    room = box.w - 40 - text_width(title, p.TEXT, p.SEMIBOLD)
    if text_width(done, p.SMALL, p.SEMIBOLD) > room:
        done = done.removesuffix(" banked").removesuffix(" done")
    items: list[Item] = [
        Label(box.x + 22, box.y + 32, title, p.TEXT, p.INK, p.SEMIBOLD),
        Label(box.right - 16, box.y + 32, done, p.SMALL, ink, p.SEMIBOLD, "right", room),
    ]
    hits: list[Hit] = []
    earliest, count, current = _range(known)
    size = ledger.header.micro_size if ledger.header.accumulate > 1 else 0
    rows = _rows(box, range(earliest, count + 1), current, size)
    items += _out_of_sight(box, rows, rows.shown[0] - earliest, count - rows.shown[-1])
    named, data = _listed(ledger, known, rows.shown, box.w - 20, rows.low)
    y = rows.top
    for who, words in zip(rows.shown, data, strict=True):
        if who in rows.starts:
            title = f"micro-batch {(who - 1) // size + 1} of {-(-count // size)}"
            items += _micro_head(box, y, rows.head, title, who > rows.shown[0])
            y += rows.head
        slot = Box(box.x + 10, y, box.w - 20, rows.spacing - 4)
        y += rows.spacing
        batch, sample = _place_of(known, who)
        word, colour = _state_of(known, who)
        items += _batch_row(ledger, slot, word, colour, _Row(batch, sample, who, named, words))
        hits.append(Hit(slot, "sample", f"{batch}.{sample}", f"go to sample {who}"))
    return items, hits


@dataclass(frozen=True)
class _Rows:
    """The samples shown, those of them that have words above, where the first begins, and heights; low: each has one
    line."""

    shown: range
    starts: frozenset[int]
    top: float
    spacing: float
    head: float
    low: bool


def _rows(box: Box, numbers: range, current: int, size: int) -> _Rows:
    """All samples, on one line each where they have no room on two; where they have none at all, those around the
    current one. size: of a micro-batch, 0 without."""
    low = box.h < LOW
    for least, head, bottom in (
        (TWO_LINES, MICRO_HEAD, BOTTOM),
        (ONE_LINE, MICRO_HEAD, BOTTOM),
        (LEAST_LINE, LEAST_HEAD, LEAST_BOTTOM),
    ):
        room, starts = box.h - TOP - bottom, _starts(numbers, size)
        if len(numbers) * least + len(starts) * head <= room and not (low and least == TWO_LINES):
            spacing = min(MOST_HIGH[least], (room - head * len(starts)) / len(numbers))
            return _Rows(numbers, starts, box.y + TOP, spacing, head, least < TWO_LINES)
    least = ONE_LINE if low else TWO_LINES
    room = box.h - TOP - BOTTOM - (MARK if low else 2 * MARK)
    for capacity in range(max(1, int(room // least)), 0, -1):
        first = max(numbers[0], min(current - capacity // 2, numbers[-1] - capacity + 1))
        shown = range(first, min(first + capacity, numbers[-1] + 1))
        starts = _starts(shown, size)
        if len(shown) * least + len(starts) * MICRO_HEAD <= room:
            break
    spacing = min(MOST_HIGH[least], (room - MICRO_HEAD * len(starts)) / len(shown))
    top = box.y + TOP + (MARK if first > numbers[0] and not low else 0.0)
    return _Rows(shown, starts, top, spacing, MICRO_HEAD, low)


def _starts(shown: range, size: int) -> frozenset[int]:
    """The samples with the words of their micro-batch above them."""
    return frozenset(who for who in shown if size and (who == shown[0] or (who - 1) % size == 0))


def _out_of_sight(box: Box, rows: _Rows, above: int, more: int) -> list[Item]:
    """How many samples are out of sight above and below; in a low card on one line."""
    items: list[Item] = []
    bottom, x = box.bottom - BOTTOM - MARK / 2, box.x + 22
    if above:
        y = bottom if rows.low else box.y + TOP + MARK / 2 - 2
        items.append(Label(x, y, f"… {above} above", p.SMALL, p.MUTED, room=box.w / 2 - 26))
    if more:
        right = rows.low and bool(above)
        where = (box.right - 22, "right") if right else (x, "left")
        items.append(Label(where[0], bottom, f"… {more} more", p.SMALL, p.MUTED, "regular", where[1], box.w / 2 - 26))
    return items


def _range(known: Known) -> tuple[int, int, int]:
    """First and last sample of the card, and the one at work; a fork has not the beginning of its first epoch."""
    if known.single:
        return max(1, known.place - known.batch + 1), known.rows, known.place
    return 1, known.count, known.sample


def _place_of(known: Known, who: int) -> tuple[int, int]:
    """Batch and sample of a number on the card."""
    return (known.batch - known.place + who, 1) if known.single else (known.batch, who)


def _listed(ledger: Ledger, known: Known, numbers: range, wide: float, low: bool) -> tuple[bool, list[list[Span]]]:
    """Whether the card says "sample 3" beside the coin, which says it too: not where only without it the data rows have
    room. And what stands for the rows, the same for all of them."""
    places = [_place_of(known, who) for who in numbers]
    rows = [ledger.rows_of(batch)[sample - 1] for batch, sample in places if ledger.rows_of(batch)]
    if len(rows) < len(places):  # the order of a shuffled epoch to come is not known
        return True, [[] for _ in places]
    states = (*LOW_STATES, "adjusting") if known.single else LOW_STATES
    room = wide - NAME - (max(text_width(word, p.SMALL) for word in states) + 14 if low else 8)
    beside = room - max(text_width(f"sample {who}", p.SMALL, p.SEMIBOLD) for who in numbers) - (14 if low else 4)
    named = all(row_needs(ledger, row) <= beside for row in rows)
    return named, rows_alike(ledger, rows, beside if named else room, p.REGULAR if named or low else p.SEMIBOLD)


def _micro_head(box: Box, y: float, high: float, words: str, divided: bool) -> list[Item]:
    """Which micro-batch the samples below belong to; divided: from those above."""
    line = Line(((box.x + 22, y), (box.right - 22, y)), p.RULE, 2)
    label = Label(box.x + 22, y + high / 2 + 1, words, p.SMALL, p.MUTED, room=box.w - 44)
    return [line, label] if divided else [label]


def _progress(known: Known, narrow: bool) -> tuple[str, str]:
    """How far the batch or the epoch is, in words, and their colour."""
    if known.single:
        adjusted = known.place if known.committed else known.place - 1
        return f"{adjusted} of {known.rows}" + ("" if narrow else " done"), p.GREEN_INK
    if known.committed:
        return ("final" if narrow else "committed"), p.GREEN_INK
    return f"{known.banked} of {known.count}" + ("" if narrow else " banked"), p.YELLOW_INK


DOING = {PREDICT: "predicting", LOSS: "predicting", BLAME: "taking blame", BANK: "banking now", COMMIT: "banked"}
SHORTER = {"predicting": "predicts", "taking blame": "blame", "banking now": "banking"}
"""Where the data row stands on the same line."""
LOW_STATES = ("waiting", "banked", *SHORTER.values())
NAME = 49.0
"""Where the words of a row begin, beside its coin."""


def _state_of(known: Known, number: int) -> tuple[str, str]:
    """What a sample of the card is at, and the colour of the word."""
    phase = known.moment.phase
    if known.single:
        if number < known.place or (number == known.place and known.committed):
            return "adjusted", p.GREEN_INK
        doing = "adjusting" if phase in (BANK, COMMIT) else DOING[phase]
        return (doing, p.YELLOW_INK) if number == known.place else ("waiting", p.MUTED)
    now = number == known.sample and not known.committed
    if number <= known.banked and not (now and phase == BANK):
        return "banked", p.GREEN_INK
    return (DOING[phase], p.YELLOW_INK) if now else ("waiting", p.MUTED)


@dataclass(frozen=True)
class _Row:
    """A sample of the card. number: in front of people; named: with it in words; data: its data row."""

    batch: int
    sample: int
    number: int
    named: bool
    data: list[Span]


def _said(ledger: Ledger, row: _Row, word: str, ink: str, flat: bool) -> list[tuple[str, str]]:
    """What a sample is at, in words and their colours, and whether its class was right; that alone on one line."""
    right = right_of(ledger, row.batch) if word in ("banked", "adjusted") else ()
    if not right:
        return [(SHORTER.get(word, word) if flat else word, ink)]
    judged = ("right", p.GREEN_INK) if right[row.sample - 1] else ("wrong", p.BLAME_INK)
    return [judged] if flat else [(f"{word} ·", ink), judged]


def _batch_row(ledger: Ledger, slot: Box, word: str, ink: str, row: _Row) -> list[Item]:
    """Its coin, what it is at, and its data row: at the right, or where its number in words would be."""
    items: list[Item] = [Panel(slot, p.YELLOW, "", 12)] if ink == p.YELLOW_INK else []
    waiting, flat = word == "waiting", slot.h < 52
    name_ink = p.MUTED if waiting else p.INK
    radius, alpha = min(18.0, slot.h / 2), p.WAITING_ALPHA if waiting else 1.0
    items.append(Coin(slot.x + 24, slot.cy, radius, row.number, None, alpha=alpha))
    said = _said(ledger, row, word, ink, flat)
    lift, left = (0 if flat else 13), slot.x + NAME
    name = f"sample {row.number}" if row.named or not (flat or row.data) else ""
    beside = text_width(name, p.SMALL, p.SEMIBOLD) + 14 if flat and name else 0.0
    items.append(Label(left, slot.cy - lift, name, p.SMALL, name_ink, p.SEMIBOLD))
    x = left + beside
    for part, colour in said:
        items.append(Label(x, slot.cy + lift, part, p.SMALL, colour))
        x += advance(f"{part} ", p.SMALL)
    if flat or row.named:
        return [*items, *run(row.data, slot.right - 8, slot.cy - lift, p.SMALL, name_ink)]
    if len(row.data) == 1:
        return [*items, Label(left, slot.cy - lift, row.data[0].text, p.SMALL, name_ink, p.SEMIBOLD)]
    return [
        *items,
        *run(row.data, left + sum(advance(span.text, p.SMALL) for span in row.data), slot.cy - lift, p.SMALL, name_ink),
    ]
