"""An open question, placed so that the pig it is about stays in sight; and the score at the end."""

from __future__ import annotations

from dataclasses import dataclass, replace

from piggybank.app.questions import LETTERS, Asked, Option
from piggybank.app.state import ASK, TALLY, TOLD, WRONG, Gate, PlayerState
from piggybank.app.widgets import HIGH, button, button_width, text_entry
from piggybank.stage import palette as p
from piggybank.stage.digits import pretty
from piggybank.stage.measure import advance, text_width
from piggybank.stage.regions import Regions
from piggybank.stage.scene import Box, Hit, Item, Label, Line, Panel
from piggybank.stage.spans import Span, flow

TALL = 620.0
"""A card of this height has its answers under one another, a lower one two by two."""
NARROW = 300.0
"""An answer's panel, below this width."""


@dataclass(frozen=True)
class Places:
    """Where the parts of the card stand."""

    card: Box
    asks: Box
    answers: Box
    across: int
    feedback: Box
    buttons: Box

    @property
    def under_entry(self) -> Box:
        """Where feedback stands when a number is typed: in a tall column right under the entry, which is one row."""
        if self.across > 1:
            return self.feedback
        top = self.answers.y + 108
        return Box(self.feedback.x, top, self.feedback.w, self.feedback.bottom - top)


def places(regions: Regions, free: Box) -> Places:
    """In the column at the right under the table's rows, so that the network stays in sight. free: what these leave."""
    card = Box(regions.trace.x, free.y - 6, regions.trace.w, regions.strip.bottom - free.y + 6)
    inner, tall = card.inset(28, 0), card.h >= TALL
    buttons = Box(inner.x, card.bottom - HIGH - 18, inner.w, HIGH)
    asks = Box(inner.x, card.y + 62, inner.w, 110)
    answers = Box(inner.x, card.y + 176, inner.w, 260 if tall else 132)
    feedback = Box(inner.x, answers.bottom + 14, inner.w, buttons.y - answers.bottom - 20)
    return Places(card, asks, answers, 1 if tall else 2, feedback, buttons)


def question_card(asked: Asked, state: PlayerState, regions: Regions, free: Box) -> tuple[list[Item], list[Hit]]:
    """The question, its answers, and what came of them; free: what the table's rows leave of its panel."""
    gate = state.gate
    assert gate is not None
    at = places(regions, free)
    words = "Vote before it breaks" if state.class_mode else "Predict before it breaks"
    items: list[Item] = [
        Panel(at.card, p.PANEL, p.FOCUS, 18, 4),
        Label(at.asks.x, at.card.y + 34, words, p.SMALL, p.FOCUS, p.BOLD),
        *flow((Span(asked.asks),), at.asks, p.INK),
    ]
    found, hits = _options(asked, gate, state, at) if asked.options else _entry(gate, state, asked, at.answers)
    items += [*found, *_feedback(asked, gate, state, at.feedback if asked.options else at.under_entry)]
    found, more = _buttons(asked, gate, state, at.buttons)
    return items + found, [Hit(Box(0, 0, regions.width, regions.height), ""), *hits, *more]


def _options(asked: Asked, gate: Gate, state: PlayerState, at: Places) -> tuple[list[Item], list[Hit]]:
    """Under one another, or two by two."""
    items: list[Item] = []
    hits: list[Hit] = []
    down, gap = 4 // at.across, 12.0
    wide = (at.answers.w - gap * (at.across - 1)) / at.across
    high = (at.answers.h - gap * (down - 1)) / down
    for place, option in enumerate(asked.options):
        row, column = divmod(place, at.across)
        box = Box(at.answers.x + column * (wide + gap), at.answers.y + row * (high + gap), wide, high)
        items += _option(box, place, option, gate, state)
        if gate.stage in (ASK, WRONG):
            hits.append(Hit(box, "choose", str(place), f"answer {LETTERS[place]}"))
    return items, hits


