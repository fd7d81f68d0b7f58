"""A run as a sequence of beats, and moments in it, found by arithmetic: nothing is materialised, seeking is O(1).

Per sample: `predict` layer by layer, `loss`, `blame` layer by layer backwards, `bank`. Per batch, after its last
sample: `commit`. A cursor is a beat and how far it has played, 0 to 1; 1 is the settled state.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Protocol

from piggybank.ledger.cut import Cut
from piggybank.ledger.lines import Ref

PREDICT, LOSS, BLAME, BANK, COMMIT = "predict", "loss", "blame", "bank", "commit"
PHASES = (PREDICT, LOSS, BLAME, BANK, COMMIT)
SECONDS = {PREDICT: 0.6, LOSS: 0.5, BLAME: 0.6, BANK: 0.9, COMMIT: 1.6}
"""How long a beat of each phase plays at speed 1."""


class AddressError(ValueError):
    """A moment was named that the run does not have; the message says which it has."""


class OutsideError(AddressError):
    """It is well named, and other batches, samples or layers would have it."""


@dataclass(frozen=True)
class Cursor:
    """A moment: a beat (0-based) and its progress (0 = about to begin, 1 = settled)."""

    beat: int = 0
    progress: float = 0.0


@dataclass(frozen=True)
class Moment:
    """What a beat is about. epoch, batch, sample count from 1 (sample of the commit: the last); layer from 0."""

    epoch: int
    batch: int
    sample: int
    phase: str
    layer: int


class Shape(Protocol):
    """The part of a header that fixes the beats."""

    @property
    def layers(self) -> tuple[object, ...]: ...
    @property
    def rows(self) -> int: ...
    @property
    def batch_size(self) -> int: ...


class Timeline:
    """Beats of a run with `layers` dense layers over `rows` rows in batches of `batch_size`.

    A fork may begin within an epoch: it then has `skip` batches fewer of it; its batches are as its `cut` says.
    """

    def __init__(self, header: Shape) -> None:
        self.skip: int = getattr(header, "skip", 0)
        self.layers, self.rows, self.batch_size = len(header.layers), header.rows, header.batch_size
        self.cut: Cut = getattr(header, "cut", None) or Cut(self.rows, self.batch_size)
        self.batches_per_epoch = self.cut.batches
        self.beats_per_sample = 2 * self.layers + 2
        self.beats_per_epoch = self.rows * self.beats_per_sample + self.batches_per_epoch
        self._skipped = self._beats_before(self.skip)

    def _beats_before(self, place: int) -> int:
        """Beats of an epoch before its batch of that number (0-based)."""
        return self.cut.start(place) * self.beats_per_sample + place

    def count(self, batch: int) -> int:
        """Samples of a batch (1-based)."""
        return self.cut.count(self.place(batch))

    def place(self, batch: int) -> int:
        """Which of its epoch's batches a batch (1-based) is, from 0."""
        return (batch - 1 + self.skip) % self.batches_per_epoch

    def seen_before(self, batch: int) -> int:
        """Samples of all batches before that one (1-based)."""
        epochs, place = divmod(batch - 1 + self.skip, self.batches_per_epoch)
        return epochs * self.rows + self.cut.start(place) - self.cut.start(self.skip)

    def place_of(self, sample: int) -> tuple[int, int]:
        """The batch that a sample of the whole run (1-based) falls into, and its number there."""
        epochs, inside = divmod(sample - 1 + self.cut.start(self.skip), self.rows)
        place = bisect_right(range(self.batches_per_epoch), inside, key=self.cut.start) - 1
        return epochs * self.batches_per_epoch + place + 1 - self.skip, inside - self.cut.start(place) + 1

    def first_beat(self, batch: int) -> int:
        """The first beat of a batch (1-based)."""
        epochs, inside = divmod(batch - 1 + self.skip, self.batches_per_epoch)
        return epochs * self.beats_per_epoch + self._beats_before(inside) - self._skipped

    def commit_beat(self, batch: int) -> int:
        return self.first_beat(batch) + self.count(batch) * self.beats_per_sample

    def length(self, batches: int) -> int:
        """Number of beats in the first so many batches."""
        return self.first_beat(batches + 1)

    def batch_of(self, beat: int) -> int:
        """The batch (1-based) a beat belongs to."""
        epochs, inside = divmod(beat + self._skipped, self.beats_per_epoch)
        place = self.cut.batch_at(inside, self.beats_per_sample)
        return epochs * self.batches_per_epoch + place + 1 - self.skip

    def moment(self, beat: int) -> Moment:
        """What a beat is about."""
        batch = self.batch_of(beat)
        epoch = (batch - 1 + self.skip) // self.batches_per_epoch + 1
        sample, place = divmod(beat - self.first_beat(batch), self.beats_per_sample)
        if sample == self.count(batch):
            return Moment(epoch, batch, sample, COMMIT, 0)
        phase, layer = self._phase(place)
        return Moment(epoch, batch, sample + 1, phase, layer)

    def _phase(self, place: int) -> tuple[str, int]:
        if place < self.layers:
            return PREDICT, place
        if place == self.layers:
            return LOSS, self.layers - 1
        if place <= 2 * self.layers:
            return BLAME, 2 * self.layers - place
        return BANK, 0

    def beat(self, batch: int, sample: int, phase: str, layer: int = 0) -> int:
        """The beat of a moment; the inverse of `moment`."""
        if phase == COMMIT:
            return self.commit_beat(batch)
        place = {
            PREDICT: layer,
            LOSS: self.layers,
            BLAME: 2 * self.layers - layer,
            BANK: 2 * self.layers + 1,
        }[phase]
        return self.first_beat(batch) + (sample - 1) * self.beats_per_sample + place

    def seconds(self, beat: int) -> float:
        """How long a beat plays at speed 1."""
        return SECONDS[self.moment(beat).phase]

    def find(self, address: str) -> int:
        """The beat named "epoch.batch.sample", "epoch.batch.sample.phase" or "epoch.batch.commit".

        Batches are numbered through the run, as on screen. A sample without a phase is its banking. The phases of
        several layers end in a number, such as "predict2"; without one, the last to be reached is meant.
        Raises AddressError.
        """
        parts = address.strip().lower().split(".")
        expected = (
            f"expected a moment such as 1.1.3, 1.1.3.blame or 1.1.commit (epoch.batch.sample), got {address[:60]!r}"
        )
        if len(address) > 60 or len(parts) not in (3, 4) or not (parts[0].isdecimal() and parts[1].isdecimal()):
            raise AddressError(expected)
        epoch, batch = int(parts[0]), int(parts[1])
        last = epoch * self.batches_per_epoch - self.skip
        first = max(1, last - self.batches_per_epoch + 1)
        if epoch < 1 or not first <= batch <= last:
            right = f"epoch {epoch} has batch {first}"
            if last > first:
                through = ", counted through the run" if epoch > 1 else ""
                right = f"epoch {epoch} has batches {first} to {last}{through}"
            raise OutsideError(f"{right if epoch else 'epochs count from 1'}, got {address!r}")
        if parts[2:] == [COMMIT]:
            return self.commit_beat(batch)
        if not parts[2].isdecimal() or not 1 <= int(parts[2]) <= self.count(batch):
            raise OutsideError(f"batch {batch} has samples 1 to {self.count(batch)} and commit, got {address!r}")
        return self._find_phase(batch, int(parts[2]), parts[3] if len(parts) == 4 else BANK, address)

    def has(self, address: str) -> bool:
        """Whether `find` finds that moment. Raises AddressError for what names none."""
        try:
            self.find(address)
        except OutsideError:
            return False
        return True

    def _find_phase(self, batch: int, sample: int, text: str, address: str) -> int:
        phase = text.rstrip("0123456789")
        number = text[len(phase) :]
        if phase not in (PREDICT, LOSS, BLAME, BANK):
            raise AddressError(f"a sample's phases are predict, loss, blame and bank, got {address!r}")
        layer = int(number) - 1 if number else (0 if phase == BLAME else self.layers - 1)
        if not 0 <= layer < self.layers:
            raise OutsideError(f"the network has layers 1 to {self.layers}, got {address!r}")
        return self.beat(batch, sample, phase, layer)

    def address(self, beat: int) -> str:
        """The name of a beat that `find` understands."""
        moment = self.moment(beat)
        if moment.phase == COMMIT:
            return f"{moment.epoch}.{moment.batch}.{COMMIT}"
        number = str(moment.layer + 1) if moment.phase in (PREDICT, BLAME) and self.layers > 1 else ""
        return f"{moment.epoch}.{moment.batch}.{moment.sample}.{moment.phase}{number}"


def beat_of(timeline: Timeline, ref: Ref) -> int:
    """The beat in which a number comes to be: that of its prediction, loss, blame or coin, otherwise the commit's."""
    phase = {"predict": PREDICT, "loss": LOSS, "blame": BLAME, "slice": BANK}.get(ref.kind, COMMIT)
    layer = timeline.layers - 1 if phase == PREDICT else 0
    return timeline.beat(ref.batch, ref.sample, phase, layer)
