"""The inspector: one weight or neuron at a moment, line by line; live while stepping, and never changing its layout.

Above, in yellow, what this sample did; below, the final adjustment, the same for every sample of the batch: grey
while pending, green once final. At the right, who put in how much, and the growing total.
"""

from __future__ import annotations

from piggybank.app.overlays.shares import growing_total, page_of, shares, shares_height, spoken
from piggybank.app.overlays.strips import strip_lines
from piggybank.app.player import PlayerState
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Line, Ref
from piggybank.stage import digits
from piggybank.stage import palette as p
from piggybank.stage.known import Known
from piggybank.stage.layout import Regions
from piggybank.stage.measure import text_width
from piggybank.stage.scene import Box, Coin, Hit, Item, Label, Panel
from piggybank.stage.view import View
from piggybank.stage.weight_plot import weight_plot

MOST_TABS = 7
LEFT = 740.0


def panel_box(regions: Regions) -> Box:
    """The inspector's place."""
    width = min(1340.0, regions.width - 40)
    return Box((regions.width - width) / 2, 100, width, regions.strip.y - 112)


def inspector(ledger: Ledger, known: Known, state: PlayerState, box: Box) -> tuple[list[Item], list[Hit]]:
    """Items and places of the open inspector."""
    sample = state.tab or known.sample
    items: list[Item] = [
        Panel(box, p.PANEL, p.PANEL_EDGE, 18),
        Label(box.right - 36, box.y + 46, "Esc closes", p.SMALL, p.MUTED, anchor="right"),
    ]
    tabs, places = _tabs(box, known, sample)
    body = _neuron if state.inspecting in ledger.header.neurons else _weight
    found, more = body(ledger, known, state, sample, box)
    keys = "E exact digits     C copy as Python     ← → beat     Shift ← → sample     ↑ ↓ weight"
    foot = Label(box.x + 36, box.bottom - 26, keys, p.SMALL, p.MUTED, room=box.w - 72)
    return [*items, *tabs, *found, foot], places + more


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
        items.append(Panel(tab, p.YELLOW if open_ else p.CHIP, p.YELLOW_EDGE if open_ else "", 11))
        items.append(Coin(tab.x + 26, tab.cy, 18, known.number(number), None, alpha=0.55 if waiting else 1.0))
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
    items.append(Panel(chip, p.CHIP, "", 11))
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
    note = f"weight {number} of {len(ledger.header.weights)} · batch {known.batch}"
    items: list[Item] = [
        Label(box.x + 36, box.y + 44, title, 44, p.INK, p.BOLD),
        Label(after_title, box.y + 50, note, p.SMALL, p.MUTED, room=box.right - after_title - 170),
    ]
    above = ("Blame slice",) if known.single else ("Blame slice", "Bank")
    upper = [line for line in receipt.lines if line.section in above]
    top = Box(box.x + 36, box.y + 142, LEFT, 62 + 36 * len(upper) + 8)
    items += _accumulation(top, known, sample, upper, receipt.state, state.exact)
    below = Box(top.x, top.bottom + 14, LEFT, box.bottom - 52 - top.bottom - 14)
    items += _final(below, known, list(commit.lines), state)
    side = Box(top.right + 36, top.y, box.right - top.right - 68, box.bottom - top.y - 60)
    if known.single:  # one coin is all there is: the weight's course says more
        view = View(selected=name, planned=known.batch)
        found, hits = weight_plot(ledger, known, view, Box(side.x - 20, side.y, side.w + 20, min(side.h, 460.0)))
        return items + found, hits
    upper_side = Box(side.x, side.y, side.w, shares_height(known.count, side.h * 0.66))
    found, hits = shares(ledger, known, weight, sample, upper_side)
    rest = Box(side.x, upper_side.bottom + 10, side.w, side.bottom - upper_side.bottom - 10)
    return items + found + growing_total(ledger, known, weight, rest), hits


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


def _final(box: Box, known: Known, lines: list[Line], state: PlayerState) -> list[Item]:
    fill, edge, ink, value_ink = p.GREEN, p.GREEN_EDGE, p.GREEN_INK, p.INK
    title, tag, words = "Final adjustment", "FINAL", "the same for every sample of this batch"
    if known.single:
        title, tag, words = "Adjustment", "ADJUSTED", "made by this sample alone"
    if not known.committed and known.single:
        fill, edge, ink, value_ink, tag = p.WAITING, p.WAITING_EDGE, p.MUTED, p.MUTED, "NEXT"
    elif not known.committed and state.hindsight:
        tag, words = "FINAL, SHOWN AHEAD", f"commits after sample {known.count}, the same for every sample"
    elif not known.committed:
        fill, edge, ink, value_ink = p.WAITING, p.WAITING_EDGE, p.MUTED, p.MUTED
        tag = f"PENDING {known.banked} of {known.count}"
        words = f"commits after sample {known.count}, the same for every sample"
    items: list[Item] = [
        Panel(box, fill, edge, 16),
        Label(box.x + 24, box.y + 30, title, p.TEXT + 2, ink, p.SEMIBOLD),
        Label(box.right - 24, box.y + 30, tag, p.SMALL, ink, p.BOLD, "right"),
        Label(box.x + 24, box.y + 60, words, p.SMALL, p.MUTED, room=box.w - 48),
    ]
    return items + strip_lines(Box(box.x, box.y + 80, box.w, box.h - 88), lines, edge, value_ink, state.exact)


def _neuron(ledger: Ledger, known: Known, state: PlayerState, sample: int, box: Box) -> tuple[list[Item], list[Hit]]:
    name = state.inspecting
    layer = ledger.header.neurons[name][0]
    items: list[Item] = [
        Label(box.x + 36, box.y + 44, digits.subscript(name), 44, p.INK, p.BOLD),
        Label(box.x + 130, box.y + 50, f"neuron · batch {known.batch} · sample {sample}", p.SMALL, p.MUTED),
    ]
    past = sample < known.sample
    half = (box.w - 72 - 20) / 2
    area = Box(box.x + 36, box.y + 142, half, box.h - 142 - 54)
    parts = (("Prediction", "predict", past or known.output(layer)), ("Blame", "blame", past or known.blame(layer)))
    for place, (title, kind, seen) in enumerate(parts):
        panel = Box(area.x + place * (half + 20), area.y, half, area.h)
        fill, edge, ink = (
            (p.HOVER, p.PANEL_EDGE, p.BLUE_INK) if kind == "predict" else (p.BLAME, p.BLAME_INK, p.BLAME_INK)
        )
        items.append(Panel(panel, fill, edge, 16))
        items.append(Label(panel.x + 24, panel.y + 30, title, p.TEXT + 2, ink, p.SEMIBOLD))
        if not seen or sample > known.sample:
            items.append(Label(panel.x + 24, panel.y + 70, "not yet", p.SMALL, p.MUTED))
            continue
        receipt = ledger.open(Ref(kind, name, known.batch, sample))
        lines = Box(panel.x, panel.y + 54, panel.w, panel.h - 64)
        items += strip_lines(lines, list(receipt.lines), edge, p.INK, state.exact)
    return items, []
