"""The card of trouble: which number became infinite or nan, where, why, what to try, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from piggybank.app.way_back import plain, way_back
from piggybank.app.widgets import HIGH, button, button_width, card, middle, veil
from piggybank.ledger.trouble import Trouble
from piggybank.stage import palette as p
from piggybank.stage.digits import pretty, shown
from piggybank.stage.measure import wrap
from piggybank.stage.regions import Regions
from piggybank.stage.scene import Box, Hit, Item, Label

if TYPE_CHECKING:
    from piggybank.app.lessons import Lesson


def trouble_card(lesson: Lesson, trouble: Trouble, regions: Regions) -> tuple[list[Item], list[Hit]]:
    """Over the middle; Esc closes it."""
    shade, outside = veil(regions)
    width = min(980.0, regions.width - 40)
    said = f"{trouble.what} is {shown(trouble.value)}, in {trouble.where}."
    why, advice = f"Why? It is {trouble.why}.", f"What to try: {trouble.advice}."
    words = [
        (line, colour)
        for text, colour in ((said, p.INK), (why, p.MUTED), (advice, p.MUTED))
        for line in wrap(pretty(text), width - 72, p.TEXT)
    ]
    box = middle(regions, width, 200 + 36 * len(words))
    ground, close = card(box, "Trouble")
    items: list[Item] = [shade, *ground]
    for place, (line, colour) in enumerate(words):
        items.append(Label(box.x + 36, box.y + 104 + 36 * place, line, p.TEXT, colour, room=box.w - 72))
    hits = [outside, Hit(box, "", "")]
    x, y = box.x + 36, box.bottom - 36 - HIGH
    choices = [("How it comes about", "open", trouble.ref.code)]
    back = way_back(lesson)
    if back is not None:
        choices.append((f"Back to commit {back[0]}, rate {plain(back[1])}", "rewind", ""))
    for text, command, argument in choices:
        found, places = button(Box(x, y, button_width(text), HIGH), text, command, argument, lit=command == "rewind")
        items += found
        hits += places
        x += button_width(text) + 16
    return items, hits + close
