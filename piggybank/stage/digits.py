"""How numbers look: exact when the text reads back as the same float64, otherwise marked with ≈.

A column shares its decimals. Zero never has a sign, and a number that is not zero never shows as zero: a small one
gets more decimals, and what is too large or small for that is written with a power of ten.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

MINUS, APPROXIMATELY = "\u2212", "≈"
DECIMALS = 3
MOST_DECIMALS = 5
LARGEST = 1e7
SMALLEST = 1e-4
"""Without a power of ten."""
LONG = 1e5
"""From here on a number does not say how many decimals its column has."""
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def reads_as(text: str) -> float:
    """The float64 that a shown number reads as."""
    return float(text.replace(MINUS, "-").replace(APPROXIMATELY, "").replace("+", ""))


def full(value: float, signed: bool = False) -> str:
    """Every digit: the shortest text that reads back as the same float64."""
    text = repr(float(value))
    text = text[:-2] if text.endswith(".0") else text
    return _finish("0" if value == 0 else text, value, signed)


def shown(value: float, signed: bool = False) -> str:
    """One number on its own."""
    return column((value,), signed)[0]


@lru_cache(maxsize=16384)
def _decimals_needed(value: float, most: int) -> int | None:
    """Decimals up to `most` that show the value exactly, None when they do not."""
    for decimals in range(most + 1):
        if float(f"{value:.{decimals}f}") == value:
            return decimals
    return None


def column(
    values: Sequence[float], signed: bool = False, places: int = DECIMALS, most: int = MOST_DECIMALS
) -> list[str]:
    """Numbers that stand under one another, with equal decimals: as few as show all of them exactly, up to `most`,
    otherwise `places`."""
    finite = [v for v in values if math.isfinite(v) and abs(v) < LARGEST]
    usual = [v for v in finite if abs(v) < LONG] or finite
    needed = [_decimals_needed(v, most) for v in usual]
    known = [n for n in needed if n is not None]
    decimals = max(known, default=0) if len(known) == len(needed) else places
    return [_one(value, decimals, signed) for value in values]


def _one(value: float, decimals: int, signed: bool) -> str:
    if not math.isfinite(value):
        text = "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    elif value == 0:
        text = f"{0:.{decimals}f}"
    else:
        text = f"{value:.{decimals}f}"
        if abs(value) >= LARGEST or float(text) == 0:
            text = _few_digits(value)
    if math.isfinite(value) and float(text) != value:
        text = APPROXIMATELY + text
    return _finish(text, value, signed)


def _few_digits(value: float) -> str:
    """All digits of a number that has at most four, else three."""
    texts = [f"{value:.{digits}e}" for digits in range(4)]
    return _written(next((text for text in texts if float(text) == value), texts[2]))


def _written(scientific: str, least: float = SMALLEST) -> str:
    """The same digits, with a power of ten unless the number is from `least` to 10."""
    mantissa, exponent = scientific.split("e")
    if least <= abs(float(scientific)) < 1:
        return f"{Decimal(scientific):f}"
    return f"{mantissa}e{int(exponent)}" if int(exponent) else mantissa


def stands_out(value: float, text: str, places: int) -> bool:
    """Whether the text is of a number that so many decimals would show as zero, or is long, or has a power of ten."""
    return "e" in text or abs(value) >= LONG or (value != 0 and float(f"{value:.{places}f}") == 0)


def shortest(value: float, signed: bool = False, power: bool = False, digits: int = 1) -> str:
    """So many digits, for where nothing longer fits; power: with a power of ten where that is shorter. Without any
    digits the whole number that is nearest."""
    if not math.isfinite(value) or not value:
        return _finish(_one(value, 0, False), value, signed)
    text = _written(f"{value:.{digits - 1}e}", 0.01 if power else SMALLEST) if digits else f"{value:.0f}"
    return _finish(text if float(text) == value else APPROXIMATELY + text, value, signed)


def _finish(text: str, value: float, signed: bool) -> str:
    if signed and value > 0:
        text = APPROXIMATELY + "+" + text[1:] if text.startswith(APPROXIMATELY) else "+" + text
    return text.replace("-", MINUS)


@lru_cache(maxsize=1 << 13)
def subscript(name: str) -> str:
    """A neuron's name with its number lowered: "h2" becomes "h₂"."""
    head = name.rstrip("0123456789.")
    return head + name[len(head) :].translate(_LOWERED)


def weight_title(source: str, target: str) -> str:
    """A weight's name in front of people: "h₂ → y", "bias → y"."""
    return f"{subscript(source)} → {subscript(target)}"


_NAME = re.compile(r"\b([xhy])(\d[\d.]*)")


def pretty(label: str) -> str:
    """A receipt's label as the screen writes it: names lowered, arrows drawn."""
    return " ".join([_pretty(word) for word in label.split(" ")])


@lru_cache(maxsize=1 << 13)
def _pretty(word: str) -> str:
    return _NAME.sub(lambda found: subscript(found[0]), word).replace("->", " → ")


_POINTED = re.compile(r"\d+(?:\.\d+)+(?:\.[a-z]\w*)?")


def with_comma(text: str) -> str:
    """The text with decimal commas; a moment such as 1.2.3 keeps its points, and numbers in brackets get semicolons."""

    def comma(found: re.Match[str]) -> str:
        return found.group().replace(".", ",") if found.group().count(".") == 1 else found.group()

    pointed = text.replace(", ", "; ") if text.startswith("(") else text
    return _POINTED.sub(comma, pointed)
