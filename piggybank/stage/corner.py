"""The corner of the strip, which nothing covers: since when there is trouble, else a hint, else how to get help."""

from __future__ import annotations

from piggybank.stage import palette as p
from piggybank.stage.measure import text_width
from piggybank.stage.scene import Box, Hit, Item, Label, Panel
from piggybank.stage.view import View

HIGH = 38.0


def corner_words(view: View) -> str:
    """What stands in the corner; "" where it is the usual."""
    if not view.trouble:
        return view.hint
    return f"trouble: batch {view.trouble} ›" if view.narrow else f"trouble since batch {view.trouble} ›"


def corner_width(view: View) -> float:
    """How much of the strip's width that takes; 0 for the usual."""
    words = corner_words(view)
    return text_width(words, p.SMALL, p.SEMIBOLD) + 28 if words else 0.0


def corner(view: View, box: Box) -> tuple[list[Item], list[Hit]]:
    """At the right of the loss plot's box, below."""
    words, width = corner_words(view), corner_width(view)
    if not words:
        return [Label(box.right, box.bottom - 18, "H  help", p.SMALL, p.MUTED, anchor="right")], []
    chip = Box(box.right - width + 8, box.bottom - 36, width, HIGH)
    fill, edge, ink = (p.BLAME, p.BLAME_INK, p.BLAME_INK) if view.trouble else (p.YELLOW, p.YELLOW_EDGE, p.YELLOW_INK)
    items: list[Item] = [
        Panel(chip, fill, edge, HIGH / 2),
        Label(chip.cx, chip.cy, words, p.SMALL, ink, p.SEMIBOLD, "centre"),
    ]
    return items, [Hit(chip, "trouble", "", "what went wrong there")] if view.trouble else []
