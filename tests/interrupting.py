"""Ctrl-C at every instant: what is done to something is stopped before its first step, its second, and so on."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any, TypeVar

import piggybank

PACKAGE = str(Path(piggybank.__file__).parent)
_T = TypeVar("_T")


def stopped_everywhere(make: Callable[[], _T], act: Callable[[_T], object], *rooms: str) -> Iterator[_T]:
    """Something new each time, the action on it stopped one instruction later; until it runs through. rooms: modules
    whose instructions count, such as "ledger/store.py"; the whole package's without."""
    files = tuple(os.path.join(PACKAGE, *room.split("/")) for room in rooms) or (PACKAGE,)
    for step in count(1):
        subject = make()
        if not _stopped(lambda subject=subject: act(subject), step, files):  # type: ignore[misc]
            assert step > 1
            return
        yield subject


def _stopped(act: Callable[[], object], step: int, files: tuple[str, ...]) -> bool:
    """Whether the action had so many instructions; a KeyboardInterrupt was raised before that one."""
    left = step

    def watch(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal left
        if not frame.f_code.co_filename.startswith(files):
            return None
        frame.f_trace_opcodes = True
        left -= event == "opcode"
        if not left and event == "opcode":
            raise KeyboardInterrupt
        return watch

    before = sys.gettrace()
    sys._getframe().f_trace_opcodes = True  # Python 3.12 listens to no instruction unless asked before it begins
    gc.disable()  # what goes meanwhile is none of the action's
    sys.settrace(watch)
    try:
        act()
    except KeyboardInterrupt:
        pass
    finally:
        sys.settrace(before)
        gc.enable()
    return left <= 0
