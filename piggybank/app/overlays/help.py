"""The help overlay, printed from the key table."""

from __future__ import annotations

from piggybank.app.controls import CONTROLS
from piggybank.app.widgets import closing
from piggybank.stage import palette as p
from piggybank.stage.regions import Regions
from piggybank.stage.scene import Box, Hit, Item, Label, Panel


def help_overlay(regions: Regions) -> tuple[list[Item], list[Hit]]:
    """Two columns of keys and what they do."""
    width, rows = min(1360.0, regions.width - 60), -(-len(CONTROLS) // 2)
    line = min(48.0, (regions.height - 190) / rows)
    height = 150 + rows * line
    box = Box((regions.width - width) / 2, (regions.height - height) / 2, width, height)
    everywhere = Box(0, 0, regions.width, regions.height)
    closes, hits = closing(box.right - 28, box.y + 52)
    items: list[Item] = [
        Panel(everywhere, p.SHADE),
        Panel(box, p.PANEL, p.PANEL_EDGE, 18),
        Label(box.x + 40, box.y + 52, "Keys", p.TITLE, p.INK, p.BOLD),
        *closes,
        Label(box.x + 40, box.bottom - 34, "A click on a pig, a neuron or a row inspects it.", p.SMALL, p.MUTED),
    ]
    column = (width - 80) / 2
    for place, control in enumerate(CONTROLS):
        x = box.x + 40 + (place // rows) * (column + 20)
        y = box.y + 110 + (place % rows) * line
        items.append(Label(x, y, control.shown, p.SMALL, p.INK, p.SEMIBOLD, room=180))
        items.append(Label(x + 190, y, control.words, p.SMALL, p.MUTED, room=column - 200))
    return items, [Hit(everywhere, "close"), *hits]
