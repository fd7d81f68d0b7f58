"""Go to a moment: epoch.batch.sample, typed."""

from __future__ import annotations

from piggybank.app.widgets import HIGH, button, card, middle, text_entry, veil
from piggybank.stage import palette as p
from piggybank.stage.regions import Regions
from piggybank.stage.scene import Box, Hit, Item, Label

EXAMPLES = "epoch.batch.sample, such as 1.1.1, 1.1.1.blame or 1.1.commit"


def goto_dialog(typed: str, here: str, regions: Regions) -> tuple[list[Item], list[Hit]]:
    """here: the address of the current moment, shown while nothing is typed."""
    shade, outside = veil(regions)
    box = middle(regions, 860, 280)
    field = Box(box.x + 36, box.y + 132, box.w - 72 - 140, HIGH)
    go, places = button(Box(field.right + 16, field.y, 124, HIGH), "Go", "submit", lit=True)
    ground, close = card(box, "Go to a moment")
    items: list[Item] = [
        shade,
        *ground,
        Label(box.x + 36, box.y + 98, EXAMPLES, p.SMALL, p.MUTED, room=box.w - 72),
        *text_entry(field, typed, f"now {here}"),
        *go,
        Label(box.x + 36, box.bottom - 46, "Enter goes there", p.SMALL, p.MUTED),
    ]
    return items, [outside, Hit(box, "", ""), *places, *close]
