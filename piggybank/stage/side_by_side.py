"""Runs side by side, in step, in place of the network: of each the selected weight's bank, where the weight stands and
how it came there, beside the others' ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from piggybank.ledger.accuracy import has_classes
from piggybank.ledger.lines import Ref
from piggybank.ledger.sources import weight_ref
from piggybank.stage import network_view
from piggybank.stage import palette as p
from piggybank.stage.classes import right_of
from piggybank.stage.connections import weight_at
from piggybank.stage.digits import weight_title
from piggybank.stage.measure import text_width
from piggybank.stage.moves import moving
from piggybank.stage.piggies import coin_places, coins_in, glass, pig
from piggybank.stage.places import NetworkPlan
from piggybank.stage.scene import Box, Hit, Item, Label, Panel
from piggybank.stage.side_curves import Scale, Way, curves, scale_of, ways
from piggybank.stage.side_plan import BETWEEN, CHIP, LINE, Column, Head, columns
from piggybank.stage.sides import Side, Standing, same_shape, timeline_of
from piggybank.stage.timeline import BANK, COMMIT, Cursor
from piggybank.stage.view import View, number


def side_by_side(view: View, standings: Sequence[Standing]) -> tuple[list[Item], list[Hit]]:
    """All columns as they stand when nothing moves."""
    sides = view.sides
    losses = not all(same_shape(side.ledger, sides[0].ledger) for side in sides)
    found = ways(sides, standings, losses)
    planned = max(timeline_of(side.ledger).seen_before(side.planned + 1) for side in sides)
    scale = scale_of(found, planned, losses)
    items: list[Item] = []
    hits: list[Hit] = []
    for own, (side, at, column) in enumerate(zip(sides, standings, plan_of(view), strict=True)):
        drawn, places = _column(side, at, column, view)
        drawn += _curve(column, found, own, scale, losses)
        items += drawn if side.front else of_side(drawn, side.place)
        hits += places
    return items, hits


def movers(view: View, moments: Sequence[Cursor], standings: Sequence[Standing]) -> list[Item]:
    """Coins that fall into the banks, and banks that break."""
    items: list[Item] = []
    for side, cursor, at, column in zip(view.sides, moments, standings, plan_of(view), strict=True):
        if at.known.moment.phase in (BANK, COMMIT):
            plan = NetworkPlan({}, {side.selected: column.bank})
            found = moving(side.ledger, plan, at.known, cursor, View())
            items += found if side.front else of_side(found, side.place)
    return items


def of_side(items: Sequence[Item], place: int) -> list[Item]:
    """The same with every number named as that run's."""
    return [replace(item, side=place) if isinstance(item, Label) and item.ref else item for item in items]


UNDER = 8.0
"""Room for the calculation above the columns."""


def plan_of(view: View) -> tuple[Column, ...]:
    """Where the columns stand."""
    sides = view.sides
    rows = 2 + any(has_classes(side.ledger.header) for side in sides)
    area = view.regions.network
    area = Box(area.x - 8, area.y + UNDER, view.regions.stage.right - 18 - area.x + 8, area.h - UNDER)
    heads = tuple(Head(side.name, side.settings, side.selected) for side in sides)
    return columns(area, heads, rows)


def _column(side: Side, at: Standing, column: Column, view: View) -> tuple[list[Item], list[Hit]]:
    """The head, the bank and the rows of numbers."""
    ledger, known, box = side.ledger, at.known, column.box
    weight = ledger.weight(side.selected)
    items: list[Item] = [Panel(box, p.PANEL, p.INK if side.front else p.PANEL_EDGE, 16, 3 if side.front else 2)]
    items += _head(side, column)
    tip = f"bring this run to the front ({side.place})"
    hits = [] if side.front else [Hit(box, "front", str(side.place), tip)]
    if not at.breaks or view.look.reduced:
        items += [*pig(column.bank), *coins_in(ledger, weight, column.bank, known, view.lit if side.front else 0)]
        items += [glass(column.bank), *network_view.pill(ledger, weight, column.bank, known)]
    if side.front:
        hits.append(Hit(column.bank.pig, "inspect", weight.name, f"inspect {weight.name}"))
        hits += coin_places(ledger, weight, column.bank, known)
    return items + _rows(side, at, column), hits