def _option(box: Box, place: int, option: Option, gate: Gate, state: PlayerState) -> list[Item]:
    told = gate.stage == TOLD
    wrong = not state.class_mode and place == gate.chosen and not option.right and gate.stage in (WRONG, TOLD)
    fill, edge, ink = p.CHIP, p.CHIP_EDGE, p.INK
    if told and option.right:
        fill, edge, ink = p.GREEN, p.GREEN_EDGE, p.GREEN_INK
    elif wrong:
        fill, edge, ink = p.BLAME, p.BLAME_INK, p.BLAME_INK
    word = "right" if told and option.right else "not this" if wrong else ""
    if state.class_mode and gate.stage in (TALLY, TOLD):
        word = _votes(gate, place)
    if box.w < NARROW:
        return [Panel(box, fill, edge, 14, 3), *_narrow_option(box, place, option.text, word, ink)]
    return [
        Panel(box, fill, edge, 14, 3),
        Label(box.x + 22, box.cy, LETTERS[place], p.TEXT, ink, p.BOLD),
        Label(box.x + 60, box.cy, option.text, p.LARGE, ink, p.SEMIBOLD, room=box.w * 0.5),
        Label(box.right - 18, box.cy, word, p.SMALL, ink, anchor="right", room=box.w * 0.4),
    ]


def _narrow_option(box: Box, place: int, text: str, word: str, ink: str) -> list[Item]:
    """Where a word has no room beside the answer, it stands below it."""
    y, room = (box.cy - 14 if word else box.cy), box.w - 72
    return [
        Label(box.x + 20, box.cy, LETTERS[place], p.TEXT, ink, p.BOLD),
        Label(box.x + 54, y, text, p.TEXT if word else p.LARGE, ink, p.SEMIBOLD, room=room),
        Label(box.x + 54, box.cy + 14, word, p.SMALL, ink, room=room),
    ]


def _votes(gate: Gate, place: int) -> str:
    """Votes of this round, and of the one before."""
    now, plural = gate.votes[place], "vote" if gate.votes[place] == 1 else "votes"
    return f"{gate.earlier[place]} → {now} {plural}" if gate.earlier else f"{now} {plural}"


def _entry(gate: Gate, state: PlayerState, asked: Asked, box: Box) -> tuple[list[Item], list[Hit]]:
    """Where the number is typed, or what it was."""
    field = Box(box.x, box.y + 24, box.w - 160, 60)
    if gate.stage == TOLD or state.class_mode:
        text = asked.text if gate.stage == TOLD else "?"
        return [
            Panel(field, p.GREEN, p.GREEN_EDGE, 12, 3),
            Label(field.x + 20, field.cy, text, p.LARGE, p.GREEN_INK, p.BOLD),
        ], []
    found, hits = button(Box(field.right + 16, field.y, 144, 60), "Answer", "submit", lit=True)
    return [*text_entry(field, state.typed, "type a number"), *found], hits


def _feedback(asked: Asked, gate: Gate, state: PlayerState, box: Box) -> list[Item]:
    """What came of the answer; hints; the explanation with the number that was left out marked."""
    if gate.stage == TOLD:
        head = f"Right: {gate.said}." if gate.right else f"It is {asked.text}."
        if state.look.teacher:
            return [*flow((Span(head),), box, p.INK)]
        return _underlined(flow((Span(f"{head} "), *_marked(asked, gate)), box, p.INK))
    if gate.stage == WRONG:
        said = f"Not {gate.said}. " + ("" if state.look.teacher else gate.feedback)
        return [*flow((Span(said),), box, p.BLAME_INK)]
    if state.class_mode:
        many = sum(gate.votes)
        words = f"{many} vote{'' if many == 1 else 's'}, hidden until you go on."
        if gate.stage == TALLY:
            words = "Talk it over, then vote again." if not gate.earlier else "Now let us see."
        return [*flow((Span(words),), box, p.MUTED)]
    if gate.hints and not state.look.teacher:
        return [*flow((Span(f"Hint: {asked.hints[gate.hints - 1]}"),), box, p.MUTED)]
    return []


def _marked(asked: Asked, gate: Gate) -> list[Span]:
    """The explanation; the number that the last wrong answer left out is marked, and it is said why."""
    found: list[Span] = []
    for span, name in zip(asked.because, asked.names, strict=True):
        found.append(replace(span, marked=bool(name) and name == gate.leaves_out and gate.tries > 0))
    return [*found, Span(" Underlined: left out.")] if any(span.marked for span in found) else found


