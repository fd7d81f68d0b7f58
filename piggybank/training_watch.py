"""The doorway's watch: stops training at the first number that is infinite or not a number, so that it can be seen."""

from __future__ import annotations

import math
import sys

from piggybank.ledger.ledger import Ledger
from piggybank.ledger.storage import InMemory
from piggybank.ledger.trouble import Trouble, calm_limit, first_culprit, first_troubled, is_troubled


class TroubleMetError(Exception):
    """Ends training; the watch knows why."""


class Watch:
    """trouble: the first of the run, None while all is well. Found once; whoever trains on after that has seen it.

    stops: whether training ends there.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._limit = calm_limit(ledger.header)
        self._calm = self._limit * self._limit if ledger.kept_every == 1 else 0.0
        self._seen = 0
        self.stops = True
        self.trouble: Trouble | None = None

    def look(self, squares: float = math.inf) -> None:
        """Look at the batches that are new. Raises TroubleMetError at trouble; batches beyond it are taken back.
        squares: about the sum of the squares of the last batch's state, if it is known."""
        if squares < self._calm and self._seen == len(self._ledger) - 1:  # so is each of them
            self._seen += 1
            return
        ledger, storage = self._ledger, self._ledger.storage
        first, last = self._seen + 1, len(ledger)
        self._seen = last
        if self.trouble is not None or first > last or not isinstance(storage, InMemory):
            return
        batch = first_troubled(ledger, first, last, self._limit)
        if batch:
            if ledger.kept_every > 1 and batch > 1 and is_troubled(ledger, batch - 1):
                batch -= 1  # its weights were not looked at, which would take as long as training
            self.trouble = first_culprit(ledger, batch)
            if not self.stops:
                return
            if ledger.kept_every == 1:
                storage.cut(batch)
            print(f"piggybank: training stopped. {self.trouble}", file=sys.stderr)
            raise TroubleMetError
