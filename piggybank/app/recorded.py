"""A saved run as something to play: like a `Run`, but it holds what its file holds and never trains."""

from __future__ import annotations

from piggybank.ledger.ledger import Ledger
from piggybank.ledger.records import LedgerError
from piggybank.ledger.trouble import Trouble


class Recorded:
    """What a lesson needs of a run: its ledger, and as many batches as it is asked for, if they are there.

    grows: whether it trains on when it is played on. save_problem, trouble: as of a `Run`, which alone looks for them.
    """

    grows = False
    save_problem = ""
    trouble: Trouble | None = None

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

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
