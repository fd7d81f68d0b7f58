"""The network with a piggy bank on every connection, as it stands when nothing moves."""

from __future__ import annotations

from dataclasses import replace

from piggybank.ledger.commit_receipts import commit_values
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Ref
from piggybank.ledger.records import Weight
from piggybank.ledger.sources import weight_ref
from piggybank.stage import palette as p
from piggybank.stage.banked import in_bank
from piggybank.stage.classes import class_of
from piggybank.stage.connections import curve, weight_at
from piggybank.stage.digits import subscript
from piggybank.stage.known import Known
from piggybank.stage.measure import LEAST_GAP, WORD_GAP, advance, room_for, text_width
from piggybank.stage.piggies import coin_places, coins_in, glass, halo, pig
from piggybank.stage.places import Bank, NetworkPlan, Node
from piggybank.stage.scene import Box, Disc, Hit, Item, Label, Panel
from piggybank.stage.view import View, number


def nodes(ledger: Ledger, plan: NetworkPlan, known: Known) -> tuple[list[Item], list[Hit]]:
    """Neurons with their values and blame as they become known; grey once the weights that made them have moved."""
    header, record = ledger.header, ledger.batch(known.batch)
    sample, row = known.sample, record.rows[known.sample - 1]
    items: list[Item] = []
    hits: list[Hit] = []
    for layer, names in enumerate(header.neuron_layers):
        for column, name in enumerate(names):
            node = plan.nodes[name]
            value = blame = None
            ref = Ref("data", name, 0, row + 1)
            if layer == 0:
                value = float(header.inputs[row, column])
            else:
                ref = Ref("predict", name, known.batch, sample)
                if known.output(layer - 1):
                    value = float(record.outputs[layer - 1][sample - 1, column])
                if known.blame(layer - 1):
                    blame = float(record.blame[layer - 1][sample - 1, column])
                hits.append(Hit(node.box, "inspect", name, f"inspect neuron {name}"))
            edge = p.GREEN_EDGE if layer == len(header.layers) else p.BLUE
            draw = _round_node if node.round else _flat_node
            items += draw(node, edge, value, ref, p.MUTED if layer and known.committed else p.INK)
            if layer == len(header.layers) and node.round and not node.small and _apart(plan, names) >= ROOM_FOR_CLASS:
                words = class_of(header, name)
                room = node.box.w + 2 * node.reach
                items.append(
                    Label(node.box.cx, node.box.bottom + 15, words, p.SMALL, p.INK, p.SEMIBOLD, "centre", room)
                )
            if blame is not None:
                items += _blame(node, blame, Ref("blame", name, known.batch, sample))
    return items, hits


PAD, AIR = 5.0, 14.0
"""Beside a word and its number, and where there is room."""
ROOM_FOR_CLASS = 176.0
"""From one output's middle to the next, where a class's name has room between them."""


def _apart(plan: NetworkPlan, names: tuple[str, ...]) -> float:
    """How far the neurons of a layer stand from one another."""
    return plan.nodes[names[1]].box.cy - plan.nodes[names[0]].box.cy if len(names) > 1 else 0.0


def _small_node(node: Node, edge: str, value: float | None, ref: Ref, ink: str) -> list[Item]:
    """The name inside, the value just above."""
    box = node.box
    items: list[Item] = [Disc(box.cx, box.cy, box.w / 2, p.PANEL, edge, 4)]
    items.append(Label(box.cx, box.cy, subscript(node.name), p.SMALL, p.MUTED, anchor="centre", room=box.w - 12))
    if value is not None:
        label = number(box.cx, box.y - 16, value, ref, ink, box.w + 2 * node.reach, size=node.text, anchor="centre")
        wide = text_width(label.text, node.text)
        items += [Panel(Box(box.cx - wide / 2 - 4, box.y - 30, wide + 8, 27), p.PANEL, "", 8), label]
    return items


def _round_node(node: Node, edge: str, value: float | None, ref: Ref, ink: str) -> list[Item]:
    if node.small:
        return _small_node(node, edge, value, ref, ink)
    box = node.box
    items: list[Item] = [Disc(box.cx, box.cy, box.w / 2, p.PANEL, edge, 4)]
    if value is not None:
        items.append(number(box.cx, box.cy - 10, value, ref, ink, 88, anchor="centre"))
    items.append(Label(box.cx, box.cy + 20, subscript(node.name), p.SMALL, p.MUTED, anchor="centre", room=60))
    return items


def _flat_node(node: Node, edge: str, value: float | None, ref: Ref, ink: str) -> list[Item]:
    box = node.box
    items: list[Item] = [Panel(box, p.PANEL, edge, min(18, box.h / 2 - 1), 3)]
    y = box.cy - 13 if box.h >= 54 else box.cy
    name = subscript(node.name)
    wide = min(text_width(name, p.SMALL), box.w - 122)
    items.append(Label(box.x + 14, y, name, p.SMALL, p.MUTED, room=wide))
    if value is not None:
        items.append(number(box.right - 12, y, value, ref, ink, box.w - 32 - wide))
    return items


def _blame(node: Node, blame: float, ref: Ref) -> list[Item]:
    if node.round:
        return _blame_pill(node.blame, blame, ref, node.text)
    if node.box.h < 54:
        return []
    x, y = node.box.right - 12, node.box.cy + 13
    return [number(x, y, blame, ref, p.BLAME_INK, node.box.w - 28, signed=True, font=p.SEMIBOLD)]


