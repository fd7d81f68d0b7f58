"""Whether what is drawn can be read: texts measured as they are painted, their contrast, and the numbers they say."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import combinations

import pygame
import pytest
from looks import SHAPES, SIZES

from piggybank.shipped import asset_path
from piggybank.stage import digits
from piggybank.stage import palette as p
from piggybank.stage.painter import Painter
from piggybank.stage.regions import regions
from piggybank.stage.scene import Box, Disc, Item, Label, Panel, Scene
from piggybank.stage.view import NARROWER

REGIONS = ("header", "sample", "batch", "stage", "trace", "strip")
LEAST = {"light": 4.5, "night": 4.5, "high contrast": 7.0}
each_shape = pytest.mark.parametrize("shape", SHAPES)
each_size = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


@cache
def painter_of(size: tuple[int, int]) -> Painter:
    return Painter(size)


def overlap(a: Box, b: Box, slack: float = 0.01) -> bool:
    wide = min(a.right, b.right) - max(a.x, b.x)
    high = min(a.bottom, b.bottom) - max(a.y, b.y)
    return wide > slack and high > slack


def within(inner: Box, outer: Box, slack: float = 0.01) -> bool:
    left, top = inner.x >= outer.x - slack, inner.y >= outer.y - slack
    return left and top and inner.right <= outer.right + slack and inner.bottom <= outer.bottom + slack


def assert_in_place(found: list[tuple[Label, Box]], size: tuple[int, int], text: float) -> None:
    """Labels, painted in those boxes of pixels: each in one region of the window, none over another."""
    at = regions(size, text)
    for label, box in found:
        homes = [getattr(at, name) for name in REGIONS if getattr(at, name).contains(label.x, label.y)]
        areas = [Box(home.x * at.scale, home.y * at.scale, home.w * at.scale, home.h * at.scale) for home in homes]
        assert [within(box, area, slack=1) for area in areas] == [True], label.text
    for (first, a), (second, b) in combinations(found, 2):
        assert not overlap(a, b, slack=1), (first.text, second.text)


def texts(scene: Scene, size: tuple[int, int]) -> list[tuple[Label, pygame.Rect]]:
    return [(label, painter_of(size).label_box(label)) for label in scene.labels() if label.text.strip()]


def pixels(box: Box, size: tuple[int, int]) -> Box:
    scale = regions(size).scale
    return Box(box.x * scale, box.y * scale, box.w * scale, box.h * scale)


def as_box(rect: pygame.Rect) -> Box:
    return Box(rect.x, rect.y, rect.w, rect.h)


def ink(rect: pygame.Rect) -> Box:
    """A line of text without the room that the font keeps above and below for accents."""
    return Box(rect.x, rect.y + 0.18 * rect.h, rect.w, 0.64 * rect.h)


def smallest_height(size: tuple[int, int]) -> int:
    """How high a line of text of a fiftieth of the window comes out."""
    pygame.font.init()
    pixels_high = max(9, round(size[1] / 50))
    return min(pygame.font.Font(asset_path(path), pixels_high).size("0")[1] for path in p.FONT_FILES.values())


def cut_short(label: Label, size: tuple[int, int]) -> bool:
    """Whether a text does not fit its room even at the smallest size, and so ends in an ellipsis, or is a number that
    is drawn narrower; a number that two decimals would show as zero may be, by a little."""
    room, painter = round(label.room * regions(size).scale), painter_of(size)
    if is_number(label) and 0 < abs(digits.reads_as(label.text)) <= 0.005:
        room = round(room / NARROWER)
    if not label.room or painter.label_box(replace(label, room=0)).width <= room:
        return False
    smallest = max(9, round(size[1] / 50)) / regions(size).scale
    return painter.label_box(replace(label, room=0, size=min(label.size, smallest))).width > room


def is_number(label: Label) -> bool:
    try:
        digits.reads_as(label.text)
    except ValueError:
        return label.ref is not None
    return True


def luminance(hexadecimal: str) -> float:
    """Relative luminance after WCAG 2.2."""
    parts = [int(hexadecimal[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Contrast ratio after WCAG 2.2, from 1 to 21."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def ground_of(scene: Scene, label: Label) -> str:
    """The role of what a label is written on: the last filled thing before it under its middle."""
    x = label.x + {"left": 4.0, "centre": 0.0, "right": -4.0}[label.anchor]
    ground = p.BACKGROUND
    for item in _before(scene, label):
        if isinstance(item, Panel) and item.fill and item.fill != p.SHADE and item.box.contains(x, label.y):
            ground = item.fill
        inside = isinstance(item, Disc) and (item.x - x) ** 2 + (item.y - label.y) ** 2 < item.radius**2
        if inside and item.fill:  # type: ignore[union-attr]
            ground = item.fill  # type: ignore[union-attr]
    return ground


def _before(scene: Scene, label: Label) -> list[Item]:
    items: list[Item] = []
    for item in scene:
        if item is label:
            return items
        items.append(item)
    return items


def same(a: float, b: float) -> bool:
    return a == b or (math.isnan(a) and math.isnan(b))


def agrees(text: str, value: float) -> bool:
    """Exactly when it is not marked ≈; otherwise within half a unit of its last digit."""
    if not text.startswith("≈"):
        return same(digits.reads_as(text), value)
    plain = Decimal(text.translate({ord("≈"): None, ord("+"): None, ord("−"): "-"}))
    unit = Decimal(1).scaleb(int(plain.as_tuple().exponent))
    return abs(plain - Decimal(value)) * 2 <= unit
