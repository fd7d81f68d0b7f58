"""Misspelt arguments, too many of them, and names of other libraries are answered with one sentence that says what was
meant.

`spelled` wraps what users call. What it wraps keeps its types, its help, and its signature but for _our_own arguments.
What is found costs nothing more: Python asks for an answer where it has found none.
"""

from __future__ import annotations

import dis
import inspect
import math
import sys
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeVar

from piggybank.elsewhere import ARGUMENTS, ATTRIBUTES, FIXED, INSTEAD, PACKAGE
from piggybank.wording import counted, nearest

Thing = TypeVar("Thing")
MADE = "_is_made"
"""What an instance has when its making is over."""


class ArgumentError(TypeError):
    """An argument that a function does not take; the message says which it may have been meant to be."""


class NotHereError(AttributeError):
    """A name that is called otherwise here; the message says how."""


class NotImportedError(ImportError):
    """Likewise where it was to be imported."""


class FixedError(AttributeError):
    """An attribute that is not to be set, as nothing would notice; the message says what to do instead."""


def spelled(thing: Thing) -> Thing:
    """A function that says which argument was meant when one is misspelt; or a class whose making does, and whose
    methods that have arguments by name only. Raises ArgumentError when it is called with another."""
    if not isinstance(thing, type):
        assert callable(thing)
        checked: Thing = _checked(thing, thing.__name__)  # type: ignore[attr-defined]
        return checked
    for name, member in list(vars(thing).items()):
        if name == "__init__":
            setattr(thing, name, _checked(member, thing.__name__, ends_making=thing.__name__ in FIXED))
        elif inspect.isfunction(member) and not name.startswith("_") and _only_by_name(member):
            setattr(thing, name, _checked(member, name))
    if thing.__name__ in ATTRIBUTES:
        setattr(thing, "__getattr__", _answering(thing.__name__))  # noqa: B010  # a type checker is not to know of it
    if thing.__name__ in FIXED:
        setattr(thing, "__setattr__", _setting(thing))  # noqa: B010
    return thing


def _setting(thing: type) -> Callable[[Any, str, Any], None]:
    """How a class takes attributes that are set: once it is made, none from outside but what stands in for a method, as
    in a test."""

    def set_or_refuse(self: object, name: str, value: object) -> None:
        is_fixed = type(self) is thing and MADE in vars(self) and not name.startswith("_")
        if is_fixed and not callable(getattr(thing, name, None)):
            raise FixedError(f"{thing.__name__}.{name} cannot be set: {FIXED[thing.__name__]}")
        object.__setattr__(self, name, value)

    return set_or_refuse


def _answering(called: str) -> Callable[[Any, str], Any]:
    """A class's answer to attributes that are not there."""
    known = ATTRIBUTES[called]

    def answer(self: object, name: str) -> Any:
        if name in known:
            raise NotHereError(f"{called} has no {name}; {known[name]}", name=name)
        return object.__getattribute__(self, name)  # says what Python says, also of what went wrong in a property

    return answer


def not_there(name: str, names: Sequence[str]) -> Exception:
    """What piggybank's `__getattr__` raises for a name that is not among its names. Whether an import statement asks
    stands in the caller's code: of an AttributeError, that would keep no word."""
    here, near = PACKAGE.get(name), [] if name.startswith("_") else nearest(name, names)
    if not (here or near):
        return AttributeError(f"module 'piggybank' has no attribute {name!r}", name=name)
    meant = f"here it is {here}" if here else f"did you mean {near[0]!r}?"
    asks = sys._getframe(2)
    if asks.f_code.co_code[asks.f_lasti] == dis.opmap["IMPORT_FROM"]:
        return NotImportedError(f"cannot import name {name!r} from 'piggybank'; {meant}", name="piggybank")
    return NotHereError(f"module 'piggybank' has no attribute {name!r}; {meant}", name=name)


def _only_by_name(function: Callable[..., Any]) -> bool:
    return any(one.kind is one.KEYWORD_ONLY for one in inspect.signature(function).parameters.values())


def _checked(function: Callable[..., Any], called: str, ends_making: bool = False) -> Any:
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
        result = function(*arguments, **named)
        if ends_making:
            vars(arguments[0])[MADE] = True
        return result

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
    same = [name for name in ARGUMENTS.get(wrong.lower(), ()) if name in names]
    near = same or nearest(wrong, names)
    if near:
        return f"did you mean {near[0]}=?"
    return f"it takes {_listed(names)}" if names else "it takes none by name"
