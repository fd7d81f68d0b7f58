"""Roles of colours, sizes and fonts. Scenes name roles; the painter looks a role up in the theme that is chosen."""

from __future__ import annotations

BACKGROUND, BLANK, BLANK_INK = "background", "blank", "blank ink"
PANEL, PANEL_EDGE, RULE = "panel", "panel edge", "rule"
INK, MUTED, FAINT = "ink", "muted", "faint"
ON_INK = "on ink"
CHIP, CHIP_EDGE, DOT = "chip", "chip edge", "dot"
YELLOW, YELLOW_EDGE, YELLOW_INK = "yellow", "yellow edge", "yellow ink"
GREEN, GREEN_EDGE, GREEN_INK = "green", "green edge", "green ink"
WAITING, WAITING_EDGE = "waiting", "waiting edge"
BLAME, BLAME_INK = "blame", "blame ink"
BLUE, BLUE_INK = "blue", "blue ink"
PLUS_EDGE, MINUS_EDGE = "plus edge", "minus edge"
HOVER, FOCUS = "hover", "focus"
SHADE = "shade"
HUES = 8
DEPTHS = 12
"""Steps of a colour's depth, from nothing to the deepest."""
WAITING_ALPHA = 0.5
"""How solid the coin of a sample is drawn that has not been banked."""

SMALL, TEXT, LARGE, TITLE = 22.0, 24.0, 28.0, 34.0
"""Text sizes in layout units: 1080 units are the height of the window, and nothing is smaller than a fiftieth of it."""

REGULAR, SEMIBOLD, BOLD, MONO = "regular", "semibold", "bold", "mono"
FONT_FILES = {
    REGULAR: "fonts/PiggybankInter-Regular.ttf",
    SEMIBOLD: "fonts/PiggybankInter-SemiBold.ttf",
    BOLD: "fonts/PiggybankInter-Bold.ttf",
    MONO: "fonts/JetBrainsMono-Regular.ttf",
}


def hue(sample: int) -> str:
    """The colour of a sample (1-based) of a batch; they repeat after eight, the number on the coin does not. A coin of
    no sample (0) has none."""
    if sample == 0:
        return MUTED
    return f"hue {(sample - 1) % HUES + 1}"


def depth(positive: bool, strength: float) -> str:
    """A fill whose colour says the sign and whose depth the size: strength from 0 to 1."""
    return f"{'plus' if positive else 'minus'} {round(min(max(strength, 0.0), 1.0) * DEPTHS)}"


def amount(final: bool, strength: float) -> str:
    """A fill for a size without a sign, pending or final: strength from 0 to 1."""
    return f"{'final' if final else 'pending'} {round(min(max(strength, 0.0), 1.0) * DEPTHS)}"
