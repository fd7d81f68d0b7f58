"""The cards at the left, empty, and the one of this batch."""

from __future__ import annotations

from piggybank.ledger.ledger import Ledger
from piggybank.stage import palette as p
from piggybank.stage.classes import right_of
from piggybank.stage.data_row import row_spans
from piggybank.stage.known import Known
from piggybank.stage.measure import text_width
from piggybank.stage.scene import Box, Coin, Hit, Item, Label, Line, Panel
from piggybank.stage.spans import Span, run, width
from piggybank.stage.timeline import BANK, BLAME, COMMIT, LOSS, PREDICT
from piggybank.stage.view import View

LOW = 300.0
"""A card lower than this lists its samples on one line each."""
MICRO_HEAD = 32.0
"""Height of the words over a micro-batch's samples."""


def cards_still(view: View) -> list[Item]:
    """The empty cards."""
    regions = view.regions
    return [
        Panel(regions.sample, p.PANEL, p.PANEL_EDGE),
        Label(regions.sample.x + 22, regions.sample.y + 32, "This sample", p.TEXT, p.INK, p.SEMIBOLD),
        Panel(regions.batch, p.PANEL, p.PANEL_EDGE),
    ]


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
    count, current = (known.rows, known.place) if known.single else (known.count, known.sample)
    least = 34 if box.h < LOW else 62
    size = ledger.header.micro_size if ledger.header.accumulate > 1 else 0
    room = box.h - 62
    capacity = max(1, int(room // least))
    while size and capacity > 1 and capacity * least + (-(-capacity // size) + 1) * MICRO_HEAD > room:
        capacity -= 1
    first = max(1, min(current - capacity // 2, count - capacity + 1))
    shown_samples = range(first, min(first + capacity, count + 1))
    starts = {who for who in shown_samples if size and (who == first or (who - 1) % size == 0)}
    spacing = min(84.0 if least == 62 else 48.0, (room - MICRO_HEAD * len(starts)) / len(shown_samples))
    y, named = box.y + 54, least == 62 or _has_room_for_names(ledger, known, box.w - 20, shown_samples)
    for who in shown_samples:
        if who in starts:
            items += _micro_head(box, y, f"micro-batch {(who - 1) // size + 1} of {-(-count // size)}", who > first)
            y += MICRO_HEAD
        slot = Box(box.x + 10, y, box.w - 20, spacing - 4)
        y += spacing
        batch, sample = _place_of(known, who)
        word, colour = _state_of(known, who)
        items += _batch_row(ledger, slot, word, colour, (batch, sample, who), named)
        hits.append(Hit(slot, "sample", f"{batch}.{sample}", f"go to sample {who}"))
    return items, hits


def _place_of(known: Known, who: int) -> tuple[int, int]:
    """Batch and sample of a number on the card."""
    return (known.batch - known.place + who, 1) if known.single else (known.batch, who)


def _has_room_for_names(ledger: Ledger, known: Known, wide: float, numbers: range) -> bool:
    """Whether a low card says "sample 3" beside the coin: not where only without it every data row has room."""
    state = max(text_width(word, p.SMALL) for word in ("waiting", "banked"))
    needs, names = list[float](), list[float]()
    for who in numbers:
        batch, sample = _place_of(known, who)
        rows = ledger.rows_of(batch)
        needs.append(49 + 12 + 14 + state + (width(row_spans(ledger, rows[sample - 1]), p.SMALL) if rows else 0.0))
        names.append(text_width(f"sample {who}", p.SMALL, p.SEMIBOLD))
    return max(needs) > wide or all(need + name <= wide for need, name in zip(needs, names, strict=True))


def _micro_head(box: Box, y: float, words: str, divided: bool) -> list[Item]:
    """Which micro-batch the samples below belong to; divided: from those above."""
    line = Line(((box.x + 22, y), (box.right - 22, y)), p.RULE, 2)
    label = Label(box.x + 22, y + MICRO_HEAD / 2 + 1, words, p.SMALL, p.MUTED, room=box.w - 44)
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


def _batch_row(ledger: Ledger, slot: Box, word: str, ink: str, who: tuple[int, int, int], named: bool) -> list[Item]:
    """who: batch, sample in it, and its number in front of people; named: with that number in words."""
    batch, sample, number_ = who
    items: list[Item] = [Panel(slot, p.YELLOW, "", 12)] if ink == p.YELLOW_INK else []
    name_ink = p.MUTED if word == "waiting" else p.INK
    items.append(
        Coin(
            slot.x + 24,
            slot.cy,
            min(18.0, slot.h / 2),
            number_,
            None,
            alpha=p.WAITING_ALPHA if word == "waiting" else 1.0,
        )
    )
    flat = slot.h < 52
    word = SHORTER.get(word, word) if flat else word
    if not flat and word in ("banked", "adjusted") and right_of(ledger, batch):
        word += " · right" if right_of(ledger, batch)[sample - 1] else " · wrong"
    name = f"sample {number_}" if named or not flat else ""
    if flat and 63 + text_width(name, p.SMALL, p.SEMIBOLD) + text_width(word, p.SMALL) > slot.w:
        name = ""  # the coin says it
    lift = 0 if flat else 13
    name_room = text_width(name, p.SMALL, p.SEMIBOLD)
    items.append(Label(slot.x + 49, slot.cy - lift, name, p.SMALL, name_ink, p.SEMIBOLD))
    items.append(Label(slot.x + 49 + (name_room + 14 if flat and name else 0), slot.cy + lift, word, p.SMALL, ink))
    room = slot.w - 49 - name_room - 12 - (text_width(word, p.SMALL) + 14 if flat else 0)
    rows = ledger.rows_of(batch)
    spans = row_spans(ledger, rows[sample - 1]) if rows else []
    if width(spans, p.SMALL) > room and rows:
        spans = [Span(ledger.header.row_names[rows[sample - 1]])]
    if width(spans, p.SMALL) <= room:
        items += run(spans, slot.right - 8, slot.cy - lift, p.SMALL, name_ink)
    return items
