"""Any number's receipt, opened by a click; its numbers open theirs, down to the data row or the setting.

The way here stands above as crumbs: a click on one goes back to it, Backspace goes back one.
"""

from __future__ import annotations

from collections.abc import Sequence

from piggybank.app.overlays.shares import spoken
from piggybank.app.overlays.strips import SIGNS, USUAL_HEIGHT, label_of, room_for, rows_of, strip_lines
from piggybank.app.widgets import closing
from piggybank.ledger.leaf_receipts import LEAVES
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import CANCELLED, IN, OUT, Line, Receipt, Ref
from piggybank.ledger.strip import WORDS as RECIPE_WORDS
from piggybank.stage import digits
from piggybank.stage import palette as p
from piggybank.stage.measure import text_width, wrap
from piggybank.stage.scene import Box, Hit, Item, Label, Panel

COLOURS = {"final": (p.GREEN, p.GREEN_EDGE, p.GREEN_INK), "pending": (p.YELLOW, p.YELLOW_EDGE, p.YELLOW_INK)}
LEFT = 740.0
PARTS = {IN: "put in", OUT: "taken out", CANCELLED: "cancelled"}


def receipt_view(
    ledger: Ledger, trail: tuple[Ref, ...], start: str, exact: bool, box: Box, first: int = 1
) -> tuple[list[Item], list[Hit]]:
    """The last receipt of the trail in `box`, with the trail above it; start: the weight or neuron it began at; first:
    a line that is to be seen, where there are too many for one page."""
    receipt = ledger.open(trail[-1])
    chip, back = closing(box.right - 28, box.y + 44, "Backspace returns", "return")
    items: list[Item] = [
        Panel(box, p.PANEL, p.PANEL_EDGE, 18),
        Label(box.x + 36, box.y + 44, digits.pretty(receipt.title), p.LARGE, p.INK, p.BOLD, room=box.w - 260),
        *chip,
    ]
    crumbs, hits = _crumbs(ledger, trail, start, Box(box.x + 36, box.y + 78, box.w - 72, 40))
    fill, edge, ink = COLOURS["pending" if receipt.kind in ("slice", "bank", "kept") else "final"]
    if receipt.kind in ("predict", "shared", "loss", "accuracy", *LEAVES):
        fill, edge, ink = p.HOVER, p.BLUE, p.BLUE_INK
    if receipt.kind == "blame":
        fill, edge, ink = p.BLAME, p.BLAME_INK, p.BLAME_INK
    lines = list(receipt.lines)
    panel = Box(box.x + 36, box.y + 136, box.w - 72, min(box.h - 136 - 56, 72 + USUAL_HEIGHT * len(lines)))
    items += [*crumbs, Panel(panel, fill, edge, 16)]
    sentence = _sentence(receipt, trail[-1].batch)
    items.append(Label(panel.x + 24, panel.y + 28, sentence, p.SMALL, ink, p.SEMIBOLD, room=panel.w - 48))
    strip = Box(panel.x, panel.y + 52, LEFT, panel.h - 62)
    shown = page_of_lines(lines, first, room_for(strip))
    found, places = _pages(shown, len(lines), Box(panel.x, panel.y, panel.w - 24, 56))
    items, hits, lines = items + found, hits + places, lines[shown[0] - 1 : shown[-1]]
    items += strip_lines(strip, lines, edge, p.INK, exact)
    items += _formulas(strip, lines, panel)
    keys = "Click a number to open it     E exact digits     C copy as Python     Esc closes"
    items.append(Label(box.x + 36, box.bottom - 28, keys, p.SMALL, p.MUTED, room=box.w - 72))
    return items, hits + back


def page_of_lines(lines: Sequence[Line], first: int, size: int) -> range:
    """The lines, from 1, that are shown with that one: pages of up to so many, which end in a result if they can."""
    start = 1
    while True:
        end = min(start + size, len(lines) + 1)
        results = [number for number in range(start, end) if lines[number - 1].operator == "="]
        if end <= len(lines) and results:
            end = results[-1] + 1
        if first < end or end > len(lines):
            return range(start, end)
        start = end


def _pages(shown: range, count: int, at: Box) -> tuple[list[Item], list[Hit]]:
    """At the right which lines are shown, and chips that lead to the others; nothing where all are."""
    items: list[Item] = []
    hits: list[Hit] = []
    if len(shown) == count:
        return items, hits
    x = at.right
    for words, line in (
        (f"{spoken(shown[-1] + 1, count)} ›" if shown[-1] < count else "", shown[-1] + 1),
        (f"lines {spoken(shown[0], shown[-1])} of {count}", 0),
        (f"‹ {spoken(1, shown[0] - 1)}" if shown[0] > 1 else "", shown[0] - 1),
    ):
        width = text_width(words, p.SMALL) + 30
        if words and line:
            chip = Box(x - width, at.y + 8, width, 40)
            items.append(Panel(chip, p.CHIP, p.CHIP_EDGE, 11))
            hits.append(Hit(chip, "lines", str(line), f"show line {line}"))
        if words:
            items.append(Label(x - width / 2, at.cy, words, p.SMALL, p.MUTED, anchor="centre"))
            x -= width + 8
    return items, hits


