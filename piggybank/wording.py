"""How a refusal reads: what was expected, what came, what to try. One sentence, used by every room."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

Thing = TypeVar("Thing")
LONGEST = 40
LISTED = 12


def quote(text: object) -> str:
    """Text in quotation marks for a message, shortened, with invisible characters spelled out."""
    plain = text if isinstance(text, str) else _plain(text)
    short = plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + "…"
    return repr(short) if isinstance(text, str) else short


def printable(text: object) -> str:
    """Text for a terminal or a page, such as a file's name: what could move a cursor or hide letters is spelled out."""
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in str(text))


def _plain(value: object) -> str:
    """A function or a class by its name, as it was probably not called; nothing with its address in memory."""
    name = getattr(value, "__name__", "") if callable(value) else ""
    try:
        return f"{name} itself" if name else re.sub(r" at 0x[0-9A-Fa-f]+(?=>)", "", repr(value))
    except ValueError:  # Python writes out no whole number of more than some thousand digits
        return "a number of too many digits"


def nearest(word: object, known: Sequence[str]) -> list[str]:
    """The known word that an unknown one is nearest to; none where none is near."""
    lowered = {name.lower(): name for name in reversed(known)}
    text = word if isinstance(word, str) else _plain(word)
    near = difflib.get_close_matches(text[:100].strip().lower(), lowered, n=1)
    return [lowered[name] for name in near]


def suggestion(word: object, known: Sequence[str]) -> str:
    """The end of a message about an unknown word: the nearest known one, if any is near, and the list."""
    near = nearest(word, known)
    listed = f"known: {', '.join(map(quote, known[:LISTED]))}{', …' if len(known) > LISTED else ''}"
    return f"did you mean {quote(near[0])}? ({listed})" if near else listed


def choose(what: str, name: str, table: Mapping[str, Thing], error: type[Exception]) -> Thing:
    """table[name], or `error` with a sentence that helps."""
    if isinstance(name, str) and name in table:
        return table[name]
    raise error(f"there is no {what} called {quote(name)}; {suggestion(name, list(table))}")


def counted(number: int, what: str) -> str:
    """ "1 target", "3 targets"."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
