"""The menu that `piggybank` opens: the lessons of the course."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from piggybank.app.course import Entry
from piggybank.app.focus import focus_ring
from piggybank.app.naming import numbered
from piggybank.app.overlays.help import help_overlay
from piggybank.app.state import PlayerState
from piggybank.app.widgets import button, button_width, dark, notice
from piggybank.stage import palette as p
from piggybank.stage.look import Look
from piggybank.stage.measure import text_width, wrap
from piggybank.stage.regions import regions
from piggybank.stage.scene import Box, Hit, Item, Label, Panel, Picture, Scene

LEAST, GAP, ABOUT, LOW = 50.0, 20.0, 140.0, 900.0
"""Rows of the list lower than this go into two columns, and what the chosen lesson is about below them; a window lower
than this has less above them."""


def menu_screen(
    entries: list[Entry], chosen: int, state: PlayerState, size: tuple[int, int], done: Mapping[int | str, str]
) -> Scene:
    """The menu with what is open over it. done: what came of the lessons that were seen, by their numbers."""
    scene = menu(entries, chosen, size, state.look, done)
    area, over, hits = regions(size, state.look.text), list[Item](), list(scene.hits)
    if state.help:
        over, hits = help_overlay(area)
    over = [*over, *focus_ring(hits, state.focus)]
    over = [*over, *(notice(area, state.notice) if state.notice else [])]
    if state.blank:
        over, hits = dark(area)
    return replace(scene, over=tuple(over), hits=tuple(hits))


def menu(entries: list[Entry], chosen: int, size: tuple[int, int], look: Look, done: Mapping[int | str, str]) -> Scene:
    """The list of lessons with one of them chosen, and what that is about."""
    area = regions(size, look.text)
    width = min(1240.0, area.width - 80)
    left = (area.width - width) / 2
    rows, logo, apart = max(1, len(entries)), 180.0, 14.0
    top, tall = logo + 110, area.height - 380
    across = 1 if tall / rows >= LEAST else 2
    if across > 1:
        rows, logo, apart = -(-rows // across), 150.0 if area.height >= LOW else 84.0, 8.0
        top = logo + (100 if area.height >= LOW else 60)
        tall = area.height - 90 - top - ABOUT - GAP
    items, hits = _head(Box(left, 60 if logo > 100 else 34, width, logo))
    height, wide = min(116.0, tall / rows), (width - GAP) * (0.5 if across > 1 else 0.58)
    for place, entry in enumerate(entries):
        box = Box(left + place // rows * (wide + GAP), top + place % rows * height, wide, height - apart)
        items += _row(box, entry, place == chosen, done.get(entry.number, ""))
        hits.append(Hit(box, "open", str(place), f"open {numbered(entry.number)}"))
    bottom = top + rows * height - apart
    beside = Box(left + wide + GAP, top, width - wide - GAP, bottom - top)
    below = Box(left, bottom + GAP, width, ABOUT)
    items += _about(beside if across == 1 else below, entries[chosen], across == 1) if entries else []
    words = "↑ ↓ choose     Enter opens     H keys     Ctrl Q quits"
    items.append(Label(area.width / 2, area.height - 46, words, p.SMALL, p.MUTED, anchor="centre", room=width))
    return Scene(tuple(items), (), (), (), tuple(hits), look)


def _head(box: Box) -> tuple[list[Item], list[Hit]]:
    """The logo as high as the box, what this is beside it, and a button for the keys."""
    x, high, low = box.x + box.h + 30, box.h, box.h < 100
    title, words = "piggybank", "Every adjustment, and who put in how much."
    items: list[Item] = [
        Picture("logo", box.x + high / 2, box.cy, high),
        Label(x, box.cy - high * (0.15 if low else 0.17), title, 46 if low else 64, p.INK, p.BOLD),
        Label(x, box.cy + (30 if low else high * 0.25), words, p.LARGE, p.MUTED, room=box.right - x),
    ]
    wide = button_width("Keys")
    found, hits = button(
        Box(box.right - wide, box.y + min(40, (high - 44) / 2), wide, 44), "Keys", "help", tip="all keys (H)"
    )
    return items + found, hits


def _row(box: Box, entry: Entry, lit: bool, done: str) -> list[Item]:
    """Number and title, and what came of it."""
    room = text_width(done, p.SMALL, p.SEMIBOLD) + 24 if done else 0.0
    ink = p.BLUE_INK if isinstance(entry.number, str) else p.YELLOW_INK
    return [
        Panel(box, p.YELLOW if lit else p.PANEL, p.YELLOW_EDGE if lit else p.PANEL_EDGE, min(18.0, box.h / 2)),
        Label(box.x + 62, box.cy, str(entry.number), p.TITLE, ink, p.BOLD, "right"),
        Label(
            box.x + 90, box.cy, entry.title, p.LARGE, p.INK, p.SEMIBOLD if lit else p.REGULAR,
            room=box.w - 110 - room,
        ),
        Label(box.right - 20, box.cy, done, p.SMALL, p.GREEN_INK, p.SEMIBOLD, "right"),
    ]  # fmt: skip


def _capital(entry: Entry) -> str:
    words = numbered(entry.number)
    return words[0].upper() + words[1:]


def _about(box: Box, entry: Entry, heading: bool) -> list[Item]:
    """What the chosen lesson is about, as far as there is room; the panel is no taller than that takes."""
    line, head = p.TEXT * 1.5, 42 if heading else 0
    lines = wrap(entry.about, box.w - 60, p.TEXT)[: int((box.h - 24 - head) / line)]
    panel = Box(box.x, box.y, box.w, min(box.h, 32 + head + len(lines) * line))
    items: list[Item] = [Panel(panel, p.PANEL, p.PANEL_EDGE, 18)]
    if heading:
        items.append(Label(box.x + 30, box.y + 34, _capital(entry), p.TEXT, p.YELLOW_INK, p.BOLD))
    for place, text in enumerate(lines):
        items.append(Label(box.x + 30, box.y + 34 + head + place * line, text, p.TEXT, p.INK, room=box.w - 60))
    return items
