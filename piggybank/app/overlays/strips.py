"""A receipt's lines on screen: label, operator, value; results bold under a rule, exact or rounded. Each number names
its receipt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from piggybank.ledger.lines import Line, Ref
from piggybank.stage import digits
from piggybank.stage import palette as p
from piggybank.stage.measure import text_width
from piggybank.stage.scene import Box, Hit, Item, Label
from piggybank.stage.scene import Line as Rule

DECIMALS, MOST_DECIMALS = 6, 9
EXACT, SHORTENED, ROUNDED = "exact", "more digits", "rounded"
"""Nothing was rounded away and all digits are shown; nothing was, but not all digits are; something was."""
SIGN = 34.0
"""Room for the sign "=", which gives way where labels are long: the rule and the word say it too."""
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
        fit = max(1, int(box.h // height))
        skipped, head = len(lines) - fit + 1, (fit - 1) // 2
        lines = [*lines[:head], Line("", f"… {skipped} more lines", "", None), *lines[len(lines) - (fit - head - 1) :]]
        return [Row(line, box.y + (i + 0.5) * height, skipped * (i == head)) for i, line in enumerate(lines)], height
    return [Row(line, box.y + (place + 0.5) * height) for place, line in enumerate(lines)], height


def room_for(box: Box) -> int:
    """How many lines the box has room for."""
    return max(1, int(box.h // LEAST_HEIGHT))


def more_lines(box: Box, lines: list[Line], whole: Ref) -> list[Hit]:
    """Where lines were left out, a place that opens the receipt with all of them."""
    rows, height = rows_of(box, lines)
    places = [Box(box.x, row.y - height / 2, box.w, height) for row in rows if row.skipped]
    return [Hit(place, "open", whole.code, "all lines") for place in places]


def fits(box: Box, lines: list[Line]) -> bool:
    """Whether all lines have room."""
    return len(lines) <= room_for(box)


def named_results(lines: list[Line], labels: Iterable[str]) -> list[Line]:
    """Of a commit's lines the bank's total, the results of those labels (the named ones of the rule's recipe), and the
    weight before and after: what it comes to where all lines have no room."""
    known = set(labels)
    results = [line for line in lines if line.operator == "=" and line.label in known]
    steps = [line._replace(operator="", origin=line.ref) for line in results[:-2]]
    return [lines[0], *steps, *results[-2:-1], *lines[-2:]]


def strip_lines(box: Box, lines: list[Line], edge: str, ink: str, exact: bool) -> list[Item]:
    """The lines in their box; exact: with every digit. Each number carries the reference of its receipt."""
    items: list[Item] = []
    rows, height = rows_of(box, lines)
    widths = [text_width(_text(row.line, exact), p.SMALL, p.SEMIBOLD) for row in rows]
    room = min(320.0, max([120.0, *widths]) + 4)
    operator_x = box.right - 40 - room
    label_room = operator_x - box.x - 50
    badges = [_badge(row.line, exact) if _is_result(row) else ("", "") for row in rows]
    wide = [text_width(word, p.SMALL) + 8 if word else 0.0 for word, _ in badges]
    crowded = any(of and _label_width(row) > label_room - of for row, of in zip(rows, wide, strict=True))
    for place, row in enumerate(rows):
        line, y, result = row.line, row.y, row.line.operator == "="
        font = p.SEMIBOLD if result else p.REGULAR
        taken = wide[place] - (SIGN if crowded and wide[place] else 0.0)
        words = 0.0 if line.operator in (*SIGNS, *"=+±") else text_width(line.operator, p.SMALL)
        taken += max(0.0, words - SIGN)
        if not line.operator:  # as far as its own number
            taken = widths[place] - room - SIGN
        items.append(Label(box.x + 24, y, label_of(line), p.SMALL, ink, font, room=label_room - taken))
        if row.skipped:
            continue
        if line.operator and not (crowded and _is_result(row)):
            sign = SIGNS.get(line.operator, line.operator)
            x, anchor = (operator_x + 12, "right") if words else (operator_x, "centre")
            items.append(Label(x, y, sign, p.SMALL, p.MUTED, anchor=anchor))
        if _is_result(row):
            word, badge_ink = badges[place]
            x = operator_x - 20 + (SIGN if crowded else 0.0)
            items.append(Label(x, y, word, p.SMALL, badge_ink, anchor="right"))
        if result and place:
            items.append(Rule(((operator_x - 16, y - height / 2), (box.right - 24, y - height / 2)), edge, 2))
        items.append(_value(line, box.right - 24, y, ink, font, exact, room))
    return items


def _is_result(row: Row) -> bool:
    """Whether a line states a result that is known."""
    return row.line.operator == "=" and row.line.value is not None


def _label_width(row: Row) -> float:
    return text_width(label_of(row.line), p.SMALL, p.SEMIBOLD)


def label_of(line: Line) -> str:
    """A line's label as people write it."""
    return digits.pretty(line.label).replace(" * ", " × ").replace("<=", "≤").replace(">=", "≥")


def _badge(line: Line, exact: bool) -> tuple[str, str]:
    """Whether anything was rounded away in this result, or in how it is shown: a word and its colour."""
    word, ink = (EXACT, p.GREEN_INK) if line.exact else (ROUNDED, p.MUTED)
    if line.exact and _text(line, exact).startswith(digits.APPROXIMATELY):
        word = SHORTENED
    return word, ink


def _text(line: Line, exact: bool) -> str:
    if line.value is None:
        return "· · ·"
    return digits.full(line.value) if exact else digits.column((line.value,), False, DECIMALS, MOST_DECIMALS)[0]


def _value(line: Line, x: float, y: float, ink: str, font: str, exact: bool, room: float) -> Item:
    text = _text(line, exact)
    if line.value is None:
        return Label(x, y, text, p.SMALL, p.FAINT, anchor="right")
    return Label(x, y, text, p.SMALL, ink, font, "right", room, line.opens)
