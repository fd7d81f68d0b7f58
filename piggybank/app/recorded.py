"""A saved run as something to play: like a `Run`, but it holds what its file holds and never trains."""

from __future__ import annotations

from piggybank.ledger.ledger import Ledger
from piggybank.ledger.records import LedgerError
from piggybank.ledger.trouble import Trouble, calm_limit, first_trouble, first_troubled
from piggybank.ledger.vanishing import first_vanished

AT_ONCE = 1024
"""So many batches are looked through in a moment."""


class Recorded:
    """What a lesson needs of a run: its ledger, and as many batches as it is asked for, if they are there.

    grows: whether it trains on when it is played on. save_problem: as of a `Run`. trouble: likewise, as far as
    was looked.
    """

    grows = False
    save_problem = ""
    trouble: Trouble | None = None

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self._looked = 0
        self._limit = calm_limit(ledger.header)

    def ensure(self, batches: int) -> None:
        """LedgerError when the file holds fewer batches, what was added to it meanwhile included."""
        if batches > len(self.ledger):
            self.ledger.refresh()
        held = len(self.ledger)
        if batches > held:
            if not held and self.ledger.problem:
                raise LedgerError(self.ledger.problem)
            holds = f"batches 1 to {held}" if held else "no batch yet"
            raise LedgerError(f"the recording holds {holds}, got batch {batches}; ask for an earlier one")

    def look(self, batch: int) -> None:
        """Look for trouble up to a batch. Of many batches that were jumped over only the next ones, a part each time,
        unless that batch itself is in trouble."""
        first, last = self._looked + 1, min(batch, len(self.ledger))
        if self.trouble is not None or first > last:
            return
        if last - first >= AT_ONCE and not first_troubled(self.ledger, last, last, self._limit):
            last = first + AT_ONCE - 1
        no_number = first_trouble(self.ledger, first, last, self._limit)
        until = last if no_number is None else no_number.batch - 1
        self.trouble = first_vanished(self.ledger, first, until) or no_number
        self._looked = last
