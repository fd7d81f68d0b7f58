"""The selected weight over the commits, in the place of the table: for networks whose rows leave the plot no room."""

from __future__ import annotations

from piggybank.app.widgets import closing
from piggybank.ledger.ledger import Ledger
from piggybank.stage import palette as p
from piggybank.stage.known import Known
from piggybank.stage.scene import Box, Hit, Item, Label, Panel
from piggybank.stage.view import View
from piggybank.stage.weight_plot import weight_plot


def weight_history(ledger: Ledger, known: Known, view: View) -> tuple[list[Item], list[Hit]]:
    """The plot over the adjustment trace; a click on a point opens its commit."""
    box = view.regions.trace
    area = Box(box.x, box.y + 64, box.w, min(box.h - 84, 620.0))
    found, hits = weight_plot(ledger, known, view, area)
    chip, close = closing(box.right - 20, box.y + 34, "A closes", "history")
    items: list[Item] = [
        Panel(box, p.PANEL, p.GREEN_EDGE, 16),
        Label(box.x + 24, box.y + 34, "Adjustment trace", p.LARGE, p.INK, p.BOLD),
        *chip,
    ]
    return [*items, *found], [Hit(box, ""), *hits, *close]
