"""The inspector's lower panel: the final adjustment, grey while pending, green once it is final.

Where a rule has more lines than there is room for, the named results stand for them, and links lead to the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

from piggybank.app.overlays.strips import fits, more_lines, named_results, strip_lines
from piggybank.app.player import PlayerState
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Line, Ref
from piggybank.ledger.recipe_words import result_word
from piggybank.ledger.records import Weight
from piggybank.ledger.sources import rate_ref
from piggybank.stage import palette as p
from piggybank.stage.known import Known
from piggybank.stage.measure import text_width
from piggybank.stage.scene import Box, Hit, Item, Label, Panel
from piggybank.stage.view import number


@dataclass(frozen=True)
class Commit:
    """What the panel is about. lines: the commit's; note: a sentence in place of the usual words; extra: the receipt
    of all coins so far."""

    ledger: Ledger
    known: Known
    weight: Weight
    lines: list[Line]
    note: str = ""
    extra: Ref | None = None


@dataclass(frozen=True)
class _State:
    """How far the commit is: colours of the panel, of its edge, of its title and its numbers, and words, also shorter
    ones for where links leave less room."""

    fill: str
    edge: str
    ink: str
    value_ink: str
    title: str
    tag: str
    words: tuple[str, ...]


def _state_of(commit: Commit, hindsight: bool) -> _State:
    known, single = commit.known, commit.known.single
    title, tag = "Final adjustment", "FINAL"
    words: tuple[str, ...] = ("the same for every sample of this batch", "the same for every sample", "for all samples")
    if single:
        title, tag, words = "Adjustment", "ADJUSTED", ("made by this sample alone",)
        if commit.ledger.header.memory:
            words = ("made by this sample and what was saved before", "by this sample and what was saved")
    if known.committed:
        return _State(p.GREEN, p.GREEN_EDGE, p.GREEN_INK, p.INK, title, tag, words)
    if single:
        return _State(p.WAITING, p.WAITING_EDGE, p.MUTED, p.MUTED, title, "NEXT", words)
    after = f"commits after sample {known.count}"
    words = (f"{after}, the same for every sample", after)
    if hindsight:
        return _State(p.GREEN, p.GREEN_EDGE, p.GREEN_INK, p.INK, title, "FINAL, SHOWN AHEAD", words)
    tag = f"PENDING {known.banked} of {known.count}"
    return _State(p.WAITING, p.WAITING_EDGE, p.MUTED, p.MUTED, title, tag, words)


def final_panel(box: Box, commit: Commit, state: PlayerState) -> tuple[list[Item], list[Hit]]:
    """Title, state, how the lines are to be read, and the lines."""
    known, look = commit.known, _state_of(commit, state.hindsight)
    items: list[Item] = [
        Panel(box, look.fill, look.edge, 16),
        Label(box.x + 24, box.y + 30, look.title, p.TEXT + 2, look.ink, p.SEMIBOLD),
        Label(box.right - 24, box.y + 30, look.tag, p.SMALL, look.ink, p.BOLD, "right"),
    ]
    room, lines = box.w - 48, commit.lines
    strip = Box(box.x, box.y + 80, box.w, box.h - 88)
    whole = Ref("commit", commit.weight.name, known.batch, banked=None if state.hindsight else known.seen)
    hits: list[Hit] = []
    links = []
    if commit.extra:
        links.append(("all coins so far ›", commit.extra, "what every coin so far has in this adjustment"))
    if not fits(strip, lines):
        links.insert(0, (f"all {len(lines)} lines ›", whole, "all lines of the commit"))
        header = commit.ledger.header
        lines = named_results(lines, [result_word(header, name) for name, _ in header.recipe.lines])
        items += _rate(commit, box, look)
    right = box.right - 16
    for link, ref, tip in links:
        wide = text_width(link, p.SMALL) + 28
        chip, right = Box(right - wide, box.y + 44, wide, 32), right - wide - 10
        items += [Panel(chip, p.PANEL, "", 11), Label(chip.cx, chip.cy, link, p.SMALL, look.ink, anchor="centre")]
        hits.append(Hit(chip, "open", ref.code, tip))
        room = chip.x - box.x - 36
    words = (commit.note, commit.note.partition(":")[0]) if commit.note else look.words
    fitting = [text for text in words if text_width(text, p.SMALL) <= room]
    if fitting or not links or commit.note:
        ink = look.ink if commit.note else p.MUTED
        items.append(Label(box.x + 24, box.y + 60, (*fitting, words[-1])[0], p.SMALL, ink, room=room))
    items += strip_lines(strip, lines, look.edge, look.value_ink, state.exact)
    return items, hits + more_lines(strip, lines, whole)


def _rate(commit: Commit, box: Box, look: _State) -> list[Item]:
    """Beside the title the learning rate that the schedule gives this commit: the line that says it is left out."""
    ledger, batch = commit.ledger, commit.known.batch
    left = box.x + 24 + text_width(look.title, p.TEXT + 2, p.SEMIBOLD) + 20
    room = box.right - 24 - text_width(look.tag, p.SMALL, p.BOLD) - 16 - left
    for words in ("at learning rate", "at rate"):
        wide = text_width(words, p.SMALL) + 8
        if ledger.header.is_scheduled and wide + 110 <= room:
            rate, ref, y = ledger.learning_rate_at(batch), rate_ref(ledger, batch), box.y + 30
            value = number(left + wide, y, rate, ref, look.value_ink, 110, anchor="left")
            return [Label(left, y, words, p.SMALL, p.MUTED), value]
    return []
