"""What the epoch summary sums up: the coins of each data row, or how far they moved the weights."""

from __future__ import annotations

from dataclasses import dataclass

from piggybank.ledger.at_hand import at_hand
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Ref
from piggybank.ledger.records import LedgerError, Weight
from piggybank.ledger.shares import Share, row_sizes, row_totals, run_totals
from piggybank.ledger.ways import way_of
from piggybank.stage.known import Known

MOST_BATCHES, MOST_SUMMED = 2_000, 2_000_000
"""So many batches, and so many coins, are added up at once."""
MOST_MOVED = 500
"""So many batches' coins are followed at once through all weights."""


@dataclass(frozen=True)
class Epoch:
    """What is summed up: the committed batches of an epoch, or of the whole run so far, for one weight or for all.

    moved: of a whole run, not what rows put in but how far that moved the weights, where it can be told."""

    ledger: Ledger
    known: Known
    weight: Weight
    everything: bool
    batches: range
    whole: bool = False
    moved: bool = False

    @property
    def last(self) -> int:
        return self.batches[-1]

    def of_row(self, row: int) -> Ref:
        """What a row put in, or how far it moved the weight: the receipt."""
        if self.shows_moved:
            return Ref("lifetime", self.name, 0, row + 1, self.last)
        return Ref("share", self.name, 0 if self.whole else self.known.moment.epoch, row + 1, self.last)

    @property
    def name(self) -> str:
        return "" if self.everything else self.weight.name

    @property
    def rows_only(self) -> bool:
        """Whether single coins are left out."""
        return self.everything or self.whole

    @property
    def too_long(self) -> bool:
        """Whether adding it up would take more than a moment."""
        weights = len(self.ledger.header.weights) if self.everything else 1
        samples = len(self.batches) * self.ledger.header.batch_size
        return self.whole and (len(self.batches) > MOST_BATCHES or samples * weights > MOST_SUMMED)

    @property
    def movable(self) -> bool:
        """Whether it can be told how far rows moved weights: of a whole run that is not too long, by a rule whose coins
        can be followed."""
        commits, weights = len(self.batches), len(self.ledger.header.weights)
        if not self.whole or self.too_long or commits * weights > MOST_SUMMED:  # each commit is that of all
            return False
        if self.everything and commits > MOST_MOVED:
            return False
        try:
            way_of(self.ledger.header)
        except LedgerError:
            return False
        return True

    @property
    def shows_moved(self) -> bool:
        return self.moved and self.movable

    def totals(self, shares: list[Share]) -> dict[int, float]:
        """What each row put in, the largest first."""
        if self.shows_moved:
            return _moved(self.ledger, self.name, self.last)
        if self.whole:
            return run_totals(self.ledger, self.name, self.last)
        if not self.everything:
            return row_totals(shares)
        found: dict[int, float] = {}
        for batch in self.batches:
            found.update(_sizes(self.ledger, batch))
        return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


@at_hand(512)
def _sizes(ledger: Ledger, batch: int) -> dict[int, float]:
    """What each row of a batch put into all weights; a row comes once an epoch, so batches need no adding up."""
    return row_sizes(ledger, (batch,))


@at_hand(64)
def _moved(ledger: Ledger, name: str, last: int) -> dict[int, float]:
    """How far each row that was banked until then moved a weight, or all; the largest first."""
    seen = {row for batch in range(1, last + 1) for row in ledger.rows_of(batch)}
    return {share.row: share.value for share in ledger.lifetime(name, batch=last) if share.row in seen}
