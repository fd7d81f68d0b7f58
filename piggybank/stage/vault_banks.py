"""A neuron's own banks in the vault: a page of piggies, the largest first, each with its name and its number."""

from __future__ import annotations

from functools import lru_cache

from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Ref
from piggybank.stage import network_view, vault_pages
from piggybank.stage import palette as p
from piggybank.stage.classes import class_of
from piggybank.stage.digits import subscript
from piggybank.stage.fits import FLIGHT, PIG_ASPECT, PILL, PILL_HIGH, PILL_OVERLAP
from piggybank.stage.known import Known
from piggybank.stage.measure import shortened_alike, text_width
from piggybank.stage.moves import moving
from piggybank.stage.pager import HEIGHT, chip, pager, pager_width
from piggybank.stage.piggies import coin_places, coins_in, glass, pig
from piggybank.stage.places import Bank, NetworkPlan
from piggybank.stage.scene import Box, Hit, Item, Label, Line
from piggybank.stage.timeline import BANK, COMMIT, Cursor
from piggybank.stage.view import View, number

NAME, LARGEST = 28.0, 150.0
BAR = HEIGHT + 14


@lru_cache(maxsize=64)
def cells(area: Box) -> tuple[Box, ...]:
    """Places of a page of banks, in rows, so that the pigs are largest."""

    def side(across: int) -> float:
        return min(pig_side(area.w / across, area.h * across / vault_pages.EACH)[0], 140.0)

    across = max((2, 3, 4, 6), key=side)
    wide, high = area.w / across, area.h / (vault_pages.EACH // across)
    rows = (divmod(place, across) for place in range(vault_pages.EACH))
    return tuple(Box(area.x + column * wide, area.y + row * high, wide, high) for row, column in rows)


def pig_side(wide: float, high: float) -> tuple[float, bool]:
    """The largest pig of a cell under its name, and whether its number stands beside it, not below."""
    body = high - NAME - 8
    below = min((body - PILL_HIGH + PILL_OVERLAP) / PIG_ASPECT, wide / (1 + FLIGHT)) if wide >= PILL + 8 else 0.0
    beside = min(body / PIG_ASPECT, (wide - PILL - 12) / (1 + FLIGHT))
    return min(LARGEST, max(below, beside)), beside > below


def bank_in(name: str, cell: Box) -> Bank:
    """A weight's pig in its cell, with the number beside or below it."""
    size, is_beside = pig_side(cell.w, cell.h)
    body, flight = size * PIG_ASPECT, size * FLIGHT
    used = body + (0 if is_beside else PILL_HIGH - PILL_OVERLAP)
    left = cell.x + max(0.0, (cell.w - size - flight - (PILL + 6 if is_beside else 0)) / 2)
    top = cell.y + NAME + max(0.0, (cell.h - NAME - 8 - used) / 2)
    box = Box(left + (flight if is_beside else flight / 2), top - size * 0.13, size, size)
    pill = Box(box.right + 6, top + body / 2 - PILL_HIGH / 2, PILL, PILL_HIGH)
    if not is_beside:
        pill = Box(box.cx - PILL / 2, top + body - PILL_OVERLAP, PILL, PILL_HIGH)
    inside = Box(cell.x, cell.y + NAME, cell.w, cell.h - NAME)
    return Bank(name, inside, box, pill, None, (cell.x, box.cy), (box.right - 1, box.cy))


def plan_of(ledger: Ledger, known: Known, neuron: str, view: View) -> NetworkPlan:
    """The pigs of the page; no neurons."""
    area = view.regions.network
    places = cells(Box(area.x, area.y + BAR, area.w, area.h - 2 * BAR))
    weights = vault_pages.shown(ledger, known, neuron, view.page)
    return NetworkPlan({}, {w.name: bank_in(w.name, place) for w, place in zip(weights, places, strict=False)})


def banks_of(ledger: Ledger, known: Known, neuron: str, pigs_move: bool, view: View) -> tuple[list[Item], list[Hit]]:
    """The page: above the neuron, below which of its banks these are."""
    plan = plan_of(ledger, known, neuron, view)
    items, hits = _head(ledger, known, neuron, view)
    found, places = _foot(ledger, known, neuron, view)
    items, hits = items + found, hits + places
    for name, place in plan.banks.items():
        weight, chosen = ledger.header.weights_by_name[name], name == view.selected
        if not pigs_move:
            items += [network_view.focus(place, known)] if chosen else []
            items += pig(place)
            items += coins_in(ledger, weight, place, known, view.lit)
            items.append(glass(place))
            items += network_view.pill(ledger, weight, place, known)
        y, font = place.cell.y - NAME / 2, p.BOLD if chosen else p.REGULAR
        source = Label(place.pig.cx, y, subscript(weight.source), p.SMALL, p.INK, font, "centre", place.cell.w - 8)
        items.append(source)
        whole = Box(place.cell.x, place.cell.y - NAME, place.cell.w, place.cell.h + NAME)
        hits.append(Hit(whole, "inspect", name, f"inspect {name}"))
        hits += coin_places(ledger, weight, place, known)
    return items, hits


def movers(ledger: Ledger, known: Known, neuron: str, cursor: Cursor, view: View) -> list[Item]:
    """Coins that fly into the page's banks, and the banks as they break."""
    if known.moment.phase not in (BANK, COMMIT):
        return []
    return moving(ledger, plan_of(ledger, known, neuron, view), known, cursor, view)


def _head(ledger: Ledger, known: Known, neuron: str, view: View) -> tuple[list[Item], list[Hit]]:
    """The way back, the neuron's name, what it puts out and its blame."""
    area, (layer, column) = view.regions.network, ledger.header.neurons[neuron]
    y, record, sample = area.y + HEIGHT / 2, ledger.batch(known.batch), known.sample
    back = ("neuron", "", "back to all neurons (Esc)")
    items, hits, x = chip(area.x, y, "‹ all neurons", back)
    name = Label(x + 22, y, subscript(neuron), p.LARGE, p.INK, p.BOLD)
    wide = text_width(name.text, p.LARGE, p.BOLD)
    items.append(name)
    hits.append(Hit(Box(name.x - 6, y - 18, wide + 12, 36), "inspect", neuron, f"inspect neuron {neuron}"))
    x = name.x + wide + 28
    found, space = class_of(ledger.header, neuron), area.right - 2 * (124.0 + text_width("output ", p.SMALL)) - x
    if found and space >= text_width("Mmmm…", p.SMALL):
        text = shortened_alike([found], space, p.SMALL, p.SEMIBOLD)[0]
        items.append(Label(x - 14, y + 2, text, p.SMALL, p.GREEN_INK, p.SEMIBOLD))
        x += text_width(text, p.SMALL, p.SEMIBOLD) + 10
    for word, ink, kind, seen, values in (
        ("output", p.INK, "predict", known.output(layer), record.outputs),
        ("blame", p.BLAME_INK, "blame", known.blame(layer), record.blame),
    ):
        left = x + text_width(word, p.SMALL) + 8
        if left + 100 > area.right:
            break
        items.append(Label(x, y, word, p.SMALL, p.MUTED))
        if seen:
            value, ref = float(values[layer][sample - 1, column]), Ref(kind, neuron, known.batch, sample)
            items.append(number(left, y, value, ref, ink, 100, signed=kind == "blame", anchor="left", font=p.SEMIBOLD))
        x = left + 124
    line = area.y + BAR - 6
    return [*items, Line(((area.x, line), (area.right, line)), p.RULE, 2)], hits


def _foot(ledger: Ledger, known: Known, neuron: str, view: View) -> tuple[list[Item], list[Hit]]:
    """Which banks these are, and the way to the others; to the selected one when it is on another page."""
    area = view.regions.network
    pages, y = vault_pages.pages_of(ledger, neuron, view.page), area.bottom - HEIGHT / 2
    items, hits = pager(pages, area.right, y)
    words = "largest adjustment first" if known.committed else "largest pending first"
    x, room = area.x, area.w - pager_width(pages) - 20
    items.append(Label(x, y, words, p.SMALL, p.MUTED, room=room))
    weight = ledger.header.weights_by_name.get(view.selected)
    if weight is not None and weight.target == neuron:
        there = vault_pages.page_with(ledger, known, weight)
        words = f"to {subscript(weight.source)}"
        x += text_width("largest adjustment first", p.SMALL) + 16
        if there != pages.page and x + text_width(words, p.SMALL) + 28 <= area.x + room:
            found, places, _ = chip(x, y, words, ("page", str(there), "the page of the selected weight"))
            items, hits = items + found, hits + places
    return items, hits
