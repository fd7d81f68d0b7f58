"""Misspelt arguments, and too many of them, are answered with one sentence that says what was meant.

`spelled` wraps what users call. What it wraps keeps its types, its help, and its signature but for _our_own arguments.
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
    "alpha": ("keep_square",), "l2": ("weight_decay",), "decay": ("weight_decay",), "optimizer": ("rule",),
    "criterion": ("loss",), "random_state": ("seed",), "use_bias": ("bias",), "reduction": ("reduce",),
    "dataset": ("data",), "in_features": ("inputs",), "out_features": ("outputs",), "units": ("outputs",),
    "act": ("activation",), "epoch": ("epochs",), "path": ("save",), "file": ("save",), "text": ("says", "asks"),
    "label": ("target",), "labels": ("target",),
}  # fmt: skip
"""What other libraries call an argument, and what it may be called here."""
_RATE = "the rate is the rule's: rule=SGD(learning_rate=0.1)"
_SEED = "first weights have theirs in Network(…, seed=7), the order of rows is shuffle=7"
_NESTEROV = "try Nesterov(0.1, friction=0.9)"
_BETAS = "its betas are keep_mean= and keep_square="
INSTEAD = {
    ("SGD", "momentum"): "try Momentum(0.1, friction=0.9)", ("SGD", "nesterov"): _NESTEROV,
    ("Momentum", "nesterov"): _NESTEROV, ("Adam", "betas"): _BETAS, ("AdamW", "betas"): _BETAS,
    ("Run", "lr"): _RATE, ("Run", "learning_rate"): _RATE, ("Run", "seed"): _SEED, ("Run", "random_state"): _SEED,
    ("Run", "epochs"): "how long is said when it trains: run.train(epochs=10)",
}  # fmt: skip
"""What is an argument in other libraries and something else here: what is called, the argument, and what to try."""


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
            raise ArgumentError(f"{called} takes no {wrong}=; {INSTEAD.get((called, wrong)) or _meant(wrong, shown)}")
        return function(*arguments, **named)

    public = [one for one in parameters if not one.name.startswith("_")]
    wrapper.__signature__ = inspect.signature(function).replace(parameters=public)  # type: ignore[attr-defined]
    return wrapper


def _too_many(called: str, came: int, most: float, by_name: list[str]) -> str:
    if most == 0 and by_name:
        return f"{called} takes its arguments by name, got {came} without; they are {_listed(by_name)}"
    rest = f"; the others go by name: {_listed(by_name)}" if by_name else ""
    return f"{called} takes {counted(int(most), 'argument')} without a name, got {came}{rest}"


def _listed(names: list[str]) -> str:
    return ", ".join(f"{name}=" for name in names)


def _meant(wrong: str, names: list[str]) -> str:
    same = [name for name in ELSEWHERE.get(wrong.lower(), ()) if name in names]
    near = same or nearest(wrong, names)
    if near:
        return f"did you mean {near[0]}=?"
    return f"it takes {_listed(names)}" if names else "it takes none by name"
