"""How wide text comes out, with no font loaded: so places are chosen purely, and words wrap the same everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

_WIDTHS = dict(
    zip(
        map(chr, range(32, 127)),
        bytes.fromhex(
            "1b1d2f3f4062401e272741411b411b24414141414141414141411b1b4141413361454149483c3b4b4a1b3943395a4b4c"
            "404c4040414a456344443f2724272f2e20383d393d3a253d3b18183718583b3c3d3d2635213b385237383727212741"
        ),
        strict=True,
    )
)
"""Advance widths of the regular face in hundredths of the size."""
_OTHER = {"−": 65, "→": 95, "≈": 65, "×": 65, "÷": 65, "·": 29, "…": 86, "—": 100}
_HEAVIER = {"regular": 1.0, "semibold": 1.025, "bold": 1.05, "mono": 1.05}
_SUBSCRIPT = 42
_ROUNDING = 1.04
"""At small sizes each letter's advance is rounded to a pixel."""

WORD_GAP, LEAST_GAP = 8.0, 6.0
"""Between a word and its number, and where room is scarce."""


@lru_cache(maxsize=1 << 14)
def text_width(text: str, size: float, font: str = "regular") -> float:
    """The width of a line of text in layout units, rather too wide than too narrow."""
    hundredths = sum(_WIDTHS.get(c) or _OTHER.get(c) or (_SUBSCRIPT if "₀" <= c <= "₉" else 60) for c in text)
    return hundredths * size / 100 * _HEAVIER[font] * _ROUNDING


_TRUER = {"regular": 0.965, "semibold": 0.945, "bold": 0.945, "mono": 0.95}


def advance(text: str, size: float, font: str = "regular") -> float:
    """How far on the next text of a line begins, in layout units: what fonts do, where `text_width` is a bound."""
    return text_width(text, size, font) * _TRUER[font]


def room_for(width: float, font: str = "regular") -> float:
    """What `text_width` may come to for text that comes out no wider than that."""
    return width / _TRUER[font]


TWO_DECIMALS = "≈−0.65"
"""As wide as a rounded number with two decimals below 10 comes."""

LEAST_LETTERS = 3
"""A name that keeps fewer letters than this says nothing."""


def shortened_alike(names: Sequence[str], width: float, size: float, font: str = "regular") -> list[str]:
    """Names that stand together, as they are where all of them fit the width; otherwise each keeps as many letters as
    fit in all of them, and its number at the end: "Chin… 192". Where they could no longer be told apart, or next to
    nothing would be left, none is said: each is ""."""
    if all(text_width(name, size, font) <= width for name in names):
        return list(names)
    for kept in range(max(map(len, names)) - 1, LEAST_LETTERS - 1, -1):
        texts = [_cut(name, kept) for name in names]
        if all(text_width(text, size, font) <= width for text in texts):
            return texts if len(set(texts)) == len(set(names)) else [""] * len(names)
    return [""] * len(names)


def _cut(name: str, kept: int) -> str:
    """So many letters of a name, and the number that it ends in."""
    head, _, number = name.rpartition(" ")
    if not (head and number.isdigit()):
        head, number = name, ""
    if len(head) <= kept + 1:
        return name
    return f"{head[:kept].rstrip()}… {number}".rstrip()


def wrap(text: str, width: float, size: float, font: str = "regular") -> list[str]:
    """Break text into lines no wider than `width` where words allow."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, font) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
