"""Any number's receipt, opened by a click; its numbers open theirs, down to the data row or the setting.

The way here stands above as crumbs: a click on one goes back to it, Backspace goes back one.
"""

from __future__ import annotations

from piggybank.app.overlays.strips import SIGNS, USUAL_HEIGHT, rows_of, strip_lines
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Line, Receipt, Ref
from piggybank.stage import digits
from piggybank.stage import palette as p
from piggybank.stage.measure import text_width
from piggybank.stage.scene import Box, Hit, Item, Label, Panel

COLOURS = {"final": (p.GREEN, p.GREEN_EDGE, p.GREEN_INK), "pending": (p.YELLOW, p.YELLOW_EDGE, p.YELLOW_INK)}
LEFT = 600.0


def receipt_view(
    ledger: Ledger, trail: tuple[Ref, ...], start: str, exact: bool, box: Box
) -> tuple[list[Item], list[Hit]]:
    """The last receipt of the trail in `box`, with the trail above it; start: the weight or neuron it began at."""
    receipt = ledger.open(trail[-1])
    items: list[Item] = [
        Panel(box, p.PANEL, p.PANEL_EDGE, 18),
        Label(box.x + 36, box.y + 44, digits.pretty(receipt.title), p.LARGE, p.INK, p.BOLD, room=box.w - 260),
        Label(box.right - 36, box.y + 44, "Backspace returns", p.SMALL, p.MUTED, anchor="right"),
    ]
    crumbs, hits = _crumbs(trail, start, Box(box.x + 36, box.y + 78, box.w - 72, 40))
    fill, edge, ink = COLOURS["pending" if receipt.kind in ("slice", "bank") else "final"]
    if receipt.kind in ("predict", "loss", "data", "target", "setting", "initial"):
        fill, edge, ink = p.HOVER, p.PANEL_EDGE, p.BLUE_INK
    if receipt.kind == "blame":
        fill, edge, ink = p.BLAME, p.BLAME_INK, p.BLAME_INK
    lines = list(receipt.lines)
    panel = Box(box.x + 36, box.y + 136, box.w - 72, min(box.h - 136 - 56, 72 + USUAL_HEIGHT * len(lines)))
    items += [*crumbs, Panel(panel, fill, edge, 16)]
    items.append(Label(panel.x + 24, panel.y + 28, _sentence(receipt), p.SMALL, ink, p.SEMIBOLD, room=panel.w - 48))
    strip = Box(panel.x, panel.y + 52, LEFT, panel.h - 62)
    result = {line.label: trail[-1] for line in lines[-1:] if line.operator == "="}
    items += strip_lines(strip, lines, edge, p.INK, exact, result)
    items += _formulas(strip, lines, panel)
    keys = "Click a number to open it     E exact digits     C copy as Python     Esc closes"
    items.append(Label(box.x + 36, box.bottom - 28, keys, p.SMALL, p.MUTED, room=box.w - 72))
    return items, hits


def _sentence(receipt: Receipt) -> str:
    """Where this number stands, in words."""
    words = {
        "data": "This number stands in the data. Here the chain ends.",
        "target": "This number stands in the data. Here the chain ends.",
        "setting": "This number was set before the run. Here the chain ends.",
        "predict": "Measured with the weights of this batch.",
        "loss": "Measured with the weights of this batch.",
        "blame": "Measured with the weights of this batch.",
        "initial": "The weight before the first batch. Here the chain ends.",
    }
    states = {"waiting": "waiting for its turn", "pending": "pending until the commit", "final": "final"}
    return words.get(receipt.kind, states[receipt.state])


def _crumbs(trail: tuple[Ref, ...], start: str, box: Box) -> tuple[list[Item], list[Hit]]:
    """The way here; where it is long, its end."""
    names = [digits.pretty(start)] if start else []
    names += [crumb(ref) for ref in trail]
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
        items.append(Panel(chip, p.YELLOW if last else p.CHIP, p.YELLOW_EDGE if last else "", 12))
        items.append(Label(chip.cx, chip.cy, names[place], p.SMALL, p.INK if last else p.MUTED, anchor="centre"))
        hits.append(Hit(chip, "crumb", str(place + (0 if start else 1)), f"back to {names[place]}"))
        x = chip.right
        if not last:
            items.append(Label(x + 13, box.cy, "›", p.SMALL, p.MUTED, anchor="centre"))
            x += 26
    return items, hits


def crumb(ref: Ref) -> str:
    """A receipt in two or three words."""
    name = digits.subscript(ref.name) if "->" not in ref.name else ""
    if ref.kind == "commit":
        return f"{ref.part or 'commit'} {ref.batch}"
    if ref.kind == "predict":
        return f"{'sum' if ref.part else 'output'} {name}"
    if ref.kind == "setting":
        return ref.name.replace("_", " ")
    words = {
        "slice": f"coin {ref.sample}",
        "bank": f"bank after {ref.sample}",
        "blame": f"blame of {name}",
        "loss": f"loss {ref.sample}" if ref.sample else f"loss of batch {ref.batch}",
        "share": f"row {ref.sample} in epoch {ref.batch}",
        "data": f"row {ref.sample} {name}",
        "target": f"row {ref.sample} target",
        "initial": "initial weight",
    }
    return words[ref.kind]


def _formulas(strip: Box, lines: list[Line], panel: Box) -> list[Item]:
    """Beside each result: whether anything was rounded, and its formula."""
    items: list[Item] = []
    rows, _ = rows_of(strip, lines)
    for row in rows:
        line = row.line
        if line.operator != "=" or line.value is None:
            continue
        word, ink = ("no rounding", p.GREEN_INK) if line.exact else ("rounded", p.MUTED)
        items.append(Label(strip.right + 8, row.y, word, p.SMALL, ink, room=134))
        text = pretty_formula(line.formula)
        items.append(Label(strip.right + 146, row.y, text, p.SMALL, p.MUTED, room=panel.right - strip.right - 160))
    return items


def pretty_formula(text: str) -> str:
    """A formula as people write it."""
    for sign, written in SIGNS.items():
        text = text.replace(f" {sign} ", f" {written} ")
    return text.replace("_", " ").replace("-", SIGNS["-"])
