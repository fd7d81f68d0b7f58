"""Drawings and coins as surfaces of the right size, made once and kept."""

from __future__ import annotations

import pygame

from piggybank.shipped import asset_path
from piggybank.stage.scene import Coin, Picture

COIN_FILES = {1: "coin_round", -1: "coin_octagon", 0: "coin_empty", None: "coin_round"}
STEPS = 16
"""Transparency and stretch go in so many steps, so that a whole movement is kept."""


class Art:
    """Caches of scaled drawings."""

    def __init__(self) -> None:
        self._drawings: dict[tuple[str, int], pygame.Surface] = {}
        self._pictures: dict[tuple[str, int, int, int, int, bool, str], pygame.Surface] = {}
        self._coins: dict[tuple[int, str, int | None, int], pygame.Surface] = {}

    def drawing(self, name: str, size: int) -> pygame.Surface:
        """A drawing from assets/art on a square of `size` pixels."""
        key = name, size
        if key not in self._drawings:
            image = pygame.image.load_sized_svg(asset_path(f"art/{name}.svg"), (size, size))
            if pygame.display.get_init() and pygame.display.get_surface():
                image = image.convert_alpha()
            self._drawings[key] = image
        return self._drawings[key]

    def picture(self, picture: Picture, scale: float, tint: str) -> pygame.Surface:
        """A drawing as a scene wants it: sized, stretched, turned, faded, and in a colour when `tint` is one."""
        size = max(2, round(picture.size * scale))
        alpha, angle = round(picture.alpha * STEPS), round(picture.angle / 3)
        stretch = round(picture.stretch * 100)
        key = picture.name, size, alpha, angle, stretch, picture.flip, tint
        if key not in self._pictures:
            if len(self._pictures) > 1500:
                self._pictures.clear()
            image = self.drawing(picture.name, size)
            if tint:
                image = image.copy()
                image.fill(tint, special_flags=pygame.BLEND_RGB_MULT)
            if stretch:
                image = pygame.transform.smoothscale(
                    image, (round(size * (1 + stretch / 100)), round(size * (1 - stretch / 100)))
                )
            if picture.flip:
                image = pygame.transform.flip(image, True, False)
            if angle:
                image = pygame.transform.rotozoom(image, angle * 3, 1.0)
            if alpha < STEPS:
                image = image.copy()
                image.set_alpha(round(255 * alpha / STEPS))
            self._pictures[key] = image
        return self._pictures[key]

    def coin(self, coin: Coin, radius: int, hue: str) -> pygame.Surface:
        """A coin without its number, tinted with its sample's colour."""
        alpha = round(coin.alpha * STEPS)
        key = radius, hue, coin.sign, alpha
        if key not in self._coins:
            image = self.drawing(COIN_FILES[coin.sign], radius * 2).copy()
            image.fill(hue, special_flags=pygame.BLEND_RGB_MULT)
            if alpha < STEPS:
                image.set_alpha(round(255 * alpha / STEPS))
            self._coins[key] = image
        return self._coins[key]
