"""The header: the title, where the pipeline stands, which sample of which batch of which epoch, and quiet buttons."""

from __future__ import annotations

from piggybank.stage import palette as p
from piggybank.stage.known import Known
from piggybank.stage.measure import text_width
from piggybank.stage.scene import Box, Disc, Hit, Item, Label, Panel, Picture
from piggybank.stage.timeline import BANK, BLAME, COMMIT, LOSS, PREDICT
from piggybank.stage.view import View

PHASE_CHIPS = (
    ("Predict", (PREDICT, LOSS)),
    ("Blame", (BLAME,)),
    ("Adjust: bank it", (BANK,)),
    ("Adjust: commit", (COMMIT,)),
)
SINGLE_CHIPS = (*PHASE_CHIPS[:2], ("Adjust", (BANK, COMMIT)))
"""One sample at a time: nothing is pending, so adjusting is one phase."""

TOOLS = (
    ("menu", "to the lessons (L)"),
    ("goto", "go to epoch.batch.sample (G)"),
    ("summary", "epoch summary (S)"),
    ("what_if", "what if: other settings from here; back (W)"),
    ("help", "all keys (H)"),
)
"""What has no other place to press: command, and what its button is for."""
BESIDE = ("beside", "runs side by side, or the network (D)")
"""One more where there are runs beside."""
TOOL, TOOL_GAP = 36.0, 6.0
TOOLS_WIDE = len(TOOLS) * (TOOL + TOOL_GAP) - TOOL_GAP


def header_still(view: View) -> list[Item]:
    """Title and subtitle."""
    box = view.regions.header
    room = chips_box(view).x - box.x - 24
    subtitle = _shortened(view.subtitle.split(" · "), room)
    return [
        Label(box.x + 8, box.y + 24, view.title, p.TITLE, p.INK, p.BOLD, room=room),
        Label(box.x + 8, box.y + 60, subtitle, p.SMALL, p.MUTED, room=room),
        *_tools(view),
    ]


def _shortened(parts: list[str], room: float) -> str:
    """What stands behind the learning rate gives way first, then the words before the settings."""
    while len(parts) > 1 and text_width(" · ".join(parts), p.SMALL) > room:
        rates = [place for place, part in enumerate(parts) if part.startswith("learning rate")]
        parts = parts[:-1] if rates and rates[0] < len(parts) - 1 else parts[1:]
    return " · ".join(parts)


def chips_box(view: View) -> Box:
    """Where the four phases stand."""
    box = view.regions.header
    if view.narrow:
        return Box(box.right - 284 - 650, box.y + 3, 650, 40)
    more = TOOL + TOOL_GAP if view.compares else 0.0
    return Box(box.right - 336 - TOOLS_WIDE - more - 18 - 652, box.y + 8, 652, 52)


def tool_boxes(view: View) -> list[tuple[str, str, Box]]:
    """Command, tip and place of each button: before the counters, in a narrow window below the phases. Without a menu
    to go back to its place stays empty."""
    chips, tools = chips_box(view), (TOOLS[0], BESIDE, *TOOLS[1:]) if view.compares else TOOLS
    wide = len(tools) * (TOOL + TOOL_GAP) - TOOL_GAP
    left, middle = (chips.right - wide, chips.bottom + 20) if view.narrow else (chips.right + 18, chips.cy)
    places = [Box(left + place * (TOOL + TOOL_GAP), middle - TOOL / 2, TOOL, TOOL) for place in range(len(tools))]
    found = [(command, tip, box) for (command, tip), box in zip(tools, places, strict=True)]
    return found if view.menu else found[1:]


def _tools(view: View) -> list[Item]:
    items: list[Item] = []
    for command, _, box in tool_boxes(view):
        items.append(Disc(box.cx, box.cy, TOOL / 2, p.CHIP, p.CHIP_EDGE, 2))
        ink = p.MUTED if _works(command, view) else p.DOT
        items.append(Picture(f"icon_{command}", box.cx, box.cy, 22, tint=ink))
    return items


def _works(command: str, view: View) -> bool:
    return command == "menu" or not view.asked


def header_hits(view: View) -> list[Hit]:
    """The buttons' places; over a question only the way out of the lesson."""
    return [Hit(box, command, "", tip) for command, tip, box in tool_boxes(view) if _works(command, view)]


def header_step(view: View, known: Known) -> list[Item]:
    """The four phases with the current one lit, and the counters."""
    items: list[Item] = []
    area, chips = chips_box(view), SINGLE_CHIPS if known.single else PHASE_CHIPS
    arrow = area.w * 0.04
    spare = area.w - (len(chips) - 1) * arrow - sum(text_width(name, p.SMALL, p.SEMIBOLD) for name, _ in chips)
    x = area.x
    for place, (name, phases) in enumerate(chips):
        width = text_width(name, p.SMALL, p.SEMIBOLD) + spare / len(chips)
        lit = known.moment.phase in phases
        fill, edge, ink = (p.CHIP, "", p.MUTED) if not lit else (p.YELLOW, p.YELLOW_EDGE, p.YELLOW_INK)
        if lit and COMMIT in phases:
            fill, edge, ink = p.GREEN, p.GREEN_EDGE, p.GREEN_INK
        items.append(Panel(Box(x, area.y, width, area.h), fill, edge, area.h / 2, 3))
        font = p.BOLD if lit else p.SEMIBOLD
        items.append(Label(x + width / 2, area.cy, name, p.SMALL, ink, font, "centre", width - 16))
        x += width
        if place + 1 < len(chips):
            items.append(Label(x + arrow / 2, area.cy, "→", p.SMALL, p.MUTED, anchor="centre"))
            x += arrow
    return items + _counters(view, known)


def _counters(view: View, known: Known) -> list[Item]:
    box, narrow = view.regions.header, view.narrow
    items: list[Item] = []
    steps = (204, 116, 0) if narrow else (240, 130, 0)
    values = (
        ("epoch", str(known.moment.epoch)),
        ("commit" if known.single else "batch", str(known.batch)),
        ("sample", f"{known.place} / {known.rows}" if known.single else f"{known.sample} / {known.count}"),
    )
    for place, (word, value) in enumerate(values):
        x = box.right - 6 - steps[place]
        room = 96 if place == 2 else 72 if narrow else 80
        items.append(Label(x, box.y + 18, word, p.SMALL, p.MUTED, anchor="right", room=max(80, room)))
        items.append(Label(x, box.y + 48, value, p.LARGE, p.INK, p.BOLD, "right", room))
    return items