def _blame_pill(box: Box, blame: float, ref: Ref, size: float) -> list[Item]:
    """With the word where the number fits beside it, to two decimals at least where it is rounded."""
    word = advance("blame", size) + LEAST_GAP
    room, ink, font = box.w - 2 * PAD, p.BLAME_INK, p.SEMIBOLD
    beside = number(
        0, box.cy, blame, ref, ink, room_for(room - word, font), size=size, signed=True, font=font, anchor="left"
    )
    wide = word + advance(beside.text, size, font)
    if wide > room or (beside.text.startswith("≈") and len(beside.text.partition(".")[2]) < 2):
        alone = number(box.cx, box.cy, blame, ref, ink, room, size=size, signed=True, font=font, anchor="centre")
        return [_ground(box, advance(alone.text, size, font)), alone]
    more = min(WORD_GAP - LEAST_GAP, room - wide)
    left = box.cx - (wide + more) / 2
    return [
        _ground(box, wide + more),
        Label(left, box.cy, "blame", size, ink),
        replace(beside, x=left + word + more),
    ]


def _ground(box: Box, wide: float) -> Panel:
    """As wide as what stands on it, with air beside that where there is room."""
    wide = min(box.w, wide + 2 * AIR)
    return Panel(Box(box.cx - wide / 2, box.y, wide, box.h), p.BLAME, "", 16)


def banks_at_rest(ledger: Ledger, plan: NetworkPlan, known: Known, view: View) -> tuple[list[Item], list[Hit]]:
    """Every pig with its coins and its number."""
    items: list[Item] = []
    hits: list[Hit] = []
    for weight in ledger.header.weights:
        place = plan.banks[weight.name]
        if weight.name == view.selected:
            items.append(focus(place, known))
        items += pig(place)
        items += coins_in(ledger, weight, place, known, view.lit)
        items.append(glass(place))
        items += dial(ledger, weight, place, known)
        items += pill(ledger, weight, place, known)
        hits += _connection_hits(place, weight.name)
    # pigs over connections, whatever the order of weights
    hits += [Hit(plan.banks[w.name].pig, "inspect", w.name, f"inspect {w.name}") for w in ledger.header.weights]
    for weight in ledger.header.weights:
        hits += coin_places(ledger, weight, plan.banks[weight.name], known)
    return items, hits


def _connection_hits(place: Bank, name: str) -> list[Hit]:
    """Small places along a connection, where it runs apart from others, so that it reacts as its pig does."""
    into, onward = curve(place)
    points = [*into[8:-1], *onward[1:-8]]
    return [Hit(Box(x - 9, y - 9, 18, 18), "inspect", name, f"inspect {name}") for x, y in points]


def focus(place: Bank, known: Known) -> Item:
    """What shows that a weight is selected."""
    return Panel(halo(place), p.GREEN if known.committed else p.YELLOW, "", 24)


def dial(ledger: Ledger, weight: Weight, place: Bank, known: Known) -> list[Item]:
    """The weight's value in the middle below its pig, where there is room."""
    if place.dial is None:
        return []
    after = known.committed
    value = weight_at(ledger, weight, known.batch if after else known.batch - 1)
    ref = weight_ref(weight.name, known.batch if after else known.batch - 1)
    box = place.dial
    ink = p.GREEN_INK if after else p.INK
    word = advance("weight", p.SMALL)
    shown = number(box.x, box.cy, value, ref, ink, box.w - word - WORD_GAP, font=p.BOLD, anchor="left")
    wide = word + WORD_GAP + advance(shown.text, p.SMALL, p.BOLD)
    left = min(max(place.pig.cx - wide / 2, box.x), box.right - wide)
    ground = Panel(Box(left - 4, box.cy - 14, wide + 8, 28), p.PANEL, "", 8)  # connections pass behind it
    return [ground, Label(left, box.cy, "weight", p.SMALL, p.MUTED), replace(shown, x=left + word + WORD_GAP)]


def pill_content(ledger: Ledger, weight: Weight, known: Known) -> tuple[float, Ref, bool] | None:
    """Value, reference and whether it is final; None while the bank is empty."""
    name, batch = weight.name, known.batch
    if known.stage in ("average", "moved") and known.moment.phase == "commit":
        values = commit_values(ledger, weight, batch)
        part = "adjustment" if known.stage == "moved" or "average" not in values else "average"
        return values[part], Ref("commit", name, batch, part=part), known.stage == "moved"
    held = in_bank(ledger, known, weight)
    return (*held, False) if held else None


def pill(ledger: Ledger, weight: Weight, place: Bank, known: Known) -> list[Item]:
    """The number beside or below a pig: pending in yellow, final in green."""
    content = pill_content(ledger, weight, known) if place.pill else None
    if content is None or place.pill is None:
        return []
    value, ref, final = content
    fill, edge, ink = (p.GREEN, p.GREEN_EDGE, p.GREEN_INK) if final else (p.YELLOW, p.YELLOW_EDGE, p.YELLOW_INK)
    box = place.pill
    room = room_for(box.w - 5, p.SEMIBOLD)
    return [
        Panel(box, fill, edge, box.h / 2, 2),
        number(box.cx, box.cy, value, ref, ink, room, size=place.text, signed=True, anchor="centre", font=p.SEMIBOLD),
    ]
