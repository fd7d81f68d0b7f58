"""The epoch summary: what each data row put into one weight or into all so far, loss, what is right, largest coins,
commits."""

from __future__ import annotations

from collections.abc import Iterator

from piggybank.app.overlays.epoch_sums import Epoch
from piggybank.app.overlays.shares import cancelling
from piggybank.app.widgets import button, button_width, closing
from piggybank.ledger.accuracy import accuracy, has_classes
from piggybank.ledger.commit_receipts import commit_values
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Ref
from piggybank.ledger.measured import data_loss
from piggybank.ledger.shares import Share, epoch_batches, shares_of
from piggybank.stage import palette as p
from piggybank.stage.digits import weight_title
from piggybank.stage.known import Known
from piggybank.stage.measure import text_width
from piggybank.stage.piggies import sign
from piggybank.stage.regions import Regions
from piggybank.stage.scene import Box, Coin, Hit, Item, Label, Line, Panel
from piggybank.stage.view import number

TOO_LONG = "Too many coins to add up here."
LINE, HEAD, GAP = 32.0, 42.0, 12.0
MOST_ROWS, MOST_COINS, MOST_COMMITS = 8, 3, 4
TOP = 148.0
"""Where the first section begins, below the title, the switch and the loss."""


def sidebar_box(regions: Regions) -> Box:
    """Over the adjustment trace."""
    return regions.trace


def epoch_sidebar(
    ledger: Ledger,
    known: Known,
    selected: str,
    regions: Regions,
    *,
    everything: bool = False,
    whole: bool = False,
    moved: bool = False,
) -> tuple[list[Item], list[Hit]]:
    """Only what is committed at this moment is counted; everything: for all weights, not only the selected one; whole:
    from the run's first batch on; moved: then not what rows put in, but how far that moved the weight."""
    box, weight = sidebar_box(regions), ledger.weight(selected)
    last = known.batch if known.committed else known.batch - 1
    batches = range(1, last + 1) if whole else epoch_batches(ledger.header, known.moment.epoch, last)
    epoch = Epoch(ledger, known, weight, everything, batches, whole, moved)
    title = "All epochs" if whole else f"Epoch {known.moment.epoch}"
    chip = Box(box.x + 42 + text_width(title, p.LARGE, p.BOLD), box.y + 14, button_width("whole run") - 12, 36)
    run_chip, run_place = button(chip, "whole run", "summary_run", lit=whole, tip="add up all commits so far")
    closes, close = closing(box.right - 20, box.y + 32, "S closes", "summary")
    items: list[Item] = [
        Panel(box, p.PANEL, p.YELLOW_EDGE, 16),
        Label(box.x + 24, box.y + 32, title, p.LARGE, p.INK, p.BOLD),
        *run_chip,
        *closes,
    ]
    found, places = _switch(epoch, Box(box.x + 24, box.y + 58, box.w - 48, 40))
    items, hits = items + found, [Hit(box, "", ""), *run_place, *places, *close]
    if not epoch.batches or epoch.too_long:
        words = "Nothing is committed in this epoch yet." if not whole else "Nothing is committed yet."
        words = TOO_LONG if epoch.too_long else words
        items.append(Label(box.x + 24, box.y + 128, words, p.SMALL, p.MUTED, room=box.w - 48))
        return items, hits
    items += _loss(epoch, Box(box.x + 24, box.y + 108, box.w - 48, LINE))
    top = TOP
    if has_classes(ledger.header):
        items += _right(epoch, Box(box.x + 24, box.y + 108 + LINE, box.w - 48, LINE))
        top += LINE
    found, places = _sections(epoch, Box(box.x + 24, box.y + top, box.w - 48, box.h - top - 10))
    return items + found, hits + places


def _switch(epoch: Epoch, at: Box) -> tuple[list[Item], list[Hit]]:
    """Two chips: the selected weight, or all; the one that is not chosen reacts."""
    items: list[Item] = []
    hits: list[Hit] = []
    half = (at.w - 10) / 2
    title = weight_title(epoch.weight.source, epoch.weight.target)
    for place, words in enumerate((f"into {title}", "into all weights")):
        chosen = epoch.everything == bool(place)
        chip = Box(at.x + place * (half + 10), at.y, half, at.h)
        found, places = button(chip, words, "summary_all", lit=chosen)
        items, hits = items + found, hits + ([] if chosen else places)
    return items, hits


