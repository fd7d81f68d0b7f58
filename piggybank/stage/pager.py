"""Pages of something long, and the way back from it: chips that react, drawn the same wherever they stand."""

from __future__ import annotations

from dataclasses import dataclass

from piggybank.stage import palette as p
from piggybank.stage.measure import text_width
from piggybank.stage.scene import Box, Hit, Item, Label, Panel

HEIGHT = 40.0


@dataclass(frozen=True)
class Pages:
    """Which page of how many things is shown; a page beyond the last is the last."""

    wanted: int
    total: int
    each: int

    @property
    def count(self) -> int:
        return max(1, -(-self.total // self.each))

    @property
    def page(self) -> int:
        return min(max(self.wanted, 0), self.count - 1)

    @property
    def first(self) -> int:
        """The first thing shown, from 0."""
        return self.page * self.each

    @property
    def last(self) -> int:
        """The last thing shown, from 0, and 1 more."""
        return min(self.first + self.each, self.total)

    @property
    def words(self) -> str:
        return f"{self.first + 1}–{self.last} of {self.total}"


def pager(pages: Pages, right: float, y: float) -> tuple[list[Item], list[Hit]]:
    """Back, which things are shown, and forward, ending at `right`; y is their middle."""
    room = max(text_width(f"{pages.total}–{pages.total} of {pages.total}", p.SMALL), 60.0)
    forward = Box(right - HEIGHT, y - HEIGHT / 2, HEIGHT, HEIGHT)
    back = Box(forward.x - room - HEIGHT - 16, forward.y, HEIGHT, HEIGHT)
    middle = (back.right + forward.x) / 2
    items: list[Item] = [Label(middle, y, pages.words, p.SMALL, p.INK, anchor="centre", room=room)]
    hits: list[Hit] = []
    for box, sign, page, words in (
        (back, "‹", pages.page - 1, "the page before"),
        (forward, "›", pages.page + 1, "the next page"),
    ):
        there = 0 <= page < pages.count
        items.append(Panel(box, p.CHIP if there else p.PANEL, p.CHIP_EDGE if there else "", 12))
        items.append(Label(box.cx, box.cy - 1, sign, p.LARGE, p.INK if there else p.FAINT, p.SEMIBOLD, "centre"))
        hits += [Hit(box, "page", str(page), words)] if there else []
    return items, hits


def pager_width(pages: Pages) -> float:
    """How much room the chips and the words take."""
    room = max(text_width(f"{pages.total}–{pages.total} of {pages.total}", p.SMALL), 60.0)
    return room + 2 * HEIGHT + 16


def chip(x: float, y: float, words: str, hit: tuple[str, str, str]) -> tuple[list[Item], list[Hit], float]:
    """A chip with words, its left end at x; hit: command, argument and tip. Also gives its right end."""
    box = Box(x, y - HEIGHT / 2, text_width(words, p.SMALL) + 28, HEIGHT)
    items: list[Item] = [
        Panel(box, p.CHIP, p.CHIP_EDGE, 12),
        Label(box.cx, box.cy, words, p.SMALL, p.INK, anchor="centre"),
    ]
    return items, [Hit(box, *hit)], box.right
