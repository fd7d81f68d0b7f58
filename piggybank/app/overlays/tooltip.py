"""What the pointer is over, in a small card: for a weight how much each sample put in, for a number all its digits."""

from __future__ import annotations

from piggybank.ledger import bank
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Ref
from piggybank.ledger.pass_receipts import sample_loss
from piggybank.stage import digits
from piggybank.stage import palette as p
from piggybank.stage.known import Known
from piggybank.stage.measure import text_width
from piggybank.stage.piggies import sign
from piggybank.stage.scene import Box, Coin, Hit, Item, Label, Panel

ROWS = 8
LINE = 36.0


def tooltip(
    ledger: Ledger, known: Known, selected: str, hit: Hit, pointer: tuple[float, float], screen: Box
) -> list[Item]:
    """The card for what is under the pointer; nothing where there is nothing to say."""
    if hit.command == "inspect" and hit.argument in ledger.header.weights_by_name:
        return _shares(ledger, known, hit.argument, pointer, screen)
    words = _words(ledger, known, selected, hit)
    if not words:
        return []
    width = max(text_width(line, p.SMALL) for line in words) + 36
    box = place_card(pointer, width, LINE * len(words) + 20, screen)
    items: list[Item] = [Panel(box, p.INK, "", 12)]
    for place, line in enumerate(words):
        items.append(Label(box.x + 18, box.y + 10 + (place + 0.5) * LINE, line, p.SMALL, p.ON_INK))
    return items


def place_card(pointer: tuple[float, float], width: float, height: float, screen: Box) -> Box:
    """Beside the pointer, inside the window."""
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


def _shares(ledger: Ledger, known: Known, name: str, pointer: tuple[float, float], screen: Box) -> list[Item]:
    """A line for each coin in the bank, and the bank's total."""
    weight, record = ledger.weight(name), ledger.batch(known.batch)
    slices = [float(value) for value in bank.slices(ledger.header, record, weight)[: known.banked]]
    totals = bank.running_totals(ledger.header, record, weight)
    shown = list(enumerate(slices, 1))
    if len(shown) > ROWS:  # the largest coins say most
        shown = sorted(sorted(shown, key=lambda pair: -abs(pair[1]))[:ROWS])
    title = digits.weight_title(weight.source, weight.target)
    rows = len(shown) + (2 if shown else 1)
    box = place_card(pointer, 300.0, 62 + LINE * rows, screen)
    items: list[Item] = [
        Panel(box, p.PANEL, p.INK, 14, 2),
        Label(box.x + 18, box.y + 30, title, p.TEXT, p.INK, p.BOLD, room=264),
    ]
    y = box.y + 58 + LINE / 2
    for number, value in shown:
        items.append(Coin(box.x + 36, y, 17, number, sign(value)))
        ref = Ref("slice", name, known.batch, number, known.seen)
        text = digits.column((value,), True)[0]
        items.append(Label(box.right - 18, y, text, p.SMALL, p.INK, anchor="right", ref=ref))
        y += LINE
    if not shown:
        items.append(Label(box.x + 18, y, "The bank is empty.", p.SMALL, p.MUTED))
        return items
    total = digits.column((float(totals[known.banked]),), True)[0]
    items.append(Label(box.x + 18, y, "together", p.SMALL, p.MUTED))
    items.append(Label(box.right - 18, y, total, p.SMALL, p.YELLOW_INK, p.BOLD, "right", ref=known.bank_ref(name)))
    words = "all coins so far" if len(shown) == len(slices) else f"the {ROWS} largest of {len(slices)} coins"
    items.append(Label(box.x + 18, y + LINE, words, p.SMALL, p.MUTED))
    return items
