"""Looking at all of a run: every receipt that can be reached, and the pointer over everything on the screen."""

from __future__ import annotations

from dataclasses import replace

from opening import followed, starts

from piggybank import Ledger
from piggybank.app.lessons import Lesson
from piggybank.app.overlays.tooltip import tooltip
from piggybank.app.player import start
from piggybank.app.recorded import Recorded
from piggybank.app.screen import screen
from piggybank.ledger.lines import Receipt, Ref
from piggybank.stage.known import known_at
from piggybank.stage.scene import Box
from piggybank.stage.timeline import Cursor

SIZE = (1280, 720)


def looked_at(ledger: Ledger) -> dict[Ref, Receipt]:
    """Every receipt that can be reached from any number of the run, printed, each reference by way of its code."""
    receipts = followed(ledger, starts(ledger)) if len(ledger) else {}
    for ref, receipt in receipts.items():
        assert Ref.from_code(ref.code) == ref
        assert str(receipt)
    return receipts


def pointed_at(ledger: Ledger) -> int:
    """How many places of the screen the pointer was over, at the end of the run: with a weight and a neuron in the
    inspector, and with the summary; a number of each kind is clicked at."""
    lesson, clicked, places = Lesson(None, "A run", Recorded(ledger), batches=len(ledger)), set[str](), 0
    cursor = Cursor(lesson.timeline.commit_beat(len(ledger)), 1.0)
    known, state = known_at(lesson.timeline, cursor), replace(start(ledger.header), cursor=cursor)
    neuron = ledger.header.layers[-1].neurons[-1]
    for changes in ({"inspecting": state.selected}, {"inspecting": neuron}, {"summary": True, "summary_all": True}):
        shown = replace(state, **changes)
        for hit in screen(lesson, shown, SIZE).hits:
            tooltip(ledger, known, state.selected, hit, (hit.box.cx, hit.box.cy), Box(0, 0, 1920, 1080))
            places += 1
            ref = Ref.from_code(hit.argument) if hit.command == "open" else Ref("")
            if ref.kind not in clicked:
                clicked.add(ref.kind)
                screen(lesson, replace(shown, trail=(ref,)) if ref.kind else shown, SIZE)
    return places
