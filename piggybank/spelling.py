"""Arguments that are called by a name which nobody has, or are too many: one sentence that says what was meant.

`spelled` wraps what users call. What it wraps keeps its types, its signature and its help.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from piggybank.wording import counted, nearest

Thing = TypeVar("Thing")
ELSEWHERE = {
    "lr": ("learning_rate",), "eta": ("learning_rate",), "rate": ("learning_rate",), "momentum": ("friction",),
    "beta1": ("keep_mean",), "beta2": ("keep_square",), "rho": ("keep_square",), "eps": ("epsilon",),
    "l2": ("weight_decay",), "decay": ("weight_decay",), "optimizer": ("rule",), "criterion": ("loss",),
    "random_state": ("seed",), "use_bias": ("bias",), "reduction": ("reduce",), "dataset": ("data",),
    "epoch": ("epochs",), "path": ("save",), "file": ("save",), "text": ("says", "asks"),
}  # fmt: skip
"""What other libraries call an argument, and what it may be called here."""


class ArgumentError(TypeError):
    """An argument that a function does not take; the message says which it may have been meant to be."""


def spelled(thing: Thing) -> Thing:
    """A function that says which argument was meant when one is misspelt; or a class whose making does, and whose
    methods that have arguments by name only. Raises ArgumentError when it is called with another."""
    if not isinstance(thing, type):
        assert callable(thing)
        checked: Thing = _checked(thing, thing.__name__)  # type: ignore[attr-defined]
        return checked
    for name, member in list(vars(thing).items()):
        if name == "__init__":
            setattr(thing, name, _checked(member, thing.__name__))
        elif inspect.isfunction(member) and not name.startswith("_") and _only_by_name(member):
            setattr(thing, name, _checked(member, name))
    return thing


def _only_by_name(function: Callable[..., Any]) -> bool:
    return any(one.kind is one.KEYWORD_ONLY for one in inspect.signature(function).parameters.values())


def _checked(function: Callable[..., Any], called: str) -> Any:
    parameters = list(inspect.signature(function).parameters.values())
    names = [one.name for one in parameters if one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY)]
    known = frozenset(names)
    shown = [name for name in names if name not in ("self", "cls") and not name.startswith("_")]
    by_name = [one.name for one in parameters if one.kind is one.KEYWORD_ONLY and one.name in shown]
    most = (
        math.inf
        if any(one.kind is one.VAR_POSITIONAL for one in parameters)
        else len(parameters) - sum(one.kind is one.KEYWORD_ONLY for one in parameters)
    )
    bound = int(parameters[0].name in ("self", "cls")) if parameters else 0

    @wraps(function)
    def wrapper(*arguments: Any, **named: Any) -> Any:
        if len(arguments) > most:
            raise ArgumentError(_too_many(called, len(arguments) - bound, most - bound, by_name))
        if not named.keys() <= known:
            wrong = next(name for name in named if name not in known)
            raise ArgumentError(f"{called} takes no {wrong}=; {_meant(wrong, shown)}")
        return function(*arguments, **named)

    return wrapper


def _too_many(called: str, came: int, most: float, by_name: list[str]) -> str:
    rest = f"; the others go by name: {', '.join(f'{name}=' for name in by_name)}" if by_name else ""
    return f"{called} takes {counted(int(most), 'argument')} without a name, got {came}{rest}"


def _meant(wrong: str, names: list[str]) -> str:
    same = [name for name in ELSEWHERE.get(wrong.lower(), ()) if name in names]
    near = same or nearest(wrong, names)
    if near:
        return f"did you mean {near[0]}=?"
    return f"it takes {', '.join(f'{name}=' for name in names)}" if names else "it takes none by name"
