"""paint(scene, surface): the only place of the stage that knows pygame; it opens no window and decides nothing.

What does not move is painted once and kept; a frame is that picture plus what moves.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable

import pygame

from piggybank.shipped import asset_path
from piggybank.stage import palette as p
from piggybank.stage.digits import with_comma
from piggybank.stage.look import Look
from piggybank.stage.painter.art import Art
from piggybank.stage.painter.shapes import disc, draw_panel, fill_box, outline
from piggybank.stage.painter.words import spread_out
from piggybank.stage.regions import regions
from piggybank.stage.scene import Coin, Disc, Item, Label, Line, Panel, Picture, Scene
from piggybank.stage.themes import SHADE_ALPHA, colour, ink_on

SMALLEST = 1 / 50
"""Text is never drawn smaller than this part of the window's height; what does not fit then ends in an ellipsis."""

MARK_ALPHA = 190
"""Of ≈ before a number, which is darker."""
LEAST_PART = 0.85
"""So far down text goes in a window so narrow that all of it is smaller than that."""


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
        self._texts: dict[tuple[str, str, int, str, int, bool, int], pygame.Surface] = {}
        self._under, self._base = pygame.Surface(size), pygame.Surface(size)
        self._painted: Scene | None = None
        self._smallest = max(9, round(size[1] * SMALLEST))

    def paint(self, scene: Scene, surface: pygame.Surface) -> None:
        """Draw the whole scene; `surface` has this painter's size."""
        self.look, self.scale = scene.look, regions(self.size, scene.look.text).scale
        painted, look = self._painted, scene.look
        if painted is None or painted.still is not scene.still or painted.look != look:
            self._under.fill(self._colour(p.BACKGROUND))
            self._draw(self._under, scene.still)
            painted = None
        if painted is None or painted.step is not scene.step:
            self._base.blit(self._under, (0, 0))
            self._draw(self._base, scene.step)
        self._painted = scene
        surface.blit(self._base, (0, 0))
        self._draw(surface, scene.moving)
        self._draw(surface, scene.over)

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
        box, scale = panel.box, self.scale
        left, top = round(box.x * scale), round(box.y * scale)
        wide = max(1, round((box.x + box.w) * scale) - left)
        high = max(1, round((box.y + box.h) * scale) - top)
        if panel.fill == p.SHADE:
            self._veil(surface, pygame.Rect(left, top, wide, high))
            return
        radius = round(panel.radius * scale)
        if radius < 2 and panel.fill and not panel.edge:
            fill_box(surface, self._colour(panel.fill), left, top, wide, high)
            return
        rect = pygame.Rect(left, top, wide, high)
        width = max(1, round(panel.edge_width * scale))
        if not panel.fill:
            pygame.draw.rect(surface, self._colour(panel.edge), rect, width, radius)
            return
        edge = self._colour(panel.edge) if panel.edge else ""
        draw_panel(surface, rect, self._colour(panel.fill), edge, radius, width)

    def _veil(self, surface: pygame.Surface, rect: pygame.Rect) -> None:
        veil = pygame.Surface(rect.size)
        veil.fill(self._colour(p.SHADE))
        veil.set_alpha(SHADE_ALPHA[self.look.theme])
        surface.blit(veil, rect)

    def _disc(self, surface: pygame.Surface, item: Disc) -> None:
        width = max(1, round(item.edge_width * self.scale)) if item.edge else 0
        fill, edge = (self._colour(role) if role else "" for role in (item.fill, item.edge))
        image = disc(fill, edge, int(item.radius * self.scale), width)
        surface.blit(image, image.get_rect(center=(int(item.x * self.scale), int(item.y * self.scale))))

    def _line(self, surface: pygame.Surface, line: Line) -> None:
        (x0, y0), (x1, y1) = line.points[0], line.points[-1]
        if len(line.points) == 2 and (x0 == x1 or y0 == y1):
            self._rule(surface, line)
            return
        around = outline(line.points, max(1.2, line.width * self.scale), self.scale)
        whole = [(round(x), round(y)) for x, y in around]  # parts of pixels are cut off there: gaps would be seen
        pygame.draw.polygon(surface, self._colour(line.colour), whole)
        pygame.draw.aalines(surface, self._colour(line.colour), True, around)

    def _rule(self, surface: pygame.Surface, line: Line) -> None:
        """A level or upright line, sharp."""
        width, points = max(1, round(line.width * self.scale)), line.points
        (x0, x1), (y0, y1) = (sorted(points[i][axis] * self.scale for i in (0, 1)) for axis in (0, 1))
        left, top = round(x0 - (width / 2 if x0 == x1 else 0)), round(y0 - (width / 2 if y0 == y1 else 0))
        across, down = max(width, round(x1 - x0)), max(width, round(y1 - y0))
        fill_box(surface, self._colour(line.colour), left, top, across, down)

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
            size = max(p.SMALL, coin.radius * (1.05 if coin.sample < 100 else 0.8))
            digit = self._render(str(coin.sample), p.BOLD, round(size * self.scale), self._digit_ink(coin, hue), 0)
            surface.blit(digit, digit.get_rect(center=box.center))

    def _digit_ink(self, coin: Coin, hue: str) -> str:
        """What reads on the coin: on a hollow or a pale one the theme's ink, on others what its colour asks for."""
        if coin.sign == 0 and self.look.theme == "night":  # on the glass as on the dark
            return hue
        return self._colour(p.INK) if coin.sign == 0 or coin.alpha < 1 else ink_on(hue)

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
        key = text, font, size, colour, room, whole, spread
        if key not in self._texts:
            if len(self._texts) > 6000:
                self._texts.clear()
            fitted = self._fit(_clean(text), font, size, colour, room, whole)
            self._texts[key] = spread_out(fitted, _clean(text), self._font(font, size), colour, spread)
        return self._texts[key]

    def _fit(self, text: str, font: str, size: int, colour: str, room: int, whole: bool) -> pygame.Surface:
        """Smaller where it does not fit, down to the smallest size, then shortened; a number always stays whole, and
        is then drawn narrower instead of lower."""
        usual = p.SMALL * self.scale  # in an upright window less than a fiftieth of the height
        smallest = self._smallest if self._smallest <= usual else round(LEAST_PART * usual)
        width = self._font(font, size).size(text)[0]
        if room and width > room:
            size = max(smallest, min(size, size * room // width + 1))
            while size > smallest and self._font(font, size).size(text)[0] > room:
                size -= 1
        face = self._font(font, size)
        if room and not whole and face.size(text)[0] > room:
            kept = bisect.bisect(range(len(text)), room, key=lambda length: face.size(text[:length] + "…")[0])
            text = text[: max(0, kept - 1)] + "…"
        image = _written(text, face, colour)
        if room and image.get_width() > room:
            image = pygame.transform.smoothscale(image, (room, image.get_height()))
        return image


def _written(text: str, face: pygame.font.Font, colour: str) -> pygame.Surface:
    """A line of text; the mark of what is rounded is paler than the number."""
    if not text.startswith("≈"):
        return face.render(text, True, colour)
    mark, rest = face.render("≈", True, colour), face.render(text[1:], True, colour)
    mark.set_alpha(MARK_ALPHA)
    both = pygame.Surface((mark.get_width() + rest.get_width(), rest.get_height()), pygame.SRCALPHA)
    both.blit(mark, (0, 0))
    both.blit(rest, (mark.get_width(), 0))
    return both


def _clean(text: str) -> str:
    """Text that any font can take: control characters become blanks."""
    return "".join(c if c.isprintable() else " " for c in text) or " "
