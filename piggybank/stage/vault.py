"""The vault, for networks of very many weights: a tile a layer, a cell a neuron, and a neuron's own banks behind it.

A cell's colour is the size of what is in the neuron's banks: the sum, over the weights into it, of the pending totals
without their signs, beside the largest of its layer; once committed, of the final adjustments. No number of a neuron
is this sum, so none is written: each bank behind it has its own.
"""

from __future__ import annotations

import numpy as np

from piggybank.ledger.at_hand import at_hand
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Ref
from piggybank.ordered import Array
from piggybank.stage import palette as p
from piggybank.stage import vault_banks
from piggybank.stage.amounts import ADJUSTMENT, layer_amounts, part_shown, strengths
from piggybank.stage.classes import has_columns, output_word
from piggybank.stage.detail import opened
from piggybank.stage.digits import subscript
from piggybank.stage.easing import fall, mix, part
from piggybank.stage.key import key
from piggybank.stage.known import LANDED, Known
from piggybank.stage.measure import shortened_alike, text_width
from piggybank.stage.sample_card import THIS_SAMPLE
from piggybank.stage.scene import Box, Coin, Disc, Hit, Item, Label, Panel
from piggybank.stage.tiles import Tile, Tiles, tiles_of
from piggybank.stage.timeline import BANK, BLAME, LOSS, PREDICT, Cursor
from piggybank.stage.vault_key import entries
from piggybank.stage.view import View, number
from piggybank.stage.wall_cells import crack

RING, LEAST_COIN, ASIDE = 3.0, 3.0, 9.0
ROW_TAKEN, ROW_WORDS = 62.0 + 108.0, 60.0
"""Of a row of a list, what the neuron and its numbers need, and what is then free for a class in a usual one."""


def vault(ledger: Ledger, known: Known, pigs_move: bool, view: View) -> tuple[list[Item], list[Hit]]:
    """The tiles, or the banks of the neuron that is open. pigs_move: its pigs are drawn as moving."""
    neuron = opened(ledger, view)
    if neuron:
        return vault_banks.banks_of(ledger, known, neuron, pigs_move, view)
    header, tiles = ledger.header, _tiles(ledger, view)
    items = _inputs(ledger, known, tiles.tiles[0])
    hits = [Hit(tiles.tiles[0].grid, "neuron", THIS_SAMPLE, "all numbers of this sample")]
    for layer in range(len(header.layers)):
        found, places = _layer(ledger, known, layer, tiles.tiles[layer + 1])
        items += found
        hits += places
    said = entries(ledger, known, tiles.tiles[-1].is_list)
    return items + _rings(ledger, tiles, view) + key(said, tiles.legend), hits


def movers(ledger: Ledger, known: Known, cursor: Cursor, view: View) -> list[Item]:
    """What moves: the banks of the open neuron, or a coin of the sample's colour into every neuron's banks."""
    neuron, t = opened(ledger, view), part(cursor.progress, 0.05, LANDED)
    if neuron:
        return vault_banks.movers(ledger, known, neuron, cursor, view)
    if known.moment.phase != BANK or not 0 < t < 1:
        return []
    tiles, items = _tiles(ledger, view), list[Item]()
    for layer, tile in zip(ledger.header.layers, tiles.tiles[1:], strict=True):
        for index in range(len(layer.neurons)):
            box = _bank(tile, index)
            radius = min(9.0, box.w * 0.2)
            if radius >= LEAST_COIN:
                y = mix(box.y + radius, box.bottom - radius - 1, fall(t))
                items.append(Coin(box.right - radius - 1, y, radius, known.number(known.sample), None, numbered=False))
    return items


def _tiles(ledger: Ledger, view: View) -> Tiles:
    """Where the layers stand; room for the classes of the last one counts."""
    header, words = ledger.header, 0.0
    if has_columns(header):
        words = max(0.0, max(text_width(name, p.SMALL) for name in header.classes) - ROW_WORDS)
    return tiles_of(tuple(len(names) for names in header.neuron_layers), view.regions.network, words)