def _head(side: Side, column: Column) -> list[Item]:
    """The key, the name, and what of the settings is this run's own."""
    inner, y = column.inner, column.name(0)
    chip = Box(inner.x - 2, y - CHIP / 2, CHIP, CHIP)
    fill, ink = (p.INK, p.ON_INK) if side.front else (p.CHIP, p.MUTED)
    left = chip.right + 10
    items: list[Item] = [
        Panel(chip, fill, "", 8),
        Label(chip.cx, y, str(side.place), p.SMALL, ink, p.SEMIBOLD, "centre"),
    ]
    for place, words in enumerate(column.names):
        room = inner.right - left - column.aside
        items.append(Label(left, column.name(place), words, p.TEXT, p.INK, p.BOLD, room=room))
    if column.aside:
        words = BETWEEN.join(side.settings)
        return [*items, Label(inner.right, y, words, p.SMALL, p.MUTED, anchor="right", room=column.aside)]
    for place, words in enumerate(column.settings):
        items.append(Label(inner.x, column.setting(place), words, p.SMALL, p.MUTED, room=inner.w))
    return items


def _rows(side: Side, at: Standing, column: Column) -> list[Item]:
    """How far the bank is, in words; the weight now; commits so far, and the last one's loss."""
    ledger, known, inner = side.ledger, at.known, column.inner
    weight, last = ledger.weight(side.selected), known.batch if known.committed else known.batch - 1
    items = _state(Box(column.box.x + 6, column.state - LINE / 2, column.box.w - 12, LINE - 2), at)
    value, ref = weight_at(ledger, weight, last), weight_ref(weight.name, last)
    ink = p.GREEN_INK if known.committed else p.INK
    items += _row(inner, column.weight, weight_title(weight.source, weight.target), value, ref, ink)
    if last:
        items += _row(inner, column.rows[0], "loss", ledger.batch_loss(last), Ref("loss", "", last, 0), p.BLUE_INK)
    else:
        items.append(Label(inner.x, column.rows[0], "loss", p.SMALL, p.MUTED))
    found = right_of(ledger, last) if last and len(column.rows) > 2 else ()
    if found:
        items += _right(inner, column.rows[1], found, Ref("accuracy", "", last))
    room = inner.w - text_width(f"{last:,}", p.SMALL, p.SEMIBOLD) - 8
    items.append(Label(inner.x, column.rows[-1], "commits", p.SMALL, p.MUTED, room=room))
    items.append(Label(inner.right, column.rows[-1], f"{last:,}", p.SMALL, p.INK, p.SEMIBOLD, "right"))
    return items


def _right(inner: Box, y: float, found: Sequence[bool], ref: Ref) -> list[Item]:
    """How many of the last batch's predictions were right."""
    rest = f"of {len(found)}"
    right = inner.right - text_width(f" {rest}", p.SMALL)
    return [
        Label(inner.x, y, "right", p.SMALL, p.MUTED),
        Label(right, y, f"{sum(found)}", p.SMALL, p.GREEN_INK, p.SEMIBOLD, "right", ref=ref),
        Label(inner.right, y, rest, p.SMALL, p.MUTED, anchor="right"),
    ]


LEAST_NUMBER = 84.0
"""A number that would have less room than this beside its word stands alone."""


def _row(inner: Box, y: float, word: str, value: float, ref: Ref, ink: str) -> list[Item]:
    """A word at the left, its number at the right."""
    room = inner.w - text_width(word, p.SMALL) - 8
    if room < LEAST_NUMBER:
        return [number(inner.cx, y, value, ref, ink, inner.w, font=p.SEMIBOLD, anchor="centre")]
    return [
        Label(inner.x, y, word, p.SMALL, p.MUTED),
        number(inner.right, y, value, ref, ink, room, font=p.SEMIBOLD),
    ]


def _state(box: Box, at: Standing) -> list[Item]:
    """Pending, with how many are banked; or final; or that the run is over."""
    known, room = at.known, box.w - 12
    fill, ink = p.YELLOW, p.YELLOW_INK
    words = [f"pending {known.banked} of {known.count}", f"pending {known.banked}/{known.count}", "pending"]
    if at.over:
        fill, ink, words = p.WAITING, p.MUTED, ["the recording ends here", "recording ends", "ended"]
    elif known.committed:
        fill, ink, words = p.GREEN, p.GREEN_INK, ["adjusted" if known.single else "final"]
    elif known.single:
        fill, ink, words = p.WAITING, p.MUTED, ["spent at once", "at once"]
    fitting = [text for text in words if text_width(text, p.SMALL, p.SEMIBOLD) <= room]
    return [
        Panel(box, fill, "", box.h / 2),
        Label(box.cx, box.cy, (*fitting, words[-1])[0], p.SMALL, ink, p.SEMIBOLD, "centre", room),
    ]


def _curve(column: Column, found: Sequence[Way], own: int, scale: Scale, losses: bool) -> list[Item]:
    """The way of the weight, or of the loss, where there is room for it."""
    if column.plot is None:
        return []
    plot = Box(column.plot.x, column.plot.y + 8, column.plot.w - 8, column.plot.h - 16)
    return curves(plot, found, own, scale, p.BLUE if losses else p.GREEN_EDGE)
