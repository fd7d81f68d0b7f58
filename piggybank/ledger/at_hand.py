"""What was derived from a run stays at hand with the run itself, and goes when the run goes."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar
from weakref import ref

_Run = TypeVar("_Run")
_P = ParamSpec("_P")
_T = TypeVar("_T")


def at_hand(most: int) -> Callable[[Callable[Concatenate[_Run, _P], _T]], Callable[Concatenate[_Run, _P], _T]]:
    """A decorator like `lru_cache` for functions whose first argument is a ledger or a header: for each of these the
    last `most` results are kept, by the other arguments. They are kept in its `__dict__`, so they go when it goes,
    under a name with dots, which no attribute has, and with an underscore, so that no completion offers it."""

    def remembering(function: Callable[Concatenate[_Run, _P], _T]) -> Callable[Concatenate[_Run, _P], _T]:
        name = f"_{function.__module__}.{function.__qualname__}"

        def begun(run: _Run) -> Callable[..., _T]:
            alive = ref(run)  # what stands with the run does not hold it

            @lru_cache(maxsize=most)
            def value(*given: _P.args, **named: _P.kwargs) -> _T:
                found = alive()
                assert found is not None
                return function(found, *given, **named)

            vars(run)[name] = value
            return value

        @wraps(function)
        def remembered(run: _Run, /, *given: _P.args, **named: _P.kwargs) -> _T:
            return (vars(run).get(name) or begun(run))(*given, **named)

        return remembered

    return remembering
