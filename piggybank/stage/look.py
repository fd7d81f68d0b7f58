"""How someone likes the screen: colours, size of text, movement. None of it changes what is shown."""

from __future__ import annotations

from dataclasses import dataclass, replace

from piggybank.stage.themes import THEMES

TEXT_SIZES = (1.0, 1.15, 1.3)


@dataclass(frozen=True)
class Look:
    """theme: of `themes.THEMES`. text: how much larger than usual everything is written, as far as the window has
    room. comma: a decimal comma in place of the point. reduced: nothing flies, only the settled states of a beat.
    teacher: numbers only; the words are the teacher's."""

    theme: str = "light"
    text: float = 1.0
    comma: bool = False
    reduced: bool = False
    teacher: bool = False

    def next_theme(self) -> Look:
        names = list(THEMES)
        return replace(self, theme=names[(names.index(self.theme) + 1) % len(names)])

    def resized(self, step: int) -> Look:
        """Text one size larger (+1) or smaller (-1)."""
        place = TEXT_SIZES.index(self.text) + step
        return replace(self, text=TEXT_SIZES[min(max(place, 0), len(TEXT_SIZES) - 1)])