def _loss(epoch: Epoch, at: Box) -> list[Item]:
    """Of all rows, before the epoch's first batch and after the last one that is committed."""
    items: list[Item] = [Label(at.x, at.cy, "loss of all rows", p.SMALL, p.MUTED)]
    for x, batch in _then_and_now(epoch, at, items):
        value, ref = data_loss(epoch.ledger, batch), Ref("loss", "", -batch, 0)
        items.append(number(x, at.cy, value, ref, p.BLUE_INK, 110, font=p.SEMIBOLD, anchor="left"))
    return items


def _right(epoch: Epoch, at: Box) -> list[Item]:
    """How many of all rows are classified rightly, before the epoch and now."""
    items: list[Item] = [Label(at.x, at.cy, "rows right", p.SMALL, p.MUTED)]
    end = at.x
    for x, batch in _then_and_now(epoch, at, items):
        found = accuracy(epoch.ledger, -batch)
        ref = Ref("accuracy", "", -batch)
        label = number(x, at.cy, float(found.right), ref, p.GREEN_INK, 110, font=p.SEMIBOLD, anchor="left")
        items.append(label)
        end = x + text_width(label.text, p.SMALL, p.SEMIBOLD)
    rows = epoch.ledger.header.rows
    return [*items, Label(end + 8, at.cy, f"of {rows:,}", p.SMALL, p.MUTED, room=at.right - end - 8)]


def _then_and_now(epoch: Epoch, at: Box, items: list[Item]) -> Iterator[tuple[float, int]]:
    """Where the two numbers stand, each with the batch whose weights it is measured with; the arrow between them."""
    yield at.x + 176, epoch.batches[0]
    items.append(Label(at.x + 290, at.cy, "→", p.SMALL, p.MUTED))
    yield at.x + 326, epoch.last + 1


