"""A bank of the wall: a small glass that fills from below with what is above zero, and from above with what is below.

So the sign has a colour and a side, and the size has a height; a number or a sign stands in it where it has room.
"""

from __future__ import annotations

import math

from piggybank.ledger.lines import Ref
from piggybank.stage import palette as p
from piggybank.stage.digits import MINUS
from piggybank.stage.scene import Box, Item, Label, Line, Panel

WITH_MARK = 26.0
"""A cell from this width and height on carries a sign."""
SMALL_CELL = 22.0
"""A smaller one has a thin edge and one deep colour, and nothing is written on it."""
FULL = 0.5
"""The deepest colour of a glass, as a part of the palette's deepest: what is written on it stays readable."""


def empty_cell(box: Box) -> list[Item]:
    """A bank that nothing is known of."""
    return [Panel(box, p.CHIP, p.CHIP_EDGE, _radius(box), 1.5)]


def filled_cell(box: Box, value: float, strength: float, edge: str, written: Label | None = None) -> list[Item]:
    """A bank and what it holds. strength: how high it stands, 0 to 1; edge: pending or final; written: in it."""
    small = min(box.w, box.h) < SMALL_CELL
    width = 1.0 if small else 2.0
    radius = _radius(box)
    if value != value:
        return [Panel(box, p.BLAME, edge, radius, width), *([written] if written is not None else [])]
    items: list[Item] = [Panel(box, p.depth(value >= 0, 0.0) if value else p.PANEL, edge, radius, width)]
    inner = box.inset(width, width)
    height = inner.h * strength
    if value and math.isfinite(height) and inner.w > 2:
        height = max(min(3.0, inner.h), height)
        top = inner.bottom - height if value > 0 else inner.y
        fill = Box(inner.x, top, inner.w, height)
        colour = p.depth(value > 0, 1.0 if small else FULL)
        items.append(Panel(fill, colour, "", 0))
        surface = fill.y if value > 0 else fill.bottom
        crossed = written is not None and abs(written.y - surface) < p.SMALL / 2
        if height + 2 < inner.h and not small and not crossed:
            items.append(Line(((inner.x, surface), (inner.right, surface)), p.depth(value > 0, 1.0), 2))
    return [*items, written] if written is not None else items


def mark(box: Box, value: float) -> Label | None:
    """The sign of what it holds, where there is room: on the side that fills last."""
    if min(box.w, box.h) < WITH_MARK or value == 0:
        return None
    sign = "+" if value > 0 else MINUS if value < 0 else "?"
    away = max(0.0, box.h / 2 - 15) * (value > 0) - max(0.0, box.h / 2 - 15) * (value < 0)
    return Label(box.cx, box.cy - away, sign, p.SMALL, p.INK, p.SEMIBOLD, "centre")


def cell_number(box: Box, text: str, ref: Ref) -> Label:
    """The number it holds."""
    return Label(box.cx, box.cy, text, p.SMALL, p.INK, p.SEMIBOLD, "centre", box.w - 6, ref)


def crack(box: Box, ink: str = p.INK) -> list[Item]:
    """Across a bank that the hammer has hit; a notch in a small one."""
    if min(box.w, box.h) < SMALL_CELL:
        return [Line(((box.x + 0.3 * box.w, box.y), (box.cx, box.cy), (box.x + 0.7 * box.w, box.y)), ink, 2)]
    xs, ys = (0.62, 0.4, 0.58, 0.36), (0.04, 0.36, 0.62, 0.96)
    return [Line(tuple((box.x + x * box.w, box.y + y * box.h) for x, y in zip(xs, ys, strict=True)), ink, 2.5)]


def ring(box: Box) -> Item:
    """Round the bank of the selected weight."""
    return Panel(box.inset(-4, -4), "", p.INK, _radius(box) + 3, 4)


def _radius(box: Box) -> float:
    return min(6.0, box.w / 4, box.h / 4)
