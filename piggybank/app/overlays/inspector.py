"""The inspector: one weight or neuron at a moment, line by line; live while stepping, and never changing its layout.

Above, in yellow, what this sample did; below, the final adjustment, the same for every sample of the batch: grey
while pending, green once final. At the right, who put in how much, and the growing total.
"""

from __future__ import annotations

from piggybank.app.effects import all_coins, note_on
from piggybank.app.overlays.final_panel import Commit, final_panel
from piggybank.app.overlays.shares import growing_total, page_of, shares, shares_height, spoken
from piggybank.app.overlays.strips import more_lines, strip_lines
from piggybank.app.player import PlayerState
from piggybank.app.widgets import closing
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Line, Ref
from piggybank.ledger.records import Weight
from piggybank.stage import digits
from piggybank.stage import palette as p
from piggybank.stage.classes import output_word
from piggybank.stage.known import Known
from piggybank.stage.measure import text_width
from piggybank.stage.regions import Regions
from piggybank.stage.scene import Box, Coin, Hit, Item, Label, Panel
from piggybank.stage.view import View
from piggybank.stage.weight_plot import weight_plot

MOST_TABS = 7
SHORT = 690.0
"""Lower than this, the panel has no room for all lines under one another."""
LEFT = 740.0


def panel_box(regions: Regions) -> Box:
    """The inspector's place."""
    width = min(1340.0, regions.width - 40)
    return Box((regions.width - width) / 2, 100, width, regions.strip.y - 112)


def inspector(ledger: Ledger, known: Known, state: PlayerState, box: Box) -> tuple[list[Item], list[Hit]]:
    """Items and places of the open inspector."""
    sample = state.tab or known.sample
    found, close = closing(box.right - 28, box.y + 46)
    items: list[Item] = [
        Panel(box, p.PANEL, p.PANEL_EDGE, 18),
        *found,
    ]
    tabs, places = _tabs(box, known, sample)
    body = _neuron if state.inspecting in ledger.header.neurons else _weight
    found, more = body(ledger, known, state, sample, box)
    keys = "E exact digits     C copy as Python     ← → beat     Shift ← → sample     ↑ ↓ weight"
    foot = Label(box.x + 36, box.bottom - 26, keys, p.SMALL, p.MUTED, room=box.w - 72)
    return [*items, *tabs, *found, foot], places + more + close


