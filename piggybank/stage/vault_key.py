"""What the vault's colours and numbers mean, said below it."""

from __future__ import annotations

from piggybank.ledger.ledger import Ledger
from piggybank.stage import palette as p
from piggybank.stage.amounts import ADJUSTMENT, part_shown
from piggybank.stage.key import Entry
from piggybank.stage.known import Known
from piggybank.stage.scene import Box, Disc, Item, Panel
from piggybank.stage.timeline import BLAME, LOSS, PREDICT


def entries(ledger: Ledger, known: Known, numbers: bool) -> list[Entry]:
    """What the vault's colours mean, and the outputs' numbers where they stand."""
    final = part_shown(ledger, known) == ADJUSTMENT
    words = "final: all its weights' adjustments" if final else "pending: all its banks' totals"

    def scale(box: Box) -> list[Item]:
        step = box.w / 5
        return [Panel(Box(box.x + i * step, box.y, step, box.h), p.amount(final, i / 4), "", 0) for i in range(5)]

    found = [Entry(f"{words}, signs ignored", scale, 2.5, p.GREEN_INK if final else p.YELLOW_INK)]
    if known.moment.phase in (PREDICT, LOSS, BLAME):
        edge = p.BLAME_INK if known.moment.phase == BLAME else p.PANEL

        def dots(box: Box) -> list[Item]:
            ends = ((box.x + 12, True), (box.right - 12, False))
            return [Disc(x, box.cy, 11, p.depth(above, 0.8), edge, 2) for x, above in ends]

        what = "blame" if known.moment.phase == BLAME else "output"
        found.append(Entry(f"{what} +, −", dots, 2.0))
    if numbers and known.blame(len(ledger.header.layers) - 1):
        found.append(Entry("blame below the output", width=0.0, ink=p.BLAME_INK, needed=False))
    return [*found, Entry("click a neuron: its banks", width=0.0, needed=False)]
