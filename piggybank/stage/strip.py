"""The strip below: transport, batches and samples in time, loss so far."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Ref
from piggybank.ledger.losses import uses_sums
from piggybank.stage import palette as p
from piggybank.stage.classes import right_of
from piggybank.stage.corner import corner, corner_width, corner_words
from piggybank.stage.known import Known
from piggybank.stage.measure import text_width
from piggybank.stage.scene import Box, Disc, Hit, Item, Label, Line, Panel, Picture
from piggybank.stage.timeline import BANK, BLAME, COMMIT, LOSS, PREDICT, Cursor, Timeline
from piggybank.stage.view import View, number

DOTS = 12
"""Batches of up to so many samples show each as a dot, larger ones as a bar that fills."""
PLOT_POINTS = 60
Found: TypeAlias = "tuple[tuple[Item, ...], tuple[Hit, ...]]"


def transport_boxes(box: Box) -> tuple[Box, Box, Box]:
    """Back, play or pause, forward."""
    y = box.cy - 30
    return Box(box.x + 20, y, 60, 60), Box(box.x + 92, y, 60, 60), Box(box.x + 164, y, 60, 60)


def loss_box(view: View) -> Box:
    """Where the loss plot stands."""
    box = view.regions.strip
    width = 330 if view.narrow else 460
    return Box(box.right - width - 12, box.y + 10, width, box.h - 20)


def track_box(view: View) -> Box:
    """Where the batches stand."""
    box, left = view.regions.strip, transport_boxes(view.regions.strip)[2].right + 34
    return Box(left, box.y + 20, loss_box(view).x - 30 - left, 34)


def strip_still(view: View) -> list[Item]:
    """Panel and buttons."""
    box = view.regions.strip
    back, play, forward = transport_boxes(box)
    items: list[Item] = [Panel(box, p.PANEL, p.PANEL_EDGE)]
    for button, icon, fill, ink in (
        (back, "icon_back", p.CHIP, p.INK),
        (play, "icon_pause" if view.playing else "icon_play", p.INK, p.ON_INK),
        (forward, "icon_forward", p.CHIP, p.INK),
    ):
        items.append(Disc(button.cx, button.cy, 30, fill, p.CHIP_EDGE if fill == p.CHIP else "", 2))
        items.append(Picture(icon, button.cx, button.cy, 28, tint=ink))
    return items


def strip_hits(view: View) -> list[Hit]:
    """The buttons' places."""
    boxes = transport_boxes(view.regions.strip)
    commands = (("back", "one beat back (←)"), ("toggle", "play or pause (Space)"), ("forward", "one beat on (→)"))
    return [Hit(box, command, "", tip) for box, (command, tip) in zip(boxes, commands, strict=True)]


