"""Which batches are exported."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from piggybank.app.export.files import ExportError
from piggybank.ledger.ledger import Ledger


def stretch(ledger: Ledger, *, epoch: int | None = None, first: int | None = None, last: int | None = None) -> range:
    """The numbers of the batches: those of an epoch, or from `first` to `last`, both counted; all when nothing is
    said. ExportError when the ledger does not hold them."""
    recorded, header = range(1, len(ledger) + 1), ledger.header
    if not recorded:
        raise ExportError("the ledger holds no committed batch yet; train first")
    if epoch is None:
        first, last = first if first is not None else 1, last if last is not None else len(recorded)
        if not 1 <= first <= last <= len(recorded):
            raise ExportError(f"the ledger holds batches 1 to {len(recorded)}, got {first} to {last}")
        return range(first, last + 1)
    if first is not None or last is not None:
        raise ExportError("expected an epoch, or a first and a last batch, got both; leave one out")
    low, high = (find(recorded, epoch, key=header.epoch) for find in (bisect_left, bisect_right))
    if low == high:
        raise ExportError(f"the ledger holds epochs 1 to {header.epoch(len(recorded))}, got epoch {epoch}")
    return recorded[low:high]
