"""What has been seen at a moment: a number that has not been reached yet stays blank."""

from __future__ import annotations

from dataclasses import dataclass

from piggybank.ledger.lines import Ref
from piggybank.stage.timeline import BANK, BLAME, COMMIT, LOSS, PREDICT, Cursor, Moment, Timeline

REVEAL = 0.6
"""A predict, loss or blame beat shows its numbers from here on."""
LANDED = 0.7
"""A banking beat's coins are in their banks from here on."""
STRUCK, BROKEN, TOTAL, AVERAGE, MOVED = 0.20, 0.45, 0.45, 0.62, 0.80
"""In a commit: the hammer lands, the coins are out, total shown, average shown, weights moved."""


@dataclass(frozen=True)
class Known:
    """The moment, and what of its batch is known. Two moments of a beat with equal `Known` differ only in movement.

    revealed: the beat's own numbers are shown. stage: in a commit, "whole", "struck", "total", "average", "moved".
    single: batches are of one sample, so nothing is ever pending; rows: of the data set, which is an epoch's samples;
    place: of the batch in its epoch, from 1, which is then that of its sample.
    """

    moment: Moment
    count: int
    layers: int
    revealed: bool
    stage: str
    single: bool = False
    rows: int = 0
    place: int = 1

    @property
    def batch(self) -> int:
        return self.moment.batch

    @property
    def sample(self) -> int:
        return self.moment.sample

    @property
    def _place(self) -> float:
        """Layers and phases of the sample passed so far, counting the revealed one."""
        moment, layers = self.moment, self.layers
        before = {
            PREDICT: moment.layer,
            LOSS: layers,
            BLAME: 2 * layers - moment.layer,
            BANK: 2 * layers + 1,
            COMMIT: 2 * layers + 2,
        }[moment.phase]
        return before + self.revealed

    def output(self, layer: int) -> bool:
        """Whether the outputs of that layer (0-based) are known for the current sample."""
        return self._place > layer

    @property
    def loss(self) -> bool:
        return self._place > self.layers

    def blame(self, layer: int) -> bool:
        return self._place > 2 * self.layers - layer

    @property
    def sliced(self) -> bool:
        """Whether the current sample's coins are in the banks."""
        return self._place > 2 * self.layers + 1

    def number(self, sample: int) -> int:
        """The number on a sample's coin: its place in the batch, or in the epoch where each is a batch of its own."""
        return self.place if self.single else sample

    @property
    def banked(self) -> int:
        """Samples of the batch whose coins are in the banks."""
        return self.sample if self.sliced else self.sample - 1

    @property
    def cracked(self) -> bool:
        """Whether the hammer has hit the banks, and the weights have not moved yet."""
        return self.stage in ("struck", "total", "average")

    @property
    def committed(self) -> bool:
        return self.stage == "moved"

    def bank_ref(self, weight: str) -> Ref:
        """The bank as it stands now."""
        return Ref("bank", weight, self.batch, self.banked, None if self.committed else self.banked)

    @property
    def seen(self) -> int | None:
        """For receipts: samples banked, None once committed."""
        return None if self.committed else self.banked


def known_at(timeline: Timeline, cursor: Cursor) -> Known:
    """What is known at a cursor."""
    moment, progress = timeline.moment(cursor.beat), cursor.progress
    count, single, place = timeline.count(moment.batch), timeline.batch_size == 1, timeline.place(moment.batch) + 1
    stage = "whole"
    if moment.phase == COMMIT:
        steps = ((MOVED, "moved"), (AVERAGE, "average"), (TOTAL, "total"), (STRUCK, "struck"))
        stage = next((name for start, name in steps if progress >= start), "whole")
        return Known(moment, count, timeline.layers, True, stage, single, timeline.rows, place)
    threshold = LANDED if moment.phase == BANK else REVEAL
    return Known(moment, count, timeline.layers, progress >= threshold, stage, single, timeline.rows, place)
