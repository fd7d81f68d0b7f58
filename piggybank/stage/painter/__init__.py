"""paint(scene, surface): the only place of the stage that knows pygame; it opens no window and decides nothing.

What does not move is painted once and kept; a frame is that picture plus what moves.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable

import pygame

from piggybank.places import asset_path
from piggybank.stage import palette as p
from piggybank.stage.digits import with_comma
from piggybank.stage.look import Look
from piggybank.stage.painter.art import Art
from piggybank.stage.painter.words import spread_out
from piggybank.stage.regions import regions
from piggybank.stage.scene import Coin, Disc, Item, Label, Line, Panel, Picture, Scene
from piggybank.stage.themes import SHADE_ALPHA, colour

COIN_INK, COIN_EDGE = "#ffffff", "#23222e"
SMALLEST = 1 / 50
"""Text is never drawn smaller than this part of the window's height; what does not fit then ends in an ellipsis."""


class Painter:
    """Paints scenes onto surfaces of one size; make a new one when the window changes its size. `scale`: pixels a
    layout unit of the scene painted last."""

    def __init__(self, size: tuple[int, int]) -> None:
        pygame.font.init()
        self.size = size
        self.look = Look()
        self.scale = regions(size).scale
        self._art = Art()
        self._fonts: dict[tuple[str, int], pygame.font.Font] = {}
        self._texts: dict[tuple[str, str, int, str, int, int], pygame.Surface] = {}
        self._base = pygame.Surface(size)
        self._painted: tuple[tuple[Item, ...], tuple[Item, ...], Look] | None = None
        self._smallest = max(9, round(size[1] * SMALLEST))

    def paint(self, scene: Scene, surface: pygame.Surface) -> None:
        """Draw the whole scene; `surface` has this painter's size."""
        self.look, self.scale = scene.look, regions(self.size, scene.look.text).scale
        if not self._is_painted(scene):
            self._base.fill(self._colour(p.BACKGROUND))
            self._draw(self._base, scene.still)
            self._draw(self._base, scene.step)
            self._painted = scene.still, scene.step, scene.look
        surface.blit(self._base, (0, 0))
        self._draw(surface, scene.moving)
        self._draw(surface, scene.over)

    def _is_painted(self, scene: Scene) -> bool:
        last = self._painted
        return last is not None and last[0] is scene.still and last[1] is scene.step and last[2] == scene.look

    def _colour(self, role: str) -> str:
        return colour(self.look.theme, role)

    def label_box(self, label: Label) -> pygame.Rect:
        """The pixels a label takes."""
        text = self._text(label)
        return text.get_rect(**self._anchor(label))

    def _draw(self, surface: pygame.Surface, items: Iterable[Item]) -> None:
        for item in items:
            if isinstance(item, Label):
                surface.blit(self._text(item), self.label_box(item))
            elif isinstance(item, Panel):
                self._panel(surface, item)
            elif isinstance(item, Line):
                self._line(surface, item)
            elif isinstance(item, Disc):
                self._disc(surface, item)
            elif isinstance(item, Picture):
                self._picture(surface, item)
            else:
                self._coin(surface, item)

    def _px(self, *values: float) -> tuple[int, ...]:
        return tuple(round(value * self.scale) for value in values)

    def _panel(self, surface: pygame.Surface, panel: Panel) -> None:
        left, top, right, bottom = self._px(panel.box.x, panel.box.y, panel.box.right, panel.box.bottom)
        rect = pygame.Rect(left, top, max(1, right - left), max(1, bottom - top))
        if panel.fill == p.SHADE:
            self._veil(surface, rect)
            return
        radius = round(panel.radius * self.scale)
        width = max(1, round(panel.edge_width * self.scale))
        if not panel.fill:
            pygame.draw.rect(surface, self._colour(panel.edge), rect, width, radius)
            return
        if panel.edge:
            _rounded(surface, rect, self._colour(panel.edge), radius)
            rect, radius = rect.inflate(-2 * width, -2 * width), radius - width
        _rounded(surface, rect, self._colour(panel.fill), radius)

    def _veil(self, surface: pygame.Surface, rect: pygame.Rect) -> None:
        veil = pygame.Surface(rect.size)
        veil.fill(self._colour(p.SHADE))
        veil.set_alpha(SHADE_ALPHA[self.look.theme])
        surface.blit(veil, rect)

    def _disc(self, surface: pygame.Surface, disc: Disc) -> None:
        centre = disc.x * self.scale, disc.y * self.scale
        radius = disc.radius * self.scale
        if disc.edge:
            width = max(1, round(disc.edge_width * self.scale))
            pygame.draw.aacircle(surface, self._colour(disc.edge), centre, radius, 0 if disc.fill else width)
            radius -= width
        if disc.fill:
            pygame.draw.aacircle(surface, self._colour(disc.fill), centre, radius)

    def _line(self, surface: pygame.Surface, line: Line) -> None:
        points = [pygame.Vector2(x, y) * self.scale for x, y in line.points]
        if len(points) == 2 and (points[0].x == points[1].x or points[0].y == points[1].y):
            self._rule(surface, points, line)
            return
        half = max(0.6, line.width * self.scale / 2)
        left, right = [], []
        for place, point in enumerate(points):
            along = points[min(place + 1, len(points) - 1)] - points[max(place - 1, 0)]
            across = pygame.Vector2(-along.y, along.x)
            across = across.normalize() * half if across.length() else across
            left.append(point + across)
            right.append(point - across)
        outline = left + right[::-1]
        pygame.draw.polygon(surface, self._colour(line.colour), outline)
        pygame.draw.aalines(surface, self._colour(line.colour), True, outline)

    def _rule(self, surface: pygame.Surface, points: list[pygame.Vector2], line: Line) -> None:
        """A level or upright line, sharp."""
        width = max(1, round(line.width * self.scale))
        (x0, x1), (y0, y1) = sorted((points[0].x, points[1].x)), sorted((points[0].y, points[1].y))
        left, top = round(x0 - (width / 2 if x0 == x1 else 0)), round(y0 - (width / 2 if y0 == y1 else 0))
        surface.fill(self._colour(line.colour), (left, top, max(width, round(x1 - x0)), max(width, round(y1 - y0))))

    def _picture(self, surface: pygame.Surface, picture: Picture) -> None:
        image = self._art.picture(picture, self.scale, self._colour(picture.tint) if picture.tint else "")
        x, y = self._px(picture.x, picture.y)
        box = image.get_rect(center=(x, y))
        if picture.stretch:  # feet stay on the ground
            box.bottom = y + round(picture.size * self.scale / 2)
        surface.blit(image, box)

    def _coin(self, surface: pygame.Surface, coin: Coin) -> None:
        radius = max(2, round(coin.radius * self.scale))
        hue = self._colour(p.hue(coin.sample))
        image = self._art.coin(coin, radius, hue)
        box = image.get_rect(center=self._px(coin.x, coin.y))
        surface.blit(image, box)
        if coin.numbered:
            ink = hue if coin.sign == 0 else COIN_INK
            size = max(p.SMALL, coin.radius * (1.05 if coin.sample < 100 else 0.8))
            pixels = round(size * self.scale)
            digit = self._render(str(coin.sample), p.BOLD, pixels, ink, 0)
            place = digit.get_rect(center=box.center)
            if coin.sign != 0:  # an edge in the dark, so that white reads on the light hues too
                surface.blit(self._render(str(coin.sample), p.BOLD, pixels, COIN_EDGE, 0), place.move(1, 1))
            surface.blit(digit, place)

    def _font(self, name: str, size: int) -> pygame.font.Font:
        key = name, size
        if key not in self._fonts:
            self._fonts[key] = pygame.font.Font(asset_path(p.FONT_FILES[name]), max(4, size))
        return self._fonts[key]

    def _text(self, label: Label) -> pygame.Surface:
        return self._render(
            label.text,
            label.font,
            round(label.size * self.scale),
            self._colour(label.colour),
            round(label.room * self.scale),
            whole=label.ref is not None,
            spread=round(label.spread * self.scale),
        )

    def _anchor(self, label: Label) -> dict[str, tuple[int, int]]:
        where = {"left": "midleft", "centre": "center", "right": "midright"}[label.anchor]
        x, y = self._px(label.x, label.y)
        return {where: (x, y)}

    def _render(
        self, text: str, font: str, size: int, colour: str, room: int, whole: bool = False, spread: int = 0
    ) -> pygame.Surface:
        text = with_comma(text) if self.look.comma else text
        key = text, font, size, colour, room, spread
        if key not in self._texts:
            if len(self._texts) > 6000:
                self._texts.clear()
            fitted = self._fit(_clean(text), font, size, colour, room, whole)
            self._texts[key] = spread_out(fitted, _clean(text), self._font(font, size), colour, spread)
        return self._texts[key]

    def _fit(self, text: str, font: str, size: int, colour: str, room: int, whole: bool) -> pygame.Surface:
        """Smaller where it does not fit, down to the smallest size, then shortened; a number always stays whole."""
        smallest = self._smallest * 2 // 3 if whole else self._smallest
        width = self._font(font, size).size(text)[0]
        if room and width > room:
            size = max(smallest, min(size, size * room // width + 1))
            while size > smallest and self._font(font, size).size(text)[0] > room:
                size -= 1
        face = self._font(font, size)
        if room and not whole and face.size(text)[0] > room:
            kept = bisect.bisect(range(len(text)), room, key=lambda length: face.size(text[:length] + "…")[0])
            text = text[: max(0, kept - 1)] + "…"
        if not text.startswith("≈"):
            return face.render(text, True, colour)
        mark, rest = face.render("≈", True, colour), face.render(text[1:], True, colour)
        mark.set_alpha(130)
        both = pygame.Surface((mark.get_width() + rest.get_width(), rest.get_height()), pygame.SRCALPHA)
        both.blit(mark, (0, 0))
        both.blit(rest, (mark.get_width(), 0))
        return both


def _clean(text: str) -> str:
    """Text that any font can take: control characters become blanks."""
    return "".join(c if c.isprintable() else " " for c in text) or " "


def _rounded(surface: pygame.Surface, rect: pygame.Rect, colour: str, radius: int) -> None:
    """A filled rectangle with smooth corners."""
    radius = min(radius, rect.w // 2, rect.h // 2)
    if radius < 2:
        surface.fill(colour, rect)
        return
    surface.fill(colour, rect.inflate(-2 * radius, 0))
    surface.fill(colour, rect.inflate(0, -2 * radius))
    for x, right in ((rect.left + radius, False), (rect.right - radius - 1, True)):
        for y, low in ((rect.top + radius, False), (rect.bottom - radius - 1, True)):
            corners = {"draw_top_left": not right and not low, "draw_top_right": right and not low}
            corners |= {"draw_bottom_left": not right and low, "draw_bottom_right": right and low}
            pygame.draw.aacircle(surface, colour, (x, y), radius, 0, **corners)
