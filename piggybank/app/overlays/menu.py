"""The menu that `piggybank` opens: the lessons of the course."""

from __future__ import annotations

from dataclasses import replace

from piggybank.app.course import Entry
from piggybank.app.focus import focus_ring
from piggybank.app.overlays.help import help_overlay
from piggybank.app.state import PlayerState
from piggybank.app.widgets import button, button_width, dark, notice
from piggybank.stage import palette as p
from piggybank.stage.look import Look
from piggybank.stage.measure import wrap
from piggybank.stage.regions import regions
from piggybank.stage.scene import Box, Hit, Item, Label, Panel, Picture, Scene

LEAST = 50.0
"""Rows of the list lower than this go into two columns."""


def menu_screen(entries: list[Entry], chosen: int, state: PlayerState, size: tuple[int, int]) -> Scene:
    """The menu with what is open over it."""
    scene = menu(entries, chosen, size, state.look)
    area, over, hits = regions(size, state.look.text), list[Item](), list(scene.hits)
    if state.help:
        over, hits = help_overlay(area)
    over = [*over, *focus_ring(hits, state.focus)]
    over = [*over, *(notice(area, state.notice) if state.notice else [])]
    if state.blank:
        over, hits = dark(area)
    return replace(scene, over=tuple(over), hits=tuple(hits))


def menu(entries: list[Entry], chosen: int, size: tuple[int, int], look: Look) -> Scene:
    """The list of lessons with one of them chosen."""
    area = regions(size, look.text)
    width = min(1240.0, area.width - 80)
    left = (area.width - width) / 2
    items: list[Item] = [
        Picture("logo", left + 90, 150, 180),
        Label(left + 210, 122, "piggybank", 64, p.INK, p.BOLD),
        Label(left + 210, 184, "Every adjustment, and who put in how much.", p.LARGE, p.MUTED, room=width - 210),
    ]
    keys = Box(left + width - button_width("Keys"), 100, button_width("Keys"), 44)
    found, hits = button(keys, "Keys", "help", tip="all keys (H)")
    items += found
    rows, tall = max(1, len(entries)), area.height - 380
    across = 1 if tall / rows >= LEAST else 2
    rows = -(-rows // across)
    height, wide = min(116.0, tall / rows), (width - 20 * (across - 1)) / across
    for place, entry in enumerate(entries):
        box = Box(left + place // rows * (wide + 20), 290 + place % rows * height, wide, height - 14)
        lit = place == chosen
        items.append(Panel(box, p.YELLOW if lit else p.PANEL, p.YELLOW_EDGE if lit else p.PANEL_EDGE, 18))
        items.append(Label(box.x + 76, box.cy, str(entry.number), p.TITLE, p.YELLOW_INK, p.BOLD, "right"))
        font = p.SEMIBOLD if lit else p.REGULAR
        two = box.h >= 76 and across == 1
        y = box.cy - 17 if two else box.cy
        items.append(Label(box.x + 110, y, entry.title, p.LARGE, p.INK, font, room=wide - 130))
        if two:
            about = wrap(entry.about, wide - 130, p.SMALL)
            items.append(Label(box.x + 110, box.cy + 19, about[0] if about else "", p.SMALL, p.MUTED, room=wide - 130))
        hits.append(Hit(box, "open", str(place), f"open lesson {entry.number}"))
    words = "↑ ↓ choose     Enter opens     H keys     Ctrl Q quits"
    items.append(Label(area.width / 2, area.height - 46, words, p.SMALL, p.MUTED, anchor="centre", room=width))
    return Scene(tuple(items), (), (), (), tuple(hits), look)
