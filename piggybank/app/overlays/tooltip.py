"""What the pointer is over, in a small card: for a weight how much each sample put in, for a number all its digits."""

from __future__ import annotations

import math
from dataclasses import dataclass

from piggybank.app.effects import vanished_words, without_effect
from piggybank.ledger import bank
from piggybank.ledger.kept import kept_before
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Ref
from piggybank.ledger.loss_receipts import sample_loss
from piggybank.stage import digits
from piggybank.stage import palette as p
from piggybank.stage.banked import in_bank, keeps
from piggybank.stage.known import Known
from piggybank.stage.measure import text_width
from piggybank.stage.piggies import sign
from piggybank.stage.scene import NOBODY, Box, Coin, Hit, Item, Label, Panel

ROWS = 8
LINE = 36.0
NEAR, EDGE = 10.0, 8.0
"""How far a card keeps from what it is about, and from the window's edges."""


def tooltip(
    ledger: Ledger, known: Known, selected: str, hit: Hit, pointer: tuple[float, float], screen: Box
) -> list[Item]:
    """The card for what is under the pointer; nothing where there is nothing to say."""
    if hit.coin:
        return _lines(_one_coin(ledger, known, hit.argument, hit.coin), pointer, screen)
    if hit.command == "inspect" and hit.argument in ledger.header.weights_by_name:
        return _coins(ledger, known, hit, pointer, screen)
    if hit.command == "loss":
        return _losses(ledger, int(hit.argument), pointer, screen)
    return _lines(_words(ledger, known, selected, hit), pointer, screen)


def _lines(words: list[str], pointer: tuple[float, float], screen: Box) -> list[Item]:
    """A dark card with some lines of text."""
    if not words:
        return []
    width = max(text_width(line, p.SMALL) for line in words) + 36
    box = place_card(pointer, width, LINE * len(words) + 20, screen)
    items: list[Item] = [Panel(box, p.INK, "", 12)]
    for place, line in enumerate(words):
        items.append(Label(box.x + 18, box.y + 10 + (place + 0.5) * LINE, line, p.SMALL, p.ON_INK))
    return items


def place_card(pointer: tuple[float, float], width: float, height: float, screen: Box, seen: Box | None = None) -> Box:
    """Beside the pointer, inside the window; seen: what it is about, which has its numbers below and at its right: then
    above it, or at its left, where there is room."""
    if seen is not None and seen.y - NEAR - height >= EDGE:
        x = min(max(EDGE, pointer[0] - width / 2), screen.right - EDGE - width)
        return Box(x, seen.y - NEAR - height, width, height)
    if seen is not None and seen.x - NEAR - width >= EDGE:
        y = min(max(EDGE, pointer[1] - height / 2), screen.bottom - EDGE - height)
        return Box(seen.x - NEAR - width, y, width, height)
    x, y = pointer[0] + 22, pointer[1] + 26
    x = x if x + width <= screen.right - 8 else pointer[0] - 22 - width
    y = y if y + height <= screen.bottom - 8 else pointer[1] - 14 - height
    return Box(max(8.0, x), max(8.0, y), width, height)


def _words(ledger: Ledger, known: Known, selected: str, hit: Hit) -> list[str]:
    if hit.command == "open":
        receipt = ledger.open(Ref.from_code(hit.argument))
        return [digits.pretty(receipt.title), digits.full(receipt.value)]
    if hit.command == "sample":
        return _sample(ledger, known, selected, *(int(part) for part in hit.argument.split(".")))
    return [digits.pretty(hit.tip)] if hit.tip else []


def _sample(ledger: Ledger, known: Known, selected: str, batch: int, sample: int) -> list[str]:
    """Its row; once it is banked its loss, and its coin for the selected weight."""
    if batch > known.batch:
        return [f"go to sample {sample} of batch {batch}"]
    row = ledger.batch(batch).rows[sample - 1]
    words = [f"sample {sample} of batch {batch}: {ledger.header.row_names[row]}"]
    if batch < known.batch or sample <= known.banked:
        words.append(f"loss {digits.shown(sample_loss(ledger, batch, sample))}")
        if selected in ledger.header.weights_by_name:
            weight = ledger.weight(selected)
            coin = float(bank.slices(ledger.header, ledger.batch(batch), weight)[sample - 1])
            words.append(f"coin for {digits.weight_title(weight.source, weight.target)}: {digits.shown(coin, True)}")
    return words