def _visible_batches(timeline: Timeline, view: View, batch: int) -> tuple[int, int, float]:
    """First batch shown, how many, and the width of one."""
    track = track_box(view)
    samples = timeline.batch_size
    wanted = max(46.0, samples * 25.0 + 18) if samples <= DOTS else 150.0
    many = max(1, int(track.w // wanted))
    if view.planned:
        many = min(many, view.planned)
    first = (batch - 1) // many * many + 1
    return first, many, min(track.w / many, wanted * 4)


def strip_step(timeline: Timeline, known: Known, view: View) -> tuple[list[Item], list[Hit]]:
    """Batches as chips with their samples as dots; what has been banked is in colour."""
    first, many, width = _visible_batches(timeline, view, known.batch)
    track = track_box(view)
    items: list[Item] = []
    hits: list[Hit] = []
    for place in range(many):
        batch = first + place
        box = Box(track.x + place * width, track.y, width - 5, track.h)
        done = batch < known.batch or (batch == known.batch and known.committed)
        fill = p.GREEN if done else p.YELLOW if batch == known.batch else p.CHIP
        items.append(Panel(box, fill, "", 10))
        banked = timeline.count(batch) if done else known.banked if batch == known.batch else 0
        draw = _dots if timeline.batch_size <= DOTS else _bar
        first_number = timeline.place(batch) + 1 if known.single else 1
        found, places = draw(box, batch, timeline.count(batch), banked, first_number)
        items += found
        hits += places
        hits.append(
            Hit(Box(box.right - 14, box.y, 18, box.h), "commit", str(batch), f"go to the commit of batch {batch}")
        )
    return items, hits


@lru_cache(maxsize=64)
def _dots(box: Box, batch: int, count: int, banked: int, first: int) -> Found:
    """first: the number on the first sample's coin."""
    items: list[Item] = []
    hits: list[Hit] = []
    step = (box.w - 16) / count
    for sample in range(1, count + 1):
        x = box.x + 6 + (sample - 0.5) * step
        who = first + sample - 1
        items.append(Disc(x, box.cy, 8, p.hue(who)) if sample <= banked else Disc(x, box.cy, 8, "", p.DOT, 2.5))
        hits.append(Hit(Box(x - step / 2, box.y, step, box.h), "sample", f"{batch}.{sample}", f"go to sample {who}"))
    return tuple(items), tuple(hits)


@lru_cache(maxsize=64)
def _bar(box: Box, batch: int, count: int, banked: int, first: int) -> Found:
    items: list[Item] = []
    if banked:
        items.append(Panel(Box(box.x + 5, box.y + 9, (box.w - 10) * banked / count, box.h - 18), p.YELLOW_EDGE, "", 8))
    hits: list[Hit] = []
    parts = min(count, 30)
    for part in range(parts):
        sample = 1 + part * count // parts
        area = Box(box.x + 5 + part * (box.w - 10) / parts, box.y, (box.w - 10) / parts, box.h)
        hits.append(Hit(area, "sample", f"{batch}.{sample}", f"go to sample {first + sample - 1}"))
    return tuple(items), tuple(hits)


PHASE_WORDS = {PREDICT: "predicting", LOSS: "loss", BLAME: "blame", BANK: "banking"}


def playhead(timeline: Timeline, known: Known, cursor: Cursor, view: View) -> list[Item]:
    """The needle, at the beat and its progress."""
    first, _, width = _visible_batches(timeline, view, known.batch)
    track = track_box(view)
    left = track.x + (known.batch - first) * width
    if known.moment.phase == COMMIT:
        x = left + width - 13 + 8 * cursor.progress
    else:
        inside = cursor.beat - timeline.first_beat(known.batch) + cursor.progress
        x = left + 6 + (width - 21) * inside / (timeline.beats_per_sample * known.count)
    words = _where(known) + (f" · seal {view.seal}" if view.seal else "")
    half = min(track.w, text_width(words, p.SMALL)) / 2
    end = min(track.right, view.regions.trace.x - 16) if view.asked else track.right  # a question's card stands there
    middle = max(min(x, end - half), track.x + half)
    return [
        Line(((x, track.y - 6), (x, track.bottom + 8)), p.INK, 3),
        Disc(x, track.y - 6, 8, p.INK),
        Label(middle, track.bottom + 30, words, p.SMALL, p.MUTED, anchor="centre", room=track.w),
    ]


def _where(known: Known) -> str:
    """The moment in words."""
    phase = known.moment.phase
    if known.single:
        doing = "adjusting" if phase in (BANK, COMMIT) else PHASE_WORDS[phase]
        return f"epoch {known.moment.epoch} · sample {known.place} · {doing}"
    if phase == COMMIT:
        return f"batch {known.batch} · commit"
    return f"batch {known.batch} · sample {known.sample} · {PHASE_WORDS[phase]}"


def loss_plot(ledger: Ledger, known: Known, view: View) -> tuple[list[Item], list[Hit]]:
    """The mean loss of the batches committed so far, and the last one in digits; each point leads to its commit."""
    box = loss_box(view)
    area = Box(box.x + 6, box.y + 42, box.w - max(268, corner_width(view) + 20), box.h - 50)
    batches = known.batch if known.committed else known.batch - 1
    words, hits = corner_words(view), list[Hit]()
    title = "loss" if view.narrow and words else f"loss per {'commit' if known.single else 'batch'}"
    items: list[Item] = [
        Label(box.x, box.y + 16, title, p.SMALL, p.MUTED, room=box.w - 130),
        Label(box.right, box.y + 16, f"speed × {view.speed:g}", p.SMALL, p.INK, anchor="right", room=130),
    ]
    found = right_of(ledger, batches) if batches else ()
    if words or not (found and view.narrow):
        marks, hits = corner(view, box)
        items += marks
    if batches == 0:
        items.append(Line(((area.x, area.bottom - 4), (area.right, area.bottom - 4)), p.RULE, 2))
        return items, hits
    every = ledger.kept_every if uses_sums(ledger.header) else 1
    chosen = _chosen(batches, every)
    losses = [ledger.batch_loss(batch) for batch in chosen]
    points = _points(area, chosen if every > 1 else range(len(chosen)), losses)
    if len(points) > 1:
        items.append(Line(points, p.BLUE, 2.5))
    items.append(Disc(*points[-1], 6, p.BLUE))
    ref = Ref("loss", "", batches, 0)
    where = (area.right + 16, area.cy, 118.0)
    if not view.narrow or words:
        left = box.x + text_width(title, p.SMALL) + 18
        where = (left, box.y + 16, box.right - 130 - left)
    x, y, room = where
    if found and not words:
        items += _accuracy(found, batches, box.right if view.narrow else area.right + 16, box.bottom - 18, view.narrow)
    items.append(number(x, y, losses[-1], ref, p.BLUE_INK, room, font=p.SEMIBOLD, anchor="left"))
    wide = max(8.0, area.w / len(chosen))
    plotted = [
        Hit(Box(x - wide / 2, area.y, wide, area.h), "loss", str(batch), f"loss of batch {batch}")
        for (x, _), batch in zip(points, chosen, strict=True)
    ]
    return items, [*plotted, *hits]


def _chosen(last: int, every: int) -> list[int]:
    """Batches up to `last` that have a point; of a long run whose losses need the weights only such as met weights that
    are kept whole, and the last."""
    step = every if last > every else 1
    whole = (last - 1) // step
    many = min(whole + 1, PLOT_POINTS)
    return sorted({1 + place * whole // max(1, many - 1) * step for place in range(many)} | {last})


def _accuracy(found: Sequence[bool], batch: int, x: float, y: float, ends: bool) -> list[Item]:
    """How many of a batch's predictions were right; x: where the words begin, or end."""
    count, rest = f"{sum(found)}", f"of {len(found)} right"
    wide = text_width(f"{count} ", p.SMALL, p.SEMIBOLD)
    x -= wide + text_width(rest, p.SMALL, p.SEMIBOLD) if ends else 0.0
    return [
        Label(x, y, count, p.SMALL, p.GREEN_INK, p.SEMIBOLD, ref=Ref("accuracy", "", batch)),
        Label(x + wide, y, rest, p.SMALL, p.GREEN_INK, p.SEMIBOLD),
    ]


def _points(area: Box, places: Sequence[int], losses: list[float]) -> tuple[tuple[float, float], ...]:
    """Losses as points, as far apart as their places; zero is the floor, and a loss beyond all bounds touches the
    top."""
    finite = [loss for loss in losses if math.isfinite(loss)]
    top = max(finite, default=1.0) or 1.0
    step = area.w / max(1, places[-1] - places[0])
    heights = [min(1.0, loss / top) if math.isfinite(loss) else 1.0 for loss in losses]
    lefts = (area.x + (place - places[0]) * step for place in places)
    return tuple((x, area.bottom - 4 - (area.h - 8) * h) for x, h in zip(lefts, heights, strict=True))
