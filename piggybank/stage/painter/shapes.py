"""Panels and lines in pixels: what they have in common is made once and kept."""

from __future__ import annotations

from functools import lru_cache

import pygame

Place = tuple[float, float]

SMALL = 96
"""Pixels; a panel of at most so many either way is kept as a picture."""
BLOCK = 16
"""Pixels that SDL fills at once past the processor's caches, from places that are multiples of them."""


def fill_box(surface: pygame.Surface, colour: str, x: int, y: int, width: int, height: int) -> None:
    """A box in one colour. What stands before and behind whole blocks goes by itself: SDL is slow where every row of a
    box begins or ends with a part of one."""
    head = -x % BLOCK
    blocks = (width - head) // BLOCK * BLOCK
    if blocks <= 0:
        surface.fill(colour, (x, y, width, height))
        return
    if head:
        surface.fill(colour, (x, y, head, height))
    surface.fill(colour, (x + head, y, blocks, height))
    if head + blocks < width:
        surface.fill(colour, (x + head + blocks, y, width - head - blocks, height))


def draw_panel(surface: pygame.Surface, rect: pygame.Rect, fill: str, edge: str, radius: int, width: int) -> None:
    """A filled rectangle with smooth corners; `edge`, when there is one, goes `width` inwards."""
    width = width if edge else 0
    radius = min(radius, rect.w // 2, rect.h // 2)
    if SMALL >= rect.w > radius >= 2 and rect.h <= SMALL:
        surface.blit(_small_panel(rect.size, fill, edge, radius, width), rect)
    else:
        _draw_panel(surface, rect, fill, edge, radius, width)


@lru_cache(maxsize=2000)
def _small_panel(size: tuple[int, int], fill: str, edge: str, radius: int, width: int) -> pygame.Surface:
    picture = _clear(size, edge or fill)
    _draw_panel(picture, picture.get_rect(), fill, edge, radius, width)
    return picture


def _draw_panel(surface: pygame.Surface, rect: pygame.Rect, fill: str, edge: str, radius: int, width: int) -> None:
    """No pixel but those of the corners is written twice: what a whole picture takes is mostly panels."""
    if radius < max(2, width):
        fill_box(surface, edge or fill, *rect)
        if edge:
            fill_box(surface, fill, *rect.inflate(-2 * width, -2 * width))
        return
    left, top, right, bottom = rect.left, rect.top, rect.right - radius, rect.bottom - radius
    across, down = rect.w - 2 * radius, rect.h - 2 * radius
    fill_box(surface, fill, left + radius, top + width, across, rect.h - 2 * width)
    fill_box(surface, fill, left + width, top + radius, radius - width, down)
    fill_box(surface, fill, right, top + radius, radius - width, down)
    if width:
        fill_box(surface, edge, left + radius, top, across, width)
        fill_box(surface, edge, left + radius, rect.bottom - width, across, width)
        fill_box(surface, edge, left, top + radius, width, down)
        fill_box(surface, edge, rect.right - width, top + radius, width, down)
    places = (left, top), (right, top), (left, bottom), (right, bottom)
    surface.fblits(tuple(zip(_corners(fill, edge, radius, width), places, strict=True)))


@lru_cache(maxsize=500)
def _corners(fill: str, edge: str, radius: int, width: int) -> tuple[pygame.Surface, ...]:
    """Top left, top right, bottom left, bottom right."""
    square = _clear((2 * radius, 2 * radius), edge or fill)
    if edge:
        _quarters(square, edge, 0)
    _quarters(square, fill, width)
    return tuple(square.subsurface((x, y, radius, radius)) for y in (0, radius) for x in (0, radius))


@lru_cache(maxsize=500)
def disc(fill: str, edge: str, radius: int, width: int) -> pygame.Surface:
    """A disc around the middle of a square; `edge` goes `width` inwards, and is a ring where there is no fill."""
    square, middle = _clear((2 * radius + 3, 2 * radius + 3), edge or fill), (radius + 1, radius + 1)
    if edge:
        pygame.draw.aacircle(square, edge, middle, radius, 0 if fill else width)
    if fill:
        pygame.draw.aacircle(square, fill, middle, radius - (width if edge else 0))
    return square


def _clear(size: tuple[int, int], colour: str) -> pygame.Surface:
    """A place that nothing is drawn on; what covers a pixel in part mixes with that colour alone."""
    square = pygame.Surface(size, pygame.SRCALPHA)
    square.fill((*pygame.Color(colour)[:3], 0))
    return square


def _quarters(square: pygame.Surface, colour: str, inset: int) -> None:
    """Four quarters of a disc that fill a square, less `inset` on every side."""
    side = square.get_width()
    radius = side // 2 - inset
    for x, right in ((side // 2, False), (side // 2 - 1, True)):
        for y, low in ((side // 2, False), (side // 2 - 1, True)):
            corner = {"draw_top_left": not right and not low, "draw_top_right": right and not low}
            corner |= {"draw_bottom_left": not right and low, "draw_bottom_right": right and low}
            pygame.draw.aacircle(square, colour, (x, y), radius, 0, **corner)


@lru_cache(maxsize=4096)
def outline(points: tuple[Place, ...], width: float, scale: float) -> tuple[Place, ...]:
    """The corners of a line that is `width` pixels wide, round it once. points: its places in layout units."""
    places, half = [pygame.Vector2(x, y) * scale for x, y in points], width / 2
    left, right = [], []
    for number, place in enumerate(places):
        along = places[min(number + 1, len(places) - 1)] - places[max(number - 1, 0)]
        across = pygame.Vector2(-along.y, along.x)
        across = across.normalize() * half if across.length() else across
        left.append((place.x + across.x, place.y + across.y))
        right.append((place.x - across.x, place.y - across.y))
    return (*left, *right[::-1])
