"""Moving among the things on screen by keyboard: which places can be pressed, and where the focus goes next."""

from __future__ import annotations

from collections.abc import Sequence

from piggybank.stage import palette as p
from piggybank.stage.scene import Box, Hit, Item, Panel

Focus = tuple[str, str]


def pressable(hits: Sequence[Hit]) -> list[Hit]:
    """Places that do something and lie under nothing else, each once, in reading order of where they were drawn."""
    found: dict[Focus, Hit] = {}
    for place in range(len(hits) - 1, -1, -1):
        hit = hits[place]
        if hit.command in ("", "close") or (hit.command, hit.argument) in found:
            continue
        if not any(_covers(above.box, hit.box) for above in hits[place + 1 :]):
            found[hit.command, hit.argument] = hit
    return sorted(found.values(), key=lambda hit: (hit.command == "open", hits.index(hit)))


def _covers(above: Box, below: Box) -> bool:
    wide = above.x <= below.x and below.right <= above.right
    return wide and above.y <= below.y and below.bottom <= above.bottom


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


def focus_ring(hits: Sequence[Hit], focus: Focus | None) -> list[Item]:
    """A ring round the place that Enter would press, when it is on screen."""
    hit = next((hit for hit in reversed(hits) if (hit.command, hit.argument) == focus), None)
    return [Panel(hit.box.inset(-5, -5), "", p.FOCUS, 14, 4)] if hit is not None else []
