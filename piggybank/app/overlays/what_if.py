"""The dialog of what if: a learning rate, a batch size, and whether this row takes part."""

from __future__ import annotations

from piggybank.app.state import WhatIf
from piggybank.app.widgets import HIGH, button, button_width, card, middle, text_entry, veil
from piggybank.stage import palette as p
from piggybank.stage.measure import wrap
from piggybank.stage.regions import Regions
from piggybank.stage.scene import Box, Hit, Item, Label, Panel

NAMES = ("learning rate", "batch size")
LABELS = 190.0


def what_if_dialog(form: WhatIf, hints: tuple[str, str, str], regions: Regions) -> tuple[list[Item], list[Hit]]:
    """hints: what the three places say of themselves, see `piggybank.app.what_if.hints`."""
    shade, outside = veil(regions)
    box = middle(regions, 860, 470)
    words = f"Another run takes the weights that batch {form.batch} met, and goes on with what you change."
    ground, close = card(box, "What if?")
    items: list[Item] = [shade, *ground]
    for place, line in enumerate(wrap(words, box.w - 72, p.SMALL)):
        items.append(Label(box.x + 36, box.y + 94 + 30 * place, line, p.SMALL, p.MUTED, room=box.w - 72))
    hits = [outside, Hit(box, "", "")]
    y = box.y + 154
    for place, text in enumerate((form.rate, form.size)):
        field = Box(box.x + 36 + LABELS, y, box.w - 72 - LABELS, HIGH)
        items.append(Label(box.x + 36, field.cy, NAMES[place], p.TEXT, p.INK, room=LABELS - 10))
        items += _entry(field, text, hints[place], form.place == place)
        hits.append(Hit(field, "field", str(place), NAMES[place]))
        y += HIGH + 14
    tick = Box(box.x + 36, y, box.w - 72, HIGH)
    words = f"left out: {hints[2].removeprefix('without ')}" if form.without else hints[2]
    found, places = button(tick, words, "leave_out", lit=form.without, tip="leave this row's coins out from here on")
    if form.place == 2:
        items.append(Panel(Box(tick.x - 4, tick.y - 4, tick.w + 8, tick.h + 8), p.PANEL, p.FOCUS, 16, 3))
    items, hits = items + found, hits + places
    go = button_width("Play it")
    foot = "Tab: the next field · Space: leave the row out · Enter plays it"
    at = Box(box.right - 36 - go, box.bottom - 34 - HIGH, go, HIGH)
    found, places = button(at, "Play it", "submit", lit=True)
    items += [*found, Label(box.x + 36, at.cy, foot, p.SMALL, p.MUTED, room=box.w - 92 - go)]
    return items, hits + places + close


def _entry(box: Box, typed: str, hint: str, chosen: bool) -> list[Item]:
    """A field that is typed into, or one that waits."""
    if chosen:
        return text_entry(box, typed, hint)
    ink = p.INK if typed else p.MUTED
    size = p.LARGE if typed else p.SMALL
    return [Panel(box, p.CHIP, p.CHIP_EDGE, 12), Label(box.x + 20, box.cy, typed or hint, size, ink, room=box.w - 40)]