def _title(tile: Tile, words: str, more: str) -> Item:
    """As much as there is room for."""
    text = f"{words} {more}" if text_width(f"{words} {more}", p.SMALL) <= tile.box.w else words
    return Label(tile.box.x, tile.box.y + 12, text, p.SMALL, p.MUTED, room=tile.box.w)


def _inputs(ledger: Ledger, known: Known, tile: Tile) -> list[Item]:
    """The sample's inputs: blue above zero, orange below, blank at zero."""
    return list(_cells_of_row(ledger, ledger.batch(known.batch).rows[known.sample - 1], tile))


@at_hand(8)
def _cells_of_row(ledger: Ledger, row: int, tile: Tile) -> tuple[Item, ...]:
    values = ledger.header.inputs[row]
    items: list[Item] = [
        _title(tile, f"{len(values)} input{'s' * (len(values) > 1)}", "›"),
        Panel(tile.grid.inset(-3, -3), p.PANEL, p.PANEL_EDGE, 6),
    ]
    gap = min(1.0, tile.cell[0] / 12)
    for index, strength in _present(values):
        items.append(Panel(tile.place(index).inset(gap, gap), p.depth(bool(values[index] > 0), strength), "", 0))
    return tuple(items)


def _present(values: Array) -> list[tuple[int, float]]:
    """Places and strengths of all but the zeros."""
    found = np.flatnonzero(values)
    return list(zip(found.tolist(), strengths(values)[found].tolist(), strict=True))


def _layer(ledger: Ledger, known: Known, layer: int, tile: Tile) -> tuple[list[Item], list[Hit]]:
    """A cell for each neuron: how much is in its banks, and what this sample makes of it."""
    names, amounts = ledger.header.layers[layer].neurons, layer_amounts(ledger, known, layer)
    last = layer == len(ledger.header.layers) - 1
    words = f"{len(names)} {'output' if last else 'neuron'}{'s' * (len(names) > 1)}"
    final = part_shown(ledger, known) == ADJUSTMENT
    fills = [p.CHIP] * len(names)
    if amounts is not None:
        with np.errstate(all="ignore"):
            sums = strengths(np.abs(amounts).sum(axis=0))
        fills = [p.amount(final, size) if size == size else p.BLAME for size in sums.tolist()]
    draw = _rows if tile.is_list else _grid
    items = [
        _title(tile, words, f"of {ledger.header.layers[layer].shape[0]} weights"),
        *draw(names, fills, tile, known.cracked),
    ]
    if tile.is_list:
        classes = _classes(ledger.header.classes, tile) if last and has_columns(ledger.header) else []
        items += [*_numbers(ledger, known, layer, tile, classes), *classes]
    else:
        items += _dots(ledger, known, layer, tile)
    tip = f"its {ledger.header.layers[layer].shape[0]} banks"
    called = [output_word(ledger.header, name) if last else name for name in names]
    return items, [Hit(tile.place(i), "neuron", name, f"{called[i]}: {tip}") for i, name in enumerate(names)]


def _classes(classes: tuple[str, ...], tile: Tile) -> list[Label]:
    """Between the outputs of a list and their numbers."""
    texts = shortened_alike(classes, tile.cell[0] - ROW_TAKEN, p.SMALL)
    boxes = [tile.place(index) for index in range(len(classes))]
    return [
        Label(box.x + 62, box.cy, text, p.SMALL, p.GREEN_INK) for box, text in zip(boxes, texts, strict=True) if text
    ]


def _are_named(names: tuple[str, ...], tile: Tile) -> bool:
    """Whether all names have room in the cells of a grid."""
    return tile.cell[1] >= 34 and max(text_width(subscript(name), p.SMALL) for name in names) <= tile.cell[0] - 10


def _bank(tile: Tile, index: int) -> Box:
    """The coloured part of a neuron's place."""
    box = tile.place(index)
    return Box(box.x + 5, box.y + 7, 46, box.h - 14) if tile.is_list else box.inset(*[min(3.0, tile.cell[0] / 10)] * 2)