def _underlined(labels: list[Label]) -> list[Item]:
    """A sentence with a line under what is marked in it."""
    items: list[Item] = list(labels)
    for label in labels:
        if label.font == p.BOLD:
            y = label.y + label.size * 0.52
            items.append(Line(((label.x, y), (label.x + advance(label.text, label.size, p.BOLD), y)), p.BLAME_INK, 3))
    return items


def _buttons(asked: Asked, gate: Gate, state: PlayerState, box: Box) -> tuple[list[Item], list[Hit]]:
    """What can be done now, in words; the keys do the same."""
    left: list[tuple[str, str]] = []
    if gate.stage in (ASK, WRONG) and len(asked.hints) > gate.hints and not (state.class_mode or state.look.teacher):
        left.append(("Hint", "hint"))
    if gate.stage != TOLD:
        left.append(("Alone" if state.class_mode else "Class", "class"))
        left.append(("Skip", "close"))
    items: list[Item] = []
    hits: list[Hit] = []
    x = box.x
    for words, command in left:
        wide = button_width(words)
        found, more = button(Box(x, box.y, wide, box.h), words, command, tip=TIPS[command])
        items, hits, x = items + found, hits + more, x + wide + 12
    words = _onward(gate, state)
    wide = button_width(words)
    found, more = button(Box(box.right - wide, box.y, wide, box.h), words, "answer_on", lit=True)
    return items + found, hits + more


TIPS = {"hint": "a hint (H or ?)", "class": "alone, or a class votes (K)", "close": "skip the question (Esc)"}


def _onward(gate: Gate, state: PlayerState) -> str:
    if gate.stage == TOLD:
        return "Go on  →"
    if state.class_mode and any(gate.votes):
        return "Show the votes  →" if gate.stage == ASK else "Show the answer  →" if gate.earlier else "Vote again  →"
    return "Show me  →"


def score_card(
    state: PlayerState, addresses: dict[int, tuple[str, str]], regions: Regions
) -> tuple[list[Item], list[Hit]]:
    """How the questions went. addresses: for each beat its address and the question's words."""
    rows = sorted(state.answers, key=lambda answer: answer.beat)
    alone = [answer for answer in rows if not answer.voted]
    height = min(regions.height - 60, 200.0 + 62 * len(rows))
    width = min(1160.0, regions.width - 60)
    box = Box((regions.width - width) / 2, (regions.height - height) / 2, width, height)
    right = sum(answer.right for answer in alone)
    first = sum(answer.right and not answer.tries for answer in alone)
    words = f"You predicted {right} of {len(alone)}, {first} at the first try." if alone else "The class voted."
    everywhere = Box(0, 0, regions.width, regions.height)
    items: list[Item] = [
        Panel(everywhere, p.SHADE),
        Panel(box, p.PANEL, p.PANEL_EDGE, 18),
        Label(box.x + 40, box.y + 54, words, p.TITLE, p.INK, p.BOLD, room=box.w - 80),
        Label(box.x + 40, box.bottom - 44, "A click goes there. Esc closes.", p.SMALL, p.MUTED),
    ]
    hits = [Hit(everywhere, "close"), Hit(box, "")]
    if state.following:
        on = "Next lesson ›"
        at = Box(box.right - 24 - button_width(on), box.bottom - 18 - HIGH, button_width(on), HIGH)
        found, more = button(at, on, "next_lesson", lit=True, tip=f"{state.following} (Enter)")
        items, hits = items + found, hits + more
    for place, answer in enumerate(rows):
        row = Box(box.x + 24, box.y + 100 + place * 62, box.w - 48, 54)
        address, asks = addresses.get(answer.beat, ("", ""))
        ink = p.GREEN_INK if answer.right else p.MUTED
        room = row.w - 40 - text_width(answer.words, p.SMALL, p.SEMIBOLD) - 20
        items.append(Panel(row, p.GREEN if answer.right else p.CHIP, "", 12))
        items.append(Label(row.x + 20, row.cy, pretty(asks), p.SMALL, p.INK, room=room))
        items.append(Label(row.right - 20, row.cy, answer.words, p.SMALL, ink, p.SEMIBOLD, "right"))
        hits.append(Hit(row, "moment", address, f"go to {address}"))
    return items, hits
