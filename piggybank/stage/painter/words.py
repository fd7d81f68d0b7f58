"""A stretch of words as wide as its place on the line says, whatever a font makes of it at a size."""

from __future__ import annotations

import pygame


def spread_out(plain: pygame.Surface, text: str, face: pygame.font.Font, colour: str, width: int) -> pygame.Surface:
    """The text with its blanks wider or narrower, but never so narrow that words touch.

    plain: the text as the font has it. width: in pixels, 0 for as it is.
    """
    words = text.split(" ")
    if not width or len(words) < 2 or plain.get_width() == width:
        return plain
    drawn = [face.render(word, True, colour) if word else None for word in words]
    inked = sum(word.get_width() for word in drawn if word)
    blank = max(face.size(" ")[0] / 2, (width - inked) / (len(words) - 1))
    whole = pygame.Surface((round(inked + blank * (len(words) - 1)), plain.get_height()), pygame.SRCALPHA)
    x = 0.0
    for word in drawn:
        if word:
            whole.blit(word, (round(x), 0))
            x += word.get_width()
        x += blank
    return whole
