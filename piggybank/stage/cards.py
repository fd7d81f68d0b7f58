"""The header and the two cards at the left: where we are, this sample, this batch."""

from __future__ import annotations

from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Ref
from piggybank.ledger.pass_receipts import sample_loss
from piggybank.stage import palette as p
from piggybank.stage.digits import shown, subscript
from piggybank.stage.known import Known
from piggybank.stage.measure import text_width
from piggybank.stage.scene import Box, Coin, Hit, Item, Label, Line, Panel
from piggybank.stage.timeline import BANK, BLAME, COMMIT, LOSS, PREDICT
from piggybank.stage.view import View, number

PHASE_CHIPS = (
    ("Predict", (PREDICT, LOSS)),
    ("Blame", (BLAME,)),
    ("Adjust: bank it", (BANK,)),
    ("Adjust: commit", (COMMIT,)),
)


def header_still(view: View) -> list[Item]:
    """Title and subtitle."""
    box = view.regions.header
    room = chips_box(view).x - box.x - 24
    subtitle = view.subtitle
    while " · " in subtitle and text_width(subtitle, p.SMALL) > room:
        subtitle = subtitle.split(" · ", 1)[1]  # the words give way to the settings
    return [
        Label(box.x + 8, box.y + 24, view.title, p.TITLE, p.INK, p.BOLD, room=room),
        Label(box.x + 8, box.y + 60, subtitle, p.SMALL, p.MUTED, room=room),
    ]


def chips_box(view: View) -> Box:
    """Where the four phases stand."""
    box, narrow = view.regions.header, view.narrow
    width = 650 if narrow else 850
    counters = 272 if narrow else 330
    return Box(box.right - counters - width, box.y + 8, width, 52)


def header_step(view: View, known: Known) -> list[Item]:
    """The four phases with the current one lit, and the counters."""
    items: list[Item] = []
    area = chips_box(view)
    arrow = area.w * 0.045
    spare = area.w - 3 * arrow - sum(text_width(name, p.SMALL, p.SEMIBOLD) for name, _ in PHASE_CHIPS)
    x = area.x
    for place, (name, phases) in enumerate(PHASE_CHIPS):
        width = text_width(name, p.SMALL, p.SEMIBOLD) + spare / 4
        lit = known.moment.phase in phases
        fill, edge, ink = (p.CHIP, "", p.MUTED) if not lit else (p.YELLOW, p.YELLOW_EDGE, p.YELLOW_INK)
        if lit and COMMIT in phases:
            fill, edge, ink = p.GREEN, p.GREEN_EDGE, p.GREEN_INK
        items.append(Panel(Box(x, area.y, width, area.h), fill, edge, 26, 3))
        font = p.BOLD if lit else p.SEMIBOLD
        items.append(Label(x + width / 2, area.cy, name, p.SMALL, ink, font, "centre", width - 16))
        x += width
        if place < 3:
            items.append(Label(x + arrow / 2, area.cy, "→", p.SMALL, p.MUTED, anchor="centre"))
            x += arrow
    return items + _counters(view, known)


def _counters(view: View, known: Known) -> list[Item]:
    box, narrow = view.regions.header, view.narrow
    items: list[Item] = []
    steps = (190, 112, 0) if narrow else (240, 130, 0)
    values = (
        ("epoch", str(known.moment.epoch)),
        ("batch", str(known.batch)),
        ("sample", f"{known.sample} / {known.count}"),
    )
    for place, (word, value) in enumerate(values):
        x = box.right - 6 - steps[place]
        room = 96 if place == 2 else 80
        items.append(Label(x, box.y + 18, word, p.SMALL, p.MUTED, anchor="right", room=room))
        items.append(Label(x, box.y + 48, value, p.LARGE, p.INK, p.BOLD, "right", room))
    return items


def cards_still(view: View) -> list[Item]:
    """The empty cards."""
    regions = view.regions
    return [
        Panel(regions.sample, p.PANEL, p.PANEL_EDGE),
        Label(regions.sample.x + 22, regions.sample.y + 32, "This sample", p.TEXT, p.INK, p.SEMIBOLD),
        Panel(regions.batch, p.PANEL, p.PANEL_EDGE),
        Label(regions.batch.x + 22, regions.batch.y + 32, "This batch", p.TEXT, p.INK, p.SEMIBOLD),
    ]