def _one_coin(ledger: Ledger, known: Known, name: str, sample: int) -> list[str]:
    """A single coin of a bank: whose it is, what it is worth, and how much of all that the coins moved it is."""
    weight, record = ledger.weight(name), ledger.batch(known.batch)
    slices = [float(value) for value in bank.slices(ledger.header, record, weight)[: known.banked]]
    coin, moved = slices[sample - 1], sum(map(abs, slices))
    row = ledger.header.row_names[record.rows[sample - 1]]
    words = [
        f"sample {known.number(sample)}: {row}",
        f"coin for {digits.weight_title(weight.source, weight.target)}: {digits.shown(coin, True)}",
    ]
    if math.isfinite(moved) and moved:
        share = digits.column((100 * abs(coin) / moved,), False, 1, 1)[0]
        words.append(f"{share} % of what the {len(slices)} coins put in and took out")
    gone = vanished_words(ledger, weight, known.batch, sample, known.number(sample))
    return [*words, gone] if gone else words


@dataclass(frozen=True)
class Share:
    """One sample's part of something: how it is drawn, its number and the receipt behind that."""

    sample: int
    sign: int | None
    value: float
    ref: Ref


def _coins(ledger: Ledger, known: Known, hit: Hit, pointer: tuple[float, float], screen: Box) -> list[Item]:
    """A line for each coin in the bank, and the bank's total."""
    name = hit.argument
    weight, record = ledger.weight(name), ledger.batch(known.batch)
    slices = [float(value) for value in bank.slices(ledger.header, record, weight)[: known.banked]]
    parts = [
        Share(known.number(place), sign(value), value, Ref("slice", name, known.batch, place, known.seen))
        for place, value in enumerate(slices, 1)
    ]
    kept = None
    if keeps(ledger, known):
        value, ref = kept_before(ledger, weight, known.batch)
        kept = Share(NOBODY, sign(value), value, ref)
    held = in_bank(ledger, known, weight) or (0.0, known.bank_ref(name))
    title = digits.weight_title(weight.source, weight.target)
    note = without_effect(ledger, known, weight)
    return _card(title, parts, ("together", *held), "coins", pointer, screen, note, kept, hit.box)


def _losses(ledger: Ledger, batch: int, pointer: tuple[float, float], screen: Box) -> list[Item]:
    """A line for each sample's loss, and their mean."""
    parts = [
        Share(place, None, sample_loss(ledger, batch, place), Ref("loss", "", batch, place))
        for place in range(1, ledger.header.count(batch) + 1)
    ]
    mean = ledger.batch_loss(batch), Ref("loss", "", batch, 0)
    return _card(f"Loss of batch {batch}", parts, ("mean", *mean), "losses", pointer, screen)


def _card(
    title: str,
    parts: list[Share],
    result: tuple[str, float, Ref],
    what: str,
    pointer: tuple[float, float],
    screen: Box,
    note: str = "",
    kept: Share | None = None,
    seen: Box | None = None,
) -> list[Item]:
    """The largest parts in order, and what they come to; result: its word, value and receipt. note: a sentence for the
    last line; kept: what nobody took out, which comes first; seen: what it is about."""
    largest = sorted(parts, key=lambda part: -abs(part.value))[:ROWS]
    shown = [part for part in parts if part in largest]
    shown = [*([kept] if kept else []), *shown]
    left_out = f"the {ROWS} largest of {len(parts)} {what}" if len(parts) > ROWS else ""
    last = [(words, ink) for words, ink in ((left_out, p.MUTED), (note, p.INK)) if words and shown]
    rows = len(shown) + 1 + len(last)
    width = max(300.0, text_width(title, p.TEXT, p.BOLD) + 40, text_width(note, p.SMALL) + 40)
    box = place_card(pointer, width, 62 + LINE * rows, screen, seen)
    items: list[Item] = [
        Panel(box, p.PANEL, p.INK, 14, 2),
        Label(box.x + 18, box.y + 30, title, p.TEXT, p.INK, p.BOLD, room=width - 36),
    ]
    y = box.y + 58 + LINE / 2
    if not shown:
        return [*items, Label(box.x + 18, y, "The bank is empty.", p.SMALL, p.MUTED)]
    signed = what == "coins"
    for part in shown:
        items.append(Coin(box.x + 36, y, 17, part.sample, part.sign, numbered=part.sample != NOBODY))
        if part.sample == NOBODY:
            items.append(Label(box.x + 62, y, "kept from before", p.SMALL, p.MUTED))
        text = digits.column((part.value,), signed)[0]
        items.append(Label(box.right - 18, y, text, p.SMALL, p.INK, anchor="right", ref=part.ref))
        y += LINE
    word, value, ref = result
    items.append(Label(box.x + 18, y, word, p.SMALL, p.MUTED))
    text = digits.column((value,), signed)[0]
    items.append(Label(box.right - 18, y, text, p.SMALL, p.YELLOW_INK, p.BOLD, "right", ref=ref))
    for place, (words, ink) in enumerate(last, 1):
        items.append(Label(box.x + 18, y + place * LINE, words, p.SMALL, ink))
    return items
