"""What tells runs apart: a name for each by the one or two settings that tell all of them apart, and what else differs.

What has no short words, such as the first weights, is told by letters: runs with the same letter have the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Sequence
from itertools import combinations

from piggybank.app.naming import LETTERS, said
from piggybank.ledger.records import Header
from piggybank.ordered import Array
from piggybank.stage.side_plan import BETWEEN, shorter

UNSAID = {"fault": "no fault", "reduce": "average", "rule": "SGD"}
"""What goes without saying in a line is said in a name."""
LAST = ("shape", "data", "activations", "loss", "reduce", "fault", "order")
"""What names runs where neither the size of their batches nor their rules nor a constant does."""
OWN = "own "
LETTERED: tuple[tuple[str, Callable[[Header], Hashable], Callable[[Header], Hashable]], ...] = (
    ("first weights", lambda one: tuple(layer.shape for layer in one.layers), lambda one: _digest(*one.initial)),
    ("rows", lambda one: (one.data_name, one.rows), lambda one: _digest(one.inputs, one.targets)),
    ("schedule", lambda one: bool(one.schedule.lines), lambda one: str(one.schedule)),
    ("recipe", lambda one: (one.rule_name, *one.constants, one.reduce, one.fault), lambda one: str(one.recipe)),
)
"""What has letters: what it is, what must be the same for it to be compared, and what is compared."""


def told_apart(headers: Sequence[Header], called: Sequence[str], *, fully: bool = False) -> tuple[tuple[str, ...], ...]:
    """Of each run the settings that not all of them have. called: their names, which need not be said again. fully:
    with data, activations, loss and what has letters; a lab that names its runs has said that."""
    found = [_fully(header) if fully else said(header) for header in headers]
    for what, setting, value in LETTERED if fully else ():
        if len({setting(header) for header in headers}) == 1:
            values = [value(header) for header in headers]
            kinds = list(dict.fromkeys(values))
            for words, own in zip(found, values, strict=True):
                words[f"{OWN}{what}"] = f"{what} {LETTERS[kinds.index(own)]}"
    known = sorted(dict.fromkeys(kind for words in found for kind in words), key=lambda kind: kind.startswith(OWN))
    apart = [kind for kind in known if len({words.get(kind, "") for words in found}) > 1]
    if "data" in apart and "rows" in apart:
        apart.remove("rows")
    return tuple(
        tuple(text for kind in apart if (text := words.get(kind, "")) and not _is_said(text, name))
        for words, name in zip(found, called, strict=True)
    )


def _is_said(text: str, name: str) -> bool:
    """Whether a run's name says a setting."""
    return bool({text.lower(), shorter(text).lower()} & {name.lower(), *name.lower().split(BETWEEN)})


def names_of(headers: Sequence[Header]) -> tuple[str, ...]:
    """Names by one kind of setting that all of the runs have differently, or by two that tell all of them apart; ()
    where there are none."""
    found = [_fully(header) for header in headers]
    constants = [kind for kind in found[0] if kind.startswith("constant ")]
    texts_of = {
        kind: [words.get(kind, "") or UNSAID.get(kind, "") for words in found]
        for kind in ("batch", "rule", *constants, *LAST)
    }
    known = [texts for texts in texts_of.values() if all(texts)]
    pairs = ([BETWEEN.join(map(shorter, two)) for two in zip(*both, strict=True)] for both in combinations(known, 2))
    return next((tuple(names) for names in (*known, *pairs) if len(set(names)) == len(names)), ())


def _fully(header: Header) -> dict[str, str]:
    """All that can be said in a few words, by kind."""
    return {
        **said(header),
        "data": header.data_name,
        "rows": f"{header.rows:,} rows",
        "activations": ", ".join(layer.activation for layer in header.layers),
        "loss": header.loss_name,
        "order": "shuffled" if header.shuffled else "in order",
    }


def _digest(*arrays: Array) -> str:
    found = hashlib.sha256()
    for array in arrays:
        found.update(array.tobytes())
    return found.hexdigest()