def sample_card(ledger: Ledger, known: Known, view: View) -> list[Item]:
    """The current sample: inputs, targets, and as they become known predictions, blame and loss."""
    box = view.regions.sample
    items: list[Item] = [Coin(box.right - 38, box.y + 32, 18, known.sample, None)]
    rows = _sample_rows(ledger, known)
    capacity = int((box.h - 70) // 31)
    if len(rows) > capacity:
        rows = _shorten(rows, capacity)
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
        items.append(Label(box.x + 22, y, word, p.SMALL, p.MUTED, room=box.w - 46 - taken))
        if place + 1 < len(rows):
            line = y + spacing / 2
            items.append(Line(((box.x + 22, line), (box.right - 22, line)), p.RULE, 1.5))
    return items


Row = tuple[str, "float | None", "Ref | None", str]


def _sample_rows(ledger: Ledger, known: Known) -> list[Row]:
    header, batch, sample = ledger.header, known.batch, known.sample
    record = ledger.batch(batch)
    row, last = record.rows[sample - 1], len(header.layers) - 1
    rows: list[Row] = []
    for column, name in enumerate(header.layers[0].sources):
        word = subscript(name) + ("" if header.input_names[column] == name else f" {header.input_names[column]}")
        rows.append((word, float(header.inputs[row, column]), Ref("data", name, 0, row + 1), p.INK))
    for column, name in enumerate(header.layers[-1].neurons):
        of = "" if len(header.layers[-1].neurons) == 1 else f" {subscript(name)}"
        target = float(header.targets[row, column])
        rows.append((f"target{of}", target, Ref("target", name, 0, row + 1), p.INK))
        output = float(record.outputs[-1][sample - 1, column]) if known.output(last) else None
        rows.append((f"prediction{of}", output, Ref("predict", name, batch, sample), p.INK))
        blame = float(record.blame[-1][sample - 1, column]) if known.blame(last) else None
        rows.append((f"blame of {subscript(name)}", blame, Ref("blame", name, batch, sample), p.BLAME_INK))
    loss = sample_loss(ledger, batch, sample) if known.loss else None
    rows.append(("loss", loss, Ref("loss", "", batch, sample), p.INK))
    return rows


def _shorten(rows: list[Row], capacity: int) -> list[Row]:
    """Keep the first rows and the loss; say how many are left out."""
    kept = rows[: capacity - 2]
    return [*kept, (f"… {len(rows) - 1 - len(kept)} more", None, None, p.MUTED), rows[-1]]


def batch_card(ledger: Ledger, known: Known, view: View) -> tuple[list[Item], list[Hit]]:
    """The samples of the batch: which are banked, which is at work, which wait."""
    box, count = view.regions.batch, known.count
    done = "committed" if known.committed else f"{known.banked} of {count}" + ("" if view.narrow else " banked")
    if known.committed and view.narrow:
        done = "final"
    colour = p.GREEN_INK if known.committed else p.YELLOW_INK
    room = box.w - 40 - text_width("This batch", p.TEXT, p.SEMIBOLD)
    items: list[Item] = [Label(box.right - 16, box.y + 32, done, p.SMALL, colour, p.SEMIBOLD, "right", room)]
    hits: list[Hit] = []
    capacity = max(1, int((box.h - 62) // 62))
    first = max(1, min(known.sample - capacity // 2, count - capacity + 1))
    spacing = min(84.0, (box.h - 62) / min(count, capacity))
    for place, sample in enumerate(range(first, min(first + capacity, count + 1))):
        slot = Box(box.x + 10, box.y + 54 + place * spacing, box.w - 20, spacing - 4)
        items += _batch_row(ledger, known, sample, slot)
        hits.append(Hit(slot, "sample", f"{known.batch}.{sample}", f"go to sample {sample}"))
    return items, hits


def _batch_row(ledger: Ledger, known: Known, sample: int, slot: Box) -> list[Item]:
    items: list[Item] = []
    now = sample == known.sample and not known.committed
    if now:
        items.append(Panel(slot, p.YELLOW, "", 12))
    word = {PREDICT: "predicting", LOSS: "predicting", BLAME: "taking blame", BANK: "banking now"}.get(
        known.moment.phase
    )
    if sample <= known.banked and not (now and known.moment.phase == BANK):
        word, ink = "banked", p.GREEN_INK
    elif now:
        word, ink = word or "banked", p.YELLOW_INK
    else:
        word, ink = "waiting", p.MUTED
    name_ink = p.MUTED if word == "waiting" else p.INK
    items.append(Coin(slot.x + 24, slot.cy, 18, sample, None, alpha=0.55 if word == "waiting" else 1.0))
    name = f"sample {sample}"
    items.append(Label(slot.x + 49, slot.cy - 13, name, p.SMALL, name_ink, p.SEMIBOLD))
    items.append(Label(slot.x + 49, slot.cy + 13, word, p.SMALL, ink))
    used = 49 + text_width(name, p.SMALL, p.SEMIBOLD) + 4
    text = _row_text(ledger, known.batch, sample)
    room = slot.w - used - 8
    if room >= text_width(text, p.SMALL):
        items.append(Label(slot.right - 8, slot.cy - 13, text, p.SMALL, name_ink, anchor="right", room=room))
    return items


def _row_text(ledger: Ledger, batch: int, sample: int) -> str:
    """The data row in short: (0, 1) → 1; its own name when it is long."""
    header = ledger.header
    row = ledger.batch(batch).rows[sample - 1]
    values = [shown(float(v)) for v in header.inputs[row]], [shown(float(v)) for v in header.targets[row]]
    if len(values[0]) > 2 or any("≈" in v or len(v) > 3 for v in (*values[0], *values[1])):
        return header.row_names[row]
    left = values[0][0] if len(values[0]) == 1 else f"({', '.join(values[0])})"
    return f"{left} → {', '.join(values[1])}"