def _sections(epoch: Epoch, area: Box) -> tuple[list[Item], list[Hit]]:
    """Rows, coins and commits under one another, each as long as there is room."""
    shares = [] if epoch.rows_only else shares_of(epoch.ledger, epoch.weight, epoch.batches)
    totals = epoch.totals(shares)
    balance = [] if epoch.rows_only else _balance(epoch, totals, area)
    at = Box(area.x, area.y + (36 if not epoch.rows_only else 6), area.w, 0)
    heads = 2 if epoch.rows_only else 3
    lines = int((area.bottom - at.y - heads * HEAD - (heads - 1) * GAP) // LINE)
    coins = min(MOST_COINS, len(shares), max(1, lines // 4))
    commits = min(MOST_COMMITS, len(epoch.batches), max(1, lines // 4))
    rows = max(1, min(MOST_ROWS if not epoch.rows_only else lines, len(totals), lines - coins - commits))
    found, hits = _rows(epoch, totals, rows, at)
    items = [*balance, *found]
    at = Box(at.x, at.y + HEAD + LINE * rows + GAP, at.w, 0)
    if shares:
        found, places = _coins(epoch, shares, coins, at)
        items, hits = items + found, hits + places
        at = Box(at.x, at.y + HEAD + LINE * coins + GAP, at.w, 0)
    found, places = _commits(epoch, commits, at)
    return items + found, hits + places


def _balance(epoch: Epoch, totals: dict[int, float], area: Box) -> list[Item]:
    """What all coins of the epoch put in and took out of the weight's banks, and how far that cancelled."""
    whole = Ref("share", epoch.weight.name, epoch.known.moment.epoch, 0, epoch.last)
    found = cancelling(epoch.ledger, whole, area.x, area.y + 16)
    if found or not all(abs(value) < float("inf") for value in totals.values()):
        return found
    words = "all coins pull one way: none cancels" if any(totals.values()) else "every coin is 0: nothing to cancel"
    return [Label(area.x, area.y + 16, words, p.SMALL, p.MUTED, room=area.w)]


def _head(at: Box, words: str, room: float = 0.0) -> list[Item]:
    return [
        Line(((at.x, at.y), (at.x + at.w, at.y)), p.RULE, 2),
        Label(at.x, at.y + 23, words, p.SMALL, p.INK, p.SEMIBOLD, room=room or at.w),
    ]


def _coins_or_moved(epoch: Epoch, at: Box) -> tuple[list[Item], list[Hit], float]:
    """Two chips over the rows of a whole run, at the right; and where they begin."""
    items: list[Item] = []
    hits: list[Hit] = []
    right = at.x + at.w
    for words, chosen, tip in (
        ("moved", epoch.shows_moved, "how far each row moved the weight in the end"),
        ("coins", not epoch.shows_moved, "what each row put into the banks"),
    ):
        wide = button_width(words) - 12
        found, places = button(Box(right - wide, at.y + 6, wide, 32), words, "summary_moved", lit=chosen, tip=tip)
        items, hits, right = items + found, hits + ([] if chosen else places), right - wide - 8
    return items, hits, right


def _rows(epoch: Epoch, totals: dict[int, float], many: int, at: Box) -> tuple[list[Item], list[Hit]]:
    """A bar for each data row, the largest first."""
    left_out = len(totals) - many
    words = "Sizes of each row's coins" if epoch.everything else "Rows, largest first"
    chips, hits, end = list[Item](), list[Hit](), at.x + at.w
    if epoch.movable:
        chips, hits, end = _coins_or_moved(epoch, at)
        words = "Sizes" if epoch.everything else "Rows"
    rows = epoch.ledger.header.rows
    so_far = f", {len(totals)} of {rows} so far" if not epoch.whole and len(totals) < rows else ""
    more = f" ({left_out} more)" if left_out > 0 else ""
    items = [*_head(at, words + so_far + more, end - at.x), *chips]
    largest = max((abs(value) for value in totals.values() if abs(value) < float("inf")), default=0.0) or 1.0
    zero, half = (at.x + at.w * 0.39, at.w * 0.34) if epoch.everything else (at.x + at.w * 0.56, at.w * 0.17)
    top = at.y + HEAD
    items.append(Line(((zero, top), (zero, top + LINE * many)), p.INK, 2))
    for place, (row, value) in enumerate(list(totals.items())[:many]):
        y = top + (place + 0.5) * LINE
        items.append(Label(at.x, y, epoch.ledger.header.row_names[row], p.SMALL, p.INK, room=at.w * 0.36))
        length = half * min(1.0, abs(value) / largest) if value == value else 0.0
        if length >= 1:
            left = zero if value > 0 else zero - length
            items.append(Panel(Box(left, y - 9, length, 18), p.BLUE if value > 0 else p.BLAME_INK, "", 4))
        signed = not epoch.everything
        ink = p.GREEN_INK if epoch.shows_moved else p.INK
        items.append(number(at.x + at.w, y, value, epoch.of_row(row), ink, at.w * 0.24, signed=signed))
    return items, hits


def _coins(epoch: Epoch, shares: list[Share], many: int, at: Box) -> tuple[list[Item], list[Hit]]:
    """The largest coins; a click goes to where one was banked."""
    items, hits = _head(at, "Largest coins"), []
    for place, share in enumerate(sorted(shares, key=lambda s: -abs(s.value))[:many]):
        y = at.y + HEAD + (place + 0.5) * LINE
        whose = epoch.ledger.header.place(share.batch) + 1 if epoch.known.single else share.sample
        items.append(Coin(at.x + 18, y, 15, whose, sign(share.value)))
        words = f"batch {share.batch} · {epoch.ledger.header.row_names[share.row]}"
        items.append(Label(at.x + 46, y, words, p.SMALL, p.INK, room=at.w * 0.62))
        ref = Ref("slice", epoch.weight.name, share.batch, share.sample)
        items.append(number(at.x + at.w, y, share.value, ref, p.INK, at.w * 0.24, signed=True))
        tip = f"go to sample {share.sample} of batch {share.batch}"
        hits.append(Hit(Box(at.x, y - LINE / 2, at.w, LINE), "sample", f"{share.batch}.{share.sample}", tip))
    return items, hits


def _commits(epoch: Epoch, many: int, at: Box) -> tuple[list[Item], list[Hit]]:
    """The last commits of the epoch, with the weight's final adjustment or the batch's loss; a click goes there."""
    items, hits = _head(at, "Commits, with the loss of their batch" if epoch.everything else "Commits"), []
    for place, batch in enumerate(epoch.batches[-many:]):
        y = at.y + HEAD + (place + 0.5) * LINE
        items.append(Label(at.x, y, f"batch {batch}", p.SMALL, p.INK))
        value, ref, ink = _of_commit(epoch, batch)
        signed = not epoch.everything
        items.append(number(at.x + at.w, y, value, ref, ink, at.w * 0.24, signed=signed, font=p.SEMIBOLD))
        hits.append(
            Hit(Box(at.x, y - LINE / 2, at.w, LINE), "commit", str(batch), f"go to the commit of batch {batch}")
        )
    return items, hits


def _of_commit(epoch: Epoch, batch: int) -> tuple[float, Ref, str]:
    """The number that stands for a commit, its receipt and its colour."""
    if epoch.everything:
        return epoch.ledger.batch_loss(batch), Ref("loss", "", batch, 0), p.BLUE_INK
    value = commit_values(epoch.ledger, epoch.weight, batch)["adjustment"]
    return value, Ref("commit", epoch.weight.name, batch, part="adjustment"), p.GREEN_INK
