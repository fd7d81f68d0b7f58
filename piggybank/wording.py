"""How a refusal reads: what was expected, what came, what to try. One sentence, used by every room."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import TypeVar

Thing = TypeVar("Thing")


def suggestion(name: str, known: Iterable[str]) -> str:
    """ "did you mean 'tanh'?" when a known name is near, otherwise the list of known names."""
    names = list(known)
    near = difflib.get_close_matches(str(name).lower(), [n.lower() for n in names], n=1, cutoff=0.6)
    if near:
        found = next(n for n in names if n.lower() == near[0])
        return f"did you mean {found!r}?"
    shown = ", ".join(repr(n) for n in names[:12])
    return f"known: {shown}{' …' if len(names) > 12 else ''}"


def choose(what: str, name: str, table: Mapping[str, Thing], error: type[Exception]) -> Thing:
    """table[name], or `error` with a sentence that helps."""
    if isinstance(name, str) and name in table:
        return table[name]
    raise error(f"there is no {what} called {name!r}; {suggestion(name, table)}")
