"""All numbers of this sample, page by page, in place of the network: where its card has no room for them."""

from __future__ import annotations

from piggybank.ledger.ledger import Ledger
from piggybank.stage import palette as p
from piggybank.stage.known import Known
from piggybank.stage.measure import text_width
from piggybank.stage.pager import HEIGHT, Pages, chip, pager, pager_width
from piggybank.stage.sample_card import sample_rows
from piggybank.stage.scene import Box, Hit, Item, Label, Line
from piggybank.stage.view import View, column

ROW, LEAST_WIDE, UNDER = 32.0, 230.0, 6.0
TITLES = ("all of this sample", "this sample", "all")
"""As long as there is room for."""


def sample_page(ledger: Ledger, known: Known, view: View) -> tuple[list[Item], list[Hit]]:
    """Targets, and as they become known predictions, blame and loss, then the inputs, in columns."""
    area, inputs = view.regions.network, len(ledger.header.layers[0].sources)
    area = Box(area.x, area.y + UNDER, area.w, area.h - UNDER)
    rows = sample_rows(ledger, known, every=True)
    rows = rows[inputs:] + rows[:inputs]
    across = max(1, int(area.w // LEAST_WIDE))
    down = max(1, int((area.h - HEIGHT - 12) // ROW))
    pages = Pages(view.page, len(rows), across * down)
    y = area.y + HEIGHT / 2
    items, hits, right = chip(area.x, y, "‹ back", ("neuron", "", "back to the network (Esc)"))
    found, places = pager(pages, area.right, y)
    items += found
    room = area.right - pager_width(pages) - right - 32
    words = next((words for words in TITLES if text_width(words, p.SMALL) <= room), "")
    items += [Label(right + 16, y, words, p.SMALL, p.MUTED)] if words else []
    width = area.w / across
    for place in range(pages.first, pages.last):
        beside, under = divmod(place - pages.first, down)
        box = Box(area.x + beside * width, area.y + HEIGHT + 12 + under * ROW, width - 24, ROW)
        word, value, ref, ink = rows[place]
        taken = 0.0
        if value is not None and ref is not None:
            text = column((value,), ref.kind == "blame", 110.0)[0]
            taken = text_width(text, p.SMALL)
            items.append(Label(box.right, box.cy, text, p.SMALL, ink, anchor="right", room=110, ref=ref))
        items.append(Label(box.x, box.cy, word, p.SMALL, p.MUTED, room=box.w - taken - 8))
        items.append(Line(((box.x, box.bottom), (box.right, box.bottom)), p.RULE, 1.5))
    return items, hits + places
