"""Ctrl-C at every instant: what is done to something is stopped before its first step, its second, and so on."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any, TypeVar

import piggybank

PACKAGE = str(Path(piggybank.__file__).parent)
_T = TypeVar("_T")


def stopped_everywhere(make: Callable[[], _T], act: Callable[[_T], object]) -> Iterator[_T]:
    """Something new each time, the action on it stopped one instruction of the package later; until it is not."""
    for step in count(1):
        subject = make()
        if not _stopped(lambda subject=subject: act(subject), step):  # type: ignore[misc]
            assert step > 1
            return
        yield subject


def _stopped(act: Callable[[], object], step: int) -> bool:
    """Whether the action had so many instructions; a KeyboardInterrupt was raised before that one."""
    left = step

    def watch(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal left
        if not frame.f_code.co_filename.startswith(PACKAGE):
            return None
        frame.f_trace_opcodes = True
        left -= event == "opcode"
        if not left and event == "opcode":
            raise KeyboardInterrupt
        return watch

    before = sys.gettrace()
    sys.settrace(watch)
    try:
        act()
    except KeyboardInterrupt:
        pass
    finally:
        sys.settrace(before)
    return left <= 0