def _tabs(box: Box, known: Known, sample: int) -> tuple[list[Item], list[Hit]]:
    """One tab per sample of the batch, a page of them when there are many; chips at its ends lead to the others."""
    room = Box(box.x + 36, box.y + 84, box.w - 72, 44)
    width = 62 + text_width(f"sample {known.number(known.count)}", p.SMALL, p.SEMIBOLD)
    end = 2 * text_width(f"‹ {known.count}–{known.count}", p.SMALL) + 76
    fit = min(MOST_TABS, int((room.w + 8) // (width + 8)))
    if known.count > fit:
        fit = max(1, min(fit, int((room.w - end) // (width + 8))))
    shown = page_of(sample, known.count, fit)
    items: list[Item] = []
    hits: list[Hit] = []
    x = room.x
    if shown[0] > 1:
        x = _end(Box(x, room.y, 0, room.h), f"‹ {spoken(1, shown[0] - 1)}", shown[0] - 1, items, hits)
    for number in shown:
        tab = Box(x, room.y, width, room.h)
        open_, words = number == sample, f"sample {known.number(number)}"
        waiting = number > known.banked and number != known.sample
        items.append(Panel(tab, p.YELLOW if open_ else p.CHIP, p.YELLOW_EDGE if open_ else p.CHIP_EDGE, 11))
        items.append(
            Coin(tab.x + 26, tab.cy, 18, known.number(number), None, alpha=p.WAITING_ALPHA if waiting else 1.0)
        )
        font, ink = (p.SEMIBOLD, p.INK) if open_ else (p.REGULAR, p.MUTED)
        items.append(Label(tab.x + 50, tab.cy, words, p.SMALL, ink, font, room=tab.w - 54))
        hits.append(Hit(tab, "tab", str(number), words))
        x = tab.right + 8
    if shown[-1] < known.count:
        _end(Box(x, room.y, 0, room.h), f"{spoken(shown[-1] + 1, known.count)} ›", shown[-1] + 1, items, hits)
    return items, hits


def _end(at: Box, words: str, sample: int, items: list[Item], hits: list[Hit]) -> float:
    """A chip for the samples that have no tab now; gives where the next thing may begin."""
    chip = Box(at.x, at.y, text_width(words, p.SMALL) + 30, at.h)
    items.append(Panel(chip, p.CHIP, p.CHIP_EDGE, 11))
    items.append(Label(chip.cx, chip.cy, words, p.SMALL, p.MUTED, anchor="centre"))
    hits.append(Hit(chip, "tab", str(sample), f"show sample {sample}"))
    return chip.right + 8


def _weight(ledger: Ledger, known: Known, state: PlayerState, sample: int, box: Box) -> tuple[list[Item], list[Hit]]:
    name = state.inspecting
    weight = ledger.weight(name)
    receipt = ledger.receipt(name, batch=known.batch, sample=sample, banked=known.seen)
    commit = ledger.receipt(name, batch=known.batch, banked=None if state.hindsight else known.seen)
    title = digits.weight_title(weight.source, weight.target)
    after_title = box.x + 36 + text_width(title, 44, p.BOLD) + 26
    number = ledger.header.weight_number[name]
    note = f"weight {number} of {len(ledger.header.weights)} · batch {known.batch} · {_row(ledger, known, sample)}"
    items: list[Item] = [
        Label(box.x + 36, box.y + 44, title, 44, p.INK, p.BOLD),
        Label(after_title, box.y + 50, note, p.SMALL, p.MUTED, room=box.right - after_title - 170),
    ]
    above = ("Blame slice",) if known.single else ("Blame slice", "Bank")
    upper = [line for line in receipt.lines if line.section in above]
    top, below, side = _places(box, len(upper))
    items += _accumulation(top, known, sample, upper, receipt.state, state.exact)
    note, extra = note_on(ledger, known, weight, sample), all_coins(ledger, known, weight)
    found, hits = final_panel(below, Commit(ledger, known, weight, list(commit.lines), note, extra), state)
    beside = _course if known.single else _shares_by_growth if box.h < SHORT else _shares_and_growth
    more, places = beside(ledger, known, weight, sample, side)
    return items + found + more, hits + places


def _row(ledger: Ledger, known: Known, sample: int) -> str:
    """Which row of the data a sample is."""
    return f"sample {known.number(sample)}: {ledger.header.row_names[ledger.batch(known.batch).rows[sample - 1]]}"


def _places(box: Box, lines: int) -> tuple[Box, Box, Box]:
    """Of this sample's lines, of the final adjustment, and of the pictures. In a low window the last two change sides,
    so that the adjustment keeps its lines."""
    area = Box(box.x + 36, box.y + 142, box.w - 68, box.h - 142 - 52)
    if box.h < SHORT:
        half = (area.w - 24) / 2
        top = Box(area.x, area.y, half, 70 + 30 * lines)
        rest = Box(area.x, top.bottom + 14, half, area.bottom - top.bottom - 14)
        return top, Box(top.right + 20, area.y, half, area.h), rest
    top = Box(area.x, area.y, LEFT, 70 + 36 * lines)
    side = Box(top.right + 36, area.y, area.right - top.right - 36, area.h - 8)
    return top, Box(area.x, top.bottom + 14, LEFT, area.bottom - top.bottom - 14), side


def _course(ledger: Ledger, known: Known, weight: Weight, _: int, side: Box) -> tuple[list[Item], list[Hit]]:
    """With one sample a batch, one coin is all there is: the weight's course says more."""
    view = View(selected=weight.name, planned=known.batch)
    return weight_plot(ledger, known, view, Box(side.x - 20, side.y, side.w + 20, min(side.h, 460.0)))


def _shares_by_growth(
    ledger: Ledger, known: Known, weight: Weight, sample: int, side: Box
) -> tuple[list[Item], list[Hit]]:
    """Beside one another, in a low window."""
    half = (side.w - 28) / 2
    found, hits = shares(ledger, known, weight, sample, Box(side.x, side.y, half, side.h), brief=True)
    return found + growing_total(ledger, known, weight, Box(side.x + half + 28, side.y, half, side.h)), hits


def _shares_and_growth(
    ledger: Ledger, known: Known, weight: Weight, sample: int, side: Box
) -> tuple[list[Item], list[Hit]]:
    upper = Box(side.x, side.y, side.w, shares_height(known.count, len(ledger.header.house), side.h * 0.7))
    found, hits = shares(ledger, known, weight, sample, upper)
    rest = Box(side.x, upper.bottom + 10, side.w, side.bottom - upper.bottom - 10)
    return found + growing_total(ledger, known, weight, rest), hits


def _accumulation(box: Box, known: Known, sample: int, lines: list[Line], state: str, exact: bool) -> list[Item]:
    tag = "WAITING" if state == "waiting" else "THIS SAMPLE" if known.single else "ACCUMULATION"
    items: list[Item] = [
        Panel(box, p.YELLOW, p.YELLOW_EDGE, 16),
        Label(
            box.x + 24, box.y + 30, f"Sample {known.number(sample)}'s blame slice", p.TEXT + 2, p.YELLOW_INK, p.SEMIBOLD
        ),
        Label(box.right - 24, box.y + 30, tag, p.SMALL, p.YELLOW_INK, p.BOLD, "right"),
    ]
    return items + strip_lines(Box(box.x, box.y + 52, box.w, box.h - 60), lines, p.YELLOW_EDGE, p.INK, exact)


def _neuron(ledger: Ledger, known: Known, state: PlayerState, sample: int, box: Box) -> tuple[list[Item], list[Hit]]:
    name = state.inspecting
    layer = ledger.header.neurons[name][0]
    title, room = output_word(ledger.header, name), box.w - 520
    note = f"neuron · batch {known.batch} · {_row(ledger, known, sample)}"
    after_title = box.x + 36 + max(68.0, min(room, text_width(title, 44, p.BOLD))) + 26
    items: list[Item] = [
        Label(box.x + 36, box.y + 44, title, 44, p.INK, p.BOLD, room=room),
        Label(after_title, box.y + 50, note, p.SMALL, p.MUTED, room=box.right - after_title - 170),
    ]
    hits: list[Hit] = []
    past = sample < known.sample
    half = (box.w - 72 - 20) / 2
    area = Box(box.x + 36, box.y + 142, half, box.h - 142 - 54)
    parts = (("Prediction", "predict", past or known.output(layer)), ("Blame", "blame", past or known.blame(layer)))
    for place, (title, kind, seen) in enumerate(parts):
        panel = Box(area.x + place * (half + 20), area.y, half, area.h)
        fill, edge, ink = (p.HOVER, p.BLUE, p.BLUE_INK) if kind == "predict" else (p.BLAME, p.BLAME_INK, p.BLAME_INK)
        items.append(Panel(panel, fill, edge, 16))
        items.append(Label(panel.x + 24, panel.y + 30, title, p.TEXT + 2, ink, p.SEMIBOLD))
        if not seen or sample > known.sample:
            items.append(Label(panel.x + 24, panel.y + 70, "not yet", p.SMALL, p.MUTED))
            continue
        whole, strip = Ref(kind, name, known.batch, sample), Box(panel.x, panel.y + 54, panel.w, panel.h - 64)
        lines = list(ledger.open(whole).lines)
        items += strip_lines(strip, lines, edge, p.INK, state.exact)
        hits += more_lines(strip, lines, whole)
    return items, hits
