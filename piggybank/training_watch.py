"""Stops training at the first number that is infinite or not a number, or when coins that became 0 leave every weight
where it is, so that it can be seen."""

from __future__ import annotations

import math
import sys

from piggybank.ledger.ledger import Ledger
from piggybank.ledger.storage import InMemory
from piggybank.ledger.trouble import Trouble, calm_limit, first_trouble
from piggybank.ledger.vanishing import first_vanished


class TroubleMetError(Exception):
    """Ends training; the watch knows why."""


class Watch:
    """trouble: the first of the run, None while all is well. Found once; whoever trains on after that has seen it.

    stops: whether training ends there.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger, self._storage = ledger, ledger.storage
        self._limit = calm_limit(ledger.header)
        self._calm = self._limit * self._limit if ledger.kept_every == 1 else 0.0
        self._seen, self._rested = 0, 0
        self._squares: float | None = None
        self.stops = True
        self.trouble: Trouble | None = None

    def look(self, squares: float = math.inf) -> None:
        """Look at the batches that are new. Raises TroubleMetError at trouble; batches beyond it are taken back.
        squares: about the sum of the squares of the last batch's state, infinity where it is not known."""
        may_rest, self._squares = self._squares in (None, squares), squares  # weights that stay have the same sum
        if squares < self._calm and self._seen == len(self._storage) - 1:  # so is each of them
            self._seen += 1
        else:
            self._look_for_no_number()
        if may_rest:
            self._look_for_rest()

    def _look_for_no_number(self) -> None:
        ledger, storage = self._ledger, self._ledger.storage
        first, last = self._seen + 1, len(ledger)
        self._seen = last
        if self.trouble is not None or first > last or not isinstance(storage, InMemory):
            return
        self.trouble = first_trouble(ledger, first, last, self._limit)
        if self.trouble is not None:
            self._stop(self.trouble.batch if ledger.kept_every == 1 else last)

    def _look_for_rest(self) -> None:
        """Whether coins that became 0 leave every weight where it is."""
        first, last = self._rested + 1, len(self._ledger)
        self._rested = last
        if self.trouble is None:
            self.trouble = first_vanished(self._ledger, first, last)
            if self.trouble is not None:
                self._stop(self.trouble.batch)

    def _stop(self, batch: int) -> None:
        """End training after that batch, where it is to end."""
        if self.stops:
            if isinstance(self._ledger.storage, InMemory):
                self._ledger.storage.cut(batch)
            print(f"piggybank: training stopped. {self.trouble}", file=sys.stderr)
            raise TroubleMetError
