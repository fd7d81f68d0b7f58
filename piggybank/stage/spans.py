"""Sentences with numbers in them: each number keeps the reference behind it, so that it opens like any other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from piggybank.ledger.lines import Ref
from piggybank.stage import palette as p
from piggybank.stage.digits import pretty
from piggybank.stage.measure import advance, text_width
from piggybank.stage.scene import Box, Label


@dataclass(frozen=True)
class Span:
    """A stretch of a sentence; with `ref` it is a number. marked: it stands out, which no sentence does by itself."""

    text: str
    ref: Ref | None = None
    marked: bool = False

    @property
    def font(self) -> str:
        return p.BOLD if self.marked else p.SEMIBOLD if self.ref else p.REGULAR


Word = list[Span]
"""Spans that no line break may part: a number, the sign before it and the full stop behind it."""
SIGNS = [["×"], ["÷"], ["−"], ["+"], ["="]]
SIZES = ((p.LARGE, 2), (p.TEXT, 3), (p.SMALL, 4))
"""Tried in turn: a size, and how many lines of it there may be."""
LEAST_LAST = 0.22
"""How much of the width the last line fills at least: no word stands there alone."""


def flow(spans: Sequence[Span], box: Box, colour: str) -> list[Label]:
    """The sentence in lines from the top of a box, as large as it fits, with names as the network has them: h₂; what
    is too long at the smallest size ends."""
    words = _words(replace(span, text=pretty(span.text)) for span in spans)
    lines: list[list[Word]] = []
    for size, most in SIZES:
        lines = _lines(words, box.w, size)
        if len(lines) <= most:
            break
    if len(lines) > most:
        lines = [*lines[: most - 1], [*lines[most - 1], [Span("…")]]]
    labels: list[Label] = []
    apart = 1.28 if len(lines) < SIZES[-1][1] else 1.14
    for place, line in enumerate(lines):
        labels += _labels(line, Box(box.x, box.y + size * (0.6 + apart * place), box.w, size), size, colour)
    return labels


def width(spans: Iterable[Span], size: float) -> float:
    """How wide the sentence is on one line, numbers as plain as words."""
    return sum(text_width(span.text, size) for span in spans)


def run(spans: Sequence[Span], right: float, y: float, size: float, colour: str) -> list[Label]:
    """A short sentence on one line that ends at `right`."""
    labels: list[Label] = []
    for span in reversed(spans):
        labels.append(Label(right, y, span.text, size, colour, anchor="right", ref=span.ref))
        right -= advance(span.text, size)
    return labels[::-1]


def _words(spans: Iterable[Span]) -> list[Word]:
    words: list[Word] = [[]]
    for span in spans:
        parts = [span.text] if span.ref else span.text.split(" ")
        for place, part in enumerate(parts):
            if place and [span.text for span in words[-1]] in SIGNS:
                words[-1] = [Span(f"{words[-1][0].text} ")]
            elif place:
                words.append([])
            if part:
                words[-1].append(replace(span, text=part))
    return [word for word in words if word]


def _advance(span: Span, size: float) -> float:
    return advance(span.text, size, span.font)


def _width(word: Word, size: float) -> float:
    return sum(_advance(span, size) for span in word)


def _lines(words: list[Word], width: float, size: float) -> list[list[Word]]:
    space = advance(" ", size)
    lines: list[list[Word]] = [[]]
    used = 0.0
    for word in words:
        wide = _width(word, size)
        if lines[-1] and used + space + wide > width:
            lines.append([])
            used = 0.0
        used += wide + (space if lines[-1] else 0.0)
        lines[-1].append(word)
    while len(lines) > 1 and len(lines[-2]) > 2 and sum(_width(word, size) for word in lines[-1]) < LEAST_LAST * width:
        lines[-1].insert(0, lines[-2].pop())
    return lines


def _labels(line: list[Word], at: Box, size: float, colour: str) -> list[Label]:
    """A label for every number and for every stretch of words between two, as the font spaces them."""
    labels: list[Label] = []
    x, words = at.x, ""
    for place, word in enumerate(line):
        words += " " if place else ""
        for span in word:
            if span.ref is None and not span.marked:
                words += span.text
                continue
            x = _stretch(labels, words, Box(x, at.y, at.w, 0), size, colour, followed=True)
            ink = p.BLAME_INK if span.marked else p.INK
            labels.append(Label(x, at.y, span.text, size, ink, span.font, room=at.w, ref=span.ref))
            x, words = x + _advance(span, size), ""
    _stretch(labels, words, Box(x, at.y, at.w, 0), size, colour)
    return labels


def _stretch(labels: list[Label], words: str, at: Box, size: float, colour: str, followed: bool = False) -> float:
    """Words from `at` on, without the blanks at their ends; gives where they end, blanks included."""
    left, said = advance(" ", size) * (len(words) - len(words.lstrip())), words.strip()
    if said:
        spread = advance(said, size) if labels or followed else 0
        labels.append(Label(at.x + left, at.y, said, size, colour, p.REGULAR, room=at.w, spread=spread))
    return at.x + advance(words, size)
