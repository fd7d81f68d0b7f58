"""The epoch summary: what each data row put into the selected weight so far, loss, largest coins, commits."""

from __future__ import annotations

from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Ref
from piggybank.ledger.receipt import commit_values
from piggybank.ledger.records import Weight
from piggybank.ledger.shares import Share, epoch_batches, row_totals, shares_of
from piggybank.stage import palette as p
from piggybank.stage.digits import weight_title
from piggybank.stage.known import Known
from piggybank.stage.layout import Regions
from piggybank.stage.piggies import sign
from piggybank.stage.scene import Box, Coin, Hit, Item, Label, Line, Panel
from piggybank.stage.view import number

LINE = 36.0
MOST_ROWS, MOST_COINS, MOST_COMMITS = 8, 3, 4


def sidebar_box(regions: Regions) -> Box:
    """Over the adjustment trace."""
    return regions.trace


def epoch_sidebar(ledger: Ledger, known: Known, selected: str, regions: Regions) -> tuple[list[Item], list[Hit]]:
    """Only what is committed at this moment is counted."""
    box, weight = sidebar_box(regions), ledger.weight(selected)
    last = known.batch if known.committed else known.batch - 1
    batches = epoch_batches(ledger.header, known.moment.epoch, last)
    items: list[Item] = [
        Panel(box, p.PANEL, p.YELLOW_EDGE, 16),
        Label(box.x + 24, box.y + 34, f"Epoch {known.moment.epoch}", p.LARGE, p.INK, p.BOLD),
        Label(box.right - 24, box.y + 34, "S closes", p.SMALL, p.MUTED, anchor="right"),
    ]
    title = f"into {weight_title(weight.source, weight.target)}"
    items.append(Label(box.x + 150, box.y + 35, title, p.SMALL, p.MUTED, room=box.w - 290))
    hits = [Hit(box, "", "")]
    if not batches:
        words = "Nothing is committed in this epoch yet."
        items.append(Label(box.x + 24, box.y + 86, words, p.SMALL, p.MUTED, room=box.w - 48))
        return items, hits
    items += _loss(ledger, batches, Box(box.x + 24, box.y + 66, box.w - 48, LINE))
    shares = shares_of(ledger, weight, batches)
    at = Box(box.x + 24, box.y + 112, box.w - 48, 0)
    items += _rows(ledger, shares, weight, known, last, at)
    at = Box(at.x, at.y + 44 + LINE * min(MOST_ROWS, len(row_totals(shares))) + 14, at.w, 0)
    found, places = _coins(ledger, shares, weight, at)
    items, hits = items + found, hits + places
    at = Box(at.x, at.y + 44 + LINE * min(MOST_COINS, len(shares)) + 14, at.w, 0)
    found, places = _commits(ledger, batches, weight, at)
    return items + found, hits + places


def _head(at: Box, words: str) -> list[Item]:
    return [
        Line(((at.x, at.y), (at.x + at.w, at.y)), p.RULE, 2),
        Label(at.x, at.y + 24, words, p.SMALL, p.INK, p.SEMIBOLD, room=at.w),
    ]


def _loss(ledger: Ledger, batches: range, at: Box) -> list[Item]:
    """Mean loss of the first and of the last batch that is committed."""
    items: list[Item] = [Label(at.x, at.cy, "loss", p.SMALL, p.MUTED)]
    x = at.x + 70
    for place, batch in enumerate((batches[0], batches[-1])[: len(batches)]):
        if place:
            items.append(Label(x, at.cy, "→", p.SMALL, p.MUTED))
            x += 40
        ref = Ref("loss", "", batch, 0)
        items.append(number(x, at.cy, ledger.batch_loss(batch), ref, p.BLUE_INK, 110, font=p.SEMIBOLD, anchor="left"))
        x += 120
    words = "first and last batch" if len(batches) > 1 else "one batch"
    items.append(Label(at.right, at.cy, words, p.SMALL, p.MUTED, anchor="right", room=at.right - x))
    return items


def _rows(ledger: Ledger, shares: list[Share], weight: Weight, known: Known, last: int, at: Box) -> list[Item]:
    """A bar for each data row, the largest first."""
    totals = row_totals(shares)
    left_out = len(totals) - MOST_ROWS
    words = "Rows, largest first" + (f" ({left_out} more)" if left_out > 0 else "")
    items = _head(at, words)
    largest = max((abs(value) for value in totals.values() if abs(value) < float("inf")), default=0.0) or 1.0
    zero, half = at.x + at.w * 0.56, at.w * 0.17
    shown = list(totals.items())[:MOST_ROWS]
    items.append(Line(((zero, at.y + 44), (zero, at.y + 44 + LINE * len(shown))), p.INK, 2))
    for place, (row, value) in enumerate(shown):
        y = at.y + 44 + (place + 0.5) * LINE
        items.append(Label(at.x, y, ledger.header.row_names[row], p.SMALL, p.INK, room=at.w * 0.36))
        length = half * min(1.0, abs(value) / largest) if value == value else 0.0
        if length >= 1:
            left = zero if value > 0 else zero - length
            items.append(Panel(Box(left, y - 10, length, 20), p.BLUE if value > 0 else p.BLAME_INK, "", 4))
        ref = Ref("share", weight.name, known.moment.epoch, row + 1, last)
        items.append(number(at.x + at.w, y, value, ref, p.INK, at.w * 0.24, signed=True))
    return items


def _coins(ledger: Ledger, shares: list[Share], weight: Weight, at: Box) -> tuple[list[Item], list[Hit]]:
    """The largest coins; a click goes to where one was banked."""
    items, hits = _head(at, "Largest coins"), []
    for place, share in enumerate(sorted(shares, key=lambda s: -abs(s.value))[:MOST_COINS]):
        y = at.y + 44 + (place + 0.5) * LINE
        items.append(Coin(at.x + 18, y, 17, share.sample, sign(share.value)))
        words = f"batch {share.batch} · {ledger.header.row_names[share.row]}"
        items.append(Label(at.x + 46, y, words, p.SMALL, p.INK, room=at.w * 0.62))
        ref = Ref("slice", weight.name, share.batch, share.sample)
        items.append(number(at.x + at.w, y, share.value, ref, p.INK, at.w * 0.24, signed=True))
        tip = f"go to sample {share.sample} of batch {share.batch}"
        hits.append(Hit(Box(at.x, y - LINE / 2, at.w, LINE), "sample", f"{share.batch}.{share.sample}", tip))
    return items, hits


def _commits(ledger: Ledger, batches: range, weight: Weight, at: Box) -> tuple[list[Item], list[Hit]]:
    """The last commits of the epoch; a click goes there."""
    items, hits = _head(at, "Commits"), []
    for place, batch in enumerate(batches[-MOST_COMMITS:]):
        y = at.y + 44 + (place + 0.5) * LINE
        items.append(Label(at.x, y, f"batch {batch}", p.SMALL, p.INK))
        value = commit_values(ledger, weight, batch)["adjustment"]
        ref = Ref("commit", weight.name, batch, part="adjustment")
        items.append(number(at.x + at.w, y, value, ref, p.GREEN_INK, at.w * 0.24, signed=True, font=p.SEMIBOLD))
        hits.append(
            Hit(Box(at.x, y - LINE / 2, at.w, LINE), "commit", str(batch), f"go to the commit of batch {batch}")
        )
    return items, hits
