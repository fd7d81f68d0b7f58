"""Themes: what colour each role has. The sample hues are told apart by all common colour vision; a coin's number and
shape, a number's sign and a word say the same as its colour.

Every ink stands at a contrast of at least 4.5 to 1 on what it is written on (7 to 1 with high contrast); the tests
compute it after WCAG 2.
"""

from __future__ import annotations

from functools import lru_cache

from piggybank.stage.palette import DEPTHS

HUES = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#8f7a00", "#7a52c7")
NIGHT_HUES = ("#3f9fdc", "#e69f00", "#1fb58a", "#d98bb8", "#ec7a2e", "#7cc6f0", "#b7a02c", "#a385e6")

LIGHT = {
    "background": "#faf7ef", "blank": "#17161d", "panel": "#ffffff", "panel edge": "#e3dccb", "rule": "#e8e4da",
    "ink": "#23222e", "muted": "#625f6f", "faint": "#6b6875", "on ink": "#ffffff", "chip": "#efebdf", "dot": "#cfcabb",
    "chip edge": "#efebdf", "blank ink": "#8a8794",
    "yellow": "#fff4d6", "yellow edge": "#dba11c", "yellow ink": "#805800",
    "green": "#def4ea", "green edge": "#0b8a64", "green ink": "#076b4a",
    "waiting": "#f4f7f5", "waiting edge": "#c3d8d0", "blame": "#fde8dc", "blame ink": "#a84300",
    "blue": "#0072b2", "blue ink": "#005f96", "plus edge": "#8fc0e2", "minus edge": "#f0b795",
    "hover": "#f6f1e2", "focus": "#7a52c7", "shade": "#23222e",
    "plus low": "#dcebf6", "plus high": "#0072b2", "minus low": "#fae6d9", "minus high": "#c2540a",
    "pending low": "#fff4d6", "pending high": "#d09a1c", "final low": "#def4ea", "final high": "#3fae8b",
}  # fmt: skip
NIGHT = {
    "background": "#15161d", "blank": "#000000", "panel": "#20222c", "panel edge": "#3a3d4c", "rule": "#343745",
    "ink": "#f2f0ea", "muted": "#b4b2bf", "faint": "#aeacb9", "on ink": "#1b1c24", "chip": "#31343f", "dot": "#5b5e6c",
    "chip edge": "#31343f", "blank ink": "#8f8d99",
    "yellow": "#43381b", "yellow edge": "#dba11c", "yellow ink": "#ffd166",
    "green": "#173b30", "green edge": "#2fb98d", "green ink": "#6fe0b9",
    "waiting": "#262a30", "waiting edge": "#4b5a58", "blame": "#47301f", "blame ink": "#ffad7a",
    "blue": "#4aa3df", "blue ink": "#8cc8f2", "plus edge": "#3f7fae", "minus edge": "#ad6a40",
    "hover": "#2c2f3a", "focus": "#c0a6ff", "shade": "#000000",
    "plus low": "#2a3f50", "plus high": "#4aa3df", "minus low": "#4d3626", "minus high": "#ec7a2e",
    "pending low": "#332f22", "pending high": "#876310", "final low": "#20302c", "final high": "#1d7a5d",
}  # fmt: skip
HIGH_CONTRAST = {
    "background": "#ffffff", "blank": "#000000", "panel": "#ffffff", "panel edge": "#000000", "rule": "#767676",
    "ink": "#000000", "muted": "#333333", "faint": "#454545", "on ink": "#ffffff", "chip": "#e6e6e6", "dot": "#8c8c8c",
    "chip edge": "#5c5c5c", "blank ink": "#a0a0a0",
    "yellow": "#fff0b3", "yellow edge": "#7a5600", "yellow ink": "#4f3700",
    "green": "#d2f2e3", "green edge": "#00573d", "green ink": "#00452f",
    "waiting": "#f2f2f2", "waiting edge": "#666666", "blame": "#ffe3d1", "blame ink": "#702d00",
    "blue": "#005a8c", "blue ink": "#004b75", "plus edge": "#3b8dc4", "minus edge": "#d97f45",
    "hover": "#f0e9d2", "focus": "#5a2fb0", "shade": "#000000",
    "plus low": "#d5e8f5", "plus high": "#005a8c", "minus low": "#fae0cf", "minus high": "#8f3b00",
    "pending low": "#fff6da", "pending high": "#d99f00", "final low": "#e0f6ec", "final high": "#3fb98f",
}  # fmt: skip

FACE = 0.9
"""The luminance of a coin's face beside that of its colour."""
THEMES = {"light": LIGHT, "night": NIGHT, "high contrast": HIGH_CONTRAST}
SHADE_ALPHA = {"light": 92, "night": 150, "high contrast": 130}


@lru_cache(maxsize=1024)
def colour(theme: str, role: str) -> str:
    """The colour "#rrggbb" of a role such as "ink", "hue 3" or "plus 7". KeyError for what is none."""
    table = THEMES[theme]
    if role in table:
        return table[role]
    word, _, number = role.rpartition(" ")
    if word == "hue":
        return (NIGHT_HUES if theme == "night" else HUES)[int(number) - 1]
    return _between(table[f"{word} low"], table[f"{word} high"], int(number) / DEPTHS)


@lru_cache(maxsize=64)
def ink_on(hue: str) -> str:
    """White where that stands out from a coin of this colour "#rrggbb", which is drawn a little darker; else black."""
    light = luminance(hue) * FACE
    return "#ffffff" if 1.05 / (light + 0.05) >= 4.5 else "#000000"


def luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb", 0 to 1, after WCAG 2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _between(low: str, high: str, share: float) -> str:
    parts = [(int(low[place : place + 2], 16), int(high[place : place + 2], 16)) for place in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in parts)
