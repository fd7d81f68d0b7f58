"""Colours, sizes and fonts of the agreed look; the eight sample hues are told apart by all common colour vision."""

from __future__ import annotations

BACKGROUND = "#faf7ef"
PANEL, PANEL_EDGE, RULE = "#ffffff", "#e3dccb", "#e8e4da"
INK, MUTED, FAINT = "#23222e", "#6b6878", "#a8a5b0"
CHIP = "#efebdf"
YELLOW, YELLOW_EDGE, YELLOW_INK = "#fff4d6", "#dba11c", "#8a5f00"
GREEN, GREEN_EDGE, GREEN_INK = "#def4ea", "#0b8a64", "#08734f"
WAITING, WAITING_EDGE = "#f4f7f5", "#c3d8d0"
BLAME, BLAME_INK = "#fde8dc", "#b84a05"
BLUE, BLUE_INK = "#0072b2", "#005f96"
PLUS_EDGE, MINUS_EDGE = "#8fc0e2", "#f0b795"
HOVER = "#f6f1e2"
SHADE = (35, 34, 46, 92)
HUES = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#8f7a00", "#7a52c7")
WHITE = "#ffffff"

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
    """The colour of a sample (1-based) of a batch; they repeat after eight, the number on the coin does not."""
    return HUES[(sample - 1) % len(HUES)]
