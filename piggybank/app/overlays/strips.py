"""A receipt's lines on screen: label, operator, value; results bold under a rule. Each number names its receipt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from piggybank.ledger.lines import Line, Ref
from piggybank.stage import digits
from piggybank.stage import palette as p
from piggybank.stage.measure import text_width
from piggybank.stage.scene import Box, Item, Label
from piggybank.stage.scene import Line as Rule

DECIMALS, MOST_DECIMALS = 6, 9
SIGNS = {"*": "×", "/": "÷", "-": "−"}
LEAST_HEIGHT, USUAL_HEIGHT = 27.0, 36.0


@dataclass(frozen=True)
class Row:
    """A line and the middle of its place; `skipped` stands for lines that did not fit."""

    line: Line
    y: float
    skipped: int = 0


def rows_of(box: Box, lines: list[Line]) -> tuple[list[Row], float]:
    """The lines at their places and the height of one; too many are left out in the middle, and counted."""
    height = min(USUAL_HEIGHT, box.h / max(1, len(lines)))
    skipped = 0
    if height < LEAST_HEIGHT:
        height = LEAST_HEIGHT
        fit = int(box.h // height)
        skipped, head = len(lines) - fit + 1, fit // 2
        lines = [*lines[:head], Line("", f"… {skipped} more lines", "", None), *lines[len(lines) - (fit - head - 1) :]]
        return [Row(line, box.y + (i + 0.5) * height, skipped * (i == head)) for i, line in enumerate(lines)], height
    return [Row(line, box.y + (place + 0.5) * height) for place, line in enumerate(lines)], height


def strip_lines(box: Box, lines: list[Line], edge: str, ink: str, exact: bool, refs: Mapping[str, Ref]) -> list[Item]:
    """refs: for results, what number of the run they are, by their labels."""
    items: list[Item] = []
    rows, height = rows_of(box, lines)
    widths = [text_width(_text(row.line, exact), p.SMALL, p.SEMIBOLD) for row in rows]
    room = min(320.0, max([120.0, *widths]) + 8)
    operator_x = box.right - 40 - room
    for place, row in enumerate(rows):
        line, y = row.line, row.y
        result = line.operator == "="
        font = p.SEMIBOLD if result else p.REGULAR
        label_room = operator_x - box.x - 50
        items.append(Label(box.x + 24, y, digits.pretty(line.label), p.SMALL, ink, font, room=label_room))
        if row.skipped:
            continue
        if line.operator:
            sign = SIGNS.get(line.operator, line.operator)
            items.append(Label(operator_x, y, sign, p.SMALL, p.MUTED, anchor="centre", room=90))
        if result and place:
            items.append(Rule(((operator_x - 16, y - height / 2), (box.right - 24, y - height / 2)), edge, 2))
        ref = refs.get(line.label) if result else line.origin
        items.append(_value(line, box.right - 24, y, ink, font, exact, room, ref))
    return items


def _text(line: Line, exact: bool) -> str:
    if line.value is None:
        return "· · ·"
    return digits.full(line.value) if exact else digits.column((line.value,), False, DECIMALS, MOST_DECIMALS)[0]


def _value(line: Line, x: float, y: float, ink: str, font: str, exact: bool, room: float, ref: Ref | None) -> Item:
    text = _text(line, exact)
    if line.value is None:
        return Label(x, y, text, p.SMALL, p.FAINT, anchor="right")
    return Label(x, y, text, p.SMALL, ink, font, "right", room, ref)
