"""The two cards at the left: this sample, this batch."""

from __future__ import annotations

from functools import lru_cache

from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Ref
from piggybank.ledger.loss_receipts import sample_loss
from piggybank.stage import palette as p
from piggybank.stage.classes import class_of, has_columns, output_word, right_of
from piggybank.stage.data_row import row_spans
from piggybank.stage.digits import subscript
from piggybank.stage.known import Known
from piggybank.stage.measure import text_width
from piggybank.stage.scene import Box, Coin, Hit, Item, Label, Line, Panel
from piggybank.stage.spans import Span, run, width
from piggybank.stage.timeline import BANK, BLAME, COMMIT, LOSS, PREDICT
from piggybank.stage.view import View, number

THIS_SAMPLE = "this sample"
"""What is opened, in place of a neuron, for all numbers of a sample."""
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


def sample_card(ledger: Ledger, known: Known, view: View) -> tuple[list[Item], list[Hit]]:
    """The current sample: inputs, targets, and as they become known predictions, blame and loss."""
    box = view.regions.sample
    hits: list[Hit] = []
    items: list[Item] = [Coin(box.right - 38, box.y + 32, 18, known.number(known.sample), None)]
    rows = sample_rows(ledger, known)
    capacity = int((box.h - 58) // 30)
    if len(rows) > capacity:
        rows = _shorten(rows, len(ledger.header.layers[0].sources), capacity)
    spacing = min(52.0, (box.h - 66) / max(1, len(rows)))
    for place, (word, value, ref, ink) in enumerate(rows):
        y = box.y + 58 + (place + 0.5) * spacing
        room, size = (98.0, p.SMALL) if view.narrow else (130.0, p.TEXT)
        taken = 0.0
        if value is not None and ref is not None:
            signed = ref.kind == "blame"
            label = number(box.right - 18, y, value, ref, ink, room, size=size, signed=signed)
            items.append(label)
            taken = text_width(label.text, size)
        if ref is None:
            slot = Box(box.x + 10, y - spacing / 2, box.w - 20, spacing)
            hits.append(Hit(slot, "neuron", THIS_SAMPLE, "all numbers of this sample"))
            items.append(Label(box.right - 18, y, "›", p.SMALL, p.INK, p.SEMIBOLD, "right"))
        items.append(Label(box.x + 22, y, word, p.SMALL, p.MUTED, room=box.w - 46 - taken))
        if place + 1 < len(rows):
            line = y + spacing / 2
            items.append(Line(((box.x + 22, line), (box.right - 22, line)), p.RULE, 1.5))
    return items, hits


Row = tuple[str, "float | None", "Ref | None", str]


def sample_rows(ledger: Ledger, known: Known, every: bool = False) -> list[Row]:
    """Its numbers in order: a word, a value where it is known, its reference, its colour. every: also the zeros of
    targets that are classes."""
    header, batch, sample = ledger.header, known.batch, known.sample
    record = ledger.batch(batch)
    row, last = record.rows[sample - 1], len(header.layers) - 1
    rows = list(_input_rows(ledger, row))
    outputs = header.layers[-1].neurons
    for column, name in enumerate(outputs):
        target = float(header.targets[row, column])
        if every or target or not has_columns(header):
            of = class_of(header, name) or ("" if len(outputs) == 1 else subscript(name))
            rows.append((f"target {of}".rstrip(), target, Ref("target", name, 0, row + 1), p.INK))
    for column, name in enumerate(outputs):
        output = float(record.outputs[-1][sample - 1, column]) if known.output(last) else None
        word = output_word(header, name) if has_columns(header) else f"prediction {subscript(name)}"
        word = "prediction" if len(outputs) == 1 else word
        rows.append((word, output, Ref("predict", name, batch, sample), p.INK))
    for column, name in enumerate(outputs):
        blame = float(record.blame[-1][sample - 1, column]) if known.blame(last) else None
        rows.append((f"blame of {subscript(name)}", blame, Ref("blame", name, batch, sample), p.BLAME_INK))
    loss = sample_loss(ledger, batch, sample) if known.loss else None
    rows.append(("loss", loss, Ref("loss", "", batch, sample), p.INK))
    return rows


@lru_cache(maxsize=8)
def _input_rows(ledger: Ledger, row: int) -> tuple[Row, ...]:
    """Of a data row (0-based), which may have hundreds."""
    header, found = ledger.header, list[Row]()
    names = zip(header.layers[0].sources, header.input_names, header.inputs[row].tolist(), strict=True)
    for source, name, value in names:
        word = subscript(source) + ("" if name == source else f" {name}")
        found.append((word, value, Ref("data", source, 0, row + 1), p.INK))
    return tuple(found)


def _shorten(rows: list[Row], inputs: int, capacity: int) -> list[Row]:
    """Some of the inputs where there are many, what comes of them as far as it fits, and the loss; how many are left
    out is said where they would stand."""
    kept = inputs if inputs <= capacity // 2 else 2
    head = rows[:kept] + ([_left_out(inputs - kept)] if kept < inputs else [])
    rest = rows[inputs:-1]
    fit = capacity - len(head) - 1
    if len(rest) > fit:
        rest = [*rest[: fit - 1], _left_out(len(rest) - fit + 1)]
    return [*head, *rest, rows[-1]]


def _left_out(many: int) -> Row:
    return f"… {many} more", None, None, p.MUTED


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
        Coin(slot.x + 24, slot.cy, min(18.0, slot.h / 2), number_, None, alpha=0.55 if word == "waiting" else 1.0)
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