def _grid(names: tuple[str, ...], fills: list[str], tile: Tile, hit: bool) -> list[Item]:
    """Cells side by side, with their names where all of them have room; hit: by the hammer."""
    side, named = tile.cell[0], _are_named(names, tile)
    items: list[Item] = []
    for index, (name, fill) in enumerate(zip(names, fills, strict=True)):
        box = _bank(tile, index)
        items += [Panel(box, fill, "", min(6.0, side / 6)), *(crack(box, p.PANEL) if hit else [])]
        if named:
            items.append(Label(box.cx, box.cy, subscript(name), p.SMALL, p.INK, anchor="centre"))
    return items


def _rows(names: tuple[str, ...], fills: list[str], tile: Tile, hit: bool) -> list[Item]:
    """One below the other, the colour behind the name; hit: by the hammer."""
    items: list[Item] = []
    for index, (name, fill) in enumerate(zip(names, fills, strict=True)):
        box = tile.place(index).inset(0, 2)
        items.append(Panel(box, p.PANEL, p.GREEN_EDGE, 10))
        bank = _bank(tile, index)
        items += [Panel(bank, fill, "", 6), *(crack(bank, p.PANEL) if hit else [])]
        items.append(Label(box.x + 28, box.cy, subscript(name), p.SMALL, p.INK, anchor="centre", room=44))
    return items


def _numbers(ledger: Ledger, known: Known, layer: int, tile: Tile, classes: list[Label]) -> list[Item]:
    """Output and blame of each neuron of a list, right of its class, where it has one."""
    taken = max((text_width(label.text, p.SMALL) + ASIDE for label in classes), default=0.0)
    record, names, sample = ledger.batch(known.batch), ledger.header.layers[layer].neurons, known.sample
    items: list[Item] = []
    for index, name in enumerate(names):
        box = tile.place(index)
        room = box.w - 66 - taken
        if known.output(layer):
            value = float(record.outputs[layer][sample - 1, index])
            ref = Ref("predict", name, known.batch, sample)
            items.append(number(box.right - 10, box.cy - 12, value, ref, p.INK, room))
        if known.blame(layer):
            value = float(record.blame[layer][sample - 1, index])
            ref = Ref("blame", name, known.batch, sample)
            items.append(number(box.right - 10, box.cy + 12, value, ref, p.BLAME_INK, room, signed=True))
    return items


def _dots(ledger: Ledger, known: Known, layer: int, tile: Tile) -> list[Item]:
    """On each cell what the beat is about: the neuron's output while predicting, then its blame."""
    values, blame = _at_work(ledger, known, layer), known.moment.phase == BLAME
    if values is None or tile.cell[0] < 12:
        return []
    side, named = tile.cell[0], _are_named(ledger.header.layers[layer].neurons, tile)
    radius = min(11.0, side * 0.2) if named else side * 0.26
    aside = side / 2 - radius - 2 if named else 0.0  # the name stays readable
    items: list[Item] = []
    for index, strength in _present(values):
        box = tile.place(index)
        fill = p.depth(bool(values[index] > 0), strength)
        items.append(Disc(box.cx + aside, box.cy - aside, radius, fill, p.BLAME_INK if blame else p.PANEL, 2))
    return items


def _at_work(ledger: Ledger, known: Known, layer: int) -> Array | None:
    """Outputs, or blame, of a layer for the sample, as far as they are known and no later than that."""
    record, phase = ledger.batch(known.batch), known.moment.phase
    found: Array | None = None
    if phase in (PREDICT, LOSS) and known.output(layer):
        found = record.outputs[layer][known.sample - 1]
    if phase == BLAME and known.blame(layer):
        found = record.blame[layer][known.sample - 1]
    return found


def _rings(ledger: Ledger, tiles: Tiles, view: View) -> list[Item]:
    """Round the two neurons that the selected weight joins."""
    weight = ledger.header.weights_by_name.get(view.selected)
    if weight is None:
        return []
    boxes = [tiles.tiles[weight.layer + 1].place(weight.column)]
    boxes += [] if weight.is_bias else [tiles.tiles[weight.layer].place(weight.row)]
    return [Panel(box.inset(-RING, -RING), "", p.INK, min(9.0, box.w / 5 + RING), RING) for box in boxes]
