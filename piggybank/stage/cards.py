"""The cards at the left, empty."""

from __future__ import annotations

from piggybank.stage import palette as p
from piggybank.stage.scene import Item, Label, Panel
from piggybank.stage.view import View


def cards_still(view: View) -> list[Item]:
    """The empty cards."""
    regions = view.regions
    return [
        Panel(regions.sample, p.PANEL, p.PANEL_EDGE),
        Label(regions.sample.x + 22, regions.sample.y + 32, "This sample", p.TEXT, p.INK, p.SEMIBOLD),
        Panel(regions.batch, p.PANEL, p.PANEL_EDGE),
    ]
