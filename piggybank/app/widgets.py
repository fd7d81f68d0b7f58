"""The few widgets that overlays are made of: items to draw and places that react, nothing remembered."""

from __future__ import annotations

from piggybank.stage import palette as p
from piggybank.stage.measure import advance, text_width, wrap
from piggybank.stage.regions import Regions
from piggybank.stage.scene import Box, Hit, Item, Label, Line, Panel

HIGH = 52.0
"""Height of a button and of a text field."""


def veil(regions: Regions) -> tuple[Panel, Hit]:
    """Dims the whole screen; a click on it closes what stands over it."""
    everywhere = Box(0, 0, regions.width, regions.height)
    return Panel(everywhere, p.SHADE), Hit(everywhere, "close")


def middle(regions: Regions, width: float, height: float) -> Box:
    """A box in the middle of the screen."""
    width, height = min(width, regions.width - 40), min(height, regions.height - 40)
    return Box((regions.width - width) / 2, (regions.height - height) / 2, width, height)


def button(
    box: Box, words: str, command: str, argument: str = "", lit: bool = False, tip: str = ""
) -> tuple[list[Item], list[Hit]]:
    """Words on a rounded field; `lit` marks the one that is chosen."""
    fill, edge, font = (p.YELLOW, p.YELLOW_EDGE, p.SEMIBOLD) if lit else (p.CHIP, p.CHIP_EDGE, p.REGULAR)
    items: list[Item] = [
        Panel(box, fill, edge, min(14.0, box.h / 2)),
        Label(box.cx, box.cy, words, p.SMALL, p.INK, font, "centre", box.w - 20),
    ]
    return items, [Hit(box, command, argument, tip or words)]


def button_width(words: str) -> float:
    """As wide as its words need."""
    return text_width(words, p.SMALL, p.SEMIBOLD) + 40


def text_entry(box: Box, typed: str, hint: str) -> list[Item]:
    """What is typed so far with a caret behind it; `hint` while it is empty. Long text shows its end."""
    room = box.w - 48
    shown = typed
    while shown and text_width(shown, p.LARGE, p.SEMIBOLD) > room:
        shown = shown[1:]
    items: list[Item] = [Panel(box, p.PANEL, p.FOCUS, 12, 3)]
    if typed:
        items.append(Label(box.x + 20, box.cy, shown, p.LARGE, p.INK, p.SEMIBOLD))
    else:
        items.append(Label(box.x + 30, box.cy, hint, p.SMALL, p.MUTED, room=room))
    caret = box.x + 26 + (advance(shown, p.LARGE, p.SEMIBOLD) if typed else 0)
    items.append(Line(((caret, box.y + 12), (caret, box.bottom - 12)), p.INK, 3))
    return items


def closing(right: float, y: float, words: str = "Esc closes", command: str = "close") -> tuple[list[Item], list[Hit]]:
    """The key that closes what is open, to be pressed with the pointer too; it ends at `right`."""
    wide = text_width(words, p.SMALL) + 28
    box = Box(right - wide, y - 18, wide, 36)
    label = Label(box.cx, box.cy, words, p.SMALL, p.MUTED, anchor="centre")
    return [Panel(box, p.CHIP, p.CHIP_EDGE, 12), label], [Hit(box, command, "", words)]


def card(box: Box, title: str) -> tuple[list[Item], list[Hit]]:
    """The ground of a dialog with its title, and how it is closed."""
    found, hits = closing(box.right - 28, box.y + 46)
    ground = Panel(box, p.PANEL, p.PANEL_EDGE, 18)
    room = hits[0].box.x - box.x - 56
    return [ground, Label(box.x + 36, box.y + 48, title, p.TITLE, p.INK, p.BOLD, room=room), *found], hits


def dark(regions: Regions) -> tuple[list[Item], list[Hit]]:
    """The blank screen, and how to leave it; a click does so too."""
    everywhere = Box(0, 0, regions.width, regions.height)
    words = Label(regions.width / 2, regions.height - 46, "B returns", p.SMALL, p.BLANK_INK, anchor="centre")
    return [Panel(everywhere, p.BLANK, radius=0), words], [Hit(everywhere, "blank")]


def notice(regions: Regions, text: str) -> list[Item]:
    """A sentence over the strip, until something else is pressed."""
    room = regions.width - 120
    lines = wrap(text, room, p.TEXT) or [""]
    width = max(text_width(line, p.TEXT) for line in lines) + 60
    height = 22.0 + 34 * len(lines)
    box = Box((regions.width - width) / 2, regions.strip.y - 20 - height, width, height)
    items: list[Item] = [Panel(box, p.INK, "", 28)]
    for place, line in enumerate(lines):
        items.append(Label(box.cx, box.y + 28 + place * 34, line, p.TEXT, p.ON_INK, anchor="centre", room=room))
    return items
