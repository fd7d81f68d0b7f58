"""Moving among the things on screen by keyboard: which places can be pressed, and where the focus goes next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from piggybank.stage import palette as p
from piggybank.stage.scene import Hit, Item, Panel

Array: TypeAlias = "NDArray[np.bool_]"
Focus = tuple[str, str]


def pressable(hits: Sequence[Hit]) -> list[Hit]:
    """Places that do something and lie under nothing else, each once, in reading order of where they were drawn."""
    found: dict[Focus, int] = {}
    for place in np.flatnonzero(~_covered(hits)).tolist():
        hit = hits[place]
        if hit.command and (hit.command != "close" or hit.tip) and not hit.coin:  # a veil has no tip
            found[hit.command, hit.argument] = place  # the topmost one stays
    return [hits[place] for place in sorted(found.values(), key=lambda place: (hits[place].command == "open", place))]


def _covered(hits: Sequence[Hit]) -> Array:
    """For each place whether one that is drawn later covers it: all pairs at once, for there are hundreds."""
    boxes = np.array([(hit.box.x, hit.box.y, hit.box.right, hit.box.bottom) for hit in hits]).reshape(-1, 4)
    left, top, right, bottom = boxes.T
    wide = (left <= left[:, None]) & (right >= right[:, None])
    covers = wide & (top <= top[:, None]) & (bottom >= bottom[:, None])
    return np.asarray(np.triu(covers, 1).any(axis=1), bool)


def next_focus(hits: Sequence[Hit], focus: Focus | None, step: int) -> str:
    """Command and argument, as one text, of the place after (+1) or before (-1) the focus; "" when there is none."""
    places = [(hit.command, hit.argument) for hit in pressable(hits)]
    if not places:
        return ""
    if focus in places:
        command, argument = places[(places.index(focus) + step) % len(places)]
    else:
        command, argument = places[0 if step > 0 else -1]
    return f"{command} {argument}"


def by_focus(hits: Sequence[Hit], focus: Focus | None, command: str) -> Focus | None:
    """What a key does by the focus: moves it, or presses what has it and is on screen; None for any other."""
    if hits and command in ("focus_next", "focus_previous"):
        return "focus", next_focus(hits, focus, 1 if command == "focus_next" else -1)
    return focus if command == "inspect" and _in_focus(hits, focus) is not None else None


def _in_focus(hits: Sequence[Hit], focus: Focus | None) -> Hit | None:
    """The place that has the focus, unless it has gone or lies under something."""
    if focus is None:
        return None
    return next((hit for hit in pressable(hits) if (hit.command, hit.argument) == focus), None)


def focus_ring(hits: Sequence[Hit], focus: Focus | None) -> list[Item]:
    """A ring round the place that Enter would press, when it is on screen."""
    hit = _in_focus(hits, focus)
    return [Panel(hit.box.inset(-5, -5), "", p.FOCUS, 14, 4)] if hit is not None else []