def _sentence(receipt: Receipt, batch: int) -> str:
    """Where this number stands, in words."""
    words = {
        "data": "This number stands in the data. Here the chain ends.",
        "target": "This number stands in the data. Here the chain ends.",
        "constant": "This number stands in the formula itself. Here the chain ends.",
        "setting": "This number was set before the run. Here the chain ends.",
        "predict": "Measured with the weights of this batch.",
        "shared": "Measured with the weights of this batch.",
        "loss": "Measured with the weights of this batch.",
        "blame": "Measured with the weights of this batch.",
        "accuracy": "Measured with the weights of this batch.",
        "initial": "The weight before the first batch. Here the chain ends.",
    }
    states = {"waiting": "Waiting for its turn.", "pending": "Pending until the commit.", "final": "Final."}
    if batch < 0:
        return f"Measured for every row with the weights before batch {-batch}."
    return words.get(receipt.kind, states[receipt.state])


def _crumbs(ledger: Ledger, trail: tuple[Ref, ...], start: str, box: Box) -> tuple[list[Item], list[Hit]]:
    """The way here; where it is long, its end."""
    names = [digits.pretty(start)] if start else []
    names += [crumb(ledger, ref) for ref in trail]
    widths = [text_width(name, p.SMALL) + 28 for name in names]
    first = 0
    while first < len(names) - 1 and sum(widths[first:]) + 26 * (len(names) - first) > box.w:
        first += 1
    items: list[Item] = []
    hits: list[Hit] = []
    x = box.x
    if first:
        items.append(Label(x, box.cy, "…", p.SMALL, p.MUTED))
        x += 26
    for place in range(first, len(names)):
        chip = Box(x, box.y, widths[place], box.h)
        last = place == len(names) - 1
        items.append(Panel(chip, p.YELLOW if last else p.CHIP, p.YELLOW_EDGE if last else p.CHIP_EDGE, 12))
        items.append(Label(chip.cx, chip.cy, names[place], p.SMALL, p.INK if last else p.MUTED, anchor="centre"))
        hits.append(Hit(chip, "crumb", str(place + (0 if start else 1)), f"back to {names[place]}"))
        x = chip.right
        if not last:
            items.append(Label(x + 13, box.cy, "›", p.SMALL, p.MUTED, anchor="centre"))
            x += 26
    return items, hits


def crumb(ledger: Ledger, ref: Ref) -> str:
    """A receipt in two or three words."""
    if ref.is_turned:
        return f"−{crumb(ledger, ref.turned)}"
    if ref.line_number:
        return digits.pretty(ledger.open(ref).lines[-1].label)
    if ref.part in PARTS:
        return PARTS[ref.part] + (f" in epoch {ref.batch}" if ref.kind == "share" else "")
    name = digits.subscript(ref.name) if "->" not in ref.name else ""
    words = {
        "commit": f"{ref.part or 'commit'} {ref.batch}",
        "predict": f"{'sum' if ref.part else 'output'} {name}",
        "shared": RECIPE_WORDS.get(ref.name, name).lower(),
        "accuracy": f"class of {ref.sample}" if ref.sample else "accuracy",
        "slice": f"coin {ref.sample}",
        "bank": f"bank after {ref.sample}",
        "kept": f"bank after {ref.sample}",
        "blame": f"blame of {name}",
        "loss": f"loss {ref.sample}" if ref.sample else f"loss of {_whole(ref.batch)}",
        "share": f"row {ref.sample} " + (f"in epoch {ref.batch}" if ref.batch else "in all epochs"),
        "data": f"row {ref.sample} {name}",
        "target": f"row {ref.sample} target",
        "initial": "initial weight",
        "setting": ref.name.replace("_", " "),
        "constant": f"the {ref.name}",
        "schedule": f"{ref.name.replace('_', ' ')} of commit {ref.batch}",
        "whole": f"{RECIPE_WORDS.get(ref.name, ref.name).lower()} over all weights",
        "micro": f"micro-batch {ref.sample}" if ref.sample else "micro-batches",
        "lasting": ref.part or (f"coins of batch {ref.sample}" if ref.sample else "all coins so far"),
        "lifetime": f"row {ref.sample} moved" if not ref.batch else ref.part or f"coin of batch {ref.batch}",
    }
    return words[ref.kind]


def _whole(batch: int) -> str:
    return f"batch {batch}" if batch > 0 else "all rows"


def _formulas(strip: Box, lines: list[Line], panel: Box) -> list[Item]:
    """Beside each result its formula; where there is no room for it without the name before it, which the label says,
    and in two lines, the first of them beside what goes into it."""
    items: list[Item] = []
    rows, height = rows_of(strip, lines)
    for place, row in enumerate(rows):
        if row.line.operator != "=" or row.line.value is None:
            continue
        text, room = pretty_formula(row.line.formula), panel.right - strip.right - 44
        if text_width(text, p.SMALL) > room and " = " in text:
            text = text.partition(" = ")[2]
        if not text or text == label_of(row.line):
            continue
        first, *rest = _broken(text, row.line.formula, room) if place else [text]
        parts = [(row.y - height, first), (row.y, " ".join(rest))] if rest else [(row.y, first)]
        items += [Label(strip.right + 20, y, part, p.SMALL, p.MUTED, room=room) for y, part in parts]
    return items


def _broken(text: str, formula: str, room: float) -> list[str]:
    """The text in lines that fit the room; names of several words stay whole."""
    if text_width(text, p.SMALL) <= room:
        return [text]
    found = wrap(_signed(formula).rpartition(" = ")[2], room, p.SMALL)
    return [part.replace("_", " ") for part in found]


def pretty_formula(text: str) -> str:
    """A formula as people write it."""
    return _signed(text).replace("_", " ")


def _signed(text: str) -> str:
    for sign, written in SIGNS.items():
        text = text.replace(f" {sign} ", f" {written} ")
    return text.replace("-", SIGNS["-"])
